/* json_paths.c - the ways from each leaf, for machines */
#include "model/json.h"
#include "report/reports.h"

static json_t *
step_json(const struct result *r, const struct way_step *step)
{
	const struct cert *c = account_cert(r->account, r->seen, step);
	json_t *j = json_object();

	if (!step->stored)
		json_put(j, "position", json_integer((json_int_t)step->at));
	json_put(j, "subject", json_text(c->subject));
	json_put(j, "sha256", json_text(c->sha256));
	return j;
}

static json_t *
way_json(const struct result *r, const struct way *w)
{
	const struct cert *last = account_cert(
		r->account, r->seen, &w->steps[w->n - 1]);
	json_t *j = json_object(), *steps = json_array();

	json_put(j, "chosen", json_boolean(w->why == NULL));
	json_put(j, "end", json_string(way_end_name(w->end)));
	for (size_t i = 0; i < w->n; i++)
		json_push(steps, step_json(r, &w->steps[i]));
	json_put(j, "certificates", steps);
	if (w->end == WAY_GAP || w->end == WAY_SIGNATURE)
		json_put(j, "issuer", json_text(last->issuer));
	if (w->end == WAY_GAP && last->issuer_url != NULL)
		json_put(j, "url", json_text(last->issuer_url));
	if (w->why != NULL)
		json_put(j, "reason", json_text(w->why));
	return j;
}

json_t *
paths_json(const struct result *r)
{
	json_t *paths = json_array();

	for (size_t i = 0; i < r->account->n; i++) {
		const struct journey *j = &r->account->v[i];

		json_push(paths, way_json(r, &j->chosen));
		for (size_t k = 0; k < j->n_others; k++)
			json_push(paths, way_json(r, &j->others[k]));
	}
	return paths;
}
