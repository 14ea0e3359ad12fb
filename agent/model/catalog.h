/* catalog.h - the parts of the catalogue of findings, one an area */
#ifndef MODEL_CATALOG_H
#define MODEL_CATALOG_H

#include "model/finding.h"

/* Each ends with an id of NULL. */
extern const struct finding_kind catalog_expiry[];
extern const struct finding_kind catalog_chain[];
extern const struct finding_kind catalog_name[];
extern const struct finding_kind catalog_key[];
extern const struct finding_kind catalog_file[];
extern const struct finding_kind catalog_endpoint[];
extern const struct finding_kind catalog_client[];

#endif
