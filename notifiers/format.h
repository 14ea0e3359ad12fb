/* format.h - a digest as the body of a webhook */
#ifndef NOTIFIERS_FORMAT_H
#define NOTIFIERS_FORMAT_H

#include "model/digest.h"
#include "model/key.h"

struct format {
	const char *content_type;
	char *(*body)(const struct digest *d); /* the caller's to free() */
};

/*
 * The table, one row a format: ROW(NAME) is what the key `format` calls it,
 * and format_NAME.c holds its `const struct format format_NAME`.
 */
#define FORMAT_ROWS ROW(json)

#define ROW(name) FORMAT_##name,
enum format_index { FORMAT_ROWS FORMATS };
#undef ROW

#define ROW(name) extern const struct format format_##name;
FORMAT_ROWS
#undef ROW

extern const struct choice format_choices[]; /* values: enum format_index */
extern const struct format *const format_table[FORMATS];

#endif
