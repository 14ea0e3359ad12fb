/* profile.c - what a vendor's service asks beyond the common rules */
#include <string.h>

#include "model/profile.h"

static const struct profile profiles[] = {
	{
		/* Webhooks of Tencent's IM, on a server of one's own. */
		.name = "tencent-im",
		.title = "Tencent IM webhooks with mutual authentication",
		.pem_only = true,
		.plain_names = true,
	},
	{
		/* Both certificates are pasted into a form. */
		.name = "huawei-elb",
		.title = "Huawei ELB with mutual authentication",
		.pem_only = true,
	},
	{
		/* RSA, ECC or SM2, in a layout and an order of its own. */
		.name = "edgeone",
		.title = "Tencent EdgeOne with mutual authentication",
		.pem_only = true,
		.layout = true,
		.one_client_ca = true,
		.one_family = true,
		.algorithms = { "RSA", "EC", "SM2" },
		.severities = {
			{ "chain.order", SEV_CRITICAL },
			{ "file.layout", SEV_WARNING },
		},
	},
	{
		/* No renewal: a new order, of five to seven business days. */
		.name = "entrust",
		.title = "certificates that are ordered from Entrust",
		.order_lead = 7,
	},
};

const struct profile *
profile_at(size_t i)
{
	return i < sizeof(profiles) / sizeof(profiles[0]) ? &profiles[i] : NULL;
}

const struct profile *
profile_find(const char *name)
{
	const struct profile *p;

	for (size_t i = 0; (p = profile_at(i)) != NULL; i++) {
		if (strcmp(p->name, name) == 0)
			return p;
	}
	return NULL;
}
