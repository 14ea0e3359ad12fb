/* test_notifiers.c - signatures, settings and answers of notifiers */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "notifiers/answer.h"
#include "notifiers/email.h"
#include "notifiers/format.h"
#include "notifiers/sign.h"
#include "notifiers/url.h"

static bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* --- signatures */

#define SECRET_24 "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SECRET_25 "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA=="
#define SECRET_64                                                              \
	"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm"           \
	"JygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="

/* Made with Python's hmac and with `openssl dgst -mac HMAC`. */
static void
test_sign(void **state)
{
	static const struct {
		const char *secrets, *id, *body, *want;
		time_t time;
	} rows[] = {
		{ SECRET_24, "msg_p5jXN8AQM9LWM0D4loKWxJek",
			"{\"test\": 2432232314}",
			"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
			1614265330 },
		{ SECRET_25, "msg_1", "",
			"v1,pCqmP/JRWmTQGd+e9Wd4d89zLhEThjQQcIwRGhA8tQw=", 0 },
		{ SECRET_64, "msg_1", "",
			"v1,HZL6IFGXxAA5+E6GULAHVKyxB+KD+eUDyD0G8JJ0huU=", 0 },
		{ " " SECRET_25 "\t" SECRET_64 "\n", "msg_1", "",
			"v1,pCqmP/JRWmTQGd+e9Wd4d89zLhEThjQQcIwRGhA8tQw= "
			"v1,HZL6IFGXxAA5+E6GULAHVKyxB+KD+eUDyD0G8JJ0huU=",
			0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		struct error err;

		assert_int_equal(sign_webhook(&out, rows[i].secrets, rows[i].id,
					 rows[i].time, rows[i].body, &err),
			0);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
}

static void
test_sign_refuses(void **state)
{
	static const struct {
		const char *secrets, *want;
	} rows[] = {
		{ "", "have none" },
		{ " \n", "have none" },
		{ "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "without" },
		{ "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "without" },
		{ "whsec_", "want 24 to 64 bytes, have 0" },
		{ "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=", "have 23" },
		{ "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY", "base64" },
		{ "whsec_MfKQ9r8GKYqrTwjU=D8ILPZIo2LaLaSw", "base64" },
		{ "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaL===", "base64" },
		{ "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa=w", "base64" },
		{ "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_", "base64" },
		{ "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm"
		  "JygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=",
			"have 65" },
		{ "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm"
		  "JygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNE",
			"base64" },
		{ SECRET_24 " whsec_AAAA", "have 3" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf out = { 0 };
		struct error err = { 0 };

		assert_int_equal(sign_check(rows[i].secrets, &err), -1);
		if (!has(err.text, rows[i].want))
			fail_msg("row %zu: %s", i, err.text);
		assert_null(strstr(err.text, "AAEC"));
		assert_int_equal(
			sign_webhook(&out, rows[i].secrets, "msg", 0, "", &err),
			-1);
		assert_int_equal(out.len, 0);
	}
}

/* --- settings */

/* Where the key called `name` of the section is, also an inherited one. */
static void *
setting(void *settings, const struct section *section, const char *name)
{
	for (const struct key *k = section->keys; k->name != NULL; k++) {
		void *at = (char *)settings + k->offset;

		if (strcmp(k->name, name) == 0)
			return at;
		if (k->type == KEY_INHERIT &&
			setting(at, k->section, name) != NULL)
			return setting(at, k->section, name);
	}
	return NULL;
}

static const struct section *
section_of(const char *name)
{
	const struct section *s;

	for (size_t i = 0; (s = notifier_section(i)) != NULL; i++) {
		if (strcmp(s->name, name) == 0)
			return s;
	}
	fail_msg("no %s", name);
	return NULL;
}

struct given {
	const char *key, *value;
};

/* What check() says of these texts; "" if it is content. */
static void
check_settings(const struct section *kind, const struct given *given, size_t n,
	struct error *err)
{
	cleanup(arena_free) struct arena *a = arena_new();
	void *settings = arena_alloc(a, kind->size);

	*err = (struct error){ 0 };
	for (size_t i = 0; i < n && given[i].key != NULL; i++) {
		void *at = setting(settings, kind, given[i].key);

		assert_non_null(at);
		if (strcmp(given[i].key, "to") == 0)
			words_add(a, at, given[i].value);
		else if (strcmp(given[i].key, "starttls") == 0)
			*(int64_t *)at = strcmp(given[i].value, "off") == 0
				? CURLUSESSL_NONE
				: CURLUSESSL_TRY;
		else
			*(const char **)at = given[i].value;
	}
	if (notifier_of(kind)->check(settings, err) == 0)
		assert_int_equal(err->text[0], '\0');
}

static void
test_webhook_check(void **state)
{
	static const struct {
		struct given given[3];
		const char *want;
	} rows[] = {
		{ { { "url", "https://example.com/x" } }, "" },
		{ { { "url", "http://127.0.0.1:8080" } }, "" },
		{ { { "url", "HTTPS://u:p@[::1]:1/?q" } }, "" },
		{ { { "url", NULL } }, "url: the format json needs it" },
		{ { { "url", "ftp://example.com/" } }, "url: want http://" },
		{ { { "url", "file:///etc/passwd" } }, "url: want http://" },
		{ { { "url", "example.com/token" } }, "url: want http://" },
		{ { { "url", "https://" } }, "url: want http://" },
		{ { { "url", "https://a b/" } }, "url: want http://" },
		{ { { "url", "https://a/\r\nX: y" } }, "url: want http://" },
		{ { { "url", "https://a/" }, { "proxy", "none" } }, "" },
		{ { { "url", "https://a/" }, { "proxy", "http://p:3128" } },
			"" },
		{ { { "url", "https://a/" }, { "proxy", "socks5h://p" } }, "" },
		{ { { "url", "https://a/" }, { "proxy", "ftp://p:3128" } },
			"proxy: want http://" },
		{ { { "url", "https://a/" }, { "secret", SECRET_24 } }, "" },
		{ { { "url", "https://a/" }, { "secret", "hunter2hunter2" } },
			"secret: want" },
		{ { { "url", "https://a/" }, { "certificate", "c.pem" } }, "" },
		{ { { "url", "https://a/" }, { "key", "k.pem" } },
			"key: want `certificate`" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err;

		check_settings(section_of("webhook"), rows[i].given,
			COUNT(rows[i].given), &err);
		if (strncmp(err.text, rows[i].want, strlen(rows[i].want)) !=
				0 ||
			(rows[i].want[0] == '\0') != (err.text[0] == '\0'))
			fail_msg("row %zu: %s", i, err.text);
		assert_false(has(err.text, "token"));
		assert_false(has(err.text, "hunter2"));
	}
}

#define SERVER(url)                                                            \
	{ "server", (url) }, { "from", "a@b" },                                \
	{                                                                      \
		"to", "c@d"                                                    \
	}
#define SENDMAIL                                                               \
	{ "sendmail", "/usr/sbin/sendmail" }, { "from", "a@b" },               \
	{                                                                      \
		"to", "c@d"                                                    \
	}
#define LOGIN                                                                  \
	{ "user", "u" },                                                       \
	{                                                                      \
		"password", "p"                                                \
	}

static void
test_email_check(void **state)
{
	static const struct {
		struct given given[8];
		const char *want;
	} rows[] = {
		{ { SERVER("smtps://mail.example.com") }, "" },
		{ { SERVER("smtps://mail.example.com/") }, "" },
		{ { SERVER("smtp://[::1]:2525"), LOGIN, { "hello", "h.x" } },
			"" },
		{ { SERVER("mail.example.com") }, "server: want smtps://" },
		{ { SERVER("imap://m") }, "server: want smtps://" },
		{ { SERVER("smtp://u@m") }, "server: want smtps://" },
		{ { SERVER("smtp://u:p@m") }, "server: want smtps://" },
		{ { SERVER("smtp://m/x") }, "server: want smtps://" },
		{ { SERVER("smtp://m?x") }, "server: want smtps://" },
		{ { SERVER("smtp://m#x") }, "server: want smtps://" },
		{ { SERVER("smtps://m"), { "user", "u" } },
			"user: want `password`" },
		{ { SERVER("smtps://m"), { "password", "p" } },
			"password: want `user`" },
		{ { SERVER("smtp://m"), { "starttls", "off" } }, "" },
		{ { SERVER("smtps://m"), LOGIN, { "starttls", "off" } }, "" },
		{ { SERVER("smtp://m"), LOGIN, { "starttls", "off" } },
			"password: want smtps://" },
		{ { SERVER("smtp://m"), LOGIN, { "starttls", "if-offered" } },
			"password: want smtps://" },
		{ { SERVER("smtp://127.evil.example"), LOGIN,
			  { "starttls", "off" } },
			"password: want smtps://" },
		{ { SERVER("smtp://localhost"), LOGIN, { "starttls", "off" } },
			"" },
		{ { SERVER("smtp://127.0.0.2:25"), LOGIN,
			  { "starttls", "off" } },
			"" },
		{ { SERVER("smtp://[::1]:25"), LOGIN, { "starttls", "off" } },
			"" },
		{ { SERVER("smtps://m"), { "hello", "[192.0.2.1]" } }, "" },
		{ { SERVER("smtps://m"), { "hello", "a/b" } }, "hello: want" },
		{ { SERVER("smtps://m"), { "hello", "a\r\nRSET" } },
			"hello: want" },
		{ { SERVER("smtps://m"), { "to", "e@f" } }, "" },
		{ { SERVER("smtps://m"), { "to", "e" } }, "to: want an addr" },
		{ { SERVER("smtps://m"), { "from", "e" } },
			"from: want an addr" },
		{ { { "server", "smtps://m" }, { "from", "a@b" } },
			"to: want 1 to 100" },
		{ { SERVER("smtps://m"), { "key", "k" } }, "key: want" },
		{ { { "from", "a@b" }, { "to", "c@d" } },
			"server: want it, or `sendmail`" },
		{ { SENDMAIL }, "" },
		{ { SENDMAIL, { "to", "e" } }, "to: want an addr" },
		{ { SENDMAIL, { "server", "smtps://m" } },
			"server: want none" },
		{ { SENDMAIL, { "user", "u" } }, "user: want none" },
		{ { SENDMAIL, { "password", "p" } }, "password: want none" },
		{ { SENDMAIL, { "hello", "h" } }, "hello: want none" },
		{ { SENDMAIL, { "ca", "c" } }, "ca: want none" },
		{ { SENDMAIL, { "certificate", "c" } },
			"certificate: want none" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err;

		check_settings(section_of("email"), rows[i].given,
			COUNT(rows[i].given), &err);
		if (strncmp(err.text, rows[i].want, strlen(rows[i].want)) !=
				0 ||
			(rows[i].want[0] == '\0') != (err.text[0] == '\0'))
			fail_msg("row %zu: %s", i, err.text);
	}
}

static void
test_table(void **state)
{
	size_t n = 0;

	(void)state;
	for (; notifier_table[n] != NULL; n++) {
		const struct section *s = notifier_section(n);

		assert_ptr_equal(s, &notifier_table[n]->section);
		assert_ptr_equal(notifier_of(s), notifier_table[n]);
		assert_non_null(notifier_table[n]->send);
	}
	assert_null(notifier_section(n));
	assert_null(notifier_section(SIZE_MAX));
	for (int i = 0; i < FORMATS; i++) {
		assert_int_equal(format_choices[i].value, i);
		assert_non_null(format_table[i]->make);
		assert_non_null(format_table[i]->content_type);
	}
	assert_null(format_choices[FORMATS].name);
}

/* --- answers, and what they must not tell */

static void
test_answer(void **state)
{
	struct strlist hidden = { 0 };
	struct delivery out = { 0 };
	char big[1000];

	(void)state;
	answer_hide_url(&hidden,
		"https://user1:pass%40word@example.com/hook/T0KEN-T0KEN?"
		"key=0123456789");
	answer_hide(&hidden, "s3cret");
	answer_hide(&hidden, "abc");
	answer_hide(&hidden, NULL);
	answer_hide_login(&hidden, "x", "TOPSECRETD");
	answer_hide_login(&hidden, NULL, NULL);
	answer_set(&out, DELIVERY_REFUSED, &hidden,
		" Cannot POST\r\n\t/hook/T0KEN-T0KEN?key=0123456789 \n");
	assert_int_equal(out.outcome, DELIVERY_REFUSED);
	assert_string_equal(out.answer, "Cannot POST ***?***");
	answer_set(&out, DELIVERY_FAILED, &hidden, "%s",
		"T0KEN-T0KEN 0123456789 user1 pass@word pass%40word "
		"s3cret abc \033[1m");
	assert_string_equal(out.answer, "*** *** *** *** *** *** abc \\x1b[1m");

	/* AUTH LOGIN, AUTH PLAIN, Basic, and Basic of the URL */
	answer_set(&out, DELIVERY_FAILED, &hidden, "%s",
		"VE9QU0VDUkVURA== AHgAVE9QU0VDUkVURA== "
		"eDpUT1BTRUNSRVRE dXNlcjE6cGFzc0B3b3Jk TOPSECRETD");
	assert_string_equal(out.answer, "*** *** *** *** ***");

	memset(big, 'x', sizeof(big));
	memcpy(big + 249, "\303\274\303\274\303\274", 6);
	big[sizeof(big) - 1] = '\0';
	answer_set(&out, DELIVERED, NULL, "%s", big);
	assert_int_equal(strlen(out.answer), 254);
	assert_string_equal(out.answer + 248, "x\303\274...");
	strlist_release(&hidden);
}

/* A receiver may write down what it was sent in any way it likes. */
static void
test_echoes(void **state)
{
	static const struct {
		const char *secret, *said, *want;
	} rows[] = {
		{ "/hook/a&b=\"c'", "no /HOOK/A&B=\"C' here", "no *** here" },
		{ "/hook/a&b=\"c'", "%2fhook%2Fa%26b%3D%22c%27", "***" },
		{ "/hook/a&b=\"c'", "\\/hook\\/a&b=\\\"c\\u0027", "***" },
		{ "/hook/a&b=\"c'", "\\u002Fhook/a\\u0026b=\\\"c'", "***" },
		{ "/hook/a&b=\"c'", "/hook/a&amp;b=&quot;c&apos;", "***" },
		{ "/hook/a&b=\"c'", "&#47;hook&#x2F;a&#038;b=&#x22;c&#39;",
			"***" },
		{ "/hook/a&b=\"c'", "/hook&#x4141412f;a", NULL },
		{ "/hook/a&b=\"c'", "/hook/a&b=", "***" }, /* cut off */
		{ "/hook/a&b=\"c'", "\\u002Fhook%2Fa%26", "***" },
		{ "/hook/a&b=\"c'", "/hook/a", NULL }, /* it is known */
		{ "/hook/a&b=\"c'", "/hook/a&b= or", NULL },
		{ "/hook/a&b=\"c'", "want x, have \"/hook/a&b\"",
			"want x, have \"***\"" },
		{ "abc\"", "abc\"", "***" },
		{ "a%2fb-100%", "a%2Fb-100%25", "***" },
		{ "pass", "pas", NULL },
		{ "pass", "&#112;&#", NULL },
		{ "pass", "%70%6", NULL },
		{ "pass", "\\u0070\\", "\\u0070\\" },
		{ "p\303\274ss", "p%C3%BCss", "***" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct strlist hidden = { 0 };
		struct delivery out = { 0 };

		answer_hide(&hidden, rows[i].secret);
		answer_set(&out, DELIVERY_FAILED, &hidden, "%s", rows[i].said);
		assert_string_equal(out.answer,
			rows[i].want != NULL ? rows[i].want : rows[i].said);
		strlist_release(&hidden);
	}
}

static void
test_proxies_of_the_environment(void **state)
{
	struct strlist hidden = { 0 };
	struct delivery out = { 0 };

	(void)state;
	setenv("https_proxy", "http://me:PROXYPASS@192.0.2.1:3128", 1);
	setenv("ALL_PROXY", "me:OTHERPASS@192.0.2.1", 1);
	answer_hide_proxies(&hidden);
	unsetenv("https_proxy");
	unsetenv("ALL_PROXY");
	answer_set(&out, DELIVERY_FAILED, &hidden, "%s",
		"PROXYPASS OTHERPASS bWU6UFJPWFlQQVNT bWU6T1RIRVJQQVNT");
	assert_string_equal(out.answer, "*** *** *** ***");
	strlist_release(&hidden);
}

static void
test_origin(void **state)
{
	static const struct {
		const char *url, *want;
	} rows[] = {
		{ "https://u:p@example.com/t?k#f", "https://example.com:443" },
		{ "http://[::1]:8080/t", "http://[::1]:8080" },
		{ "smtp://m", "smtp://m:25" },
		{ "token", "the receiver" },
		{ NULL, "the receiver" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *origin = url_origin(rows[i].url);

		assert_string_equal(origin, rows[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sign),
		cmocka_unit_test(test_sign_refuses),
		cmocka_unit_test(test_webhook_check),
		cmocka_unit_test(test_email_check),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_echoes),
		cmocka_unit_test(test_proxies_of_the_environment),
		cmocka_unit_test(test_origin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
