/* catalog_client.c - findings of endpoints that ask for client certificates */
#include "model/catalog.h"

const struct finding_kind catalog_client[] = {
	{
		.id = "client.ok",
		.severity = SEV_OK,
		.title = "the server takes the client certificate, and only "
			 "such",
		.meaning =
			"Three connections were compared: with the client "
			"certificate the server answers; without one, and with "
			"a stranger's that was made up for the test (strict), "
			"it refuses: by an alert, in HTTP's words, by another "
			"answer than ours gets, or by hanging up. 401 and 403 "
			"are refusals; 404 and 5xx are answers, for TLS let "
			"them through. With expect: optional or none it means "
			"that clients without a certificate are taken.",
		.remedy = "Nothing needs to be done.",
	},
	{
		.id = "client.required",
		.severity = SEV_OK,
		.title = "the endpoint requires a client certificate",
		.meaning = "The server asked for a client certificate and "
			   "refused to go on without one: with an alert, with "
			   "HTTP 400 as nginx does, or by closing the "
			   "connection. None is configured for this target, "
			   "so this is as it should be, and the server's own "
			   "certificates were judged. It is critical where "
			   "expect says optional or none, for then clients "
			   "without a certificate are locked out.",
		.remedy = "Nothing needs to be done.",
	},
	{
		.id = "client.rejected",
		.severity = SEV_CRITICAL,
		.network = true,
		.title = "the server refuses the client certificate",
		.meaning =
			"With the client certificate the server ended the "
			"connection by an alert after it had asked for one, or "
			"answered as HTTP refuses (400 in nginx's words, 401, "
			"403, 495, 496). The cause that is named is what is "
			"wrong with the certificate by itself, else what other "
			"connections prove, else what the alert's number is "
			"worth: servers other than OpenSSL's use one for "
			"everything.",
		.remedy = "See which issuer signed the client certificate, "
			  "whether the server trusts it, and what its log says "
			  "of this moment.",
	},
	{
		.id = "client.empty-reply",
		.severity = SEV_CRITICAL,
		.network = true,
		.title = "the server hangs up on the client certificate",
		.meaning =
			"After it had asked for the client certificate the "
			"server closed or reset the connection, and gave no "
			"reason; curl calls it \"Empty reply from server\". "
			"Node and Java do so with any certificate that they "
			"cannot verify. Most often the server's file of client "
			"CAs lacks an intermediate; where the same certificate "
			"passes once that is sent along, this is proved.",
		.remedy = "Complete the server's file of client CAs, from the "
			  "issuer of the client certificate to the self-signed "
			  "root, and reload the server.",
	},
	{
		.id = "client.timeout",
		.severity = SEV_CRITICAL,
		.network = true,
		.title = "the server leaves the client certificate unanswered",
		.meaning =
			"After it had asked for the client certificate the "
			"server said nothing more until the time was over. A "
			"server that refuses by silence, or waits for a CRL or "
			"an OCSP responder that it does not reach, looks like "
			"this; so does an application that hangs.",
		.remedy = "See whether the server reaches the CRLs and OCSP "
			  "responders of the client's CA, and whether the "
			  "application answers; for a slow one raise the "
			  "timeout.",
	},
	{
		.id = "client.not-requested",
		.severity = SEV_CRITICAL,
		.title = "the server does not ask for a client certificate",
		.meaning =
			"In none of the connections, and neither in the "
			"handshake nor upon the request, did the server ask "
			"for a client certificate: mutual TLS is off here, and "
			"anybody is let in. Another virtual host may have "
			"answered than the one that is meant.",
		.remedy = "Switch mutual TLS on for the host and path that "
			  "answer here: Apache SSLVerifyClient require, nginx "
			  "ssl_verify_client on, haproxy verify required.",
	},
	{
		.id = "client.not-enforced",
		.severity = SEV_CRITICAL,
		.title = "the server lets in who has no client certificate",
		.meaning =
			"The server asks for a client certificate, and answers "
			"without one as well: it is optional. Where both "
			"answers are redirections or errors and the client "
			"certificate is at fault by itself, it is told as "
			"refused instead.",
		.remedy = "Insist on the certificate: Apache SSLVerifyClient "
			  "require, nginx ssl_verify_client on, haproxy verify "
			  "required. If clients may do without, write expect: "
			  "optional.",
	},
	{
		.id = "client.any-accepted",
		.severity = SEV_CRITICAL,
		.title = "the server takes any client certificate",
		.meaning =
			"Who has no certificate is refused, but one that was "
			"made up and self-signed for this test is let in: the "
			"server does not verify, or ignores what it finds.",
		.remedy = "Let the server verify: nginx ssl_verify_client on "
			  "in place of optional_no_ca, haproxy without "
			  "crt-ignore-err and ca-ignore-err, Node with "
			  "rejectUnauthorized, openssl s_server with "
			  "-verify_return_error.",
	},
	{
		.id = "client.unproven",
		.severity = SEV_WARNING,
		.network = true,
		.title = "the test of client certificates proves nothing",
		.meaning =
			"A connection that is needed for a verdict could not "
			"be made, or ended so that it tells nothing: the "
			"client certificate's file cannot be used, the "
			"connection broke off before the server asked, or the "
			"service speaks no HTTP and does not speak first, so "
			"that in TLS 1.3 nobody knows whether it went on. It is "
			"a note if others were refused in that time and ours "
			"was not.",
		.remedy = "Read the message for which connection it is. A "
			  "service that speaks HTTP can be asked: write "
			  "https:// and a path in place of tls://.",
	},
	{
		.id = "client.ca-list",
		.severity = SEV_WARNING,
		.title = "the server's client CAs do not fit",
		.meaning =
			"The CAs that the server names when it asks for a "
			"client certificate hold no issuer of ours, so that "
			"browsers and Java would not send it, although this "
			"server takes it; or the file of client CAs at hand "
			"does not lead from our certificate to a self-signed "
			"root, or holds CAs that the server does not name, as "
			"after a change without a reload. As a note it tells "
			"which CAs of the file our certificate needs: they must "
			"stay when a CA is changed.",
		.remedy = "Put the issuers of all clients' certificates up to "
			  "their self-signed roots into the server's file of "
			  "client CAs, and reload the server.",
	},
	{
		.id = "client.server-ca-incomplete",
		.severity = SEV_WARNING,
		.title = "the server's file of client CAs lacks an "
			 "intermediate",
		.meaning =
			"The server takes the client certificate with its "
			"intermediates sent along, and refuses it alone; or "
			"its file of client CAs, which is at hand, leads to "
			"our certificate only by what the client sends. Then "
			"clients that send their own certificate alone are "
			"refused. It is a note where the file of the client "
			"certificate has the chain, and so gets in.",
		.remedy = "Append the intermediate to the server's file of "
			  "client CAs, and reload the server; or let each "
			  "client send its chain.",
	},
	{ .id = NULL },
};
