/* prometheus.c - Prometheus's text format 0.0.4, a family after the other */
#include <stdlib.h>
#include <string.h>

#include "report/prometheus/prometheus.h"

static const struct family *const tables[] = {
	prometheus_scan,
	prometheus_targets,
	prometheus_certs,
	prometheus_ssl,
	prometheus_x509,
	prometheus_blackbox,
	NULL,
};

static int
by_name(const void *a, const void *b)
{
	const struct result *const *x = *(const struct result *const *const *)a;
	const struct result *const *y = *(const struct result *const *const *)b;
	int order = strcmp((*x)->target->name, (*y)->target->name);

	return order != 0 ? order : x < y ? -1 : x > y;
}

/*
 * One series told twice, and the whole text is refused. A target's name is one
 * of a kind as a rule, but nobody's monitoring hangs on a rule: of the results
 * of one name those behind the first are marked; to be freed by free().
 */
static bool *
find_twins(const struct results *rs)
{
	struct result ***sorted = mem_grow(
		NULL, rs->n, sizeof(struct result **));
	bool *twins = mem_alloc(rs->n + 1);

	for (size_t i = 0; i < rs->n; i++)
		sorted[i] = &rs->v[i];
	qsort(sorted, rs->n, sizeof(*sorted), by_name);
	for (size_t i = 1; i < rs->n; i++) {
		if (strcmp((*sorted[i])->target->name,
			    (*sorted[i - 1])->target->name) == 0)
			twins[sorted[i] - rs->v] = true;
	}
	free(sorted);
	return twins;
}

static void
tell_family(struct exposition *e, const bool *twins)
{
	if (e->family->tell != NULL) {
		e->family->tell(e);
		return;
	}
	for (size_t i = 0; i < e->rs->n; i++) {
		if (twins[i])
			continue;
		e->family->tell_of(e, e->rs->v[i]);
		report_pass(e->out, e->opt);
	}
}

static void
prometheus_render(struct buf *out, const struct results *rs,
	const struct report_options *opt)
{
	struct exposition e = { .out = out,
		.rs = rs,
		.opt = opt,
		.now = opt->standing != NULL ? opt->standing->now : rs->time };
	bool *twins = find_twins(rs);

	for (size_t i = 0; tables[i] != NULL; i++) {
		for (e.family = tables[i]; e.family->name != NULL; e.family++) {
			if (e.family->compat != 0 &&
				(e.family->compat & opt->compat) == 0)
				continue;
			e.headed = false;
			tell_family(&e, twins);
		}
	}
	free(twins);
}

const struct report report_prometheus = {
	.name = "prometheus",
	.help = "metrics in Prometheus's text format",
	.render = prometheus_render,
	.tells_standing = true,
};
