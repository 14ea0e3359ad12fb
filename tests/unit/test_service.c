/* test_service.c - settings, signatures and answers of phones' services */
#include "tests/unit/digest_world.h"

#include "notifiers/service.h"

#define BOT "123456:ABC-DEF_1234ghIkl"
#define THIRTY "azGDORePK8gMaC0QOYAMyEEuzJnyUi"
#define HTTPS "https://example.com"
#define SECRET_1                                                               \
	"SEC000000000000000000000000000000"                                    \
	"0000000000000000000000000000test"
#define SECRET_2 "demo+/="

static const struct format *
format_called(const char *name, enum format_index *which)
{
	int i = 0;

	while (i < FORMATS && strcmp(format_choices[i].name, name) != 0)
		i++;
	if (i == FORMATS)
		fail_msg("no %s", name);
	*which = (enum format_index)i;
	return format_table[i];
}

/* --- settings */

#define ACCOUNT(u, t, o, s)                                                    \
	{                                                                      \
		.url = (u), .token = (t), .to = (o), .secret = (s)             \
	}

static void
test_check(void **state)
{
	static const struct {
		const char *name;
		struct account a;
		const char *want; /* "": all is well */
	} rows[] = {
		{ "telegram", ACCOUNT(NULL, BOT, "1", NULL), "" },
		{ "telegram", ACCOUNT(HTTPS "/a/", BOT, "-100", NULL), "" },
		{ "telegram", ACCOUNT(NULL, BOT, "@chan_1", NULL), "" },
		{ "telegram", ACCOUNT(NULL, NULL, "1", NULL), "token: the f" },
		{ "telegram", ACCOUNT(NULL, BOT, NULL, NULL), "to: the form" },
		{ "telegram", ACCOUNT(NULL, BOT, "1", "s"), "secret: the fo" },
		{ "telegram", ACCOUNT(NULL, "123456", "1", NULL), "token: w" },
		{ "telegram", ACCOUNT(NULL, ":ABC", "1", NULL), "token: want" },
		{ "telegram", ACCOUNT(NULL, "1:", "1", NULL), "token: want" },
		{ "telegram", ACCOUNT(NULL, "1:A/B", "1", NULL),
			"token: want" },
		{ "telegram", ACCOUNT(NULL, "1:A\n", "1", NULL),
			"token: want" },
		{ "telegram", ACCOUNT(NULL, "1:A B", "1", NULL),
			"token: want" },
		{ "telegram", ACCOUNT(NULL, "1:A?x", "1", NULL),
			"token: want" },
		{ "telegram", ACCOUNT(NULL, BOT, "", NULL), "to: want" },
		{ "telegram", ACCOUNT(NULL, BOT, "-", NULL), "to: want" },
		{ "telegram", ACCOUNT(NULL, BOT, "chan", NULL), "to: want" },
		{ "telegram", ACCOUNT(NULL, BOT, "@", NULL), "to: want" },
		{ "telegram", ACCOUNT(NULL, BOT, "@a b", NULL), "to: want" },
		{ "telegram", ACCOUNT(NULL, BOT, "1\n2", NULL), "to: want" },
		{ "telegram", ACCOUNT(HTTPS "/?x", BOT, "1", NULL), "url: w" },
		{ "telegram", ACCOUNT(HTTPS "/#", BOT, "1", NULL),
			"url: want" },
		{ "matrix", ACCOUNT(HTTPS, "syt", "!a:b", NULL), "" },
		{ "matrix", ACCOUNT(HTTPS, "syt", "!noserver", NULL), "" },
		{ "matrix", ACCOUNT(NULL, "syt", "!a:b", NULL), "url: the f" },
		{ "matrix", ACCOUNT(HTTPS, NULL, "!a:b", NULL), "token: the" },
		{ "matrix", ACCOUNT(HTTPS, "syt", NULL, NULL), "to: the for" },
		{ "matrix", ACCOUNT(HTTPS, "syt", "#a:b", NULL), "to: want a" },
		{ "matrix", ACCOUNT(HTTPS, "syt", "!", NULL), "to: want 2" },
		{ "matrix", ACCOUNT(HTTPS, "syt", "!a b", NULL), "to: want o" },
		{ "matrix", ACCOUNT(HTTPS, "syt", "!a\n", NULL), "to: want o" },
		{ "matrix", ACCOUNT(HTTPS, "s t", "!a:b", NULL), "token: wan" },
		{ "matrix", ACCOUNT(HTTPS, "s\r\nX: y", "!a:b", NULL),
			"token: want" },
		{ "matrix", ACCOUNT(HTTPS, "\303\274", "!a:b", NULL),
			"token: want" },
		{ "matrix", ACCOUNT(HTTPS "?x", "syt", "!a:b", NULL),
			"url: w" },
		{ "ntfy", ACCOUNT(HTTPS, NULL, "Topic_1-x", NULL), "" },
		{ "ntfy", ACCOUNT(HTTPS "/", "tk_x", "t", NULL), "" },
		{ "ntfy", ACCOUNT(NULL, NULL, "t", NULL), "url: the format" },
		{ "ntfy", ACCOUNT(HTTPS, NULL, NULL, NULL), "to: the format" },
		{ "ntfy", ACCOUNT(HTTPS "/t", NULL, "t", NULL), "url: want t" },
		{ "ntfy", ACCOUNT(HTTPS "/?a", NULL, "t", NULL), "url: want " },
		{ "ntfy", ACCOUNT(HTTPS, NULL, "", NULL), "to: want" },
		{ "ntfy", ACCOUNT(HTTPS, NULL, "a/b", NULL), "to: want" },
		{ "ntfy", ACCOUNT(HTTPS, NULL, "a,b", NULL), "to: want" },
		{ "ntfy", ACCOUNT(HTTPS, NULL, "a\nb", NULL), "to: want" },
		{ "ntfy", ACCOUNT(HTTPS, NULL, THIRTY THIRTY "12345", NULL),
			"to: want" },
		{ "ntfy", ACCOUNT(HTTPS, "a\nb", "t", NULL), "token: want" },
		{ "ntfy", ACCOUNT(HTTPS, "", "t", NULL), "token: want" },
		{ "gotify", ACCOUNT(HTTPS "/g/", "A.x", NULL, NULL), "" },
		{ "gotify", ACCOUNT(HTTPS, NULL, NULL, NULL), "token: the f" },
		{ "gotify", ACCOUNT(NULL, "A", NULL, NULL), "url: the forma" },
		{ "gotify", ACCOUNT(HTTPS, "A", "x", NULL), "to: the format" },
		{ "gotify", ACCOUNT(HTTPS, "A\r\nX: y", NULL, NULL),
			"token: w" },
		{ "gotify", ACCOUNT(HTTPS "?token=A", "A", NULL, NULL),
			"url: want" },
		{ "pushover", ACCOUNT(NULL, THIRTY, THIRTY, NULL), "" },
		{ "pushover", ACCOUNT(HTTPS, THIRTY, THIRTY, NULL), "" },
		{ "pushover", ACCOUNT(NULL, NULL, THIRTY, NULL), "token: the" },
		{ "pushover", ACCOUNT(NULL, THIRTY, NULL, NULL), "to: the fo" },
		{ "pushover", ACCOUNT(NULL, THIRTY "x", THIRTY, NULL),
			"token: want" },
		{ "pushover", ACCOUNT(NULL, THIRTY, THIRTY "," THIRTY, NULL),
			"to: want" },
		{ "pushover", ACCOUNT(NULL, THIRTY, "short", NULL),
			"to: want" },
		{ "dingtalk",
			ACCOUNT(HTTPS "/?access_token=x", NULL, NULL, NULL),
			"" },
		{ "dingtalk", ACCOUNT(HTTPS, NULL, NULL, SECRET_1), "" },
		{ "dingtalk", ACCOUNT(NULL, NULL, NULL, NULL), "url: the fo" },
		{ "dingtalk", ACCOUNT(HTTPS, "x", NULL, NULL), "token: the " },
		{ "dingtalk", ACCOUNT(HTTPS "/#x", NULL, NULL, NULL),
			"url: w" },
		{ "dingtalk", ACCOUNT(HTTPS, NULL, NULL, "a b"), "secret: wa" },
		{ "dingtalk", ACCOUNT(HTTPS, NULL, NULL, "ab\n"), "secret: w" },
		{ "wecom", ACCOUNT(HTTPS "/?key=x", NULL, NULL, NULL), "" },
		{ "wecom", ACCOUNT(NULL, NULL, NULL, NULL), "url: the forma" },
		{ "wecom", ACCOUNT(HTTPS "/?key=x#", NULL, NULL, NULL),
			"url: want" },
		{ "wecom", ACCOUNT(HTTPS, NULL, NULL, "x"), "secret: the fo" },
		{ "feishu", ACCOUNT(HTTPS "/hook/x", NULL, NULL, NULL), "" },
		{ "feishu", ACCOUNT(HTTPS, NULL, NULL, SECRET_2), "" },
		{ "feishu", ACCOUNT(NULL, NULL, NULL, NULL), "url: the form" },
		{ "feishu", ACCOUNT(HTTPS, NULL, NULL, "a b"), "secret: wan" },
		{ "feishu", ACCOUNT(HTTPS "#x", NULL, NULL, NULL), "url: wa" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(digest_free) struct digest *d = digest_of_test();
		struct posts posts = { 0 };
		struct error err = { 0 };
		enum format_index which;
		const struct format *f = format_called(rows[i].name, &which);
		int rc = format_check(which, &rows[i].a, &err);

		if (rc != (rows[i].want[0] == '\0' ? 0 : -1) ||
			strncmp(err.text, rows[i].want, strlen(rows[i].want)) !=
				0)
			fail_msg("row %zu: %s", i, err.text);
		/* Nothing malformed is sent, be it checked or not. */
		if (strstr(rows[i].want, ": w") != NULL) {
			assert_int_equal(
				f->make(d, &rows[i].a, 0, &posts, &err), -1);
			assert_int_equal(posts.n, 0);
			assert_null(strchr(err.text, '\n'));
		}
	}
}

/* A secret that nobody could read yet is no fault of its shape. */
static void
test_check_of_nothing(void **state)
{
	static const char *const names[] = { "telegram", "matrix", "ntfy",
		"gotify", "pushover", "dingtalk", "wecom", "feishu" };
	static const struct account nothing;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct error err;
		enum format_index which;

		assert_int_equal(
			format_called(names[i], &which)->check(&nothing, &err),
			0);
	}
}

/* Nothing that was refused is quoted. */
static void
test_check_quotes_nothing(void **state)
{
	static const struct account a = ACCOUNT(
		HTTPS "/hunter2#hunter2", "hunter2 ", "hunter2 ", "hunter2 ");
	static const char *const names[] = { "telegram", "matrix", "ntfy",
		"gotify", "pushover", "dingtalk", "wecom", "feishu" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct error err;
		enum format_index which;

		assert_int_equal(
			format_called(names[i], &which)->check(&a, &err), -1);
		assert_null(strstr(err.text, "hunter2"));
	}
}

/* --- signatures, made with Python's hmac and with `openssl dgst` */

static void
test_dingtalk_sign(void **state)
{
	static const struct {
		const char *url, *secret, *want;
		time_t now;
	} rows[] = {
		{ HTTPS "/send?access_token=x", SECRET_1,
			HTTPS
			"/send?access_token=x&timestamp=1795197600000"
			"&sign=ulxURiDFvc9EKQLfXLAa%2BMCxUwOePJZ4XiSaQBVQL8I%3D",
			1795197600 },
		{ HTTPS "/send", SECRET_2,
			HTTPS "/send?timestamp=1599360473000&sign="
			      "DaSVG5QV%2FVUxIIuRIxrWcf0hJI1xcXYhiZDmY8Im9ww"
			      "%3D",
			1599360473 },
	};
	enum format_index which;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct account a = ACCOUNT(
			rows[i].url, NULL, NULL, rows[i].secret);
		cleanup(digest_free) struct digest *d = digest_of_test();
		struct posts posts = { 0 };
		struct error err;

		assert_int_equal(
			format_called("dingtalk", &which)
				->make(d, &a, rows[i].now, &posts, &err),
			0);
		assert_string_equal(posts.v[0].url, rows[i].want);
		assert_null(strstr(posts.v[0].body, rows[i].secret));
		posts_release(&posts);
	}
}

static void
test_feishu_sign(void **state)
{
	static const struct {
		const char *secret, *timestamp, *sign;
		time_t now;
	} rows[] = {
		{ SECRET_1, "1795197600",
			"YJzeCDkkph/Yu/d8recCA9nDp+B6SzwiJtLixD4hi/w=",
			1795197600 },
		{ SECRET_2, "1599360473",
			"myXE/IAuUH21sIIcUNyf/fsjizyAqmhyBvKvuqJxogA=",
			1599360473 },
		{ NULL, NULL, NULL, 0 },
	};
	enum format_index which;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct account a = ACCOUNT(HTTPS, NULL, NULL, rows[i].secret);
		cleanup(digest_free) struct digest *d = digest_of_test();
		cleanup(service_json_free) json_t *body = NULL;
		struct posts posts = { 0 };
		struct error err;

		assert_int_equal(
			format_called("feishu", &which)
				->make(d, &a, rows[i].now, &posts, &err),
			0);
		body = digest_body(&posts.v[0]);
		posts_release(&posts);
		if (rows[i].secret == NULL) {
			assert_null(json_object_get(body, "timestamp"));
			assert_null(json_object_get(body, "sign"));
			continue;
		}
		assert_string_equal(
			json_string_value(json_object_get(body, "timestamp")),
			rows[i].timestamp);
		assert_string_equal(
			json_string_value(json_object_get(body, "sign")),
			rows[i].sign);
	}
}

/* --- answers */

static void
test_took(void **state)
{
	static const struct {
		const char *name, *body;
		const char *why; /* NULL: it did */
		int64_t wait_s;
	} rows[] = {
		{ "telegram", "{\"ok\":true,\"result\":{\"message_id\":1}}",
			NULL, 0 },
		{ "telegram",
			"{\"ok\":true,\"result\":{\"text\":\"x,\\\"\\\\ {cut",
			NULL, 0 },
		{ "telegram",
			"{\"ok\":true,\"result\":{\"id\":1,\"text\":\"cut",
			NULL, 0 },
		{ "telegram", "{\"ok\":true,\"result\":{\"text\":\"\\\"},cut",
			NULL, 0 },
		{ "telegram",
			"{\"ok\":false,\"error_code\":429,\"description\":"
			"\"Too Many Requests: retry after 35\","
			"\"parameters\":{\"retry_after\":35}}",
			"error_code 429: Too Many Requests: retry after 35",
			35 },
		{ "telegram", "{\"ok\":1}", "want {\"ok\":true}, have", 0 },
		{ "telegram", "{\"x\":\"\\\"ok\\\":true\"}", "want {\"ok\"",
			0 },
		{ "telegram", "<html>ok</html>",
			"want {\"ok\":true}, have "
			"\"<html>ok</html>\"",
			0 },
		{ "telegram", "", "want {\"ok\":true}", 0 },
		{ "telegram", "[{\"ok\":true}]", "want {\"ok\":true}", 0 },
		{ "telegram", "{\"ok\":true", "want {\"ok\":true}", 0 },
		{ "matrix", "{\"event_id\":\"$x\"}", NULL, 0 },
		{ "matrix",
			"{\"errcode\":\"M_LIMIT_EXCEEDED\",\"error\":\"Too "
			"many\",\"retry_after_ms\":2001}",
			"Too many", 3 },
		{ "matrix", "{\"event_id\":1}", "want an event_id", 0 },
		{ "matrix", "{}", "want an event_id", 0 },
		{ "ntfy", "{\"id\":\"x\",\"message\":\"cut", NULL, 0 },
		{ "ntfy", "{\"code\":42908,\"http\":429,\"error\":\"limit\"}",
			"code 42908: limit", 0 },
		{ "ntfy", "ok", "want a message's id", 0 },
		{ "gotify", "{\"id\":25,\"appid\":5,\"message\":\"cut", NULL,
			0 },
		{ "gotify",
			"{\"error\":\"Unauthorized\",\"errorCode\":401,"
			"\"errorDescription\":\"you need a token\"}",
			"errorCode 401: you need a token", 0 },
		{ "pushover", "{\"status\":1,\"request\":\"x\"}", NULL, 0 },
		{ "pushover",
			"{\"user\":\"invalid\",\"errors\":[\"user identifier "
			"is invalid\"],\"status\":0}",
			"user identifier is invalid", 0 },
		{ "pushover", "{\"status\":0}", "status 0", 0 },
		{ "pushover", "{\"status\":\"1\"}", "want status 1", 0 },
		{ "dingtalk", "{\"errcode\":0,\"errmsg\":\"ok\"}", NULL, 0 },
		{ "dingtalk",
			"{\"errcode\":310000,\"errmsg\":\"sign not match\"}",
			"errcode 310000: sign not match: want `secret`", 0 },
		{ "dingtalk",
			"{\"errcode\":130101,\"errmsg\":\"send too fast\"}",
			"errcode 130101: send too fast: more than 20", 600 },
		{ "dingtalk", "{\"errcode\":\"0\"}", "want errcode 0", 0 },
		{ "dingtalk", "{}", "want errcode 0, have \"{}\"", 0 },
		{ "wecom", "{\"errcode\":0,\"errmsg\":\"ok\"}", NULL, 0 },
		{ "wecom",
			"{\"errcode\":45009,\"errmsg\":\"api freq out of "
			"limit\"}",
			"errcode 45009: api freq out of limit", 60 },
		{ "wecom", "{}", "want errcode 0", 0 },
		{ "feishu", "{\"code\":0,\"msg\":\"success\",\"data\":{}}",
			NULL, 0 },
		{ "feishu", "{\"StatusCode\":0,\"StatusMessage\":\"success\"}",
			NULL, 0 },
		{ "feishu", "{\"StatusCode\":0,\"code\":9499,\"msg\":\"Bad\"}",
			"code 9499: Bad", 0 },
		{ "feishu", "{\"code\":19021,\"msg\":\"sign match fail\"}",
			"code 19021: sign match fail: want `secret`", 0 },
		{ "feishu", "{\"code\":19024,\"msg\":\"Key Words Not Found\"}",
			"code 19024: Key Words Not Found: want \"certvigil\"",
			0 },
		{ "feishu", "{\"code\":11232,\"msg\":\"frequency limited\"}",
			"code 11232: frequency limited", 60 },
		{ "feishu", "null", "want code 0", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf why = { 0 };
		enum format_index which;
		const struct format *f = format_called(rows[i].name, &which);
		const char *want = rows[i].why != NULL ? rows[i].why : "";

		assert_int_equal(
			f->took(rows[i].body, &why), rows[i].why == NULL);
		if (strncmp(buf_str(&why), want, strlen(want)) != 0 ||
			(rows[i].why == NULL && why.len > 0))
			fail_msg("row %zu: %s", i, buf_str(&why));
		assert_int_equal(
			f->wait_s != NULL ? f->wait_s(rows[i].body) : 0,
			rows[i].wait_s);
	}
}

/* --- text */

static void
test_escapes(void **state)
{
	static const struct {
		const char *text, *plain, *tame, *html;
	} rows[] = {
		{ "", "", "", "" },
		{ "expired 3 days ago (2026-11-17).", NULL, NULL, NULL },
		{ "https://a/", "https:\342\201\240//a/",
			"https:\342\201\240//a/", "<code>https://a/</code>" },
		{ "x <@u> y", "x <@\342\201\240u> y",
			"x \342\200\271@\342\201\240u> y",
			"x <code>&lt;@u&gt;</code> y" },
		{ "<b>", NULL, "\342\200\271b>", "&lt;b&gt;" },
		{ "ask ops@x, www.x.example.", NULL, NULL,
			"ask <code>ops@x</code>, "
			"<code>www.x.example</code>." },
		{ "@all x@", "@\342\201\240all x@", "@\342\201\240all x@",
			"<code>@all</code> <code>x@</code>" },
		{ "a&b \"c\" 'd'", NULL, NULL,
			"a&amp;b &quot;c&quot; &#39;d&#39;" },
		{ "/start #tag $USD 1234567 123456", NULL, NULL,
			"<code>/start</code> <code>#tag</code> "
			"<code>$USD</code> <code>1234567</code> 123456" },
		{ "\357\274\203x x\357\274\240y", NULL, NULL,
			"<code>\357\274\203x</code> "
			"<code>x\357\274\240y</code>" },
		{ "18:00 UTC: well... yes!", NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		static void (*const escapes[])(struct buf *, const char *) = {
			service_plain, service_tame, service_html
		};
		const char *const *want = &rows[i].plain;

		for (size_t j = 0; j < COUNT(escapes); j++) {
			BUF_CLEANUP struct buf out = { 0 };

			escapes[j](&out, rows[i].text);
			assert_string_equal(buf_str(&out),
				want[j] != NULL ? want[j] : rows[i].text);
		}
	}
}

static void
test_measures(void **state)
{
	cleanup(str_free) char *odd = service_percent(
		"!a/b?c#d:e f%\n\303\274~");
	cleanup(str_free) char *url = service_url("https://a//", "/x");

	(void)state;
	assert_int_equal(service_json_size("a\"b\\c\n\303\274"), 11);
	assert_string_equal(odd, "%21a%2Fb%3Fc%23d%3Ae%20f%25%0A%C3%BC~");
	assert_string_equal(url, "https://a/x");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_check_of_nothing),
		cmocka_unit_test(test_check_quotes_nothing),
		cmocka_unit_test(test_dingtalk_sign),
		cmocka_unit_test(test_feishu_sign),
		cmocka_unit_test(test_took),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_measures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
