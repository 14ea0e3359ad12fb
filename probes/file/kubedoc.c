/* kubedoc.c - a kubeconfig's YAML, bounded before it takes memory */
#include <string.h>

#include <openssl/crypto.h>

#include "probes/file/kubedoc.h"

/* Some ten thousand clusters with their users, all of them one line each. */
#define MAX_NODES 200000
#define MAX_DEPTH 32
/* An alias may stand for a long text wherever it is used. */
#define MAX_ALIASES 100
/* libyaml compares each with all that came before it. */
#define MAX_ANCHORS 1000

static void
wipe_buffers(yaml_parser_t *p)
{
	if (p->raw_buffer.start != NULL)
		OPENSSL_cleanse(p->raw_buffer.start,
			(size_t)(p->raw_buffer.end - p->raw_buffer.start));
	if (p->buffer.start != NULL)
		OPENSSL_cleanse(p->buffer.start,
			(size_t)(p->buffer.end - p->buffer.start));
}

static void
parser_release(yaml_parser_t *p)
{
	wipe_buffers(p);
	yaml_parser_delete(p);
}

static void
event_release(yaml_event_t *e)
{
	if (e->type == YAML_SCALAR_EVENT)
		OPENSSL_cleanse(e->data.scalar.value, e->data.scalar.length);
	yaml_event_delete(e);
}

#define PARSER_CLEANUP __attribute__((__cleanup__(parser_release)))
#define EVENT_CLEANUP __attribute__((__cleanup__(event_release)))

struct source {
	const char *text;
	size_t len;
	struct observation *ob;
};

static void
parser_start(yaml_parser_t *p, const struct source *s)
{
	if (!yaml_parser_initialize(p))
		mem_exhausted();
	yaml_parser_set_input_string(p, (const unsigned char *)s->text, s->len);
}

/* Bytes that are no text: libyaml gives their offset but no line. */
static size_t
line_of_offset(const struct source *s, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset && i < s->len; i++)
		line += s->text[i] == '\n';
	return line;
}

static int
tell_syntax(const struct source *s, const yaml_parser_t *p)
{
	size_t line = p->problem_mark.line + 1;

	if (p->error == YAML_MEMORY_ERROR)
		mem_exhausted();
	if (p->error == YAML_READER_ERROR)
		line = line_of_offset(s, p->problem_offset);
	observation_add_fault(s->ob, FAULT_FILE_DAMAGED, line,
		"is a kubeconfig with an error in its YAML on line %zu: %s",
		line, p->problem != NULL ? p->problem : "unknown");
	return -1;
}

static int
tell_too_much(const struct source *s, size_t line, int want, const char *what)
{
	observation_add_fault(s->ob, FAULT_FILE_UNREADABLE, line,
		"is a kubeconfig that was not read: want at most %d %s, have "
		"more",
		want, what);
	return -1;
}

struct census {
	int nodes, depth, aliases, anchors;
};

/* Counts one event. Returns 0 while all is within bounds. */
static int
take_event(const struct source *s, const yaml_event_t *e, struct census *c)
{
	size_t line = e->start_mark.line + 1;

	switch (e->type) {
	case YAML_ALIAS_EVENT:
		c->aliases++;
		break;
	case YAML_SCALAR_EVENT:
		c->nodes++;
		c->anchors += e->data.scalar.anchor != NULL;
		break;
	case YAML_SEQUENCE_START_EVENT:
		c->nodes++;
		c->depth++;
		c->anchors += e->data.sequence_start.anchor != NULL;
		break;
	case YAML_MAPPING_START_EVENT:
		c->nodes++;
		c->depth++;
		c->anchors += e->data.mapping_start.anchor != NULL;
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		c->depth--;
		break;
	default:
		break;
	}
	if (c->nodes > MAX_NODES)
		return tell_too_much(s, line, MAX_NODES, "values");
	if (c->depth > MAX_DEPTH)
		return tell_too_much(s, line, MAX_DEPTH, "levels");
	if (c->aliases > MAX_ALIASES)
		return tell_too_much(s, line, MAX_ALIASES, "aliases");
	if (c->anchors > MAX_ANCHORS)
		return tell_too_much(s, line, MAX_ANCHORS, "anchors");
	return 0;
}

/* Event by event: the document API holds every node before one can count. */
static int
survey(const struct source *s)
{
	PARSER_CLEANUP yaml_parser_t parser;
	struct census c = { 0 };

	parser_start(&parser, s);
	for (;;) {
		EVENT_CLEANUP yaml_event_t event = { 0 };

		if (!yaml_parser_parse(&parser, &event))
			return tell_syntax(s, &parser);
		if (event.type == YAML_DOCUMENT_END_EVENT ||
			event.type == YAML_STREAM_END_EVENT)
			return 0;
		if (take_event(s, &event, &c) == -1)
			return -1;
	}
}

int
kubedoc_load(
	struct kubedoc *d, const char *text, size_t len, struct observation *ob)
{
	const struct source s = { text, len, ob };
	PARSER_CLEANUP yaml_parser_t parser = { 0 };

	if (survey(&s) == -1)
		return -1;
	parser_start(&parser, &s);
	if (!yaml_parser_load(&parser, &d->yaml))
		return tell_syntax(&s, &parser);
	return 0;
}

void
kubedoc_release(struct kubedoc *d)
{
	for (yaml_node_t *n = d->yaml.nodes.start; n < d->yaml.nodes.top; n++) {
		if (n->type == YAML_SCALAR_NODE)
			OPENSSL_cleanse(
				n->data.scalar.value, n->data.scalar.length);
	}
	yaml_document_delete(&d->yaml);
}

static const yaml_node_t *
node(const struct kubedoc *d, int index)
{
	/* libyaml's getter wants a document that it could change. */
	return &d->yaml.nodes.start[index - 1];
}

const yaml_node_t *
kubedoc_root(const struct kubedoc *d)
{
	return d->yaml.nodes.start < d->yaml.nodes.top ? node(d, 1) : NULL;
}

static bool
is_text(const yaml_node_t *n, const char *text)
{
	return n->type == YAML_SCALAR_NODE &&
		n->data.scalar.length == strlen(text) &&
		memcmp(n->data.scalar.value, text, strlen(text)) == 0;
}

const yaml_node_t *
kubedoc_find(const struct kubedoc *d, const yaml_node_t *map, const char *key)
{
	const yaml_node_t *found = NULL;

	if (map == NULL || map->type != YAML_MAPPING_NODE)
		return NULL;
	/* The last of several, as kubectl has it. */
	for (const yaml_node_pair_t *p = map->data.mapping.pairs.start;
		p < map->data.mapping.pairs.top; p++) {
		if (is_text(node(d, p->key), key))
			found = node(d, p->value);
	}
	return found;
}

const yaml_node_t *
kubedoc_item(const struct kubedoc *d, const yaml_node_t *list, size_t i)
{
	const yaml_node_item_t *items;

	if (list == NULL || list->type != YAML_SEQUENCE_NODE)
		return NULL;
	items = list->data.sequence.items.start;
	if (i >= (size_t)(list->data.sequence.items.top - items))
		return NULL;
	return node(d, items[i]);
}

bool
kubedoc_is_unset(const yaml_node_t *n)
{
	return n == NULL || is_text(n, "") ||
		(n->type == YAML_SCALAR_NODE &&
			n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
			(is_text(n, "~") || is_text(n, "null")));
}

const char *
kubedoc_text(const yaml_node_t *n, size_t *len)
{
	if (n->type != YAML_SCALAR_NODE)
		return NULL;
	*len = n->data.scalar.length;
	return (const char *)n->data.scalar.value;
}

size_t
kubedoc_line(const yaml_node_t *n)
{
	return n->start_mark.line + 1;
}
