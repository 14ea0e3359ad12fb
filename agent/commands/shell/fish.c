/* fish.c - the script by which fish completes our lines */
#include <string.h>

#include "commands/line.h"
#include "commands/shell/shell.h"

static const char head[] =
	"# Completion of certvigil for fish.\n"
	"# Made by `certvigil completion fish`.\n"
	"\n"
	"# Is no command there yet?\n"
	"function __certvigil_bare\n"
	"	test (count (commandline -opc)) -eq 1\n"
	"end\n"
	"\n"
	"# Is it this command?\n"
	"function __certvigil_is\n"
	"	set -l words (commandline -opc)\n"
	"	test (count $words) -ge 2; and test \"$words[2]\" = $argv[1]\n"
	"end\n"
	"\n"
	"# Is it this command, and what is typed its word of this number?\n"
	"function __certvigil_at\n"
	"	set -l words (commandline -opc)\n"
	"	set -l number 0\n"
	"	set -l valued 0\n"
	"	set -l plain 0\n"
	"	__certvigil_is $argv[1]; or return 1\n"
	"	set -e words[1..2]\n"
	"	for word in $words\n"
	"		if test $valued = 1\n"
	"			set valued 0\n"
	"		else if test $plain = 0; and test \"$word\" = --\n"
	"			set plain 1\n"
	"		else if test $plain = 0; and string match -qr -- '^-.' \"$word\"\n"
	"			# Of letters in one word the last may have a value.\n"
	"			string match -qr -- '^--' \"$word\"\n"
	"			or set word -(string sub -s -1 -- \"$word\")\n"
	"			contains -- \"$argv[1] $word\" $__certvigil_valued\n"
	"			and set valued 1\n"
	"		else\n"
	"			set number (math $number + 1)\n"
	"		end\n"
	"	end\n"
	"	test $valued = 0; and test $number = $argv[2]\n"
	"end\n"
	"\n"
	"# Words that come with one of others behind '='.\n"
	"function __certvigil_pairs\n"
	"	set -l at (contains -i -- -- $argv)\n"
	"	for word in $argv[(math $at + 1)..-1]\n"
	"		for behind in $argv[1..(math $at - 1)]\n"
	"			echo $word=$behind\n"
	"		end\n"
	"	end\n"
	"end\n"
	"\n";

/* Between single quotes fish knows but two escapes. */
static void
put_quoted(struct buf *out, const char *text)
{
	buf_putc(out, '\'');
	for (const char *p = text; *p != '\0'; p++)
		buf_printf(out, "%s%c", strchr("\\'", *p) ? "\\" : "", *p);
	buf_putc(out, '\'');
}

static void
put_lists(struct buf *out, const struct shell_lists *lists)
{
	for (size_t i = 0; i < lists->n; i++) {
		const struct value *v = lists->v[i];
		const char *word;

		buf_printf(
			out, "# %s\nset -g __certvigil_list_%zu", v->word, i);
		for (size_t j = 0; (word = value_word(v, j)) != NULL; j++)
			buf_printf(out, " \\\n\t%s", word);
		buf_puts(out, "\n\n");
	}
}

static void
put_schemes(struct buf *out)
{
	BUF_CLEANUP struct buf scheme = { 0 };

	buf_puts(out, "set -g __certvigil_schemes");
	for (size_t i = 0; shell_scheme(&scheme, i); i++) {
		buf_printf(out, " \\\n\t%s", buf_str(&scheme));
		buf_reset(&scheme);
	}
	buf_puts(out, "\n\n");
}

static void
put_valued(struct buf *out)
{
	const struct option_row *row;
	const struct command *c;

	buf_puts(out, "set -g __certvigil_valued");
	for (size_t i = 0; (c = command_table[i]) != NULL; i++) {
		for (size_t j = 0; (row = line_option(c, j)) != NULL; j++) {
			if (row->value.word == NULL)
				continue;
			if (row->letter != 0)
				buf_printf(out, " \\\n\t'%s -%c'", c->name,
					row->letter);
			if (row->name != NULL)
				buf_printf(out, " \\\n\t'%s --%s'", c->name,
					row->name);
		}
	}
	buf_puts(out, "\n\n");
}

/* What completes a value: the end of a line that says whose it is. */
static void
put_value(
	struct buf *out, const struct shell_lists *lists, const struct value *v)
{
	size_t list = shell_list_of(lists, v);

	switch (v->completes) {
	case COMPLETES_NOT:
		buf_puts(out, " -x");
		break;
	case COMPLETES_FILE:
		buf_puts(out, " -rF");
		break;
	case COMPLETES_FOLDER:
		buf_puts(out, " -xa '(__fish_complete_directories)'");
		break;
	case COMPLETES_WORD:
		if (v->then == NULL) {
			buf_printf(out, " -xa '$__certvigil_list_%zu'", list);
			break;
		}
		buf_puts(out, " -xa '(__certvigil_pairs ");
		shell_put_all(out, v->then);
		buf_printf(out, " -- $__certvigil_list_%zu)'", list);
		break;
	case COMPLETES_TARGET:
		buf_puts(out, " -Fa '$__certvigil_schemes'");
		break;
	case COMPLETES_NAME:
	case COMPLETES_NOTIFIER:
		buf_printf(out,
			" -xa '(command certvigil completion --names %s "
			"2>/dev/null)'",
			shell_names(v->completes));
		break;
	}
}

static void
put_option(struct buf *out, const struct shell_lists *lists,
	const struct command *c, const struct option_row *row)
{
	buf_printf(
		out, "complete -c certvigil -n '__certvigil_is %s'", c->name);
	if (row->letter != 0)
		buf_printf(out, " -s %c", row->letter);
	if (row->name != NULL)
		buf_printf(out, " -l %s", row->name);
	if (row->value.word != NULL)
		put_value(out, lists, &row->value);
	buf_puts(out, " -d ");
	put_quoted(out, row->help);
	buf_putc(out, '\n');
}

/* fish has no word for "and all that follow": it is the command that counts. */
static void
put_operand(struct buf *out, const struct shell_lists *lists,
	const struct command *c, const struct operand *o, size_t number)
{
	if (o->value.completes == COMPLETES_NOT)
		return;
	buf_puts(out, "complete -c certvigil -n '__certvigil_");
	if (o->repeated)
		buf_printf(out, "is %s'", c->name);
	else
		buf_printf(out, "at %s %zu'", c->name, number);
	put_value(out, lists, &o->value);
	buf_putc(out, '\n');
}

static void
put_command(struct buf *out, const struct shell_lists *lists,
	const struct command *c)
{
	const struct operand *o = c->operands;
	const struct option_row *row;

	buf_printf(out, "\ncomplete -c certvigil -n __certvigil_bare -a %s -d ",
		c->name);
	put_quoted(out, c->help);
	buf_putc(out, '\n');
	for (size_t i = 0; o != NULL && o->value.word != NULL; i++, o++)
		put_operand(out, lists, c, o, i);
	for (size_t i = 0; (row = line_option(c, i)) != NULL; i++) {
		if (!row->hidden)
			put_option(out, lists, c, row);
	}
	if (c->alias != NULL)
		buf_printf(out, "complete -c %s -w 'certvigil %s'\n", c->alias,
			c->name);
}

static void
put_script(struct buf *out, const struct shell_lists *lists)
{
	buf_puts(out, head);
	put_lists(out, lists);
	put_schemes(out);
	put_valued(out);
	buf_puts(out,
		"complete -c certvigil -f\n"
		"complete -c certvigil -n __certvigil_bare -s h -l help"
		" -d 'print the commands'\n"
		"complete -c certvigil -n __certvigil_bare -s V"
		" -l version -d 'print the version'\n");
	for (size_t i = 0; command_table[i] != NULL; i++)
		put_command(out, lists, command_table[i]);
}

const struct shell shell_fish = { .name = "fish", .put = put_script };
