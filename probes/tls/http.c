/* http.c - one request over TLS, and the head of its answer */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "probes/tls/failure.h"
#include "probes/tls/http.h"

#define USER_AGENT "certvigil/" CERTVIGIL_VERSION
#define MAX_REASON 128
/* RFC 9110, 15.2: interim answers, before the one that counts. */
#define MAX_INTERIM 8

static void
put_request(struct buf *out, const struct target *t)
{
	const char *host = target_server_name(t);
	bool brackets = strchr(host, ':') != NULL;

	buf_printf(out, "GET %s HTTP/1.1\r\nHost: %s%s%s",
		t->path != NULL ? t->path : "/", brackets ? "[" : "", host,
		brackets ? "]" : "");
	if (t->port != t->scheme->port)
		buf_printf(out, ":%u", t->port);
	buf_puts(out,
		"\r\nUser-Agent: " USER_AGENT "\r\nAccept: */*\r\n"
		"Connection: close\r\n\r\n");
}

/* The length of the line at `s`, and in *next where the next one begins. */
static size_t
line_length(const char *s, size_t n, size_t *next)
{
	const char *nl = memchr(s, '\n', n);
	size_t len = nl != NULL ? (size_t)(nl - s) : n;

	*next = nl != NULL ? len + 1 : n;
	if (len > 0 && s[len - 1] == '\r')
		len--;
	return len;
}

/* RFC 9112, 4: "HTTP/1.1 200 OK" */
static bool
parse_status(struct reply *r, const char *s, size_t n)
{
	const char *code = memchr(s, ' ', n);
	size_t left;

	if (n < 5 || memcmp(s, "HTTP/", 5) != 0 || code == NULL)
		return false;
	code++;
	left = n - (size_t)(code - s);
	if (left < 3 || !isdigit((unsigned char)code[0]) ||
		!isdigit((unsigned char)code[1]) ||
		!isdigit((unsigned char)code[2]))
		return false;
	r->status = (code[0] - '0') * 100 + (code[1] - '0') * 10 + code[2] -
		'0';
	left -= 3;
	code += 3;
	if (left > 0 && *code == ' ') {
		code++;
		left--;
	}
	free(r->reason);
	r->reason = str_ndup(code, left < MAX_REASON ? left : MAX_REASON);
	return true;
}

bool
http_parse(struct reply *r, const char *head, size_t n)
{
	size_t next, len = line_length(head, n, &next);

	if (!parse_status(r, head, len))
		return false;
	strlist_release(&r->headers);
	for (size_t at = next; at < n && r->headers.n < HTTP_MAX_HEADERS;
		at += next) {
		cleanup(str_free) char *line = NULL;

		len = line_length(head + at, n - at, &next);
		if (len == 0)
			break;
		line = str_ndup(head + at, len);
		strlist_add(&r->headers, line);
	}
	return true;
}

/*
 * Where the body begins, or 0: the head has no end yet. It had none in the
 * first `seen` bytes either.
 */
static size_t
head_end(const struct buf *in, size_t seen)
{
	for (size_t i = seen; i < in->len; i++) {
		size_t back = i > 0 && in->s[i - 1] == '\r' ? 2 : 1;

		if (in->s[i] == '\n' && i >= back && in->s[i - back] == '\n')
			return i + 1;
	}
	return 0;
}

static bool
may_be_http(const struct buf *in)
{
	static const char begin[] = "HTTP/";
	size_t n = sizeof(begin) - 1;

	return memcmp(in->s, begin, in->len < n ? in->len : n) == 0;
}

/* Read some more behind `in`, at most up to `limit` in all. 0, or -1. */
static int
read_some(struct connection *c, struct buf *in, size_t limit,
	int64_t deadline_ms, struct failure *f)
{
	char data[4096];
	size_t room = limit - in->len;
	int rc;

	if (room == 0)
		return -1;
	do {
		rc = connection_read(
			c, data, room < sizeof(data) ? room : sizeof(data), f);
	} while (rc <= 0 && connection_await(c, f, deadline_ms) == 0);
	if (rc <= 0)
		return -1;
	buf_add(in, data, (size_t)rc);
	return 0;
}

/*
 * May the body say why a client was refused? Some do so with a status that
 * looks like any other.
 */
static bool
wants_body(const struct connection *c)
{
	return c->ob->handshake->asked || connection_is_compared(c);
}

/* One that has no end is not waited for. */
static void
keep_body(struct connection *c, struct buf *in, size_t at, int64_t deadline_ms)
{
	int64_t until = connection_patience(c);
	struct reply *r = &c->ob->handshake->reply;
	const char *length = reply_header(r, "Content-Length");
	unsigned long want = HTTP_MAX_BODY;
	struct failure f;

	if (length != NULL && strtoul(length, NULL, 10) < want)
		want = strtoul(length, NULL, 10);
	while (in->len - at < want &&
		read_some(c, in, at + want,
			until < deadline_ms ? until : deadline_ms, &f) == 0)
		;
	r->body = str_ndup(in->s + at,
		in->len - at < HTTP_MAX_BODY ? in->len - at : HTTP_MAX_BODY);
}

/* Forget an interim answer. */
static void
skip_head(struct buf *in, size_t at)
{
	BUF_CLEANUP struct buf rest = { 0 };

	buf_add(&rest, in->s + at, in->len - at);
	buf_reset(in);
	buf_add(in, buf_str(&rest), rest.len);
}

/*
 * Read until the answer's head is there. Returns where its body begins, 0 for
 * one that is not whole or no HTTP, or -1 and *f: not a byte came.
 */
static ssize_t
read_head(struct connection *c, struct buf *in, int64_t deadline_ms,
	struct failure *f)
{
	struct reply *r = &c->ob->handshake->reply;
	size_t seen = 0;
	int interim = 0;

	for (;;) {
		size_t at = head_end(in, seen);
		bool whole = at > 0 || in->len == HTTP_MAX_HEAD;

		if (in->len > 0 && !may_be_http(in))
			return 0;
		if (whole) {
			(void)http_parse(r, in->s, at > 0 ? at : in->len);
			if (r->status / 100 != 1 || r->status == 101 ||
				at == 0 || ++interim > MAX_INTERIM)
				return (ssize_t)at;
			skip_head(in, at);
			seen = 0;
			continue;
		}
		seen = in->len;
		if (read_some(c, in, HTTP_MAX_HEAD, deadline_ms, f) == -1)
			break;
	}
	if (in->len == 0)
		return -1;
	(void)http_parse(r, in->s, in->len);
	return 0;
}

void
http_request(struct connection *c, int64_t deadline_ms)
{
	struct handshake *hs = c->ob->handshake;
	BUF_CLEANUP struct buf out = { 0 };
	BUF_CLEANUP struct buf in = { 0 };
	struct failure f, writing;
	ssize_t body;
	int rc;

	hs->step = STEP_REQUEST;
	put_request(&out, c->target);
	do {
		rc = connection_write(c, out.s, out.len, &writing);
	} while (rc <= 0 && connection_await(c, &writing, deadline_ms) == 0);

	/* Where writing failed the server's alert can still be read. */
	body = read_head(c, &in, deadline_ms, &f);
	if (body >= 0) {
		hs->step = STEP_DONE;
		if (body > 0 && wants_body(c))
			keep_body(c, &in, (size_t)body, deadline_ms);
		return;
	}
	/* Of a reset the first call is told, and the second has an end. */
	if (writing.ssl_error == SSL_ERROR_SYSCALL &&
		f.ssl_error != SSL_ERROR_ZERO_RETURN)
		f = writing;
	failure_tell_request(c, &f);
}
