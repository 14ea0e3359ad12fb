/* target.h - what is watched, and by which rules */
#ifndef MODEL_TARGET_H
#define MODEL_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "model/alloc.h"
#include "model/client.h"
#include "model/duration.h"
#include "model/error.h"
#include "model/finding.h"
#include "model/profile.h"
#include "model/proxy.h"
#include "model/role.h"

/* How an endpoint is spoken to: a row of the endpoint probe's table. */
struct scheme {
	const char *name; /* "https", "smtp" */
	uint16_t port; /* 0: must be given */
	const char *help;
};

/* The i-th known scheme, or NULL past the last. */
typedef const struct scheme *(*scheme_at)(size_t i);

/* A list in an arena; strlist is its twin on the heap. */
struct words {
	const char **v;
	size_t n;
};

/* A finding's severity, as the configuration wants it. */
struct override {
	const struct finding_kind *kind;
	bool off;
	enum severity severity;
};

struct overrides {
	struct override *v;
	size_t n;
};

/* Days since 1970-01-01, in an arena. */
struct days {
	int64_t *v;
	size_t n;
};

#define DEPLOYED_AUTO "auto"
#define DEPLOYED_NONE "none"

/* Which of an endpoint's addresses are looked at. */
enum addresses_wanted { ADDRESSES_FIRST, ADDRESSES_ALL };

/* What `defaults:` sets for every target, and a target for itself. */
struct settings {
	struct threshold warning, critical; /* of time left */
	int64_t timeout_ms; /* for a whole probe */
	int64_t interval_s; /* between two looks of who stays resident */
	const char *trust; /* a bundle's path, or "system" */
	int64_t retries; /* of an endpoint that could not be reached */
	int64_t addresses; /* enum addresses_wanted */
	const struct proxy *proxy; /* that endpoints are reached by, or NULL */
	const char *proxy_user, *proxy_password; /* both or neither */
	/*
	 * The file that an endpoint should be serving; or a word for none, or
	 * for the one that fits among the files of the run. NULL: none.
	 */
	const char *deployed;
	int64_t order_lead; /* business days to get a certificate; 0: none */
	struct days holidays;
	struct overrides findings;
};

enum target_kind { TARGET_ENDPOINT, TARGET_FILE };

/* It and all it points to live in the arena of whoever made it. */
struct target {
	const char *name; /* what outputs call it; one of a kind in a run */
	enum target_kind kind;
	unsigned place; /* of the configured one that it comes from */
	const char *address; /* "https://www.example.com:443", or a path */
	const char *owner; /* or NULL */
	struct words tags; /* what routes and receivers sort by */
	struct words names; /* must all be covered; A-labels, addresses */
	int64_t role; /* enum role */
	const struct profile *profile; /* a vendor's extra rules, or NULL */
	struct settings set;

	/* an endpoint */
	const struct scheme *scheme;
	bool scheme_assumed; /* none was written: it is the port's, or https */
	const char *host; /* an A-label, or an address without brackets */
	uint16_t port;
	const char *path; /* of a URL; NULL: "/" */
	const char *sni; /* asked for in place of host; NULL: host */
	const char *dial; /* an address to connect to in place of host */
	int64_t family; /* AF_UNSPEC, AF_INET, AF_INET6 */
	struct client_settings client; /* the mTLS handshake test */

	/* Judged with the certificates of this file behind its own, or NULL. */
	const char *intermediates;

	/* a file: a path, a folder or a pattern until scan/ expands it */
	const char *file;
	struct words exclude; /* patterns of paths that are passed over */
	/*
	 * The private key's file, or NULL. Until scan/ expands it, {stem} and
	 * {dir} in it stand for parts of the certificate file's path.
	 */
	const char *key;
	const char *passphrase; /* of the key or of a PKCS#12 file, or NULL */
	bool pem_only; /* other formats are faults */
	bool listed; /* met in a folder or by a pattern, not named itself */
	const struct target *origin; /* that folder or pattern, or NULL */
};

/*
 * Read `text` into *t: HOST[:PORT], [IPv6]:PORT, scheme://host[:port][/path],
 * or a path (one that holds a '/' or exists as `is_path` says). Sets name,
 * kind, address, scheme, host, port, path and file; the rest is the caller's.
 * Returns 0, or -1 and *err. No I/O.
 */
int target_parse(struct arena *a, const char *text, scheme_at schemes,
	bool is_path, struct target *t, struct error *err);

/* target_parse() for text that must be an endpoint. */
int target_parse_endpoint(struct arena *a, const char *text, scheme_at schemes,
	struct target *t, struct error *err);

/* The defaults of DESIGN.md section 3. */
void settings_init(struct settings *s);

/* The name a certificate must cover for this endpoint: sni, or host. */
const char *target_server_name(const struct target *t);

/* Is HTTP meant: by its scheme, or by its port where none is written? */
bool target_is_web(const struct target *t);

/* The file it should be serving, or NULL: none is named. */
const char *target_deployed(const struct target *t);

/* Is the file it should be serving to be found among those of the run? */
bool target_is_paired(const struct target *t);

/* Must its files be PEM: by its own word or by its profile's? */
bool target_wants_pem(const struct target *t);

/* Business days to get a certificate, by its own word or its profile's. */
int64_t target_order_lead(const struct target *t);

/* Does a path hold what glob(3) expands: '*', '?', '[' or '{'? */
bool target_is_pattern(const char *path);

void words_add(struct arena *a, struct words *w, const char *s);

#endif
