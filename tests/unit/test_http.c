/* test_http.c - the head of an HTTP answer, and what is kept of it */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "probes/tls/http.h"

static const struct head_row {
	const char *name, *head;
	bool http;
	int status;
	const char *reason;
	size_t n_headers;
	const char *server; /* or NULL */
} head_rows[] = {
	{ "as it should be", "HTTP/1.1 200 OK\r\nServer: nginx\r\nA: b\r\n\r\n",
		true, 200, "OK", 2, "nginx" },
	{ "bare line feeds", "HTTP/1.0 404 Not Found\nserver:x\n\n", true, 404,
		"Not Found", 1, "x" },
	{ "no reason", "HTTP/1.1 204\r\n\r\n", true, 204, "", 0, NULL },
	{ "an empty reason", "HTTP/1.1 204 \r\n\r\n", true, 204, "", 0, NULL },
	{ "cut off", "HTTP/1.1 200 OK\r\nServer: ngi", true, 200, "OK", 1,
		"ngi" },
	{ "no end of the line", "HTTP/1.1 200", true, 200, "", 0, NULL },
	{ "what follows is no header", "HTTP/2 200\r\n\r\nServer: body\r\n",
		true, 200, "", 0, NULL },
	{ "not the same name", "HTTP/1.1 200 OK\r\nServers: x\r\n\r\n", true,
		200, "OK", 1, NULL },
	{ "no value", "HTTP/1.1 200 OK\r\nServer:\r\n\r\n", true, 200, "OK", 1,
		"" },
	{ "nothing", "", false, 0, NULL, 0, NULL },
	{ "no status", "HTTP/1.1 \r\n\r\n", false, 0, NULL, 0, NULL },
	{ "no number", "HTTP/1.1 2x0 OK\r\n\r\n", false, 0, NULL, 0, NULL },
	{ "too short a number", "HTTP/1.1 20", false, 0, NULL, 0, NULL },
	{ "a line only", "HTTP/1.1\r\n200 OK\r\n\r\n", false, 0, NULL, 0,
		NULL },
	{ "another protocol", "SSH-2.0 200 OK\r\n", false, 0, NULL, 0, NULL },
	{ "another case", "http/1.1 200 OK\r\n\r\n", false, 0, NULL, 0, NULL },
};

static void
test_heads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(head_rows) / sizeof(head_rows[0]); i++) {
		const struct head_row *r = &head_rows[i];
		size_t n = strlen(r->head);
		/* Of its own size, so that a byte too far is seen. */
		char *head = malloc(n > 0 ? n : 1);
		struct handshake hs;
		const char *server;

		assert_non_null(head);
		memcpy(head, r->head, n);
		handshake_init(&hs);
		if (http_parse(&hs.reply, head, n) != r->http)
			fail_msg("%s: want %d", r->name, r->http);
		assert_int_equal(r->status, hs.reply.status);
		assert_int_equal(r->n_headers, hs.reply.headers.n);
		if (r->http)
			assert_string_equal(r->reason, hs.reply.reason);
		server = reply_header(&hs.reply, "Server");
		assert_int_equal(r->server == NULL, server == NULL);
		if (server != NULL)
			assert_string_equal(r->server, server);
		handshake_release(&hs);
		free(head);
	}
}

static void
test_bounds(void **state)
{
	BUF_CLEANUP struct buf head = { 0 };
	struct handshake hs;

	(void)state;
	handshake_init(&hs);
	buf_puts(&head, "HTTP/1.1 200 ");
	for (int i = 0; i < 5000; i++)
		buf_putc(&head, 'x');
	for (int i = 0; i < 5000; i++)
		buf_printf(&head, "\r\nX-%d: y", i);
	buf_puts(&head, "\r\n\r\n");
	assert_true(http_parse(&hs.reply, head.s, head.len));
	assert_int_equal(128, strlen(hs.reply.reason));
	assert_int_equal(HTTP_MAX_HEADERS, hs.reply.headers.n);
	/* A second answer takes the place of the first. */
	assert_true(http_parse(&hs.reply, "HTTP/1.1 404 no\r\n\r\n", 19));
	assert_int_equal(404, hs.reply.status);
	assert_int_equal(0, hs.reply.headers.n);
	handshake_release(&hs);
}

/* A result keeps what is shown, for there are many of them. */
static void
test_forgotten(void **state)
{
	BUF_CLEANUP struct buf server = { 0 };
	struct handshake hs;

	(void)state;
	handshake_init(&hs);
	hs.reply.status = 400;
	hs.reply.reason = str_dup("Bad Request");
	hs.reply.body = str_dup("<html>");
	buf_puts(&server, "SERVER: nginx");
	for (int i = 0; i < 5000; i++)
		buf_putc(&server, 'x');
	strlist_add(&hs.reply.headers, "Date: today");
	strlist_add(&hs.reply.headers, buf_str(&server));
	reply_forget(&hs.reply);
	assert_int_equal(400, hs.reply.status);
	assert_string_equal("Bad Request", hs.reply.reason);
	assert_null(hs.reply.body);
	assert_int_equal(1, hs.reply.headers.n);
	assert_int_equal(200, strlen(reply_header(&hs.reply, "Server")));
	handshake_release(&hs);
	reply_forget(&hs.reply);
	assert_int_equal(0, hs.reply.headers.n);
}

static void
test_alerts(void **state)
{
	static const struct {
		int number;
		const char *name;
	} rows[] = {
		{ 0, "close_notify" },
		{ 40, "handshake_failure" },
		{ 70, "protocol_version" },
		{ 112, "unrecognized_name" },
		{ 116, "certificate_required" },
		{ 120, "no_application_protocol" },
		{ 199, "unknown" },
		{ -1, "unknown" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(rows[i].name, alert_name(rows[i].number));
	for (int i = 0; i < STEP_KINDS; i++)
		assert_non_null(step_name((enum connection_step)i));
	for (int i = 0; i < ENDING_KINDS; i++)
		assert_non_null(ending_name((enum connection_ending)i));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_forgotten),
		cmocka_unit_test(test_alerts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
