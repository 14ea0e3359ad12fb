/* addresses.c - an endpoint at every address that it has */
#include <stdlib.h>
#include <string.h>

#include "probes/tls/addresses.h"
#include "probes/tls/connect.h"
#include "probes/tls/connection.h"

/* Before an address that refused is tried again beside others that answer. */
#define RETRY_PAUSE_MS 250

/* With less time than this nobody is looked at again. */
#define MIN_SHARE_MS 100

/* All addresses of one target, and what was seen at each. */
struct tour {
	const struct target *target;
	struct probe_io *io;
	struct addresses to;
	struct observation *seen[RESOLVE_MAX_ADDRESSES];
	bool open[RESOLVE_MAX_ADDRESSES]; /* to be looked at */
	size_t n_open;
};

static void
tour_end(struct tour *tour)
{
	for (size_t i = 0; i < tour->to.n; i++)
		observation_free(tour->seen[i]);
	resolve_release(&tour->to);
}

#define TOUR_CLEANUP __attribute__((__cleanup__(tour_end)))

bool
addresses_wanted(const struct target *t)
{
	return t->set.addresses == ADDRESSES_ALL &&
		(t->set.proxy == NULL || !t->set.proxy->resolves);
}

/* One address, until `deadline_ms`; what was seen there before is dropped. */
static int
look_at(struct tour *tour, size_t i, int64_t deadline_ms, struct error *err)
{
	cleanup(observation_free) struct observation *ob = observation_new();
	struct stream *s = mem_alloc(sizeof(*s));
	struct probe_io io = *tour->io;
	int rc;

	io.deadline_ms = deadline_ms;
	ob->address = str_dup(tour->to.v[i].text);
	s->io = &io;
	s->fd = -1;
	rc = connect_to(s, tour->target, &tour->to.v[i], ob, err);
	if (rc == 0 && connection_look(s, tour->target, ob, err) == -1)
		rc = -2;
	stream_close(s);
	free(s);
	if (rc == -2)
		return -1;
	observation_free(tour->seen[i]);
	tour->seen[i] = ob;
	ob = NULL;
	return 0;
}

static bool
has_fault(const struct observation *ob, enum fault_kind kind)
{
	for (size_t i = 0; i < ob->n_faults; i++) {
		if (ob->faults[i].kind == kind)
			return true;
	}
	return false;
}

static bool
any_answered(const struct tour *tour)
{
	for (size_t i = 0; i < tour->to.n; i++) {
		if (tour->seen[i]->n_certs > 0)
			return true;
	}
	return false;
}

/* Might a second look, after `round` others, see what this one did not? */
static bool
is_open(const struct tour *tour, const struct observation *ob, int64_t round,
	bool answered)
{
	if (ob->n_certs > 0 || ob->handshake->ending == ENDING_NO_ROUTE)
		return false;
	if (has_fault(ob, FAULT_TIMEOUT))
		return true;
	/* Where none answers, the whole look is made again. */
	return answered && round < tour->target->set.retries &&
		(has_fault(ob, FAULT_UNREACHABLE) ||
			has_fault(ob, FAULT_HANDSHAKE));
}

/* Returns whether one of those that are open did no more than time out. */
static bool
keep_open(struct tour *tour, int64_t round)
{
	bool answered = any_answered(tour), late = false;

	tour->n_open = 0;
	for (size_t i = 0; i < tour->to.n; i++) {
		tour->open[i] = tour->open[i] &&
			is_open(tour, tour->seen[i], round, answered);
		tour->n_open += tour->open[i];
		late |= tour->open[i] &&
			has_fault(tour->seen[i], FAULT_TIMEOUT);
	}
	return late;
}

/*
 * By rounds: those that answer at once leave their time to the others, and
 * the last of a round has all that is left.
 */
static int
go_round(struct tour *tour, struct error *err)
{
	size_t left = tour->n_open;

	for (size_t i = 0; i < tour->to.n; i++) {
		int64_t now = probe_now_ms(), share;

		if (!tour->open[i])
			continue;
		share = (tour->io->deadline_ms - now) / (int64_t)left--;
		if (look_at(tour, i, share > 0 ? now + share : now, err) == -1)
			return -1;
	}
	return 0;
}

static int
go_all_rounds(struct tour *tour, struct error *err)
{
	for (size_t i = 0; i < tour->to.n; i++)
		tour->open[i] = true;
	tour->n_open = tour->to.n;
	for (int64_t round = 0; tour->n_open > 0; round++) {
		int64_t again;

		if (go_round(tour, err) == -1)
			return -1;
		again = probe_now_ms();
		if (!keep_open(tour, round))
			again += RETRY_PAUSE_MS;
		if (tour->n_open == 0 ||
			again + MIN_SHARE_MS > tour->io->deadline_ms)
			break;
		(void)tour->io->wait(tour->io, -1, 0, again);
	}
	return 0;
}

/* The one that stands for the target: certificates, else a peer, else any. */
static size_t
choose(const struct tour *tour)
{
	size_t best = 0;
	int best_worth = -1;

	for (size_t i = 0; i < tour->to.n; i++) {
		const struct observation *ob = tour->seen[i];
		int worth = ob->n_certs > 0	      ? 2
			: ob->handshake->peer != NULL ? 1
						      : 0;

		if (worth > best_worth) {
			best = i;
			best_worth = worth;
		}
	}
	return best;
}

/* Nobody answered: the target itself has the faults of all. */
static void
gather_faults(struct observation *ob)
{
	struct observation *all = observation_new();
	struct fault *faults = ob->faults;
	size_t n = ob->n_faults;

	for (size_t k = 0; k <= ob->n_others; k++) {
		const struct observation *from = k == 0 ? ob
							: ob->others[k - 1];

		for (size_t i = 0; i < from->n_faults; i++) {
			const struct fault *f = &from->faults[i];
			bool named = strstr(f->text, from->address) != NULL;

			observation_add_fault(all, f->kind, 0, "%s%s%s",
				named ? "" : from->address, named ? "" : ": ",
				f->text);
		}
	}
	ob->faults = all->faults;
	ob->n_faults = all->n_faults;
	all->faults = faults;
	all->n_faults = n;
	observation_free(all);
}

static struct observation *
sum_up(struct tour *tour)
{
	size_t best = choose(tour);
	struct observation *ob = tour->seen[best];

	tour->seen[best] = NULL;
	for (size_t i = 0; i < tour->to.n; i++) {
		if (i == best)
			continue;
		observation_add_other(ob, tour->seen[i]);
		tour->seen[i] = NULL;
	}
	ob->n_unseen = tour->to.n_more;
	if (ob->n_certs == 0 && ob->n_others > 0)
		gather_faults(ob);
	return ob;
}

int
addresses_look(const struct target *t, struct probe_io *io,
	struct observation **out, struct error *err)
{
	cleanup(observation_free) struct observation *ob = observation_new();
	struct tour tour TOUR_CLEANUP = { .target = t, .io = io };

	if (resolve_host(io, t, true, &tour.to, ob) == -1) {
		*out = ob;
		ob = NULL;
		return 0;
	}
	if (go_all_rounds(&tour, err) == -1)
		return -1;
	*out = sum_up(&tour);
	return 0;
}
