/* chain_world.h - CAs and leaves of all kinds, good and bad, for the checks */
#ifndef TESTS_CHAIN_WORLD_H
#define TESTS_CHAIN_WORLD_H

#include "tests/support/judge.h"
#include "tests/unit/unit.h"

/*
 * A small world. R is the trusted root, I its intermediate, L a leaf of I;
 * what follows is wrong or old in one way each.
 */
enum who {
	NOBODY, /* ends a list */
	R,
	I,
	L,
	DIRECT, /* a leaf of R */
	DEEP, /* an intermediate of I */
	DEEP_LEAF, /* a leaf of DEEP */
	NARROW, /* of R, path length 0 */
	BELOW, /* a CA of NARROW: one too many */
	BELOW_LEAF,
	NO_CA, /* a leaf of I, whose key signed ... */
	NO_CA_LEAF,
	NO_SIGN, /* a CA of R whose key usage forbids to sign */
	NO_SIGN_LEAF,
	FENCED, /* a CA of R for names under fenced.test only */
	FENCED_LEAF,
	ODD, /* a leaf of I with a critical extension of nobody's */
	CLIENT, /* a leaf of I for clients only */
	SELF, /* self-signed */
	OTHER, /* an untrusted root */
	OTHER_I,
	OTHER_LEAF,
	TWIN, /* of R, with the name of I and another key; no key ids */
	TWIN_LEAF, /* signed by TWIN's key */
	PLAIN, /* of R, with the name of I and its key; no key ids */
	PLAIN_LEAF, /* signed by I's key; no key ids */
	R_TWIN, /* a root with R's name and another key */
	R_TWIN_LEAF, /* signed by R_TWIN's key; no key ids */
	CHANGE, /* R's name, a new key, signed by R; no key ids */
	CHANGE_LEAF, /* signed by CHANGE's key; no key ids */
	OLD, /* an expired root */
	CROSS, /* R's name and key, signed by OLD, expired */
	NEW_CROSS, /* R's name and key, signed by OTHER, good */
	I_OLD, /* I's name and key, of R, expired */
	RAW_URL, /* a leaf of I whose URL is no text */
	FAR_LEAF, /* a leaf of I that says whose it is by another key id */
	SECOND, /* another leaf of I */
	LIKE_L, /* a leaf of I with the name of L and another key */
	OLD_L, /* a leaf of I that has expired */
	OTHER_SECOND, /* another leaf of OTHER_I */
	SELF_TWIN, /* self-signed, of SELF's name and another key */
	CLIENT_I, /* an intermediate of R for clients only */
	CLIENT_I_CLIENT, /* its leaves: for clients ... */
	CLIENT_I_SERVER, /* for servers ... */
	CLIENT_I_BOTH, /* for both ... */
	CLIENT_I_FREE, /* and without extended key usage */
	MAIL, /* a leaf of I for mail only */
	V1_ROOT, /* of version 1 */
	V1_LEAF,
	V1_CA, /* an intermediate of R, of version 1 */
	V1_CA_LEAF,
	BARE, /* self-signed, may sign, but no basicConstraints */
	NAKED, /* self-signed, and nothing says what for */
	ELB, /* two roots of version 1 and of one name */
	ELB_TWIN,
	R_NEW, /* R with the same key, renewed */
	KEYED, /* a root with R's name, another key, and key ids */
	TWIN_KEYED, /* an intermediate that KEYED signed; no key ids */
	BAD_ROOT, /* self-signed by its name, signed by OTHER's key */
	NO_CA_SAID, /* a leaf of I whose basicConstraints say so */
	SERVER_I, /* an intermediate of R for servers only */
	SERVER_I_BOTH, /* its leaf, for servers and clients */
	CLIENT_I_ANY, /* a leaf of CLIENT_I, for servers and any use */
	BARE_CA, /* of R, may sign, but no basicConstraints */
	BARE_CA_LEAF,
	CHANGE_KEYED, /* R's name, a new key, signed by R; with key ids */
	ROOT_LEAF, /* a leaf of I with R's name */
	STEPPED, /* of R, for servers by Netscape's step-up alone */
	STEPPED_LEAF,
	WEAK, /* a root with a key of 192 bits */
	WEAK_LEAF,
	SERVER_CA, /* of I, a CA that is fit for a server and a client */
	BARE_ROOT, /* self-signed, may sign, but no basicConstraints */
	BARE_ROOT_LEAF,
	SELF_CA, /* self-signed, a CA, and with a host's name */
	LIMITED_ROOT, /* with an extended key usage */
	LIMITED_ROOT_LEAF,
	EVERYBODY
};

/* How each of them is made: of whom, with whose key, and what is special. */
static const struct person {
	enum who issuer; /* NOBODY: self-signed */
	enum who key_of; /* NOBODY: one of its own */
	const char *cn;
	struct mkcert special;
} people[EVERYBODY] = {
	[R] = { NOBODY, NOBODY, "Root", { .ca = true } },
	[I] = { R, NOBODY, "Issuer", { .ca = true } },
	[L] = { I, NOBODY, "leaf", { .aia = "http://ca.test/issuer.der" } },
	[DIRECT] = { R, NOBODY, "direct", { 0 } },
	[DEEP] = { I, NOBODY, "Deep",
		{ .ca = true, .aia = "http://ca.test/i.der" } },
	[DEEP_LEAF] = { DEEP, NOBODY, "deep leaf", { 0 } },
	[NARROW] = { R, NOBODY, "Narrow", { .ca = true, .limited = true } },
	[BELOW] = { NARROW, NOBODY, "Below", { .ca = true } },
	[BELOW_LEAF] = { BELOW, NOBODY, "below leaf", { 0 } },
	[NO_CA] = { I, NOBODY, "no CA", { 0 } },
	[NO_CA_LEAF] = { NO_CA, NOBODY, "leaf of no CA", { 0 } },
	[NO_SIGN] = { R, NOBODY, "No Sign",
		{ .ca = true, .key_usage = "critical,cRLSign" } },
	[NO_SIGN_LEAF] = { NO_SIGN, NOBODY, "leaf", { 0 } },
	[FENCED] = { R, NOBODY, "Fenced",
		{ .ca = true,
			.extensions =
				(const char *const[]){
					"nameConstraints=critical,permitted;"
					"DNS:fenced.test",
					NULL } } },
	[FENCED_LEAF] = { FENCED, NOBODY, "leaf", { 0 } },
	[ODD] = { I, NOBODY, "odd",
		{ .extensions =
				(const char *const[]){
					"1.2.3.4.5=critical,DER:0500",
					NULL } } },
	[CLIENT] = { I, NOBODY, "client", { .eku = "clientAuth" } },
	[SELF] = { NOBODY, NOBODY, "self", { 0 } },
	[OTHER] = { NOBODY, NOBODY, "Other Root", { .ca = true } },
	[OTHER_I] = { OTHER, NOBODY, "Other Issuer",
		{ .ca = true, .aia = "http://other.test/root.der" } },
	[OTHER_LEAF] = { OTHER_I, NOBODY, "other leaf", { 0 } },
	[TWIN] = { R, NOBODY, "Issuer", { .ca = true, .no_key_ids = true } },
	[TWIN_LEAF] = { TWIN, NOBODY, "twin leaf", { .no_key_ids = true } },
	[PLAIN] = { R, I, "Issuer", { .ca = true, .no_key_ids = true } },
	[PLAIN_LEAF] = { PLAIN, NOBODY, "plain leaf", { .no_key_ids = true } },
	[R_TWIN] = { NOBODY, NOBODY, "Root",
		{ .ca = true, .no_key_ids = true } },
	[R_TWIN_LEAF] = { R_TWIN, NOBODY, "leaf", { .no_key_ids = true } },
	[CHANGE] = { R, NOBODY, "Root", { .ca = true, .no_key_ids = true } },
	[CHANGE_LEAF] = { CHANGE, NOBODY, "leaf", { .no_key_ids = true } },
	[OLD] = { NOBODY, NOBODY, "Old Root",
		{ .ca = true, .not_after = NOW - 3 * DAY } },
	[CROSS] = { OLD, R, "Root",
		{ .ca = true, .not_after = NOW - 3 * DAY } },
	[NEW_CROSS] = { OTHER, R, "Root", { .ca = true } },
	[I_OLD] = { R, I, "Issuer",
		{ .ca = true, .not_after = NOW - 3 * DAY } },
	[RAW_URL] = { I, NOBODY, "raw", { .aia = "http://ca.test/\xff\x01" } },
	[FAR_LEAF] = { I, NOBODY, "far leaf",
		{ .no_key_ids = true,
			.extensions =
				(const char *const[]){ "authorityKeyIdentifier="
						       "DER:30058003010203",
					NULL } } },
	[SECOND] = { I, NOBODY, "second", { 0 } },
	[LIKE_L] = { I, NOBODY, "leaf", { 0 } },
	[OLD_L] = { I, NOBODY, "old leaf", { .not_after = NOW - 3 * DAY } },
	[OTHER_SECOND] = { OTHER_I, NOBODY, "other second", { 0 } },
	[SELF_TWIN] = { NOBODY, NOBODY, "self", { 0 } },
	[CLIENT_I] = { R, NOBODY, "Client Issuer",
		{ .ca = true, .eku = "clientAuth" } },
	[CLIENT_I_CLIENT] = { CLIENT_I, NOBODY, "leaf",
		{ .eku = "clientAuth" } },
	[CLIENT_I_SERVER] = { CLIENT_I, NOBODY, "leaf",
		{ .eku = "serverAuth" } },
	[CLIENT_I_BOTH] = { CLIENT_I, NOBODY, "leaf",
		{ .eku = "clientAuth,serverAuth" } },
	[CLIENT_I_FREE] = { CLIENT_I, NOBODY, "leaf", { .eku = "" } },
	[MAIL] = { I, NOBODY, "mail", { .eku = "emailProtection" } },
	[V1_ROOT] = { NOBODY, NOBODY, "V1 Root", { .v1 = true } },
	[V1_LEAF] = { V1_ROOT, NOBODY, "leaf", { 0 } },
	[V1_CA] = { R, NOBODY, "V1 Issuer", { .v1 = true } },
	[V1_CA_LEAF] = { V1_CA, NOBODY, "leaf", { 0 } },
	[BARE] = { NOBODY, NOBODY, "Bare Root",
		{ .key_usage = "keyCertSign", .eku = "" } },
	[NAKED] = { NOBODY, NOBODY, "Naked", { .key_usage = "", .eku = "" } },
	[ELB] = { NOBODY, NOBODY, "ELB", { .v1 = true } },
	[ELB_TWIN] = { NOBODY, NOBODY, "ELB", { .v1 = true } },
	[R_NEW] = { NOBODY, R, "Root", { .ca = true } },
	[KEYED] = { NOBODY, NOBODY, "Root", { .ca = true } },
	[TWIN_KEYED] = { KEYED, NOBODY, "Keyed Issuer",
		{ .ca = true, .no_key_ids = true } },
	[NO_CA_SAID] = { I, NOBODY, "said leaf",
		{ .extensions =
				(const char *const[]){
					"basicConstraints=critical,CA:FALSE",
					NULL } } },
	[BAD_ROOT] = { NOBODY, NOBODY, "Bad Root",
		{ .ca = true, .no_key_ids = true } },
	[SERVER_I] = { R, NOBODY, "Server Issuer",
		{ .ca = true, .eku = "serverAuth" } },
	[SERVER_I_BOTH] = { SERVER_I, NOBODY, "leaf",
		{ .eku = "clientAuth,serverAuth" } },
	[CLIENT_I_ANY] = { CLIENT_I, NOBODY, "leaf",
		{ .eku = "serverAuth,anyExtendedKeyUsage" } },
	[BARE_CA] = { R, NOBODY, "Bare Issuer",
		{ .key_usage = "keyCertSign", .eku = "" } },
	[BARE_CA_LEAF] = { BARE_CA, NOBODY, "leaf", { 0 } },
	[CHANGE_KEYED] = { R, NOBODY, "Root", { .ca = true } },
	[ROOT_LEAF] = { I, NOBODY, "Root", { 0 } },
	[STEPPED] = { R, NOBODY, "Stepped", { .ca = true, .eku = "nsSGC" } },
	[STEPPED_LEAF] = { STEPPED, NOBODY, "leaf", { 0 } },
	[WEAK] = { NOBODY, NOBODY, "Weak Root", { .ca = true } },
	[WEAK_LEAF] = { WEAK, NOBODY, "leaf", { 0 } },
	[SERVER_CA] = { I, NOBODY, "server CA",
		{ .ca = true,
			.key_usage = "digitalSignature",
			.eku = "serverAuth,clientAuth",
			.names = (const char *const[]){ "DNS:host.test",
				NULL } } },
	[BARE_ROOT] = { NOBODY, NOBODY, "Bare Anchor",
		{ .key_usage = "keyCertSign", .eku = "" } },
	[BARE_ROOT_LEAF] = { BARE_ROOT, NOBODY, "leaf", { 0 } },
	[SELF_CA] = { NOBODY, NOBODY, "self-signed server",
		{ .ca = true,
			.names = (const char *const[]){ "DNS:self.test",
				NULL } } },
	[LIMITED_ROOT] = { NOBODY, NOBODY, "Limited Root",
		{ .ca = true, .eku = "serverAuth,clientAuth" } },
	[LIMITED_ROOT_LEAF] = { LIMITED_ROOT, NOBODY, "leaf", { 0 } },
};

static const char *const host_names[] = { "DNS:host.test", NULL };
static EVP_PKEY *keys[EVERYBODY];
static X509 *world[EVERYBODY];

static inline void
make_person(enum who who)
{
	const struct person *p = &people[who];
	struct mkcert m = p->special;

	if (who == WEAK)
		keys[who] = EVP_EC_gen("prime192v1");
	else if (p->key_of == NOBODY)
		keys[who] = mkcert_key(MKCERT_P256);
	else
		EVP_PKEY_up_ref(keys[who] = keys[p->key_of]);
	m.key = keys[who];
	m.cn = p->cn;
	if (m.names == NULL && !m.ca)
		m.names = host_names;
	m.not_before = NOW - (m.ca || m.v1 ? 400 : 100) * DAY;
	if (m.not_after == 0)
		m.not_after = NOW + (m.ca || m.v1 ? 900 : 90) * DAY;
	m.issuer = world[p->issuer];
	m.issuer_key = keys[who == BAD_ROOT ? OTHER : p->issuer];
	world[who] = mkcert_make(&m);
}

static inline int
make_world(void **state)
{
	(void)state;
	for (enum who who = R; who < EVERYBODY; who++)
		make_person(who);
	return 0;
}

static inline int
end_world(void **state)
{
	(void)state;
	for (enum who who = R; who < EVERYBODY; who++) {
		X509_free(world[who]);
		EVP_PKEY_free(keys[who]);
	}
	return 0;
}

/* The certificates of a list, up to a NULL; `out` holds one more. */
static inline size_t
gather(const enum who *list, size_t max, X509 **out)
{
	size_t n = 0;

	for (; n < max && list[n] != NOBODY; n++)
		out[n] = world[list[n]];
	out[n] = NULL;
	return n;
}

/* They stand in a file, each 20 lines long. */
static inline struct observation *
observe_file(const enum who *list, size_t max)
{
	X509 **sent = mem_alloc((max + 1) * sizeof(*sent));
	struct observation *ob;

	gather(list, max, sent);
	ob = judge_observe(sent);
	for (size_t i = 0; i < ob->n_certs; i++)
		ob->certs[i].line = i * 20 + 1;
	free(sent);
	return ob;
}

/* A file of these certificates, judged with these anchors. */
static inline void
judge_file(const struct target *t, const enum who *list, size_t max,
	const enum who *anchors, size_t n_anchors, bool exact,
	struct findings *out)
{
	X509 **roots = mem_alloc((n_anchors + 1) * sizeof(*roots));
	struct observation *ob = observe_file(list, max);
	struct trust trust;
	struct policy pol = { .target = t, .trust = &trust };

	gather(anchors, n_anchors, roots);
	trust = judge_trust(roots, exact);
	checks_run(ob, &pol, NOW, out);
	observation_free(ob);
	X509_STORE_free(trust.store);
	free(roots);
}

/* Message or id differ from what the row wants? NULL: any will do. */
static inline void
expect_message(const struct findings *fs, const char *id, const char *message)
{
	if (message != NULL)
		assert_string_equal(message, judge_find(fs, id)->message);
}

#endif
