/* state.h - the agent's memory: one SQLite file */
#ifndef STATE_STATE_H
#define STATE_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "model/alerts.h"
#include "model/digest.h"
#include "model/error.h"
#include "model/key.h"
#include "model/result.h"

struct state;

/*
 * Open the database at `path`, made with mode 0600 if it is not there, and
 * its scan lock (`path`.lock, flock): one scan at a time. `wait_ms` is how
 * long to wait for another scan or writer. Returns 0 and *out for
 * state_close(), or -1 and *err: in use, not writable, not a database, damaged,
 * or of a newer version. A file that is not ours is never changed.
 */
int state_open(const char *path, int64_t wait_ms, struct state **out,
	struct error *err);

/* For reading alone; takes no lock. -1 and *err also if it is not there. */
int state_open_reader(const char *path, struct state **out, struct error *err);
void state_close(struct state *st); /* NULL does nothing */

/*
 * Remember a scan, in one transaction: the results, the incidents that they
 * open, escalate, repeat or resolve, and the messages that follow, one digest
 * for each notifier concerned. `events`, if not NULL, receives all that
 * happened (its id stays NULL), for the journal. `host` names this machine.
 * Returns 0, or -1 and *err with nothing changed.
 */
int state_record(struct state *st, const struct results *rs,
	const struct alerts *alerts, const struct notifier_list *notifiers,
	const char *host, struct digest **events, struct error *err);

/* A message that waits in the outbox. */
struct message {
	char *id; /* also digest->id */
	char *notifier;
	int64_t attempts; /* made so far */
	time_t created_at, next_at;
	char *last_answer; /* NULL: never tried */
	bool gave_up; /* it is not tried any more */
	struct digest *digest; /* NULL: what is stored cannot be read */
};

struct messages {
	struct message *v;
	size_t n;
};

/* Undelivered messages due at `now`, oldest first. Returns 0, or -1 and *err.
 */
int outbox_due(
	struct state *st, time_t now, struct messages *out, struct error *err);
/* All undelivered messages, given up or not, without their digests. */
int outbox_pending(struct state *st, struct messages *out, struct error *err);
void messages_release(struct messages *ms);

int outbox_delivered(
	struct state *st, const char *id, time_t now, struct error *err);
/*
 * A try failed: noted, and the next one set by the schedule of Standard
 * Webhooks with jitter, not before `retry_after_s`. Past `give_up_s` from
 * its making it is not tried again: *gave_up.
 */
int outbox_failed(struct state *st, const char *id, time_t now,
	int64_t retry_after_s, int64_t give_up_s, const char *answer,
	bool *gave_up, struct error *err);

/* Open incidents and the last known status of targets, worst first. */
struct known_target {
	char *name, *address, *owner;
	enum severity status;
	char *message; /* the worst finding's; NULL if there is none */
	time_t observed_at;
	time_t not_after; /* of the leaf; 0: never seen */
};

struct known_targets {
	struct known_target *v;
	size_t n;
	time_t last_scan; /* 0: never */
	size_t open_incidents;
};

int state_targets(
	struct state *st, struct known_targets *out, struct error *err);
void known_targets_release(struct known_targets *ts);

#endif
