/* verify.c - let OpenSSL judge one given path */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/path/verify.h"
#include "model/alloc.h"

DEFINE_CLEANUP(X509_STORE, X509_STORE_free)
DEFINE_CLEANUP(X509_STORE_CTX, X509_STORE_CTX_free)

/* What OpenSSL's callbacks are handed. */
struct judgement {
	struct path *path;
	const struct yardstick *by;
	X509_STORE_CTX_verify_fn usual; /* its own, for signatures and dates */
};

void
path_breach(struct path *p, size_t step, int code)
{
	for (size_t i = 0; i < p->n_breaches; i++) {
		if (p->breaches[i].step == step && p->breaches[i].code == code)
			return;
	}
	if (p->n_breaches < PATH_MAX_BREACHES)
		p->breaches[p->n_breaches++] = (struct breach){
			.step = step,
			.code = code,
		};
}

static size_t
step_of(const struct path *p, const X509 *x509)
{
	size_t i = 0;

	while (i < p->n && p->steps[i].x509 != x509)
		i++;
	return i;
}

static struct path *
path_of(X509_STORE_CTX *ctx)
{
	return ((struct judgement *)X509_STORE_CTX_get_app_data(ctx))->path;
}

static int
note_breach(int ok, X509_STORE_CTX *ctx)
{
	struct path *p = path_of(ctx);
	size_t step = step_of(p, X509_STORE_CTX_get_current_cert(ctx));
	int code = X509_STORE_CTX_get_error(ctx);

	if (ok == 1)
		return 1;
	/* The purpose check tells it, and by the role; no path mends it. */
	if (step == 0 && code == X509_V_ERR_INVALID_PURPOSE)
		return 1;
	path_breach(p, step < p->n ? step : 0, code);
	/* Go on: every fault is to be told. */
	return 1;
}

/* OpenSSL is to take the steps as they are, not to look for others. */
static int
is_next_step(X509_STORE_CTX *ctx, X509 *x509, X509 *issuer)
{
	const struct path *p = path_of(ctx);
	size_t i = step_of(p, x509);

	if (i + 1 < p->n)
		return p->steps[i + 1].x509 == issuer;
	return x509 == issuer && X509_self_signed(x509, 0) == 1;
}

/* RFC 5280, 6.1.4 (n); of a proxy's certificate RFC 3820, 3.1 */
static int
refusal_to_sign(X509 *issuer, X509 *x509)
{
	uint32_t usage = X509_get_key_usage(issuer); /* none: all bits */

	if ((X509_get_extension_flags(x509) & EXFLAG_PROXY) != 0)
		return (usage & KU_DIGITAL_SIGNATURE) != 0
			? X509_V_OK
			: X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE;
	return (usage & KU_KEY_CERT_SIGN) != 0
		? X509_V_OK
		: X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
}

static void
verify_link(struct judgement *j, const X509 *below, const X509 *above)
{
	struct path *p = j->path;
	size_t at = step_of(p, below), issuer = step_of(p, above);
	int refusal = refusal_to_sign(p->steps[issuer].x509, p->steps[at].x509);

	if (refusal != X509_V_OK)
		path_breach(p, issuer, refusal);
	if (X509_get0_pubkey(above) == NULL)
		path_breach(p, issuer,
			X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY);
	else if (!signatures_verify(
			 j->by->signatures, &p->steps[at], &p->steps[issuer]))
		path_breach(p, at, X509_V_ERR_CERT_SIGNATURE_FAILURE);
}

/* Of what cannot be read OpenSSL does not tell us the key's usage. */
static bool
are_readable_steps(const struct path *p, STACK_OF(X509) *chain)
{
	for (int i = 0; i < sk_X509_num(chain); i++) {
		X509 *x509 = sk_X509_value(chain, i);

		if (step_of(p, x509) >= p->n ||
			(X509_get_extension_flags(x509) &
				(EXFLAG_INVALID | EXFLAG_NO_FINGERPRINT)) != 0)
			return false;
	}
	return true;
}

/*
 * In place of OpenSSL's own, which knows of no signature that was verified
 * before. It goes down from the anchor, as that does.
 */
static int
verify_links(X509_STORE_CTX *ctx)
{
	struct judgement *j = X509_STORE_CTX_get_app_data(ctx);
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);

	if (!are_readable_steps(j->path, chain))
		return j->usual(ctx);
	for (int i = sk_X509_num(chain) - 1; i > 0; i--)
		verify_link(j, sk_X509_value(chain, i - 1),
			sk_X509_value(chain, i));
	return 1;
}

static void
run(struct judgement *j, X509_STORE_CTX *ctx)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
	struct path *p = j->path;

	X509_STORE_CTX_set_app_data(ctx, j);
	X509_STORE_CTX_set_verify_cb(ctx, note_breach);
	j->usual = X509_STORE_CTX_get_verify(ctx);
	if (j->usual != NULL)
		X509_STORE_CTX_set_verify(ctx, verify_links);
	X509_VERIFY_PARAM_set_depth(param, PATH_MAX_STEPS);
	X509_VERIFY_PARAM_set_auth_level(param, 0);
	/* The last step is the anchor because we say so; dates are ours. */
	(void)X509_VERIFY_PARAM_set_flags(
		param, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
	if (j->by->purpose != 0)
		(void)X509_VERIFY_PARAM_set_purpose(param, j->by->purpose);
	/* It may give up without a word to the callback. */
	if (X509_verify_cert(ctx) != 1 && p->n_breaches == 0) {
		int code = X509_STORE_CTX_get_error(ctx);

		path_breach(p, 0,
			code != X509_V_OK ? code : X509_V_ERR_UNSPECIFIED);
	}
	if (sk_X509_num(X509_STORE_CTX_get0_chain(ctx)) != (int)p->n)
		path_breach(p, 0, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

void
path_verify(struct path *p, const struct yardstick *by)
{
	struct judgement j = { .path = p, .by = by };
	cleanup(X509_STORE_free) X509_STORE *store = X509_STORE_new();
	cleanup(X509_STORE_CTX_free)
		X509_STORE_CTX *ctx = X509_STORE_CTX_new_ex(
			by->trust != NULL ? by->trust->libctx : NULL, NULL);
	STACK_OF(X509) *between = sk_X509_new_null();
	STACK_OF(X509) *anchor = sk_X509_new_null();

	if (store == NULL || ctx == NULL || between == NULL || anchor == NULL)
		mem_exhausted();
	for (size_t i = 1; i + 1 < p->n; i++) {
		if (sk_X509_push(between, p->steps[i].x509) < 1)
			mem_exhausted();
	}
	if (sk_X509_push(anchor, p->steps[p->n - 1].x509) < 1)
		mem_exhausted();
	ERR_set_mark();
	X509_STORE_set_check_issued(store, is_next_step);
	if (X509_STORE_CTX_init(ctx, store, p->steps[0].x509, between) != 1)
		mem_exhausted();
	X509_STORE_CTX_set0_trusted_stack(ctx, anchor);
	run(&j, ctx);
	ERR_pop_to_mark();
	sk_X509_free(between);
	sk_X509_free(anchor);
}
