/* unicode.h - UTF-8, and what of it people see */
#ifndef MODEL_UNICODE_H
#define MODEL_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One code point of UTF-8 at `s`: its length, or 0 if it is not UTF-8
 * (RFC 3629: no overlong form, no surrogate, nothing past U+10FFFF).
 */
size_t unicode_decode(const char *s, uint32_t *out);

/*
 * Controls, and what reorders or hides text (Unicode TR 36, 2.5 and 3, and
 * Default_Ignorable_Code_Point).
 */
bool unicode_is_hidden(uint32_t c);

/* Columns that it takes on a terminal. */
size_t unicode_width(uint32_t c);

#endif
