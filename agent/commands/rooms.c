/* rooms.c - what the configuration must know of probes and notifiers */
#include "commands/rooms.h"
#include "notifiers/heartbeat.h"
#include "notifiers/notifier.h"
#include "probes/starttls/dialect.h"

static int
check_notifier(const struct notifier_config *n, struct error *err)
{
	const struct notifier *kind = notifier_of(n->kind);

	return kind->check == NULL ? 0 : kind->check(n->settings, err);
}

const struct config_rooms *
command_rooms(void)
{
	static const struct config_rooms rooms = {
		.schemes = dialect_scheme,
		.notifiers = notifier_section,
		.notifier_check = check_notifier,
		.heartbeat_check = heartbeat_check,
	};

	return &rooms;
}
