/* tell.c - a finding about one certificate of several */
#include "checks/tell.h"
#include "model/json.h"

struct finding *
tell_certificate(struct findings *out, const char *id, const struct cert *c,
	const struct cert *leaf, const char *text)
{
	struct buf who BUF_CLEANUP = { 0 };
	struct finding *f;

	if (c != leaf) {
		buf_printf(&who, "'%s'", c->label);
		if (c->line > 0)
			buf_printf(&who, " (line %zu)", c->line);
		buf_puts(&who, ": ");
	}
	f = findings_add(out, id, c->sha256, "%s%s", buf_str(&who), text);
	finding_detail(f, "certificate", json_text(c->subject));
	if (c->line > 0)
		finding_detail(f, "line", json_integer((json_int_t)c->line));
	return f;
}
