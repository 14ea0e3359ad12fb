/* overrides.c - the severities that a configuration gives to findings */
#include "config/overrides.h"
#include "config/nodes.h"
#include "config/quote.h"
#include "config/reader.h"
#include "config/suggest.h"
#include "config/trail.h"
#include "model/finding.h"

static const struct choice override_choices[] = {
	{ "off", -1 },
	{ "ok", SEV_OK },
	{ "warning", SEV_WARNING },
	{ "critical", SEV_CRITICAL },
	{ NULL, 0 },
};

static const struct key override_key = {
	.name = "severity",
	.type = KEY_CHOICE,
	.choices = override_choices,
};

static const struct finding_kind *
expect_finding(struct reader *r, const struct trail *t, const yaml_node_t *n)
{
	const char *id = trail_expect_text(r, t, n, "the id of a finding");
	struct suggestion near = { .wrong = id };
	BUF_CLEANUP struct buf why = { 0 };
	const struct finding_kind *kind;

	if (id == NULL)
		return NULL;
	kind = finding_kind(id);
	if (kind != NULL)
		return kind;
	for (size_t i = 0; (kind = finding_kind_at(i)) != NULL; i++)
		suggest_try(&near, kind->id);
	buf_puts(&why, "want the id of a finding, have ");
	quote_message(&why, id);
	suggest_tell(&why, &near);
	trail_complain(r, t, NULL, n, "%s", why.s);
	return NULL;
}

static struct override *
find_override(const struct overrides *o, const struct finding_kind *kind)
{
	for (size_t i = 0; i < o->n; i++) {
		if (o->v[i].kind == kind)
			return &o->v[i];
	}
	return NULL;
}

static void
set_override(struct arena *a, struct overrides *o, const struct override *row)
{
	struct override *have = find_override(o, row->kind);

	if (have == NULL)
		have = value_append(a, o, sizeof(*have));
	*have = *row;
}

/* One finding of a target's own counts before the same one of defaults. */
void
overrides_read(struct reader *r, const struct trail *t, const struct key *key,
	const yaml_node_t *node, void *dst)
{
	struct overrides *out = dst, own = { 0 }, all = { 0 };

	(void)key;
	if (!trail_expect(r, t, node, YAML_MAPPING_NODE, "a map"))
		return;
	for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
		p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *k = document_node(t->doc, p->key);
		const yaml_node_t *v = document_node(t->doc, p->value);
		const struct finding_kind *kind;
		struct override row = { 0 };
		struct trail below = { t, NULL, t->doc };
		int64_t severity = 0;

		if (!trail_take(r, t, k))
			return;
		kind = expect_finding(r, t, k);
		if (kind == NULL)
			continue;
		below.name = kind->id;
		if (find_override(&own, kind) != NULL) {
			trail_complain(r, &below, NULL, k,
				"want it once, have it again");
			continue;
		}
		nodes_read_text(r, &below, &override_key, v, &severity);
		row.kind = kind;
		row.off = severity == -1;
		row.severity = row.off ? SEV_OK : (enum severity)severity;
		set_override(r->from.arena, &own, &row);
	}
	/* What is inherited is shared with others: never changed in place. */
	for (size_t i = 0; i < out->n; i++)
		set_override(r->from.arena, &all, &out->v[i]);
	for (size_t i = 0; i < own.n; i++)
		set_override(r->from.arena, &all, &own.v[i]);
	*out = all;
}
