/* zsh.c - the script by which zsh completes our lines */
#include <string.h>

#include "commands/line.h"
#include "commands/shell/shell.h"

/* Of an option's help the bracket that ends it, of a message the colon. */
#define IN_BRACKETS "\\[]"
#define IN_MESSAGE "\\:"

/*
 * In a folder of $fpath the file is the function itself; read by `source` it
 * makes the function known.
 */
static const char tail[] = "if [[ $funcstack[1] == _certvigil ]]; then\n"
			   "	_certvigil \"$@\"\n"
			   "else\n"
			   "	compdef _certvigil";

static void
put_lists(struct buf *out, const struct shell_lists *lists)
{
	for (size_t i = 0; i < lists->n; i++) {
		const struct value *v = lists->v[i];

		buf_printf(out,
			"# %s\n_certvigil_list_%zu() {\n"
			"	local -a words=(\n",
			v->word, i);
		shell_put_words(out, v, 2);
		buf_puts(out, "	)\n");
		if (v->then != NULL) {
			buf_puts(out,
				"	if compset -P '*='; then\n"
				"		compadd \"$@\" -- ");
			shell_put_all(out, v->then);
			buf_puts(out,
				"\n	else\n"
				"		compadd \"$@\" -S = -a words\n"
				"	fi\n}\n\n");
		} else {
			buf_puts(out, "	compadd \"$@\" -a words\n}\n\n");
		}
	}
}

static void
put_helpers(struct buf *out)
{
	BUF_CLEANUP struct buf scheme = { 0 };

	buf_puts(out, "_certvigil_target() {\n	local -a schemes=(\n");
	for (size_t i = 0; shell_scheme(&scheme, i); i++) {
		buf_printf(out, "		%s\n", buf_str(&scheme));
		buf_reset(&scheme);
	}
	buf_puts(out,
		"	)\n"
		"	_alternative 'files:file:_files' \\\n"
		"		'schemes:scheme:compadd -S \"\" -a schemes'\n"
		"}\n\n"
		"_certvigil_names() {\n"
		"	local -a names=(\"${(@f)$(command certvigil completion \\\n"
		"		--names ${@[-1]} 2>/dev/null)}\")\n"
		"	names=(${names:#})\n"
		"	compadd \"${@[1,-2]}\" -a names\n"
		"}\n\n");
}

static void
put_marked(struct buf *out, const char *text, const char *marked)
{
	for (const char *p = text; *p != '\0'; p++)
		buf_printf(out, "%s%c", strchr(marked, *p) ? "\\" : "", *p);
}

/* ":FILE:_files" */
static void
put_value(
	struct buf *out, const struct shell_lists *lists, const struct value *v)
{
	buf_putc(out, ':');
	put_marked(out, v->word, IN_MESSAGE);
	buf_putc(out, ':');
	switch (v->completes) {
	case COMPLETES_NOT:
		buf_putc(out, ' ');
		break;
	case COMPLETES_FILE:
		buf_puts(out, "_files");
		break;
	case COMPLETES_FOLDER:
		buf_puts(out, "_files -/");
		break;
	case COMPLETES_WORD:
		buf_printf(out, "_certvigil_list_%zu", shell_list_of(lists, v));
		break;
	case COMPLETES_TARGET:
		buf_puts(out, "_certvigil_target");
		break;
	case COMPLETES_NAME:
	case COMPLETES_NOTIFIER:
		buf_printf(
			out, "_certvigil_names %s", shell_names(v->completes));
		break;
	}
}

/* One of an option's names, as _arguments reads it. */
static void
put_option(struct buf *out, const struct shell_lists *lists,
	const struct option_row *row, bool letter)
{
	bool valued = row->value.word != NULL;
	BUF_CLEANUP struct buf spec = { 0 };

	if (letter)
		buf_printf(&spec, "*-%c%s[", row->letter, valued ? "+" : "");
	else
		buf_printf(&spec, "*--%s%s[", row->name, valued ? "=" : "");
	put_marked(&spec, row->help, IN_BRACKETS);
	buf_putc(&spec, ']');
	if (valued)
		put_value(&spec, lists, &row->value);
	buf_puts(out, " \\\n\t\t");
	shell_quote(out, buf_str(&spec));
}

static void
put_command(struct buf *out, const struct shell_lists *lists,
	const struct command *c)
{
	const struct operand *o = c->operands;
	const struct option_row *row;

	buf_printf(out, "_certvigil_%s() {\n\t_arguments -s -S :", c->name);
	for (size_t i = 0; (row = line_option(c, i)) != NULL; i++) {
		if (!row->hidden && row->letter != 0)
			put_option(out, lists, row, true);
		if (!row->hidden && row->name != NULL)
			put_option(out, lists, row, false);
	}
	for (size_t i = 1; o != NULL && o->value.word != NULL; i++, o++) {
		BUF_CLEANUP struct buf spec = { 0 };

		if (o->repeated)
			buf_putc(&spec, '*');
		else
			buf_printf(&spec, "%zu", i);
		put_value(&spec, lists, &o->value);
		buf_puts(out, " \\\n\t\t");
		shell_quote(out, buf_str(&spec));
	}
	buf_puts(out, "\n}\n\n");
}

static void
put_main(struct buf *out)
{
	const struct command *c;

	buf_puts(out,
		"_certvigil() {\n"
		"	local curcontext=$curcontext state line ret=1\n"
		"	local -A opt_args\n"
		"	local -a commands=(\n");
	for (size_t i = 0; (c = command_table[i]) != NULL; i++) {
		BUF_CLEANUP struct buf spec = { 0 };

		buf_printf(&spec, "%s:", c->name);
		put_marked(&spec, c->help, IN_MESSAGE);
		buf_puts(out, "\t\t");
		shell_quote(out, buf_str(&spec));
		buf_putc(out, '\n');
	}
	buf_puts(out, "	)\n	case $service in\n");
	for (size_t i = 0; (c = command_table[i]) != NULL; i++) {
		if (c->alias != NULL)
			buf_printf(out,
				"	%s)\n		_certvigil_%s\n"
				"		return\n		;;\n",
				c->alias, c->name);
	}
	buf_puts(out,
		"	esac\n"
		"	_arguments -C '(- : *)'{-h,--help}'[print the commands]' \\\n"
		"		'(- : *)'{-V,--version}'[print the version]' \\\n"
		"		'1:command:->command' '*::argument:->rest' && ret=0\n"
		"	case $state in\n"
		"	command)\n"
		"		_describe -t commands command commands && ret=0\n"
		"		;;\n"
		"	rest)\n"
		"		if (( $+functions[_certvigil_$line[1]] && "
		"$commands[(I)$line[1]:*] )); then\n"
		"			curcontext=${curcontext%:*:*}:certvigil-$line[1]:\n"
		"			_certvigil_$line[1] && ret=0\n"
		"		fi\n"
		"		;;\n"
		"	esac\n"
		"	return ret\n"
		"}\n\n");
}

static void
put_names(struct buf *out)
{
	const struct command *c;

	buf_puts(out, " certvigil");
	for (size_t i = 0; (c = command_table[i]) != NULL; i++) {
		if (c->alias != NULL)
			buf_printf(out, " %s", c->alias);
	}
	buf_putc(out, '\n');
}

static void
put_script(struct buf *out, const struct shell_lists *lists)
{
	buf_puts(out, "#compdef");
	put_names(out);
	buf_puts(out,
		"# Completion of certvigil for zsh.\n"
		"# Made by `certvigil completion zsh`.\n\n");
	put_lists(out, lists);
	put_helpers(out);
	for (size_t i = 0; command_table[i] != NULL; i++)
		put_command(out, lists, command_table[i]);
	put_main(out);
	buf_puts(out, tail);
	put_names(out);
	buf_puts(out, "fi\n");
}

const struct shell shell_zsh = { .name = "zsh", .put = put_script };
