/* json.c - what jansson leaves to say about hostile text and memory */
#include "model/json.h"
#include "model/alloc.h"
#include "model/buf.h"

void
json_put(json_t *object, const char *key, json_t *value)
{
	if (value == NULL || json_object_set_new(object, key, value) == -1)
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

char *
json_dump(const json_t *j, int indent)
{
	char *s = json_dumps(
		j, indent ? (size_t)JSON_INDENT(2) : (size_t)JSON_COMPACT);

	if (s == NULL)
		mem_exhausted();
	return s;
}
