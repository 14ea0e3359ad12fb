/* namesakes.c - different CAs of one name in a file */
#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "checks/bundle/ca.h"
#include "checks/bundle/namesakes.h"
#include "model/json.h"

/* Certificates whose lines a message lists. */
#define MAX_LINES 8

static int
compare_octets(const ASN1_STRING *a, const ASN1_STRING *b)
{
	int n = a != NULL ? ASN1_STRING_length(a) : 0;
	int m = b != NULL ? ASN1_STRING_length(b) : 0;

	if (n != m)
		return n > m ? 1 : -1;
	return n == 0 ? 0
		      : memcmp(ASN1_STRING_get0_data(a),
				ASN1_STRING_get0_data(b), (size_t)n);
}

static int
compare_keys(const struct cert *a, const struct cert *b)
{
	return compare_octets(X509_get0_pubkey_bitstr(a->x509),
		X509_get0_pubkey_bitstr(b->x509));
}

bool
namesakes_share_key(const struct cert *a, const struct cert *b)
{
	return compare_keys(a, b) == 0;
}

static int
compare_by_key(const void *a, const void *b)
{
	return compare_keys(
		*(const struct cert *const *)a, *(const struct cert *const *)b);
}

static int
compare_key_ids(const void *a, const void *b)
{
	const struct cert *x = *(const struct cert *const *)a;
	const struct cert *y = *(const struct cert *const *)b;

	return compare_octets(X509_get0_subject_key_id(x->x509),
		X509_get0_subject_key_id(y->x509));
}

/* Of those that are equal keep the one that comes first in the file. */
static size_t
unite(const struct cert **list, size_t n,
	int (*compare)(const void *, const void *))
{
	size_t kept = 0;

	qsort(list, n, sizeof(*list), compare);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || compare(&list[kept - 1], &list[i]) != 0)
			list[kept++] = list[i];
		else if (list[i] < list[kept - 1])
			list[kept - 1] = list[i];
	}
	return kept;
}

/* Has each its own key identifier? The list is reordered. */
static bool
have_key_ids(const struct cert **list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (X509_get0_subject_key_id(list[i]->x509) == NULL)
			return false;
	}
	return unite(list, n, compare_key_ids) == n;
}

static int
compare_lines(const void *a, const void *b)
{
	size_t x = (*(const struct cert *const *)a)->line;
	size_t y = (*(const struct cert *const *)b)->line;

	return (x > y) - (x < y);
}

/* " (lines 1, 22 and 43)": where they stand. The list is reordered. */
static void
list_lines(struct buf *out, const struct cert **list, size_t n)
{
	qsort(list, n, sizeof(*list), compare_lines);
	if (list[0]->line == 0)
		return; /* not from PEM */
	for (size_t i = 0; i < n && i < MAX_LINES; i++)
		buf_printf(out, "%s%zu",
			i == 0		     ? " (lines "
				: i + 1 == n ? " and "
					     : ", ",
			list[i]->line);
	buf_puts(out, n > MAX_LINES ? " ...)" : ")");
}

/* `list` are the CAs of one subject. */
static void
judge(const struct cert **list, size_t n, struct findings *out)
{
	const struct cert *c = list[0];
	struct buf lines BUF_CLEANUP = { 0 };
	bool told_apart;
	struct finding *f;
	json_t *prints;

	n = unite(list, n, compare_by_key);
	if (n < 2)
		return;
	prints = json_array();
	for (size_t i = 0; i < n; i++)
		json_push(prints, json_string(list[i]->sha256));
	told_apart = have_key_ids(list, n);
	list_lines(&lines, list, n);
	f = findings_add(out, "chain.same-name", c->subject,
		"%zu CAs with different keys are called '%s'%s; %s", n,
		c->label, buf_str(&lines),
		told_apart ? "their key identifiers tell them apart"
			   : "no key identifiers tell them apart, so that "
			     "software may take the first alone");
	finding_detail(f, "certificates", prints);
}

void
namesakes_tell(const struct members *ms, struct findings *out)
{
	const struct cert **list = mem_grow(NULL, ms->n, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < ms->n; i++) {
		const struct member *m = &ms->v[ms->by_name[i]];

		if (i > 0 &&
			!members_are_namesakes(&ms->v[ms->by_name[i - 1]], m)) {
			if (n > 1)
				judge(list, n, out);
			n = 0;
		}
		if (ca_refusal(m->cert) == NULL)
			list[n++] = m->cert;
	}
	if (n > 1)
		judge(list, n, out);
	free(list);
}
