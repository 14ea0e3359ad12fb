/* value_proxy.c - values that are proxies */
#include <string.h>

#include "config/quote.h"
#include "config/values.h"
#include "model/proxy.h"
#include "model/text.h"

#define NONE "none"

static int
parse_proxy(const struct value_source *from, const struct key *key,
	const char *text, void *dst, struct buf *why)
{
	const struct proxy **p = dst, *parsed = NULL;
	struct error err;

	(void)key;
	if (strcmp(text, NONE) != 0) {
		parsed = proxy_parse(from->arena, text, &err);
		if (parsed == NULL) {
			text_plain(why, err.text);
			return -1;
		}
	}
	*p = parsed;
	return 0;
}

static bool
format_proxy(struct buf *out, const struct key *key, const void *src)
{
	const struct proxy *p = *(const struct proxy *const *)src;

	(void)key;
	quote_yaml(out, p != NULL ? p->url : NONE);
	return true;
}

const struct value_type value_proxy = { "proxy", false, parse_proxy,
	format_proxy };
