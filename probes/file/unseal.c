/* unseal.c - open the encrypted parts of one file, and tell what stays shut */
#include <string.h>

#include <openssl/err.h>

#include "probes/file/unseal.h"

/*
 * "None" and "empty" are not the same in PKCS#12: RFC 7292, B.1 ends every
 * passphrase with two zero bytes, and some tools write none at all.
 */
void
unseal_init(struct unseal *u, struct reading *r)
{
	const char *own = r->target->passphrase;

	*u = (struct unseal){ .r = r, .rounds_left = PBE_MAX_ROUNDS };
	if (own != NULL && *own != '\0')
		u->tries[u->n_tries++] = own;
	u->tries[u->n_tries++] = NULL;
	u->tries[u->n_tries++] = "";
}

void
unseal_release(struct unseal *u)
{
	pbe_legacy_release(&u->legacy);
	buf_release(&u->old);
	buf_release(&u->unsupported);
}

static bool
has_passphrase(const struct unseal *u)
{
	return u->n_tries == sizeof(u->tries) / sizeof(u->tries[0]);
}

static bool
may_spend(struct unseal *u, int64_t rounds)
{
	if (rounds > u->rounds_left - PBE_ROUNDS_OF_A_TRY) {
		u->costly = true;
		return false;
	}
	u->rounds_left -= rounds + PBE_ROUNDS_OF_A_TRY;
	return true;
}

/* Of PBMAC1 (RFC 9579) the number stands within its algorithm. */
static int64_t
mac_rounds(const PKCS12 *p12)
{
	const ASN1_INTEGER *iterations = NULL;
	const X509_ALGOR *alg = NULL;
	int64_t n, within;

	PKCS12_get0_mac(NULL, &alg, NULL, &iterations, p12);
	n = pbe_rounds_of(iterations);
	within = pbe_rounds(alg);
	return n > within ? n : within;
}

void
unseal_try_mac(struct unseal *u, PKCS12 *p12)
{
	int64_t rounds;

	if (!PKCS12_mac_present(p12))
		return;
	rounds = mac_rounds(p12);
	for (size_t i = 0; i < u->n_tries; i++) {
		const char *p = u->tries[i];

		if (!may_spend(u, rounds))
			return;
		ERR_clear_error();
		if (PKCS12_verify_mac(p12, p, p != NULL ? (int)strlen(p) : 0) ==
			1) {
			u->tries[i] = u->tries[0];
			u->tries[0] = p;
			u->proven = true;
			return;
		}
		/* Of a kind that is not known: it proves nothing. */
		if (ERR_peek_error() != 0)
			return;
	}
	u->shut = true;
	/* What was configured is wrong, even if nothing else is encrypted. */
	u->wrong = has_passphrase(u);
}

/* With one passphrase. False: the algorithm is not to be had. */
static bool
open_with(struct unseal *u, const char *passphrase, const X509_ALGOR *alg,
	const ASN1_OCTET_STRING *data, const ASN1_ITEM *it, void **v)
{
	OSSL_LIB_CTX *old;

	*v = pbe_decrypt(alg, data, it, passphrase, u->r->libctx);
	if (*v != NULL || !pbe_unsupported())
		return true;
	old = pbe_legacy_context(&u->legacy);
	if (old == NULL)
		return false;
	*v = pbe_decrypt(alg, data, it, passphrase, old);
	return *v != NULL || !pbe_unsupported();
}

void *
unseal_open(struct unseal *u, const X509_ALGOR *alg,
	const ASN1_OCTET_STRING *data, const ASN1_ITEM *it, bool *encrypted)
{
	int64_t rounds = pbe_rounds(alg);
	void *v = NULL;

	for (size_t i = 0; !u->shut && i < u->n_tries; i++) {
		const char *p = u->tries[i];

		if (!may_spend(u, rounds))
			return NULL;
		if (!open_with(u, p, alg, data, it, &v)) {
			buf_reset(&u->unsupported);
			pbe_name(alg, &u->unsupported);
			return NULL;
		}
		if (v == NULL)
			continue;
		*encrypted = p != NULL && *p != '\0';
		if (pbe_is_legacy(alg) && u->old.len == 0)
			pbe_name(alg, &u->old);
		return v;
	}
	ERR_clear_error();
	u->wrong = true;
	return NULL;
}

void
unseal_cannot(struct unseal *u, const char *how)
{
	buf_reset(&u->unsupported);
	buf_puts(&u->unsupported, how);
}

static const char *
password_trouble(const struct unseal *u)
{
	if (u->proven)
		return "a part of it does not open with the passphrase that "
		       "opens the others";
	if (!has_passphrase(u))
		return "is encrypted, and no passphrase is configured for it";
	return "the configured passphrase does not open it";
}

void
unseal_tell(struct unseal *u)
{
	struct observation *ob = u->r->ob;

	/* Where PEM is wanted, to open it would not help. */
	if (u->wrong && (has_passphrase(u) || !target_wants_pem(u->r->target)))
		observation_add_fault(
			ob, FAULT_FILE_PASSWORD, 0, "%s", password_trouble(u));
	if (u->costly)
		observation_add_fault(ob, FAULT_FILE_UNREADABLE, 0,
			"want at most %jd rounds of key "
			"derivation, have more",
			(intmax_t)PBE_MAX_ROUNDS);
	if (u->unsupported.len > 0)
		observation_add_fault(ob, FAULT_FILE_UNREADABLE, 0,
			"is encrypted with %s, which this machine's OpenSSL "
			"cannot open%s",
			buf_str(&u->unsupported),
			u->legacy.tried && u->legacy.libctx == NULL
				? " without its legacy provider, which is not "
				  "installed"
				: "");
	if (u->old.len > 0)
		observation_add_fault(ob, FAULT_FILE_LEGACY, 0,
			"is encrypted with %s, which OpenSSL 3 opens with its "
			"legacy provider only",
			buf_str(&u->old));
	if (u->wrong || u->costly || u->unsupported.len > 0)
		u->r->explained = true;
}
