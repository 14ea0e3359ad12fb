/* commands.c - the table of commands, and finding the one that is meant */
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/help.h"
#include "commands/journal.h"
#include "config/suggest.h"
#include "model/alloc.h"
#include "model/buf.h"
#include "model/text.h"

const struct command *const command_table[] = {
	&command_check,
	&command_chain,
	&command_scan,
	&command_watch,
	&command_show,
	&command_status,
	&command_report,
	&command_history,
	&command_silence,
	&command_notify,
	&command_config,
	&command_explain,
	&command_completion,
	NULL,
};

/* The command as which the program itself was called, or NULL. */
static const struct command *called_as;

static void
put_line(const char *prefix, const char *text)
{
	BUF_CLEANUP struct buf line = { 0 };

	buf_printf(&line, "%s: ", prefix);
	text_plain(&line, text);
	journal_lines(buf_str(&line));
}

int
command_unknown(const char *message)
{
	BUF_CLEANUP struct buf line = { 0 };

	text_nagios(&line, message);
	printf("CERTVIGIL UNKNOWN - %s\n", buf_str(&line));
	(void)fflush(stdout);
	return STATUS_UNKNOWN;
}

static char *format(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0)));

static char *
format(const char *fmt, va_list ap)
{
	char *s = NULL;

	if (vasprintf(&s, fmt, ap) == -1)
		mem_exhausted();
	return s;
}

char *
command_title(const struct command *c)
{
	return c == called_as ? str_dup(c->alias)
			      : str_fmt("certvigil %s", c->name);
}

int
command_usage(const struct command *c, const char *fmt, ...)
{
	cleanup(str_free) char *text = NULL;
	cleanup(str_free) char *prefix = command_title(c);
	BUF_CLEANUP struct buf usage = { 0 };
	va_list ap;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	/* Icinga reads both streams: its first line is the answer. */
	if (c->plugin)
		(void)command_unknown(text);
	put_line(prefix, text);
	help_usage(&usage, c);
	fputs(buf_str(&usage), stderr);
	return STATUS_UNKNOWN;
}

int
command_fail(const char *fmt, ...)
{
	cleanup(str_free) char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	put_line("certvigil", text);
	return STATUS_UNKNOWN;
}

static void
put_overview(FILE *to)
{
	int columns = 0;

	for (size_t i = 0; command_table[i] != NULL; i++) {
		int n = (int)strlen(command_table[i]->name);

		columns = n > columns ? n : columns;
	}
	fputs("usage: certvigil COMMAND [OPTIONS] ...\n\n", to);
	for (size_t i = 0; command_table[i] != NULL; i++)
		fprintf(to, "  %-*s  %s\n", columns, command_table[i]->name,
			command_table[i]->help);
	fputs("\n`certvigil COMMAND --help` tells a command's options; "
	      "certvigil(8) tells all.\n",
		to);
}

/* NULL: it goes by its own name. */
static const struct command *
command_of_program(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	for (size_t i = 0; command_table[i] != NULL; i++) {
		const char *alias = command_table[i]->alias;

		if (alias != NULL && strcmp(alias, name) == 0)
			return command_table[i];
	}
	return NULL;
}

/* Whom one word helps is not shown all of them. */
static int
unknown_command(const char *name)
{
	struct suggestion near = { .wrong = name };
	BUF_CLEANUP struct buf meant = { 0 };

	for (size_t i = 0; command_table[i] != NULL; i++)
		suggest_try(&near, command_table[i]->name);
	suggest_tell(&meant, &near);
	command_fail("there is no command \"%s\"%s", name, buf_str(&meant));
	if (near.best == NULL)
		put_overview(stderr);
	return STATUS_UNKNOWN;
}

int
command_main(int argc, char **argv)
{
	/* Messages never depend on the locale; numbers and times neither. */
	(void)setlocale(LC_ALL, "C");
	(void)signal(SIGPIPE, SIG_IGN);
	/* Who started us may ignore it, and then no child can be waited for. */
	(void)signal(SIGCHLD, SIG_DFL);
	called_as = argc > 0 ? command_of_program(argv[0]) : NULL;
	if (called_as != NULL)
		return called_as->run(argc, argv);
	if (argc < 2) {
		put_overview(stderr);
		return STATUS_UNKNOWN;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
		strcmp(argv[1], "help") == 0) {
		put_overview(stdout);
		return STATUS_OK;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		puts("certvigil " CERTVIGIL_VERSION);
		return STATUS_OK;
	}
	for (size_t i = 0; command_table[i] != NULL; i++) {
		if (strcmp(command_table[i]->name, argv[1]) == 0)
			return command_table[i]->run(argc - 1, argv + 1);
	}
	return unknown_command(argv[1]);
}
