/* shell.c - what the scripts for all shells are made from */
#include <assert.h>
#include <string.h>

#include "commands/line.h"
#include "commands/shell/shell.h"
#include "commands/wrap.h"
#include "probes/starttls/dialect.h"

#define WIDTH 78

const struct shell *const shell_table[] = {
	&shell_bash,
	&shell_zsh,
	&shell_fish,
	NULL,
};

static bool
is_same_list(const struct value *a, const struct value *b)
{
	return a->words == b->words && a->list == b->list && a->then == b->then;
}

static void
add_list(struct shell_lists *lists, const struct value *v)
{
	if (v->completes != COMPLETES_WORD ||
		shell_list_of(lists, v) < lists->n)
		return;
	assert(lists->n < SHELL_MAX_LISTS);
	lists->v[lists->n++] = v;
}

static void
find_lists(struct shell_lists *lists, const struct command *c)
{
	const struct operand *o = c->operands;
	const struct option_row *row;

	for (size_t i = 0; (row = line_option(c, i)) != NULL; i++) {
		if (!row->hidden)
			add_list(lists, &row->value);
	}
	for (; o != NULL && o->value.word != NULL; o++)
		add_list(lists, &o->value);
}

void
shell_put(struct buf *out, const struct shell *shell)
{
	struct shell_lists lists = { 0 };

	for (size_t i = 0; command_table[i] != NULL; i++)
		find_lists(&lists, command_table[i]);
	shell->put(out, &lists);
}

size_t
shell_list_of(const struct shell_lists *lists, const struct value *v)
{
	size_t i = 0;

	while (i < lists->n && !is_same_list(lists->v[i], v))
		i++;
	return i;
}

bool
shell_scheme(struct buf *out, size_t i)
{
	const struct scheme *scheme = dialect_scheme(i);

	if (scheme == NULL)
		return false;
	buf_printf(out, "%s://", scheme->name);
	return true;
}

void
shell_quote(struct buf *out, const char *text)
{
	buf_putc(out, '\'');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *p);
	}
	buf_putc(out, '\'');
}

void
shell_put_words(struct buf *out, const struct value *v, size_t tabs)
{
	BUF_CLEANUP struct buf words = { 0 }, lines = { 0 };
	const char *word, *line;

	for (size_t i = 0; (word = value_word(v, i)) != NULL; i++)
		buf_printf(&words, "%s%s", i > 0 ? " " : "", word);
	wrap_put(&lines, buf_str(&words), words.len, 0, 0, WIDTH - 8 * tabs);
	for (line = buf_str(&lines); *line != '\0'; line += *line == '\n') {
		size_t n = strcspn(line, "\n");

		buf_pad(out, tabs, '\t');
		buf_add(out, line, n);
		buf_putc(out, '\n');
		line += n;
	}
}

void
shell_put_all(struct buf *out, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++)
		buf_printf(out, "%s%s", i > 0 ? " " : "", words[i]);
}

const char *
shell_names(enum completes completes)
{
	switch (completes) {
	case COMPLETES_NAME:
		return "targets";
	case COMPLETES_NOTIFIER:
		return "notifiers";
	default:
		return NULL;
	}
}
