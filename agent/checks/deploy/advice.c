/* advice.c - who has to be told that a certificate's file has changed */
#include <string.h>

#include "checks/deploy/advice.h"
#include "model/duration.h"
#include "model/json.h"

/*
 * A process tells in ticks since a boot whose moment is told in whole seconds;
 * a server may be started by what has just written the file.
 */
#define CLOCK_SKEW_S 5

/* They hand connections on; who speaks TLS is behind them. */
static const char *const forwarders[] = {
	"conmon",
	"docker-proxy",
	"pasta",
	"pasta.avx2",
	"rootlessport",
	"slirp4netns",
	"socat",
	"ssh",
	"sshd",
	"sshd-session",
	"systemd-socket-",
	"xinetd",
};

static bool
is_forwarder(const struct listener *l)
{
	for (size_t i = 0; i < sizeof(forwarders) / sizeof(forwarders[0]);
		i++) {
		if (strcmp(l->process, forwarders[i]) == 0)
			return true;
	}
	return false;
}

/* "nginx (pid 812)", "nginx (pid 812, container 0123456789ab)" */
static void
add_process(struct buf *out, const struct listener *l)
{
	buf_printf(out, "%s (pid %ld", l->process, l->pid);
	if (l->container != NULL)
		buf_printf(out, ", container %s", l->container);
	buf_putc(out, ')');
}

/* "systemctl reload nginx", as a shell wants it. */
static void
add_command(struct buf *out, const struct listener *l)
{
	/* Such as 'a\x2db': a shell would take the sign for its own. */
	const char *quote = strchr(l->unit, '\\') != NULL ? "'" : "";
	size_t n = strlen(l->unit);
	static const char ending[] = ".service";

	if (n > sizeof(ending) - 1 &&
		strcmp(l->unit + n - (sizeof(ending) - 1), ending) == 0)
		n -= sizeof(ending) - 1;
	buf_printf(out, "systemctl %sreload %s%.*s%s",
		l->unit_user != -1 ? "--user " : "", quote, (int)n, l->unit,
		quote);
	if (l->unit_user != -1)
		buf_printf(out, " (as the user %ld)", l->unit_user);
}

bool
advice_reads_another(const struct listener *l, time_t changed_at)
{
	return l != NULL && l->process != NULL && !is_forwarder(l) &&
		changed_at > 0 && l->started_at > changed_at + CLOCK_SKEW_S;
}

void
advice_reload(struct buf *out, const struct listener *l, time_t changed_at)
{
	if (l == NULL || l->process == NULL) {
		buf_puts(out, ": reload the service");
		return;
	}
	if (is_forwarder(l)) {
		buf_puts(out, ": reload the service behind ");
		add_process(out, l);
		return;
	}
	if (advice_reads_another(l, changed_at)) {
		buf_puts(out, "; ");
		add_process(out, l);
		buf_puts(out,
			" was started since, and seems to read another file");
		return;
	}
	if (l->unit != NULL) {
		buf_puts(out, ": ");
		add_command(out, l);
		return;
	}
	buf_puts(out, "; ");
	add_process(out, l);
	buf_puts(out, " has the old one loaded: reload it");
}

void
advice_source(struct buf *out, const struct listener *l)
{
	if (l == NULL || l->process == NULL)
		return;
	buf_puts(out, "; ");
	add_process(out, l);
	buf_puts(out, is_forwarder(l) ? " passes it on" : " serves it");
}

void
advice_details(struct finding *f, const struct listener *l)
{
	char moment[MOMENT_SIZE];

	if (l == NULL || l->process == NULL)
		return;
	finding_detail(f, "process", json_text(l->process));
	finding_detail(f, "pid", json_integer(l->pid));
	if (l->started_at > 0)
		finding_detail(f, "process_started_at",
			json_string(moment_format(l->started_at, moment)));
	if (l->unit != NULL)
		finding_detail(f, "unit", json_text(l->unit));
	if (l->unit_user != -1)
		finding_detail(f, "unit_user", json_integer(l->unit_user));
	if (l->container != NULL)
		finding_detail(f, "container", json_text(l->container));
}
