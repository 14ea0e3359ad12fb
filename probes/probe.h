/* probe.h - obtain what a target presents, without judging it */
#ifndef PROBES_PROBE_H
#define PROBES_PROBE_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "model/cert_cache.h"
#include "model/error.h"
#include "model/observation.h"
#include "model/phases.h"
#include "model/target.h"

/*
 * How a probe waits and reaches the world; scan/ provides it. A probe is
 * straight-line code that waits nowhere else, so what lies under it (threads
 * today) can change without touching a probe.
 */
struct probe_io {
	int64_t deadline_ms; /* CLOCK_MONOTONIC, for the whole probe */

	/*
	 * Wait until `fd` has one of poll()'s `events`, or the deadline. What
	 * has arrived is told before the deadline. Returns the events, 0 at
	 * the deadline, or -1 and errno.
	 */
	int (*wait)(
		struct probe_io *io, int fd, short events, int64_t deadline_ms);

	/*
	 * Run a call that blocks (name resolution) elsewhere. Returns 0 when
	 * it ended, or -1 at the deadline: then it goes on alone, and `arg`
	 * is handed to `drop` when it ends; until then `arg` is its own.
	 */
	int (*call)(struct probe_io *io, void (*run)(void *arg),
		void (*drop)(void *arg), void *arg);

	/* What comes next, for whoever wants to know; NULL: nobody. */
	void (*enter)(struct probe_io *io, enum phase p);

	unsigned late_waits; /* that ended past the deadline; wait()'s own */
	struct stopwatch *stopwatch; /* enter()'s own */

	SSL_CTX *tls; /* tls_context(), for this library context */
	OSSL_LIB_CTX *libctx;
	struct cert_cache *cas; /* of that and of this thread; or NULL */
};

/* io->enter(), if there is one. */
void probe_enter(struct probe_io *io, enum phase p);

/* The clock of deadlines: CLOCK_MONOTONIC. */
int64_t probe_now_ms(void);

struct probe {
	const char *name;
	enum target_kind kind; /* what it looks at */

	/*
	 * Look at `t` once. Returns 0 and in *out a new observation for
	 * observation_free(); what could not be seen is a fault in it. -1 and
	 * *err only if the agent itself could not do its work. Keeps no state
	 * between calls; safe on many threads.
	 */
	int (*run)(const struct target *t, struct probe_io *io,
		struct observation **out, struct error *err);
};

extern const struct probe *const probe_table[]; /* NULL-terminated */
const struct probe *probe_for(const struct target *t);

#endif
