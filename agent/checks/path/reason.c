/* reason.c - in a few words, why a path was not chosen */
#include <openssl/x509_vfy.h>

#include "checks/path/blame.h"
#include "checks/path/reason.h"
#include "model/duration.h"

#define MAX_REASONS 3

struct reasons {
	struct buf *out;
	unsigned n;
};

/* Is there room for one more? Then what parts it from the others is put. */
static bool
begin(struct reasons *r)
{
	if (r->n++ > 0 && r->n <= MAX_REASONS)
		buf_puts(r->out, "; ");
	return r->n <= MAX_REASONS;
}

static void
tell_refused(struct reasons *r, const struct path *p)
{
	if (begin(r))
		buf_printf(r->out,
			"it has the name of the issuer of '%s', but its key "
			"did not sign it",
			p->steps[p->n - 1].cert->label);
}

static void
tell_end(struct reasons *r, const struct path *p, const struct trust *trust)
{
	/* Only an anchor may have come from the store. */
	const struct cert *last = p->steps[p->n - 1].cert;

	if (p->end == PATH_ANCHORED || !begin(r))
		return;
	if (p->end == PATH_GAP)
		buf_printf(r->out, "the issuer of '%s', '%s', is missing",
			last->label, last->issuer_label);
	else if (p->end == PATH_ROOT)
		buf_printf(r->out, "'%s' is not in %s", last->label,
			trust != NULL ? trust->name : "a trust store");
	else
		buf_printf(r->out, "'%s' is not signed by any '%s' at hand",
			last->label, last->issuer_label);
}

static void
tell_dates(struct reasons *r, const struct cert *c, const struct cert *leaf,
	time_t now)
{
	char day[MOMENT_SIZE];

	if (!c->has_dates)
		return;
	if (now < c->not_before) {
		if (begin(r))
			buf_printf(r->out, "'%s' is not valid before %s",
				c->label, moment_date(c->not_before, day));
	} else if (now > c->not_after) {
		if (begin(r))
			buf_printf(r->out, "'%s' expired on %s", c->label,
				moment_date(c->not_after, day));
	} else if (leaf->has_dates && c->not_after < leaf->not_after) {
		if (begin(r))
			buf_printf(r->out, "'%s' ends on %s, before '%s'",
				c->label, moment_date(c->not_after, day),
				leaf->label);
	}
}

/* The first of what it breaks; more of it would often say the same. */
static void
tell_breach(struct reasons *r, const struct path *p, size_t step,
	const struct cert *c)
{
	size_t i = 0;

	while (i < p->n_breaches && p->breaches[i].step != step)
		i++;
	if (i == p->n_breaches || !begin(r))
		return;
	buf_printf(r->out, "'%s': ", c->label);
	if (!blame_describe(r->out, p, step, p->breaches[i].code))
		buf_puts(r->out,
			X509_verify_cert_error_string(p->breaches[i].code));
}

void
reason_tell(struct buf *out, const struct path *p, const struct step *refused,
	const struct path *chosen, const struct trust *trust, time_t now)
{
	struct reasons r = { .out = out };

	if (refused != NULL) {
		tell_refused(&r, p);
		return;
	}
	tell_end(&r, p, trust);
	for (size_t i = 0; i < p->n; i++) {
		const struct cert *c = path_cert(&p->steps[i]);

		tell_breach(&r, p, i, c);
		/* The leaf is on every way. */
		if (i > 0)
			tell_dates(&r, c, p->steps[0].cert, now);
	}
	if (r.n > 0)
		return;
	buf_puts(out,
		p->n > chosen->n ? "as good, but longer"
				 : "as good; the other one was found first");
}
