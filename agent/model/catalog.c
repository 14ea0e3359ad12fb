/* catalog.c - every finding there is: what it means and what to do */
#include <string.h>

#include "model/catalog.h"

/*
 * `certvigil explain` and certvigil-findings(7) are made from these rows. An
 * id is for ever: incidents, silences and configurations are keyed by it.
 */
static const struct finding_kind *const areas[] = {
	catalog_expiry,
	catalog_chain,
	catalog_name,
	catalog_key,
	catalog_file,
	catalog_endpoint,
	catalog_client,
};

#define AREAS (sizeof(areas) / sizeof(areas[0]))

const struct finding_kind *
finding_kind_at(size_t i)
{
	for (size_t a = 0; a < AREAS; a++) {
		for (const struct finding_kind *k = areas[a]; k->id != NULL;
			k++) {
			if (i-- == 0)
				return k;
		}
	}
	return NULL;
}

const struct finding_kind *
finding_kind(const char *id)
{
	for (size_t a = 0; a < AREAS; a++) {
		for (const struct finding_kind *k = areas[a]; k->id != NULL;
			k++) {
			if (strcmp(k->id, id) == 0)
				return k;
		}
	}
	return NULL;
}

size_t
finding_kind_place(const struct finding_kind *kind)
{
	size_t place = 0;

	for (size_t a = 0; a < AREAS; a++) {
		for (const struct finding_kind *k = areas[a]; k->id != NULL;
			k++, place++) {
			if (k == kind)
				return place;
		}
	}
	return place;
}
