/* keys.c - do the private keys belong to the certificates */
#include <openssl/x509v3.h>

#include "checks/check.h"
#include "checks/key/keyfile.h"
#include "checks/key/pair.h"
#include "checks/leaf.h"
#include "checks/role.h"
#include "model/json.h"

/* Keys and certificates that a message lists. */
#define MAX_LISTED 3
/* Of one file; more are not compared. Nobody has so many. */
#define MAX_KEYS 100

/* The known keys of one file, and the certificates that they may be for. */
struct match {
	const struct private_key *keys[MAX_KEYS];
	size_t n_keys;
	const struct cert *certs[CHAIN_MAX_CERTS];
	size_t n_certs;
};

static bool
fits(const struct private_key *key, const struct cert *c)
{
	return pair_is_one(key->public_half, X509_get0_pubkey(c->x509));
}

static bool
fits_any(const struct private_key *key, const struct match *m)
{
	for (size_t i = 0; i < m->n_certs; i++) {
		if (fits(key, m->certs[i]))
			return true;
	}
	return false;
}

static void
add_cert(struct match *m, const struct cert *c)
{
	if (m->n_certs < CHAIN_MAX_CERTS && X509_get0_pubkey(c->x509) != NULL)
		m->certs[m->n_certs++] = c;
}

static void
add_keys(struct match *m, const struct observation *ob, const struct target *t,
	bool own)
{
	m->n_keys = 0;
	for (size_t i = 0; i < ob->n_keys && m->n_keys < MAX_KEYS; i++) {
		const struct private_key *key = &ob->keys[i];

		/* What kind it is, nobody here knows. */
		if (key->public_half != NULL && keyfile_is_own(key, t) == own)
			m->keys[m->n_keys++] = key;
	}
}

/* "the key of 'a', RSA 2048 (...), or of 'b', EC 256 (...)" */
static void
list_wanted(struct buf *out, const struct match *m)
{
	for (size_t i = 0; i < m->n_certs && i < MAX_LISTED; i++) {
		buf_printf(out, "%s'%s', ", i > 0 ? ", or of " : "the key of ",
			m->certs[i]->label);
		pair_describe(out, X509_get0_pubkey(m->certs[i]->x509));
	}
	if (m->n_certs > MAX_LISTED)
		buf_printf(out, ", or of %zu more", m->n_certs - MAX_LISTED);
}

static void
describe_key(struct buf *out, const struct private_key *key)
{
	pair_describe(out, key->public_half);
	if (key->line > 0)
		buf_printf(out, " in line %zu", key->line);
}

static void
list_had(struct buf *out, const struct match *m)
{
	for (size_t i = 0; i < m->n_keys && i < MAX_LISTED; i++) {
		if (i > 0)
			buf_puts(out, " and ");
		describe_key(out, m->keys[i]);
	}
	if (m->n_keys > MAX_LISTED)
		buf_printf(out, " and %zu more", m->n_keys - MAX_LISTED);
}

static void
add_details(
	struct finding *f, const struct private_key *key, const struct cert *c)
{
	char print[PAIR_PRINT_SIZE];

	if (key->file != NULL)
		finding_detail(f, "file", json_text(key->file));
	if (key->line > 0)
		finding_detail(f, "line", json_integer((json_int_t)key->line));
	finding_detail(
		f, "have", json_string(pair_print(key->public_half, print)));
	if (c != NULL)
		finding_detail(f, "want",
			json_string(
				pair_print(X509_get0_pubkey(c->x509), print)));
}

/* None of the keys is that of the certificates. */
static void
tell_mismatch(const struct match *m, const char *path, struct findings *out)
{
	struct buf who BUF_CLEANUP = { 0 };
	struct buf want BUF_CLEANUP = { 0 };
	struct buf have BUF_CLEANUP = { 0 };
	struct finding *f;

	if (path != NULL)
		buf_printf(&who, "key file %s: ", path);
	list_wanted(&want, m);
	list_had(&have, m);
	f = findings_add(out, "key.mismatch", m->certs[0]->sha256,
		"%swant %s, have %s", buf_str(&who), buf_str(&want),
		buf_str(&have));
	add_details(f, m->keys[0], m->certs[0]);
}

/* Of the key's own file one key has to be that of the leaf, or of a leaf. */
static void
judge_separate(const struct match *m, struct findings *out)
{
	for (size_t i = 0; i < m->n_keys; i++) {
		if (fits_any(m->keys[i], m))
			return;
	}
	tell_mismatch(m, m->keys[0]->file, out);
}

/* One that fits no certificate of the file, the others of the chain included.
 */
static bool
is_stray(const struct private_key *key, const struct match *m,
	const struct observation *ob)
{
	struct match all = { 0 };

	if (fits_any(key, m))
		return false;
	for (size_t i = 0; i < ob->n_certs; i++)
		add_cert(&all, &ob->certs[i]);
	return !fits_any(key, &all);
}

/*
 * Servers take the first key of a file. One that fits nothing is as bad as a
 * mismatch where it comes first; behind the right one it is only left over.
 */
static void
judge_strays(const struct match *m, const struct observation *ob,
	struct findings *out)
{
	bool served = false;

	for (size_t i = 0; i < m->n_keys; i++) {
		struct buf text BUF_CLEANUP = { 0 };
		char print[PAIR_PRINT_SIZE];
		struct finding *f;

		served = served || fits(m->keys[i], m->certs[0]);
		if (!is_stray(m->keys[i], m, ob))
			continue;
		describe_key(&text, m->keys[i]);
		f = findings_add(out, "key.mismatch",
			pair_print(m->keys[i]->public_half, print),
			"want a certificate for each private key, have none "
			"for %s",
			buf_str(&text));
		if (served)
			f->severity = SEV_WARNING;
		add_details(f, m->keys[i], NULL);
	}
}

/* In one file every key has its certificate, and the leaf has its key. */
static void
judge_together(const struct match *m, const struct observation *ob,
	bool has_other, struct findings *out)
{
	bool paired = has_other;

	for (size_t i = 0; i < m->n_keys && !paired; i++)
		paired = fits(m->keys[i], m->certs[0]);
	if (paired) {
		judge_strays(m, ob, out);
	} else {
		struct match first = *m;

		first.n_certs = 1;
		tell_mismatch(&first, NULL, out);
	}
}

static void
collect_certs(
	struct match *m, const struct observation *ob, const struct target *t)
{
	struct leaves leaves LEAVES_CLEANUP = { 0 };

	leaves_find(&leaves, ob, t);
	/* The certificate check tells a key that cannot be read. */
	if (leaves.n > 0 &&
		X509_get0_pubkey(ob->certs[leaves.v[0]].x509) == NULL)
		return;
	for (size_t i = 0; i < leaves.n; i++)
		add_cert(m, &ob->certs[leaves.v[i]]);
	/*
	 * A file of CAs has no leaf, but one that is taken for such may be a
	 * server's own: openssl req -x509 makes a CA. If a key is named for
	 * just this file, one of its certificates is meant.
	 */
	if (leaves.n > 0 || t->role != ROLE_AUTO || t->listed)
		return;
	for (size_t i = 0; i < ob->n_certs; i++)
		add_cert(m, &ob->certs[i]);
}

static void
judge_pairs(const struct observation *ob, const struct target *t,
	struct findings *out)
{
	struct match m = { 0 };
	bool is_ca = role_is_ca(role_of(ob, t)), has_other;

	collect_certs(&m, ob, t);
	if (m.n_certs == 0)
		return;
	add_keys(&m, ob, t, false);
	has_other = m.n_keys > 0;
	if (has_other)
		judge_separate(&m, out);
	add_keys(&m, ob, t, true);
	if (m.n_keys > 0 && !is_ca)
		judge_together(&m, ob, has_other, out);
}

static void
keys_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	(void)now;
	keyfile_judge(ob, pol->target, out);
	if (ob->n_keys > 0)
		judge_pairs(ob, pol->target, out);
}

const struct check check_keys = { .name = "keys", .run = keys_run };
