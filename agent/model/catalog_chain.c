/* catalog_chain.c - findings of issuers and their order */
#include "model/catalog.h"

const struct finding_kind catalog_chain[] = {
	{
		.id = "chain.incomplete",
		.severity = SEV_CRITICAL,
		.title = "an intermediate certificate is missing",
		.meaning =
			"The certificates presented do not lead from the leaf to "
			"a trust anchor. Some browsers fetch or remember what is "
			"missing; curl, Java, Python and most other clients fail. "
			"What the trust store or another file holds does not hide "
			"the gap. A file of client CAs must hold each chain up to "
			"its self-signed root, or servers refuse the clients.",
		.remedy = "Append the missing issuer's certificate to the "
			  "file from which the chain is sent, after the leaf, "
			  "and reload the service; `certvigil chain` makes "
			  "the complete file. If it is a root of your own, "
			  "nothing is missing there: name it as trust.",
	},
	{
		.id = "chain.order",
		.severity = SEV_WARNING,
		.title = "the certificates are in the wrong order",
		.meaning =
			"All that is needed is there, but a certificate is not "
			"directly followed by its issuer (RFC 5246, 7.4.2). "
			"Strict clients refuse such a chain, and services that "
			"read CA files in order do so as well.",
		.remedy = "Write the file anew: the leaf, then each issuer "
			  "after what it has signed, as `certvigil chain` "
			  "does.",
	},
	{
		.id = "chain.surplus",
		.severity = SEV_OK,
		.title = "a certificate that the chain does not need",
		.meaning = "A certificate is presented that is not on the "
			   "path from the leaf to the trust anchor, such as "
			   "an old cross-certificate. It costs bytes in each "
			   "handshake; an expired one confuses old clients.",
		.remedy = "Remove it, unless old clients need the other path "
			  "that it opens.",
	},
	{
		.id = "chain.duplicate",
		.severity = SEV_OK,
		.title = "a certificate is presented twice",
		.meaning = "The same certificate, byte for byte, comes more "
			   "than once.",
		.remedy = "Keep the first and remove the others.",
	},
	{
		.id = "chain.root-sent",
		.severity = SEV_OK,
		.title = "the root certificate is sent along",
		.meaning = "The chain includes its self-signed root. Clients "
			   "trust their own copy only, so it is harmless but "
			   "costs bytes in each handshake.",
		.remedy = "Leave the root out of what the server sends.",
	},
	{
		.id = "chain.untrusted",
		.severity = SEV_CRITICAL,
		.title = "the chain ends at a CA that is not trusted",
		.meaning = "The chain leads to a CA that is not among the "
			   "trust anchors, and no other path leads to one "
			   "that is.",
		.remedy = "For a private CA, name its root as the trust "
			  "bundle of this target. For a public one, get a "
			  "certificate from a CA that the clients trust.",
	},
	{
		.id = "chain.distrusted",
		.severity = SEV_CRITICAL,
		.title = "browsers refuse what this CA issued so late",
		.meaning =
			"The path leads to a root that a root program distrusts "
			"or has retired from a date on: Chrome by the first SCT "
			"in the certificate (without any, by notBefore), Mozilla "
			"and Apple by notBefore. The certificate is of a later "
			"date, so their users see an error page, although the "
			"store of this machine, which knows no such dates, trusts "
			"it. It is critical where Chrome or Mozilla refuses it "
			"now. It is a warning where only Apple does, where only "
			"Chrome does and the service is not on the web, such as "
			"one of mail, or where the date is still to come. "
			"Certificates of before the date are fine. "
			"Only servers' certificates are judged; the roots and "
			"dates are part of this version of the program.",
		.remedy =
			"Get a certificate from another CA, or from a newer root "
			"of the same one that the browsers trust. If no browser "
			"ever comes here, switch this finding off for the target.",
	},
	{
		.id = "chain.self-signed",
		.severity = SEV_CRITICAL,
		.title = "the certificate is self-signed",
		.meaning = "The certificate is signed by its own key and is "
			   "not a trust anchor itself, so nobody vouches for "
			   "it. Often it is a server's default certificate.",
		.remedy = "See whether the service serves the certificate it "
			  "should, and install one from a CA. If it is meant "
			  "to be so, name it as the trust bundle; if the "
			  "file is there to be trusted, name its role.",
	},
	{
		.id = "chain.invalid",
		.severity = SEV_CRITICAL,
		.title = "a certificate breaks the rules of the path",
		.meaning =
			"The path to the trust anchor exists, but a certificate "
			"on it may not be used so: its path length, key usage, "
			"name constraints or a critical extension forbid it, an "
			"issuer may not sign for this purpose, or a CA "
			"certificate is none (RFC 5280, 6.1). Of name constraints "
			"the message says which name lies on the wrong side of "
			"which CA's; a wildcard or an IPv4-mapped address that can "
			"stand for an excluded name does (4.2.1.10). What the leaf "
			"itself may be used for is told as key.purpose.",
		.remedy = "Have the CA reissue the certificate named. A "
			  "mistake in a CA certificate needs a new CA "
			  "certificate.",
	},
	{
		.id = "chain.signature",
		.severity = SEV_CRITICAL,
		.title = "the issuer's key did not sign the certificate",
		.meaning =
			"A certificate with the issuer's name is there, in the "
			"chain or in the file of CAs, but the signature does not "
			"verify with its key. Usually the CA has been renewed "
			"with a new key and the old file is still in use, or a "
			"line of the file was changed.",
		.remedy = "Replace the issuer's certificate by the one whose "
			  "key signed, and compare the fingerprints with the "
			  "CA's.",
	},
	{
		.id = "chain.not-ca",
		.severity = SEV_CRITICAL,
		.title =
			"a certificate that is no CA stands where a CA belongs",
		.meaning =
			"The file is one of CA certificates, and one of them is "
			"not a CA: its basicConstraints say so, it has none, or "
			"its key usage does not include signing certificates. "
			"Whatever it was meant to vouch for is refused.",
		.remedy =
			"Take it out of the file, and put in the certificate of "
			"the CA that signed it. A list of clients' own "
			"certificates has the role client, and is its own "
			"trust bundle.",
	},
	{
		.id = "chain.no-constraints",
		.severity = SEV_WARNING,
		.title = "a CA certificate does not say that it is one",
		.meaning =
			"A CA certificate is of version 1 or has no "
			"basicConstraints. Servers that are lenient take a "
			"self-signed one for a CA; strict software refuses it, "
			"and anything that it ever signed could act as a CA.",
		.remedy =
			"Have the CA certificate made anew with version 3 and "
			"basicConstraints CA:TRUE (RFC 5280, 4.2.1.9).",
	},
	{
		.id = "chain.same-name",
		.severity = SEV_WARNING,
		.title = "two different CAs have one name",
		.meaning =
			"The file holds two CA certificates of one subject with "
			"different keys. Software that looks for an issuer by its "
			"name, without key identifiers to tell them apart, takes "
			"the first and refuses what the other has signed.",
		.remedy =
			"Give each CA a name of its own. During a change of keys "
			"keep both, and see that both carry key identifiers.",
	},
	{
		.id = "chain.several-roots",
		.severity = SEV_WARNING,
		.title =
			"the file holds CAs of several roots where one is wanted",
		.meaning =
			"The service of this profile takes one client CA for a "
			"domain, and the file holds the chains of several.",
		.remedy =
			"Keep the chain of the one CA that signs the clients' "
			"certificates.",
	},
	{ .id = NULL },
};
