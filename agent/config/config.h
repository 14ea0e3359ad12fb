/* config.h - read the one YAML file, tell all that is wrong with it */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stddef.h>

#include "model/alerts.h"
#include "model/alloc.h"
#include "model/buf.h"
#include "model/key.h"
#include "model/target.h"

#define CONFIG_DEFAULT_PATH "/etc/certvigil/config.yaml"

struct target_list {
	struct target *v;
	size_t n;
};

struct config {
	struct arena *arena; /* all below lives in it */
	const char *path;
	struct settings defaults;
	struct target_list targets; /* as written: patterns not expanded */
	struct notifier_list notifiers;
	struct alerts alerts;
	const char *state; /* path of the database */
	int64_t workers; /* probes at a time; 0: chosen by scan/ */
	const char *textfile; /* metrics for node_exporter, or NULL: none */
	int64_t compat; /* by whose names as well: bits of enum compat */
};

/* What config/ must know of other rooms, handed down by commands/. */
struct config_rooms {
	scheme_at schemes;
	notifier_section_at notifiers;
	/* Further rules of one notifier's settings; may be NULL. */
	int (*notifier_check)(
		const struct notifier_config *n, struct error *err);
	/* Is it a URL that alerts.heartbeat may be? May be NULL. */
	int (*heartbeat_check)(const char *url, struct error *err);
};

/*
 * Read `path` and what it includes. Returns 0 and *out for config_free(), or
 * -1 and in `complaints` every error, one "path:line:column: ..." a line.
 * Secrets are read from their files too; where `without_secrets`, a secret
 * file that is not there is no error (its value is then NULL).
 */
int config_load(const char *path, const struct config_rooms *rooms,
	int without_secrets, struct config **out, struct buf *complaints);
void config_free(struct config *c); /* NULL does nothing */
DEFINE_CLEANUP(struct config, config_free)

/* The effective values as YAML that loads again, secrets masked. */
void config_show(struct buf *out, const struct config *c,
	const struct config_rooms *rooms);

/* All of it, a target at a time: there may be very many. */
void config_show_parts(const struct config *c,
	void (*part)(void *arg, const char *text, size_t n), void *arg);

/* The key table: dotted path, type, default and help, one key a line. */
void config_keys(struct buf *out, const struct config_rooms *rooms);

/* The section of the whole file. */
extern const struct section config_root;

#endif
