/* options.h - values of options that several commands take */
#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "commands/command.h"
#include "config/config.h"
#include "model/target.h"
#include "report/report.h"

/* Rows of a table of options, for an ask that has the member. */
#define OPTION_CONFIG(ask)                                                     \
	{                                                                      \
		.name = "config", .letter = 'c',                               \
		.value = { .word = "FILE", .completes = COMPLETES_FILE },      \
		.help = "the configuration (" CONFIG_DEFAULT_PATH ")",         \
		.to = offsetof(ask, config),                                   \
	}
#define OPTION_FORM(setter)                                                    \
	{                                                                      \
		.name = "output", .letter = 'o',                               \
		.value = { .word = "FORMAT",                                   \
			.completes = COMPLETES_WORD,                           \
			.words = option_forms },                               \
		.help = "text (default) or json", .set = (setter),             \
	}
#define OPTION_STATE(ask, says)                                                \
	{                                                                      \
		.name = "state",                                               \
		.value = { .word = "FILE", .completes = COMPLETES_FILE },      \
		.help = (says), .to = offsetof(ask, state),                    \
	}

/* What a value may be, for the rows: words, and lists of them. */
extern const char *const option_forms[]; /* text, json */
extern const char *const option_weights[]; /* what --finding ID= may be */
const char *option_report_at(size_t i);
const char *option_role_at(size_t i);
const char *option_profile_at(size_t i);
const char *option_finding_at(size_t i);

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
int option_report(const struct command *c, const char *option, const char *text,
	const struct report **out);
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
/* The catalogue's row of `id`. */
int option_finding_kind(const struct command *c, const char *id,
	const struct finding_kind **out);
/* ID=off|ok|warning|critical */
int option_finding(const struct command *c, const char *text, struct arena *a,
	struct overrides *out);

#endif
