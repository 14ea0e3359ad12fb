/* bash.c - the script by which bash completes our lines */
#include <string.h>

#include "commands/line.h"
#include "commands/shell/shell.h"

static const char head[] =
	"# Completion of certvigil for bash, with bash-completion or without.\n"
	"# Made by `certvigil completion bash`.\n"
	"\n"
	"# The line up to the cursor, in words: joined again where readline\n"
	"# parted them at '=' or ':'. $parted is what it keeps of the last one.\n"
	"_certvigil_split()\n"
	"{\n"
	"	local line=${COMP_LINE:0:COMP_POINT} rest='' word='' i\n"
	"\n"
	"	words=() parted=''\n"
	"	for ((i = 0; i <= COMP_CWORD; i++)); do\n"
	"		rest=${line#\"${line%%[![:space:]]*}\"}\n"
	"		word=${COMP_WORDS[i]}\n"
	"		((i < COMP_CWORD)) || word=$rest\n"
	"		if ((i > 0)) && [[ $rest == \"$line\" ]]; then\n"
	"			parted=${words[${#words[@]} - 1]}\n"
	"			words[${#words[@]} - 1]+=$word\n"
	"		else\n"
	"			parted=''\n"
	"			words+=(\"$word\")\n"
	"		fi\n"
	"		line=${rest:${#word}}\n"
	"	done\n"
	"	if [[ $word == [=:]* && $COMP_WORDBREAKS == *\"${word:0:1}\"* ]]; then\n"
	"		parted=${words[${#words[@]} - 1]}\n"
	"	fi\n"
	"}\n"
	"\n"
	"# Offer those of the words that begin as the one at the cursor does.\n"
	"_certvigil_offer()\n"
	"{\n"
	"	local word\n"
	"\n"
	"	for word; do\n"
	"		word=$lead$word\n"
	"		if [[ $word == \"$current\"* ]]; then\n"
	"			COMPREPLY+=(\"${word#\"$parted\"}\")\n"
	"		fi\n"
	"	done\n"
	"}\n"
	"\n"
	"# Names come from configurations: they are quoted before they are typed.\n"
	"_certvigil_offer_names()\n"
	"{\n"
	"	local name quoted\n"
	"\n"
	"	while IFS= read -r name; do\n"
	"		printf -v quoted %q \"$name\"\n"
	"		_certvigil_offer \"$quoted\"\n"
	"	done < <(command certvigil completion --names \"$1\" 2>/dev/null)\n"
	"}\n"
	"\n";

static const char tail[] =
	"# Nothing offered: readline looks for files, and quotes them as it does.\n"
	"_certvigil_reply()\n"
	"{\n"
	"	case $how in\n"
	"	path) ;;\n"
	"	folder)\n"
	"		compopt -o plusdirs +o default +o bashdefault 2>/dev/null\n"
	"		;;\n"
	"	target)\n"
	"		if [[ -n $current && -z $(compgen -f -- \"$current\") ]]; then\n"
	"			compopt -o nospace 2>/dev/null\n"
	"			_certvigil_offer \"${list[@]}\"\n"
	"		fi\n"
	"		;;\n"
	"	*)\n"
	"		compopt +o default +o bashdefault 2>/dev/null\n"
	"		;;&\n"
	"	names)\n"
	"		_certvigil_offer_names \"${list[0]}\"\n"
	"		;;\n"
	"	word)\n"
	"		_certvigil_offer \"${list[@]}\"\n"
	"		;;\n"
	"	pair)\n"
	"		if [[ ${current#\"$lead\"} == *=* ]]; then\n"
	"			lead=${current%=*}=\n"
	"			_certvigil_offer \"${behind[@]}\"\n"
	"		else\n"
	"			compopt -o nospace 2>/dev/null\n"
	"			_certvigil_offer \"${list[@]/%/=}\"\n"
	"		fi\n"
	"		;;\n"
	"	esac\n"
	"}\n"
	"\n"
	"_certvigil()\n"
	"{\n"
	"	local words=() list=() behind=() parted='' lead='' how='' current\n"
	"	local command='' word='' option='' plain='' operand=0 first=2 last i\n"
	"\n"
	"	COMPREPLY=()\n"
	"	_certvigil_split\n"
	"	last=$((${#words[@]} - 1))\n"
	"	current=${words[last]}\n"
	"	_certvigil_command \"${words[0]##*/}\" || command=${words[1]-}\n"
	"	if [[ $last -lt $first ]]; then\n"
	"		_certvigil_options \"${current%%[!-]*}\"\n"
	"		how=word\n"
	"		_certvigil_reply\n"
	"		return\n"
	"	fi\n"
	"	for ((i = first; i < last; i++)); do\n"
	"		word=${words[i]}\n"
	"		if [[ -n $option ]]; then\n"
	"			option=''\n"
	"		elif [[ -z $plain && $word == -- ]]; then\n"
	"			plain=yes\n"
	"		elif [[ -z $plain && $word == -?* ]]; then\n"
	"			# Of letters in one word the last may have a value.\n"
	"			[[ $word == --* ]] || word=-${word: -1}\n"
	"			! _certvigil_value \"$command\" \"$word\" || option=$word\n"
	"		else\n"
	"			operand=$((operand + 1))\n"
	"		fi\n"
	"	done\n"
	"	how=''\n"
	"	if [[ -n $option ]]; then\n"
	"		_certvigil_value \"$command\" \"$option\"\n"
	"	elif [[ -z $plain && $current == --*=* ]]; then\n"
	"		lead=${current%%=*}=\n"
	"		_certvigil_value \"$command\" \"${current%%=*}\" || how=''\n"
	"	elif [[ -z $plain && $current == -* ]]; then\n"
	"		how=word\n"
	"		_certvigil_options \"$command\"\n"
	"	else\n"
	"		_certvigil_operand \"$command\" \"$operand\"\n"
	"	fi\n"
	"	_certvigil_reply\n"
	"}\n"
	"\n"
	"complete -o bashdefault -o default -F _certvigil certvigil";

/* `list` and `behind` of each list's number. */
static void
put_lists(struct buf *out, const struct shell_lists *lists)
{
	buf_puts(out, "_certvigil_list()\n{\n\thow=word\n\tcase $1 in\n");
	for (size_t i = 0; i < lists->n; i++) {
		const struct value *v = lists->v[i];

		buf_printf(out, "\t%zu) # %s\n\t\tlist=(\n", i, v->word);
		shell_put_words(out, v, 3);
		buf_puts(out, "\t\t)\n");
		if (v->then != NULL) {
			buf_puts(out, "\t\thow=pair behind=(");
			shell_put_all(out, v->then);
			buf_puts(out, ")\n");
		}
		buf_puts(out, "\t\t;;\n");
	}
	buf_puts(out, "\tesac\n}\n\n");
}

static void
put_schemes(struct buf *out)
{
	BUF_CLEANUP struct buf scheme = { 0 };

	buf_puts(out, "_certvigil_schemes()\n{\n\thow=target list=(\n");
	for (size_t i = 0; shell_scheme(&scheme, i); i++) {
		buf_printf(out, "\t\t%s\n", buf_str(&scheme));
		buf_reset(&scheme);
	}
	buf_puts(out, "\t)\n}\n\n");
}

/* What is to be done for a value, as a command of the script. */
static void
put_how(struct buf *out, const struct shell_lists *lists, const struct value *v)
{
	switch (v->completes) {
	case COMPLETES_NOT:
		buf_puts(out, "how=any");
		break;
	case COMPLETES_FILE:
		buf_puts(out, "how=path");
		break;
	case COMPLETES_FOLDER:
		buf_puts(out, "how=folder");
		break;
	case COMPLETES_WORD:
		buf_printf(out, "_certvigil_list %zu", shell_list_of(lists, v));
		break;
	case COMPLETES_TARGET:
		buf_puts(out, "_certvigil_schemes");
		break;
	case COMPLETES_NAME:
	case COMPLETES_NOTIFIER:
		buf_printf(
			out, "how=names list=(%s)", shell_names(v->completes));
		break;
	}
}

static void
put_values(struct buf *out, const struct shell_lists *lists,
	const struct command *c)
{
	const struct option_row *row;

	for (size_t i = 0; (row = line_option(c, i)) != NULL; i++) {
		if (row->value.word == NULL || row->hidden)
			continue;
		buf_printf(out, "\t'%s ", c->name);
		if (row->letter != 0)
			buf_printf(out, "-%c'%s", row->letter,
				row->name != NULL ? " | " : "");
		if (row->letter != 0 && row->name != NULL)
			buf_printf(out, "'%s ", c->name);
		if (row->name != NULL)
			buf_printf(out, "--%s'", row->name);
		buf_puts(out, ") ");
		put_how(out, lists, &row->value);
		buf_puts(out, " ;;\n");
	}
}

static void
put_operands(struct buf *out, const struct shell_lists *lists,
	const struct command *c)
{
	const struct operand *o = c->operands;

	for (size_t i = 0; o != NULL && o->value.word != NULL; i++, o++) {
		if (o->repeated)
			buf_printf(out, "\t'%s '*", c->name);
		else
			buf_printf(out, "\t'%s %zu'", c->name, i);
		buf_puts(out, ") ");
		put_how(out, lists, &o->value);
		buf_puts(out, " ;;\n");
	}
}

static void
put_options(struct buf *out, const struct command *c)
{
	const struct option_row *row;

	buf_printf(out, "\t%s)\n\t\tlist=(\n", c->name);
	for (size_t i = 0; (row = line_option(c, i)) != NULL; i++) {
		if (row->hidden)
			continue;
		if (row->name != NULL)
			buf_printf(out, "\t\t\t--%s\n", row->name);
		else
			buf_printf(out, "\t\t\t-%c\n", row->letter);
	}
	buf_puts(out, "\t\t)\n\t\t;;\n");
}

static void
put_commands(struct buf *out)
{
	const struct command *c;

	buf_puts(out,
		"# The program's other names.\n"
		"_certvigil_command()\n{\n\tcase $1 in\n");
	for (size_t i = 0; (c = command_table[i]) != NULL; i++) {
		if (c->alias != NULL)
			buf_printf(out, "\t%s) command=%s first=1 ;;\n",
				c->alias, c->name);
	}
	buf_puts(out, "\t*) return 1 ;;\n\tesac\n}\n\n");

	buf_puts(out,
		"# The options of a command; of none yet, those of them all.\n"
		"_certvigil_options()\n{\n\tcase $1 in\n"
		"\t-*) list=(--help --version) ;;\n"
		"\t'')\n\t\tlist=(\n");
	for (size_t i = 0; (c = command_table[i]) != NULL; i++)
		buf_printf(out, "\t\t\t%s\n", c->name);
	buf_puts(out, "\t\t)\n\t\t;;\n");
	for (size_t i = 0; (c = command_table[i]) != NULL; i++)
		put_options(out, c);
	buf_puts(out, "\tesac\n}\n\n");
}

static void
put_script(struct buf *out, const struct shell_lists *lists)
{
	const struct command *c;

	buf_puts(out, head);
	put_lists(out, lists);
	put_schemes(out);
	put_commands(out);
	buf_puts(out,
		"# What the value of an option may be; fails where it has"
		" none.\n"
		"_certvigil_value()\n{\n\tcase \"$1 $2\" in\n");
	for (size_t i = 0; (c = command_table[i]) != NULL; i++)
		put_values(out, lists, c);
	buf_puts(out,
		"\t*) return 1 ;;\n\tesac\n}\n\n"
		"# What the word beside the options may be, by its"
		" number.\n"
		"_certvigil_operand()\n{\n\thow=any\n"
		"\tcase \"$1 $2\" in\n");
	for (size_t i = 0; (c = command_table[i]) != NULL; i++)
		put_operands(out, lists, c);
	buf_puts(out, "\tesac\n}\n\n");
	buf_puts(out, tail);
	for (size_t i = 0; (c = command_table[i]) != NULL; i++) {
		if (c->alias != NULL)
			buf_printf(out, " %s", c->alias);
	}
	buf_putc(out, '\n');
}

const struct shell shell_bash = { .name = "bash", .put = put_script };
