/* json.c - what jansson leaves to say about hostile text and memory */
#include <string.h>

#include "model/alloc.h"
#include "model/json.h"
#include "model/text.h"

void
json_put(json_t *object, const char *key, json_t *value)
{
	if (value == NULL ||
		json_object_set_new_nocheck(object, key, value) == -1)
		mem_exhausted();
}

void
json_push(json_t *array, json_t *value)
{
	if (value == NULL || json_array_append_new(array, value) == -1)
		mem_exhausted();
}

json_t *
json_text(const char *s)
{
	BUF_CLEANUP struct buf utf8 = { 0 };
	json_t *j;

	if (s == NULL)
		return json_null();
	j = json_string(s);
	if (j != NULL)
		return j;
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x80) {
			buf_putc(&utf8, (char)(0xc0 | (c >> 6)));
			buf_putc(&utf8, (char)(0x80 | (c & 0x3f)));
		} else {
			buf_putc(&utf8, (char)c);
		}
	}
	return json_string(buf_str(&utf8));
}

struct printing {
	struct buf *out;
	size_t margin;
};

/* Line breaks within strings are escaped, and no character is in two parts. */
static int
print_part(const char *text, size_t n, void *arg)
{
	const struct printing *p = arg;
	const char *end = text + n, *line;

	while (p->margin > 0 &&
		(line = memchr(text, '\n', (size_t)(end - text))) != NULL) {
		text_json(p->out, text, (size_t)(line + 1 - text));
		buf_pad(p->out, p->margin, ' ');
		text = line + 1;
	}
	text_json(p->out, text, (size_t)(end - text));
	return 0;
}

static void
print(struct buf *out, json_t *j, size_t margin, size_t flags)
{
	struct printing p = { out, margin };

	if (json_dump_callback(j, print_part, &p, flags) == -1)
		mem_exhausted();
	json_decref(j);
}

void
json_print(struct buf *out, json_t *j)
{
	print(out, j, 0, JSON_COMPACT);
}

void
json_print_indented(struct buf *out, json_t *j, size_t margin)
{
	print(out, j, margin, JSON_INDENT(2));
}

void
json_print_head(struct buf *out, json_t *head)
{
	json_print_indented(out, head, 0);
	/* Less the brace that closes it. */
	out->len -= strlen("\n}");
}

void
json_begin_list(struct buf *out, const char *key)
{
	buf_printf(out, ",\n  \"%s\": [", key);
}

void
json_print_item(struct buf *out, size_t i, json_t *j)
{
	buf_puts(out, i > 0 ? ",\n    " : "\n    ");
	json_print_indented(out, j, 4);
}

void
json_end_list(struct buf *out, size_t n)
{
	buf_puts(out, n > 0 ? "\n  ]" : "]");
}

void
json_end(struct buf *out)
{
	buf_puts(out, "\n}\n");
}
