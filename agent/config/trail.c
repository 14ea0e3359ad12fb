/* trail.c - which key is being read, and what is wrong with it */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/reader.h"
#include "config/trail.h"
#include "model/text.h"

static void
add_trail(struct buf *out, const struct trail *t)
{
	if (t == NULL || t->name == NULL)
		return;
	add_trail(out, t->up);
	if (out->len > 0)
		buf_putc(out, '.');
	text_plain(out, t->name);
}

void
trail_complain(struct reader *r, const struct trail *t, const char *name,
	const yaml_node_t *node, const char *fmt, ...)
{
	struct place at = document_place(t->doc, node);
	BUF_CLEANUP struct buf text = { 0 };
	const struct trail below = { .up = t, .name = name };
	char message[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	add_trail(&text, name != NULL ? &below : t);
	if (text.len > 0)
		buf_puts(&text, ": ");
	buf_puts(&text, message);
	complaints_add(r->complaints, &at, text.s);
}

/* Without its text: that may be a secret in the wrong place. */
static const char *
kind_name(const yaml_node_t *n)
{
	if (node_is_null(n))
		return "nothing";
	if (n->type == YAML_MAPPING_NODE)
		return "a map";
	return n->type == YAML_SEQUENCE_NODE ? "a list" : "text";
}

bool
trail_expect(struct reader *r, const struct trail *t, const yaml_node_t *n,
	yaml_node_type_t kind, const char *want)
{
	if (n->type == kind && !node_is_null(n))
		return true;
	trail_complain(r, t, NULL, n, "want %s, have %s", want, kind_name(n));
	return false;
}

const char *
trail_expect_text(struct reader *r, const struct trail *t, const yaml_node_t *n,
	const char *want)
{
	if (!trail_expect(r, t, n, YAML_SCALAR_NODE, want))
		return NULL;
	if (strlen(node_text(n)) == n->data.scalar.length)
		return node_text(n);
	trail_complain(r, t, NULL, n, "want %s, have a NUL in it", want);
	return NULL;
}

bool
trail_take(struct reader *r, const struct trail *t, const yaml_node_t *n)
{
	if (r->values > READER_MAX_VALUES)
		return false;
	if (++r->values <= READER_MAX_VALUES)
		return true;
	trail_complain(r, t, NULL, n,
		"want at most %d values, aliases counted each time, have more",
		READER_MAX_VALUES);
	return false;
}
