/* values.h - the rows of the table of values, and what they share */
#ifndef CONFIG_VALUES_H
#define CONFIG_VALUES_H

#include "config/value.h"

/* value_text.c */
extern const struct value_type value_string;
extern const struct value_type value_secret;
extern const struct value_type value_place;
extern const struct value_type value_keypath;
extern const struct value_type value_hostname;
extern const struct value_type value_words;
extern const struct value_type value_hostnames;
extern const struct value_type value_endpoint;

/* value_proxy.c */
extern const struct value_type value_proxy;

/* value_metrics.c */
extern const struct value_type value_textfile;
extern const struct value_type value_choices;

/* value_number.c */
extern const struct value_type value_bool;
extern const struct value_type value_uint;
extern const struct value_type value_duration;
extern const struct value_type value_durations;
extern const struct value_type value_threshold;
extern const struct value_type value_choice;
extern const struct value_type value_profile;
/* "100ms to 1h" */
void value_describe_span(struct buf *out, const struct key *key);
/* "a, b or c" */
void value_describe_choices(struct buf *out, const struct choice *c);
void value_describe_profiles(struct buf *out);

/* value_day.c */
extern const struct value_type value_business_days;
extern const struct value_type value_dates;
extern const struct value_type value_moment;

/*
 * Append "want ..., have ..." to `why`; what is there only where it cannot be
 * a secret. Returns -1.
 */
int value_refuse(struct buf *why, const struct key *key, const char *have,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
