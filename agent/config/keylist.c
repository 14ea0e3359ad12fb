/* keylist.c - the key table, as a table */
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/keys.h"
#include "config/value.h"
#include "model/text.h"

#define COLUMNS 4
/* One that is longer, a list of many choices, moves no other row's cells. */
#define MAX_WIDTH 52

/* Cells by rows, and how wide each column is. */
struct table {
	struct strlist cells;
	size_t width[COLUMNS];
};

static void
add_cell(struct table *t, const char *text)
{
	size_t column = t->cells.n % COLUMNS, width = text_width(text);

	strlist_add(&t->cells, text);
	if (width > t->width[column] && width <= MAX_WIDTH)
		t->width[column] = width;
}

static void
add_row(struct table *t, const char *path, const char *type, const char *def,
	const char *help)
{
	add_cell(t, path);
	add_cell(t, type);
	add_cell(t, def);
	add_cell(t, help);
}

static void add_section(struct table *t, const char *prefix,
	const struct section *section, bool inherited,
	const struct config_rooms *rooms);

static void
add_notifiers(
	struct table *t, const char *path, const struct config_rooms *rooms)
{
	const struct section *s;

	for (size_t i = 0; (s = rooms->notifiers(i)) != NULL; i++) {
		cleanup(str_free) char *kind = str_fmt(
			"%s.NAME.%s", path, s->name);
		cleanup(str_free) char *prefix = str_fmt("%s.", kind);

		add_row(t, kind, "map", "-", s->help != NULL ? s->help : "");
		add_section(t, prefix, s, false, rooms);
	}
}

static void
add_key(struct table *t, const char *prefix, const struct key *k,
	bool inherited, const struct config_rooms *rooms)
{
	cleanup(str_free) char *path = str_fmt("%s%s", prefix, k->name);
	cleanup(str_free) char *below = str_fmt("%s.", path);
	BUF_CLEANUP struct buf type = { 0 };
	const char *def = inherited	    ? "inherited"
		: (k->flags & KEY_REQUIRED) ? "required"
		: k->def != NULL	    ? k->def
					    : "-";

	value_describe(&type, k);
	add_row(t, path, type.s, def, k->help != NULL ? k->help : "");
	if (k->type == KEY_SECRET) {
		cleanup(str_free) char *file = str_fmt("%s_file", path);

		add_row(t, file, "path", "-", "a file that holds it");
	}
	if (k->type == KEY_NOTIFIERS)
		add_notifiers(t, path, rooms);
	else if (k->section != NULL)
		add_section(t, below, k->section, false, rooms);
}

static void
add_section(struct table *t, const char *prefix, const struct section *section,
	bool inherited, const struct config_rooms *rooms)
{
	for (const struct key *k = section->keys; k->name != NULL; k++) {
		if (k->type == KEY_INHERIT)
			add_section(t, prefix, k->section,
				keys_inherited(k) != NULL, rooms);
		else
			add_key(t, prefix, k, inherited, rooms);
	}
}

static void
put_gap(struct buf *out, size_t have, size_t want)
{
	buf_pad(out, (have < want ? want - have : 0) + 2, ' ');
}

void
config_keys(struct buf *out, const struct config_rooms *rooms)
{
	struct table t = { 0 };

	add_section(&t, "", &config_root, false, rooms);
	for (size_t i = 0; i < t.cells.n; i++) {
		const char *cell = t.cells.v[i];
		size_t column = i % COLUMNS;

		buf_puts(out, cell);
		if (column == COLUMNS - 1)
			buf_putc(out, '\n');
		else
			put_gap(out, text_width(cell), t.width[column]);
	}
	strlist_release(&t.cells);
}
