/* tell.c - a finding about one certificate of several */
#include <string.h>

#include "checks/tell.h"
#include "model/json.h"

static bool
has_namesake(const struct observation *ob, const struct cert *c)
{
	for (size_t i = 0; i < ob->n_certs; i++) {
		const struct cert *other = &ob->certs[i];

		if (strcmp(other->label, c->label) == 0 &&
			strcmp(other->sha256, c->sha256) != 0)
			return true;
	}
	return false;
}

void
tell_label(struct buf *out, const struct observation *ob, const struct cert *c)
{
	buf_printf(out, "'%s'", c->label);
	if (c->line > 0 && has_namesake(ob, c))
		buf_printf(out, " (line %zu)", c->line);
}

void
tell_leaf(struct buf *out, const struct observation *ob, const struct cert *c,
	const struct cert *only)
{
	if (c == only)
		return;
	tell_label(out, ob, c);
	buf_putc(out, ' ');
}

void
tell_line(struct finding *f, const struct cert *c)
{
	if (c->line > 0)
		finding_detail(f, "line", json_integer((json_int_t)c->line));
}

struct finding *
tell_certificate(struct findings *out, const char *id, const struct cert *c,
	const struct cert *only, const char *text)
{
	struct buf who BUF_CLEANUP = { 0 };
	struct finding *f;

	if (c != only) {
		buf_printf(&who, "'%s'", c->label);
		if (c->line > 0)
			buf_printf(&who, " (line %zu)", c->line);
		buf_puts(&who, ": ");
	}
	f = findings_add(out, id, c->sha256, "%s%s", buf_str(&who), text);
	finding_detail(f, "certificate", json_text(c->subject));
	tell_line(f, c);
	return f;
}
