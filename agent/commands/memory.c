/* memory.c - what a command knows without looking at any target */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/memory.h"
#include "commands/rooms.h"
#include "config/suggest.h"
#include "model/alerts.h"

#define MAX_SUGGESTED 3 /* targets that are named where none is near */

int
memory_find(struct memory *m, const char *config, const char *state,
	struct buf *complaints)
{
	m->path = state;
	if (state != NULL && config == NULL)
		return 0;
	if (config_load(config != NULL ? config : CONFIG_DEFAULT_PATH,
		    command_rooms(), 1, &m->loaded, complaints) == -1)
		return -1;
	m->config = m->loaded;
	if (state == NULL)
		m->path = m->config->state;
	return 0;
}

int
memory_find_or_tell(struct memory *m, const char *config, const char *state)
{
	BUF_CLEANUP struct buf complaints = { 0 };

	if (memory_find(m, config, state, &complaints) == 0)
		return 0;
	fputs(buf_str(&complaints), stderr);
	return -1;
}

static void
join_silences(struct memory *m)
{
	static const struct silences none;
	const struct silences *configured = m->config != NULL
		? &m->config->alerts.silences
		: &none;
	size_t n = m->own.n + configured->n;

	m->silences.v = mem_alloc((n + 1) * sizeof(*m->silences.v));
	m->silences.n = n;
	for (size_t i = 0; i < n; i++)
		m->silences.v[i] = i < m->own.n ? m->own.v[i]
						: configured->v[i - m->own.n];
}

/* Where the configuration is not known, the last scan's word stands. */
static void
apply_silences(struct memory *m)
{
	for (size_t i = 0; i < m->incidents.n; i++) {
		struct known_incident *k = &m->incidents.v[i];

		k->silence = silences_find(&m->silences, k->target, k->address,
			k->finding, m->now);
		k->silenced = k->silence != NULL ||
			(m->config == NULL && k->silenced);
	}
}

static int
read_state(struct memory *m, struct state *st, time_t now, struct error *err)
{
	if (state_targets(st, &m->targets, err) == -1 ||
		state_incidents(st, &m->incidents, err) == -1)
		return -1;
	return state_silences(st, now, &m->own, err);
}

int
memory_read(struct memory *m, struct state *st, time_t now, struct error *err)
{
	m->now = now;
	if (st != NULL && read_state(m, st, now, err) == -1)
		return -1;
	join_silences(m);
	apply_silences(m);
	return 0;
}

void
memory_release(struct memory *m)
{
	free(m->silences.v);
	silences_release(&m->own);
	known_incidents_release(&m->incidents);
	known_targets_release(&m->targets);
	config_free(m->loaded);
	*m = (struct memory){ 0 };
}

struct standing
memory_standing(const struct memory *m, const struct messages *messages)
{
	struct standing s = { .now = m->now,
		.last_scan = m->targets.last_scan,
		.incidents = &m->incidents,
		.silences = &m->silences };

	for (size_t i = 0; i < messages->n; i++) {
		if (messages->v[i].gave_up)
			s.n_given_up++;
		else
			s.n_waiting++;
	}
	return s;
}

size_t
memory_covered(const struct memory *m, const struct silence *s)
{
	const struct silences one = { (struct silence *)s, 1 };
	size_t n = 0;

	for (size_t i = 0; i < m->incidents.n; i++) {
		const struct known_incident *k = &m->incidents.v[i];

		n += silences_find(&one, k->target, k->address, k->finding,
			     s->from) != NULL;
	}
	return n;
}

/* A folder or a pattern stands for files that no scan has seen yet. */
static bool
holds_file(const struct target *t, const char *path)
{
	size_t n = t->kind == TARGET_FILE ? strlen(t->address) : 0;

	return n > 0 &&
		(silence_fits(t->address, path) ||
			(strncmp(t->address, path, n) == 0 && path[n] == '/'));
}

static bool
fits_configured(const struct memory *m, const char *glob)
{
	const struct target_list *list = &m->config->targets;

	for (size_t i = 0; i < list->n; i++) {
		if (silence_fits(glob, list->v[i].name) ||
			silence_fits(glob, list->v[i].address) ||
			holds_file(&list->v[i], glob))
			return true;
	}
	return false;
}

bool
memory_fits_target(const struct memory *m, const char *glob)
{
	for (size_t i = 0; i < m->targets.n; i++) {
		if (silence_fits(glob, m->targets.v[i].name) ||
			silence_fits(glob, m->targets.v[i].address))
			return true;
	}
	return m->config != NULL && fits_configured(m, glob);
}

/* The first one behind `name`, which is NULL before all; they are unsorted. */
static const char *
next_name(const struct memory *m, const char *name)
{
	const char *next = NULL;

	for (size_t i = 0; i < m->targets.n; i++) {
		const char *other = m->targets.v[i].name;

		if ((name == NULL || strcmp(other, name) > 0) &&
			(next == NULL || strcmp(other, next) < 0))
			next = other;
	}
	return next != NULL ? next : name;
}

void
memory_suggest_target(struct buf *out, const struct memory *m, const char *glob)
{
	struct suggestion near = { .wrong = glob };
	const char *name = NULL;

	for (size_t i = 0; i < m->targets.n; i++) {
		suggest_try(&near, m->targets.v[i].name);
		suggest_try(&near, m->targets.v[i].address);
	}
	for (size_t i = 0; m->config != NULL && i < m->config->targets.n; i++)
		suggest_try(&near, m->config->targets.v[i].name);
	suggest_tell(out, &near);
	if (near.best != NULL)
		return;
	for (size_t i = 0; i < m->targets.n && i < MAX_SUGGESTED; i++) {
		name = next_name(m, name);
		buf_printf(out, "%s%s", i == 0 ? "; there is " : ", ", name);
	}
	if (m->targets.n > MAX_SUGGESTED)
		buf_printf(out, " and %zu more", m->targets.n - MAX_SUGGESTED);
	if (m->targets.n == 0)
		buf_puts(out, "; the last scan knew none");
}
