/* mtls_world.h - made-up connections and client certificates for the checks */
#ifndef TESTS_MTLS_WORLD_H
#define TESTS_MTLS_WORLD_H

#include "tests/support/judge.h"
#include "tests/unit/unit.h"

#include <openssl/rsa.h>
#include <openssl/ssl.h>

#define NGINX_NONE "<center>No required SSL certificate was sent</center>"
#define NGINX_ERROR "<center>The SSL certificate error</center>"

/* Certificates of a client, and the CAs that a server may name. */
enum person {
	NOBODY,
	CA,
	GOOD, /* of CA */
	EXPIRED,
	EARLY,
	REVOKED, /* nothing tells by itself */
	FREE, /* no extended key usage */
	SERVERS, /* serverAuth alone */
	UNSIGNING, /* key usage without digitalSignature */
	SHA_1,
	RSA_1024,
	OTHER_CA,
	OTHER,
	SELF,
	OLD_CA, /* expired */
	OLD_CA_NEW, /* its name and key */
	OF_OLD_CA,
	MIDDLE_CA, /* of CA */
	MIDDLE,
	TWIN_CA, /* CA's name, another key */
	TWIN,
	NEW_CA, /* what follows CA */
	PEOPLE
};

static const struct {
	enum person issuer; /* NOBODY: self-signed */
	struct mkcert special;
} people[PEOPLE] = {
	[CA] = { NOBODY, { .cn = "Client CA", .ca = true } },
	[GOOD] = { CA, { .cn = "good" } },
	[EXPIRED] = { CA, { .cn = "expired", .not_after = NOW - 3 * DAY } },
	[EARLY] = { CA, { .cn = "early", .not_before = NOW + 2 * DAY } },
	[REVOKED] = { CA, { .cn = "revoked" } },
	[FREE] = { CA, { .cn = "free", .eku = "" } },
	[SERVERS] = { CA, { .cn = "servers", .eku = "serverAuth" } },
	[UNSIGNING] = { CA,
		{ .cn = "unsigning",
			.key_usage = "critical,keyEncipherment" } },
	[SHA_1] = { CA, { .cn = "sha1", .digest = "SHA1" } },
	[RSA_1024] = { CA, { .cn = "rsa1024" } },
	[OTHER_CA] = { NOBODY, { .cn = "Other CA", .ca = true } },
	[OTHER] = { OTHER_CA, { .cn = "other" } },
	[SELF] = { NOBODY, { .cn = "self" } },
	[OLD_CA] = { NOBODY,
		{ .cn = "Old CA", .ca = true, .not_after = NOW - 3 * DAY } },
	[OLD_CA_NEW] = { NOBODY, { .cn = "Old CA", .ca = true } },
	[OF_OLD_CA] = { OLD_CA, { .cn = "of old" } },
	[MIDDLE_CA] = { CA, { .cn = "Issuing CA", .ca = true } },
	[MIDDLE] = { MIDDLE_CA, { .cn = "middle" } },
	[TWIN_CA] = { NOBODY, { .cn = "Client CA", .ca = true } },
	[TWIN] = { TWIN_CA, { .cn = "twin" } },
	[NEW_CA] = { NOBODY, { .cn = "New CA", .ca = true } },
};

static EVP_PKEY *mtls_keys[PEOPLE];
static X509 *mtls_certs[PEOPLE];

static inline int
mtls_begin(void **state)
{
	(void)state;
	for (enum person p = CA; p < PEOPLE; p++) {
		struct mkcert m = people[p].special;
		enum person issuer = people[p].issuer;

		if (p == OLD_CA_NEW) {
			mtls_keys[p] = mtls_keys[OLD_CA];
			EVP_PKEY_up_ref(mtls_keys[p]);
		} else {
			mtls_keys[p] = p == RSA_1024 ? EVP_RSA_gen(1024)
						     : mkcert_key(MKCERT_P256);
		}
		m.key = mtls_keys[p];
		if (!m.ca && m.eku == NULL)
			m.eku = "clientAuth";
		if (m.not_before == 0)
			m.not_before = NOW - 400 * DAY;
		if (m.not_after == 0)
			m.not_after = NOW + 300 * DAY;
		m.issuer = mtls_certs[issuer];
		m.issuer_key = mtls_keys[issuer];
		mtls_certs[p] = mkcert_make(&m);
	}
	return 0;
}

static inline int
mtls_end(void **state)
{
	(void)state;
	for (enum person p = CA; p < PEOPLE; p++) {
		X509_free(mtls_certs[p]);
		EVP_PKEY_free(mtls_keys[p]);
	}
	return 0;
}

#define MTLS_FILE 4

/* A file of these, up to a NOBODY. */
static inline struct observation *
mtls_file(const enum person *list)
{
	X509 *certs[MTLS_FILE + 1] = { NULL };

	for (size_t i = 0; i < MTLS_FILE && list[i] != NOBODY; i++)
		certs[i] = mtls_certs[list[i]];
	return judge_observe(certs);
}

/* What can be seen of a connection, by a word. */
static const struct sight {
	const char *word;
	struct handshake hs;
} sights[] = {
	{ "200", { .complete = true, .step = STEP_DONE, .reply.status = 200 } },
	{ "302", { .complete = true, .step = STEP_DONE, .reply.status = 302 } },
	{ "401", { .complete = true, .step = STEP_DONE, .reply.status = 401 } },
	{ "403", { .complete = true, .step = STEP_DONE, .reply.status = 403 } },
	{ "404", { .complete = true, .step = STEP_DONE, .reply.status = 404 } },
	{ "503", { .complete = true, .step = STEP_DONE, .reply.status = 503 } },
	{ "400", { .complete = true, .step = STEP_DONE, .reply.status = 400 } },
	{ "none",
		{ .complete = true,
			.step = STEP_DONE,
			.reply = { .status = 400,
				.body = LENT(NGINX_NONE) } } },
	{ "error",
		{ .complete = true,
			.step = STEP_DONE,
			.reply = { .status = 400,
				.body = LENT(NGINX_ERROR) } } },
	{ "page",
		{ .complete = true,
			.step = STEP_DONE,
			.reply = { .status = 200, .body = LENT("a page") } } },
	{ "sorry",
		{ .complete = true,
			.step = STEP_DONE,
			.reply = { .status = 200, .body = LENT("sorry") } } },
	{ "closed",
		{ .complete = true,
			.step = STEP_REQUEST,
			.ending = ENDING_CLOSED } },
	{ "reset",
		{ .complete = true,
			.step = STEP_REQUEST,
			.ending = ENDING_RESET } },
	{ "cut", { .step = STEP_HANDSHAKE, .ending = ENDING_CLOSED } },
	{ "silence",
		{ .complete = true,
			.step = STEP_REQUEST,
			.ending = ENDING_TIMEOUT } },
	{ "stuck", { .step = STEP_HANDSHAKE, .ending = ENDING_TIMEOUT } },
	{ "ticket", { .complete = true, .step = STEP_DONE, .n_tickets = 1 } },
	{ "data", { .complete = true, .step = STEP_DONE, .n_data = 20 } },
	{ "quiet", { .complete = true, .step = STEP_DONE } },
	{ "lost", { .step = STEP_CONNECT, .ending = ENDING_REFUSED } },
};

/* "48" is that alert: in TLS 1.2 in the handshake, in 1.3 after it. */
static inline void
mtls_see(struct handshake *hs, const char *word, int version, bool asked)
{
	char *end;
	long alert = strtol(word, &end, 10);

	handshake_release(hs);
	if (*end == '\0' && alert < 200) {
		hs->alert = (int)alert;
		hs->ending = ENDING_ALERT;
		hs->complete = version == TLS1_3_VERSION;
		hs->step = hs->complete ? STEP_REQUEST : STEP_HANDSHAKE;
	}
	for (size_t i = 0; i < COUNT(sights); i++) {
		if (strcmp(sights[i].word, word) != 0)
			continue;
		*hs = sights[i].hs;
		hs->alert = -1;
		hs->reply.body = str_dup(hs->reply.body);
	}
	assert_int_not_equal(STEP_NONE, hs->step);
	if (hs->step == STEP_CONNECT)
		return;
	hs->version = version;
	hs->protocol = str_dup(
		version == TLS1_3_VERSION ? "TLSv1.3" : "TLSv1.2");
	hs->asked = asked;
	hs->asked_at = asked ? STEP_HANDSHAKE : STEP_NONE;
	hs->sni = str_dup("mtls.test");
}

/* Connections by their words; NULL: not made, or no test at all. */
struct mtls_words {
	const char *with, *without, *stranger, *other;
};

static const struct scheme mtls_https = { .name = "https", .port = 443 };
static const struct scheme mtls_tls = { .name = "tls" };

static inline struct target
mtls_target(const struct scheme *scheme)
{
	struct target t = judge_target_of("mtls.test");

	t.scheme = scheme;
	t.path = "/im";
	t.client.certificate = "client.pem";
	t.client.strict = true;
	return t;
}

/*
 * What was seen, of a server that names these CAs, by a client with the
 * certificates of this file; both end with NOBODY.
 */
static inline struct observation *
mtls_observe(const struct mtls_words *words, int version, bool asked,
	const enum person *file, const enum person *named)
{
	const char *tries[CLIENT_TRIES] = { words->with, words->stranger,
		words->other };
	struct observation *ob = observation_new();
	size_t n;

	mtls_see(ob->handshake, words->without, version, asked);
	for (size_t i = 0; asked && named[i] != NOBODY; i++) {
		cleanup(str_free) char *name = cert_name_text(
			X509_get_subject_name(mtls_certs[named[i]]));

		strlist_add(&ob->handshake->client_cas, name);
	}
	if (words->with == NULL)
		return ob;
	ob->client = client_test_new();
	ob->client->own = mtls_file(file);
	n = ob->client->own->n_certs;
	for (int i = 0; i < CLIENT_TRIES; i++) {
		struct client_attempt *a = &ob->client->attempts[i];
		const struct strlist *cas = &ob->handshake->client_cas;

		if (tries[i] == NULL)
			continue;
		a->made = true;
		a->n_sent = i != TRY_OTHER_CHAIN ? n : n > 1 ? 1 : 2;
		mtls_see(&a->handshake, tries[i], version, asked);
		for (size_t k = 0; a->handshake.asked && k < cas->n; k++)
			strlist_add(&a->handshake.client_cas, cas->v[k]);
	}
	return ob;
}

/* Of the area "client", or of all that is found. */
static inline void
mtls_expect(const char *row, const struct findings *fs, const char *area,
	const char *findings, const char *words)
{
	struct buf text BUF_CLEANUP = { 0 };

	judge_expect(row, fs, area, findings);
	for (size_t i = 0; i < fs->n; i++)
		buf_printf(&text, "%s | %s\n", fs->v[i].message,
			finding_remedy(&fs->v[i]));
	if (words != NULL && strstr(buf_str(&text), words) == NULL)
		fail_msg("%s: want \"%s\" in\n%s", row, words, buf_str(&text));
	if (strchr(buf_str(&text), '{') != NULL)
		fail_msg("%s: a place was not filled in\n%s", row,
			buf_str(&text));
}

#endif
