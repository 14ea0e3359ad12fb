/* causes.c - why a server refuses our client certificate, as far as it shows */
#include <string.h>

#include <openssl/ssl.h>

#include "checks/client/causes.h"
#include "checks/client/facts.h"
#include "checks/client/phrases.h"

#define ANY (-1)

/* By what the server refused. */
enum means {
	BY_ANYTHING,
	BY_ALERT,
	BY_HTTP,
	BY_NGINX, /* HTTP 400 with its words */
	BY_PAGE, /* an answer that is only known for the one without */
	BY_HANGING_UP,
};

/* Whether the test's other chain got through. */
enum proof {
	NO_MATTER,
	LONGER_PASSES, /* our certificate, with more of its chain */
	SHORTER_PASSES, /* with less of it */
	LONGER_IS_TOO_LONG, /* with more of it Apache finds it too long */
};

struct cause {
	enum proof proof;
	unsigned facts; /* facts.h: all of them hold */
	enum means means;
	int number; /* of the alert, or the HTTP status; ANY */
	int version; /* of TLS; ANY */
	/* {issuer}, {end} and others stand for what phrases.c puts there. */
	const char *words, *hint;
};

#define SERVER_LOG                                                             \
	"The server's log tells more (nginx: error_log at info; Apache: "      \
	"LogLevel ssl:info)."

/* What remains where the server names the very issuer. */
#define NAMED                                                                  \
	"it names the issuer {issuer_name}, so look there for an expired CA "  \
	"or CRL, a missing root, a chain longer than ssl_verify_depth, "       \
	"another CA of the same name, or a revoked certificate"

/* nginx quotes X509_V_ERR_. */
#define NGINX_LOG                                                              \
	"On the server: set error_log to info and read the line of this "      \
	"connection (10: a CA has expired; 12: a CRL has; 18, 20, 21: issuer " \
	"unknown; 2: an intermediate's issuer missing; 22: chain longer than " \
	"ssl_verify_depth; 23: revoked; 26: purpose; 66, 68: too weak)."

#define NEW_CERTIFICATE "Here: replace the client certificate by one that "

#define CHAIN_ADVICE                                                           \
	"On the server: append '{issuer}' and every CA above it up to the "    \
	"self-signed root to the file of client CAs (Apache "                  \
	"SSLCACertificateFile, nginx ssl_client_certificate, haproxy "         \
	"ca-file), and reload. "

#define CHAIN_HERE                                                             \
	"Or here: append '{issuer}' to the client certificate's file, so "     \
	"that it is sent along."

/* The first row that fits counts. */
static const struct cause causes[] = {
	/* what another connection has proved */
	{ LONGER_PASSES, 0, BY_ANYTHING, ANY, ANY,
		"the server's file of client CAs is incomplete: it accepts "
		"the same certificate once '{missing}' is sent along",
		CHAIN_ADVICE CHAIN_HERE },
	{ SHORTER_PASSES, 0, BY_ANYTHING, ANY, ANY,
		"the server accepts it alone, and not with the chain of its "
		"file",
		"On the server: allow longer chains (Apache SSLVerifyDepth 2, "
		"nginx ssl_verify_depth 2 or more). Or here: leave its own "
		"certificate alone in the client certificate's file." },

	/* what is known without the server */
	{ NO_MATTER, FACT_UNSENT, BY_ANYTHING, ANY, ANY,
		"the server asked for a certificate, but takes none of a key "
		"like ours, so none was sent",
		NEW_CERTIFICATE
		"has a key and a signature of the kinds that the server "
		"takes; RSA of 2048 bits or EC prime256v1, signed with "
		"SHA-256, are taken everywhere." },
	{ NO_MATTER, FACT_EXPIRED, BY_ANYTHING, ANY, ANY, "it {end}",
		NEW_CERTIFICATE "is valid now." },
	{ NO_MATTER, FACT_EARLY, BY_ANYTHING, ANY, ANY,
		"it is not valid before {begin}",
		"Here: use the previous client certificate until then; if the "
		"date should have come, set this machine's clock." },
	{ NO_MATTER, 0, BY_ALERT, 44, ANY,
		"the server has it on its list of revoked certificates",
		"Ask the CA ('{issuer}') why it was revoked, and replace it "
		"here. If it was not, look for a mistaken CRL on the server." },
	{ NO_MATTER, FACT_EXTENDED_USAGE, BY_ANYTHING, ANY, ANY,
		"its extended key usage lacks clientAuth",
		NEW_CERTIFICATE
		"has clientAuth. Public CAs stop issuing it in 2026 and 2027: "
		"then it takes a private CA that the server trusts." },
	{ NO_MATTER, FACT_USAGE, BY_ANYTHING, ANY, ANY,
		"its key usage lacks digitalSignature",
		NEW_CERTIFICATE "has digitalSignature in its key usage." },
	{ NO_MATTER, FACT_ISSUER_EXPIRED, BY_ANYTHING, ANY, ANY,
		"{past}, which its chain leads through, {past_end}",
		"Renew the CA, and put the new one both into the client "
		"certificate's file here and into the file of client CAs on "
		"the server." },
	{ NO_MATTER, FACT_CA_EXPIRED, BY_ANYTHING, ANY, ANY,
		"{past} in the server's file of client CAs {past_end}",
		"On the server: put the CA's new certificate into that file, "
		"and reload. If the new one has another key, here a client "
		"certificate is needed that it has signed." },
	{ NO_MATTER, FACT_SELF_SIGNED, BY_ANYTHING, ANY, ANY,
		"it is self-signed, so the server would have to trust it "
		"itself",
		NEW_CERTIFICATE "a CA of the server's list has signed." },

	/* alerts that speak for something else than what may follow */
	{ NO_MATTER, 0, BY_ALERT, 45, ANY,
		"ours is inside its dates, so on the server a CA or a CRL has "
		"expired, or the clock is wrong",
		"On the server: look at the end of each certificate in the "
		"file of client CAs (certvigil check --role client-ca FILE), "
		"at Next Update of the CRL (openssl crl -nextupdate), and at "
		"the clock." },
	{ NO_MATTER, 0, BY_ALERT, 51, ANY,
		"the server holds a CA of the same name as its issuer, "
		"{issuer_name}, whose key did not sign it",
		"On the server: put the CA that did sign into the file of "
		"client CAs. Where two CAs of one name are needed, they must "
		"have key identifiers, or Apache and others try the first "
		"alone." },
	{ NO_MATTER, 0, BY_ALERT, 80, ANY,
		"Apache sends this when the chain is longer than its "
		"SSLVerifyDepth, others for troubles of their own",
		"On the server: set SSLVerifyDepth to 2 or more (the default "
		"depth of 1 takes no intermediate), and reload. On others than "
		"Apache see the log." },

	/* who issued it */
	{ LONGER_IS_TOO_LONG, 0, BY_ANYTHING, ANY, ANY,
		"the server does not know its issuer '{missing}'; with that "
		"sent along it refuses by alert 80, which Apache sends when "
		"the chain is longer than its SSLVerifyDepth",
		"On the server: set SSLVerifyDepth to 2 or more (the default "
		"depth of 1 takes no intermediate). And append '{missing}' to "
		"its file of client CAs, or here to the client certificate's "
		"file, so that it is sent along." },
	{ NO_MATTER, FACT_UNLISTED | FACT_ALONE, BY_ANYTHING, ANY, ANY,
		"its issuer {issuer_name} is not among the client CAs that the "
		"server names ({cas}), and was not sent along as an "
		"intermediate",
		"If one of those CAs has issued '{issuer}', append it to the "
		"client certificate's file here, or to the file of client CAs "
		"on the server. Else the server needs '{issuer}' and every CA "
		"above it in that file, or here a certificate is needed that "
		"one of those has signed." },
	{ NO_MATTER, FACT_UNLISTED, BY_ANYTHING, ANY, ANY,
		"no CA of its chain (issuer {issuer_name}) is among the client "
		"CAs that the server names: {cas}",
		"On the server: append '{issuer}' and all CAs above it to the "
		"file of client CAs, and reload. Or here: use a certificate "
		"that one of those CAs has signed." },
	{ NO_MATTER, FACT_NAMED, BY_ALERT, 48, ANY,
		"the server names its issuer {issuer_name}, and yet finds no "
		"way from it to a self-signed root: the root is missing "
		"there, or it holds another CA of the same name",
		CHAIN_ADVICE
		"Compare the fingerprint of '{issuer}' with that of the "
		"certificate of this name in the file." },
	{ NO_MATTER, FACT_ALONE, BY_ALERT, 48, ANY,
		"the server finds no way from it to a CA that it trusts: it "
		"lacks the issuer {issuer_name}, or has another of the same "
		"name, and no intermediate was sent along",
		CHAIN_ADVICE CHAIN_HERE },
	{ NO_MATTER, 0, BY_ALERT, 48, ANY,
		"the server finds no way from it to a self-signed root that "
		"it trusts",
		CHAIN_ADVICE
		"A root that is missing there is missed although the "
		"intermediate is present." },

	/* too weak for OpenSSL's security level, unless an alert says more */
	{ NO_MATTER, FACT_SIGNATURE, BY_ANYTHING, ANY, ANY,
		"it or a CA of its chain is signed with SHA-1 or MD5, which "
		"servers of today refuse",
		NEW_CERTIFICATE
		"is signed with SHA-256, as are the CAs of its chain." },
	{ NO_MATTER, FACT_WEAK_KEY, BY_ANYTHING, ANY, ANY,
		"its key has {bits} bits only, which servers of today refuse",
		NEW_CERTIFICATE "has RSA of 2048 bits or more, or EC." },

	/* what else alerts are worth */
	{ NO_MATTER, 0, BY_ALERT, 46, ANY,
		"an unspecific alert, which Apache sends when its CRL is out "
		"of date",
		"On the server: see whether the CRL is past its Next Update "
		"(openssl crl -nextupdate -noout -in FILE). " SERVER_LOG },
	{ NO_MATTER, 0, BY_ALERT, 43, ANY,
		"the server does not take a certificate of this purpose or "
		"kind",
		"Compare its key usage, its extended key usage and its kind of "
		"key with what the server's operator wants. " SERVER_LOG },
	{ NO_MATTER, 0, BY_ALERT, 42, ANY,
		"an unspecific alert, by which Go refuses anything, and "
		"OpenSSL what is too weak or not valid yet",
		"Compare '{issuer}' with the client CAs of the server, and its "
		"clock with ours. " SERVER_LOG },
	{ NO_MATTER, 0, BY_ALERT, 49, ANY,
		"an unspecific alert, by which GnuTLS refuses any certificate "
		"that it cannot verify",
		"Compare '{issuer}' with the client CAs of the server, and "
		"see whether its file of them is complete. " SERVER_LOG },
	{ NO_MATTER, 0, BY_ALERT, 40, TLS1_2_VERSION,
		"the alert of servers that got no certificate, or could agree "
		"on no signature with our key",
		"See whether the server takes keys and signatures like ours. " SERVER_LOG },
	{ NO_MATTER, 0, BY_ALERT, 116, ANY,
		"the alert of servers that got no certificate, though ours was "
		"sent",
		"See whether something between here and the server ends TLS "
		"and does not hand the certificate on. " SERVER_LOG },
	{ NO_MATTER, 0, BY_ALERT, ANY, ANY, "the alert does not tell why",
		"Compare '{issuer}' with the client CAs of the server, and "
		"see whether its file of them is complete. " SERVER_LOG },

	/* HTTP */
	{ NO_MATTER, FACT_NAMED, BY_NGINX, ANY, ANY,
		"nginx does not tell why; " NAMED, NGINX_LOG },
	{ NO_MATTER, FACT_ALONE, BY_NGINX, ANY, ANY,
		"nginx does not tell why; its issuer '{issuer}' was not sent, "
		"and may be missing in the server's file of client CAs",
		CHAIN_ADVICE CHAIN_HERE
		" nginx writes the reason into its error_log at info." },
	{ NO_MATTER, 0, BY_NGINX, ANY, ANY, "nginx does not tell why",
		NGINX_LOG },
	{ NO_MATTER, 0, BY_HTTP, 401, ANY,
		"the server wants another login as well",
		"Test a path that needs the certificate and no other login, "
		"or see in the application's log whom it takes the "
		"certificate's owner for." },
	{ NO_MATTER, 0, BY_HTTP, 403, ANY,
		"it passed TLS, but the server or the application behind it "
		"forbids {path}",
		"On the server: see whether the application admits the subject "
		"of this certificate, and whether the path is one for its "
		"clients. " SERVER_LOG },
	{ NO_MATTER, 0, BY_HTTP, ANY, ANY, "HTTP does not tell why",
		"Compare '{issuer}' with the client CAs of the server, and "
		"see whether its file of them is complete. " SERVER_LOG },
	{ NO_MATTER, 0, BY_PAGE, ANY, ANY,
		"it gets the answer of those who have none",
		"Compare '{issuer}' with the client CAs of the server, and "
		"see whether its file of them is complete. " SERVER_LOG },

	/* not a word */
	{ NO_MATTER, FACT_NAMED, BY_HANGING_UP, ANY, ANY,
		"most likely the server's file of client CAs is incomplete; " NAMED,
		CHAIN_ADVICE
		"certvigil check --role client-ca FILE tells what is wrong "
		"with the file. curl calls this \"Empty reply from "
		"server\"." },
	{ NO_MATTER, FACT_ALONE, BY_HANGING_UP, ANY, ANY,
		"most likely the server's file of client CAs is incomplete and "
		"lacks '{issuer}', which was not sent either",
		CHAIN_ADVICE CHAIN_HERE
		" curl calls this \"Empty reply from server\"." },
	{ NO_MATTER, 0, BY_HANGING_UP, ANY, ANY,
		"most likely the server's file of client CAs is incomplete",
		CHAIN_ADVICE
		"Node and Java end so for any certificate that they cannot "
		"verify, nginx and haproxy where they are told to (return 444, "
		"http-request reject). curl calls this \"Empty reply from "
		"server\"." },
};

static enum means
means_of(const struct comparison *c)
{
	if (outcome_nginx_text(&c->with->reply) != NULL)
		return BY_NGINX;
	if (c->with->reply.status > 0)
		return c->paged ? BY_PAGE : BY_HTTP;
	return c->with->ending == ENDING_ALERT ? BY_ALERT : BY_HANGING_UP;
}

static bool
is_proved(const struct comparison *c, enum proof proof)
{
	const struct handshake *other =
		&c->test->attempts[TRY_OTHER_CHAIN].handshake;

	if (proof == NO_MATTER)
		return true;
	if (proof == LONGER_IS_TOO_LONG)
		return c->other == OUTCOME_REFUSED && compare_is_longer(c) &&
			other->ending == ENDING_ALERT &&
			other->alert == SSL_AD_INTERNAL_ERROR;
	return c->other == OUTCOME_ACCEPTED &&
		compare_is_longer(c) == (proof == LONGER_PASSES);
}

static bool
fits(const struct cause *row, const struct comparison *c)
{
	int number = c->with->reply.status > 0 ? c->with->reply.status
					       : c->with->alert;

	return is_proved(c, row->proof) &&
		(row->facts & c->facts) == row->facts &&
		(row->means == BY_ANYTHING || row->means == means_of(c)) &&
		(row->number == ANY || row->number == number) &&
		(row->version == ANY || row->version == c->with->version);
}

const struct cause *
cause_find(const struct comparison *c)
{
	const struct cause *row = causes;

	/* The last one fits whoever is not told anything. */
	while (row < causes + sizeof(causes) / sizeof(causes[0]) - 1 &&
		!fits(row, c))
		row++;
	return row;
}

void
cause_describe(
	const struct cause *cause, const struct comparison *c, struct buf *out)
{
	phrase_fill(out, cause->words, c);
}

void
cause_advise(
	const struct cause *cause, const struct comparison *c, struct buf *out)
{
	phrase_fill(out, cause->hint, c);
}
