/* pemline.h - the lines that begin and end a block of PEM */
#ifndef PROBES_PEMLINE_H
#define PROBES_PEMLINE_H

#include <stdbool.h>
#include <stddef.h>

#define PEMLINE_BEGIN "-----BEGIN "
#define PEMLINE_END "-----END "

/*
 * A boundary, `what`, at `s` of `len` bytes: its label's length in *n.
 * Returns how long the boundary is, or 0 if there is none.
 */
size_t pemline_boundary(const char *s, size_t len, const char *what, size_t *n);

/*
 * Dashes with BEGIN or END that are no boundary to OpenSSL, which knows one
 * by the first column and by nothing else being on its line.
 */
bool pemline_is_odd(const char *s, size_t len);

/* How long the byte order mark is that a text begins with; 0: it has none. */
size_t pemline_mark(const char *text, size_t len);

#endif
