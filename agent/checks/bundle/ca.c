/* ca.c - is a certificate a CA's, and does it say so */
#include <openssl/x509v3.h>

#include "checks/bundle/ca.h"
#include "checks/tell.h"

const char *
ca_refusal(const struct cert *c)
{
	uint32_t flags;

	if (X509_check_ca(c->x509) != 0)
		return NULL;
	flags = X509_get_extension_flags(c->x509);
	if ((flags & EXFLAG_INVALID) != 0)
		return "an extension of it cannot be read";
	if ((flags & (EXFLAG_BCONS | EXFLAG_CA)) == EXFLAG_BCONS)
		return "its basicConstraints say so";
	if ((X509_get_key_usage(c->x509) & KU_KEY_CERT_SIGN) == 0)
		return "its key usage does not include signing certificates";
	return X509_get_version(c->x509) == X509_VERSION_1
		? "it is of version 1 and not self-signed"
		: "it has no basicConstraints";
}

bool
ca_is_unsaid(const struct cert *c)
{
	/* 1: basicConstraints say it; what is more is OpenSSL's leniency. */
	return X509_check_ca(c->x509) > 1;
}

void
ca_tell_unsaid(const struct observation *ob, const struct cert *c,
	struct findings *out)
{
	struct buf who BUF_CLEANUP = { 0 };
	bool v1 = X509_get_version(c->x509) == X509_VERSION_1;

	tell_label(&who, ob, c);
	tell_line(findings_add(out, "chain.no-constraints", c->sha256, "%s %s",
			  buf_str(&who),
			  v1 ? "is of version 1 and cannot say that it is a "
			       "CA"
			     : "has no basicConstraints and does not say "
			       "that it is a CA"),
		c);
}
