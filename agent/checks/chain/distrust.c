/* distrust.c - does a root program refuse what this root issued so late */
#include <string.h>

#include <openssl/ct.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/chain/distrust.h"
#include "checks/role.h"
#include "checks/tell.h"
#include "model/duration.h"
#include "model/json.h"

#define HEX_SIZE (2 * EVP_MAX_MD_SIZE + 1)

static const struct program {
	const char *name;
	bool by_sct; /* else by notBefore */
	bool grave; /* many people meet it */
	bool web; /* on the web alone, not at other services */
} programs[DISTRUST_PROGRAMS] = {
	[DISTRUST_CHROME] = { "Chrome", true, true, true },
	[DISTRUST_MOZILLA] = { "Mozilla", false, true, false },
	[DISTRUST_APPLE] = { "Apple", false, false, false },
};

/* When the leaf was issued, by the two ways of telling. */
struct issued {
	bool has_sct;
	time_t sct; /* the first one; without any, notBefore */
	time_t begin; /* notBefore */
};

/* A key identifier in hex; "" where there is none, or nobody's. */
static void
put_key_id(char out[HEX_SIZE], const ASN1_OCTET_STRING *id)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = NULL;
	size_t n = 0;

	if (id != NULL) {
		bytes = ASN1_STRING_get0_data(id);
		n = (size_t)ASN1_STRING_length(id);
	}

	if (n > EVP_MAX_MD_SIZE)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * n] = '\0';
}

static bool
is_key_id(const struct distrust_root *r, const char *id)
{
	return r->key_id != NULL && strcmp(r->key_id, id) == 0;
}

/*
 * The row of this very root, or of another certificate of its key: renewed,
 * or cross-signed by another.
 */
static const struct distrust_root *
find_root(const struct distrust_root *table, const struct step *step)
{
	const char *sha256 = path_cert(step)->sha256;
	char id[HEX_SIZE];

	put_key_id(id, X509_get0_subject_key_id(step->x509));
	for (const struct distrust_root *r = table; r->name != NULL; r++) {
		if (strcmp(r->sha256, sha256) == 0 || is_key_id(r, id))
			return r;
	}
	return NULL;
}

static const struct distrust_root *
find_issuer(const struct distrust_root *table, const struct cert *c)
{
	char id[HEX_SIZE];

	put_key_id(id, X509_get0_authority_key_id(c->x509));
	for (const struct distrust_root *r = table; r->name != NULL; r++) {
		if (strcmp(r->name, c->issuer_label) == 0 && is_key_id(r, id))
			return r;
	}
	return NULL;
}

/*
 * A root that an older one has signed across, for clients that do not know it
 * yet. Those that do end there, and the older one's fate is not theirs. No
 * other intermediate calls itself so.
 */
static bool
is_cross_root(const struct cert *c)
{
	return c != NULL && !c->self_signed &&
		strcasestr(c->label, "Root") != NULL;
}

/* The first root on the way up, if the table has it. */
static const struct distrust_root *
root_of(const struct distrust_root *table, const struct path *p)
{
	for (size_t i = 1; i < p->n; i++) {
		const struct distrust_root *r = find_root(table, &p->steps[i]);

		if (r != NULL)
			return r;
		if (is_cross_root(p->steps[i].cert))
			return NULL;
	}
	/* Only an anchor may have come from the store, and it has no issuer. */
	if (p->end == PATH_SIGNATURE || p->steps[p->n - 1].cert == NULL)
		return NULL;
	return find_issuer(table, p->steps[p->n - 1].cert);
}

/* Those of another version say nothing that anybody understands. */
static bool
first_sct(const X509 *leaf, time_t *out)
{
	STACK_OF(SCT) *list = X509_get_ext_d2i(
		leaf, NID_ct_precert_scts, NULL, NULL);
	bool found = false;

	for (int i = 0; i < sk_SCT_num(list); i++) {
		const SCT *sct = sk_SCT_value(list, i);
		/* Milliseconds of 64 bits are seconds of fewer. */
		time_t t = (time_t)(SCT_get_timestamp(sct) / 1000);

		if (SCT_get_version(sct) != SCT_VERSION_V1)
			continue;
		if (!found || t < *out)
			*out = t;
		found = true;
	}
	SCT_LIST_free(list);
	return found;
}

static struct issued
issued_of(const struct cert *leaf)
{
	struct issued when = { .begin = leaf->not_before };

	ERR_set_mark();
	when.has_sct = first_sct(leaf->x509, &when.sct);
	ERR_pop_to_mark();
	if (!when.has_sct)
		when.sct = when.begin;
	return when;
}

static bool
refuses(const struct distrust_root *r, size_t program,
	const struct issued *when)
{
	time_t last = r->last[program];

	return last != 0 &&
		(programs[program].by_sct ? when->sct : when->begin) > last;
}

/*
 * "Chrome refuses certificates of 'Root' with a first SCT after 2024-11-11,
 * Mozilla such as were issued after 2024-11-30"
 */
static void
describe_refusals(struct buf *out, const struct distrust_root *r,
	const struct issued *when)
{
	char moment[MOMENT_SIZE];
	bool first = true;

	for (size_t i = 0; i < DISTRUST_PROGRAMS; i++) {
		const struct program *p = &programs[i];

		if (!refuses(r, i, when))
			continue;
		if (first)
			buf_printf(out, "%s refuses certificates of '%s' ",
				p->name, r->name);
		else
			buf_printf(out, ", %s those ", p->name);
		buf_printf(out, "%s after %s",
			p->by_sct ? "with a first SCT" : "issued",
			moment_date(r->last[i], moment));
		first = false;
	}
}

/* "; this one is of 2025-02-03" */
static void
describe_issue(struct buf *out, const struct distrust_root *r,
	const struct issued *when)
{
	char sct[MOMENT_SIZE], begin[MOMENT_SIZE];
	bool by_sct = refuses(r, DISTRUST_CHROME, when);

	moment_date(when->sct, sct);
	moment_date(when->begin, begin);
	if (by_sct && !when->has_sct)
		buf_printf(out, "; this one holds no SCT and was issued on %s",
			begin);
	else if (by_sct && strcmp(sct, begin) != 0)
		buf_printf(out,
			"; this one was issued on %s, its first SCT is of %s",
			begin, sct);
	else
		buf_printf(out, "; this one is of %s", begin);
}

static void
add_details(struct finding *f, const struct distrust_root *r,
	const struct issued *when)
{
	json_t *refusals = json_object();
	char moment[MOMENT_SIZE];

	for (size_t i = 0; i < DISTRUST_PROGRAMS; i++) {
		if (refuses(r, i, when))
			json_put(refusals, programs[i].name,
				json_string(moment_format(r->last[i], moment)));
	}
	finding_detail(f, "root", json_text(r->name));
	finding_detail(f, "root_sha256", json_string(r->sha256));
	finding_detail(f, "refused_after", refusals);
	finding_detail(f, "not_before",
		json_string(moment_format(when->begin, moment)));
	if (when->has_sct)
		finding_detail(f, "first_sct",
			json_string(moment_format(when->sct, moment)));
}

/* A file may be of any service, and so may an unnamed one behind TLS. */
static bool
may_be_web(const struct target *t)
{
	return t->scheme == NULL || strcmp(t->scheme->name, "https") == 0 ||
		strcmp(t->scheme->name, "tls") == 0;
}

/* Critical where many people are refused, and are already. */
static enum severity
severity_of(const struct distrust_root *r, const struct issued *when,
	const struct chain *ch)
{
	for (size_t i = 0; i < DISTRUST_PROGRAMS; i++) {
		const struct program *p = &programs[i];

		horizon_note(ch->pol->horizon, r->last[i] + 1, ch->now);
		if (p->grave && (!p->web || may_be_web(ch->pol->target)) &&
			refuses(r, i, when) && ch->now > r->last[i])
			return SEV_CRITICAL;
	}
	return SEV_WARNING;
}

static bool
is_server(const struct chain *ch, const struct cert *leaf)
{
	uint32_t usage = X509_get_extended_key_usage(leaf->x509);

	return role_of(ch->ob, ch->pol->target) == ROLE_SERVER &&
		(usage & (XKU_SSL_SERVER | XKU_ANYEKU)) != 0;
}

void
distrust_judge(const struct distrust_root *table, const struct chain *ch,
	const struct strand *s, struct findings *out)
{
	const struct distrust_root *r = root_of(table, &s->path);
	struct buf text BUF_CLEANUP = { 0 };
	struct issued when;
	struct finding *f;

	if (r == NULL || !s->leaf->has_dates || !is_server(ch, s->leaf))
		return;
	when = issued_of(s->leaf);
	describe_refusals(&text, r, &when);
	if (text.len == 0)
		return;
	describe_issue(&text, r, &when);
	f = tell_certificate(out, "chain.distrusted", s->leaf,
		ch->strands[0].leaf, buf_str(&text));
	f->severity = severity_of(r, &when, ch);
	add_details(f, r, &when);
}
