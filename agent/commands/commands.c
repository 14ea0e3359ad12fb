/* commands.c - the table of commands, and finding the one that is meant */
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "model/alloc.h"
#include "model/buf.h"
#include "model/text.h"

const struct command *const command_table[] = {
	&command_check,
	&command_chain,
	&command_scan,
	&command_show,
	&command_status,
	&command_history,
	&command_silence,
	&command_notify,
	&command_config,
	&command_explain,
	NULL,
};

static void
put_line(const char *prefix, const char *text)
{
	BUF_CLEANUP struct buf line = { 0 };

	text_plain(&line, text);
	fprintf(stderr, "%s: %s\n", prefix, buf_str(&line));
}

int
command_unknown(const char *message)
{
	BUF_CLEANUP struct buf line = { 0 };

	text_nagios(&line, message);
	printf("CERTVIGIL UNKNOWN - %s\n", buf_str(&line));
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

int
command_usage(const struct command *c, const char *fmt, ...)
{
	cleanup(str_free) char *text = NULL;
	cleanup(str_free) char *prefix = str_fmt("certvigil %s", c->name);
	va_list ap;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	put_line(prefix, text);
	fprintf(stderr, "usage: certvigil %s %s\n", c->name, c->usage);
	return c->plugin ? command_unknown(text) : STATUS_UNKNOWN;
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
	fputs("usage: certvigil COMMAND [OPTIONS] ...\n\n", to);
	for (size_t i = 0; command_table[i] != NULL; i++)
		fprintf(to, "  %-8s %s\n", command_table[i]->name,
			command_table[i]->help);
	fputs("\n`certvigil COMMAND --help` tells a command's options; "
	      "certvigil(8) tells all.\n",
		to);
}

int
command_main(int argc, char **argv)
{
	/* Messages never depend on the locale; numbers and times neither. */
	(void)setlocale(LC_ALL, "C");
	(void)signal(SIGPIPE, SIG_IGN);
	/* Who started us may ignore it, and then no child can be waited for. */
	(void)signal(SIGCHLD, SIG_DFL);
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
	command_fail("there is no command \"%s\"", argv[1]);
	put_overview(stderr);
	return STATUS_UNKNOWN;
}
