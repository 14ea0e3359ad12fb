/* certificate.c - what of a certificate cannot be read, so not be judged */
#include <openssl/x509v3.h>

#include "checks/check.h"
#include "checks/leaf.h"

static void
add_cause(struct buf *text, const char *cause)
{
	if (text->len > 0)
		buf_puts(text, "; ");
	buf_puts(text, cause);
}

static void
judge(const struct cert *c, const struct cert *leaf, struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };
	struct finding *f;

	if (!c->has_dates)
		add_cause(&text, "its notBefore or notAfter cannot be read");
	if (*c->key_type == '\0')
		add_cause(&text, "its public key cannot be read");
	/* Of a chain's certificates the chain check tells it. */
	if (leaf == NULL &&
		(X509_get_extension_flags(c->x509) & EXFLAG_INVALID) != 0)
		add_cause(&text, "an extension cannot be read");
	if (text.len == 0)
		return;
	if (c != leaf)
		f = findings_add(out, "certificate.malformed", c->sha256,
			"'%s': %s", c->label, buf_str(&text));
	else
		f = findings_add(out, "certificate.malformed", c->sha256, "%s",
			buf_str(&text));
	if (c->line > 0)
		finding_detail(f, "line", json_integer((json_int_t)c->line));
}

static void
certificate_run(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out)
{
	const struct cert *leaf = leaf_of(ob, pol->target);

	(void)now;
	for (size_t i = 0; i < ob->n_certs; i++) {
		if (!leaf_is_repeated(ob, i))
			judge(&ob->certs[i], leaf, out);
	}
}

const struct check check_certificate = {
	.name = "certificate",
	.run = certificate_run,
};
