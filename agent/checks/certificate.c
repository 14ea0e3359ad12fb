/* certificate.c - what cannot be read, or breaks the rules of form */
#include <stdlib.h>

#include <openssl/x509v3.h>

#include "checks/check.h"
#include "checks/form.h"
#include "checks/leaf.h"
#include "checks/role.h"
#include "checks/tell.h"

/* What stands in the way of judging the rest. */
static void
list_unreadable(struct buf *text, const struct cert *c)
{
	if (!c->has_dates)
		buf_puts(text, "its notBefore or notAfter cannot be read");
	if (*c->key_type == '\0')
		buf_printf(text, "%sits public key cannot be read",
			text->len > 0 ? "; " : "");
}

/* An issuer of version 1 is the chain check's to tell. */
static void
note_version(const struct cert *leaf, struct findings *out)
{
	long version = X509_get_version(leaf->x509);
	struct buf text BUF_CLEANUP = { 0 };

	if (version >= X509_VERSION_3)
		return;
	buf_printf(&text,
		"want version 3, have %ld, which can tell neither its names "
		"nor its limits (RFC 5280, 4.1.2.1)",
		version + 1);
	tell_certificate(
		out, "certificate.malformed", leaf, leaf, buf_str(&text))
		->severity = SEV_OK;
}

/* `first` is the leaf that messages do not name; NULL: there is none. */
static void
judge(const struct cert *c, const struct cert *first, bool store,
	struct findings *out)
{
	struct buf text BUF_CLEANUP = { 0 };
	enum severity severity = SEV_WARNING, form = SEV_OK;
	struct finding *f;

	list_unreadable(&text, c);
	/* A browser's or the system's roots are not the operator's to mend. */
	if (!store)
		form = form_judge(&text, c);
	if (form > severity)
		severity = form;
	/* Of a chain's certificates the chain check tells it. */
	if (first == NULL && form != SEV_CRITICAL &&
		(X509_get_extension_flags(c->x509) & EXFLAG_INVALID) != 0)
		buf_printf(&text, "%san extension cannot be read",
			text.len > 0 ? "; " : "");
	if (text.len == 0) {
		if (c == first)
			note_version(c, out);
		return;
	}
	f = tell_certificate(
		out, "certificate.malformed", c, first, buf_str(&text));
	f->severity = severity;
}

static void
certificate_run(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out)
{
	const struct cert *first = leaf_of(ob, pol->target);
	bool store = role_is_store(ob, pol->target);
	size_t *times = leaf_times(ob);

	(void)now;
	for (size_t i = 0; i < ob->n_certs; i++) {
		if (times[i] > 0)
			judge(&ob->certs[i], first, store, out);
	}
	free(times);
}

const struct check check_certificate = {
	.name = "certificate",
	.run = certificate_run,
};
