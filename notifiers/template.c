/* template.c - a text with named places, filled in from a digest */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/json.h"
#include "notifiers/pager.h"
#include "notifiers/template.h"
#include "notifiers/template_places.h"

#define NAME_MOST 32

#define SECTION "events"

struct piece {
	size_t from, length; /* of the text, as it stands there */
	const struct place *place; /* then this; NULL: nothing */
};

struct template
{
	char *text;
	struct piece *v;
	size_t n;
	size_t first, last; /* pieces of the section, from first until last */
	size_t between, between_length; /* what parts two, in the text */
	bool section;
};

/* --- reading */

/* Where the reader is. */
struct reading {
	struct template *t;
	const char *at; /* the rest of the text */
	bool inside; /* the section */
	struct error *err;
};

static int
complain(const struct reading *r, const char *at, const char *what)
{
	size_t line = 1, column = 1;

	for (const char *s = r->t->text; s < at; s++) {
		column = *s == '\n' ? 1 : column + 1;
		line += *s == '\n';
	}
	return error_set(
		r->err, ERROR_PARSE, "%zu:%zu: %s", line, column, what);
}

static void
add_piece(struct template *t, const char *from, const char *until,
	const struct place *place)
{
	if ((t->n & (t->n - 1)) == 0)
		t->v = mem_grow(t->v, t->n == 0 ? 1 : t->n * 2, sizeof(*t->v));
	t->v[t->n++] = (struct piece){ .from = (size_t)(from - t->text),
		.length = (size_t)(until - from),
		.place = place };
}

static bool
is_word(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(s, word, n) == 0;
}

static void
list_places(struct buf *out, bool inside)
{
	buf_puts(out, "want one of");
	for (const struct place *p = places; p->name != NULL; p++) {
		if (inside || !p->of_event)
			buf_printf(out, " %s", p->name);
	}
}

static int
read_value(struct reading *r, const char *s, size_t n, const char *text)
{
	cleanup(str_free) char *have = str_ndup(s, n);
	BUF_CLEANUP struct buf what = { 0 };

	for (const struct place *p = places; p->name != NULL; p++) {
		if (!is_word(s, n, p->name))
			continue;
		if (p->of_event && !r->inside) {
			buf_printf(&what,
				"{{%s}} is of one event: want it between "
				"{{#events}} and {{/events}}",
				p->name);
			return complain(r, r->at, what.s);
		}
		add_piece(r->t, text, r->at, p);
		return 0;
	}
	list_places(&what, r->inside);
	buf_puts(&what, ", have \"");
	pager_text(&what, have, NAME_MOST);
	buf_puts(&what, "\"");
	return complain(r, r->at, what.s);
}

/* "{{#events ,}}": `s` of `n` bytes is what stands behind the "#". */
static int
begin_section(struct reading *r, const char *s, size_t n, const char *text)
{
	size_t word = strlen(SECTION);

	if (n < word || memcmp(s, SECTION, word) != 0 ||
		(n > word && s[word] != ' '))
		return complain(r, r->at, "want {{#events}}");
	if (r->t->section)
		return complain(
			r, r->at, "{{#events}} is here for the second time");
	if (n > word) {
		r->t->between = (size_t)(s + word + 1 - r->t->text);
		r->t->between_length = n - word - 1;
	}
	add_piece(r->t, text, r->at, NULL);
	r->t->section = r->inside = true;
	r->t->first = r->t->n;
	return 0;
}

static int
end_section(struct reading *r, const char *s, size_t n, const char *text)
{
	if (!is_word(s, n, SECTION) || !r->inside)
		return complain(r, r->at,
			"want {{/events}}, once and behind {{#events}}");
	add_piece(r->t, text, r->at, NULL);
	r->inside = false;
	r->t->last = r->t->n;
	return 0;
}

/* One "{{...}}" at r->at, behind the text that begins at `text`. */
static int
read_place(struct reading *r, const char *text)
{
	const char *s = r->at + 2, *end = strstr(s, "}}");
	size_t n;
	int rc;

	if (*s == '{')
		return complain(r, r->at,
			"want two braces, have three: there is no value "
			"without escapes");
	if (end == NULL)
		return complain(r, r->at, "\"{{\" has no \"}}\"");
	n = (size_t)(end - s);
	if (*s == '#') {
		rc = begin_section(r, s + 1, n - 1, text);
	} else {
		while (n > 0 && s[n - 1] == ' ')
			n--;
		for (; n > 0 && *s == ' '; n--)
			s++;
		rc = *s == '/' && n > 0 ? end_section(r, s + 1, n - 1, text)
					: read_value(r, s, n, text);
	}
	r->at = end + 2;
	return rc;
}

struct template *
template_parse(const char *text, struct error *err)
{
	cleanup(template_free) struct template *t = mem_alloc(sizeof(*t));
	struct reading r = { .t = t, .err = err };
	const char *open = NULL;
	struct template *out;

	t->text = str_dup(text);
	r.at = text = t->text;
	while ((r.at = strstr(r.at, "{{")) != NULL) {
		bool was_inside = r.inside;
		const char *here = r.at;

		if (read_place(&r, text) == -1)
			return NULL;
		if (r.inside && !was_inside)
			open = here;
		text = r.at;
	}
	if (r.inside) {
		complain(&r, open, "{{#events}} has no {{/events}}");
		return NULL;
	}
	add_piece(t, text, text + strlen(text), NULL);
	out = t;
	t = NULL;
	return out;
}

void
template_free(struct template *t)
{
	if (t == NULL)
		return;
	free(t->text);
	free(t->v);
	free(t);
}

/* --- filling in */

/* `s` as it stands between the quotes of a JSON string (RFC 8259, 7). */
static void
add_escaped(struct buf *out, const char *s)
{
	json_t *j = json_text(s);
	char *quoted;

	if (j == NULL)
		mem_exhausted();
	quoted = json_dumps(j, JSON_ENCODE_ANY);
	json_decref(j);
	if (quoted == NULL)
		mem_exhausted();
	buf_add(out, quoted + 1, strlen(quoted) - 2);
	free(quoted);
}

/* Of the digest it is the same for each event, and takes its time. */
static const char *
escaped_value(const struct piece *p, const struct scene *s, char **known)
{
	BUF_CLEANUP struct buf value = { 0 };
	struct buf escaped = { 0 };

	if (*known != NULL && !p->place->of_event)
		return *known;
	p->place->value(&value, s);
	add_escaped(&escaped, buf_str(&value));
	free(*known);
	*known = buf_detach(&escaped);
	return *known;
}

static void
fill(struct buf *out, const struct template *t, size_t from, size_t until,
	const struct scene *s, char **known)
{
	for (size_t i = from; i < until; i++) {
		const struct piece *p = &t->v[i];

		buf_add(out, t->text + p->from, p->length);
		if (p->place != NULL)
			buf_puts(out, escaped_value(p, s, &known[i]));
	}
}

/* With `most` events; false if that is too much, and there is less to tell. */
static bool
fill_with(struct buf *out, const struct template *t, const struct digest *d,
	size_t most, char **known)
{
	struct scene s = { .d = d, .most = most };

	fill(out, t, 0, t->section ? t->first : t->n, &s, known);
	if (!t->section)
		return true;
	for (size_t i = 0; i < most; i++) {
		s.e = &d->v[i];
		if (i > 0)
			buf_add(out, t->text + t->between, t->between_length);
		fill(out, t, t->first, t->last, &s, known);
		if (out->len > TEMPLATE_BODY)
			return false;
	}
	s.e = NULL;
	fill(out, t, t->last, t->n, &s, known);
	return most == 0 || out->len <= TEMPLATE_BODY;
}

void
template_fill(struct buf *out, const struct template *t, const struct digest *d)
{
	size_t most = d->n < TEMPLATE_EVENTS ? d->n : TEMPLATE_EVENTS;
	bool done = false;

	for (; !done; most /= 2) {
		struct strlist known = { mem_alloc(t->n * sizeof(char *)),
			t->n };

		buf_reset(out);
		done = fill_with(out, t, d, most, known.v);
		strlist_release(&known);
	}
}
