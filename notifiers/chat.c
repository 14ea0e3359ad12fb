/* chat.c - a digest as the text of a chat message, in the service's dialect */
#include <stdbool.h>
#include <string.h>

#include "model/text.h"
#include "notifiers/chat.h"
#include "notifiers/outline.h"

/*
 * Bounds of what one message tells. A certificate's text may be long; one
 * event that fills the message would hide all the others.
 */
#define EVENTS_MOST 200
#define NAME_MOST 256 /* code points, as DNS and file names may have */
#define TEXT_MOST 300 /* of a message, a hint */

size_t
chat_characters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

size_t
chat_utf16(const char *s)
{
	size_t n = 0;

	/* What UTF-8 has in four bytes is a pair of surrogates. */
	for (; *s != '\0'; s++)
		n += (*s & 0xc0) != 0x80 ? 1 + ((*s & 0xf8) == 0xf0) : 0;
	return n;
}

static size_t
measure(const struct chat_dialect *how, const char *s)
{
	return how->measure != NULL ? how->measure(s) : strlen(s);
}

static void
add_line_end(struct buf *out, const struct chat_dialect *how)
{
	buf_puts(out, how->line_end != NULL ? how->line_end : "\n");
}

/* --- text from outside */

/* The bytes of the first `most` code points of `s`. */
static size_t
bytes_of(const char *s, size_t most)
{
	size_t n = 0;

	while (s[n] != '\0') {
		if ((s[n] & 0xc0) != 0x80 && most-- == 0)
			break;
		n++;
	}
	return n;
}

/* Harmless, and with one blank between words: four would begin a code block. */
static void
add_plain(struct buf *out, const char *s)
{
	BUF_CLEANUP struct buf cut = { 0 }, plain = { 0 };
	const char *p;
	bool first = true;

	outline_cut(&cut, s);
	text_plain(&plain, buf_str(&cut));
	p = buf_str(&plain);
	for (p += strspn(p, " "); *p != '\0'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		if (!first)
			buf_putc(out, ' ');
		buf_add(out, p, n);
		p += n;
		first = false;
	}
}

/* Cut `plain` to `most` code points, the last of them "...". */
static void
cut_plain(struct buf *plain, size_t most)
{
	size_t n;

	if (plain->s == NULL || chat_characters(plain->s) <= most)
		return;
	n = bytes_of(plain->s, most > 3 ? most - 3 : 0);
	while (n > 0 && plain->s[n - 1] == ' ')
		n--;
	plain->len = n;
	plain->s[n] = '\0';
	buf_puts(plain, "...");
}

void
chat_words(struct buf *out, const char *s, size_t most,
	const struct chat_dialect *how)
{
	BUF_CLEANUP struct buf plain = { 0 };

	add_plain(&plain, s);
	cut_plain(&plain, most);
	if (plain.len > 0)
		how->escape(out, plain.s);
}

/* --- the title */

/* `head` cut to `keep` code points, then `tail`; does it fit? */
static bool
make_title(struct buf *out, const char *head, size_t keep, const char *tail,
	const struct chat_dialect *how, size_t max)
{
	BUF_CLEANUP struct buf line = { 0 };

	buf_puts(&line, head);
	cut_plain(&line, keep);
	buf_puts(&line, tail);
	buf_reset(out);
	how->escape(out, line.s);
	return measure(how, buf_str(out)) <= max;
}

void
chat_title(struct buf *out, const struct digest *d,
	const struct chat_dialect *how, size_t max)
{
	cleanup(str_free) char *subject = digest_subject(d);
	BUF_CLEANUP struct buf head = { 0 }, tail = { 0 }, title = { 0 };
	char *count = d->n > 1 ? strrchr(subject, '(') : NULL;
	size_t low = 0, high;

	if (count != NULL) {
		buf_printf(&tail, " %s", count);
		*count = '\0';
	}
	add_plain(&head, subject);
	high = chat_characters(buf_str(&head));
	/* The most of it that fits: what escaping adds is the dialect's. */
	while (low < high) {
		size_t keep = high - (high - low) / 2;

		if (make_title(&title, buf_str(&head), keep, buf_str(&tail),
			    how, max))
			low = keep;
		else
			high = keep - 1;
	}
	if (make_title(&title, buf_str(&head), low, buf_str(&tail), how, max))
		buf_puts(out, title.s);
}

/* --- the text */

struct chat {
	const struct digest *d;
	const struct chat_dialect *how;
	bool brief; /* a line an event */
	struct buf text;
	size_t size; /* of the text, in the dialect's units */
	size_t left_out;
	const struct outline_row *last; /* that was told */
};

/* `words` below what is there already; nothing if there are none. */
static void
add_line(
	struct buf *block, const struct chat *c, const char *words, size_t most)
{
	BUF_CLEANUP struct buf line = { 0 };

	chat_words(&line, words, most, c->how);
	if (line.len == 0)
		return;
	if (block->len > 0)
		add_line_end(block, c->how);
	buf_puts(block, line.s);
}

static void
add_part(struct buf *line, const char *lead, const char *words)
{
	if (words == NULL || words[0] == '\0')
		return;
	if (line->len > 0)
		buf_puts(line, "; ");
	buf_printf(line, "%s%s", lead, words);
}

/* The target in bold, and what is known of it. */
static void
add_target(struct buf *block, const struct chat *c, const struct event *e)
{
	const struct chat_dialect *how = c->how;
	BUF_CLEANUP struct buf name = { 0 }, line = { 0 }, expiry = { 0 };

	chat_words(&name, e->target, NAME_MOST, how);
	if (name.len > 0 && block->len > 0)
		add_line_end(block, how);
	if (name.len > 0 && how->bold != NULL)
		buf_printf(block, "%s%s%s", how->bold, name.s, how->bold_end);
	else
		buf_puts(block, buf_str(&name));
	if (!c->brief && strcmp(e->address, e->target) != 0)
		add_part(&line, "", e->address);
	if (e->kind != EVENT_RENEWED) /* told as old -> new */
		outline_expiry(&expiry, c->d, e);
	if (!c->brief)
		add_part(&line, "", buf_str(&expiry));
	if (!c->brief && e->owner != NULL)
		add_part(&line, "owner: ", e->owner);
	if (!c->brief) {
		add_line(block, c, buf_str(&line), 2 * NAME_MOST);
	} else if (expiry.len > 0) {
		buf_putc(block, ' ');
		chat_words(block, expiry.s, NAME_MOST, how);
	}
}

static void
add_trouble(struct buf *block, const struct chat *c, const struct event *e)
{
	BUF_CLEANUP struct buf what = { 0 }, since = { 0 }, todo = { 0 };

	buf_printf(&what, "%s%s: %s", e->kind == EVENT_RESOLVED ? "was " : "",
		outline_severity(e), e->message);
	add_line(block, c, what.s, TEXT_MOST);
	if (c->brief)
		return;
	add_part(&todo,
		"to do: ", e->kind != EVENT_RESOLVED ? outline_hint(e) : NULL);
	add_line(block, c, buf_str(&todo), TEXT_MOST);
	buf_puts(&since, "since ");
	outline_since(&since, e);
	if (e->finding != NULL)
		add_part(&since, "finding ", e->finding);
	add_line(block, c, since.s, NAME_MOST);
}

static void
add_event(struct buf *block, const struct chat *c, const struct outline_row *r)
{
	static const char *const headings[OUTLINE_PARTS] = {
		[PART_RESOLVED] = "RESOLVED",
		[PART_RENEWED] = "RENEWED",
	};
	const struct event *e = r->event, *last = NULL;
	BUF_CLEANUP struct buf words = { 0 };

	/* A heading may have been left out with its event. */
	if (c->last != NULL && c->last->part == r->part)
		last = c->last->event;
	if (last == NULL && headings[r->part] != NULL)
		add_line(block, c, headings[r->part], TEXT_MOST);
	if (r->part == PART_TEST) {
		add_line(block, c, e->message, TEXT_MOST);
		return;
	}
	if (last == NULL || strcmp(last->target, e->target) != 0)
		add_target(block, c, e);
	if (r->part == PART_RENEWED) {
		buf_puts(&words, "end of life: ");
		outline_renewal(&words, e);
		add_line(block, c, words.s, TEXT_MOST);
	} else {
		add_trouble(block, c, e);
	}
}

/* An empty line is due between targets. */
static bool
is_apart(const struct chat *c, const struct outline_row *r)
{
	return c->last != NULL &&
		(c->last->part != r->part ||
			strcmp(c->last->event->target, r->event->target) != 0);
}

/* All that fits into `room`; what does not fit keeps no other from it. */
static void
add_events(struct chat *c, const struct outline *o, size_t room)
{
	buf_reset(&c->text);
	c->size = 0;
	c->last = NULL;
	c->left_out = o->left_out;
	for (size_t i = 0; i < o->n; i++) {
		const struct outline_row *r = &o->v[i];
		BUF_CLEANUP struct buf block = { 0 }, whole = { 0 };
		size_t size;

		add_event(&block, c, r);
		if (block.len == 0) /* a test without a word */
			continue;
		if (c->last != NULL)
			add_line_end(&whole, c->how);
		if (!c->brief && is_apart(c, r))
			add_line_end(&whole, c->how);
		buf_puts(&whole, buf_str(&block));
		size = measure(c->how, buf_str(&whole));
		if (size > room - c->size) {
			c->left_out++;
			continue;
		}
		buf_puts(&c->text, whole.s);
		c->size += size;
		c->last = r;
	}
}

/* What stands below the events: how many are missing, and who tells it. */
static void
make_footer(struct buf *out, const struct chat *c, size_t left_out, bool who,
	bool apart)
{
	BUF_CLEANUP struct buf lines = { 0 }, words = { 0 };

	if (left_out > 0) {
		buf_printf(&words, "and %zu more; certvigil status tells all",
			left_out);
		add_line(&lines, c, words.s, TEXT_MOST);
	}
	buf_reset(&words);
	buf_printf(&words, "certvigil on %s, %s ", c->d->host,
		outline_occasion(c->d));
	outline_moment(&words, c->d->time);
	if (who)
		add_line(&lines, c, words.s, NAME_MOST);
	for (int i = c->brief ? 1 : 2; i > 0 && lines.len > 0 && apart; i--)
		add_line_end(out, c->how);
	buf_puts(out, buf_str(&lines));
}

/* Do all stand there, but for `expected`, with the footer that is due then? */
static bool
try_form(struct chat *c, const struct outline *o, bool brief, bool who,
	size_t expected)
{
	BUF_CLEANUP struct buf footer = { 0 };
	size_t taken, max = c->how->max;

	c->brief = brief;
	make_footer(&footer, c, expected, who, true);
	taken = measure(c->how, buf_str(&footer));
	add_events(c, o, taken < max ? max - taken : 0);
	return c->left_out == expected && taken <= max;
}

void
chat_text(
	struct buf *out, const struct digest *d, const struct chat_dialect *how)
{
	struct chat c = { .d = d, .how = how };
	BUF_CLEANUP struct buf who_line = { 0 }, footer = { 0 };
	struct outline o;
	bool who;

	outline_make(&o, d, EVENTS_MOST);
	make_footer(&who_line, &c, 0, true, true);
	who = measure(how, who_line.s) <= how->max / 4;
	if (!try_form(&c, &o, false, who, o.left_out) &&
		!try_form(&c, &o, true, who, o.left_out))
		(void)try_form(&c, &o, true, who, d->n); /* the widest number */
	make_footer(&footer, &c, c.left_out, who, c.last != NULL);
	if (c.size + measure(how, buf_str(&footer)) <= how->max) {
		buf_puts(out, buf_str(&c.text));
		buf_puts(out, buf_str(&footer));
	}
	buf_release(&c.text);
	outline_release(&o);
}

unsigned
chat_colour(const struct digest *d)
{
	static const unsigned colours[] = {
		[SEV_OK] = 0x2da44e,
		[SEV_WARNING] = 0xd9a400,
		[SEV_CRITICAL] = 0xcf222e,
		[SEV_UNKNOWN] = 0xcf222e,
	};

	if (digest_count(d, EVENT_TEST) > 0)
		return 0x0969da;
	return colours[digest_worst(d)];
}
