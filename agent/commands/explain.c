/* explain.c - what a finding means and what to do about it */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/options.h"
#include "model/buf.h"
#include "model/finding.h"

#define WIDTH 76

/* Words of `text` in lines of at most `width`, each after `indent`. */
static void
wrap(struct buf *out, const char *text, size_t n, size_t width,
	const char *indent)
{
	const char *end = text + n;
	size_t column = 0;

	while (text < end) {
		size_t word = 0;

		while (text + word < end && text[word] != ' ')
			word++;
		if (column > 0 && column + 1 + word > width) {
			buf_putc(out, '\n');
			column = 0;
		}
		if (column == 0) {
			buf_puts(out, indent);
			column = strlen(indent);
		} else {
			buf_putc(out, ' ');
			column++;
		}
		buf_add(out, text, word);
		column += word;
		text += word;
		while (text < end && *text == ' ')
			text++;
	}
	buf_putc(out, '\n');
}

static void
explain(struct buf *out, const struct finding_kind *k)
{
	buf_printf(out, "%s: %s (%s)\n\n", k->id, k->title,
		severity_name(k->severity));
	wrap(out, k->meaning, strlen(k->meaning), WIDTH, "  ");
	buf_puts(out, "\nWhat to do:\n");
	wrap(out, k->remedy, strlen(k->remedy), WIDTH, "  ");
}

static void
list(struct buf *out)
{
	const struct finding_kind *k;

	for (size_t i = 0; (k = finding_kind_at(i)) != NULL; i++)
		buf_printf(out, "%-24s %-9s %s\n", k->id,
			severity_name(k->severity), k->title);
}

/* Length of the first sentence, without the blanks behind it. */
static size_t
sentence(const char *s)
{
	for (const char *p = s; *p != '\0'; p++) {
		if (*p == '.' && p[1] == ' ' && isupper((unsigned char)p[2]))
			return (size_t)(p + 1 - s);
	}
	return strlen(s);
}

/* Text as mdoc wants it: each sentence on a line of its own. */
static void
mdoc_text(struct buf *out, const char *s)
{
	while (*s != '\0') {
		size_t n = sentence(s);
		struct buf safe BUF_CLEANUP = { 0 };

		/* No request, and no escape but ours. */
		if (*s == '.' || *s == '\'')
			buf_puts(&safe, "\\&");
		for (size_t i = 0; i < n; i++) {
			if (s[i] == '\\')
				buf_puts(&safe, "\\e");
			else
				buf_putc(&safe, s[i]);
		}
		wrap(out, buf_str(&safe), safe.len, WIDTH, "");
		for (s += n; *s == ' '; s++)
			;
	}
}

static const char mdoc_head[] =
	".\\\" Made by `certvigil explain --mdoc'; edit "
	"agent/model/catalog.c.\n"
	".Dd November 20, 2026\n"
	".Dt CERTVIGIL-FINDINGS 7\n"
	".Os\n"
	".Sh NAME\n"
	".Nm certvigil-findings\n"
	".Nd what certvigil can find, what it means and what to do\n"
	".Sh DESCRIPTION\n"
	"A finding is one judged fact about a target.\n"
	"It has an id that never changes its meaning, a severity, and a "
	"message\n"
	"that says what was wanted and what is there.\n"
	"The severity given here is the default; the configuration key\n"
	".Cm findings\n"
	"and the option\n"
	".Fl -finding\n"
	"change it, or switch a finding off.\n"
	"A finding of severity\n"
	".Em ok\n"
	"is a note and alerts nobody.\n"
	".Pp\n"
	"The same text is shown by\n"
	".Ql certvigil explain Ar finding .\n"
	".Sh FINDINGS\n";

static const char mdoc_tail[] = ".Sh SEE ALSO\n"
				".Xr certvigil.yaml 5 ,\n"
				".Xr certvigil 8\n";

static void
mdoc(struct buf *out)
{
	const struct finding_kind *k, *before = NULL;
	size_t area = 0;

	buf_puts(out, mdoc_head);
	for (size_t i = 0; (k = finding_kind_at(i)) != NULL; before = k, i++) {
		const char *dot = strchr(k->id, '.');

		/* A section for each area: the ids up to the dot. */
		if (before == NULL || strncmp(k->id, before->id, area) != 0) {
			if (area > 0)
				buf_puts(out, ".El\n");
			area = (size_t)(dot + 1 - k->id);
			buf_printf(out, ".Ss %.*s\n.Bl -tag -width Ds\n",
				(int)(area - 1), k->id);
		}
		buf_printf(out, ".It Cm %s Pq %s\n", k->id,
			severity_name(k->severity));
		buf_printf(out, "%c%s.\n", toupper((unsigned char)*k->title),
			k->title + 1);
		mdoc_text(out, k->meaning);
		buf_puts(out, ".Pp\n");
		mdoc_text(out, k->remedy);
	}
	buf_puts(out, ".El\n");
	buf_puts(out, mdoc_tail);
}

static int
explain_run(int argc, char **argv)
{
	struct buf out BUF_CLEANUP = { 0 };
	const struct finding_kind *k;

	if (argc != 2)
		return command_usage(
			&command_explain, "want one finding or --list");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		buf_printf(&out, "usage: certvigil explain %s\n",
			command_explain.usage);
	} else if (strcmp(argv[1], "--list") == 0) {
		list(&out);
	} else if (strcmp(argv[1], "--mdoc") == 0) {
		mdoc(&out);
	} else {
		if (option_finding_kind(&command_explain, argv[1], &k) !=
			STATUS_OK)
			return STATUS_UNKNOWN;
		explain(&out, k);
	}
	if (fputs(buf_str(&out), stdout) == EOF || fflush(stdout) == EOF)
		return command_fail("stdout: %s", strerror(errno));
	return STATUS_OK;
}

const struct command command_explain = {
	.name = "explain",
	.usage = "FINDING | --list",
	.help = "what a finding means and what to do",
	.run = explain_run,
};
