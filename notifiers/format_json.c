/* format_json.c - webhook body: the digest itself, as Standard Webhooks asks */
#include <jansson.h>

#include "model/duration.h"
#include "notifiers/format.h"
#include "notifiers/pager.h"

static int
json_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	char time[MOMENT_SIZE];

	(void)a;
	(void)now;
	(void)err;
	(void)posts_add(out,
		format_dump(
			json_pack("{s:s, s:s, s:o}", "type", "certvigil.digest",
				"timestamp", moment_format(d->time, time),
				"data", digest_to_json(d))));
	return 0;
}

const struct format format_json = {
	.content_type = "application/json",
	.takes = ACCOUNT_SECRET | ACCOUNT_TOKEN,
	.standard = true,
	.make = json_make,
	.check = pager_check_token,
};
