/* test_formats_chat.c - what chat services are sent, by their own rules */
#include "tests/unit/digest_world.h"

#include <time.h>

#include "notifiers/chat.h"

#define JOINER "\342\201\240" /* the only hidden character that is ours */

struct service {
	const char *name;
	enum format_index format;
	/* Holds the body to the schema, and gives what is shown of it. */
	void (*schema)(json_t *body, const struct digest *d, struct buf *shown);
	void (*harmless)(const char *name, const char *text);
	size_t body_max; /* bytes of the request; 0: not limited */
	int64_t pause_ms;
	bool to; /* takes the name of a channel */
};

static bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* Exactly these members and no others, of these types. */
#define UNPACK(j, ...)                                                         \
	do {                                                                   \
		json_error_t why_;                                             \
		if (json_unpack_ex((j), &why_, JSON_STRICT, __VA_ARGS__) != 0) \
			fail_msg("%s", why_.text);                             \
	} while (0)

static void
check_size(const char *what, const char *text, size_t least, size_t most,
	size_t (*measure)(const char *))
{
	size_t n = measure(text);

	if (n < least || n > most)
		fail_msg("%s: want %zu to %zu, have %zu: %s", what, least, most,
			n, text);
}

static void
check_colour(const char *text, const struct digest *d)
{
	cleanup(str_free) char *want = str_fmt("#%06x", chat_colour(d));

	assert_string_equal(text, want);
}

/* --- schemas, by the pages that the formats name */

static const char *
slack_text(json_t *block, const char *type, size_t most)
{
	const char *have, *kind, *text;
	int emoji;

	UNPACK(block, "{s:s, s:{s:s, s:s, s:b}}", "type", &have, "text", "type",
		&kind, "text", &text, "emoji", &emoji);
	assert_string_equal(have, type);
	assert_string_equal(kind, "plain_text");
	assert_false(emoji);
	check_size(type, text, 1, most, chat_utf16);
	return text;
}

static void
slack_schema(json_t *body, const struct digest *d, struct buf *shown)
{
	const char *text, *colour, *fallback;
	json_t *header, *sections, *section;
	size_t i, total = 0;
	int mrkdwn;

	UNPACK(body, "{s:s, s:b, s:[o], s:[{s:s, s:s, s:o}]}", "text", &text,
		"mrkdwn", &mrkdwn, "blocks", &header, "attachments", "color",
		&colour, "fallback", &fallback, "blocks", &sections);
	assert_false(mrkdwn);
	check_colour(colour, d);
	assert_string_equal(text, slack_text(header, "header", 150));
	assert_string_equal(text, fallback);
	buf_printf(shown, "%s\n", text);
	assert_in_range(json_array_size(sections), 1, 50);
	json_array_foreach(sections, i, section)
	{
		const char *s = slack_text(section, "section", 3000);

		assert_true(s[0] != '\n' && s[strlen(s) - 1] != '\n');
		buf_printf(shown, "%s\n", s);
		total += strlen(s);
	}
	assert_true(total + strlen(text) <= 40000);
}

/* Mattermost and Rocket.Chat have Slack's first form of attachments. */
static void
attachment(json_t *j, const struct digest *d, size_t most,
	size_t (*measure)(const char *), struct buf *shown)
{
	const char *fallback = NULL, *colour, *title, *text;

	UNPACK(j, "{s?s, s:s, s:s, s:s}", "fallback", &fallback, "color",
		&colour, "title", &title, "text", &text);
	if (fallback != NULL)
		assert_string_equal(fallback, title);
	check_colour(colour, d);
	check_size("title", title, 1, 250, measure);
	check_size("text", text, 1, most - 250, measure);
	buf_printf(shown, "%s\n%s\n", title, text);
}

static void
mattermost_schema(json_t *body, const struct digest *d, struct buf *shown)
{
	const char *channel;
	json_t *a;
	cleanup(str_free) char *all = json_dumps(body, JSON_COMPACT);

	UNPACK(body, "{s:[o], s:s}", "attachments", &a, "channel", &channel);
	assert_non_null(json_object_get(a, "fallback")); /* is required */
	assert_string_equal(channel, "alerts");
	attachment(a, d, 16383, chat_characters, shown);
	check_size("props", all, 1, 8000, chat_characters);
}

static void
rocketchat_schema(json_t *body, const struct digest *d, struct buf *shown)
{
	const char *channel;
	json_t *a;
	int urls;

	/* Nothing in "text": from there people are mentioned. */
	UNPACK(body, "{s:b, s:[o], s:s}", "parseUrls", &urls, "attachments", &a,
		"channel", &channel);
	assert_false(urls);
	assert_string_equal(channel, "alerts");
	attachment(a, d, 5000, chat_utf16, shown);
}

static void
discord_schema(json_t *body, const struct digest *d, struct buf *shown)
{
	const char *title, *text;
	json_t *parse;
	int colour;

	UNPACK(body, "{s:{s:o}, s:[{s:s, s:s, s:i}]}", "allowed_mentions",
		"parse", &parse, "embeds", "title", &title, "description",
		&text, "color", &colour);
	assert_true(json_is_array(parse) && json_array_size(parse) == 0);
	check_size("title", title, 1, 256, chat_utf16);
	check_size("description", text, 1, 4096, chat_utf16);
	assert_true(chat_utf16(title) + chat_utf16(text) <= 6000);
	assert_int_equal(colour, chat_colour(d));
	buf_printf(shown, "%s\n%s\n", title, text);
}

static void
googlechat_schema(json_t *body, const struct digest *d, struct buf *shown)
{
	const char *text;

	(void)d;
	UNPACK(body, "{s:s}", "text", &text);
	check_size("text", text, 1, 4096, strlen);
	buf_puts(shown, text);
}

static void
teams_run(json_t *run, struct buf *shown)
{
	const char *type, *text, *weight = "Bolder", *size = "Medium",
				 *colour = "Good";

	UNPACK(run, "{s:s, s:s, s?s, s?s, s?s}", "type", &type, "text", &text,
		"weight", &weight, "size", &size, "color", &colour);
	assert_string_equal(type, "TextRun");
	assert_string_equal(weight, "Bolder");
	assert_string_equal(size, "Medium");
	assert_true(has("Good Warning Attention Accent", colour));
	assert_true(text[0] != '\0' && strchr(text, '\n') == NULL);
	buf_puts(shown, text);
}

static void
teams_schema(json_t *body, const struct digest *d, struct buf *shown)
{
	const char *type, *content_type, *schema, *card, *version, *width;
	json_t *blocks, *block, *run;
	size_t i, k;

	(void)d;
	UNPACK(body, "{s:s, s:[{s:s, s:n, s:{s:s, s:s, s:s, s:{s:s}, s:o}}]}",
		"type", &type, "attachments", "contentType", &content_type,
		"contentUrl", "content", "$schema", &schema, "type", &card,
		"version", &version, "msteams", "width", &width, "body",
		&blocks);
	assert_string_equal(type, "message");
	assert_string_equal(
		content_type, "application/vnd.microsoft.card.adaptive");
	assert_string_equal(card, "AdaptiveCard");
	assert_string_equal(version, "1.4");
	assert_string_equal(width, "Full");
	assert_true(json_array_size(blocks) > 1);
	json_array_foreach(blocks, i, block)
	{
		const char *kind, *spacing = "None";
		json_t *runs;

		/* A TextBlock would be read as Markdown. */
		UNPACK(block, "{s:s, s?s, s:o}", "type", &kind, "spacing",
			&spacing, "inlines", &runs);
		assert_string_equal(kind, "RichTextBlock");
		assert_true(has("None Medium", spacing));
		assert_true(json_array_size(runs) > 0);
		json_array_foreach(runs, k, run) teams_run(run, shown);
		buf_putc(shown, '\n');
	}
}

/* --- is it harmless? */

static void
no_controls(const char *name, const char *text)
{
	static const char *const hidden[] = { "\177", "\302\205",
		"\342\200\213", "\342\200\215", "\342\200\250", "\342\200\256",
		"\342\201\246", "\357\273\277", "\363\240\201\201" };

	for (const char *s = text; *s != '\0'; s++) {
		if ((unsigned char)*s < ' ' && *s != '\n')
			fail_msg("%s: control %d in %s", name, *s, text);
	}
	for (size_t i = 0; i < COUNT(hidden); i++) {
		if (has(text, hidden[i]))
			fail_msg("%s: hidden %zu in %s", name, i, text);
	}
}

/* Of "&", "<" and ">" Slack makes mentions and links. */
static void
slack_is_harmless(const char *name, const char *text)
{
	no_controls(name, text);
	for (const char *s = text; *s != '\0'; s++) {
		if (*s == '<' || *s == '>' ||
			(*s == '&' && strncmp(s, "&amp;", 5) != 0 &&
				strncmp(s, "&lt;", 4) != 0 &&
				strncmp(s, "&gt;", 4) != 0))
			fail_msg("%s: markup at %.60s", name, s);
	}
}

static void
teams_is_harmless(const char *name, const char *text)
{
	no_controls(name, text);
	if (has(text, "{{"))
		fail_msg("%s: a function in %s", name, text);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return (c & 0x80) != 0 || is_digit(c) || (c >= 'A' && c <= 'Z') ||
		(c >= 'a' && c <= 'z');
}

/* A code span's inside; returns its end. */
static const char *
skip_code(const char *name, const char *s)
{
	const char *start = s;

	for (s++; *s != '`'; s++) {
		if (*s == '\0' || *s == '\n')
			fail_msg("%s: a span does not end: %s", name, start);
		/* Servers look for these even there. */
		if ((*s == '@' || *s == '<') && strncmp(s + 1, JOINER, 3) != 0)
			fail_msg("%s: a mention at %s", name, s);
	}
	if (s == start + 1)
		fail_msg("%s: an empty span: %s", name, start);
	return s + 1;
}

/* Outside of code spans there is nothing but words, and bold of our own. */
static void
code_is_harmless(const char *name, const char *text)
{
	size_t bold = 0;

	no_controls(name, text);
	for (const char *s = text; *s != '\0';) {
		bool begins = s == text || s[-1] == '\n';

		if (begins && (*s == '-' || *s == '+' || is_digit(*s)))
			fail_msg("%s: a list at %.60s", name, s);
		if (*s == '`') {
			s = skip_code(name, s);
			/* Two spans side by side would be one of "``". */
			if (*s == '`')
				fail_msg("%s: spans touch: %.60s", name, s);
		} else if (strncmp(s, "**", 2) == 0) {
			if (bold++ % 2 == 0 && !begins)
				fail_msg("%s: bold at %.60s", name, s);
			s += 2;
		} else if ((*s == '.' && is_word(s[1])) ||
			(*s == ':' && is_word(s[1]) && !is_digit(s[1]))) {
			fail_msg("%s: a link at %.60s", name, s);
		} else if (!is_word(*s) &&
			strchr("()-+,;%' \n.:", *s) == NULL) {
			fail_msg("%s: markup at %.60s", name, s);
		} else {
			s++;
		}
	}
	assert_int_equal(bold % 2, 0);
}

static const struct service services[] = {
	{ "slack", FORMAT_slack, slack_schema, slack_is_harmless, 0, 1000,
		false },
	{ "mattermost", FORMAT_mattermost, mattermost_schema, code_is_harmless,
		0, 200, true },
	{ "rocketchat", FORMAT_rocketchat, rocketchat_schema, code_is_harmless,
		0, 6000, true },
	{ "discord", FORMAT_discord, discord_schema, code_is_harmless, 0, 2000,
		false },
	{ "googlechat", FORMAT_googlechat, googlechat_schema, code_is_harmless,
		32000, 1000, false },
	{ "teams", FORMAT_teams, teams_schema, teams_is_harmless, 20000, 250,
		false },
};

/* All that is shown of the one request that tells `d`, which is checked. */
static void
tell(const struct service *s, const struct digest *d, struct buf *shown)
{
	const struct format *f = format_table[s->format];
	struct account a = { .url = "https://chat.example.com/hook",
		.to = s->to ? "alerts" : NULL };
	struct posts posts = { 0 };
	struct error err = { 0 };
	json_t *body;

	assert_int_equal(f->make(d, &a, DIGEST_NOW, &posts, &err), 0);
	assert_int_equal(posts.n, 1);
	assert_null(posts.v[0].url);
	assert_false(posts.v[0].put);
	assert_int_equal(posts.v[0].headers.n, 0);
	if (s->body_max > 0 && strlen(posts.v[0].body) > s->body_max)
		fail_msg("%s: %zu bytes", s->name, strlen(posts.v[0].body));
	body = digest_body(&posts.v[0]);
	s->schema(body, d, shown);
	s->harmless(s->name, buf_str(shown));
	json_decref(body);
	posts_release(&posts);
}

/* --- tests */

static void
test_ordinary(void **state)
{
	static const char *const told[] = { "www.example.com",
		"expired 3 days ago (2026-11-17)", "in 6 days",
		"the www name is not covered", "web-team",
		"Renew the certificate now and reload nginx.", "RESOLVED",
		"mail.example.com", "connection refused", "RENEWED",
		"api.example.com", "2027-02-18", "(+4 more)",
		"agent1.example.com" };
	cleanup(digest_free) struct digest *d = digest_ordinary();

	(void)state;
	for (size_t i = 0; i < COUNT(services); i++) {
		BUF_CLEANUP struct buf shown = { 0 };

		tell(&services[i], d, &shown);
		assert_int_equal(strncmp(shown.s, "CRITICAL: ", 10), 0);
		for (size_t k = 0; k < COUNT(told); k++) {
			if (!has(shown.s, told[k]))
				fail_msg("%s: no %s: %s", services[i].name,
					told[k], shown.s);
		}
		assert_false(has(shown.s, " more; "));
	}
}

static void
test_of_a_test(void **state)
{
	cleanup(digest_free) struct digest *d = digest_of_test();

	(void)state;
	for (size_t i = 0; i < COUNT(services); i++) {
		BUF_CLEANUP struct buf shown = { 0 };

		tell(&services[i], d, &shown);
		assert_int_equal(strncmp(shown.s, "TEST: ", 6), 0);
		assert_true(has(shown.s, "this is a test message"));
		assert_true(has(shown.s, "sent 2026-11-20 18:00 UTC"));
	}
}

static void
test_hostile(void **state)
{
	cleanup(digest_free) struct digest *d = digest_hostile();

	(void)state;
	for (size_t i = 0; i < COUNT(services); i++) {
		BUF_CLEANUP struct buf shown = { 0 };

		tell(&services[i], d, &shown);
		assert_true(has(shown.s, " more"));
	}
}

/* One at a time, so that no text is left out for want of room. */
static void
test_each_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < HOSTILE_TEXTS + 2; i++) {
		for (int kind = 0; kind < EVENT_KINDS; kind++) {
			cleanup(digest_free) struct digest *d = digest_empty();
			cleanup(str_free) char *text = hostile_text(i);
			struct event *e = digest_event(d, (enum event_kind)kind,
				SEV_CRITICAL, text, text, text);

			digest_set(&e->address, text);
			digest_set(&e->owner, text);
			digest_set(&e->hint, text);
			digest_set(&d->host, text);
			for (size_t k = 0; k < COUNT(services); k++) {
				BUF_CLEANUP struct buf shown = { 0 };

				tell(&services[k], d, &shown);
			}
		}
	}
}

static void
test_huge(void **state)
{
	static const size_t sizes[] = { 1, 100, 5000 };
	clock_t start = clock();

	(void)state;
	for (size_t i = 0; i < COUNT(sizes) * COUNT(services); i++) {
		size_t n = sizes[i / COUNT(services)];
		cleanup(digest_free) struct digest *d = digest_huge(n);
		BUF_CLEANUP struct buf shown = { 0 };

		tell(&services[i % COUNT(services)], d, &shown);
		assert_true(has(shown.s, "host00000.example.com"));
		if (n == 1)
			assert_false(has(shown.s, " more"));
		if (n == 5000) {
			assert_true(has(shown.s, "(+4999 more)"));
			assert_true(has(shown.s, " more; "));
		}
	}
	assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
}

/* A line's break is where Slack's sections part, and nothing is lost by it. */
static void
test_slack_sections(void **state)
{
	cleanup(digest_free) struct digest *d = digest_huge(100);
	BUF_CLEANUP struct buf shown = { 0 };
	size_t told = 0;

	(void)state;
	tell(&services[0], d, &shown);
	for (const char *s = shown.s; (s = strstr(s, "\nhost")) != NULL; s++)
		told++;
	assert_int_equal(told, 100);
	assert_false(has(shown.s, " more; "));
}

static void
test_settings(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(services); i++) {
		const struct service *s = &services[i];
		const struct account rows[] = {
			{ .url = "https://x/" },
			{ .url = "https://x/", .to = "alerts" },
			{ .to = "alerts" },
			{ .url = "https://x/", .token = "t" },
			{ .url = "https://x/", .secret = "s" },
			{ .url = "https://x/", .template = "f" },
		};
		const int want[] = { 0, s->to ? 0 : -1, -1, -1, -1, -1 };
		const struct format *f = format_table[s->format];

		for (size_t k = 0; k < COUNT(rows); k++) {
			struct error err = { 0 };

			if (format_check(s->format, &rows[k], &err) != want[k])
				fail_msg("%s: row %zu: %s", s->name, k,
					err.text);
		}
		assert_int_equal(f->pause_ms, s->pause_ms);
		assert_false(f->standard);
		assert_int_equal(
			strncmp(f->content_type, "application/json", 16), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ordinary),
		cmocka_unit_test(test_of_a_test),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_each_hostile),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_slack_sections),
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
