/* roster.c - the notifiers of a configuration, whatever their kinds */
#include <string.h>

#include "config/quote.h"
#include "config/reader.h"
#include "config/roster.h"
#include "config/suggest.h"
#include "config/trail.h"
#include "model/text.h"

#define MAX_NOTIFIERS 1000
#define MAX_NAME 100

/* "email or webhook" */
static void
add_kinds(struct buf *out, notifier_section_at at)
{
	const struct section *s;

	for (size_t i = 0; (s = at(i)) != NULL; i++) {
		if (i > 0)
			buf_puts(out, at(i + 1) == NULL ? " or " : ", ");
		buf_puts(out, s->name);
	}
}

static const struct section *
expect_kind(struct reader *r, const struct trail *t, const yaml_node_t *n)
{
	const char *text = trail_expect_text(r, t, n, "the kind of a notifier");
	struct suggestion near = { .wrong = text };
	BUF_CLEANUP struct buf why = { 0 };
	const struct section *s;

	if (text == NULL)
		return NULL;
	for (size_t i = 0; (s = r->rooms->notifiers(i)) != NULL; i++) {
		if (strcmp(s->name, text) == 0)
			return s;
		suggest_try(&near, s->name);
	}
	buf_puts(&why, "want ");
	add_kinds(&why, r->rooms->notifiers);
	buf_puts(&why, ", have ");
	quote_message(&why, text);
	suggest_tell(&why, &near);
	trail_complain(r, t, NULL, n, "%s", why.s);
	return NULL;
}

/* What stands below a notifier's name: {kind: {settings}}. */
static void
read_notifier(struct reader *r, const struct trail *t, const yaml_node_t *node,
	struct notifier_config *n)
{
	size_t faults = r->complaints->n + r->complaints->untold;
	size_t missing = r->secrets_missing, pairs;
	struct trail below = { t, NULL, t->doc };
	const yaml_node_t *map;
	struct error err;

	if (!trail_expect(r, t, node, YAML_MAPPING_NODE, "a map of its kind"))
		return;
	pairs = (size_t)(node->data.mapping.pairs.top -
		node->data.mapping.pairs.start);
	if (pairs != 1) {
		BUF_CLEANUP struct buf kinds = { 0 };

		add_kinds(&kinds, r->rooms->notifiers);
		trail_complain(r, t, NULL, node, "want one kind, %s, have %zu",
			buf_str(&kinds), pairs);
		return;
	}
	n->kind = expect_kind(r, t,
		document_node(t->doc, node->data.mapping.pairs.start->key));
	if (n->kind == NULL)
		return;
	map = document_node(t->doc, node->data.mapping.pairs.start->value);
	n->settings = arena_alloc(r->from.arena, n->kind->size);
	below.name = n->kind->name;
	if (!node_is_null(map) &&
		!trail_expect(r, &below, map, YAML_MAPPING_NODE, "a map"))
		return;
	reader_section(r, &below, node_is_null(map) ? NULL : map, map, n->kind,
		n->settings);
	/* Its rules speak of whole settings only. */
	if (r->rooms->notifier_check == NULL || missing < r->secrets_missing ||
		faults < r->complaints->n + r->complaints->untold)
		return;
	if (r->rooms->notifier_check(n, &err) == -1) {
		BUF_CLEANUP struct buf why = { 0 };

		text_plain(&why, err.text);
		trail_complain(r, &below, NULL, map, "%s", why.s);
	}
}

static const char *
expect_notifier_name(struct reader *r, const struct trail *t,
	const yaml_node_t *n, const struct notifier_list *list)
{
	const char *name = trail_expect_text(r, t, n, "a notifier's name");

	if (name == NULL)
		return NULL;
	if (*name == '\0' || strlen(name) > MAX_NAME) {
		trail_complain(r, t, NULL, n,
			"want a name of 1 to %d bytes, have %zu", MAX_NAME,
			strlen(name));
		return NULL;
	}
	if (list->n == MAX_NOTIFIERS) {
		trail_complain(r, t, NULL, n,
			"want at most %d notifiers, have more", MAX_NOTIFIERS);
		return NULL;
	}
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->v[i].name, name) == 0) {
			trail_complain(
				r, t, name, n, "want it once, have it again");
			return NULL;
		}
	}
	return name;
}

void
roster_read(struct reader *r, const struct trail *t, const struct key *key,
	const yaml_node_t *node, void *dst)
{
	struct notifier_list *list = dst;

	(void)key;
	if (!trail_expect(r, t, node, YAML_MAPPING_NODE, "a map of notifiers"))
		return;
	for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
		p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *k = document_node(t->doc, p->key);
		const char *name;
		struct notifier_config *n;

		if (!trail_take(r, t, k))
			return;
		name = expect_notifier_name(r, t, k, list);
		if (name == NULL)
			continue;
		n = value_append(r->from.arena, list, sizeof(*n));
		n->name = arena_dup(r->from.arena, name);
		read_notifier(r, &(struct trail){ t, n->name, t->doc },
			document_node(t->doc, p->value), n);
	}
}
