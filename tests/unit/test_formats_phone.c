/* test_formats_phone.c - what phones and groups' robots are sent */
#include "tests/unit/digest_world.h"

#include "notifiers/service.h"

#define ROOM "!r/oom?#x:example.com"
#define PUSHOVER_TOKEN "azGDORePK8gMaC0QOYAMyEEuzJnyUi"
#define PUSHOVER_USER "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"
#define BOT "123456:ABC-DEF_1234ghIkl"
#define SECRET "SEC0123"

/* What the service's documentation says of one member of the body. */
struct rule {
	const char *path; /* "a.b.0.c"; NULL ends the list */
	json_type type;
	const char *value; /* exactly this string; NULL: any */
};

struct service {
	const char *name;
	struct account account;
	const char *url; /* of the request; NULL: the account's */
	const char *header; /* the only one; NULL: none */
	bool put;
	const char *title, *text; /* their paths; title NULL: in the text */
	size_t body_max; /* bytes of the request; 0: not limited */
	size_t title_max, text_max; /* in units of `size` */
	size_t (*size)(const char *s); /* NULL: bytes */
	void (*harmless)(const char *name, const char *text);
	struct rule rules[16];
};

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
		if (strstr(text, hidden[i]) != NULL)
			fail_msg("%s: hidden %zu in %s", name, i, text);
	}
}

static bool
is_letter(char c)
{
	return (c & 0x80) != 0 ||
		(c != '\0' && strchr(SERVICE_ALNUM, c) != NULL);
}

/* Nothing that an app would open by a touch. */
static void
plain_is_harmless(const char *name, const char *text)
{
	if (strstr(text, "://") != NULL)
		fail_msg("%s: a link in %s", name, text);
	for (const char *s = text; *s != '\0'; s++) {
		if (*s == '@' && (s == text || !is_letter(s[-1])) &&
			is_letter(s[1]) && (s[1] & 0x80) == 0)
			fail_msg("%s: a mention at %.60s", name, s);
	}
}

static void
tame_is_harmless(const char *name, const char *text)
{
	plain_is_harmless(name, text);
	if (strchr(text, '<') != NULL)
		fail_msg("%s: a mention or a tag in %s", name, text);
}

static bool
begins(const char *s, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strncmp(s, *list, strlen(*list)) == 0)
			return true;
	}
	return false;
}

/* No tag but ours, and nothing out of <code> that an app would touch. */
static void
html_is_harmless(const char *name, const char *text)
{
	static const char *const tags[] = { "<code>", "</code>", "<br>", NULL };
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;",
		"&quot;", "&#39;", NULL };
	bool code = false;
	char before = ' ';

	for (const char *s = text; *s != '\0'; before = *s++) {
		if (*s == '<') {
			if (!begins(s, tags) || code != (s[1] == '/'))
				fail_msg("%s: a tag at %.60s", name, s);
			code = s[1] == 'c';
			s += strcspn(s, ">");
		} else if (*s == '&') {
			if (!begins(s, entities))
				fail_msg("%s: an entity at %.60s", name, s);
			s += strcspn(s, ";");
		} else if (!code &&
			(strchr("@#$/", *s) != NULL ||
				(*s == '.' && is_letter(before) &&
					is_letter(s[1])))) {
			fail_msg("%s: alive at %.60s", name, s);
		}
	}
	assert_false(code);
}

/* --- the services, as their documentation has them */

static size_t
html_utf16(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++) {
		if (*s == '<') {
			s += strcspn(s, ">");
			continue;
		}
		if (*s == '&')
			s += strcspn(s, ";");
		n += (*s & 0xc0) != 0x80 ? 1 : 0;
		n += (*s & 0xf8) == 0xf0 ? 1 : 0;
	}
	return n;
}

static const struct service services[] = {
	{ .name = "telegram",
		.account = { .token = BOT, .to = "-1001234567890" },
		.url = "https://api.telegram.org/bot" BOT "/sendMessage",
		.text = "text",
		.text_max = 4096,
		.size = html_utf16,
		.harmless = html_is_harmless,
		.rules = { { "chat_id", JSON_STRING, "-1001234567890" },
			{ "text", JSON_STRING, NULL },
			{ "parse_mode", JSON_STRING, "HTML" },
			{ "link_preview_options.is_disabled", JSON_TRUE,
				NULL } } },
	{ .name = "telegram",
		.account = { .url = "http://127.0.0.1:8081/x//",
			.token = BOT,
			.to = "@channel_1" },
		.url = "http://127.0.0.1:8081/x/bot" BOT "/sendMessage",
		.text = "text",
		.text_max = 4096,
		.size = html_utf16,
		.harmless = html_is_harmless,
		.rules = { { "chat_id", JSON_STRING, "@channel_1" },
			{ "text", JSON_STRING, NULL },
			{ "parse_mode", JSON_STRING, "HTML" },
			{ "link_preview_options.is_disabled", JSON_TRUE,
				NULL } } },
	{ .name = "matrix",
		.account = { .url = "https://matrix.example.com/",
			.token = "syt_x",
			.to = ROOM },
		.url = "https://matrix.example.com/_matrix/client/v3/rooms/"
		       "%21r%2Foom%3F%23x%3Aexample.com/send/m.room.message/"
		       "msg_00112233445566778899aabbccddeeff",
		.header = "Authorization: Bearer syt_x",
		.put = true,
		.text = "formatted_body",
		.body_max = 65536 - 8192, /* of the event, with its signature */
		.text_max = 65536,
		.harmless = html_is_harmless,
		.rules = { { "msgtype", JSON_STRING, "m.text" },
			{ "body", JSON_STRING, NULL },
			{ "format", JSON_STRING, "org.matrix.custom.html" },
			{ "formatted_body", JSON_STRING, NULL },
			{ "m.mentions", JSON_OBJECT, NULL } } },
	{ .name = "ntfy",
		.account = { .url = "https://ntfy.example.com",
			.token = "tk_x",
			.to = "Alerts_1-a" },
		.url = "https://ntfy.example.com/",
		.header = "Authorization: Bearer tk_x",
		.title = "title",
		.text = "message",
		.body_max = 8192,
		.title_max = 400,
		.text_max = 4096,
		.harmless = plain_is_harmless,
		.rules = { { "topic", JSON_STRING, "Alerts_1-a" },
			{ "title", JSON_STRING, NULL },
			{ "message", JSON_STRING, NULL },
			{ "priority", JSON_INTEGER, NULL },
			{ "tags.0", JSON_STRING, NULL } } },
	{ .name = "ntfy",
		.account = { .url = "https://ntfy.sh/", .to = "t" },
		.url = "https://ntfy.sh/",
		.title = "title",
		.text = "message",
		.body_max = 8192,
		.title_max = 400,
		.text_max = 4096,
		.harmless = plain_is_harmless,
		.rules = { { "topic", JSON_STRING, "t" },
			{ "title", JSON_STRING, NULL },
			{ "message", JSON_STRING, NULL },
			{ "priority", JSON_INTEGER, NULL },
			{ "tags.0", JSON_STRING, NULL } } },
	{ .name = "gotify",
		.account = { .url = "https://push.example.com/gotify/",
			.token = "AzyoeNS.D4iJLVa" },
		.url = "https://push.example.com/gotify/message",
		.header = "X-Gotify-Key: AzyoeNS.D4iJLVa",
		.title = "title",
		.text = "message",
		.title_max = 400,
		.text_max = 65535,
		.harmless = plain_is_harmless,
		.rules = { { "title", JSON_STRING, NULL },
			{ "message", JSON_STRING, NULL },
			{ "priority", JSON_INTEGER, NULL },
			{ "extras.client::display.contentType", JSON_STRING,
				"text/plain" } } },
	{ .name = "pushover",
		.account = { .token = PUSHOVER_TOKEN, .to = PUSHOVER_USER },
		.title = "title",
		.text = "message",
		.title_max = 250,
		.text_max = 1024,
		.size = chat_characters,
		.harmless = plain_is_harmless,
		.rules = { { "token", JSON_STRING, PUSHOVER_TOKEN },
			{ "user", JSON_STRING, PUSHOVER_USER },
			{ "title", JSON_STRING, NULL },
			{ "message", JSON_STRING, NULL },
			{ "priority", JSON_INTEGER, NULL },
			{ "timestamp", JSON_INTEGER, NULL } } },
	{ .name = "dingtalk",
		.account = { .url = "https://oapi.example.com/robot/send?"
				    "access_token=x" },
		.text = "text.content",
		.body_max = 20000,
		.text_max = 20000,
		.harmless = tame_is_harmless,
		.rules = { { "msgtype", JSON_STRING, "text" },
			{ "text.content", JSON_STRING, NULL },
			{ "at.isAtAll", JSON_FALSE, NULL } } },
	{ .name = "wecom",
		.account = { .url = "https://qyapi.example.com/send?key=x" },
		.text = "text.content",
		.text_max = 2048,
		.harmless = tame_is_harmless,
		.rules = { { "msgtype", JSON_STRING, "text" },
			{ "text.content", JSON_STRING, NULL } } },
	{ .name = "feishu",
		.account = { .url = "https://open.example.com/bot/v2/hook/x",
			.secret = SECRET },
		.title = "card.header.title.content",
		.text = "card.elements.0.text.content",
		.body_max = 20000,
		.title_max = 650,
		.text_max = 20000,
		.harmless = tame_is_harmless,
		.rules = { { "msg_type", JSON_STRING, "interactive" },
			{ "timestamp", JSON_STRING, "1795197600" },
			{ "sign", JSON_STRING, NULL },
			{ "card.config.wide_screen_mode", JSON_TRUE, NULL },
			{ "card.header.template", JSON_STRING, NULL },
			{ "card.header.title.tag", JSON_STRING, "plain_text" },
			{ "card.header.title.content", JSON_STRING, NULL },
			{ "card.elements.0.tag", JSON_STRING, "div" },
			{ "card.elements.0.text.tag", JSON_STRING,
				"plain_text" },
			{ "card.elements.0.text.content", JSON_STRING,
				NULL } } },
};

/* --- looking into a body */

static const struct format *
format_of(const struct service *s)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (strcmp(format_choices[i].name, s->name) == 0)
			return format_table[i];
	}
	fail_msg("no %s", s->name);
	return NULL;
}

/* Borrowed, or NULL. A name with dots in it comes first. */
static json_t *
member(json_t *j, const char *path)
{
	const char *dot = strchr(path, '.');

	if (json_object_get(j, path) != NULL || dot == NULL)
		return json_is_array(j)
			? json_array_get(j, strtoul(path, NULL, 10))
			: json_object_get(j, path);
	{
		cleanup(str_free) char *name = str_ndup(
			path, (size_t)(dot - path));

		return member(member(j, name), dot + 1);
	}
}

/* An empty object is one, too. */
static size_t
count_leaves(json_t *j)
{
	size_t n = 0, i;
	const char *name;
	json_t *v;

	if (json_is_array(j)) {
		json_array_foreach(j, i, v) n += count_leaves(v);
		return n;
	}
	if (!json_is_object(j) || json_object_size(j) == 0)
		return 1;
	json_object_foreach(j, name, v) n += count_leaves(v);
	return n;
}

static size_t
size_of(const struct service *s, const char *text)
{
	return s->size != NULL ? s->size(text) : strlen(text);
}

static void
hold_rules(const struct service *s, json_t *body)
{
	size_t n = 0;

	for (const struct rule *r = s->rules; r->path != NULL; r++, n++) {
		json_t *v = member(body, r->path);

		if (v == NULL || json_typeof(v) != r->type)
			fail_msg("%s: %s: not there", s->name, r->path);
		if (r->value != NULL &&
			strcmp(json_string_value(v), r->value) != 0)
			fail_msg("%s: %s: %s", s->name, r->path,
				json_string_value(v));
		if (json_is_string(v))
			no_controls(s->name, json_string_value(v));
	}
	if (count_leaves(body) != n)
		fail_msg("%s: %zu members, not %zu", s->name,
			count_leaves(body), n);
}

static void
hold_post(const struct service *s, const struct post *p)
{
	assert_int_equal(p->put, s->put);
	if (s->url == NULL)
		assert_null(p->url);
	else
		assert_string_equal(p->url, s->url);
	assert_int_equal(p->headers.n, s->header != NULL ? 1 : 0);
	if (s->header != NULL)
		assert_string_equal(p->headers.v[0], s->header);
	if (s->body_max != 0 && strlen(p->body) > s->body_max)
		fail_msg("%s: %zu bytes", s->name, strlen(p->body));
}

/* The body of the only request; for json_decref(). Takes over `d`. */
static json_t *
told(const struct service *s, struct digest *d)
{
	struct posts posts = { 0 };
	struct error err = { 0 };
	json_t *body;
	const char *text, *title;

	if (format_of(s)->make(d, &s->account, DIGEST_NOW, &posts, &err) == -1)
		fail_msg("%s: %s", s->name, err.text);
	assert_int_equal(posts.n, 1);
	hold_post(s, &posts.v[0]);
	body = digest_body(&posts.v[0]);
	hold_rules(s, body);
	text = json_string_value(member(body, s->text));
	title = s->title != NULL ? json_string_value(member(body, s->title))
				 : "";
	s->harmless(s->name, text);
	s->harmless(s->name, title);
	if (json_object_get(body, "body") != NULL) /* for those without HTML */
		plain_is_harmless(s->name,
			json_string_value(json_object_get(body, "body")));
	if (text[0] == '\0' || size_of(s, text) > s->text_max)
		fail_msg("%s: text of %zu", s->name, size_of(s, text));
	if (size_of(s, title) > s->title_max)
		fail_msg("%s: title of %zu", s->name, size_of(s, title));
	digest_free(d);
	posts_release(&posts);
	return body;
}

static bool
says(const struct service *s, json_t *body, const char *what)
{
	const char *title = s->title != NULL
		? json_string_value(member(body, s->title))
		: "";

	return strstr(title, what) != NULL ||
		strstr(json_string_value(member(body, s->text)), what) != NULL;
}

/* --- tests */

static void
test_ordinary(void **state)
{
	static const char *const words[] = { "CRITICAL", "www.example.com",
		"shop.example.com", "expired 3 days ago", "Renew the cert",
		"RESOLVED", "mail.example.com", "RENEWED", "api.example.com",
		"(+4 more)" };

	(void)state;
	for (size_t i = 0; i < COUNT(services); i++) {
		cleanup(service_json_free)
			json_t *body = told(&services[i], digest_ordinary());

		for (size_t j = 0; j < COUNT(words); j++) {
			/* 1,024 characters hold the worst of it. */
			if (!says(&services[i], body, words[j]) &&
				strcmp(services[i].name, "pushover") != 0)
				fail_msg("%s: no %s", services[i].name,
					words[j]);
		}
	}
}

static void
test_of_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(services); i++) {
		cleanup(service_json_free)
			json_t *body = told(&services[i], digest_of_test());

		assert_true(says(&services[i], body, "TEST"));
		assert_true(says(&services[i], body, "nothing is wrong"));
	}
}

static void
test_limits(void **state)
{
	static const size_t counts[] = { 1, 10, 100, 5000 };

	(void)state;
	for (size_t i = 0; i < COUNT(services); i++) {
		for (size_t j = 0; j < COUNT(counts); j++) {
			cleanup(service_json_free) json_t *body = told(
				&services[i], digest_huge(counts[j]));

			assert_true(says(&services[i], body, "host00000"));
			if (counts[j] < 5000)
				continue;
			assert_true(says(&services[i], body, "(+4999 more)"));
			assert_true(
				says(&services[i], body, " more; certvigil"));
		}
	}
}

/* Long texts of what takes most room in one way or another. */
static struct digest *
digest_heavy(const char *fill)
{
	struct digest *d = digest_empty();
	BUF_CLEANUP struct buf text = { 0 };

	while (text.len < 590)
		buf_puts(&text, fill);
	for (size_t i = 0; i < 120; i++) {
		cleanup(str_free) char *target = str_fmt("%zu%s", i, text.s);
		struct event *e = digest_event(
			d, EVENT_OPENED, SEV_CRITICAL, target, NULL, text.s);

		e->not_after = 0; /* no other words between */
	}
	return d;
}

static void
test_heavy(void **state)
{
	static const char *const fills[] = { "\"", "\\", "<", "& ", "@a ",
		"\360\237\224\245" };

	(void)state;
	for (size_t i = 0; i < COUNT(services); i++) {
		for (size_t j = 0; j < COUNT(fills); j++)
			json_decref(told(&services[i], digest_heavy(fills[j])));
	}
}

static void
test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(services); i++) {
		json_decref(told(&services[i], digest_hostile()));
		for (size_t j = 0; j < HOSTILE_TEXTS + 2; j++) {
			cleanup(str_free) char *text = hostile_text(j);
			struct digest *d = digest_empty();
			struct event *e = digest_event(d,
				(enum event_kind)(j % EVENT_KINDS),
				SEV_CRITICAL, text, NULL, text);

			digest_set(&e->hint, text);
			digest_set(&d->host, text);
			json_decref(told(&services[i], d));
		}
	}
}

/* How loud it rings. */
static void
test_levels(void **state)
{
	static const struct {
		const char *name, *path;
		const char *good, *test, *warning, *critical;
	} rows[] = {
		{ "ntfy", "priority", "2", "3", "3", "5" },
		{ "ntfy", "tags", "[\"white_check_mark\"]", "[\"test_tube\"]",
			"[\"warning\"]", "[\"rotating_light\"]" },
		{ "gotify", "priority", "2", "5", "5", "8" },
		{ "pushover", "priority", "-1", "0", "0", "1" },
		{ "feishu", "card.header.template", "\"green\"", "\"blue\"",
			"\"orange\"", "\"red\"" },
	};
	static const struct {
		enum event_kind kind;
		enum severity severity;
		size_t want; /* of good, test, ... */
	} events[] = { { EVENT_RESOLVED, SEV_CRITICAL, 0 },
		{ EVENT_RENEWED, SEV_OK, 0 }, { EVENT_TEST, SEV_OK, 1 },
		{ EVENT_OPENED, SEV_WARNING, 2 },
		{ EVENT_ESCALATED, SEV_CRITICAL, 3 },
		{ EVENT_REPEATED, SEV_UNKNOWN, 3 } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows) * COUNT(events); i++) {
		const char *const *want = &rows[i / COUNT(events)].good;
		size_t e = i % COUNT(events), s = 0;
		struct digest *d = digest_empty();
		cleanup(service_json_free) json_t *body = NULL;
		cleanup(str_free) char *have = NULL;

		while (strcmp(services[s].name, rows[i / COUNT(events)].name) !=
			0)
			s++;
		digest_event(d, EVENT_RESOLVED, SEV_CRITICAL, "a", "b", "c");
		digest_event(
			d, events[e].kind, events[e].severity, "x", NULL, "m");
		body = told(&services[s], d);
		have = json_dumps(member(body, rows[i / COUNT(events)].path),
			JSON_COMPACT | JSON_ENCODE_ANY);
		if (strcmp(have, want[events[e].want]) != 0)
			fail_msg(
				"%s: event %zu: %s", services[s].name, e, have);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ordinary),
		cmocka_unit_test(test_of_test),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_heavy),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
