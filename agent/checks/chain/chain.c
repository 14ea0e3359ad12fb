/* chain.c - does what is presented lead to a trust anchor, by all the rules */
#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "checks/chain/chain.h"
#include "checks/chain/clientauth.h"
#include "checks/chain/distrust.h"
#include "checks/chain/extras.h"
#include "checks/chain/verdict.h"
#include "checks/check.h"
#include "checks/gather.h"

/* Leaves whose paths are judged; of the others the dates alone are. */
#define MAX_STRANDS 16

int
chain_purpose(const struct target *t, const struct cert *leaf)
{
	uint32_t usage = X509_get_extended_key_usage(leaf->x509);

	if (t->kind == TARGET_ENDPOINT || t->role == ROLE_SERVER)
		return X509_PURPOSE_SSL_SERVER;
	if (t->role == ROLE_CLIENT)
		return X509_PURPOSE_SSL_CLIENT;
	/* Without an extended key usage all bits are set. */
	if (t->role != ROLE_AUTO || (usage & XKU_ANYEKU) != 0)
		return 0;
	switch (usage & (XKU_SSL_SERVER | XKU_SSL_CLIENT)) {
	case XKU_SSL_SERVER:
		return X509_PURPOSE_SSL_SERVER;
	case XKU_SSL_CLIENT:
		return X509_PURPOSE_SSL_CLIENT;
	default:
		return 0;
	}
}

/* Does one of those before leaves->v[n] come from the same issuer? */
static bool
is_of_known_issuer(
	const struct observation *ob, const struct leaves *leaves, size_t n)
{
	const char *issuer = ob->certs[leaves->v[n]].issuer;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(ob->certs[leaves->v[i]].issuer, issuer) == 0)
			return true;
	}
	return false;
}

/* Of many leaves those of different issuers come first. */
static void
put_issuers_first(struct leaves *leaves, const struct observation *ob)
{
	size_t n = 0;

	if (leaves->n <= MAX_STRANDS)
		return;
	for (size_t i = 0; i < leaves->n && n < MAX_STRANDS; i++) {
		size_t at = leaves->v[i];

		leaves->v[i] = leaves->v[n];
		leaves->v[n] = at;
		if (!is_of_known_issuer(ob, leaves, n))
			n++;
	}
}

/* The same rule that a path's leaf would break. */
static void
judge_form(const struct cert *c, struct findings *out)
{
	if ((X509_get_extension_flags(c->x509) & EXFLAG_INVALID) != 0)
		findings_add(out, "chain.invalid", c->sha256, "'%s': %s",
			c->label,
			X509_verify_cert_error_string(
				X509_V_ERR_INVALID_EXTENSION));
}

void
chain_open(struct chain *ch, const struct observation *ob,
	const struct policy *pol, time_t now)
{
	struct leaves *leaves = &ch->leaves;

	*ch = (struct chain){ .ob = ob, .pol = pol, .now = now };
	leaves_find(leaves, ob, pol->target);
	put_issuers_first(leaves, ob);
	ch->n = leaves->n < MAX_STRANDS ? leaves->n : MAX_STRANDS;
	ch->strands = mem_alloc((ch->n + 1) * sizeof(*ch->strands));
	ch->n_others = leaves->n - ch->n;
	if (ch->n_others > 0)
		ch->others = leaves->v + ch->n;
	for (size_t i = 0; i < ch->n; i++) {
		struct strand *s = &ch->strands[i];

		s->leaf = &ob->certs[leaves->v[i]];
		path_find(&s->path, ob, s->leaf, pol->trust,
			chain_purpose(pol->target, s->leaf), now);
		horizon_note(pol->horizon, s->path.horizon.until, now);
	}
}

void
chain_close(struct chain *ch)
{
	for (size_t i = 0; i < ch->n; i++)
		path_release(&ch->strands[i].path);
	free(ch->strands);
	leaves_release(&ch->leaves);
}

static void
chain_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	struct chain ch;

	chain_open(&ch, ob, pol, now);
	for (size_t i = 0; i < ch.n; i++) {
		struct findings found = { 0 };

		verdict_tell(&ch, &ch.strands[i], &found);
		distrust_judge(distrust_roots, &ch, &ch.strands[i], &found);
		clientauth_judge(&ch, &ch.strands[i], &found);
		gather_worst(out, &found);
	}
	for (size_t i = 0; i < ch.n_others; i++)
		judge_form(&ob->certs[ch.others[i]], out);
	if (ch.n > 0)
		extras_tell(&ch, out);
	chain_close(&ch);
}

const struct check check_chain = { .name = "chain", .run = chain_run };
