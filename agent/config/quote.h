/* quote.h - text from the configuration, as messages and YAML show it */
#ifndef CONFIG_QUOTE_H
#define CONFIG_QUOTE_H

#include "model/buf.h"

/* In double quotes, harmless on a terminal, cut after 60 characters. */
void quote_message(struct buf *out, const char *s);

/* A YAML scalar that loads again as `s`, in block and flow context alike. */
void quote_yaml(struct buf *out, const char *s);

#endif
