/* catalog_endpoint.c - findings of endpoints, trust anchors and the agent */
#include "model/catalog.h"

const struct finding_kind catalog_endpoint[] = {
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
		.id = "endpoint.no-answer",
		.severity = SEV_WARNING,
		.network = true,
		.title = "the endpoint does not answer an HTTP request",
		.meaning = "The handshake went well and the certificates were "
			   "judged, but no answer came to the GET request "
			   "that https sends. Any status will do as an answer: "
			   "what the page is about is not judged.",
		.remedy = "See whether the application behind the TLS server "
			  "hangs. For a service that is no HTTP write tls:// "
			  "in place of https://.",
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
		.id = "endpoint.addresses",
		.severity = SEV_CRITICAL,
		.network = true,
		.title = "the addresses of the endpoint serve different "
			 "certificates",
		.meaning =
			"With addresses: all, each address that the host has was "
			"looked at, and this one presents another certificate, or "
			"the same with another chain, than most of them. What most "
			"present is taken for the norm; where as many present the "
			"one as the other, both are named. A renewal that goes "
			"from one machine to the next looks like this for a "
			"while, so it is confirmed like a failed look. It is a "
			"warning where the host has more addresses than are "
			"looked at.",
		.remedy =
			"Give the machine behind this address the certificate "
			"and the chain of the others, and reload its service; "
			"or take the address out of the DNS. Where they differ "
			"by design, as at a CDN, switch this finding off for "
			"the target.",
	},
	{
		.id = "deploy.stale",
		.severity = SEV_WARNING,
		.title =
			"the endpoint serves another certificate than the file",
		.meaning =
			"The file that `deployed` names, or that was found to "
			"fit, holds another certificate than the endpoint "
			"serves. Most often it was renewed and the service was "
			"not reloaded. It is critical if the one that is served "
			"has expired, or is so near its end that this is "
			"critical while the one in the file is not. It is a "
			"note while the file changed less than 5 minutes ago, "
			"for it may be about to be loaded, and if its "
			"certificate is not valid yet. Of several certificates "
			"side by side in the file, such as RSA and EC, any one "
			"may be served. Where each has a file of its own, one "
			"of another kind of key for the same names is a note, "
			"unless the file's is newer by more than a day. If the "
			"endpoint is on this machine, the "
			"process that listens there is named, or its systemd "
			"unit, where the agent may see it: as root, or with "
			"CAP_SYS_PTRACE.",
		.remedy = "Reload the service; where it cannot be reloaded, "
			  "restart it. If the file is the older one, find out "
			  "where the served certificate comes from.",
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
