/* document.c - one YAML file, bounded before it takes memory, then loaded */
#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>

#include "config/document.h"
#include "config/quote.h"
#include "config/readfile.h"
#include "model/text.h"

/* One reading of the bytes, by either of libyaml's ways. */
struct reading {
	const struct document *doc;
	const struct buf *bytes;
	struct complaints *complaints;
};

static void
parser_release(yaml_parser_t *p)
{
	yaml_parser_delete(p);
}

static void
event_release(yaml_event_t *e)
{
	yaml_event_delete(e);
}

#define PARSER_CLEANUP __attribute__((__cleanup__(parser_release)))
#define EVENT_CLEANUP __attribute__((__cleanup__(event_release)))

/* libyaml counts lines and characters from 0, people from 1. */
static struct place
place_of_mark(const struct document *d, const yaml_mark_t *m)
{
	return (struct place){
		.path = d->path,
		.file = d->number,
		.line = m->line + 1,
		.column = m->column + 1,
	};
}

struct place
document_place(const struct document *d, const yaml_node_t *n)
{
	if (n == NULL)
		return (struct place){ .path = d->path, .file = d->number };
	return place_of_mark(d, &n->start_mark);
}

static int
complain(const struct reading *r, const yaml_mark_t *m, const char *text)
{
	struct place at = document_place(r->doc, NULL);

	if (m != NULL)
		at = place_of_mark(r->doc, m);
	complaints_add(r->complaints, &at, text);
	return -1;
}

/* Bytes that are no text: libyaml gives their offset but no line. */
static int
complain_of_bytes(const struct reading *r, const yaml_parser_t *p)
{
	BUF_CLEANUP struct buf text = { 0 };
	yaml_mark_t m = { 0 };
	size_t i = 0;

	if (r->bytes->len >= 3 && memcmp(r->bytes->s, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	for (; i < p->problem_offset && i < r->bytes->len; i++) {
		unsigned char c = (unsigned char)r->bytes->s[i];

		if (c == '\n') {
			m.line++;
			m.column = 0;
		} else if ((c & 0xc0) != 0x80) {
			m.column++;
		}
	}
	buf_puts(&text, "want text in UTF-8, have ");
	if (p->problem_value >= 0)
		buf_printf(&text, "0x%02x", (unsigned)p->problem_value);
	else
		buf_puts(&text, "a character cut short");
	buf_printf(&text, " (%s)", p->problem);
	return complain(r, &m, text.s);
}

/* Does the line, from 0, hold a path such as {dir}/{stem}.key? */
static bool
has_placeholder(const struct buf *bytes, size_t line)
{
	const char *p = buf_str(bytes);

	for (; line > 0 && p != NULL; line--) {
		p = strchr(p, '\n');
		if (p != NULL)
			p++;
	}
	if (p == NULL)
		return false;
	for (size_t n = strcspn(p, "\n"); n > 0; n--, p++) {
		if (strncmp(p, "{dir}", 5) == 0 || strncmp(p, "{stem}", 6) == 0)
			return true;
	}
	return false;
}

/* What libyaml says is wrong, and where. */
static int
complain_of_syntax(const struct reading *r, const yaml_parser_t *p)
{
	BUF_CLEANUP struct buf text = { 0 };
	size_t at = p->problem_mark.index;

	if (p->error == YAML_READER_ERROR)
		return complain_of_bytes(r, p);
	buf_printf(&text, "want YAML, have an error: %s",
		p->problem != NULL ? p->problem : "out of memory");
	if (p->context != NULL)
		buf_printf(&text, " %s from line %zu", p->context,
			p->context_mark.line + 1);
	/* The index counts characters: good enough where all are ASCII. */
	if (p->error == YAML_SCANNER_ERROR && at < r->bytes->len &&
		r->bytes->s[at] == '\t')
		buf_puts(&text, "; indent with blanks, not with tabs");
	if (has_placeholder(r->bytes, p->problem_mark.line))
		buf_puts(&text,
			"; put a path that begins with a brace in "
			"quotes");
	return complain(r, &p->problem_mark, text.s);
}

static void
parser_start(yaml_parser_t *p, const struct buf *bytes)
{
	if (!yaml_parser_initialize(p))
		mem_exhausted();
	yaml_parser_set_input_string(
		p, (const unsigned char *)bytes->s, bytes->len);
}

/* What the survey of a file has met. */
struct census {
	size_t nodes, depth, anchors, aliases, documents;
};

/* "!secret x" elsewhere fetches x; here it would be the text "x". */
static void
check_tag(const struct reading *r, const yaml_event_t *e,
	const yaml_char_t *yaml_tag)
{
	static const char *const known[] = { "!", YAML_STR_TAG, YAML_INT_TAG,
		YAML_FLOAT_TAG, YAML_BOOL_TAG, YAML_NULL_TAG, YAML_SEQ_TAG,
		YAML_MAP_TAG };
	const char *tag = (const char *)yaml_tag;
	BUF_CLEANUP struct buf text = { 0 };

	if (tag == NULL)
		return;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i], tag) == 0)
			return;
	}
	buf_puts(&text, "want a plain value, have the tag ");
	quote_message(&text, tag);
	complain(r, &e->start_mark, text.s);
}

/* Count one event; 0 while all is within bounds. */
static int
take_event(const struct reading *r, const yaml_event_t *e, struct census *c,
	size_t nodes_left)
{
	const yaml_char_t *tag = NULL, *anchor = NULL;
	BUF_CLEANUP struct buf text = { 0 };

	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (++c->documents > 1)
			buf_puts(&text, "want one document, have a second one");
		break;
	case YAML_ALIAS_EVENT:
		if (++c->aliases > DOCUMENT_MAX_ALIASES)
			buf_printf(&text, "want at most %d aliases, have more",
				DOCUMENT_MAX_ALIASES);
		break;
	case YAML_SCALAR_EVENT:
		tag = e->data.scalar.tag;
		anchor = e->data.scalar.anchor;
		c->nodes++;
		break;
	case YAML_SEQUENCE_START_EVENT:
		tag = e->data.sequence_start.tag;
		anchor = e->data.sequence_start.anchor;
		c->nodes++;
		c->depth++;
		break;
	case YAML_MAPPING_START_EVENT:
		tag = e->data.mapping_start.tag;
		anchor = e->data.mapping_start.anchor;
		c->nodes++;
		c->depth++;
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		c->depth--;
		break;
	default:
		break;
	}
	check_tag(r, e, tag);
	if (anchor != NULL && ++c->anchors > DOCUMENT_MAX_ANCHORS)
		buf_printf(&text, "want at most %d anchors, have more",
			DOCUMENT_MAX_ANCHORS);
	if (c->depth > DOCUMENT_MAX_DEPTH)
		buf_printf(&text, "want at most %d levels, have more",
			DOCUMENT_MAX_DEPTH);
	if (c->nodes > nodes_left)
		buf_printf(&text, "want at most %d values in all, have more",
			DOCUMENT_MAX_NODES);
	return text.len == 0 ? 0 : complain(r, &e->start_mark, text.s);
}

/*
 * Go through the file event by event, which takes next to no memory: the
 * document API holds every node before anybody can count them.
 */
static int
survey(const struct reading *r, size_t *nodes_left)
{
	PARSER_CLEANUP yaml_parser_t parser;
	struct census c = { 0 };
	size_t faults = r->complaints->n;

	parser_start(&parser, r->bytes);
	for (;;) {
		EVENT_CLEANUP yaml_event_t event = { 0 };

		if (!yaml_parser_parse(&parser, &event))
			return complain_of_syntax(r, &parser);
		if (event.type == YAML_STREAM_END_EVENT)
			break;
		if (take_event(r, &event, &c, *nodes_left) == -1)
			return -1;
	}
	*nodes_left -= c.nodes;
	return r->complaints->n == faults ? 0 : -1;
}

static int
load_yaml(const struct reading *r, struct document *d)
{
	PARSER_CLEANUP yaml_parser_t parser;

	parser_start(&parser, r->bytes);
	if (!yaml_parser_load(&parser, &d->yaml))
		return complain_of_syntax(r, &parser);
	d->root = yaml_document_get_root_node(&d->yaml);
	if (d->root != NULL && node_is_null(d->root))
		d->root = NULL;
	return 0;
}

static int
read_bytes(struct document *d, struct buf *bytes, struct complaints *complaints)
{
	const struct reading r = { d, bytes, complaints };
	struct stat st = { 0 };
	struct error err;
	bool pipes = d->number == 0; /* `config check -c /dev/stdin` */

	if (readfile(d->path, DOCUMENT_MAX_SIZE, pipes, bytes, &st, &err) == -1)
		return complain(&r, NULL, err.text);
	d->mode = st.st_mode;
	d->dev = st.st_dev;
	d->ino = st.st_ino;
	/* UTF-16 ends here as well; nobody has asked for it. */
	if (bytes->len > 0 && memchr(bytes->s, '\0', bytes->len) != NULL)
		return complain(
			&r, NULL, "want YAML text in UTF-8, have binary data");
	return 0;
}

struct document *
document_load(const char *path, size_t number, size_t *nodes_left,
	struct complaints *complaints)
{
	cleanup(document_free) struct document *d = mem_alloc(sizeof(*d));
	BUF_CLEANUP struct buf bytes = { 0 };
	const struct reading r = { d, &bytes, complaints };
	struct document *out;

	d->path = path;
	d->number = number;
	if (read_bytes(d, &bytes, complaints) == -1)
		return NULL;
	if (bytes.len > 0 &&
		(survey(&r, nodes_left) == -1 || load_yaml(&r, d) == -1))
		return NULL;
	out = d; /* the caller's from here on */
	d = NULL;
	return out;
}

void
document_free(struct document *d)
{
	if (d == NULL)
		return;
	yaml_document_delete(&d->yaml);
	free(d);
}

const yaml_node_t *
document_node(const struct document *d, int index)
{
	/* libyaml's getter wants a document that it could change. */
	return &d->yaml.nodes.start[index - 1];
}

bool
node_is_null(const yaml_node_t *n)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };

	if (n->type != YAML_SCALAR_NODE ||
		n->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++) {
		if (node_is_text(n, nulls[i]))
			return true;
	}
	return false;
}

const char *
node_text(const yaml_node_t *n)
{
	return (const char *)n->data.scalar.value;
}

bool
node_is_text(const yaml_node_t *n, const char *text)
{
	return n->type == YAML_SCALAR_NODE &&
		n->data.scalar.length == strlen(text) &&
		memcmp(n->data.scalar.value, text, n->data.scalar.length) == 0;
}

const yaml_node_t *
document_find(const struct document *d, const yaml_node_t *map, const char *key,
	const yaml_node_t **name)
{
	for (const yaml_node_pair_t *p = map->data.mapping.pairs.start;
		p < map->data.mapping.pairs.top; p++) {
		const yaml_node_t *k = document_node(d, p->key);
		const yaml_node_t *v = document_node(d, p->value);

		if (!node_is_text(k, key))
			continue;
		if (name != NULL)
			*name = k;
		return node_is_null(v) ? NULL : v;
	}
	return NULL;
}
