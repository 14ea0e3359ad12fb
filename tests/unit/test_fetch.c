/* test_fetch.c - what is fetched, from where, and how much of it */
#include "tests/unit/http_world.h"

#include <stdio.h>

#include "probes/envproxy.h"
#include "probes/fetch.h"
#include "scan/io.h"

#define LIMIT_MS 20000
#define BODY 1024 /* bytes that are taken */
#define NO_PROXY "!there is no such proxy as the environment names"

static struct http web;

/* One fetch from the world's server, as a test wants it. */
struct
try {
	const char *url; /* whole, or a path on the server */
	enum reach reach;
	int64_t timeout_ms; /* 0: long enough */
};

/* Returns "" and the body, or what went wrong; its need in *need. */
static const char *
fetch(const struct try *t, struct buf *body, enum reach *need)
{
	static struct error err;
	char *url = *t->url == '/' ? http_url(&web, t->url) : str_dup(t->url);
	const struct fetch_request request = {
		.url = url,
		.max_bytes = BODY,
		.reach = t->reach,
	};
	struct probe_io io = { 0 };
	int rc;

	err = (struct error){ 0 };
	io_init(&io);
	io.deadline_ms = probe_now_ms() +
		(t->timeout_ms > 0 ? t->timeout_ms : LIMIT_MS);
	rc = fetch_get(&io, &request, body, need, &err);
	free(url);
	if (rc == 0)
		return "";
	assert_int_equal(body->len, 0);
	return err.text;
}

/* What comes of it: the body, or "!" and the error; "*" is the port. */
static void
expect(const struct try *t, const char *want, enum reach want_need)
{
	struct buf body BUF_CLEANUP = { 0 };
	struct buf have BUF_CLEANUP = { 0 };
	struct buf wanted BUF_CLEANUP = { 0 };
	enum reach need;
	const char *err = fetch(t, &body, &need);

	buf_printf(&have, "%s%s", *err != '\0' ? "!" : "",
		*err != '\0' ? err : buf_str(&body));
	for (; *want != '\0'; want++) {
		if (*want == '*')
			buf_printf(&wanted, "%u", web.port);
		else
			buf_putc(&wanted, *want);
	}
	if (strcmp(buf_str(&have), buf_str(&wanted)) != 0 || need != want_need)
		fail_msg("%s: want \"%s\" (%d), have \"%s\" (%d)", t->url,
			buf_str(&wanted), (int)want_need, buf_str(&have),
			(int)need);
}

static void
make_pages(void)
{
	char body[BODY + 1];
	struct page *p;

	memset(body, 'x', sizeof(body));
	http_answer(&web, "/ok", "certificate", 11);
	http_answer(&web, "/empty", "", 0);
	http_answer(&web, "/full", body, BODY);
	http_answer(&web, "/long", body, BODY + 1);
	http_status(&web, "/404", "404 Not Found", "");
	http_status(&web, "/500", "500 Internal Server Error", "");
	http_status(&web, "/304", "304 Not Modified", "");
	http_status(&web, "/nowhere", "302 Found", "");
	http_redirect(&web, "/1", "/ok");
	http_redirect(&web, "/2", "/1");
	http_redirect(&web, "/3", "/2");
	http_redirect(&web, "/4", "/3");
	http_redirect(&web, "/loop", "/loop");
	http_redirect(&web, "/file", "file:///etc/passwd");
	http_redirect(&web, "/ftp", "ftp://ca.test/ca.der");
	http_redirect(&web, "/gopher", "gopher://127.0.0.1:6379/_FLUSHALL");
	http_redirect(&web, "/user", "http://me:secret@127.0.0.1/");
	http_redirect(&web, "/port", "http://127.0.0.1:25/");
	http_redirect(&web, "/metadata", "http://169.254.169.254/");
	http_redirect(&web, "/multicast", "http://224.0.0.1/");
	http_redirect(&web, "/to404", "/404");
	http_page(&web, "/silent")->silent = true;
	p = http_page(&web, "/short");
	buf_puts(&p->answer,
		"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfew");
	buf_puts(&http_page(&web, "/09")->answer, "no status line at all");
	p = http_page(&web, "/headers");
	buf_puts(&p->answer, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 2000; i++)
		buf_printf(&p->answer, "X-%d: %0100d\r\n", i, i);
	buf_puts(&p->answer, "\r\nok");
	p = http_page(&web, "/chunked");
	buf_printf(&p->answer,
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		"401\r\n%.*s\r\n0\r\n\r\n",
		BODY + 1, body);
}

static void
test_answers(void **state)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "/ok", "certificate" },
		{ "/empty", "" },
		{ "/long", "!want at most 1 KiB, have more" },
		{ "/chunked", "!want at most 1 KiB, have more" },
		{ "/404", "!HTTP 404" },
		{ "/500", "!HTTP 500" },
		{ "/304", "!HTTP 304" },
		{ "/nowhere", "!HTTP 302" },
		{ "/headers", "!want at most 64 KiB of headers, have more" },
		{ "/1", "certificate" },
		{ "/3", "certificate" },
		{ "/4", "!want at most 3 redirects, have more" },
		{ "/loop", "!want at most 3 redirects, have more" },
		{ "/file",
			"!redirected to file:///etc/passwd: want http or "
			"https, have file" },
		{ "/ftp",
			"!redirected to ftp://ca.test/ca.der: want http or "
			"https, have ftp" },
		{ "/gopher",
			"!redirected to gopher://127.0.0.1:6379/"
			"_FLUSHALL: want http or https, have gopher" },
		{ "/port",
			"!redirected to http://127.0.0.1:25/: want port "
			"80, 443, or one from 1024 on, have 25" },
		{ "/to404",
			"!redirected to http://127.0.0.1:*/404: HTTP "
			"404" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect(&(struct try){ rows[i].path, REACH_LOCAL, 0 },
			rows[i].want, REACH_PUBLIC);
}

static void
test_full(void **state)
{
	struct buf body BUF_CLEANUP = { 0 };
	enum reach need;

	(void)state;
	assert_string_equal(
		fetch(&(struct try){ "/full", REACH_LOCAL, 0 }, &body, &need),
		"");
	assert_int_equal(body.len, BODY);
}

/* Words of libcurl's own, which differ from one version to the next. */
static void
test_broken(void **state)
{
	static const char *const paths[] = { "/short", "/09", "/unknown" };

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct buf body BUF_CLEANUP = { 0 };
		enum reach need;
		const char *err = fetch(
			&(struct try){ paths[i], REACH_LOCAL, 0 }, &body,
			&need);

		if (*err == '\0')
			fail_msg("%s: want an error, have none", paths[i]);
	}
}

static void
test_reach(void **state)
{
	static const struct {
		struct try try;
		const char *want;
		enum reach need;
	} rows[] = {
		{ { "/ok", REACH_PUBLIC, 0 },
			"!127.0.0.1 is loopback, so it is not asked",
			REACH_LOCAL },
		{ { "/ok", REACH_PRIVATE, 0 },
			"!127.0.0.1 is loopback, so it is not asked",
			REACH_LOCAL },
		{ { "http://10.0.0.1/ca.der", REACH_PUBLIC, 0 },
			"!10.0.0.1 is private, so it is not asked",
			REACH_PRIVATE },
		{ { "http://[::ffff:10.0.0.1]/ca.der", REACH_PUBLIC, 0 },
			"!::ffff:10.0.0.1 is private, so it is not asked",
			REACH_PRIVATE },
		{ { "http://[64:ff9b::7f00:1]/ca.der", REACH_PRIVATE, 0 },
			"!64:ff9b::7f00:1 is loopback, so it is not asked",
			REACH_LOCAL },
		/* All the ways to write an address lead to the same. */
		{ { "http://2130706433/", REACH_PRIVATE, 0 },
			"!127.0.0.1 is loopback, so it is not asked",
			REACH_LOCAL },
		{ { "http://0x7f.1/", REACH_PRIVATE, 0 },
			"!127.0.0.1 is loopback, so it is not asked",
			REACH_LOCAL },
		/* Ports that may be asked. */
		{ { "http://127.0.0.1/", REACH_PUBLIC, 0 },
			"!127.0.0.1 is loopback, so it is not asked",
			REACH_LOCAL },
		{ { "https://127.0.0.1/", REACH_PUBLIC, 0 },
			"!127.0.0.1 is loopback, so it is not asked",
			REACH_LOCAL },
		{ { "http://127.0.0.1:1024/", REACH_PUBLIC, 0 },
			"!127.0.0.1 is loopback, so it is not asked",
			REACH_LOCAL },
		{ { "HTTP://127.0.0.1:65535/", REACH_PUBLIC, 0 },
			"!127.0.0.1 is loopback, so it is not asked",
			REACH_LOCAL },
		{ { "http://0/", REACH_LOCAL, 0 },
			"!0.0.0.0 is unspecified, so it is not asked",
			REACH_NOWHERE },
		{ { "/metadata", REACH_PRIVATE, 0 },
			"!127.0.0.1 is loopback, so it is not asked",
			REACH_LOCAL },
		{ { "/multicast", REACH_LOCAL, 0 },
			"!redirected to http://224.0.0.1/: 224.0.0.1 is "
			"multicast, so it is not asked",
			REACH_NOWHERE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect(&rows[i].try, rows[i].want, rows[i].need);
	/* A name is judged by the address that it has. */
	{
		cleanup(str_free) char *url = str_fmt(
			"http://localhost:%u/ok", web.port);
		struct buf body BUF_CLEANUP = { 0 };
		enum reach need;
		const char *err = fetch(
			&(struct try){ url, REACH_PUBLIC, 0 }, &body, &need);

		assert_int_equal(need, REACH_LOCAL);
		assert_non_null(strstr(err, " is loopback, so"));
		assert_string_equal(fetch(&(struct try){ url, REACH_LOCAL, 0 },
					    &body, &need),
			"");
	}
}

static void
test_urls(void **state)
{
	static const struct {
		const char *url, *want;
	} rows[] = {
		{ "", "!want a URL of http or https, have something else" },
		{ "ca.der",
			"!want a URL of http or https, have something "
			"else" },
		{ "http://",
			"!want a URL of http or https, have something "
			"else" },
		{ "http://a b/",
			"!want a URL of http or https, have "
			"something else" },
		{ "http://127.0.0.1/\r\nHost: x",
			"!want a URL of http or "
			"https, have something "
			"else" },
		{ "httpx://127.0.0.1/", "!want http or https, have httpx" },
		{ "file:///etc/passwd", "!want http or https, have file" },
		{ "ldap://ca.test/cn=ca", "!want http or https, have ldap" },
		{ "http://me@127.0.0.1/",
			"!want no user and no password in "
			"the URL, have them" },
		{ "http://:secret@127.0.0.1/",
			"!want no user and no password "
			"in the URL, have them" },
		{ "http://127.0.0.1:25/",
			"!want port 80, 443, or one from "
			"1024 on, have 25" },
		{ "http://127.0.0.1:1023/",
			"!want port 80, 443, or one from "
			"1024 on, have 1023" },
		{ "http://127.0.0.1:0/",
			"!want port 80, 443, or one from "
			"1024 on, have 0" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect(&(struct try){ rows[i].url, REACH_LOCAL, 0 },
			rows[i].want, REACH_PUBLIC);
}

static void
test_unreachable(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	cleanup(str_free) char *url = NULL;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	/* Bound, but not listening: it refuses. */
	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	url = str_fmt("http://127.0.0.1:%u/", ntohs(at.sin_port));
	expect(&(struct try){ url, REACH_LOCAL, 0 },
		"!cannot connect: Connection refused", REACH_PUBLIC);
	(void)close(fd);
	expect(&(struct try){ "http://no-such-host.invalid/", REACH_LOCAL, 0 },
		"!the name no-such-host.invalid cannot be resolved",
		REACH_PUBLIC);
}

static void
test_deadline(void **state)
{
	int64_t begin = probe_now_ms();

	(void)state;
	expect(&(struct try){ "/silent", REACH_LOCAL, 200 },
		"!no answer in time", REACH_PUBLIC);
	assert_in_range(probe_now_ms() - begin, 200, LIMIT_MS - 1);
	/* It is over before it has begun. */
	expect(&(struct try){ "/silent", REACH_LOCAL, 1 }, "!no answer in time",
		REACH_PUBLIC);
}

/* What the server gets to see: no secrets, no compression. */
static void
test_request(void **state)
{
	(void)state;
	expect(&(struct try){ "/ok", REACH_LOCAL, 0 }, "certificate",
		REACH_PUBLIC);
	assert_non_null(strstr(buf_str(&web.asked), "GET"));
	assert_non_null(strstr(buf_str(&web.asked),
		"User-Agent: certvigil/" CERTVIGIL_VERSION "\r\n"));
	assert_null(strstr(buf_str(&web.asked), "Accept-Encoding"));
	assert_null(strstr(buf_str(&web.asked), "Authorization"));
}

static const char *const variables[] = { "http_proxy", "HTTP_PROXY",
	"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
	"NO_PROXY" };

static void
clear_environment(void)
{
	for (size_t i = 0; i < COUNT(variables); i++)
		assert_int_equal(unsetenv(variables[i]), 0);
}

static void
test_proxy_find(void **state)
{
	static const struct {
		const char *set; /* "name=value name=value" */
		const char *scheme, *host;
		const char *want; /* NULL: none */
	} rows[] = {
		{ "", "http", "ca.test", NULL },
		{ "http_proxy=p:1", "http", "ca.test", "p:1" },
		{ "http_proxy=p:1", "https", "ca.test", NULL },
		{ "http_proxy=", "http", "ca.test", NULL },
		{ "HTTP_PROXY=p:1", "http", "ca.test", NULL },
		{ "https_proxy=p:1", "https", "ca.test", "p:1" },
		{ "HTTPS_PROXY=p:1", "https", "ca.test", "p:1" },
		{ "all_proxy=p:1", "http", "ca.test", "p:1" },
		{ "ALL_PROXY=p:1", "https", "ca.test", "p:1" },
		{ "http_proxy=p:1 all_proxy=q:1", "http", "ca.test", "p:1" },
		{ "http_proxy=p:1 no_proxy=*", "http", "ca.test", NULL },
		{ "http_proxy=p:1 no_proxy=ca.test", "http", "ca.test", NULL },
		{ "http_proxy=p:1 no_proxy=CA.test", "http", "ca.test", NULL },
		{ "http_proxy=p:1 no_proxy=test", "http", "ca.test", NULL },
		{ "http_proxy=p:1 no_proxy=.test", "http", "ca.test", NULL },
		{ "http_proxy=p:1 no_proxy=a.test", "http", "ca.test", "p:1" },
		{ "http_proxy=p:1 no_proxy=x.ca.test", "http", "ca.test",
			"p:1" },
		{ "http_proxy=p:1 no_proxy=a,,ca.test", "http", "ca.test",
			NULL },
		{ "http_proxy=p:1 no_proxy=.", "http", "ca.test", "p:1" },
		{ "http_proxy=p:1 NO_PROXY=a,test", "http", "ca.test", NULL },
		{ "http_proxy=p:1 no_proxy=10.0.0.1", "http", "10.0.0.1",
			NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(str_free) char *set = str_dup(rows[i].set);
		cleanup(str_free) char *have = NULL;
		char *at = NULL;

		clear_environment();
		for (char *word = strtok_r(set, " ", &at); word != NULL;
			word = strtok_r(NULL, " ", &at)) {
			char *eq = strchr(word, '=');

			*eq = '\0';
			assert_int_equal(setenv(word, eq + 1, 1), 0);
		}
		have = envproxy_find(rows[i].scheme, rows[i].host);
		if (have == NULL || rows[i].want == NULL)
			assert_true(have == NULL && rows[i].want == NULL);
		else
			assert_string_equal(have, rows[i].want);
	}
	clear_environment();
}

/* A proxy may be anywhere; what it is asked for may not. */
static void
test_by_proxy(void **state)
{
	/* The proxy's own machine, whatever it is called. */
	static const struct {
		const char *host, *shown;
	} near[] = {
		{ "[::1]", "::1" },
		{ "[::ffff:127.0.0.1]", "::ffff:127.0.0.1" },
		{ "[::1%25lo]", "::1" },
		{ "127.1", "127.0.0.1" },
		{ "127.0.0.1.", "127.0.0.1" },
		{ "localhost", "localhost" },
		{ "LocalHost.", "LocalHost" },
		{ "x.localhost", "x.localhost" },
	};
	cleanup(str_free) char *proxy = http_url(&web, "");

	(void)state;
	http_answer(&web, "http://ca.test/ca.der", "by proxy", 8);
	http_redirect(&web, "http://ca.test/in", "http://10.0.0.1/ca.der");
	http_answer(&web, "http://10.0.0.1/ca.der", "inside", 6);
	assert_int_equal(setenv("http_proxy", proxy, 1), 0);
	expect(&(struct try){ "http://ca.test/ca.der", REACH_PUBLIC, 0 },
		"by proxy", REACH_PUBLIC);
	expect(&(struct try){ "http://ca.test/in", REACH_PUBLIC, 0 },
		"!redirected to http://10.0.0.1/ca.der: 10.0.0.1 is private, "
		"so it is not asked",
		REACH_PRIVATE);
	for (size_t i = 0; i < COUNT(near); i++) {
		cleanup(str_free) char *url = str_fmt(
			"http://%s/ca.der", near[i].host);
		cleanup(str_free) char *want = str_fmt(
			"!%s is loopback, so it is not asked", near[i].shown);

		expect(&(struct try){ url, REACH_PUBLIC, 0 }, want,
			REACH_LOCAL);
	}
	expect(&(struct try){ "http://ca.test/in", REACH_PRIVATE, 0 }, "inside",
		REACH_PUBLIC);
	/* What it is not asked for is looked at. */
	assert_int_equal(setenv("no_proxy", "127.0.0.1", 1), 0);
	expect(&(struct try){ "/ok", REACH_PUBLIC, 0 },
		"!127.0.0.1 is loopback, so it is not asked", REACH_LOCAL);
	expect(&(struct try){ "/ok", REACH_LOCAL, 0 }, "certificate",
		REACH_PUBLIC);
	/* Only we decide: what libcurl takes for an exception is none. */
	http_answer(&web, "http://192.0.2.1/ca.der", "by proxy", 8);
	assert_int_equal(setenv("no_proxy", "192.0.2.0/24", 1), 0);
	expect(&(struct try){ "http://192.0.2.1/ca.der", REACH_PRIVATE, 0 },
		"by proxy", REACH_PUBLIC);
	clear_environment();
}

/* One that cannot be used; its password is nobody's business. */
static void
test_bad_proxy(void **state)
{
	static const struct {
		const char *proxy, *want;
	} rows[] = {
		{ "http://u:pw@no-proxy.invalid:1", NO_PROXY },
		{ "http://u:pw@127.0.0.1:1:2", NO_PROXY },
		{ "u:p w@127.0.0.1", NO_PROXY },
		{ "foo://u:pw@127.0.0.1:1", NO_PROXY },
		{ "socks5://u:pw@no-proxy.invalid:1",
			"!the name 192.0.2.1, or that of the proxy, cannot be "
			"resolved" },
		{ "http://u:pw@127.0.0.1:1",
			"!cannot connect to the proxy: Connection refused" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(setenv("http_proxy", rows[i].proxy, 1), 0);
		expect(&(struct try){ "http://192.0.2.1/", REACH_PRIVATE, 0 },
			rows[i].want, REACH_PUBLIC);
	}
	clear_environment();
}

static int
begin(void **state)
{
	(void)state;
	clear_environment();
	http_start(&web);
	make_pages();
	return 0;
}

static int
end(void **state)
{
	(void)state;
	http_stop(&web);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_unreachable),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_proxy_find),
		cmocka_unit_test(test_by_proxy),
		cmocka_unit_test(test_bad_proxy),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
