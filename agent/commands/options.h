/* options.h - values of options that several commands take */
#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include <stdbool.h>
#include <time.h>

#include "commands/command.h"
#include "model/target.h"
#include "report/report.h"

/*
 * Each reads `text` and returns STATUS_OK, or what command_usage() returns
 * after telling what was wanted.
 */
int option_moment(const struct command *c, const char *text, time_t *now);
/* Of another name than --at; +30d counts from `now`. */
int option_time(const struct command *c, const char *option, const char *text,
	time_t now, time_t *out);
/* Seconds; a unit is wanted. `range` is what is told: "1m to 10y". */
int option_span(const struct command *c, const char *option, const char *text,
	int64_t min, int64_t max, const char *range, int64_t *out);
/* json, or text for a person. */
int option_json(const struct command *c, const char *text, bool *json);
int option_report(
	const struct command *c, const char *text, const struct report **out);
int option_hostname(const struct command *c, const char *option,
	const char *text, struct arena *a, bool wildcard, const char **out);
int option_address(const struct command *c, const char *option,
	const char *text, const char **out);
int option_add_name(const struct command *c, const char *text, struct arena *a,
	struct words *names);
/* Also OpenSSL's words for it, sslserver and sslclient. */
int option_role(const struct command *c, const char *text, int64_t *role);
int option_profile(
	const struct command *c, const char *text, const struct profile **out);
int option_order_lead(const struct command *c, const char *text, int64_t *lead);
int option_add_holiday(const struct command *c, const char *text,
	struct arena *a, struct days *holidays);
/* What getopt_long() returned ':' or '?' for; set opterr = 0 before it. */
int option_wrong(const struct command *c, int opt, char **argv);
/* The catalogue's row of `id`. */
int option_finding_kind(const struct command *c, const char *id,
	const struct finding_kind **out);
/* ID=off|ok|warning|critical */
int option_finding(const struct command *c, const char *text, struct arena *a,
	struct overrides *out);

#endif
