/* keeping.c - what was made of unchanged files, from scan to scan */
#include <stdlib.h>

#include "commands/keeping.h"
#include "model/alloc.h"
#include "scan/basis.h"
#include "scan/recall.h"

int
keeping_begin(const struct config *c, const struct targets *targets,
	struct state *st, time_t now, bool fresh, struct looks **out,
	struct error *err)
{
	unsigned char digest[LOOKS_BASIS];
	struct recall_request request = {
		.targets = targets,
		.basis = digest,
		.now = now,
		.clock = time(NULL),
		.fresh = fresh,
	};
	struct basis *b = basis_new();
	struct looks *looks;

	*out = NULL;
	config_show_parts(c, basis_add, b);
	if (!basis_end(b, targets, request.clock, digest))
		return 0;
	looks = mem_alloc(sizeof(*looks));
	if (recall(st, &request, looks, err) == -1) {
		free(looks);
		return -1;
	}
	*out = looks;
	return 0;
}

void
keeping_free(struct looks *looks)
{
	if (looks == NULL)
		return;
	recall_release(looks);
	free(looks);
}
