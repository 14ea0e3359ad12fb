/* certificate.c - what of a certificate cannot be read, so not be judged */
#include <stdlib.h>

#include <openssl/x509v3.h>

#include "checks/ca.h"
#include "checks/check.h"
#include "checks/leaf.h"
#include "checks/tell.h"

static void
add_cause(struct buf *text, const char *cause)
{
	if (text->len > 0)
		buf_puts(text, "; ");
	buf_puts(text, cause);
}

/* `first` is the leaf that messages do not name; NULL: there is none. */
static void
judge(const struct cert *c, const struct cert *first, struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };
	struct finding *f;

	if (!c->has_dates)
		add_cause(&text, "its notBefore or notAfter cannot be read");
	if (*c->key_type == '\0')
		add_cause(&text, "its public key cannot be read");
	/* Of a chain's certificates the chain check tells it. */
	if (first == NULL &&
		(X509_get_extension_flags(c->x509) & EXFLAG_INVALID) != 0)
		add_cause(&text, "an extension cannot be read");
	if (text.len == 0)
		return;
	if (c != first)
		f = findings_add(out, "certificate.malformed", c->sha256,
			"'%s': %s", c->label, buf_str(&text));
	else
		f = findings_add(out, "certificate.malformed", c->sha256, "%s",
			buf_str(&text));
	tell_line(f, c);
}

static void
certificate_run(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out)
{
	const struct cert *first = leaf_of(ob, pol->target);
	size_t *times = leaf_times(ob);

	(void)now;
	for (size_t i = 0; i < ob->n_certs; i++) {
		if (times[i] > 0)
			judge(&ob->certs[i], first, out);
	}
	free(times);
}

const struct check check_certificate = {
	.name = "certificate",
	.run = certificate_run,
};
