/* test_checks_distrust.c - roots that are distrusted from a date on */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/chain/distrust.h"
#include "tests/unit/unit.h"

#include "tests/support/judge.h"

/* What the made-up table has: the last second of each program. */
#define CHROME (NOW - 100 * DAY)
#define MOZILLA (NOW - 90 * DAY)
#define APPLE (NOW - 95 * DAY)
#define NEVER ((time_t)0)

/*
 * OLD is a root of the table, A its intermediate. NEW is another root, which
 * OLD has signed across; B is its intermediate.
 */
enum who { NOBODY, OLD, OLD_AGAIN, A, NEW, CROSS, B, C, EVERYBODY };

static EVP_PKEY *keys[EVERYBODY], *leaf_key;
static X509 *cas[EVERYBODY];

static const struct ca {
	const char *cn;
	enum who key_of, issuer;
} people[EVERYBODY] = {
	[OLD] = { "Old Root", NOBODY, NOBODY },
	[OLD_AGAIN] = { "Old Root", OLD, NOBODY }, /* renewed */
	[A] = { "Issuer A", NOBODY, OLD },
	[NEW] = { "New Root", NOBODY, NOBODY },
	[CROSS] = { "New Root", NEW, OLD },
	[B] = { "Issuer B", NOBODY, NEW },
	[C] = { "Old Root", NOBODY, NOBODY }, /* of the name, and no more */
};

static int
make_world(void **state)
{
	(void)state;
	leaf_key = mkcert_key(MKCERT_P256);
	for (enum who who = OLD; who < EVERYBODY; who++) {
		const struct ca *p = &people[who];

		if (p->key_of == NOBODY)
			keys[who] = mkcert_key(MKCERT_P256);
		else
			EVP_PKEY_up_ref(keys[who] = keys[p->key_of]);
		cas[who] = mkcert_make(&(struct mkcert){ .key = keys[who],
			.cn = p->cn,
			.ca = true,
			.not_before = NOW - 900 * DAY,
			.not_after = NOW + 900 * DAY,
			.issuer = cas[p->issuer],
			.issuer_key = keys[p->issuer] });
	}
	return 0;
}

static int
end_world(void **state)
{
	(void)state;
	EVP_PKEY_free(leaf_key);
	for (enum who who = OLD; who < EVERYBODY; who++) {
		X509_free(cas[who]);
		EVP_PKEY_free(keys[who]);
	}
	return 0;
}

static void
put_number(struct buf *out, uint64_t n, int bytes)
{
	while (bytes-- > 0)
		buf_printf(out, "%02x", (unsigned)(n >> (8 * bytes)) & 255);
}

/* One SCT: RFC 6962, 3.2, with a made-up log and signature. */
static void
put_sct(struct buf *out, unsigned version, uint64_t ms)
{
	put_number(out, 47 + 4, 2);
	put_number(out, version, 1);
	for (int i = 0; i < 32; i++)
		put_number(out, 0xab, 1);
	put_number(out, ms, 8);
	put_number(out, 0, 2); /* no extensions */
	put_number(out, 0x0403, 2); /* SHA-256 with ECDSA */
	put_number(out, 4, 2);
	put_number(out, 0xdeadbeef, 4);
}

/* The certificate's extension; of moments up to a zero. */
static char *
sct_extension(unsigned version, const uint64_t *ms)
{
	struct buf list BUF_CLEANUP = { 0 };
	struct buf value = { 0 };
	size_t n;

	for (; *ms != 0; ms++)
		put_sct(&list, version, *ms);
	n = list.len / 2;
	assert_in_range(n, 1, 240);
	/* OCTET STRING of more than 127 octets, if need be. */
	buf_puts(&value, "1.3.6.1.4.1.11129.2.4.2=DER:04");
	if (n + 2 > 127)
		buf_puts(&value, "81");
	put_number(&value, n + 2, 1);
	put_number(&value, n, 2);
	buf_puts(&value, buf_str(&list));
	return buf_detach(&value);
}

static X509 *
make_leaf(enum who issuer, time_t begin, const char *eku, const char *extension)
{
	return mkcert_make(&(struct mkcert){ .key = leaf_key,
		.cn = "a.test",
		.names = (const char *const[]){ "DNS:a.test", NULL },
		.eku = eku,
		.extensions = (const char *const[]){ extension, NULL },
		.not_before = begin,
		.not_after = NOW + 90 * DAY,
		.issuer = cas[issuer],
		.issuer_key = keys[issuer] });
}

static void
hex_of(char *out, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* A table of the root OLD alone, or of one that is like it. */
struct table {
	struct distrust_root rows[2];
	char sha256[65], key_id[65];
};

static void
make_table(struct table *t, time_t chrome, time_t mozilla, time_t apple)
{
	const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(cas[OLD]);
	unsigned char digest[32];

	assert_int_equal(1, X509_digest(cas[OLD], EVP_sha256(), digest, NULL));
	hex_of(t->sha256, digest, sizeof(digest));
	hex_of(t->key_id, ASN1_STRING_get0_data(id),
		(size_t)ASN1_STRING_length(id));
	t->rows[0] = (struct distrust_root){ "Old Root", t->sha256, t->key_id,
		{ chrome, mozilla, apple } };
	t->rows[1] = (struct distrust_root){ .name = NULL };
}

struct look {
	const struct distrust_root *table;
	const struct target *target;
	enum who anchor; /* NOBODY: trust is not judged */
	bool exact;
	time_t now;
};

/* Takes over `leaf`; what was sent ends with NOBODY. */
static void
judge(const struct look *l, X509 *leaf, const enum who *sent,
	struct findings *out)
{
	X509 *certs[5] = { leaf };
	struct observation *ob;
	struct trust trust;
	struct policy pol = { .target = l->target };
	struct chain ch = { .pol = &pol, .now = l->now, .n = 1 };
	struct strand s = { 0 };

	for (size_t i = 0; i < 3 && sent[i] != NOBODY; i++)
		certs[i + 1] = cas[sent[i]];
	ch.ob = ob = judge_observe(certs);
	trust = judge_trust((X509 *[]){ cas[l->anchor], NULL }, l->exact);
	if (l->anchor != NOBODY)
		pol.trust = &trust;
	ch.strands = &s;
	s.leaf = &ob->certs[0];
	path_find(&s.path, ob, s.leaf, pol.trust, X509_PURPOSE_SSL_SERVER,
		l->now);
	distrust_judge(l->table, &ch, &s, out);
	assert_int_equal(0, ERR_peek_error());
	path_release(&s.path);
	X509_STORE_free(trust.store);
	observation_free(ob);
	X509_free(leaf);
}

/* By the dates: of the leaf's SCTs, in milliseconds, and of its notBefore. */
static const struct row {
	const char *name;
	time_t chrome, mozilla, apple;
	time_t begin;
	uint64_t scts[4];
	enum severity severity;
	const char *message; /* NULL: no finding */
} rows[] = {
	{ "all are content", CHROME, MOZILLA, APPLE, CHROME,
		{ CHROME * 1000ULL }, SEV_OK, NULL },
	{ "Chrome: the last second", CHROME, NEVER, NEVER, CHROME - DAY,
		{ CHROME * 1000ULL + 999 }, SEV_OK, NULL },
	{ "Chrome: a second later", CHROME, NEVER, NEVER, CHROME - DAY,
		{ CHROME * 1000ULL + 1000 }, SEV_CRITICAL,
		"Chrome refuses certificates of 'Old Root' with a first SCT "
		"after 2026-10-07; this one was issued on 2026-10-06, its "
		"first SCT is of 2026-10-07" },
	{ "Chrome: the first one counts", CHROME, NEVER, NEVER, CHROME + DAY,
		{ (CHROME + DAY) * 1000ULL, CHROME * 1000ULL,
			(CHROME + 2 * DAY) * 1000ULL },
		SEV_OK, NULL },
	{ "Chrome: the first one of later ones", CHROME, NEVER, NEVER,
		CHROME + DAY,
		{ (CHROME + 3 * DAY) * 1000ULL, (CHROME + DAY) * 1000ULL },
		SEV_CRITICAL,
		"Chrome refuses certificates of 'Old Root' with a first SCT "
		"after 2026-10-07; this one is of 2026-10-08" },
	{ "Chrome: a far future", CHROME, NEVER, NEVER, CHROME - DAY,
		{ UINT64_MAX }, SEV_CRITICAL, NULL },
	{ "Chrome: no SCT, the last second", CHROME, NEVER, NEVER, CHROME,
		{ 0 }, SEV_OK, NULL },
	{ "Chrome: no SCT, a second later", CHROME, NEVER, NEVER, CHROME + 1,
		{ 0 }, SEV_CRITICAL,
		"Chrome refuses certificates of 'Old Root' with a first SCT "
		"after 2026-10-07; this one holds no SCT and was issued on "
		"2026-10-07" },
	{ "Mozilla: the last second, whatever the SCT", NEVER, MOZILLA, NEVER,
		MOZILLA, { NOW * 1000ULL }, SEV_OK, NULL },
	{ "Mozilla: a second later, whatever the SCT", NEVER, MOZILLA, NEVER,
		MOZILLA + 1, { CHROME * 1000ULL }, SEV_CRITICAL,
		"Mozilla refuses certificates of 'Old Root' issued after "
		"2026-10-17; this one is of 2026-10-17" },
	{ "Apple: the last second", NEVER, NEVER, APPLE, APPLE, { 0 }, SEV_OK,
		NULL },
	{ "Apple: a second later", NEVER, NEVER, APPLE, APPLE + 1, { 0 },
		SEV_WARNING,
		"Apple refuses certificates of 'Old Root' issued after "
		"2026-10-12; this one is of 2026-10-12" },
	{ "Chrome and Apple, Mozilla not yet", CHROME, MOZILLA, APPLE, MOZILLA,
		{ MOZILLA * 1000ULL }, SEV_CRITICAL,
		"Chrome refuses certificates of 'Old Root' with a first SCT "
		"after 2026-10-07, Apple those issued after 2026-10-12; this "
		"one is of 2026-10-17" },
	{ "all three", CHROME, MOZILLA, APPLE, NOW - DAY, { 0 }, SEV_CRITICAL,
		"Chrome refuses certificates of 'Old Root' with a first SCT "
		"after 2026-10-07, Mozilla those issued after 2026-10-17, "
		"Apple those issued after 2026-10-12; this one holds no SCT "
		"and was issued on 2027-01-14" },
	{ "the date is still to come", NOW, NEVER, NEVER, NOW + 1, { 0 },
		SEV_WARNING,
		"Chrome refuses certificates of 'Old Root' with a first SCT "
		"after 2027-01-15; this one holds no SCT and was issued on "
		"2027-01-15" },
	{ "and has come", NOW - 1, NEVER, NEVER, NOW, { 0 }, SEV_CRITICAL,
		NULL },
	{ "nobody says anything", NEVER, NEVER, NEVER, NOW, { 0 }, SEV_OK,
		NULL },
};

static void
test_dates(void **state)
{
	struct target t = judge_target_of("a.test");

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		char *scts = r->scts[0] == 0 ? NULL : sct_extension(0, r->scts);
		struct table table;
		struct look l = { table.rows, &t, OLD, false, NOW };
		struct findings fs = { 0 };

		make_table(&table, r->chrome, r->mozilla, r->apple);
		judge(&l, make_leaf(A, r->begin, NULL, scts),
			(enum who[]){ A, NOBODY }, &fs);
		judge_expect(r->name, &fs, "",
			r->severity == SEV_OK ? ""
				: r->severity == SEV_WARNING
				? "chain.distrusted=warning"
				: "chain.distrusted=critical");
		if (r->message != NULL)
			assert_string_equal(r->message, fs.v[0].message);
		findings_release(&fs);
		free(scts);
	}
}

/* What cannot be read counts as none. */
static void
test_scts_that_are_none(void **state)
{
	struct target t = judge_target_of("a.test");
	struct table table;
	struct look l = { table.rows, &t, OLD, false, NOW };
	uint64_t early[] = { (CHROME - DAY) * 1000ULL, 0 };
	char *unknown = sct_extension(1, early);
	const char *const cases[] = {
		unknown,
		"1.3.6.1.4.1.11129.2.4.2=DER:0500",
		"1.3.6.1.4.1.11129.2.4.2=DER:04020000",
		"1.3.6.1.4.1.11129.2.4.2=DER:0403000500",
	};

	(void)state;
	make_table(&table, CHROME, NEVER, NEVER);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct findings fs = { 0 };

		judge(&l, make_leaf(A, CHROME + DAY, NULL, cases[i]),
			(enum who[]){ A, NOBODY }, &fs);
		judge_expect(cases[i], &fs, "", "chain.distrusted=critical");
		assert_string_equal("Chrome refuses certificates of 'Old "
				    "Root' with a first SCT after 2026-10-07; "
				    "this one holds no SCT and was issued on "
				    "2026-10-08",
			fs.v[0].message);
		findings_release(&fs);
	}
	free(unknown);
}

/* By the path: where does it lead? */
static void
test_roots(void **state)
{
	static const struct {
		const char *name;
		enum who issuer; /* of the leaf */
		enum who sent[3];
		enum who anchor;
		bool exact;
		bool told;
	} cases[] = {
		{ "anchored", A, { A }, OLD, false, true },
		{ "right below", OLD, { NOBODY }, OLD, false, true },
		{ "the root is sent", A, { A, OLD }, OLD, false, true },
		{ "and not trusted here", A, { A, OLD }, NEW, false, true },
		{ "renewed, with the key", A, { A }, OLD_AGAIN, false, true },
		{ "the store lacks it", A, { A }, NEW, false, true },
		{ "and the leaf stands alone", OLD, { NOBODY }, NEW, false,
			true },
		{ "the intermediate is missing", A, { NOBODY }, OLD, false,
			false },
		{ "no trust at all", A, { A }, NOBODY, false, true },
		{ "the intermediate is named as trust", A, { A }, A, true,
			true },
		{ "a bundle of the root", A, { A }, OLD, true, true },
		{ "another root", B, { B }, NEW, false, false },
		{ "a root of the name", C, { NOBODY }, C, false, false },
		{ "and the store lacks it", C, { NOBODY }, NEW, false, false },
		{ "a cross-signed root that the store has", B, { B, CROSS },
			NEW, false, false },
		{ "a cross-signed root that it does not have", B, { B, CROSS },
			OLD, false, false },
		{ "and neither of them", B, { B, CROSS }, C, false, false },
	};
	struct target t = judge_target_of("a.test");
	struct table table;

	(void)state;
	make_table(&table, CHROME, NEVER, NEVER);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct look l = { table.rows, &t, cases[i].anchor,
			cases[i].exact, NOW };
		struct findings fs = { 0 };

		judge(&l, make_leaf(cases[i].issuer, NOW - DAY, NULL, NULL),
			cases[i].sent, &fs);
		judge_expect(cases[i].name, &fs, "",
			cases[i].told ? "chain.distrusted=critical" : "");
		findings_release(&fs);
	}
}

/* A root without a key identifier is known by its fingerprint alone. */
static void
test_root_without_key_id(void **state)
{
	struct target t = judge_target_of("a.test");
	struct table table;
	struct look l = { table.rows, &t, OLD, false, NOW };
	struct findings fs = { 0 };

	(void)state;
	make_table(&table, CHROME, NEVER, NEVER);
	table.rows[0].key_id = NULL;
	judge(&l, make_leaf(A, NOW - DAY, NULL, NULL),
		(enum who[]){ A, NOBODY }, &fs);
	judge_expect("by fingerprint", &fs, "", "chain.distrusted=critical");
	findings_release(&fs);
	l.anchor = OLD_AGAIN;
	judge(&l, make_leaf(A, NOW - DAY, NULL, NULL),
		(enum who[]){ A, NOBODY }, &fs);
	judge_expect("another certificate of it", &fs, "", "");
	findings_release(&fs);
}

/* Only servers', and Chrome's word only where there are browsers. */
static void
test_who_is_judged(void **state)
{
	static const struct scheme https = { .name = "https" },
				   smtp = { .name = "smtp" },
				   tls = { .name = "tls" };
	static const struct {
		const char *name;
		bool file;
		enum role role;
		const struct scheme *scheme;
		const char *eku;
		time_t mozilla;
		const char *findings;
	} cases[] = {
		{ "https", false, ROLE_AUTO, &https, NULL, NEVER,
			"chain.distrusted=critical" },
		{ "any service", false, ROLE_AUTO, &tls, NULL, NEVER,
			"chain.distrusted=critical" },
		{ "mail", false, ROLE_AUTO, &smtp, NULL, NEVER,
			"chain.distrusted=warning" },
		{ "mail, by Mozilla", false, ROLE_AUTO, &smtp, NULL, MOZILLA,
			"chain.distrusted=critical" },
		{ "a server's file", true, ROLE_SERVER, NULL, NULL, NEVER,
			"chain.distrusted=critical" },
		{ "taken for one", true, ROLE_AUTO, NULL,
			"clientAuth,serverAuth", NEVER,
			"chain.distrusted=critical" },
		{ "any use", true, ROLE_AUTO, NULL, "", NEVER,
			"chain.distrusted=critical" },
		{ "a client's", true, ROLE_CLIENT, NULL,
			"clientAuth,serverAuth", NEVER, "" },
		{ "taken for a client's", true, ROLE_AUTO, NULL, "clientAuth",
			NEVER, "" },
		{ "for mail", true, ROLE_AUTO, NULL, "emailProtection", NEVER,
			"" },
		{ "among servers'", true, ROLE_SERVER, NULL, "clientAuth",
			NEVER, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct target t = judge_target_of(
			cases[i].file ? NULL : "a.test");
		struct table table;
		struct look l = { table.rows, &t, OLD, false, NOW };
		struct findings fs = { 0 };

		t.role = cases[i].role;
		t.scheme = cases[i].scheme;
		make_table(&table, CHROME, cases[i].mozilla, NEVER);
		judge(&l, make_leaf(A, NOW - DAY, cases[i].eku, NULL),
			(enum who[]){ A, NOBODY }, &fs);
		judge_expect(cases[i].name, &fs, "", cases[i].findings);
		findings_release(&fs);
	}
}

static size_t
count_hex(const char *s)
{
	size_t n = strspn(s, "0123456789abcdef");

	return s[n] == '\0' ? n : 0;
}

/* The table that is used: well-formed, each root once, each with a date. */
static void
test_table(void **state)
{
	(void)state;
	for (const struct distrust_root *r = distrust_roots; r->name != NULL;
		r++) {
		time_t last = 0;

		assert_int_equal(64, count_hex(r->sha256));
		if (r->key_id != NULL)
			assert_int_equal(40, count_hex(r->key_id));
		for (size_t i = 0; i < DISTRUST_PROGRAMS; i++) {
			last |= r->last[i];
			/* The last second of a day. */
			if (r->last[i] != 0)
				assert_int_equal(DAY - 1, r->last[i] % DAY);
		}
		assert_true(last != 0);
		for (const struct distrust_root *o = distrust_roots; o < r; o++)
			assert_string_not_equal(o->sha256, r->sha256);
	}
}

/* The whole check, with the real table: private roots are not in it. */
static void
test_private_root(void **state)
{
	struct target t = judge_target_of("a.test");
	struct trust trust = judge_trust((X509 *[]){ cas[OLD], NULL }, false);
	struct policy pol = { .target = &t, .trust = &trust };
	X509 *leaf = make_leaf(A, NOW - DAY, NULL, NULL);
	struct observation *ob = judge_observe(
		(X509 *[]){ leaf, cas[A], NULL });
	struct findings fs = { 0 };

	(void)state;
	checks_run(ob, &pol, NOW, &fs);
	judge_expect("private", &fs, "", "");
	findings_release(&fs);
	observation_free(ob);
	X509_free(leaf);
	X509_STORE_free(trust.store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_scts_that_are_none),
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_root_without_key_id),
		cmocka_unit_test(test_who_is_judged),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_private_root),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
