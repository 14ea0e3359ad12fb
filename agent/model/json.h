/* json.h - what jansson leaves to say about hostile text and memory */
#ifndef MODEL_JSON_H
#define MODEL_JSON_H

#include <stddef.h>

#include <jansson.h>

/* Takes over `value`; its being NULL means that memory ran out. */
void json_put(json_t *object, const char *key, json_t *value);
void json_push(json_t *array, json_t *value);

/*
 * Certificates may hold anything; JSON holds UTF-8. What is not UTF-8 is
 * taken for Latin-1, so that nothing is lost. NULL gives null.
 */
json_t *json_text(const char *s);

/* Compact, or indented by 2; the caller's to free(). */
char *json_dump(const json_t *j, int indent);

#endif
