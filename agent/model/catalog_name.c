/* catalog_name.c - findings of a certificate's form and names */
#include "model/catalog.h"

const struct finding_kind catalog_name[] = {
	{
		.id = "certificate.malformed",
		.severity = SEV_WARNING,
		.title = "the certificate breaks the rules of its own form",
		.meaning =
			"The dates, the public key or an extension cannot be "
			"decoded, so it cannot be judged; or the certificate "
			"breaks a rule of RFC 5280, whose section the message "
			"names: its version, serial number, names, dates, "
			"signature algorithm or extensions. Critical is what "
			"OpenSSL or browsers refuse; of the rest, stricter "
			"software may refuse it. That a leaf is of version 1, and "
			"nothing else, is a note: rustls refuses it.",
		.remedy = "Have the certificate issued again.",
	},
	{
		.id = "name.mismatch",
		.severity = SEV_CRITICAL,
		.title = "the certificate is for another name",
		.meaning = "None of the certificate's subject alternative "
			   "names covers the name that clients ask for. A "
			   "wildcard covers exactly one label and never the "
			   "bare domain; an address needs an address entry; "
			   "the common name does not count.",
		.remedy = "See whether the right certificate is served for "
			  "this name (virtual host, SNI). If so, have it "
			  "reissued with the name.",
	},
	{
		.id = "name.missing",
		.severity = SEV_CRITICAL,
		.title = "a configured name is not covered",
		.meaning = "A name that the configuration lists under "
			   "`names`, or --name gave, is not covered by the "
			   "certificate.",
		.remedy = "Have the certificate reissued with the name, or "
			  "take the name off the list.",
	},
	{
		.id = "name.www",
		.severity = SEV_WARNING,
		.title = "the bare domain is covered, www is not",
		.meaning =
			"The certificate covers a registrable domain but not the "
			"same with www in front. Visitors type both, and many CAs "
			"add www to the first domain of an order only. Each "
			"domain of the certificate is told of, unless it is a "
			"platform's: five or more registrable domains, and the "
			"main one (see name.coverage) covered whole, itself and by its "
			"wildcard. Whoever orders that has left out of the others "
			"what he wanted to.",
		.remedy = "Add the www name at the next renewal, or switch "
			  "this finding off if the name is not in use.",
	},
	{
		.id = "name.apex",
		.severity = SEV_WARNING,
		.title = "www or the wildcard is covered, the bare domain is "
			 "not",
		.meaning =
			"The certificate covers www or a wildcard of a "
			"registrable domain but not the domain itself. A wildcard "
			"does not cover it, which is easily forgotten: a warning. "
			"Where www alone is covered it is only a note, since the "
			"bare domain is often served elsewhere. Of a platform's "
			"certificate (see name.www) only the main domain is told "
			"of.",
		.remedy = "Add the bare domain at the next renewal, or switch "
			  "this finding off if the name is not in use.",
	},
	{
		.id = "name.coverage",
		.severity = SEV_OK,
		.title = "what of its domain the certificate covers",
		.meaning =
			"The main domain of the certificate, and which of it is "
			"covered: itself, www, its wildcard, other names below. "
			"It is told where the domain or the wildcard is missing "
			"and neither name.www nor name.apex tells of it, so that "
			"the gaps are known before somebody adds a host. The main "
			"domain is the registrable one, by the public suffix list "
			"with its private section, of the endpoint's host; of a "
			"file the common name's, or that of the first name where "
			"the certificate covers that domain itself and of the "
			"common name's no more than hosts.",
		.remedy =
			"Nothing has to be done. If hosts are in use that are not "
			"listed, add them or a wildcard at the next renewal.",
	},
	{
		.id = "name.no-san",
		.severity = SEV_WARNING,
		.title = "the certificate has no subject alternative name",
		.meaning = "There is neither a DNS name nor an address in the "
			   "subjectAltName extension. Today's clients ignore "
			   "the common name and match nothing.",
		.remedy = "Have the certificate reissued with its names as "
			  "subject alternative names. A client's needs none: "
			  "if it is one, name its role.",
	},
	{
		.id = "name.public-suffix",
		.severity = SEV_WARNING,
		.title = "a wildcard covers a whole public suffix",
		.meaning =
			"A wildcard stands right below a public suffix, such as "
			"*.co.uk, and so for the domains of everybody under it. "
			"Browsers refuse to match it, and no CA may issue it. "
			"Below a suffix of the list's private part, such as a "
			"hosting service's domain, it is only a note, since its "
			"owner may have one.",
		.remedy =
			"Have the certificate reissued with the names that are "
			"one's own, and find out how it came about.",
	},
	{
		.id = "name.common-name",
		.severity = SEV_OK,
		.title = "the common name is no subject alternative name",
		.meaning =
			"The common name looks like a host's but is not, letter "
			"for letter, among the subject alternative names, which "
			"are all that today's clients look at (Baseline "
			"Requirements, 7.1.4.3).",
		.remedy = "If the host goes by that name, have the certificate "
			  "reissued with it as a subject alternative name.",
	},
	{
		.id = "name.internal",
		.severity = SEV_OK,
		.title = "names of one network only",
		.meaning =
			"Among the names are some of one label, below a "
			"top-level domain that is set aside for inside use such as "
			".local, .internal, .home.arpa, .test or .corp (RFC 6761, "
			"6762, 8375), or addresses that are not routed. A private "
			"CA issues for them rightly. A public CA may not (Baseline "
			"Requirements, 4.2.2), and revokes such a certificate.",
		.remedy =
			"Nothing has to be done where the CA is a private one. If "
			"it is public, order without them and get a certificate "
			"for the inside from a CA of one's own.",
	},
	{
		.id = "name.invalid",
		.severity = SEV_WARNING,
		.title = "a name breaks the rules for names",
		.meaning =
			"A name that the configuration lists, or the endpoint's "
			"host, breaks the naming rules of the target's profile: "
			"letters, digits and hyphens alone, no label that begins "
			"or ends with a hyphen, no two hyphens in a row (which "
			"internationalised names have by nature), 63 characters "
			"in all. Or a name in the certificate covers nothing, "
			"since its wildcard is not the whole first label with two "
			"labels behind it (RFC 9525, 6.3).",
		.remedy =
			"Choose a name that the service accepts, or correct it. "
			"One in the certificate is mended by a new certificate "
			"with the name that was meant.",
	},
	{ .id = NULL },
};
