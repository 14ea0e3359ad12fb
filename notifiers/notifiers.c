/* notifiers.c - the table of the ways of telling */
#include <stddef.h>

#include "notifiers/notifier.h"

extern const struct notifier notifier_email, notifier_webhook;

const struct notifier *const notifier_table[] = {
	&notifier_email,
	&notifier_webhook,
	NULL,
};

const struct section *
notifier_section(size_t i)
{
	for (size_t n = 0; notifier_table[n] != NULL; n++) {
		if (n == i)
			return &notifier_table[n]->section;
	}
	return NULL;
}

const struct notifier *
notifier_of(const struct section *kind)
{
	for (size_t n = 0; notifier_table[n] != NULL; n++) {
		if (&notifier_table[n]->section == kind)
			return notifier_table[n];
	}
	return NULL;
}
