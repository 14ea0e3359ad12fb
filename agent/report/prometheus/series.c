/* series.c - a series on its line, its labels escaped */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "report/prometheus/prometheus.h"

/* Of the bytes of a label; Mimir, for one, takes 2048 characters. */
#define LABEL_BYTES ((size_t)255)
#define UTF8_BYTES 4

static void
put_heading(struct exposition *e)
{
	const struct family *f = e->family;

	buf_printf(e->out, "# HELP %s %s\n# TYPE %s gauge\n", f->name, f->help,
		f->name);
}

void
series_begin(struct exposition *e)
{
	if (!e->headed)
		put_heading(e);
	e->headed = true;
	e->labelled = false;
	buf_puts(e->out, e->family->name);
}

static void
begin_label(struct exposition *e, const char *name)
{
	buf_putc(e->out, e->labelled ? ',' : '{');
	buf_puts(e->out, name);
	buf_puts(e->out, "=\"");
	e->labelled = true;
}

void
series_label(struct exposition *e, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	begin_label(e, name);
	text_label(e->out, value);
	buf_putc(e->out, '"');
}

void
series_label_cut(struct exposition *e, const char *name, const char *value)
{
	size_t n = value != NULL ? strnlen(value, LABEL_BYTES + 1) : 0;
	char text[LABEL_BYTES + 1];

	if (n <= LABEL_BYTES) {
		series_label(e, name, value);
		return;
	}
	for (n = LABEL_BYTES; n > LABEL_BYTES - UTF8_BYTES &&
		((unsigned char)value[n] & 0xc0) == 0x80;
		n--)
		;
	memcpy(text, value, n);
	text[n] = '\0';
	series_label(e, name, text);
}

int
series_compare_cut(const char *a, const char *b)
{
	return strncmp(a, b, LABEL_BYTES - UTF8_BYTES);
}

void
series_number(struct exposition *e, const char *name, uint64_t value)
{
	begin_label(e, name);
	buf_printf(e->out, "%" PRIu64 "\"", value);
}

static void
end_labels(struct exposition *e)
{
	buf_puts(e->out, e->labelled ? "} " : " ");
}

void
series_end(struct exposition *e, int64_t value)
{
	end_labels(e);
	buf_printf(e->out, "%" PRId64 "\n", value);
}

void
series_end_ms(struct exposition *e, int64_t ms)
{
	end_labels(e);
	buf_printf(e->out, "%" PRId64 ".%03d\n", ms / 1000, (int)(ms % 1000));
}

void
series_of(struct exposition *e, const struct result *r)
{
	const struct target *t = r->target;

	series_begin(e);
	series_label(e, "target", t->name);
	series_label(
		e, "kind", t->kind == TARGET_ENDPOINT ? "endpoint" : "file");
	series_label_cut(e, "owner", t->owner);
}

int64_t
cert_end(const struct exposition *e, const struct cert *c)
{
	(void)e;
	return c->not_after;
}

int64_t
cert_begin(const struct exposition *e, const struct cert *c)
{
	(void)e;
	return c->not_before;
}

/* The labels of a certificate, as they will stand on its line. */
struct labels {
	size_t from, n;
	const struct cert *c;
	const char *text; /* where they begin; set once all are there */
};

static int
same_then_end(const void *a, const void *b)
{
	const struct labels *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	if (order != 0)
		return order;
	if (x->c->not_after != y->c->not_after)
		return x->c->not_after < y->c->not_after ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* Each ends with a NUL. */
static size_t
write_labels(struct exposition *e, const struct result *r, size_t n,
	put_labels put, struct labels *labels)
{
	size_t filled = 0;

	for (size_t i = 0; i < n; i++) {
		const struct cert *c = &r->seen->certs[i];
		struct labels *l = &labels[filled];

		if (!c->has_dates)
			continue;
		e->labelled = false;
		l->c = c;
		l->from = e->out->len;
		put(e, r, c, i);
		l->n = e->out->len - l->from;
		buf_putc(e->out, '\0');
		filled++;
	}
	for (size_t i = 0; i < filled; i++)
		labels[i].text = e->out->s + labels[i].from;
	qsort(labels, filled, sizeof(*labels), same_then_end);
	return filled;
}

void
series_of_certs(struct exposition *e, const struct result *r, size_t n,
	put_labels put, cert_value value)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct buf *out = e->out;
	struct labels *labels;
	size_t filled;

	if (n == 0)
		return;
	labels = mem_grow(NULL, n, sizeof(*labels));
	e->out = &text;
	filled = write_labels(e, r, n, put, labels);
	e->out = out;
	for (size_t i = 0; i < filled; i++) {
		if (i > 0 && strcmp(labels[i].text, labels[i - 1].text) == 0)
			continue;
		series_begin(e);
		buf_add(e->out, labels[i].text, labels[i].n);
		e->labelled = labels[i].n > 0;
		series_end(e, value(e, labels[i].c));
	}
	free(labels);
}
