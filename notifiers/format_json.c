/* format_json.c - webhook body: the digest itself, as Standard Webhooks asks */
#include <jansson.h>

#include "model/duration.h"
#include "notifiers/format.h"

static char *
json_body(const struct digest *d)
{
	char time[MOMENT_SIZE];
	json_t *j = json_pack("{s:s, s:s, s:o}", "type", "certvigil.digest",
		"timestamp", moment_format(d->time, time), "data",
		digest_to_json(d));
	char *body = j != NULL ? json_dumps(j, JSON_COMPACT) : NULL;

	json_decref(j);
	if (body == NULL)
		mem_exhausted();
	return body;
}

const struct format format_json = {
	.content_type = "application/json",
	.body = json_body,
};
