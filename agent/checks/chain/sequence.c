/* sequence.c - do certificates stand in the order in which they are read */
#include <stdlib.h>
#include <string.h>

#include "checks/chain/sequence.h"
#include "checks/tell.h"

/* Certificates that a message lists by name. */
#define MAX_LISTED 8

void
sequence_list(struct buf *out, const struct observation *ob, const size_t *at,
	size_t n)
{
	for (size_t i = 0; i < n && i < MAX_LISTED; i++) {
		if (i > 0)
			buf_puts(out, ", ");
		tell_label(out, ob, &ob->certs[at[i]]);
	}
	if (n > MAX_LISTED)
		buf_printf(out, " and %zu more", n - MAX_LISTED);
}

static int
compare_places(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

bool
sequence_judge(const struct observation *ob, const size_t *want, size_t n,
	struct findings *out)
{
	struct buf want_text BUF_CLEANUP = { 0 };
	struct buf have_text BUF_CLEANUP = { 0 };
	bool ascending = true;
	size_t *have;

	for (size_t i = 1; i < n; i++)
		ascending = ascending && want[i - 1] < want[i];
	if (ascending)
		return false;
	have = mem_grow(NULL, n, sizeof(*have));
	memcpy(have, want, n * sizeof(*have));
	qsort(have, n, sizeof(*have), compare_places);
	sequence_list(&want_text, ob, want, n);
	sequence_list(&have_text, ob, have, n);
	free(have);
	findings_add(out, "chain.order", ob->certs[want[0]].sha256,
		"the order is wrong: want %s, have %s", buf_str(&want_text),
		buf_str(&have_text));
	return true;
}
