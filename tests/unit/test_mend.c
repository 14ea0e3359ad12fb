/* test_mend.c - from what is presented to the chain that should be */
#include "tests/unit/http_world.h"
#include "tests/unit/issuers_world.h"

#include "scan/mend.h"
#include "tests/support/judge.h"

/* Who is there, each with the page at which its issuer can be had. */
enum who {
	NOBODY, /* ends a list */
	R, /* the root that is trusted */
	I, /* an intermediate of R */
	L, /* its leaf; the answer is DER */
	DIRECT, /* a leaf of R */
	DEEP, /* an intermediate of I */
	DEEP_LEAF,
	PACKED_LEAF, /* of DEEP; PKCS#7 of more than the path */
	BER_LEAF, /* of DEEP; the same in BER */
	PEM_LEAF, /* of I */
	SECOND, /* another leaf of I */
	MUTE, /* a leaf of I that names no URL */
	MUTE_DEEP, /* an intermediate of I that names none */
	MUTE_DEEP_LEAF,
	TWO, /* a leaf of I with several URLs, the last of them good */
	BOTH, /* a leaf of I with two URLs, both of them good */
	TWIN, /* of R, with I's name and another key */
	TWIN_URL, /* a leaf of I whose URL has TWIN */
	TWIN_FIRST, /* the same, and a second URL that has I */
	STRANGER_URL, /* a leaf of I whose URL has OTHER */
	SELF_URL, /* a leaf of I whose URL has itself */
	HTML_URL, /* a leaf of I whose URL has a page */
	GONE_URL, /* a leaf of I whose URL has nothing */
	SILENT_URL, /* a leaf of I whose URL never answers */
	A, /* two that have issued one another */
	B,
	A_LEAF,
	OLD_I, /* I's name and key, expired; of R */
	OLD_URL, /* a leaf of I whose URL has OLD_I */
	OTHER, /* a root that is not trusted */
	OTHER_I,
	OTHER_LEAF,
	CROSS, /* OTHER's name and key, of R */
	OTHER_X, /* an intermediate of OTHER; its URL has CROSS */
	CROSS_URL, /* a leaf of OTHER_X */
	SELF, /* a self-signed leaf */
	NARROW, /* of R, path length 0 */
	BELOW, /* a CA of NARROW: one too many */
	BELOW_LEAF,
	LONG, /* intermediates of one another, nine and a leaf */
	LONG_LAST = LONG + 8,
	LONG_LEAF,
	EVERYBODY
};

static const struct person {
	enum who issuer, key_of;
	const char *cn;
	const char *page; /* several with blanks between */
	bool ca, expired, narrow;
} people[EVERYBODY] = {
	[R] = { NOBODY, NOBODY, "R", NULL, .ca = true },
	[I] = { R, NOBODY, "I", "/r", .ca = true },
	[L] = { I, NOBODY, .cn = "L", .page = "/i" },
	[DIRECT] = { R, NOBODY, .cn = "DIRECT" },
	[DEEP] = { I, NOBODY, "DEEP", "/i", .ca = true },
	[DEEP_LEAF] = { DEEP, NOBODY, .cn = "DEEP_LEAF", .page = "/deep" },
	[PACKED_LEAF] = { DEEP, NOBODY, .cn = "PACKED_LEAF", .page = "/p7" },
	[BER_LEAF] = { DEEP, NOBODY, .cn = "BER_LEAF", .page = "/ber" },
	[PEM_LEAF] = { I, NOBODY, .cn = "PEM_LEAF", .page = "/pem" },
	[SECOND] = { I, NOBODY, .cn = "SECOND", .page = "/i" },
	[MUTE] = { I, NOBODY, .cn = "MUTE" },
	[MUTE_DEEP] = { I, NOBODY, "MUTE_DEEP", NULL, .ca = true },
	[MUTE_DEEP_LEAF] = { MUTE_DEEP, NOBODY, .cn = "MUTE_DEEP_LEAF" },
	[TWO] = { I, NOBODY, .cn = "TWO", .page = "/gone /html /i" },
	[BOTH] = { I, NOBODY, .cn = "BOTH", .page = "/i /pem" },
	[TWIN] = { R, NOBODY, "I", NULL, .ca = true },
	[TWIN_URL] = { I, NOBODY, .cn = "TWIN_URL", .page = "/twin" },
	[TWIN_FIRST] = { I, NOBODY, .cn = "TWIN_FIRST", .page = "/twin /i" },
	[STRANGER_URL] = { I, NOBODY, .cn = "STRANGER_URL", .page = "/other" },
	[SELF_URL] = { I, NOBODY, .cn = "SELF_URL", .page = "/self-url" },
	[HTML_URL] = { I, NOBODY, .cn = "HTML_URL", .page = "/html" },
	[GONE_URL] = { I, NOBODY, .cn = "GONE_URL", .page = "/gone" },
	[SILENT_URL] = { I, NOBODY, .cn = "SILENT_URL", .page = "/silent" },
	[A] = { B, NOBODY, "A", "/b", .ca = true },
	[B] = { A, NOBODY, "B", "/a", .ca = true },
	[A_LEAF] = { A, NOBODY, .cn = "A_LEAF", .page = "/a" },
	[OLD_I] = { R, I, "I", NULL, .ca = true, .expired = true },
	[OLD_URL] = { I, NOBODY, .cn = "OLD_URL", .page = "/old-i" },
	[OTHER] = { NOBODY, NOBODY, "OTHER", NULL, .ca = true },
	[OTHER_I] = { OTHER, NOBODY, "OTHER_I", "/other", .ca = true },
	[OTHER_LEAF] = { OTHER_I, NOBODY, .cn = "OTHER_LEAF",
		.page = "/other-i" },
	[CROSS] = { R, OTHER, "OTHER", NULL, .ca = true },
	[OTHER_X] = { OTHER, NOBODY, "OTHER_X", "/cross", .ca = true },
	[CROSS_URL] = { OTHER_X, NOBODY, .cn = "CROSS_URL",
		.page = "/other-x" },
	[SELF] = { NOBODY, NOBODY, .cn = "SELF" },
	[NARROW] = { R, NOBODY, "NARROW", NULL, .ca = true, .narrow = true },
	[BELOW] = { NARROW, NOBODY, "BELOW", "/narrow", .ca = true },
	[BELOW_LEAF] = { BELOW, NOBODY, .cn = "BELOW_LEAF", .page = "/below" },
	[LONG] = { R, NOBODY, "C0", NULL, .ca = true },
	[LONG + 1] = { LONG, NOBODY, "C1", "/c0", .ca = true },
	[LONG + 2] = { LONG + 1, NOBODY, "C2", "/c1", .ca = true },
	[LONG + 3] = { LONG + 2, NOBODY, "C3", "/c2", .ca = true },
	[LONG + 4] = { LONG + 3, NOBODY, "C4", "/c3", .ca = true },
	[LONG + 5] = { LONG + 4, NOBODY, "C5", "/c4", .ca = true },
	[LONG + 6] = { LONG + 5, NOBODY, "C6", "/c5", .ca = true },
	[LONG + 7] = { LONG + 6, NOBODY, "C7", "/c6", .ca = true },
	[LONG_LAST] = { LONG + 7, NOBODY, "C8", "/c7", .ca = true },
	[LONG_LEAF] = { LONG_LAST, NOBODY, .cn = "LONG_LEAF", .page = "/c8" },
};

/* What is to be had at which page, in DER. */
static const struct {
	const char *page;
	enum who who;
} served[] = {
	{ "/r", R },
	{ "/i", I },
	{ "/deep", DEEP },
	{ "/twin", TWIN },
	{ "/other", OTHER },
	{ "/self-url", SELF_URL },
	{ "/a", A },
	{ "/b", B },
	{ "/old-i", OLD_I },
	{ "/other-i", OTHER_I },
	{ "/other-x", OTHER_X },
	{ "/cross", CROSS },
	{ "/narrow", NARROW },
	{ "/below", BELOW },
	{ "/c0", LONG },
	{ "/c1", LONG + 1 },
	{ "/c2", LONG + 2 },
	{ "/c3", LONG + 3 },
	{ "/c4", LONG + 4 },
	{ "/c5", LONG + 5 },
	{ "/c6", LONG + 6 },
	{ "/c7", LONG + 7 },
	{ "/c8", LONG + 8 },
};

static struct http web;
static EVP_PKEY *keys[EVERYBODY];
static X509 *world[EVERYBODY];

/* "authorityInfoAccess=caIssuers;URI:http://...,caIssuers;URI:..." */
static char *
extension_for(const char *pages)
{
	cleanup(str_free) char *copy = str_dup(pages);
	struct buf b = { 0 };
	char *at = NULL;

	buf_puts(&b,
		"authorityInfoAccess=OCSP;URI:http://127.0.0.1/ocsp,"
		"caIssuers;URI:ldap://127.0.0.1/cn=ca");
	for (char *page = strtok_r(copy, " ", &at); page != NULL;
		page = strtok_r(NULL, " ", &at))
		buf_printf(&b, ",caIssuers;URI:http://127.0.0.1:%u%s", web.port,
			page);
	return buf_detach(&b);
}

static void
make_person(enum who who)
{
	static const char *const names[] = { "DNS:host.test", NULL };
	const struct person *p = &people[who];
	cleanup(str_free) char *aia = p->page != NULL ? extension_for(p->page)
						      : NULL;
	const char *more[] = { aia, NULL };

	if (p->key_of != NOBODY)
		EVP_PKEY_up_ref(keys[p->key_of]);
	if (keys[who] == NULL)
		keys[who] = p->key_of != NOBODY ? keys[p->key_of]
						: mkcert_key(MKCERT_P256);
	world[who] = mkcert_make(&(struct mkcert){
		.key = keys[who],
		.cn = p->cn,
		.names = p->ca ? NULL : names,
		.not_before = NOW - 400 * DAY,
		.not_after = NOW + (p->expired ? -1 : 90) * DAY,
		.issuer = world[p->issuer],
		.issuer_key = keys[p->issuer],
		.ca = p->ca,
		.limited = p->narrow,
		.extensions = aia != NULL ? more : NULL,
		.no_key_ids = true,
	});
}

static void
make_loop(void)
{
	X509 *first;

	/* A is issued by a B that is made later: twice, by the same keys. */
	keys[B] = mkcert_key(MKCERT_P256);
	world[B] = mkcert_make(&(struct mkcert){ .key = keys[B],
		.cn = "B",
		.not_before = NOW,
		.not_after = NOW + DAY,
		.ca = true });
	first = world[B];
	make_person(A);
	make_person(B);
	X509_free(first);
}

static void
serve(void)
{
	X509 *const pack[] = { world[OTHER], world[R], world[I], world[DEEP],
		world[TWIN] };
	struct buf b BUF_CLEANUP = { 0 };

	for (size_t i = 0; i < COUNT(served); i++) {
		buf_reset(&b);
		put_der(&b, world[served[i].who]);
		http_answer(&web, served[i].page, b.s, b.len);
	}
	buf_reset(&b);
	put_pkcs7(&b, pack, COUNT(pack));
	http_answer(&web, "/p7", b.s, b.len);
	buf_reset(&b);
	put_pkcs7_ber(&b, pack, COUNT(pack));
	http_answer(&web, "/ber", b.s, b.len);
	buf_reset(&b);
	put_pem(&b, world[I]);
	http_answer(&web, "/pem", b.s, b.len);
	http_answer(&web, "/html", "<html>", 6);
	http_status(&web, "/gone", "410 Gone", "");
	http_page(&web, "/silent")->silent = true;
}

#define MAX_LIST 16

struct row {
	const char *name;
	enum who presented[MAX_LIST], lent[4], trust[4];
	bool exact; /* the trust is a bundle that the operator named */
	const char *want; /* "L I+": what is added has a plus; or the error */
	const char *fetched; /* "/i /gone!": in vain with an exclamation mark */
	const char *dropped; /* "R:root I:2": what becomes of the others */
	bool reordered;
};

static struct observation *
observe(const struct row *row)
{
	struct observation *ob = observation_new();
	struct observation *more = observation_new();

	for (size_t i = 0; row->presented[i] != NOBODY; i++) {
		X509_up_ref(world[row->presented[i]]);
		(void)observation_add_cert(ob, world[row->presented[i]], 0);
	}
	for (size_t i = 0; row->lent[i] != NOBODY; i++) {
		X509_up_ref(world[row->lent[i]]);
		(void)observation_add_cert(more, world[row->lent[i]], 0);
	}
	observation_lend(ob, more, "more.pem");
	observation_free(more);
	return ob;
}

static void
list_chain(
	struct buf *out, const struct observation *ob, const struct mended *m)
{
	static const char *const marks[] = { "", "*", "#", "+" };

	for (size_t i = 0; i < m->n; i++)
		buf_printf(out, "%s%s%s", i > 0 ? " " : "",
			ob->certs[m->chain[i]].label,
			marks[m->notes[m->chain[i]].source]);
}

static void
list_fetches(struct buf *out, const struct mended *m)
{
	for (size_t i = 0; i < m->n_fetches; i++)
		buf_printf(out, "%s%s%s", i > 0 ? " " : "",
			strchr(m->fetches[i].url + strlen("http://"), '/'),
			m->fetches[i].problem != NULL ? "!" : "");
}

static void
list_dropped(
	struct buf *out, const struct observation *ob, const struct mended *m)
{
	static const char *const fates[] = { "surplus", "", "root", "leaf" };

	for (size_t i = 0; m->n > 0 && i < observation_n_presented(ob); i++) {
		const struct mend_note *note = &m->notes[i];

		if (note->times > 1)
			buf_printf(out, "%s%s:%zu", out->len > 0 ? " " : "",
				ob->certs[i].label, note->times);
		else if (note->times == 1 && note->fate != MEND_KEPT)
			buf_printf(out, "%s%s:%s", out->len > 0 ? " " : "",
				ob->certs[i].label, fates[note->fate]);
	}
}

static void
same(const char *row, const char *what, const char *want, const struct buf *b)
{
	if (strcmp(want != NULL ? want : "", buf_str(b)) != 0)
		fail_msg("%s: %s: want \"%s\", have \"%s\"", row, what,
			want != NULL ? want : "", buf_str(b));
}

/* What is there is not added once more. */
static void
expect_no_twins(const char *row, const struct observation *ob)
{
	for (size_t i = observation_n_presented(ob); i < ob->n_certs; i++) {
		for (size_t k = 0; k < i; k++) {
			if (X509_cmp(ob->certs[i].x509, ob->certs[k].x509) == 0)
				fail_msg("%s: '%s' twice", row,
					ob->certs[i].label);
		}
	}
}

static void
run(const struct row *row, const struct target *t, bool allow)
{
	struct observation *ob = observe(row);
	X509 *anchors[4] = { NULL };
	struct trust trust;
	struct mend_request request = {
		.target = t,
		.trust = &trust,
		.now = NOW,
		.allow_private = allow,
	};
	struct buf chain BUF_CLEANUP = { 0 };
	struct buf fetches BUF_CLEANUP = { 0 };
	struct buf dropped BUF_CLEANUP = { 0 };
	struct mended m;
	struct error err;

	for (size_t i = 0; row->trust[i] != NOBODY; i++)
		anchors[i] = world[row->trust[i]];
	trust = judge_trust(anchors, row->exact);
	if (mend_chain(&request, ob, &m, &err) == -1) {
		buf_puts(&chain, err.text);
		assert_int_equal(m.n, 0);
	} else {
		list_chain(&chain, ob, &m);
	}
	list_fetches(&fetches, &m);
	list_dropped(&dropped, ob, &m);
	expect_no_twins(row->name, ob);
	same(row->name, "chain", row->want, &chain);
	same(row->name, "fetches", row->fetched, &fetches);
	same(row->name, "dropped", row->dropped, &dropped);
	if (m.reordered != row->reordered)
		fail_msg("%s: reordered: %d", row->name, m.reordered);
	if (m.n > 0 && !m.changed) {
		assert_int_equal(m.n, observation_n_presented(ob));
		for (size_t i = 0; i < m.n; i++)
			assert_int_equal(m.chain[i], i);
	}
	for (size_t i = 0; i < m.n_fetches; i++)
		assert_true(m.fetches[i].problem == NULL ||
			*m.fetches[i].problem != '\0');
	mended_release(&m);
	observation_free(ob);
	X509_STORE_free(trust.store);
}

static const struct row rows[] = {
	/* what is there is enough */
	{ "in order", { L, I }, .trust = { R }, .want = "L I" },
	{ "right below the root", { DIRECT }, .trust = { R },
		.want = "DIRECT" },
	{ "with its root", { L, I, R }, .trust = { R }, .want = "L I",
		.dropped = "R:root" },
	{ "the wrong way round", { R, I, L }, .trust = { R }, .want = "L I",
		.dropped = "R:root", .reordered = true },
	{ "issuers mixed up", { DEEP_LEAF, I, DEEP }, .trust = { R },
		.want = "DEEP_LEAF DEEP I", .reordered = true },
	{ "twice", { L, I, L, I, I }, .trust = { R }, .want = "L I",
		.dropped = "L:2 I:3" },
	{ "surplus", { L, OTHER, I, NARROW }, .trust = { R }, .want = "L I",
		.dropped = "OTHER:surplus NARROW:surplus" },
	{ "two leaves", { L, I, SECOND }, .trust = { R }, .want = "L I",
		.dropped = "SECOND:leaf" },
	{ "an expired one beside a good one", { L, OLD_I, I }, .trust = { R },
		.want = "L I", .dropped = "I:surplus" },
	{ "self-signed", { SELF }, .trust = { R }, .want = "SELF" },
	{ "self-signed, and more", { SELF, I }, .trust = { R }, .want = "SELF",
		.dropped = "I:surplus" },
	{ "a cross-sign in place of its root", { OTHER_LEAF, OTHER_I, CROSS },
		.trust = { R }, .want = "OTHER_LEAF OTHER_I OTHER" },
	{ "the shorter of two ways", { OTHER_LEAF, OTHER_I, CROSS },
		.trust = { R, OTHER }, .want = "OTHER_LEAF OTHER_I",
		.dropped = "OTHER:surplus" },

	/* what is named */
	{ "trust in the intermediate", { L }, .trust = { I }, .exact = true,
		.want = "L" },
	{ "and it is presented", { L, I }, .trust = { I }, .exact = true,
		.want = "L I" },
	{ "trust in the leaf", { L }, .trust = { L }, .exact = true,
		.want = "L" },
	{ "lent", { L }, { DEEP, I, R }, { R }, .want = "L I*" },
	{ "lent, though presented", { L, I }, { I }, { R }, .want = "L I" },
	{ "the store's own intermediate", { L }, .trust = { R, I },
		.want = "L I#" },
	{ "of a bundle with both", { L }, .trust = { R, I }, .exact = true,
		.want = "L I#" },
	{ "lent before the store's", { L }, { I }, { R, I }, .want = "L I*" },
	{ "the store's of two", { DEEP_LEAF, DEEP }, .trust = { R, TWIN, I },
		.want = "DEEP_LEAF DEEP I#" },

	/* what is fetched */
	{ "one", { L }, .trust = { R }, .want = "L I+", .fetched = "/i" },
	{ "two", { DEEP_LEAF }, .trust = { R }, .want = "DEEP_LEAF DEEP+ I+",
		.fetched = "/deep /i" },
	{ "between", { DEEP_LEAF, I }, .trust = { R },
		.want = "DEEP_LEAF DEEP+ I", .fetched = "/deep" },
	{ "PKCS#7", { PACKED_LEAF }, .trust = { R },
		.want = "PACKED_LEAF DEEP+ I+", .fetched = "/p7" },
	{ "BER", { BER_LEAF }, .trust = { R }, .want = "BER_LEAF DEEP+ I+",
		.fetched = "/ber" },
	{ "PEM", { PEM_LEAF }, .trust = { R }, .want = "PEM_LEAF I+",
		.fetched = "/pem" },
	{ "the third URL", { TWO }, .trust = { R }, .want = "TWO I+",
		.fetched = "/gone! /html! /i" },
	{ "the first URL is enough", { BOTH }, .trust = { R },
		.want = "BOTH I+", .fetched = "/i" },
	{ "after one that did not sign", { TWIN_FIRST }, .trust = { R },
		.want = "TWIN_FIRST I+", .fetched = "/twin! /i" },
	{ "in place of one that did not sign", { L, TWIN }, .trust = { R },
		.want = "L I+", .fetched = "/i", .dropped = "I:surplus" },
	{ "in place of an expired one", { L, OLD_I }, .trust = { R },
		.want = "L I+", .fetched = "/i", .dropped = "I:surplus" },
	{ "a cross-sign, for the root is not trusted",
		{ CROSS_URL, OTHER_X, OTHER }, .trust = { R },
		.want = "CROSS_URL OTHER_X OTHER+", .fetched = "/cross",
		.dropped = "OTHER:surplus" },

	/* what cannot be had */
	{ "nothing says where", { MUTE }, .trust = { R },
		.want = "the chain ends at 'MUTE', the leaf: its issuer 'I' is "
			"neither at hand nor to be had (it names no URL for "
			"it), and not in the test's trust store" },
	{ "the upper one", { MUTE_DEEP_LEAF, MUTE_DEEP }, .trust = { R },
		.want = "the chain ends at 'MUTE_DEEP': its issuer 'I' is "
			"neither at hand nor to be had (it names no URL for "
			"it), and not in the test's trust store" },
	{ "gone", { GONE_URL }, .trust = { R },
		.want = "the chain ends at 'GONE_URL', the leaf: its issuer "
			"'I' is neither at hand nor to be had, and not in the "
			"test's trust store",
		.fetched = "/gone!" },
	{ "HTML", { HTML_URL }, .trust = { R },
		.want = "the chain ends at 'HTML_URL', the leaf: its issuer "
			"'I' is neither at hand nor to be had, and not in the "
			"test's trust store",
		.fetched = "/html!" },
	{ "silent", { SILENT_URL }, .trust = { R },
		.want = "the chain ends at 'SILENT_URL', the leaf: its issuer "
			"'I' is neither at hand nor to be had, and not in the "
			"test's trust store",
		.fetched = "/silent!" },
	{ "a twin that did not sign", { TWIN_URL }, .trust = { R },
		.want = "the chain ends at 'TWIN_URL', the leaf: its issuer "
			"'I' is neither at hand nor to be had, and not in the "
			"test's trust store",
		.fetched = "/twin!" },
	{ "a stranger", { STRANGER_URL }, .trust = { R },
		.want = "the chain ends at 'STRANGER_URL', the leaf: its "
			"issuer 'I' is neither at hand nor to be had, and not "
			"in the test's trust store",
		.fetched = "/other!" },
	{ "itself", { SELF_URL }, .trust = { R },
		.want = "the chain ends at 'SELF_URL', the leaf: its issuer "
			"'I' is neither at hand nor to be had, and not in the "
			"test's trust store",
		.fetched = "/self-url!" },
	{ "round in circles", { A_LEAF }, .trust = { R },
		.want = "the chain ends at 'B': its issuer 'A' is neither at "
			"hand nor to be had, and not in the test's trust "
			"store",
		.fetched = "/a /b" },
	{ "an expired one alone", { OLD_URL }, .trust = { R },
		.want = "the best chain there is does not hold: 'I' expired "
			"1 day ago (2027-01-14), and no other was found in "
			"its place",
		.fetched = "/old-i" },
	{ "the store's own has expired", { MUTE }, .trust = { R, OLD_I },
		.want = "the best chain there is does not hold: 'I' expired "
			"1 day ago (2027-01-14), and no other was found in "
			"its place" },
	{ "a root that is not trusted", { OTHER_LEAF }, .trust = { R },
		.want = "the chain ends at the root 'OTHER', which is not in "
			"the test's trust store",
		.fetched = "/other-i /other" },
	{ "a key that did not sign", { MUTE, TWIN }, .trust = { R },
		.want = "'MUTE' is not signed by the key of the 'I' that is "
			"at hand, and no other is to be had" },
	{ "a rule that is broken", { BELOW_LEAF, BELOW, NARROW },
		.trust = { R },
		.want = "the best chain there is does not hold: 'NARROW': "
			"path length constraint exceeded",
		.fetched = "/narrow /below" },
	{ "eight, and one too many", { LONG_LEAF }, .trust = { R },
		.want = "the chain ends at 'C1': its issuer 'C0' is neither "
			"at hand nor to be had, and not in the test's trust "
			"store",
		.fetched = "/c8 /c7 /c6 /c5 /c4 /c3 /c2 /c1" },
	{ "CAs alone", { I, R }, .trust = { R },
		.want = "want a leaf to begin with, have CA certificates "
			"only" },
};

static void
test_rows(void **state)
{
	struct target t = judge_target_of("host.test");
	struct target file = judge_target_of(NULL);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum who first = rows[i].presented[0];
		bool leaf = !people[first].ca;

		t.set.timeout_ms = file.set.timeout_ms = first == SILENT_URL
			? 200
			: 20000;
		run(&rows[i], &file, true);
		/* Of an endpoint the first one is the leaf, whatever it is. */
		if (leaf && strcmp(rows[i].name, "two leaves") != 0)
			run(&rows[i], &t, true);
	}
}

/* The role says what a leaf is, and for what its issuers must be good. */
static void
test_roles(void **state)
{
	static const struct row bundle = { "CAs, and no leaf by their looks",
		{ I, R }, .trust = { R }, .want = "I", .dropped = "R:root" };
	struct target t = judge_target_of(NULL);

	(void)state;
	t.role = ROLE_SERVER;
	run(&bundle, &t, true);
}

static void
test_parts(void **state)
{
	struct target t = judge_target_of(NULL);
	struct mend_request request = { .target = &t, .now = NOW };
	struct observation *ob = observation_new();
	struct mended m;
	struct error err;

	(void)state;
	observation_begin_part(ob, "user 'a'", ROLE_CLIENT);
	X509_up_ref(world[L]);
	(void)observation_add_cert(ob, world[L], 0);
	assert_int_equal(mend_chain(&request, ob, &m, &err), -1);
	assert_string_equal(err.text,
		"want a file with one chain, have a kubeconfig with those of "
		"its users and clusters");
	mended_release(&m);
	observation_free(ob);
}

/* Loopback is asked only if it may be, or the endpoint is there itself. */
static void
test_private(void **state)
{
	static const struct {
		const char *peer; /* NULL: it is a file */
		bool allow, want;
	} tries[] = {
		{ NULL, false, false },
		{ NULL, true, true },
		{ "203.0.113.1:443", false, false },
		{ "198.41.0.4:443", false, false },
		{ "198.41.0.4:443", true, true },
		{ "10.0.0.1:443", false, false },
		{ "127.0.0.1:443", false, true },
		{ "169.254.1.1:443", false, true },
		{ "[2001:503:ba3e::2:30]:443", false, false },
		{ "[fd00::1]:443", false, false },
		{ "[::1]:443", false, true },
		{ "[::ffff:127.0.0.1]:443", false, true },
		{ "[fe80::1%eth0]:443", false, true },
		{ "?", false, false },
	};
	struct target t = judge_target_of(NULL);

	(void)state;
	for (size_t i = 0; i < COUNT(tries); i++) {
		static const struct row row = { .name = "L",
			.presented = { L } };
		struct observation *ob = observe(&row);
		X509 *anchors[] = { world[R], NULL };
		struct trust trust = judge_trust(anchors, false);
		struct mend_request request = {
			.target = &t,
			.trust = &trust,
			.now = NOW,
			.allow_private = tries[i].allow,
		};
		struct mended m;
		struct error err;
		int rc;

		ob->handshake->peer = str_dup(tries[i].peer);
		http_find(&web, "/i")->hits = 0;
		rc = mend_chain(&request, ob, &m, &err);
		if ((rc == 0) != tries[i].want ||
			http_find(&web, "/i")->hits != tries[i].want ||
			m.need != (tries[i].want ? REACH_PUBLIC : REACH_LOCAL))
			fail_msg("%s, %d: have %d",
				tries[i].peer != NULL ? tries[i].peer : "file",
				tries[i].allow, rc);
		if (rc == -1)
			assert_string_equal(m.fetches[0].problem,
				"127.0.0.1 is loopback, so it is not asked");
		mended_release(&m);
		observation_free(ob);
		X509_STORE_free(trust.store);
	}
}

static int
begin(void **state)
{
	(void)state;
	assert_int_equal(setenv("no_proxy", "*", 1), 0);
	http_start(&web);
	for (enum who who = R; who < EVERYBODY; who++) {
		if (who == A)
			make_loop();
		else if (who != B)
			make_person(who);
	}
	serve();
	return 0;
}

static int
end(void **state)
{
	(void)state;
	for (enum who who = R; who < EVERYBODY; who++) {
		X509_free(world[who]);
		EVP_PKEY_free(keys[who]);
	}
	http_stop(&web);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_private),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
