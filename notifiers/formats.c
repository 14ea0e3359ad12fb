/* formats.c - the table of webhook formats */
#include "notifiers/format.h"

#define ROW(name) { #name, FORMAT_##name },
const struct choice format_choices[] = { FORMAT_ROWS{ NULL, 0 } };
#undef ROW

#define ROW(name) [FORMAT_##name] = &format_##name,
const struct format *const format_table[FORMATS] = { FORMAT_ROWS };
#undef ROW
