/* resolve.c - from a target's host to its addresses, in the order to try */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/hostname.h"
#include "probes/tls/resolve.h"

/* One resolution, which may outlive the probe that asked for it. */
struct lookup {
	char *host;
	char port[8];
	struct addrinfo hints;
	struct addrinfo *found;
	int rc, saved_errno;
};

static void
lookup_run(void *arg)
{
	struct lookup *l = arg;

	l->rc = getaddrinfo(l->host, l->port, &l->hints, &l->found);
	l->saved_errno = errno;
}

static void
lookup_drop(void *arg)
{
	struct lookup *l = arg;

	if (l->rc == 0 && l->found != NULL)
		freeaddrinfo(l->found);
	free(l->host);
	free(l);
}

/* What getaddrinfo() returns, and what it means for whoever asked. */
static const struct problem {
	int rc;
	enum connection_ending ending;
	const char *words; /* NULL: see no_address() */
} problems[] = {
	{ EAI_NONAME, ENDING_NO_NAME, "no such host" },
	{ EAI_NODATA, ENDING_NO_ADDRESS, NULL },
	{ EAI_ADDRFAMILY, ENDING_NO_ADDRESS, NULL },
	{ EAI_FAMILY, ENDING_NO_ADDRESS, NULL },
	{ EAI_AGAIN, ENDING_NO_NAME_SERVER, "the name servers gave no answer" },
	{ EAI_FAIL, ENDING_NO_NAME_SERVER,
		"the name servers could not answer" },
};

static const char *
no_address(const struct target *t)
{
	return t->family == AF_INET	? "it has no IPv4 address"
		: t->family == AF_INET6 ? "it has no IPv6 address"
					: "it has no address";
}

static void
tell_problem(
	const struct target *t, const struct lookup *l, struct observation *ob)
{
	const char *words = l->rc == EAI_SYSTEM ? strerror(l->saved_errno)
						: gai_strerror(l->rc);

	ob->handshake->ending = ENDING_NO_NAME_SERVER;
	for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
		if (problems[i].rc != l->rc)
			continue;
		ob->handshake->ending = problems[i].ending;
		words = problems[i].words != NULL ? problems[i].words
						  : no_address(t);
	}
	observation_add_fault(ob, FAULT_UNREACHABLE, 0,
		"the name %s cannot be resolved: %s", l->host, words);
}

/* Returns a lookup that is done, for lookup_drop(), or NULL and a fault. */
static struct lookup *
look_up(struct probe_io *io, const struct target *t, struct observation *ob)
{
	const char *host = t->dial != NULL ? t->dial : t->host;
	struct lookup *l = mem_alloc(sizeof(*l));

	l->host = str_dup(host);
	(void)snprintf(l->port, sizeof(l->port), "%u", t->port);
	l->hints = (struct addrinfo){ .ai_family = (int)t->family,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV };
	if (hostname_is_address(host)) {
		l->hints.ai_flags |= AI_NUMERICHOST;
		lookup_run(l);
	} else if (io->call(io, lookup_run, lookup_drop, l) == -1) {
		ob->handshake->ending = ENDING_TIMEOUT;
		observation_add_fault(ob, FAULT_TIMEOUT, 0,
			"the name %s was not resolved in time", host);
		return NULL;
	}
	if (l->rc != 0) {
		tell_problem(t, l, ob);
		lookup_drop(l);
		return NULL;
	}
	return l;
}

/* The bytes of an address in *bytes; returns how many there are. */
static size_t
address_bytes(const struct address *a, const void **bytes)
{
	const void *sa = &a->sa;

	if (a->sa.ss_family == AF_INET6) {
		*bytes = &((const struct sockaddr_in6 *)sa)->sin6_addr;
		return sizeof(struct in6_addr);
	}
	*bytes = &((const struct sockaddr_in *)sa)->sin_addr;
	return sizeof(struct in_addr);
}

static uint32_t
scope_of(const struct address *a)
{
	const void *sa = &a->sa;

	return a->sa.ss_family == AF_INET6
		? ((const struct sockaddr_in6 *)sa)->sin6_scope_id
		: 0;
}

static int
compare(const void *x, const void *y)
{
	const struct address *a = x, *b = y;
	const void *p, *q;
	size_t n;
	int order;

	if (a->sa.ss_family != b->sa.ss_family)
		return a->sa.ss_family < b->sa.ss_family ? -1 : 1;
	n = address_bytes(a, &p);
	(void)address_bytes(b, &q);
	order = memcmp(p, q, n);
	if (order != 0)
		return order;
	return (scope_of(a) > scope_of(b)) - (scope_of(a) < scope_of(b));
}

static bool
is_listed(const struct address *v, size_t n, const struct address *a)
{
	for (size_t i = 0; i < n; i++) {
		if (compare(&v[i], a) == 0)
			return true;
	}
	return false;
}

/* 0, or -1 where it is of no family that can be connected to. */
static int
address_init(struct address *a, const struct addrinfo *ai)
{
	char port[NI_MAXSERV];

	if ((ai->ai_family != AF_INET && ai->ai_family != AF_INET6) ||
		ai->ai_addrlen > sizeof(a->sa))
		return -1;
	*a = (struct address){ .len = ai->ai_addrlen };
	memcpy(&a->sa, ai->ai_addr, ai->ai_addrlen);
	if (getnameinfo(ai->ai_addr, ai->ai_addrlen, a->host, sizeof(a->host),
		    port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return -1;
	(void)snprintf(a->text, sizeof(a->text),
		ai->ai_family == AF_INET6 ? "[%s]:%.5s" : "%s:%.5s", a->host,
		port);
	return 0;
}

/* The addresses of `v`, one of each family by turns while there are both. */
static void
interleave(struct addresses *out, const struct address *v, size_t n)
{
	int family = n > 0 ? v[0].sa.ss_family : AF_UNSPEC;
	size_t own = 0, other = 0;

	while (out->n < n) {
		bool turn = out->n % 2 == 0;
		size_t i;

		while (own < n && v[own].sa.ss_family != family)
			own++;
		while (other < n && v[other].sa.ss_family == family)
			other++;
		i = (turn && own < n) || other >= n ? own++ : other++;
		out->v[out->n++] = v[i];
	}
}

void
resolve_list(struct addresses *out, const struct addrinfo *found, bool sorted)
{
	size_t room = 0, n = 0;
	struct address *v;

	for (const struct addrinfo *ai = found; ai != NULL; ai = ai->ai_next)
		room++;
	v = mem_grow(NULL, room, sizeof(*v));
	for (const struct addrinfo *ai = found; ai != NULL; ai = ai->ai_next) {
		if (address_init(&v[n], ai) == 0 && !is_listed(v, n, &v[n]))
			n++;
	}
	if (sorted && n > 1)
		qsort(v, n, sizeof(*v), compare);
	*out = (struct addresses){ .v = mem_grow(NULL, n, sizeof(*v)) };
	interleave(out, v, n);
	free(v);
	if (out->n > RESOLVE_MAX_ADDRESSES) {
		out->n_more = out->n - RESOLVE_MAX_ADDRESSES;
		out->n = RESOLVE_MAX_ADDRESSES;
	}
}

int
resolve_host(struct probe_io *io, const struct target *t, bool sorted,
	struct addresses *out, struct observation *ob)
{
	struct lookup *l;

	ob->handshake->step = STEP_RESOLVE;
	probe_enter(io, PHASE_RESOLVE);
	l = look_up(io, t, ob);
	if (l == NULL)
		return -1;
	resolve_list(out, l->found, sorted);
	lookup_drop(l);
	if (out->n > 0)
		return 0;
	resolve_release(out);
	ob->handshake->ending = ENDING_NO_ADDRESS;
	observation_add_fault(ob, FAULT_UNREACHABLE, 0,
		"the name %s cannot be resolved: %s",
		t->dial != NULL ? t->dial : t->host, no_address(t));
	return -1;
}

void
resolve_release(struct addresses *as)
{
	free(as->v);
	*as = (struct addresses){ 0 };
}
