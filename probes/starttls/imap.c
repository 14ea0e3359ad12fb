/* imap.c - IMAP: STARTTLS (RFC 9051, 6.2.1; RFC 3501 says the same) */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/alloc.h"
#include "probes/starttls/said.h"
#include "probes/starttls/starttls.h"

/* What the server has said that it can do. */
struct abilities {
	bool told, starttls;
	char *words; /* as it told them */
};

static void
abilities_note(struct abilities *a, const char *list, size_t n)
{
	free(a->words);
	a->words = str_ndup(list, n);
	a->told = true;
	a->starttls = said_holds(a->words, "STARTTLS", " ");
}

/* "* CAPABILITY IMAP4rev1 ...", or "... [CAPABILITY IMAP4rev1 ...] ready" */
static void
look_for_abilities(struct abilities *a, const char *line)
{
	const char *code = strcasestr(line, "[CAPABILITY ");

	if (strncasecmp(line, "* CAPABILITY ", 13) == 0)
		abilities_note(a, line + 13, strlen(line + 13));
	else if (code != NULL)
		abilities_note(a, code + 12, strcspn(code + 12, "]"));
}

static int
read_greeting(struct stream *s, struct abilities *a, struct error *err)
{
	char *line;

	if (stream_line(s, &line, err) == -1)
		return -1;
	/* RFC 9051, 7.1.4: known already, by its address or a tunnel. */
	if (said_begins(line, "* PREAUTH"))
		return error_set(err, ERROR_PARSE,
			"the server takes us for logged in (PREAUTH), and "
			"STARTTLS is for those who are not");
	if (!said_begins(line, "* OK"))
		return said_unwanted(err, "\"* OK\", a greeting", line);
	look_for_abilities(a, line);
	return 0;
}

/*
 * Send a command under the tag "a" or "b", and read up to its answer: *line
 * begins behind the tag.
 */
static int
ask(struct stream *s, const char *command, const char *what, char **line,
	struct abilities *a, struct error *err)
{
	if (stream_ask(s, command, what, err) == -1)
		return -1;
	for (;;) {
		if (stream_line(s, line, err) == -1)
			return -1;
		if (said_begins(*line, "* BYE"))
			return said_unwanted(err, "an answer", *line);
		if (strncmp(*line, command, 2) == 0) {
			*line += 2;
			return 0;
		}
		if (strncmp(*line, "* ", 2) != 0)
			return said_unwanted(
				err, "a line of \"*\" or our tag", *line);
		look_for_abilities(a, *line);
	}
}

static int
agree(struct stream *s, struct abilities *a, struct error *err)
{
	char *line;

	if (read_greeting(s, a, err) == -1)
		return -1;
	/* Its greeting may tell; if not, and if asking fails, so be it. */
	if (!a->told &&
		ask(s, "a CAPABILITY\r\n", "CAPABILITY", &line, a, err) == -1)
		return -1;
	if (a->told && !a->starttls)
		return said_no_offer(err, "STARTTLS", a->words);
	if (ask(s, "b STARTTLS\r\n", "STARTTLS", &line, a, err) == -1)
		return -1;
	if (!said_begins(line, "OK"))
		return said_unwanted(err, "OK to STARTTLS", line);
	return 0;
}

int
starttls_imap(struct stream *s, const struct target *t, struct error *err)
{
	struct abilities a = { 0 };
	int rc = agree(s, &a, err);

	(void)t;
	free(a.words);
	return rc;
}
