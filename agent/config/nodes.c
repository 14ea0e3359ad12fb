/* nodes.c - the value of one key, by the key's type */
#include "config/nodes.h"
#include "config/overrides.h"
#include "config/reader.h"
#include "config/roster.h"
#include "config/trail.h"

/* One value, or one item of a list of values. */
void
nodes_read_text(struct reader *r, const struct trail *t, const struct key *key,
	const yaml_node_t *node, void *dst)
{
	const struct value_type *type = value_type(key->type);
	BUF_CLEANUP struct buf why = { 0 };
	const char *text = trail_expect_text(r, t, node,
		type->list ? "a value or a list of values" : "a value");

	if (text != NULL && type->parse(&r->from, key, text, dst, &why) == -1)
		trail_complain(r, t, NULL, node, "%s", why.s);
}

static void
read_items(struct reader *r, const struct trail *t, const struct key *key,
	const yaml_node_t *node, void *dst)
{
	if (node->type != YAML_SEQUENCE_NODE) {
		nodes_read_text(r, t, key, node, dst);
		return;
	}
	for (const yaml_node_item_t *i = node->data.sequence.items.start;
		i < node->data.sequence.items.top; i++) {
		const yaml_node_t *item = document_node(t->doc, *i);

		if (!trail_take(r, t, item))
			return;
		nodes_read_text(r, t, key, item, dst);
	}
}

static void
read_texts(struct reader *r, const struct trail *t, const struct key *key,
	const yaml_node_t *node, void *dst)
{
	/* A target's own list stands in place of the one of `defaults`. */
	value_clear(dst);
	read_items(r, t, key, node, dst);
}

static void
read_list(struct reader *r, const struct trail *t, const struct key *key,
	const yaml_node_t *node, void *dst)
{
	if (!trail_expect(r, t, node, YAML_SEQUENCE_NODE, "a list of maps"))
		return;
	for (const yaml_node_item_t *i = node->data.sequence.items.start;
		i < node->data.sequence.items.top; i++) {
		const yaml_node_t *item = document_node(t->doc, *i);

		if (!trail_take(r, t, item))
			return;
		if (!trail_expect(r, t, item, YAML_MAPPING_NODE, "a map"))
			continue;
		reader_section(r, t, item, item, key->section,
			value_append(r->from.arena, dst, key->section->size));
	}
}

static void
read_map(struct reader *r, const struct trail *t, const struct key *key,
	const yaml_node_t *node, void *dst)
{
	if (node->type == YAML_MAPPING_NODE)
		reader_section(r, t, node, node, key->section, dst);
	else
		trail_expect(r, t, node, YAML_MAPPING_NODE, "a map");
}

/* Files were included before anything is read (include.c). */
static void
read_include(struct reader *r, const struct trail *t, const struct key *key,
	const yaml_node_t *node, void *dst)
{
	(void)r, (void)t, (void)key, (void)node, (void)dst;
}

/* Whatever is not here is a single text. */
static node_reader *const node_readers[] = {
	[KEY_WORDS] = read_texts,
	[KEY_HOSTNAMES] = read_texts,
	[KEY_DURATIONS] = read_texts,
	[KEY_DATES] = read_texts,
	[KEY_CHOICES] = read_items,
	[KEY_FINDINGS] = overrides_read,
	[KEY_SECTION] = read_map,
	[KEY_LIST] = read_list,
	[KEY_NOTIFIERS] = roster_read,
	[KEY_INCLUDE] = read_include,
};

void
nodes_read(struct reader *r, const struct trail *t, const struct key *key,
	const yaml_node_t *node, void *dst)
{
	node_reader *read = nodes_read_text;

	if ((size_t)key->type < sizeof(node_readers) / sizeof(*node_readers) &&
		node_readers[key->type] != NULL)
		read = node_readers[key->type];
	read(r, t, key, node, dst);
}
