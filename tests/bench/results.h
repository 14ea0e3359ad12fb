/* results.h - what a scan of many files has come to, made out of nothing */
#ifndef TESTS_BENCH_RESULTS_H
#define TESTS_BENCH_RESULTS_H

#include <stdio.h>

#include "model/result.h"

#define TROUBLED 20 /* one in so many */
#define A_FOLDER 1000 /* files of one folder, which come sorted */

/* How one scan is unlike the first. */
struct shift {
	size_t first; /* targets before this one have left, as many have come */
	size_t renewed; /* so many have another certificate */
	bool all; /* the address of each is another one */
	int64_t later_s;
	size_t n; /* targets */
	time_t begin; /* of the first scan */
};

static inline struct cert *
make_cert(size_t i, const struct shift *s)
{
	struct cert *c = mem_alloc(sizeof(*c));
	size_t again = i < s->renewed ? 1 : 0;

	*c = (struct cert){ .subject = str_fmt("CN=host-%zu.example.com", i),
		.issuer = str_dup("CN=Example Issuing CA 1,O=Example"),
		.label = str_fmt("host-%zu.example.com", i),
		.issuer_label = str_dup("Example Issuing CA 1"),
		.serial = str_fmt("%032zx", i * 2654435761 + again),
		.key_type = str_dup("EC"),
		.key_curve = str_dup("prime256v1"),
		.key_bits = 256,
		.signature = str_dup("ecdsa-with-SHA256"),
		.has_dates = true };
	c->sha256 = str_fmt("%032zx%032zx", (i + again * s->n) * 2654435761, i);
	c->not_after = s->begin + (time_t)(60 + i % 300) * DAY_S + (time_t)i;
	c->not_before = c->not_after - 90 * DAY_S;
	strlist_add(&c->names, c->label);
	return c;
}

static inline struct result *
make_result(size_t i, const struct shift *s, time_t now)
{
	struct result *r = mem_alloc(sizeof(*r));
	struct target *t = mem_alloc(sizeof(*t));

	t->name = str_fmt(
		"/etc/ssl/site-%03zu/cert-%06zu.pem", i / A_FOLDER, i);
	t->address = s->all ? str_fmt("%s.moved", t->name) : t->name;
	t->kind = TARGET_FILE;
	settings_init(&t->set);
	t->set.warning = (struct threshold){ 30 * DAY_S, -1 };
	t->set.critical = (struct threshold){ 14 * DAY_S, -1 };
	r->target = t;
	r->observed_at = now;
	r->looked = true;
	r->role = ROLE_SERVER;
	r->seen = observation_new();
	r->seen->format = "PEM";
	r->seen->certs = make_cert(i, s);
	r->seen->n_certs = 1;
	if (i % TROUBLED == 0) {
		struct finding *f = findings_add(&r->findings, "name.missing",
			t->name, "does not cover www.host-%zu.example.com", i);

		if (i % (TROUBLED * 4) != 0)
			f->severity = SEV_WARNING;
	}
	r->status = findings_worst(&r->findings);
	return r;
}

static inline struct results
make_results(const struct shift *s)
{
	struct results rs = { .time = s->begin + s->later_s };

	rs.v = mem_alloc(s->n * sizeof(struct result *));
	for (; rs.n < s->n; rs.n++)
		rs.v[rs.n] = make_result(rs.n + s->first, s, rs.time);
	return rs;
}

#endif
