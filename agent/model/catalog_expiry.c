/* catalog_expiry.c - findings of dates */
#include "model/catalog.h"

const struct finding_kind catalog_expiry[] = {
	{
		.id = "expiry.expired",
		.severity = SEV_CRITICAL,
		.title = "the certificate has expired",
		.meaning =
			"The moment is past the notAfter of the certificate, or "
			"of an issuer on its path. The "
			"second of notAfter itself is still valid. An expired "
			"root among many of a CA store, such as the "
			"distribution's, is a note: clients pass over it. So is "
			"a CA's certificate in a file of CAs that holds another "
			"one of the same name and key with time left.",
		.remedy = "Renew the certificate now, install it, and reload "
			  "the service. Then find out why the renewal did not "
			  "happen by itself.",
	},
	{
		.id = "expiry.soon",
		.severity = SEV_WARNING,
		.title = "the certificate will expire soon",
		.meaning = "Less time is left than the warning threshold, or "
			   "than the critical one, which makes it critical. "
			   "A threshold is a span, a share of the "
			   "certificate's lifetime, or the smaller of both. A "
			   "CA's certificate in a file of CAs is a note if its "
			   "renewal, of the same name and key, is there.",
		.remedy = "Renew the certificate before the date named and "
			  "reload the service. Where renewal is automatic it "
			  "should have happened by now: read its log.",
	},
	{
		.id = "expiry.not-yet-valid",
		.severity = SEV_CRITICAL,
		.title = "the certificate is not valid yet",
		.meaning = "The moment is before the certificate's notBefore, "
			   "so clients refuse it.",
		.remedy = "Compare the clock of this machine with the date "
			  "named. If it is right, put the former certificate "
			  "back until then.",
	},
	{
		.id = "expiry.issuer",
		.severity = SEV_WARNING,
		.title = "an issuer on the path expires before the leaf, or "
			 "soon",
		.meaning = "A CA certificate of the chosen path ends before "
			   "the certificate that it vouches for, or has less "
			   "time left than the thresholds allow. When it ends, "
			   "so does trust in the leaf. It is critical under "
			   "the critical threshold; once expired it is "
			   "expiry.expired.",
		.remedy = "Ask the CA for its current intermediate and put it "
			  "in the old one's place, or get a new certificate "
			  "from the CA's current issuer.",
	},
	{
		.id = "expiry.order-by",
		.severity = SEV_WARNING,
		.title = "a new certificate must be ordered by a certain day",
		.meaning =
			"The certificate is one that is ordered, and `order_lead` "
			"tells how many business days the CA takes. Counted back "
			"from the day it ends, weekends and holidays left out, "
			"that is the last day to order: a warning from seven days "
			"before it, critical once it is past.",
		.remedy =
			"Order the new certificate now. Once the last day has "
			"gone by, ask the CA to hurry, or have another CA bridge "
			"the gap.",
	},
	{
		.id = "expiry.too-long",
		.severity = SEV_WARNING,
		.title =
			"the certificate is valid for longer than clients allow",
		.meaning =
			"A server's certificate lives longer than the CA/Browser "
			"Forum's limit of the day on which it was issued: 825 "
			"days from March 2018, 398 from September 2020, 200 from "
			"2026-03-15, 100 from 2027-03-15 and 47 from 2029-03-15, "
			"the first and the last second counted. Browsers refuse "
			"it. Where a trust bundle is named, it is a note up to "
			"Apple's 825 days, which hold for every CA.",
		.remedy =
			"Have it issued for a shorter time. If a CA of your own "
			"issued it, name that as the trust bundle: then it is a "
			"warning only beyond Apple's 825 days.",
	},
	{ .id = NULL },
};
