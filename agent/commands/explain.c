/* explain.c - what a finding means and what to do about it */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/line.h"
#include "commands/options.h"
#include "commands/output.h"
#include "commands/wrap.h"
#include "model/buf.h"
#include "model/finding.h"

#define WIDTH 76

#define INDENT 2

struct ask {
	bool list, mdoc;
};

static void
put_paragraph(struct buf *out, const char *text)
{
	buf_pad(out, INDENT, ' ');
	wrap_put(out, text, strlen(text), INDENT, INDENT, WIDTH);
	buf_putc(out, '\n');
}

static void
explain(struct buf *out, const struct finding_kind *k)
{
	buf_printf(out, "%s: %s (%s)\n\n", k->id, k->title,
		severity_name(k->severity));
	put_paragraph(out, k->meaning);
	buf_puts(out, "\nWhat to do:\n");
	put_paragraph(out, k->remedy);
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
		wrap_put(out, buf_str(&safe), safe.len, 0, 0, WIDTH);
		buf_putc(out, '\n');
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
	struct ask ask = { 0 };
	struct line line;
	int rc = line_read(&command_explain, &ask, argc, argv, &line);

	if (rc != STATUS_OK || line.answered)
		return rc;
	if (line.n + ask.list + ask.mdoc != 1)
		return command_usage(
			&command_explain, "want one finding or --list");
	if (ask.list)
		list(&out);
	else if (ask.mdoc)
		mdoc(&out);
	else if (option_finding_kind(&command_explain, line.words[0], &k) ==
		STATUS_OK)
		explain(&out, k);
	else
		return STATUS_UNKNOWN;
	if (fputs(buf_str(&out), stdout) == EOF || fflush(stdout) == EOF)
		return output_failed();
	return STATUS_OK;
}

static const struct option_row rows[] = {
	{ .name = "list",
		.help = "all findings that there are, with their severity",
		.to = offsetof(struct ask, list) },
	{ .name = "mdoc", .hidden = true, .to = offsetof(struct ask, mdoc) },
	{ 0 },
};

static const struct option_group groups[] = { { NULL, rows }, { 0 } };

static const struct operand operands[] = {
	{ .value = { .word = "FINDING",
		  .completes = COMPLETES_WORD,
		  .list = option_finding_at } },
	{ 0 },
};

const struct command command_explain = {
	.name = "explain",
	.usage = "FINDING | --list",
	.help = "what a finding means and what to do",
	.options = groups,
	.operands = operands,
	.above = "Tell what a finding means, how it was judged and what to "
		 "do.\n",
	.below = "Exit status: 0, or 3 if there is no such finding.\n",
	.run = explain_run,
};
