/* line.c - the command line of one command, read by its table of options */
#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands/help.h"
#include "commands/line.h"
#include "config/suggest.h"
#include "model/alloc.h"

#define MAX_ROWS 64
#define LONG_ONLY 256 /* and the row's number: more than any letter */

static const struct option_row version_row = {
	.name = "version",
	.letter = 'V',
	.help = "print the version",
};

static const struct option_row help_row = {
	.name = "help",
	.letter = 'h',
	.help = "print this text",
};

/* The options of one command, and they in getopt_long()'s own forms. */
struct table {
	const struct option_row *rows[MAX_ROWS];
	size_t n;
	struct option longs[MAX_ROWS + 1];
	char shorts[2 * MAX_ROWS + 2];
};

const struct option_row *
line_answer(const struct command *c, size_t i)
{
	const struct option_row *const rows[] = { &version_row, &help_row,
		NULL };
	size_t first = c->plugin ? 0 : 1;

	return i < 2 - first ? rows[first + i] : NULL;
}

static bool
is_there(const struct table *t, const struct option_row *row)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct option_row *other = t->rows[i];

		if (row->name == NULL ? other->letter == row->letter
				      : other->name != NULL &&
					strcmp(other->name, row->name) == 0)
			return true;
	}
	return false;
}

static void
add_row(struct table *t, const struct option_row *row)
{
	if (is_there(t, row))
		return;
	assert(t->n < MAX_ROWS);
	t->rows[t->n++] = row;
}

static void
list_rows(struct table *t, const struct command *c)
{
	const struct option_group *g = c->options;

	for (; g != NULL && g->rows != NULL; g++) {
		const struct option_row *row = g->rows;

		for (; row->name != NULL || row->letter != 0; row++)
			add_row(t, row);
	}
	for (size_t i = 0; line_answer(c, i) != NULL; i++)
		add_row(t, line_answer(c, i));
}

static void
list_forms(struct table *t)
{
	struct option *to = t->longs;
	char *letter = t->shorts;

	*letter++ = ':';
	for (size_t i = 0; i < t->n; i++) {
		const struct option_row *row = t->rows[i];
		bool flag = row->value.word == NULL;

		if (row->name != NULL)
			*to++ = (struct option){ .name = row->name,
				.has_arg = flag ? no_argument
						: required_argument,
				.val = LONG_ONLY + (int)i };
		if (row->letter == 0)
			continue;
		*letter++ = row->letter;
		if (!flag)
			*letter++ = ':';
	}
	*letter = '\0';
	*to = (struct option){ 0 };
}

static const struct option_row *
row_of(const struct table *t, int opt)
{
	size_t i = 0;

	if (opt >= LONG_ONLY)
		return t->rows[opt - LONG_ONLY];
	while (t->rows[i]->letter != opt)
		i++;
	return t->rows[i];
}

static int
no_such_option(const struct command *c, const struct table *t, const char *text)
{
	size_t n = strcspn(text, "=");
	cleanup(str_free) char *name = str_ndup(text, n);
	struct suggestion near = { .wrong = name + 2 };
	BUF_CLEANUP struct buf meant = { 0 };

	for (size_t i = 0; i < t->n; i++) {
		if (t->rows[i]->name != NULL && !t->rows[i]->hidden)
			suggest_try(&near, t->rows[i]->name);
	}
	if (near.best != NULL)
		buf_printf(&meant, "; did you mean \"--%s\"?", near.best);
	return command_usage(
		c, "there is no option %s%s", name, buf_str(&meant));
}

/* Of a long option the whole stands in argv; of a letter there is that. */
static int
tell_wrong(const struct command *c, const struct table *t, int opt, char **argv)
{
	const char *text = argv[optind - 1];

	if (optopt != 0 && optopt < LONG_ONLY)
		return command_usage(c,
			opt == ':' ? "-%c: want a value, have none"
				   : "there is no option -%c",
			optopt);
	if (opt == ':')
		return command_usage(c, "%s: want a value, have none", text);
	if (optopt >= LONG_ONLY)
		return command_usage(c, "%s: want no value, have one", text);
	return no_such_option(c, t, text);
}

static int
set(const struct option_row *row, void *ask, const char *arg)
{
	char *to = (char *)ask + row->to;

	if (row->set != NULL)
		return row->set(ask, arg);
	if (row->value.word != NULL)
		*(const char **)(void *)to = arg;
	else
		*(bool *)to = true;
	return STATUS_OK;
}

/* The guidelines want 3 of a plugin for both (section "Help"). */
static int
answer(const struct command *c, const struct option_row *row, struct line *out)
{
	BUF_CLEANUP struct buf text = { 0 };

	if (row == &help_row)
		help_put(&text, c);
	else
		buf_puts(&text, "certvigil " CERTVIGIL_VERSION "\n");
	fputs(buf_str(&text), stdout);
	out->answered = true;
	return c->plugin ? STATUS_UNKNOWN : STATUS_OK;
}

int
line_read(const struct command *c, void *ask, int argc, char **argv,
	struct line *out)
{
	struct table t = { 0 };
	int opt, rc = STATUS_OK;

	*out = (struct line){ 0 };
	list_rows(&t, c);
	list_forms(&t);
	optind = 0;
	opterr = 0;
	while (rc == STATUS_OK &&
		(opt = getopt_long(argc, argv, t.shorts, t.longs, NULL)) !=
			-1) {
		const struct option_row *row;

		if (opt == '?' || opt == ':')
			return tell_wrong(c, &t, opt, argv);
		row = row_of(&t, opt);
		if (row == &help_row || row == &version_row)
			return answer(c, row, out);
		rc = set(row, ask, optarg);
	}
	out->n = argc - optind;
	out->words = argv + optind;
	return rc;
}

const struct option_row *
line_option(const struct command *c, size_t i)
{
	struct table t = { 0 };

	list_rows(&t, c);
	return i < t.n ? t.rows[i] : NULL;
}

bool
line_takes(const struct command *c, const char *name)
{
	const struct option_row wanted = { .name = name };
	struct table t = { 0 };

	list_rows(&t, c);
	return is_there(&t, &wanted);
}

const char *
value_word(const struct value *v, size_t i)
{
	if (v->words != NULL)
		return v->words[i];
	return v->list != NULL ? v->list(i) : NULL;
}
