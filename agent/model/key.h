/* key.h - one setting: a row of the key table that reader and manual walk */
#ifndef MODEL_KEY_H
#define MODEL_KEY_H

#include <stddef.h>
#include <stdint.h>

/* What a key's value is, and the C type it fills at `offset`. */
enum key_type {
	KEY_STRING, /* const char * */
	KEY_PATH, /* const char *; relative to the configuration's folder, or
		     one of `choices` as it stands */
	KEY_KEYPATH, /* const char *: a path that may hold {stem} and {dir} */
	KEY_HOSTNAME, /* const char *, an A-label or an address */
	KEY_BOOL, /* bool */
	KEY_UINT, /* int64_t, min to max */
	KEY_DURATION, /* int64_t seconds, min to max */
	KEY_DURATION_MS, /* int64_t milliseconds, min to max (in ms) */
	KEY_THRESHOLD, /* struct threshold */
	KEY_TEXTFILE, /* const char *: a path that ends in ".prom" */
	KEY_CHOICE, /* int64_t: the value of one of `choices` */
	KEY_CHOICES, /* int64_t: the bits of all that are listed */
	KEY_WORDS, /* struct words; one string stands for a list of one */
	KEY_HOSTNAMES, /* struct words of hostname_canonical() */
	KEY_DURATIONS, /* struct durations */
	KEY_BUSINESS_DAYS, /* int64_t, min to max; "7bd" */
	KEY_DATES, /* struct days */
	KEY_MOMENT, /* time_t; 0: unset */
	KEY_PROFILE, /* const struct profile * */
	KEY_PROXY, /* const struct proxy *; "none" is NULL */
	KEY_FINDINGS, /* struct overrides: a map of id to severity or off */
	KEY_SECRET, /* const char *; `x: text` or `x_file: path` */
	KEY_ENDPOINT, /* struct target: what target_parse_endpoint() fills */
	KEY_SECTION, /* a map: the keys of `section`, at `offset` */
	KEY_INHERIT, /* no key of its own: section's keys stand here too */
	KEY_LIST, /* a list of maps: { T *v; size_t n; }, T as section says */
	KEY_NOTIFIERS, /* a map of name to notifier: struct notifier_list */
	KEY_INCLUDE, /* patterns of files to read as well; fills nothing */
};

struct choice {
	const char *name; /* NULL ends the list */
	int64_t value;
};

enum key_flag {
	KEY_REQUIRED = 1,
	KEY_PRIVATE = 2, /* may hold a token: shown without its path */
	KEY_ENDPOINT_ONLY = 4, /* of a target: an error beside `file` */
	KEY_FILE_ONLY = 8, /* of a target: an error beside `endpoint` */
};

struct section;

struct key {
	const char *name; /* NULL ends the table */
	enum key_type type;
	size_t offset;
	const char *def; /* as one would write it; NULL: unset */
	int64_t min, max; /* of text: characters; max 0: no maximum */
	const struct choice *choices;
	const struct section *section;
	unsigned flags; /* enum key_flag */
	const char *help; /* one line, no full stop */
};

struct section {
	const char *name; /* "target", "email" */
	const struct key *keys;
	size_t size; /* of the struct that the keys fill */
	const char *help;
};

/* The section of the i-th kind of notifier, or NULL past the last. */
typedef const struct section *(*notifier_section_at)(size_t i);

/* A notifier as configured. */
struct notifier_config {
	const char *name; /* what routes call it */
	const struct section *kind; /* whose `settings` are */
	void *settings;
};

struct notifier_list {
	struct notifier_config *v;
	size_t n;
};

#endif
