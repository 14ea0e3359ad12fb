/* pager.c - what formats share that keep one alert an incident */
#include <stdlib.h>
#include <string.h>

#include "model/duration.h"
#include "model/json.h"
#include "model/text.h"
#include "notifiers/pager.h"
#include "notifiers/url.h"

static bool
is_trouble(const struct event *e)
{
	return e->kind != EVENT_RESOLVED && e->kind != EVENT_RENEWED;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

void
pager_pick(struct pager_pick *out, const struct digest *d)
{
	size_t over = digest_count(d, EVENT_RESOLVED);
	size_t trouble = d->n - over - digest_count(d, EVENT_RENEWED);
	size_t most_trouble = least(
		trouble, PAGER_MOST - least(over, PAGER_MOST / 2));
	size_t most_over = least(over, PAGER_MOST - most_trouble);

	*out = (struct pager_pick){ .more = trouble - most_trouble,
		.more_resolved = over - most_over };
	for (size_t i = 0; i < d->n && out->n < most_trouble; i++) {
		if (is_trouble(&d->v[i]))
			out->v[out->n++] = &d->v[i];
	}
	for (size_t i = 0; i < d->n && out->n < most_trouble + most_over; i++) {
		if (d->v[i].kind == EVENT_RESOLVED)
			out->v[out->n++] = &d->v[i];
	}
}

void
pager_more(struct buf *out, const struct digest *d, const struct pager_pick *p)
{
	if (p->more > 0)
		buf_printf(out, "and %zu more incident%s", p->more,
			p->more == 1 ? "" : "s");
	if (p->more_resolved > 0)
		buf_printf(out,
			"%s%zu more %s resolved: close what is still open of "
			"%s here",
			p->more > 0 ? "; " : "and ", p->more_resolved,
			p->more_resolved == 1 ? "is" : "are",
			p->more_resolved == 1 ? "it" : "them");
	buf_puts(out, "; see certvigil status on ");
	pager_text(out, d->host, 255);
}

/* Code units of UTF-16 that the character beginning with `c` takes. */
static size_t
units(char c)
{
	unsigned char lead = (unsigned char)c;

	return lead >= 0xf0 ? 2 : (lead & 0xc0) == 0x80 ? 0 : 1;
}

void
pager_text(struct buf *out, const char *s, size_t max)
{
	static const char cut[] = "...";
	/* One that is cut here would be cut below, and before that. */
	cleanup(str_free) char *begin = str_ndup(s, strnlen(s, 4 * (max + 1)));
	BUF_CLEANUP struct buf plain = { 0 };
	size_t n = 0, fits = 0, count = 0;
	const char *p;

	text_plain(&plain, begin);
	p = buf_str(&plain);
	for (; p[n] != '\0'; n++) {
		count += units(p[n]);
		if (count + strlen(cut) <= max)
			fits = n + 1;
	}
	buf_add(out, p, count <= max ? n : fits);
	if (count > max)
		buf_puts(out, cut);
}

void
pager_put(json_t *object, const char *key, const char *s, size_t max)
{
	BUF_CLEANUP struct buf text = { 0 };

	if (s == NULL || s[0] == '\0')
		return;
	pager_text(&text, s, max);
	json_put(object, key, json_string(buf_str(&text)));
}

void
pager_put_moment(json_t *object, const char *key, time_t t)
{
	char text[MOMENT_SIZE];

	if (t != 0 && moment_format(t, text)[0] != '@')
		json_put(object, key, json_string(text));
}

void
pager_summary(struct buf *out, const struct event *e, size_t max)
{
	cleanup(str_free) char *text = e->kind == EVENT_TEST
		? str_fmt("TEST: %s", e->message)
		: str_fmt("%s: %s", e->target, e->message);

	pager_text(out, text, max);
}

void
pager_tags(struct buf *out, const struct event *e)
{
	for (size_t i = 0; i < e->tags.n; i++)
		buf_printf(out, "%s%s", i > 0 ? ", " : "", e->tags.v[i]);
}

const char *
pager_key(const struct digest *d, const struct event *e)
{
	return e->incident != NULL ? e->incident : d->id;
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcmp(s + n - k, end) == 0;
}

char *
pager_url(const char *url, const char *path, const char *query)
{
	cleanup(curl_url_cleanup) CURLU *u = url_parse(url);
	cleanup(str_free) char *own = url_part(u, CURLUPART_PATH, 0);
	cleanup(str_free) char *whole = NULL;

	if (u == NULL || own == NULL)
		return NULL;
	while (ends_with(own, "/"))
		own[strlen(own) - 1] = '\0';
	whole = str_fmt("%s%s", own, ends_with(own, path) ? "" : path);
	if (curl_url_set(u, CURLUPART_PATH, whole, 0) != CURLUE_OK ||
		(query != NULL &&
			curl_url_set(u, CURLUPART_QUERY, query,
				CURLU_APPENDQUERY) != CURLUE_OK))
		return NULL;
	return url_part(u, CURLUPART_URL, 0);
}

void
pager_header(
	struct post *p, const char *name, const char *scheme, const char *token)
{
	cleanup(str_free) char *line = str_fmt(
		"%s: %s %s", name, scheme, token);

	strlist_add(&p->headers, line);
}

int
pager_check_token(const struct account *a, struct error *err)
{
	for (const char *s = a->token; s != NULL && *s != '\0'; s++) {
		if (*s <= ' ' || *s > '~')
			return error_set(err, ERROR_USAGE,
				"token: want printable ASCII without blanks, "
				"have something else");
	}
	return 0;
}
