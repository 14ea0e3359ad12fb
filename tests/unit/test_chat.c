/* test_chat.c - a digest as a chat message: what is told, and how much */
#include "tests/unit/digest_world.h"

#include <time.h>

#include "notifiers/chat.h"

/* A dialect that makes every mark of its own, and no other, visible. */
static void
escape_all(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strchr("@<>[]*_`|&#!\\", *s) != NULL)
			buf_putc(out, '\\');
		buf_putc(out, *s);
	}
}

static struct chat_dialect
dialect(size_t max)
{
	return (struct chat_dialect){ .escape = escape_all, .max = max };
}

static bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

static size_t
times(const char *text, const char *part)
{
	size_t n = 0;

	while ((text = strstr(text, part)) != NULL) {
		text += strlen(part);
		n++;
	}
	return n;
}

/* --- units */

static void
test_units(void **state)
{
	static const struct {
		const char *s;
		size_t characters, utf16;
	} rows[] = {
		{ "", 0, 0 },
		{ "abc", 3, 3 },
		{ "\303\274", 1, 1 },
		{ "\357\277\275", 1, 1 }, /* U+FFFD, the last but two */
		{ "\360\220\200\200", 1, 2 }, /* U+10000 */
		{ "\364\217\277\277", 1, 2 }, /* U+10FFFF */
		{ "a\360\237\224\245\303\274", 3, 4 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(
			chat_characters(rows[i].s), rows[i].characters);
		assert_int_equal(chat_utf16(rows[i].s), rows[i].utf16);
	}
}

static void
test_words(void **state)
{
	static const struct {
		const char *raw;
		size_t most;
		const char *want;
	} rows[] = {
		{ "", 10, "" },
		{ "   ", 10, "" },
		{ "    code", 10, "code" },
		{ " a   b ", 10, "a b" },
		{ "a\nb", 10, "a\\\\x0ab" },
		{ "0123456789", 10, "0123456789" },
		{ "0123456789a", 10, "0123456..." },
		{ "012345  789ab", 10, "012345..." },
		{ "01234567\303\274\303\274\303\274", 10, "0123456..." },
		{ "\303\274\303\274\303\274\303\274\303\274", 4,
			"\303\274..." },
		{ "\377", 10, "\\\\xff" },
		{ "@here", 10, "\\@here" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct chat_dialect how = dialect(1000);
		BUF_CLEANUP struct buf out = { 0 };

		chat_words(&out, rows[i].raw, rows[i].most, &how);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
}

/* --- what is told */

static const char full[] =
	"*www.example.com*\n"
	"https://www.example.com:443; owner: "
	"web-team\n"
	"CRITICAL: expired 3 days ago (2026-11-17)\n"
	"to do: Renew the certificate now and reload nginx.\n"
	"since 2026-11-20 18:00 UTC (new); finding expiry.expired\n"
	"WARNING: the www name is not covered\n"
	"to do: %s\n"
	"since 2026-11-13 18:00 UTC (reminder); finding name.www\n"
	"\n"
	"*shop.example.com*\n"
	"https://shop.example.com:443; owner: "
	"shop-team\n"
	"CRITICAL: expires in 6 days (2026-11-26)\n"
	"to do: %s\n"
	"since 2026-11-10 18:00 UTC (worse now); finding expiry.soon\n"
	"\n"
	"RESOLVED\n"
	"*mail.example.com*\n"
	"https://mail.example.com:443\n"
	"was CRITICAL: connection refused\n"
	"since 2026-11-20 17:00 UTC; finding endpoint.unreachable\n"
	"\n"
	"RENEWED\n"
	"*api.example.com*\n"
	"https://api.example.com:443\n"
	"end of life: 2026-11-23 -\\> 2027-02-18\n"
	"\n"
	"certvigil on agent1.example.com, scan of 2026-11-20 18:00 UTC";

static const char brief[] =
	"*www.example.com*\n"
	"CRITICAL: expired 3 days ago (2026-11-17)\n"
	"WARNING: the www name is not covered\n"
	"*shop.example.com*\n"
	"CRITICAL: expires in 6 days (2026-11-26)\n"
	"RESOLVED\n"
	"*mail.example.com*\n"
	"was CRITICAL: connection refused\n"
	"RENEWED\n"
	"*api.example.com*\n"
	"end of life: 2026-11-23 -\\> 2027-02-18\n"
	"certvigil on agent1.example.com, scan of 2026-11-20 18:00 UTC";

/* The catalogue's remedies are no matter of this test. */
static void
set_hints(struct digest *d)
{
	for (size_t i = 0; i < d->n; i++) {
		if (d->v[i].hint == NULL)
			digest_set(&d->v[i].hint, "%s");
	}
}

/* All of it to the last unit; one less, and it is told in brief, then cut. */
static void
test_text(void **state)
{
	static const char cut[] =
		"*www.example.com*\n"
		"CRITICAL: expired 3 days ago (2026-11-17)\n"
		"WARNING: the www name is not covered\n"
		"*shop.example.com*\n"
		"CRITICAL: expires in 6 days (2026-11-26)\n"
		"RESOLVED\n"
		"*mail.example.com*\n"
		"was CRITICAL: connection refused\n"
		"and 1 more; certvigil status tells all\n"
		"certvigil on agent1.example.com, scan of 2026-11-20 18:00 "
		"UTC";
	static const struct {
		size_t max;
		const char *want;
	} rows[] = {
		{ 100000, full },
		{ sizeof(full) - 1, full },
		{ sizeof(full) - 2, brief },
		{ sizeof(brief) - 1, brief },
		{ sizeof(brief) - 2, cut },
	};
	cleanup(digest_free) struct digest *d = digest_ordinary();

	(void)state;
	set_hints(d);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct chat_dialect how = dialect(rows[i].max);
		BUF_CLEANUP struct buf out = { 0 };

		how.bold = how.bold_end = "*";
		chat_text(&out, d, &how);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
}

static void
test_dialect(void **state)
{
	cleanup(digest_free) struct digest *d = digest_ordinary();
	struct chat_dialect how = dialect(100000);
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	how.bold = "<b>";
	how.bold_end = "</b>";
	how.line_end = "<br>";
	chat_text(&out, d, &how);
	assert_null(strchr(out.s, '\n'));
	assert_true(has(out.s, "<b>www.example.com</b><br>https://www."));
	assert_true(has(out.s, "<br><br><b>shop.example.com</b><br>"));
	assert_false(has(out.s, "<br><br><br>"));
	buf_reset(&out);
	how.bold = NULL;
	chat_text(&out, d, &how);
	assert_int_equal(strncmp(out.s, "www.example.com<br>", 19), 0);
}

static void
test_text_of_a_test(void **state)
{
	cleanup(digest_free) struct digest *d = digest_of_test();
	struct chat_dialect how = dialect(1000);
	BUF_CLEANUP struct buf out = { 0 }, title = { 0 };

	(void)state;
	chat_text(&out, d, &how);
	assert_string_equal(out.s,
		"this is a test message from certvigil on "
		"agent1.example.com; nothing is wrong\n\n"
		"certvigil on agent1.example.com, sent 2026-11-20 18:00 UTC");
	chat_title(&title, d, &how, 1000);
	assert_string_equal(title.s, "TEST: certvigil on agent1.example.com");
}

/* --- how much */

static size_t
size_of(const struct chat_dialect *how, const char *s)
{
	return how->measure != NULL ? how->measure(s) : strlen(s);
}

static size_t
more_of(const char *text)
{
	const char *at = strstr(text, " more; ");
	size_t n = 0;

	if (at == NULL)
		return 0;
	while (at > text && at[-1] != '\n')
		at--;
	assert_int_equal(sscanf(at, "and %zu more", &n), 1);
	return n;
}

/* Whatever the room: never more of it, whole lines, and none unaccounted. */
static void
check_text(const struct digest *d, const struct chat_dialect *how)
{
	BUF_CLEANUP struct buf out = { 0 };
	size_t told;

	chat_text(&out, d, how);
	if (size_of(how, buf_str(&out)) > how->max)
		fail_msg("max %zu: %s", how->max, out.s);
	if (out.len == 0)
		return;
	assert_true(out.s[0] != '\n' && out.s[out.len - 1] != '\n');
	assert_false(has(out.s, "\n\n\n"));
	told = times(out.s, "CRITICAL: expires in 6 days (2026-11-26)") +
		times(out.s, "WARNING: expires in 6 days (2026-11-26)");
	if (strncmp(d->v[0].target, "host", 4) == 0)
		assert_int_equal(told + more_of(out.s), d->n);
}

static void
test_every_max(void **state)
{
	static size_t (*const measures[])(
		const char *) = { NULL, chat_characters, chat_utf16 };
	static struct digest *(*const makers[])(
		void) = { digest_ordinary, digest_of_test, digest_hostile };

	(void)state;
	for (size_t i = 0; i < COUNT(makers) * COUNT(measures); i++) {
		cleanup(digest_free) struct digest *d =
			makers[i % COUNT(makers)]();

		for (size_t max = 0; max < 1500; max += max < 150 ? 1 : 29) {
			struct chat_dialect how = dialect(max);
			BUF_CLEANUP struct buf title = { 0 };

			how.measure = measures[i / COUNT(makers)];
			how.bold = how.bold_end = "**";
			check_text(d, &how);
			chat_title(&title, d, &how, max);
			assert_true(size_of(&how, buf_str(&title)) <= max);
			assert_null(strchr(buf_str(&title), '\n'));
		}
	}
}

static void
test_every_max_of_many(void **state)
{
	cleanup(digest_free) struct digest *d = digest_huge(30);

	(void)state;
	for (size_t max = 0; max < 8000; max += max < 400 ? 1 : 17) {
		struct chat_dialect how = dialect(max);

		check_text(d, &how);
	}
}

/* The worst are told, the others counted; a second is enough by far. */
static void
test_huge(void **state)
{
	cleanup(digest_free) struct digest *d = digest_huge(5000);
	struct chat_dialect how = dialect(1000);
	clock_t start = clock();

	(void)state;
	for (size_t max = 1000; max <= 1000000; max *= 10) {
		BUF_CLEANUP struct buf out = { 0 };

		how.max = max;
		check_text(d, &how);
		chat_text(&out, d, &how);
		assert_true(more_of(out.s) >= 4800);
		assert_true(has(out.s, "host00000.example.com"));
		assert_true(has(out.s, "CRITICAL"));
	}
	assert_true((clock() - start) / CLOCKS_PER_SEC < 2);
}

/* One that does not fit hides none of the others. */
static void
test_one_too_long(void **state)
{
	cleanup(digest_free) struct digest *d = digest_huge(3);
	struct chat_dialect how = dialect(350);
	cleanup(str_free) char *text = hostile_text(HOSTILE_TEXTS);
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	digest_set(&d->v[0].message, text);
	chat_text(&out, d, &how);
	assert_false(has(out.s, "long"));
	assert_true(has(out.s, "host00001.example.com"));
	assert_true(has(out.s, "host00002.example.com"));
	assert_int_equal(more_of(out.s), 1);
}

/* --- the title */

static void
test_title(void **state)
{
	static const struct {
		size_t n, max;
		const char *want;
	} rows[] = {
		{ 1, 100,
			"CRITICAL: host00000.example.com: expires in 6 days "
			"(2026-11-26)" },
		{ 1, 63,
			"CRITICAL: host00000.example.com: expires in 6 days "
			"(2026-11-26)" },
		{ 1, 62,
			"CRITICAL: host00000.example.com: expires in 6 days "
			"(2026-11..." },
		{ 2, 73,
			"CRITICAL: host00000.example.com: expires in 6 days "
			"(2026-11-26) (+1 more)" },
		{ 2, 40, "CRITICAL: host00000.example... (+1 more)" },
		{ 2, 13, "... (+1 more)" },
		{ 2, 12, "" },
		{ 2, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(digest_free) struct digest *d = digest_huge(rows[i].n);
		struct chat_dialect how = dialect(0);
		BUF_CLEANUP struct buf out = { 0 };

		chat_title(&out, d, &how, rows[i].max);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
}

/* What a text from outside has in brackets is not the count. */
static void
test_title_count(void **state)
{
	cleanup(digest_free) struct digest *d = digest_huge(3);
	struct chat_dialect how = dialect(0);
	cleanup(str_free) char *text = hostile_text(HOSTILE_TEXTS);
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	digest_set(&d->v[0].message, "x (+9 more) (y");
	chat_title(&out, d, &how, 100);
	assert_string_equal(out.s,
		"CRITICAL: host00000.example.com: x (+9 more) (y (+2 more)");
	buf_reset(&out);
	digest_set(&d->v[0].target, text);
	chat_title(&out, d, &how, 100);
	assert_true(out.len > 90 && out.len <= 100);
	assert_true(has(out.s, "... (+2 more)"));
}

/* --- colours */

static void
test_colour(void **state)
{
	static const struct {
		enum event_kind kind;
		enum severity severity;
		char want;
	} rows[] = {
		{ EVENT_OPENED, SEV_UNKNOWN, 'r' },
		{ EVENT_OPENED, SEV_CRITICAL, 'r' },
		{ EVENT_REPEATED, SEV_CRITICAL, 'r' },
		{ EVENT_ESCALATED, SEV_WARNING, 'y' },
		{ EVENT_RESOLVED, SEV_CRITICAL, 'g' },
		{ EVENT_RENEWED, SEV_OK, 'g' },
		{ EVENT_TEST, SEV_OK, 'b' },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(digest_free) struct digest *d = digest_empty();
		unsigned colour, red, green, blue;
		char name;

		digest_event(d, rows[i].kind, rows[i].severity, "t", NULL, "m");
		colour = chat_colour(d);
		assert_true(colour <= 0xffffff);
		red = colour >> 16;
		green = colour >> 8 & 0xff;
		blue = colour & 0xff;
		name = blue > red && blue > green ? 'b'
			: red > 2 * green	  ? 'r'
			: red > green		  ? 'y'
						  : 'g';
		assert_int_equal(name, rows[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_dialect),
		cmocka_unit_test(test_text_of_a_test),
		cmocka_unit_test(test_every_max),
		cmocka_unit_test(test_every_max_of_many),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_one_too_long),
		cmocka_unit_test(test_title),
		cmocka_unit_test(test_title_count),
		cmocka_unit_test(test_colour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
