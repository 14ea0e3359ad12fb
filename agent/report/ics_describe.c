/* ics_describe.c - what an entry of the calendar says of a certificate */
#include <string.h>

#include "model/text.h"
#include "report/ics.h"
#include "report/reports.h"

/* What a line may take of the outside, and how many of a kind there are. */
#define TEXT_BYTES 400
#define MAX_TOLD 5

/* `raw` behind words of our own, which hold nothing that is escaped. */
static void
add_text(struct buf *line, const char *what, const char *raw)
{
	BUF_CLEANUP struct buf plain = { 0 };

	text_plain(&plain, raw);
	line_cut(&plain, TEXT_BYTES);
	buf_puts(line, what);
	text_ics(line, buf_str(&plain));
}

static void
add_names(struct buf *line, const struct strlist *names)
{
	BUF_CLEANUP struct buf text = { 0 };
	size_t n = names->n < MAX_TOLD ? names->n : MAX_TOLD;

	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%s%s", i > 0 ? ", " : "", names->v[i]);
	if (names->n > n)
		buf_printf(&text, " and %zu more", names->n - n);
	if (n > 0)
		add_text(line, "\\nNames: ", buf_str(&text));
}

/* What the entries say by themselves, in words that change by the day. */
static bool
is_about_dates(const struct finding *f)
{
	static const char *const ids[] = { "expiry.soon", "expiry.expired",
		"expiry.order-by" };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (strcmp(f->kind->id, ids[i]) == 0)
			return true;
	}
	return false;
}

/* What else is wrong: somebody will have the certificate in hand. */
static void
add_findings(struct buf *line, const struct findings *fs)
{
	size_t told = 0;

	for (int s = SEV_UNKNOWN; s > SEV_OK; s--) {
		for (size_t i = 0; i < fs->n; i++) {
			const struct finding *f = &fs->v[i];
			BUF_CLEANUP struct buf text = { 0 };

			if ((int)f->severity != s || is_about_dates(f) ||
				told++ >= MAX_TOLD)
				continue;
			buf_printf(&text, "%s: %s", f->kind->id, f->message);
			add_text(line, "\\nAlso: ", buf_str(&text));
		}
	}
	if (told > MAX_TOLD)
		buf_printf(line, "\\nAlso: %zu more", told - MAX_TOLD);
}

/* Once it has ended, there is more to it than to renew it. */
static const char *
remedy_of(const struct result *r, const struct cert *c, const char *finding)
{
	for (size_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (strcmp(f->subject, c->sha256) == 0 &&
			(strcmp(f->kind->id, finding) == 0 ||
				strcmp(f->kind->id, "expiry.expired") == 0))
			return finding_remedy(f);
	}
	return finding_kind(finding)->remedy;
}

/* No span of time is told: it would be another one tomorrow. */
void
ics_describe(struct buf *line, const struct result *r, const struct cert *c,
	const char *finding)
{
	const struct target *t = r->target;
	char moment[MOMENT_SIZE];

	add_text(line, "Target: ", t->name);
	if (strcmp(t->address, t->name) != 0)
		add_text(line, "\\nAt: ", t->address);
	if (t->owner != NULL)
		add_text(line, "\\nOwner: ", t->owner);
	add_text(line, "\\nCertificate: ", c->subject);
	add_names(line, &c->names);
	add_text(line, "\\nIssuer: ", c->issuer);
	add_text(line, "\\nSerial number: ", c->serial);
	add_text(line, "\\nHave: one that ends ",
		moment_format(c->not_after, moment));
	add_text(line, "\\nWant: ", "another one in place before then");
	add_text(line, "\\nTo do: ", remedy_of(r, c, finding));
	add_findings(line, &r->findings);
}
