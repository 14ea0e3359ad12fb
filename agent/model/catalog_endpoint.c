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
		.id = "deploy.stale",
		.severity = SEV_WARNING,
		.title =
			"the endpoint serves another certificate than the file",
		.meaning =
			"The file that `deployed` names holds another certificate "
			"than the endpoint serves. Most often it was renewed and "
			"the service was not reloaded. It is critical if the one "
			"that is served has expired. Of several certificates side "
			"by side in the file, such as RSA and EC, any one may be "
			"served.",
		.remedy =
			"Reload the service. If the file is the older one, find "
			"out where the served certificate comes from.",
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
