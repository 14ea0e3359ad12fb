/* test_report_show.c - the view of a chain, to the letter */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "model/result.h"
#include "report/reports.h"

#define NOW 1795132800 /* 2026-11-20T00:00:00Z */
#define DAYS(n) ((time_t)(n)*DAY_S)

/* Sixty-four of one digit, which is all that tells two apart here. */
static void
set_print(struct cert *c, char digit)
{
	free(c->sha256);
	c->sha256 = mem_alloc(65);
	memset(c->sha256, digit, 64);
}

/* A certificate that began `age` days ago and has `left` days. */
static struct cert
cert_of(const char *label, const char *issuer, int age, int left, char digit)
{
	struct cert c = { .subject = str_fmt("CN=%s", label),
		.sha256 = str_dup(""),
		.issuer = str_fmt("CN=%s", issuer),
		.label = str_dup(label),
		.issuer_label = str_dup(issuer),
		.serial = str_fmt("0a%c", digit),
		.key_type = str_dup("EC"),
		.key_curve = str_dup("prime256v1"),
		.key_bits = 256,
		.signature = str_dup("ecdsa-with-SHA256"),
		.has_dates = true,
		.not_before = NOW - DAYS(age),
		.not_after = NOW + DAYS(left) - 1,
		.self_signed = strcmp(label, issuer) == 0 };

	set_print(&c, digit);
	return c;
}

static struct cert *
add_cert(struct result *r, struct cert c)
{
	struct observation *ob = r->seen;

	ob->certs = mem_grow(ob->certs, ob->n_certs + 1, sizeof(*ob->certs));
	ob->certs[ob->n_certs] = c;
	return &ob->certs[ob->n_certs++];
}

static const struct target endpoint = { .name = "www.example.com",
	.kind = TARGET_ENDPOINT,
	.address = "https://www.example.com:443" };
static const struct target file = {
	.name = "/etc/a.pem", .kind = TARGET_FILE, .address = "/etc/a.pem"
};

static struct result *
result_new(const struct target *t)
{
	struct result *r = mem_alloc(sizeof(*r));

	r->target = t;
	r->seen = observation_new();
	r->account = account_new();
	r->account->trust = str_dup("the system's trust store");
	if (t == &endpoint) {
		r->seen->handshake->peer = str_dup("192.0.2.1:443");
		r->seen->handshake->protocol = str_dup("TLSv1.3");
		r->role = ROLE_SERVER;
	}
	return r;
}

static void
tell(struct result *r, const char *id, const char *subject, const char *text)
{
	finding_hint(findings_add(&r->findings, id, subject, "%s", text),
		"What to do about it.");
	r->status = findings_worst(&r->findings);
}

/* Positions up to a negative number; -2: the first of the trust store. */
static void
walk(struct way *w, const int *at, enum way_end end)
{
	for (; *at != -1; at++)
		way_add(w,
			*at == -2 ? (struct way_step){ .stored = true }
				  : (struct way_step){ .at = (size_t)*at });
	w->end = end;
}

#define AT(...) ((const int[]){ __VA_ARGS__, -1 })

static void
store(struct result *r, struct cert c)
{
	account_store(r->account, &c);
}

static char *
render(struct result *r, const struct report_options *opt)
{
	struct results rs = { .v = &r, .n = 1, .time = NOW };
	struct buf out = { 0 };

	report_show.render(&out, &rs, opt);
	result_free(r);
	return buf_detach(&out);
}

/* A leaf, its issuer, and an expired cross-sign of the root. */
static struct result *
crossed(void)
{
	struct result *r = result_new(&endpoint);
	struct cert *c;
	struct way *w;

	c = add_cert(r, cert_of("www.example.com", "CA 1", 78, 12, 'a'));
	strlist_add(&c->names, "www.example.com");
	strlist_add(&c->names, "example.com");
	add_cert(r, cert_of("CA 1", "Root", 300, 700, 'b'));
	add_cert(r, cert_of("Root", "Old Root", 900, -30, 'c'));
	store(r, cert_of("Root", "Root", 3000, 3000, 'd'));
	walk(&account_add(r->account)->chosen, AT(0, 1, -2), WAY_ANCHORED);
	w = journey_add(&r->account->v[0]);
	walk(w, AT(0, 1, 2), WAY_GAP);
	w->why = str_dup("'Root' expired on 2026-10-21");
	tell(r, "name.www", "www.example.com", "covers this but not that");
	tell(r, "chain.surplus", r->seen->certs[2].sha256,
		"'Root' is not needed");
	tell(r, "expiry.soon", r->seen->certs[0].sha256,
		"expires in 11 days (2026-12-01)");
	return r;
}

#define SHA(digit) digit digit digit digit digit digit digit digit
#define LONG(digit)                                                            \
	SHA(digit)                                                             \
	SHA(digit)                                                             \
	SHA(digit) SHA(digit) SHA(digit) SHA(digit) SHA(digit) SHA(digit)

static void
on_a_pipe(void **state)
{
	struct report_options opt = { 0 };
	cleanup(str_free) char *have = render(crossed(), &opt);

	(void)state;
	assert_string_equal(have,
		"WARNING   www.example.com\n"
		"          https://www.example.com:443 at 192.0.2.1:443, "
		"TLSv1.3\n"
		"\n"
		"WARNING   covers this but not that (name.www)\n"
		"          What to do about it.\n"
		"\n"
		" 0  www.example.com\n"
		"      names     www.example.com, example.com\n"
		"      valid     2026-09-03 to 2026-12-01, 11 days left of 90 "
		"days\n"
		"      key       EC prime256v1, 256 bits\n"
		"      signed    by 'CA 1', ecdsa-with-SHA256\n"
		"      serial    0aa\n"
		"      sha256    " LONG(
			"a") "\n"
			     "      WARNING   expires in 11 days (2026-12-01) "
			     "(expiry.soon)\n"
			     "                What to do about it.\n"
			     "\n"
			     " 1  CA 1\n"
			     "      valid     2026-01-24 to 2028-10-19, 699 days left of "
			     "1000 days\n"
			     "      key       EC prime256v1, 256 bits\n"
			     "      signed    by 'Root', ecdsa-with-SHA256\n"
			     "      serial    0ab\n"
			     "      sha256    " LONG(
				     "b") "\n"
					  "      not taken 'Root' (2): 'Root' expired on 2026-10-21\n"
					  "\n"
					  "    Root  trust anchor, from the system's trust store, not "
					  "sent\n"
					  "      valid     2018-09-03 to 2035-02-05, 2999 days left of "
					  "6000 days\n"
					  "      key       EC prime256v1, 256 bits\n"
					  "      sha256    " LONG(
						  "d") "\n"
						       "\n"
						       "Also sent:\n"
						       " 2  Root  surplus\n"
						       "      valid     2024-06-03 to 2026-10-20, expired 30 days "
						       "ago, after 870 days\n"
						       "      key       EC prime256v1, 256 bits\n"
						       "      signed    by 'Old Root', ecdsa-with-SHA256\n"
						       "      serial    0ac\n"
						       "      sha256    " LONG(
							       "c") "\n"
								    "      note      'Root' is not needed (chain.surplus)\n");
}

/* What is needed of a text: from `begin` on, `lines` lines. */
static char *
excerpt(const char *text, const char *begin, unsigned lines)
{
	const char *from = strstr(text, begin), *to = from;

	if (from == NULL)
		fail_msg("want \"%s\" in\n%s", begin, text);
	while (lines-- > 0 && strchr(to, '\n') != NULL)
		to = strchr(to, '\n') + 1;
	return str_ndup(from, (size_t)(to - from));
}

static void
on_a_terminal(void **state)
{
	struct report_options opt = {
		.lines = LINES_UTF8, .width = 42, .colour = true
	};
	cleanup(str_free) char *text = render(crossed(), &opt);
	cleanup(str_free) char *head = excerpt(text, "\033[33mWARNING", 4);
	cleanup(str_free) char *leaf = excerpt(text, " 0 ", 6);
	cleanup(str_free) char *end = excerpt(text, "   \033[2m├─", 5);

	(void)state;
	assert_string_equal(head,
		"\033[33mWARNING\033[0m   \033[1mwww.example.com\033[0m\n"
		"          \033[2mhttps://www.example.com:443 at\033[0m\n"
		"          \033[2m192.0.2.1:443, TLSv1.3\033[0m\n"
		"\n");
	assert_string_equal(leaf,
		" 0 ●  \033[1mwww.example.com\033[0m\n"
		"   \033[2m│\033[0m  \033[2mnames\033[0m     "
		"www.example.com,\n"
		"   \033[2m│\033[0m            example.com\n"
		"   \033[2m│\033[0m  \033[2mvalid\033[0m     2026-09-03 to "
		"2026-12-01,\n"
		"   \033[2m│\033[0m            \033[33m11 days left\033[0m of "
		"90 days\n"
		"   \033[2m│\033[0m  \033[2mkey\033[0m       EC prime256v1, "
		"256 bits\n");
	assert_string_equal(end,
		"   \033[2m├─\033[0m \033[33mnot taken\033[0m 'Root' "
		"\033[2m(2)\033[0m: 'Root' expired\n"
		"   \033[2m│\033[0m            on 2026-10-21\n"
		"   \033[2m│\033[0m\n"
		"   ◆  \033[1mRoot\033[0m  \033[32mtrust anchor\033[0m\033[2m, "
		"from the\033[0m\n"
		"        \033[2msystem's trust store, not sent\033[0m\n");
}

static void
in_ascii(void **state)
{
	struct report_options opt = { .lines = LINES_ASCII };
	cleanup(str_free) char *text = render(crossed(), &opt);
	cleanup(str_free) char *end = excerpt(text, "   +-", 3);

	(void)state;
	assert_string_equal(end,
		"   +- not taken 'Root' (2): 'Root' expired on 2026-10-21\n"
		"   |\n"
		"   #  Root  trust anchor, from the system's trust store, not "
		"sent\n");
	for (const char *p = text; *p != '\0'; p++)
		assert_true(*p == '\n' || (*p >= ' ' && *p <= '~'));
}

/* How a way ends, and what stands beside the names. */
static void
ends(void **state)
{
	static const struct {
		const char *name;
		const struct target *target;
		int at[4]; /* of a leaf, its CA, the root; -1 ends it */
		size_t n_sent, n_lent;
		enum way_end end;
		bool known;
		const char *want[3];
	} rows[] = {
		{ "a gap", &endpoint, { 0, -1 }, 1, 0, WAY_GAP, false,
			{ "\n    CA  missing: neither sent nor in the "
			  "system's trust store\n      fetch it  "
			  "http://ca.test/ca.der\n" } },
		{ "a gap that others may not see", &file, { 0, -1 }, 1, 0,
			WAY_GAP, true,
			{ "\n    CA  missing: not in the file; the "
			  "system's trust store has it, as an intermediate that "
			  "clients may lack\n" } },
		{ "no signature", &endpoint, { 0, -1 }, 1, 0, WAY_SIGNATURE,
			false,
			{ "\n    CA  none of this name that is at hand has "
			  "signed 'leaf'\n" } },
		{ "an unknown root", &endpoint, { 0, 1, 2, -1 }, 3, 0, WAY_ROOT,
			false,
			{ "\n 2  Root  root, not in the system's trust "
			  "store\n" } },
		{ "a root that is sent", &endpoint, { 0, 1, 2, -1 }, 3, 0,
			WAY_ANCHORED, false,
			{ "\n 2  Root  trust anchor, and root sent\n" } },
		{ "an intermediate that is trusted", &endpoint, { 0, 1, -1 }, 2,
			0, WAY_ANCHORED, false,
			{ "\n 1  CA  trust anchor, in the system's trust "
			  "store\n" } },
		{ "self-signed", &endpoint, { 2, -1 }, 3, 0, WAY_ROOT, false,
			{ "\n 2  Root  self-signed, not in the system's "
			  "trust store\n",
				"\n 0  leaf  surplus\n" } },
		{ "lent", &endpoint, { 0, 1, -2, -1 }, 1, 2, WAY_ANCHORED,
			false,
			{ "\n    CA  not sent, lent by --intermediates\n",
				"\nOf what --intermediates lends, 1 of 2 is "
				"on no way.\n" } },
		{ "a root that is lent", &endpoint, { 0, 1, 2, -1 }, 1, 2,
			WAY_ANCHORED, false,
			{ "\n    Root  trust anchor, from the system's trust "
			  "store, not sent\n" } },
		{ "in the wrong order", &file, { 2, 1, 0, -1 }, 3, 0, WAY_OPEN,
			false,
			{ "\n 2  Root\n", "\n 1  CA\n",
				"\n      trust     not judged\n" } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct report_options opt = { 0 };
		struct result *r = result_new(rows[i].target);
		struct cert certs[] = { cert_of("leaf", "CA", 10, 80, 'a'),
			cert_of("CA", "Root", 10, 80, 'b'),
			cert_of("Root", "Root", 10, 80, 'c') };
		cleanup(str_free) char *have = NULL;
		size_t n = rows[i].n_sent + rows[i].n_lent;

		certs[0].issuer_url = str_dup("http://ca.test/ca.der");
		for (size_t k = 0; k < COUNT(certs); k++) {
			if (k < n)
				add_cert(r, certs[k]);
			else
				cert_release(&certs[k]);
		}
		r->seen->n_lent = rows[i].n_lent;
		store(r, cert_of("Root", "Root", 10, 80, 'c'));
		walk(&account_add(r->account)->chosen, rows[i].at, rows[i].end);
		r->account->v[0].chosen.known = rows[i].known;
		have = render(r, &opt);
		for (size_t k = 0; k < 3 && rows[i].want[k] != NULL; k++) {
			if (strstr(have, rows[i].want[k]) == NULL)
				fail_msg("%s: want%s\nhave\n%s", rows[i].name,
					rows[i].want[k], have);
		}
	}
}

static void
nothing_was_seen(void **state)
{
	struct report_options opt = { 0 };
	struct result *r = result_new(&endpoint);
	cleanup(str_free) char *have = NULL;

	(void)state;
	/* as where the agent could not do its work */
	account_free(r->account);
	r->account = NULL;
	observation_free(r->seen);
	r->seen = NULL;
	tell(r, "endpoint.unreachable", "x", "cannot connect");
	have = render(r, &opt);
	assert_string_equal(have,
		"CRITICAL  www.example.com\n"
		"          https://www.example.com:443\n"
		"\n"
		"CRITICAL  cannot connect (endpoint.unreachable)\n"
		"          What to do about it.\n");
}

/* What several leaves have in common is shown once. */
static void
leaves_share_issuers(void **state)
{
	struct report_options opt = { 0 };
	struct result *r = result_new(&file);
	cleanup(str_free) char *have = NULL, *second = NULL;

	(void)state;
	add_cert(r, cert_of("a", "CA", 10, 80, 'a'))->line = 1;
	add_cert(r, cert_of("b", "CA", 10, 80, 'b'))->line = 21;
	add_cert(r, cert_of("CA", "Root", 10, 80, 'c'))->line = 41;
	store(r, cert_of("Root", "Root", 10, 80, 'd'));
	walk(&account_add(r->account)->chosen, AT(0, 2, -2), WAY_ANCHORED);
	walk(&account_add(r->account)->chosen, AT(1, 2, -2), WAY_ANCHORED);
	tell(r, "chain.no-constraints", r->seen->certs[2].sha256, "once");
	have = render(r, &opt);
	assert_non_null(strstr(have, "\n 0  a (line 1)\n"));
	second = excerpt(have, " 1  b (line 21)\n", 20);
	assert_null(strstr(second, "once"));
	assert_non_null(strstr(second,
		"\n 2  CA (line 41)  see above\n"
		"\n"
		"    Root  trust anchor, from the system's trust store, not in "
		"the file  see above\n"));
}

static void
parts_stand_apart(void **state)
{
	struct report_options opt = { 0 };
	struct result *r = result_new(&file);
	cleanup(str_free) char *have = NULL;

	(void)state;
	observation_begin_part(r->seen, "cluster 'c'", ROLE_CA);
	r->seen->parts[0].n_certs = 1;
	observation_begin_part(r->seen, "user 'u'", ROLE_CLIENT);
	r->seen->parts[1].n_certs = 1;
	add_cert(r, cert_of("Root", "Root", 10, 80, 'a'));
	add_cert(r, cert_of("u", "Root", 10, 80, 'b'));
	walk(&account_add(r->account)->chosen, AT(1), WAY_OPEN);
	have = render(r, &opt);
	assert_non_null(strstr(have, "\n\ncluster 'c' (ca)\n\n 0  Root\n"));
	assert_non_null(strstr(have, "\n\nuser 'u' (client)\n\n 1  u\n"));
	assert_non_null(strstr(have,
		"      trust     not judged: the other side knows whom it "
		"trusts\n"));
	assert_null(strstr(have, "surplus"));
}

/* Many CAs have a line each, and those beyond a bound only if they are bad. */
static void
bundles_are_bounded(void **state)
{
	struct report_options opt = { 0 };
	struct result *r = result_new(&file);
	cleanup(str_free) char *have = NULL;
	size_t lines = 0;

	(void)state;
	r->role = ROLE_CA;
	for (unsigned i = 0; i < 5000; i++) {
		cleanup(str_free) char *name = str_fmt("CA %u", i);
		struct cert *c = add_cert(r, cert_of(name, name, 1, 9, 'a'));

		free(c->sha256);
		c->sha256 = str_fmt("%u", i);
	}
	tell(r, "expiry.soon", "4321", "that one");
	have = render(r, &opt);
	for (const char *p = have; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	assert_in_range(lines, 200, 220);
	assert_non_null(strstr(have,
		"\n    0  CA 0     2026-11-28, 8 days left, EC prime256v1\n"));
	assert_non_null(strstr(have,
		" 4321  CA 4321  2026-11-28, 8 days left, EC prime256v1\n"
		"         WARNING   that one (expiry.soon)\n"));
	assert_non_null(strstr(have, "and 4799 more certificates\n"));
}

/* Names, findings and ways are cut; nothing of them reaches the terminal. */
static void
hostile_text_is_bounded(void **state)
{
	struct report_options opt = {
		.width = 80, .verbose = 1, .colour = true, .lines = LINES_UTF8
	};
	cleanup(str_free) char *long_name = mem_alloc(4097), *have = NULL;
	struct result *r = result_new(&endpoint);
	struct cert *c;

	(void)state;
	memset(long_name, 'x', 4096);
	c = add_cert(r, cert_of(long_name, "\033[2J\r\nok  b", 1, 9, 'a'));
	for (unsigned i = 0; i < 10000; i++)
		strlist_add(&c->names, "a\033]0;title\007\xff\xe2\x80\xae");
	strlist_add(&c->names, long_name);
	add_cert(r, cert_of("", "", 1, 9, 'b'));
	c = r->seen->certs;
	walk(&account_add(r->account)->chosen, AT(0), WAY_GAP);
	for (unsigned i = 0; i < 1000; i++) {
		struct way *w = journey_add(&r->account->v[0]);

		walk(w, AT(0, 1), WAY_REFUSED);
		w->why = str_dup(long_name);
		tell(r, "chain.invalid", c->sha256, long_name);
	}
	have = render(r, &opt);
	assert_in_range(strlen(have), 1, 200000);
	assert_null(strstr(have,
		"\033["
		"2J"));
	assert_null(strstr(have, "\033]"));
	assert_null(strchr(have, '\r'));
	assert_non_null(strstr(have, "a\\x1b]0;title\\x07\\xff\\u{202e},"));
	assert_non_null(strstr(have, "9901"));
	assert_non_null(strstr(have, "and 960 more findings"));
	assert_non_null(strstr(have, "994 more ways"));
	assert_non_null(strstr(have, "(no name)"));
	assert_non_null(strstr(have, "\\x1b[2J\\x0d\\x0aok  b"));
}

/* A character of several bytes is not cut in two. */
static void
characters_stay_whole(void **state)
{
	struct report_options opt = { 0 };
	struct result *r = result_new(&endpoint);
	BUF_CLEANUP struct buf label = { 0 };
	cleanup(str_free) char *have = NULL;

	(void)state;
	buf_putc(&label, 'x');
	for (unsigned i = 0; i < 100; i++)
		buf_puts(&label, "é");
	add_cert(r, cert_of(label.s, "CA", 1, 9, 'a'));
	walk(&account_add(r->account)->chosen, AT(0), WAY_OPEN);
	have = render(r, &opt);
	assert_non_null(strstr(have, "é...\n"));
	assert_null(strstr(have, "\\x"));
}

static void
with_verbosity(void **state)
{
	struct report_options opt = { .verbose = 1 };
	cleanup(str_free) char *have = render(crossed(), &opt);

	(void)state;
	assert_non_null(strstr(
		have, "      subject   CN=CA 1\n      issuer    CN=Root\n"));
	assert_non_null(strstr(have,
		"      note      'Root' is not needed (chain.surplus)\n"
		"                What to do about it.\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_a_pipe),
		cmocka_unit_test(on_a_terminal),
		cmocka_unit_test(in_ascii),
		cmocka_unit_test(ends),
		cmocka_unit_test(nothing_was_seen),
		cmocka_unit_test(leaves_share_issuers),
		cmocka_unit_test(parts_stand_apart),
		cmocka_unit_test(bundles_are_bounded),
		cmocka_unit_test(hostile_text_is_bounded),
		cmocka_unit_test(characters_stay_whole),
		cmocka_unit_test(with_verbosity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
