/* phases.h - the parts of a scan, and how long they took */
#ifndef MODEL_PHASES_H
#define MODEL_PHASES_H

#include <stddef.h>
#include <stdint.h>

enum phase {
	PHASE_RESOLVE,
	PHASE_CONNECT, /* a proxy's part included */
	PHASE_STARTTLS, /* the dialogue before TLS */
	PHASE_HANDSHAKE,
	PHASE_REQUEST, /* or waiting for a word that need not come */
	PHASE_READ, /* files */
	PHASE_JUDGE,
	PHASE_RECALL, /* what is kept of unchanged files; once */
	PHASE_STORE, /* the whole scan's results, once */
	PHASES
};

/* "resolve", "connect" ... */
const char *phase_name(enum phase p);
/* What targets are doing that are in it: "being resolved" ... */
const char *phase_doing(enum phase p);

struct phases {
	struct phase_times {
		int64_t wall_us; /* from entering it to leaving it, summed up */
		int64_t cpu_us; /* of that, this program's own on the processor
				 */
		size_t n; /* how often it was entered */
	} v[PHASES];
};

#endif
