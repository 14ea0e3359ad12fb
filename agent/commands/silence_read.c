/* silence_read.c - a silence as it was asked for, within its bounds */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/options.h"
#include "commands/silence.h"

#define MIN_SPAN_S MINUTE_S
#define MAX_SPAN_S (10 * 365 * DAY_S)
#define SPAN_RANGE "1m to 10y"
#define MAX_TEXT 256 /* characters of a target, a reason, a name */

/* --for, --until and --from, as of `now`. */
static int
read_span(const struct silence_ask *ask, time_t now, struct silence *s)
{
	const struct command *c = &command_silence;
	int rc = STATUS_OK;
	int64_t span;

	s->from = now;
	if ((ask->for_span == NULL) == (ask->until == NULL))
		return command_usage(
			c, "want an end: either --for, such as 7d, or --until");
	if (ask->from != NULL)
		rc = option_time(c, "--from", ask->from, now, &s->from);
	if (rc != STATUS_OK)
		return rc;
	/* Nobody is told what would have been told already. */
	if (s->from < now)
		s->from = now;
	if (s->from - now > MAX_SPAN_S)
		return command_usage(c, "--from: want a time within 10 years");
	if (ask->for_span != NULL) {
		rc = option_span(c, "--for", ask->for_span, MIN_SPAN_S,
			MAX_SPAN_S, SPAN_RANGE, &span);
		if (rc == STATUS_OK)
			s->until = s->from + span;
		return rc;
	}
	rc = option_time(c, "--until", ask->until, now, &s->until);
	if (rc == STATUS_OK &&
		(s->until < s->from + MIN_SPAN_S ||
			s->until - s->from > MAX_SPAN_S))
		return command_usage(c,
			"--until: want an end 1 minute to 10 years after the "
			"beginning, have \"%s\"",
			ask->until);
	return rc;
}

/* One line of some length that says something. */
static int
check_text(const char *what, const char *text)
{
	bool says = false;

	for (const char *p = text; *p != '\0'; p++) {
		if (iscntrl((unsigned char)*p))
			return command_usage(&command_silence,
				"%s: want one line without control characters",
				what);
		says = says || *p != ' ';
	}
	if (!says || strlen(text) > MAX_TEXT)
		return command_usage(&command_silence,
			"%s: want 1 to %d characters, have %zu", what, MAX_TEXT,
			says ? strlen(text) : 0);
	return STATUS_OK;
}

int
silence_read(const struct silence_ask *ask, time_t now, struct silence *s)
{
	int rc;

	if (ask->n_words < 1 || ask->n_words > 2)
		return command_usage(&command_silence,
			"want a TARGET and at most one FINDING, have %d words",
			ask->n_words);
	if (ask->reason == NULL)
		return command_usage(
			&command_silence, "want --reason: why is it silenced?");
	s->target = ask->words[0];
	s->finding = ask->n_words == 2 ? ask->words[1] : "*";
	s->reason = ask->reason;
	rc = check_text("TARGET", s->target);
	if (rc == STATUS_OK)
		rc = check_text("FINDING", s->finding);
	if (rc == STATUS_OK)
		rc = check_text("--reason", s->reason);
	return rc == STATUS_OK ? read_span(ask, now, s) : rc;
}
