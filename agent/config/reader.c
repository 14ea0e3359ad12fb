/* reader.c - walk the key table along a YAML document, fill structs */
#include <sys/stat.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "config/keys.h"
#include "config/nodes.h"
#include "config/quote.h"
#include "config/reader.h"
#include "config/secret.h"
#include "config/slot.h"
#include "config/suggest.h"
#include "config/trail.h"
#include "model/text.h"

/* Defaults are ours: one that does not parse is our mistake. */
static void
set_default(struct reader *r, const struct key *key, void *dst)
{
	const struct value_type *type = value_type(key->type);
	BUF_CLEANUP struct buf why = { 0 };
	char *text, *item, *rest;

	if (key->def == NULL || type->parse == NULL)
		return;
	if (!type->list) {
		int rc = type->parse(&r->from, key, key->def, dst, &why);

		assert(rc == 0);
		(void)rc;
		return;
	}
	/* "[a, b]" */
	text = arena_dup(r->from.arena, key->def);
	for (item = strtok_r(text, "[], ", &rest); item != NULL;
		item = strtok_r(NULL, "[], ", &rest)) {
		int rc = type->parse(&r->from, key, item, dst, &why);

		assert(rc == 0);
		(void)rc;
	}
}

static void
read_secret_text(struct reader *r, const struct trail *t,
	const struct slot *slot, void *dst)
{
	const struct trail below = { t, slot->key->name, t->doc };

	if ((t->doc->mode & S_IROTH) != 0) {
		BUF_CLEANUP struct buf path = { 0 };

		text_plain(&path, t->doc->path);
		trail_complain(r, &below, NULL, slot->value,
			"want a secret only in a file that others cannot "
			"read, have mode %04o; chmod o-r %s, or set %s_file",
			(unsigned)t->doc->mode & 07777, path.s,
			slot->key->name);
		return;
	}
	nodes_read_text(r, &below, slot->key, slot->value, dst);
}

static void
read_secret_file(struct reader *r, const struct trail *t,
	const struct slot *slot, void *dst)
{
	cleanup(str_free) char *name = str_fmt("%s_file", slot->key->name);
	const struct trail below = { t, name, t->doc };
	const char *path = trail_expect_text(r, &below, slot->file, "a path");
	BUF_CLEANUP struct buf why = { 0 };
	struct error err;
	bool missing;

	if (path == NULL)
		return;
	if (*path == '\0') {
		trail_complain(r, &below, NULL, slot->file,
			"want a path, have nothing");
		return;
	}
	if (secret_read(r->from.arena, r->from.folder, path, dst, &missing,
		    &err) == 0)
		return;
	if (missing && r->without_secrets) {
		r->secrets_missing++;
		return;
	}
	text_plain(&why, err.text);
	trail_complain(r, &below, NULL, slot->file, "%s", why.s);
}

static bool
is_set(const yaml_node_t *n)
{
	return n != NULL && !node_is_null(n);
}

/*
 * Read the value of one key. Returns false if it has none: no such key, or
 * "key:" with nothing after it.
 */
static bool
read_slot(struct reader *r, const struct trail *t, const struct slot *slot,
	void *dst)
{
	const struct key *key = slot->key;
	const struct trail below = { t, key->name, t->doc };

	dst = (char *)dst + slot->offset;
	if (is_set(slot->file) && is_set(slot->value))
		trail_complain(r, t, node_text(slot->file_name),
			slot->file_name, "want %s or %s_file, have both",
			key->name, key->name);
	else if (is_set(slot->file))
		read_secret_file(r, t, slot, dst);
	else if (is_set(slot->value) && key->type == KEY_SECRET)
		read_secret_text(r, t, slot, dst);
	else if (is_set(slot->value))
		nodes_read(r, &below, key, slot->value, dst);
	else
		return false;
	return true;
}

/* The key has no value: its default, or the one it inherited, stands. */
static void
leave_slot(struct reader *r, const struct trail *t, const struct slot *slot,
	const yaml_node_t *at, void *dst)
{
	const struct key *key = slot->key;
	const struct trail below = { t, key->name, t->doc };

	dst = (char *)dst + slot->offset;
	if (slot->meant)
		return;
	if ((key->flags & KEY_REQUIRED) != 0) {
		const char *or_file = key->type == KEY_SECRET ? " (or its "
								"_file)"
							      : "";

		trail_complain(r, &below, NULL, at,
			"want this key%s, have nothing", or_file);
	} else if (key->type == KEY_SECTION) {
		reader_section(r, &below, NULL, at, key->section, dst);
	} else if (!slot->inherited) {
		set_default(r, key, dst);
	}
}

static void
complain_unknown(struct reader *r, const struct trail *t,
	const yaml_node_t *name, struct slot *slots, size_t n)
{
	struct suggestion near = { .wrong = node_text(name) };
	struct slot *meant = NULL;
	BUF_CLEANUP struct buf have = { 0 };

	quote_message(&have, node_text(name));
	for (size_t i = 0; i < n; i++) {
		const struct key *k = slots[i].key;
		const char *best = near.best;

		suggest_try(&near, k->name);
		if (k->type == KEY_SECRET)
			suggest_try(&near,
				arena_fmt(r->from.arena, "%s_file", k->name));
		if (near.best != best)
			meant = &slots[i];
	}
	if (meant != NULL)
		meant->meant = true;
	suggest_tell(&have, &near);
	if (node_is_text(name, "<<"))
		buf_puts(&have, ", a merge, which is not read here");
	else if (near.best == NULL)
		buf_puts(&have, "; see certvigil config keys");
	trail_complain(r, t, NULL, name, "want a known key, have %s", have.s);
}

/* Give each pair of a map to its slot. */
static void
match_pairs(struct reader *r, const struct trail *t, const yaml_node_t *map,
	struct slot *slots, size_t n)
{
	for (const yaml_node_pair_t *p = map->data.mapping.pairs.start;
		p < map->data.mapping.pairs.top; p++) {
		const yaml_node_t *k = document_node(t->doc, p->key);
		const yaml_node_t **name, **value;
		const char *text;
		struct slot *slot;
		bool as_file;

		if (!trail_take(r, t, k))
			return;
		text = trail_expect_text(r, t, k, "a key");
		if (text == NULL)
			continue;
		slot = slots_find(slots, n, text, &as_file);
		if (slot == NULL) {
			complain_unknown(r, t, k, slots, n);
			continue;
		}
		name = as_file ? &slot->file_name : &slot->name;
		value = as_file ? &slot->file : &slot->value;
		if (*name != NULL) {
			trail_complain(r, t, text, k,
				"want it once, have it again after line %zu",
				(*name)->start_mark.line + 1);
			continue;
		}
		*name = k;
		*value = document_node(t->doc, p->value);
	}
}

static void
inherit(struct reader *r, const struct section *section, void *dst)
{
	for (const struct key *k = section->keys; k->name != NULL; k++) {
		const struct key *common = keys_inherited(k);

		if (common != NULL)
			memcpy((char *)dst + k->offset,
				(const char *)r->config + common->offset,
				k->section->size);
	}
}

static void
check_rules(struct reader *r, const struct trail *t, const yaml_node_t *map,
	const struct section *section, void *dst)
{
	for (const struct rule *rule = r->rules; rule->section != NULL;
		rule++) {
		if (rule->section == section)
			rule->check(r, t, map, dst);
	}
}

void
reader_section(struct reader *r, const struct trail *t, const yaml_node_t *map,
	const yaml_node_t *at, const struct section *section, void *dst)
{
	struct slot slots[SLOTS_MAX];
	size_t n = slots_of(section, slots);
	bool misspelt = false;

	inherit(r, section, dst);
	if (map != NULL)
		match_pairs(r, t, map, slots, n);
	for (size_t i = 0; i < n; i++) {
		if (!read_slot(r, t, &slots[i], dst))
			leave_slot(r, t, &slots[i], at, dst);
		misspelt = misspelt || slots[i].meant;
	}
	/* "want endpoint, have none" would say the same twice. */
	if (map != NULL && !misspelt)
		check_rules(r, t, map, section, dst);
}

/* May this key stand in several files, each adding to it? */
static bool
adds_up(const struct key *key)
{
	return key->type == KEY_LIST || key->type == KEY_NOTIFIERS ||
		key->type == KEY_INCLUDE;
}

/* One key of the root, from all files that have it. */
static void
read_root_key(struct reader *r, struct document *const *docs, size_t n_docs,
	const struct slot *slots, size_t stride)
{
	const struct document *first = NULL;
	const struct trail main_file = { NULL, NULL, docs[0] };

	for (size_t d = 0; d < n_docs; d++) {
		const struct slot *slot = &slots[d * stride];
		const struct trail t = { NULL, NULL, docs[d] };

		if (!is_set(slot->value))
			continue;
		if (first != NULL && !adds_up(slot->key)) {
			BUF_CLEANUP struct buf path = { 0 };

			text_plain(&path, first->path);
			trail_complain(r, &t, slot->key->name, slot->name,
				"want it in one file, have it in %s as well",
				path.s);
			continue;
		}
		read_slot(r, &t, slot, r->config);
		first = docs[d];
	}
	if (first == NULL)
		leave_slot(r, &main_file, slots, NULL, r->config);
}

static void
free_slots(struct slot *slots)
{
	free(slots);
}
DEFINE_CLEANUP(struct slot, free_slots)

void
reader_root(struct reader *r, struct document *const *docs, size_t n_docs)
{
	struct slot keys[SLOTS_MAX];
	size_t n = slots_of(&config_root, keys);
	cleanup(free_slots) struct slot *slots = mem_alloc(
		n_docs * n * sizeof(*slots));

	for (size_t d = 0; d < n_docs; d++) {
		const struct trail t = { NULL, NULL, docs[d] };
		const yaml_node_t *root = docs[d]->root;

		memcpy(&slots[d * n], keys, n * sizeof(*keys));
		if (root != NULL &&
			trail_expect(r, &t, root, YAML_MAPPING_NODE,
				"keys such as \"targets:\""))
			match_pairs(r, &t, root, &slots[d * n], n);
	}
	/* Notifiers may stand under a key that nobody knows. */
	for (size_t i = 0; i < n_docs * n; i++)
		r->partial |= slots[i].meant && adds_up(slots[i].key);
	for (size_t i = 0; i < n; i++)
		read_root_key(r, docs, n_docs, &slots[i], n);
}
