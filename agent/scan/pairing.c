/* pairing.c - which of the files of a run an endpoint should be serving */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "checks/check.h"
#include "checks/deploy/deploy.h"
#include "checks/leaf.h"
#include "model/hostname.h"
#include "model/shelf.h"
#include "scan/pairing.h"

/* Of the newest certificates for one name, how many are considered. */
#define MAX_CANDIDATES 16

/* A name, and a leaf that has it. */
struct entry {
	const char *name;
	const struct cert *cert;
	const struct result *file;
};

/* A certificate, and a file that holds it. */
struct holding {
	const char *sha256;
	const struct result *file;
};

struct pairing {
	struct entry *names; /* by name, then the newest first */
	size_t n_names;
	struct holding *held; /* by fingerprint, then by path */
	size_t n_held;
	time_t now;
};

static void *
grow(void *v, size_t n, size_t size)
{
	if ((n & (n - 1)) != 0)
		return v;
	return mem_grow(v, n == 0 ? 1 : n * 2, size);
}

static int
by_fullness(const struct result *a, const struct result *b)
{
	size_t x = a->seen->n_certs, y = b->seen->n_certs;

	/* fullchain.pem before the cert.pem beside it. */
	if (x != y)
		return x > y ? -1 : 1;
	return strcmp(a->target->file, b->target->file);
}

static int
by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcasecmp(x->name, y->name);

	if (order == 0)
		order = deploy_compare_age(y->cert, x->cert);
	if (order == 0)
		order = strcmp(x->cert->sha256, y->cert->sha256);
	return order != 0 ? order : by_fullness(x->file, y->file);
}

static int
by_fingerprint(const void *a, const void *b)
{
	const struct holding *x = a, *y = b;
	int order = strcmp(x->sha256, y->sha256);

	return order != 0 ? order : by_fullness(x->file, y->file);
}

static bool
is_trusted(const struct result *r)
{
	for (size_t i = 0; i < r->findings.n; i++) {
		const char *id = r->findings.v[i].kind->id;

		if (strcmp(id, "chain.untrusted") == 0 ||
			strcmp(id, "chain.self-signed") == 0)
			return false;
	}
	return true;
}

static void
add_names(struct pairing *p, const struct result *file, const struct cert *c)
{
	if (!c->has_dates || p->now < c->not_before || p->now > c->not_after)
		return;
	for (size_t i = 0; i < c->names.n; i++) {
		p->names = grow(p->names, p->n_names, sizeof(*p->names));
		p->names[p->n_names++] = (struct entry){ c->names.v[i], c,
			file };
	}
}

static void
add_file(struct pairing *p, const struct result *r)
{
	struct leaves leaves LEAVES_CLEANUP = { 0 };

	for (size_t i = 0; i < r->seen->n_certs; i++) {
		p->held = grow(p->held, p->n_held, sizeof(*p->held));
		p->held[p->n_held++] =
			(struct holding){ r->seen->certs[i].sha256, r };
	}
	if (r->role != ROLE_SERVER)
		return;
	leaves_find(&leaves, r->seen, r->target);
	for (size_t i = 0; i < leaves.n; i++)
		add_names(p, r, &r->seen->certs[leaves.v[i]]);
}

static void
add_files(struct pairing *p, const struct results *rs)
{
	for (size_t i = 0; i < rs->n; i++) {
		const struct result *r = rs->v[i];

		if (r->target->kind == TARGET_FILE && r->looked && !r->store)
			add_file(p, r);
	}
	if (p->n_names > 0)
		qsort(p->names, p->n_names, sizeof(*p->names), by_name);
	if (p->n_held > 0)
		qsort(p->held, p->n_held, sizeof(*p->held), by_fingerprint);
}

/* The first file that holds it, or NULL. */
static const struct result *
find_holder(const struct pairing *p, const char *sha256)
{
	size_t low = 0, high = p->n_held;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(p->held[middle].sha256, sha256) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < p->n_held && strcmp(p->held[low].sha256, sha256) == 0
		? p->held[low].file
		: NULL;
}

/* Where the leaves with this name begin. */
static size_t
find_name(const struct pairing *p, const char *name)
{
	size_t low = 0, high = p->n_names;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcasecmp(p->names[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The names of a certificate, sorted, each once; lent by it. */
struct nameset {
	const char **v;
	size_t n;
};

static int
compare_names(const void *a, const void *b)
{
	return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

static void
nameset_init(struct nameset *set, const struct cert *c)
{
	size_t n = 0;

	set->n = 0;
	set->v = mem_grow(NULL, c->names.n + 1, sizeof(*set->v));
	for (size_t i = 0; i < c->names.n; i++)
		set->v[i] = c->names.v[i];
	qsort(set->v, c->names.n, sizeof(*set->v), compare_names);
	for (size_t i = 0; i < c->names.n; i++) {
		if (n == 0 || strcasecmp(set->v[n - 1], set->v[i]) != 0)
			set->v[n++] = set->v[i];
	}
	set->n = n;
}

static size_t
count_shared(const struct nameset *a, const struct nameset *b)
{
	size_t shared = 0;

	for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
		int order = strcasecmp(a->v[i], b->v[k]);

		shared += order == 0;
		i += order <= 0;
		k += order >= 0;
	}
	return shared;
}

/* What might take the place of the certificate that is served. */
struct candidate {
	const struct cert *cert;
	const struct result *file;
	size_t shared, all; /* names of both, names of either */
	bool same_key; /* of the same kind */
};

static bool
is_better(const struct candidate *a, const struct candidate *b)
{
	if (b->cert == NULL || a->shared * b->all != b->shared * a->all)
		return b->cert == NULL ||
			a->shared * b->all > b->shared * a->all;
	if (a->same_key != b->same_key)
		return a->same_key;
	return deploy_compare_age(a->cert, b->cert) > 0;
}

struct search {
	const struct pairing *pairing;
	const struct cert *served;
	struct nameset names; /* of what is served */
	bool trusted; /* what is served is */
	struct candidate best;
};

static void
consider(struct search *s, const struct entry *e)
{
	size_t n = s->names.n, m = e->cert->names.n;
	struct candidate c = { .cert = e->cert, .file = e->file };
	struct nameset names;

	/* Then half of them cannot be shared, and nobody needs to count. */
	if (m > 2 * n || n > 2 * m || (s->trusted && !is_trusted(e->file)))
		return;
	nameset_init(&names, e->cert);
	c.shared = count_shared(&s->names, &names);
	c.all = n + names.n - c.shared;
	c.same_key = strcmp(e->cert->key_type, s->served->key_type) == 0;
	if (2 * c.shared >= c.all && is_better(&c, &s->best))
		s->best = c;
	free(names.v);
}

/* The newest leaves of this name that are newer than what is served. */
static void
consider_name(struct search *s, const char *name)
{
	const struct pairing *p = s->pairing;
	const struct cert *last = NULL;
	size_t left = MAX_CANDIDATES;

	for (size_t i = find_name(p, name); i < p->n_names && left > 0; i++) {
		const struct entry *e = &p->names[i];

		if (strcasecmp(e->name, name) != 0 ||
			deploy_compare_age(e->cert, s->served) <= 0)
			return;
		if (last != NULL && strcmp(last->sha256, e->cert->sha256) == 0)
			continue;
		last = e->cert;
		left--;
		consider(s, e);
	}
}

/* What should be served in place of what is; without a file: nothing. */
static struct candidate
find_newer(const struct pairing *p, const struct result *endpoint)
{
	const char *host = target_server_name(endpoint->target);
	const char *dot = strchr(host, '.');
	struct search s = { .pairing = p,
		.served = &endpoint->seen->certs[0],
		.trusted = is_trusted(endpoint) };

	if (!s.served->has_dates)
		return s.best;
	nameset_init(&s.names, s.served);
	consider_name(&s, host);
	/* RFC 9525, 6.3: a wildcard stands for just one label. */
	if (dot != NULL && dot != host && !hostname_is_address(host)) {
		cleanup(str_free) char *wildcard = str_fmt("*%s", dot);

		consider_name(&s, wildcard);
	}
	free(s.names.v);
	return s.best;
}

/* As though the file had been named in the endpoint's configuration. */
static void
judge_against(struct result *endpoint, const struct candidate *c,
	struct library *lib, time_t now)
{
	struct target target = *endpoint->target;
	const struct policy policy = { .target = &target };
	struct observation *seen = endpoint->seen;
	/* Of all that the file holds this one alone is meant. */
	struct observation view = *c->file->seen;

	view.certs = (struct cert *)c->cert;
	view.n_certs = 1;
	target.set.deployed = endpoint->deployed = c->file->target->file;
	seen->deployed = &view;
	seen->listener = library_listener(lib, endpoint->target, seen);
	checks_run_deploy(seen, &policy, now, &endpoint->findings);
	seen->deployed = NULL;
	endpoint->status = findings_worst(&endpoint->findings);
}

static struct result *
pair(const struct pairing *p, struct result *endpoint, struct library *lib)
{
	const struct result *holder = find_holder(
		p, endpoint->seen->certs[0].sha256);
	struct candidate newer;

	if (holder != NULL) {
		endpoint->deployed = holder->target->file;
		return endpoint;
	}
	newer = find_newer(p, endpoint);
	if (newer.file == NULL)
		return endpoint;
	endpoint = shelf_lift(endpoint);
	judge_against(endpoint, &newer, lib, p->now);
	return endpoint;
}

static bool
is_wanted(const struct result *r)
{
	return target_is_paired(r->target) && r->looked && !r->carried;
}

static bool
is_any_wanted(const struct results *rs)
{
	for (size_t i = 0; i < rs->n; i++) {
		if (is_wanted(rs->v[i]))
			return true;
	}
	return false;
}

void
pairing_run(struct results *rs, struct library *lib)
{
	struct pairing p = { .now = rs->time };

	if (!is_any_wanted(rs))
		return;
	add_files(&p, rs);
	for (size_t i = 0; i < rs->n; i++) {
		if (is_wanted(rs->v[i]))
			rs->v[i] = pair(&p, rs->v[i], lib);
	}
	free(p.names);
	free(p.held);
}
