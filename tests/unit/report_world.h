/* report_world.h - made-up results, for tests of what outputs say of them */
#ifndef TESTS_REPORT_WORLD_H
#define TESTS_REPORT_WORLD_H

#include "tests/unit/unit.h"

#include "model/result.h"
#include "report/report.h"

#define NOW 1795132800 /* 2026-11-20T00:00:00Z, a Friday */

/* A leaf of 90 days that ends `left_s` from NOW; its texts are its own. */
static inline struct cert
cert_of(const char *subject, const char *issuer, int64_t left_s)
{
	return (struct cert){ .subject = str_dup(subject),
		.sha256 = str_dup(""),
		.issuer = str_dup(issuer),
		.label = str_dup("x"),
		.issuer_label = str_dup("CA"),
		.serial = str_dup("0a1b"),
		.key_type = str_dup("EC"),
		.key_bits = 256,
		.signature = str_dup("ecdsa-with-SHA256"),
		.has_dates = true,
		.not_after = NOW + left_s,
		.not_before = NOW + left_s - 90 * DAY_S };
}

/* A look at that one leaf, of whose end there is a warning for 30 days. */
static inline struct result *
result_of_leaf(const struct target *t, struct cert leaf)
{
	struct result *r = mem_alloc(sizeof(*r));

	r->target = t;
	r->observed_at = NOW;
	r->looked = true;
	r->warning_at = leaf.not_after - 30 * DAY_S;
	r->critical_at = leaf.not_after - 14 * DAY_S;
	r->seen = observation_new();
	r->seen->certs = mem_alloc(sizeof(leaf));
	r->seen->certs[0] = leaf;
	r->seen->n_certs = 1;
	return r;
}

static inline void
add_finding(struct result *r, const char *id, const char *message)
{
	findings_add(&r->findings, id, "subject", "%s", message);
	r->status = findings_worst(&r->findings);
}

/* What the output `name` makes of them; the caller's to free. */
static inline char *
render(const char *name, struct result **v, size_t n, unsigned verbose)
{
	struct results rs = { .v = v, .n = n, .time = NOW };
	struct report_options opt = { .verbose = verbose };
	struct buf out = { 0 };

	report_find(name)->render(&out, &rs, &opt);
	return buf_detach(&out);
}

#endif
