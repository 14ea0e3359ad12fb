/* signatures.c - did one certificate of a path sign another */
#include "checks/path/signatures.h"
#include "model/sm2.h"

/* Of a leaf there are as many as there are targets, and each is its own. */
static bool
is_for_memo(const struct signatures *s, const struct step *step)
{
	return s->memo != NULL && step->x509 != s->leaf &&
		path_cert(step)->is_ca;
}

static bool
verify(const struct signatures *s, const struct step *step,
	const struct step *issuer)
{
	bool kept = is_for_memo(s, step);

	if (kept && memo_has_link(s->memo, path_cert(step), path_cert(issuer)))
		return true;
	if (!cert_verified_by(step->x509, X509_get0_pubkey(issuer->x509)))
		return false;
	if (kept)
		memo_keep_link(s->memo, path_cert(step), path_cert(issuer));
	return true;
}

bool
signatures_verify(struct signatures *s, const struct step *step,
	const struct step *issuer)
{
	bool good;

	/* The identifier that fits is left in each certificate anew. */
	if (sm2_is_signature(step->x509))
		return cert_verified_by(
			step->x509, X509_get0_pubkey(issuer->x509));
	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i].x509 == step->x509 &&
			s->v[i].issuer == issuer->x509)
			return s->v[i].good;
	}
	good = verify(s, step, issuer);
	if (s->n < SIGNATURES_MAX) {
		s->v[s->n].x509 = step->x509;
		s->v[s->n].issuer = issuer->x509;
		s->v[s->n++].good = good;
	}
	return good;
}
