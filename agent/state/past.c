/* past.c - what the last scans left, read once beside the results of this one
 */
#include <string.h>

#include "state/past.h"

static int
step(struct past *p, sqlite3_stmt **q, struct error *err)
{
	int more = store_step(p->st, *q, err);

	if (more != 1)
		*q = NULL;
	return more == -1 ? -1 : 0;
}

static int
begin(struct past *p, enum statement which, sqlite3_stmt **q, struct error *err)
{
	*q = store_query(p->st, err, which, "");
	return *q == NULL ? -1 : step(p, q, err);
}

int
past_begin(struct past *p, struct state *st, struct error *err)
{
	*p = (struct past){ .st = st };
	if (begin(p, STMT_TARGET_ALL, &p->targets, err) == -1)
		return -1;
	return begin(p, STMT_INCIDENT_ALL, &p->incidents, err);
}

/* Its first column; in a damaged file it may be missing. */
static const char *
name_of(sqlite3_stmt *q)
{
	const char *name = store_text(q, 0);

	return name != NULL ? name : "";
}

/*
 * What left the configuration is forgotten, and nobody is told. A row that was
 * changed is met a second time where that moved it on: SQLite finds its place
 * again by the key and the column behind it.
 */
static int
drop_departed(struct past *p, const char *name, struct error *err)
{
	bool again = p->name != NULL && strcmp(name, p->name) <= 0;

	if (!again && store_run(p->st, err, STMT_TARGET_DROP, "t", name) == -1)
		return -1;
	return step(p, &p->targets, err);
}

/* `name` NULL: behind all of them. */
static int
go_on_to(struct past *p, const char *name, struct error *err)
{
	if (p->met && step(p, &p->targets, err) == -1)
		return -1;
	p->met = false;
	while (p->targets != NULL) {
		const char *row = name_of(p->targets);
		int order = name != NULL ? strcmp(row, name) : -1;

		if (order >= 0) {
			p->met = order == 0;
			break;
		}
		if (drop_departed(p, row, err) == -1)
			return -1;
	}
	return 0;
}

int
past_target(struct past *p, const char *name, struct error *err)
{
	if (go_on_to(p, name, err) == -1)
		return -1;
	p->name = name;
	return p->met;
}

int
past_incident(struct past *p, struct error *err)
{
	while (p->incidents != NULL) {
		int order = strcmp(name_of(p->incidents), p->name);

		if (order >= 0)
			return order == 0;
		if (step(p, &p->incidents, err) == -1)
			return -1;
	}
	return 0;
}

int
past_incident_step(struct past *p, struct error *err)
{
	return step(p, &p->incidents, err);
}

int
past_end(struct past *p, struct error *err)
{
	if (go_on_to(p, NULL, err) == -1)
		return -1;
	sqlite3_reset(p->incidents);
	p->incidents = NULL;
	return 0;
}
