/* catalog.c - every finding there is: what it means and what to do */
#include "model/finding.h"

/*
 * `certvigil explain` and certvigil-findings(7) are made from these rows. An
 * id is for ever: incidents, silences and configurations are keyed by it.
 */
const struct finding_kind finding_kinds[] = {
	{
		.id = "expiry.expired",
		.severity = SEV_CRITICAL,
		.title = "the certificate has expired",
		.meaning = "The moment is past the certificate's notAfter. "
			   "The second of notAfter itself is still valid.",
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
			   "certificate's lifetime, or the smaller of both.",
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
		.meaning = "A CA certificate of the chosen path has expired, "
			   "ends before the certificate that it vouches for, "
			   "or has less time left than the thresholds allow. "
			   "When it ends, so does trust in the leaf. It is "
			   "critical once expired or under the critical "
			   "threshold.",
		.remedy = "Ask the CA for its current intermediate and put it "
			  "in the old one's place, or get a new certificate "
			  "from the CA's current issuer.",
	},
	{
		.id = "chain.incomplete",
		.severity = SEV_CRITICAL,
		.title = "an intermediate certificate is missing",
		.meaning = "The certificates presented do not lead from the "
			   "leaf to a trust anchor. Some browsers fetch or "
			   "remember what is missing; curl, Java, Python and "
			   "most other clients fail. What the trust store or "
			   "another file holds does not hide the gap.",
		.remedy = "Append the missing issuer's certificate to the "
			  "file that the server sends, after the leaf, and "
			  "reload the service. If it is a root of your own, "
			  "nothing is missing there: name it as trust.",
	},
	{
		.id = "chain.order",
		.severity = SEV_WARNING,
		.title = "the certificates are in the wrong order",
		.meaning = "All that is needed is there, but a certificate is "
			   "not directly followed by its issuer (RFC 5246, "
			   "7.4.2). Strict clients refuse such a chain.",
		.remedy = "Write the file anew: the leaf, then each issuer "
			  "after what it has signed.",
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
		.id = "chain.self-signed",
		.severity = SEV_CRITICAL,
		.title = "the certificate is self-signed",
		.meaning = "The certificate is signed by its own key and is "
			   "not a trust anchor itself, so nobody vouches for "
			   "it. Often it is a server's default certificate.",
		.remedy = "See whether the service serves the certificate it "
			  "should, and install one from a CA. If it is meant "
			  "to be so, name it as the trust bundle.",
	},
	{
		.id = "chain.invalid",
		.severity = SEV_CRITICAL,
		.title = "a certificate breaks the rules of the path",
		.meaning = "The path to the trust anchor exists, but a "
			   "certificate on it may not be used so: its path "
			   "length, key usage, purpose, name constraints or a "
			   "critical extension forbid it, or a CA certificate "
			   "is none (RFC 5280, 6.1).",
		.remedy = "Have the CA reissue the certificate named. A "
			  "mistake in a CA certificate needs a new CA "
			  "certificate.",
	},
	{
		.id = "chain.signature",
		.severity = SEV_CRITICAL,
		.title = "the issuer's key did not sign the certificate",
		.meaning = "A certificate with the issuer's name is there, "
			   "but the signature does not verify with its key. "
			   "Usually the CA has been renewed with a new key "
			   "and the old file is still in use.",
		.remedy = "Replace the issuer's certificate by the one whose "
			  "key signed, and compare the fingerprints with the "
			  "CA's.",
	},
	{
		.id = "certificate.malformed",
		.severity = SEV_WARNING,
		.title = "a field of the certificate cannot be read",
		.meaning =
			"The dates, the public key or an extension cannot be "
			"decoded, so it cannot be judged. Clients may "
			"refuse such a certificate.",
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
		.meaning = "The certificate covers a registrable domain but "
			   "not the same with www in front. Visitors type "
			   "both.",
		.remedy = "Add the www name at the next renewal, or switch "
			  "this finding off if the name is not in use.",
	},
	{
		.id = "name.apex",
		.severity = SEV_WARNING,
		.title = "www or the wildcard is covered, the bare domain is "
			 "not",
		.meaning = "The certificate covers www or a wildcard of a "
			   "registrable domain but not the domain itself. A "
			   "wildcard does not cover it, which is easily "
			   "forgotten: a warning. Where www alone is covered "
			   "it is only a note, since the bare domain is often "
			   "served elsewhere.",
		.remedy = "Add the bare domain at the next renewal, or switch "
			  "this finding off if the name is not in use.",
	},
	{
		.id = "name.no-san",
		.severity = SEV_WARNING,
		.title = "the certificate has no subject alternative name",
		.meaning = "There is neither a DNS name nor an address in the "
			   "subjectAltName extension. Today's clients ignore "
			   "the common name and match nothing.",
		.remedy = "Have the certificate reissued with its names as "
			  "subject alternative names.",
	},
	{
		.id = "file.missing",
		.severity = SEV_CRITICAL,
		.title = "the file does not exist",
		.meaning = "Nothing is at the configured path, or the pattern "
			   "or folder holds no file.",
		.remedy = "Correct the path, or put the file back; a service "
			  "that reads it will not start again without it.",
	},
	{
		.id = "file.unreadable",
		.severity = SEV_CRITICAL,
		.title = "the file cannot be read",
		.meaning = "The system refused to open or read the file, it "
			   "is no ordinary file, or it is larger than the "
			   "bound.",
		.remedy = "Give the agent's user read access to the file and "
			  "search access to its folders.",
	},
	{
		.id = "file.empty",
		.severity = SEV_CRITICAL,
		.title = "the file is empty",
		.meaning = "The file is there and holds nothing, often after "
			   "a copy or a renewal that ran out of disk space.",
		.remedy = "Put the certificate back, from the CA or a backup, "
			  "and see whether the disk is full.",
	},
	{
		.id = "file.no-certificate",
		.severity = SEV_CRITICAL,
		.title = "the file holds no certificate",
		.meaning = "The file was read and has no certificate in it; "
			   "it may be a key, a request or something else.",
		.remedy = "Put the certificate in the file, or name the right "
			  "file.",
	},
	{
		.id = "file.format",
		.severity = SEV_CRITICAL,
		.title = "the file is in another format than PEM",
		.meaning = "The file looks like DER, PKCS#7, PKCS#12 or an "
			   "archive where PEM text is wanted.",
		.remedy = "Convert it, for instance with openssl x509, pkcs7 "
			  "or pkcs12, and install the PEM form.",
	},
	{
		.id = "file.damaged",
		.severity = SEV_CRITICAL,
		.title = "a certificate in the file is damaged",
		.meaning = "A block of the file begins like a certificate and "
			   "cannot be decoded: it is cut off, its base64 is "
			   "broken, or what is in it is no certificate. Other "
			   "certificates of the file are judged all the same.",
		.remedy = "Copy the certificate anew from its source, from "
			  "the BEGIN line to the END line.",
	},
	{
		.id = "endpoint.unreachable",
		.severity = SEV_CRITICAL,
		.network = true,
		.title = "the endpoint cannot be reached",
		.meaning = "The name has no address, there is no route, or "
			   "the connection was refused or broken off.",
		.remedy = "See whether the service runs and listens, and "
			  "whether name resolution and firewalls let this "
			  "machine through.",
	},
	{
		.id = "endpoint.timeout",
		.severity = SEV_CRITICAL,
		.network = true,
		.title = "the endpoint did not answer in time",
		.meaning = "The deadline of the whole look passed: name "
			   "resolution, connection and handshake together.",
		.remedy = "See whether the service hangs or a firewall drops "
			  "packets. For a slow but healthy service raise its "
			  "timeout.",
	},
	{
		.id = "endpoint.not-tls",
		.severity = SEV_CRITICAL,
		.network = true,
		.title = "the port does not speak TLS",
		.meaning = "What came back is no TLS, such as plain HTTP or a "
			   "mail greeting.",
		.remedy = "Correct the port or the scheme; for a protocol "
			  "that starts in the clear name its scheme, such as "
			  "smtp://.",
	},
	{
		.id = "endpoint.starttls",
		.severity = SEV_CRITICAL,
		.network = true,
		.title = "the service did not agree to start TLS",
		.meaning = "The dialogue before TLS failed: the service does "
			   "not offer STARTTLS, refused it, or did not follow "
			   "the protocol.",
		.remedy = "Switch TLS on in the service, and look into its "
			  "log: many services drop STARTTLS when they cannot "
			  "load their certificate.",
	},
	{
		.id = "endpoint.handshake",
		.severity = SEV_CRITICAL,
		.network = true,
		.title = "the TLS handshake failed",
		.meaning = "The peer speaks TLS, but the handshake did not "
			   "come to its end: it sent an alert, broke off, or "
			   "has no protocol or cipher in common with us.",
		.remedy = "Look into the service's log for this moment; "
			  "usual reasons are an unknown server name, a "
			  "missing certificate, and outdated protocols.",
	},
	{
		.id = "endpoint.protocol",
		.severity = SEV_WARNING,
		.title = "the endpoint speaks only outdated TLS",
		.meaning = "The best protocol version that could be agreed on "
			   "is TLS 1.1 or older. These are deprecated (RFC "
			   "8996); browsers refuse them.",
		.remedy = "Enable TLS 1.2 and 1.3 in the service, or update "
			  "its TLS library.",
	},
	{
		.id = "client.required",
		.severity = SEV_OK,
		.title = "the endpoint requires a client certificate",
		.meaning = "The server asked for a client certificate and "
			   "refused the handshake without one. None is "
			   "configured for this target, so this is as it "
			   "should be. The server's own certificates were "
			   "judged. With TLS 1.3 a refusal comes after the "
			   "handshake and is not waited for.",
		.remedy = "Nothing needs to be done.",
	},
	{
		.id = "trust.unreadable",
		.severity = SEV_CRITICAL,
		.title = "the trust anchors cannot be read",
		.meaning = "The bundle that is configured as trust, or the "
			   "system's trust store, could not be loaded, so "
			   "nobody can say whether the chain is trusted. All "
			   "else was judged.",
		.remedy = "Correct the path of the bundle, make it readable "
			  "for the agent's user, and see that it holds PEM "
			  "certificates.",
	},
	{
		.id = "agent.failed",
		.severity = SEV_UNKNOWN,
		.network = true,
		.title = "the agent could not do its work",
		.meaning = "The look did not fail because of the target but "
			   "within the agent or on its machine, so nothing is "
			   "known of the target.",
		.remedy = "Read the message: usually the machine lacks "
			  "memory, file descriptors or an OpenSSL setting.",
	},
	{ .id = NULL },
};
