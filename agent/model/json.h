/* json.h - what jansson leaves to say about hostile text and memory */
#ifndef MODEL_JSON_H
#define MODEL_JSON_H

#include <stddef.h>

#include <jansson.h>

#include "model/buf.h"

/*
 * Takes over `value`; its being NULL means that memory ran out. The key is our
 * own, and UTF-8.
 */
void json_put(json_t *object, const char *key, json_t *value);
void json_push(json_t *array, json_t *value);

/*
 * Certificates may hold anything; JSON holds UTF-8. What is not UTF-8 is
 * taken for Latin-1, so that nothing is lost. NULL gives null.
 */
json_t *json_text(const char *s);

/*
 * Takes over `j`; the same text at the end of `out`, compact, or indented with
 * all lines but the first `margin` columns further in. Of a large document one
 * part after the other is built and printed: its whole tree takes ten times
 * the memory of its text.
 */
void json_print(struct buf *out, json_t *j);
void json_print_indented(struct buf *out, json_t *j, size_t margin);

/*
 * Such a document, indented: the keys of `head`, taken over, then lists, each
 * of them begun, item by item (the first is 0; `j` is taken over) and ended.
 */
void json_print_head(struct buf *out, json_t *head);
void json_begin_list(struct buf *out, const char *key);
void json_print_item(struct buf *out, size_t i, json_t *j);
void json_end_list(struct buf *out, size_t n);
void json_end(struct buf *out);

#endif
