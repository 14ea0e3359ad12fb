/* profile.h - what a vendor's service asks beyond the common rules */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/finding.h"

/* A finding's severity where the profile holds. */
struct profile_severity {
	const char *id; /* NULL ends the list */
	enum severity severity;
};

#define PROFILE_MAX_SEVERITIES 8
#define PROFILE_MAX_ALGORITHMS 4

/* A new vendor is a new row of the table in profile.c, and nothing else. */
struct profile {
	const char *name; /* as the configuration writes it */
	const char *title; /* whose service, for manuals */
	bool pem_only; /* other formats are refused */
	bool layout; /* file.layout is told */
	bool plain_names; /* letters, digits, '-'; no "--"; 63 in all */
	bool one_client_ca; /* several roots in a CA file are told */
	bool one_family; /* SM2 is not mixed with others */
	/* Keys that are taken, as EVP_PKEY_get0_type_name() has them. */
	const char *algorithms[PROFILE_MAX_ALGORITHMS + 1]; /* none: any */
	int64_t order_lead; /* business days to get a certificate; 0: none */
	struct profile_severity severities[PROFILE_MAX_SEVERITIES + 1];
};

/* The i-th, or NULL past the last. */
const struct profile *profile_at(size_t i);
const struct profile *profile_find(const char *name); /* or NULL */

#endif
