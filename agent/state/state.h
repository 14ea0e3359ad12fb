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
#include "model/standing.h"

/* Open, it is one thread's at a time. */
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

/*
 * For a small change beside a scan that may be under way: no scan lock, and
 * another writer is waited for `wait_ms`. -1 and *err also if it is not there,
 * or empty; one of an older version is brought up to date.
 */
int state_open_beside(const char *path, int64_t wait_ms, struct state **out,
	struct error *err);

/* For reading alone; takes no lock. -1 and *err also if it is not there. */
int state_open_reader(const char *path, struct state **out, struct error *err);
void state_close(struct state *st); /* NULL does nothing */

/*
 * Remember a scan, in one transaction: the results, the incidents that they
 * open, escalate, repeat or resolve, and the messages that follow, one digest
 * for each notifier concerned (one for each of its targets: alerts->group).
 * `events`, if not NULL, receives all that happened and was not silenced (its
 * id stays NULL), for the journal. `host` names this machine.
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
	time_t created_at; /* or later: see outbox_failed() */
	time_t next_at;
	char *last_answer; /* NULL: never tried */
	bool gave_up; /* it is not tried any more */
	struct digest *digest; /* NULL: what is stored cannot be read */
};

struct messages {
	struct message *v;
	size_t n;
};

/*
 * Undelivered messages due at `now`, and before each what is older for the
 * same notifier, oldest first. Returns 0, or -1 and *err.
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
 * Webhooks with jitter, not before `retry_after_s`. Past `give_up_s` from its
 * making it is not tried again: *gave_up. Until then what stands behind it,
 * untried, waits with it, unless more is added. A wait counts for a day and a
 * tenth at most, however late the try: its making moves with it.
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
	struct arena *texts; /* in which their strings live */
};

int state_targets(
	struct state *st, struct known_targets *out, struct error *err);
void known_targets_release(struct known_targets *ts);

/*
 * The results of the last scans as reports show them, by name, as of the last
 * one: without the account of paths, decoded certificates and how long it took.
 * Of their targets only the name, address, owner, kind and role are known, and
 * whether clients are tested. One that an earlier version of the program has
 * remembered has but its status.
 */
struct remembered {
	struct results results; /* time 0: no scan has been made */
	struct arena *texts; /* in which their targets live */
};

/* Returns 0 and *out for remembered_release(), or -1 and *err. */
int state_results(struct state *st, struct remembered *out, struct error *err);
void remembered_release(struct remembered *r);

/* When it was, alone; 0: never. Returns 0, or -1 and *err. */
int state_last_scan(struct state *st, time_t *out, struct error *err);

/* Open incidents, worst first, then oldest first; none has a `silence` yet. */
int state_incidents(
	struct state *st, struct known_incidents *out, struct error *err);
void known_incidents_release(struct known_incidents *is);

/*
 * What happened to targets whose name or address the glob fits, latest first.
 */
struct happening {
	time_t time;
	char *target, *kind; /* event_name(), or "silenced", "unsilenced" */
	char *incident, *finding, *subject; /* * */
	enum severity severity;
	char *message;
	time_t not_after, old_not_after; /* 0: not known */
};

struct happenings {
	struct happening *v;
	size_t n;
	size_t left_out; /* older ones, beyond `most` */
	struct arena *texts; /* in which their strings live */
};

int state_history(struct state *st, const char *target, size_t most,
	struct happenings *out, struct error *err);
void happenings_release(struct happenings *hs);

#define SILENCE_TEXT_MAX 1024 /* bytes of each of its texts */

/*
 * Silences in the state, those that are over at `now` left out, oldest first;
 * what they hold is on the heap, for silences_release(). The strings of one
 * that is added are copied (its id is not looked at; -1 and *err also if one
 * of them is empty or too long, or its end is not after its beginning); *id is
 * the caller's to free(). state_silence_end() lifts one at `now`: 1 if there
 * is none of that id, or it is over already; 0; or -1 and *err.
 */
int state_silences(
	struct state *st, time_t now, struct silences *out, struct error *err);
void silences_release(struct silences *ss);
int state_silence_add(struct state *st, const struct silence *s, char **id,
	struct error *err);
int state_silence_end(
	struct state *st, const char *id, time_t now, struct error *err);

#endif
