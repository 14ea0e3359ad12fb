/* httpreply.c - what an HTTP receiver answered, and what that means */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "model/alloc.h"
#include "notifiers/answer.h"
#include "notifiers/httpreply.h"
#include "notifiers/url.h"

#define ANSWER_MAX (64 * 1024) /* of headers and body that are read */
#define BODY_KEPT 4096 /* from which answers are made */

void
httpreply_release(struct httpreply *r)
{
	buf_release(&r->reason);
	buf_release(&r->body);
}

/* Returns n, or 0 to stop: that was more than is read. */
static size_t
count(struct httpreply *r, size_t n)
{
	if (n > ANSWER_MAX - r->size)
		return 0;
	r->size += n;
	return n;
}

/* " Service Unavailable" of "HTTP/1.1 503 Service Unavailable\r\n" */
static void
keep_reason(struct buf *out, const char *line, size_t n)
{
	const char *end = line + n, *s = memchr(line, ' ', n);

	if (s != NULL)
		s = memchr(s + 1, ' ', (size_t)(end - s - 1));
	while (s != NULL && end > s && strchr(" \r\n", end[-1]) != NULL)
		end--;
	if (s != NULL)
		buf_add(out, s, (size_t)(end - s));
}

static size_t
on_header(char *line, size_t size, size_t n, void *arg)
{
	struct httpreply *r = arg;

	n *= size;
	/* One of several, if 100 or a proxy's answer came before. */
	if (n > 5 && strncmp(line, "HTTP/", 5) == 0) {
		buf_reset(&r->reason);
		buf_reset(&r->body);
		keep_reason(&r->reason, line, n);
	}
	return count(r, n);
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct httpreply *r = arg;
	size_t room = BODY_KEPT - r->body.len;

	n *= size;
	buf_add(&r->body, data, n < room ? n : room);
	return count(r, n);
}

void
httpreply_collect(struct transfer *t, struct httpreply *r)
{
	transfer_set(t, CURLOPT_HEADERFUNCTION, on_header);
	transfer_set(t, CURLOPT_HEADERDATA, r);
	transfer_set(t, CURLOPT_WRITEFUNCTION, on_body);
	transfer_set(t, CURLOPT_WRITEDATA, r);
}

/*
 * What a status that is no success means (RFC 9110, 15; 425: RFC 8470; 429:
 * RFC 6585). The receiver refuses all that we send, or but this message.
 */
static const struct meaning {
	long first, last;
	enum outcome outcome;
	bool unfit;
	const char *words; /* NULL: the receiver's own will do */
} meanings[] = {
	{ 400, 400, DELIVERY_REFUSED, true, NULL },
	{ 401, 401, DELIVERY_REFUSED, false, "it does not let us in" },
	{ 403, 403, DELIVERY_REFUSED, false, "it does not let us in" },
	{ 404, 404, DELIVERY_REFUSED, false, "nothing is at that url" },
	{ 408, 408, DELIVERY_FAILED, false, NULL },
	{ 410, 410, DELIVERY_REFUSED, false, "the receiver is gone" },
	{ 413, 413, DELIVERY_REFUSED, true, NULL },
	{ 415, 415, DELIVERY_REFUSED, true, NULL },
	{ 422, 422, DELIVERY_REFUSED, true, NULL },
	{ 425, 425, DELIVERY_FAILED, false, NULL },
	{ 429, 429, DELIVERY_FAILED, false, NULL },
	{ 500, 999, DELIVERY_FAILED, false, NULL },
	{ 0, 999, DELIVERY_REFUSED, false, NULL },
};

static const struct meaning *
meaning_of(long status)
{
	const struct meaning *m = meanings;

	while (m->first != 0 && (status < m->first || status > m->last))
		m++;
	return m;
}

/* Some say 200 and mean no. */
static void
judge_success(const struct format *f, long status, const struct httpreply *r,
	const struct strlist *hidden, struct delivery *out)
{
	BUF_CLEANUP struct buf why = { 0 };

	if (f == NULL || f->took == NULL || f->took(buf_str(&r->body), &why))
		answer_set(out, DELIVERED, NULL, "HTTP %ld", status);
	else
		answer_set(out, DELIVERY_FAILED, hidden, "HTTP %ld, but: %s",
			status, buf_str(&why));
}

static void
judge_redirect(CURL *curl, long status, const struct httpreply *r,
	const struct strlist *hidden, struct delivery *out)
{
	cleanup(str_free) char *where = NULL;
	char *to = NULL;

	(void)curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &to);
	where = url_origin(to);
	answer_set(out, meaning_of(status)->outcome, hidden,
		"HTTP %ld%s: redirects are not followed (to %s)", status,
		buf_str(&r->reason), to != NULL ? where : "nowhere");
}

static void
judge_failure(long status, const struct httpreply *r,
	const struct strlist *hidden, struct delivery *out)
{
	const struct meaning *m = meaning_of(status);

	answer_set(out, m->outcome, hidden, "HTTP %ld%s%s%s%s%s", status,
		buf_str(&r->reason), m->words != NULL ? ": " : "",
		m->words != NULL ? m->words : "", r->body.len > 0 ? ": " : "",
		buf_str(&r->body));
	out->unfit = m->unfit;
}

/* In seconds; state/ sets a bound. Of two wishes the longer one. */
static int64_t
wish_to_wait(CURL *curl, const struct format *f, const struct httpreply *r)
{
	int64_t in_body = 0;
	curl_off_t wait_s = 0; /* RFC 9110, 10.2.3: seconds or a date */

	if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait_s) !=
			CURLE_OK ||
		wait_s < 0)
		wait_s = 0;
	if (f != NULL && f->wait_s != NULL)
		in_body = f->wait_s(buf_str(&r->body));
	return in_body > wait_s ? in_body : wait_s;
}

void
httpreply_judge(const struct httpreply *r, const struct transfer *t,
	CURLcode code, const struct format *f, const char *origin,
	const struct strlist *hidden, struct delivery *out)
{
	long status = 0;

	(void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	/* Its status counts, be the rest too long, too slow or cut off. */
	if (status < 200 && code == CURLE_WRITE_ERROR) {
		answer_set(out, DELIVERY_FAILED, hidden,
			"%s: want an answer, have %d bytes without one", origin,
			ANSWER_MAX);
		return;
	}
	if (status < 200 && code != CURLE_OK) {
		transfer_explain(t, code, origin, hidden, out);
		return;
	}
	if (status >= 200 && status < 300)
		judge_success(f, status, r, hidden, out);
	else if (status >= 300 && status < 400)
		judge_redirect(t->curl, status, r, hidden, out);
	else
		judge_failure(status, r, hidden, out);
	if (out->outcome == DELIVERY_FAILED)
		out->retry_after_s = wish_to_wait(t->curl, f, r);
}
