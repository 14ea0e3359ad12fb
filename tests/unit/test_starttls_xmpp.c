/* test_starttls_xmpp.c - XMPP before TLS */
#include "tests/unit/dialogue_world.h"

#define HEADER(to, kind)                                                       \
	HEARS("<?xml version='1.0'?><stream:stream to=\"" to                   \
	      "\" version='1.0' xmlns='jabber:" kind                           \
	      "' xmlns:stream='http://etherx.jabber.org/streams'>")
#define CLIENT HEADER("www.example.com", "client")
#define STREAM "<?xml version='1.0'?><stream:stream version='1.0' id='x'>"
#define NS "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"
#define FEATURES                                                               \
	SAYS(STREAM "<stream:features><starttls " NS "/></stream:features>")
#define STARTTLS HEARS("<starttls " NS "/>")

static const struct conversation_row xmpp[] = {
	{ "xmpp", NULL,
		{ CLIENT, FEATURES, STARTTLS, SAYS("<proceed " NS "/>") } },
	{ "xmpp-server", NULL,
		{ HEADER("www.example.com", "server"), FEATURES, STARTTLS,
			SAYS("<proceed " NS "></proceed>") } },
	/* packets, quotation marks, comments, blanks, what must be read over */
	{ "xmpp", NULL,
		{ CLIENT,
			SAYS("<?xml version=\"1.0\" x='>'?>\n<!-- <error> '-->"
			     "<stream:stream\n a='>' b=\"'/>\"\tversion = "
			     "\"1.0\" >\r\n"),
			SAYS(" \n<features><mechanisms xmlns='m'><mechanism>A&lt;"
			     "</mechanism></mechanisms><starttls xmlns=\"urn:"),
			SAYS("ietf:params:xml:ns:xmpp-tls\"><required/>"
			     "</starttls ></features >"),
			STARTTLS, SAYS("<proceed\n" NS " />") } },
	/* a prefix in place of a default */
	{ "xmpp", NULL,
		{ CLIENT,
			SAYS(STREAM "<stream:features><t:starttls xmlns='x' "
				    "xmlns:t='urn:ietf:params:xml:ns:xmpp-tls'"
				    "/></stream:features>"),
			STARTTLS, SAYS("<t:proceed/>") } },

	/* it is named, but not offered */
	{ "xmpp",
		"does not offer STARTTLS; it says \"mechanisms "
		"(&lt;starttls/&gt;<starttls/>), bind\"",
		{ CLIENT,
			SAYS(STREAM
				"<stream:features><mechanisms><starttls/>"
				"&lt;starttls/&gt;<!--<starttls/>--><![CDATA["
				"<starttls/>]]></mechanisms><bind a='"
				"<starttls/>'/></stream:features>") } },
	{ "xmpp", "does not offer STARTTLS; it says \"starttls\"",
		{ CLIENT,
			SAYS(STREAM "<stream:features><starttls xmlns='other'/>"
				    "</stream:features>") } },
	{ "xmpp", "the server does not offer STARTTLS",
		{ CLIENT, SAYS(STREAM "<stream:features/>") } },
	{ "xmpp", "it says \"a stream older than XMPP 1.0\"",
		{ CLIENT, SAYS("<stream:stream id='version=\"1.0\"'>") } },

	{ "xmpp",
		"want a stream to www.example.com, have \"error: host-unknown "
		"(not here)\"",
		{ CLIENT,
			SAYS(STREAM "<stream:error><host-unknown xmlns='x'/>"
				    "<text>not here</text></stream:error>"
				    "</stream:stream>"),
			HANGS_UP } },
	{ "xmpp", "want <proceed/> to <starttls/>, have \"failure\"",
		{ CLIENT, FEATURES, STARTTLS,
			SAYS("<failure " NS "/></stream:stream>") } },
	{ "xmpp", "the server closed the stream",
		{ CLIENT, SAYS(STREAM "</stream:stream>") } },
	{ "xmpp", "want an XMPP stream, have \"html\"",
		{ CLIENT, SAYS("<html>") } },
	{ "xmpp", "want an XMPP stream, have \"stream\"",
		{ CLIENT, SAYS("<stream version='1.0'/>") } },
	{ "xmpp", "want an XML stream, have \"H",
		{ CLIENT, SAYS("HTTP/1.1 400 Bad Request\r\n") } },
	{ "xmpp", "want an XML stream, have \"o",
		{ CLIENT, SAYS(STREAM "oh<features>") } },
	{ "xmpp", "no complete answer to our stream's header in time",
		{ CLIENT, SAYS(STREAM "<stream:features><starttls") } },
	{ "xmpp", "no answer to <starttls/>: the server closed the connection",
		{ CLIENT, FEATURES, STARTTLS, HANGS_UP } },
};

HOLD(xmpp)

/* Whom the stream is to (RFC 6120, 4.7.2; RFC 7622, 3.2). */
static void
domains_are_spelt(void **state)
{
	static const struct {
		const char *host;
		struct conversation_row row;
	} rows[] = {
		{ "a&'\"<>.example",
			{ "xmpp", NULL,
				{ HEADER("a&amp;&#39;&quot;&lt;&gt;.example",
					  "client"),
					FEATURES, STARTTLS,
					SAYS("<proceed/>") } } },
		{ "192.0.2.1",
			{ "xmpp", NULL,
				{ HEADER("192.0.2.1", "client"), FEATURES,
					STARTTLS, SAYS("<proceed/>") } } },
		{ "2001:db8::1",
			{ "xmpp", NULL,
				{ HEADER("[2001:db8::1]", "client"), FEATURES,
					STARTTLS, SAYS("<proceed/>") } } },
		{ "xn--mnchen-3ya.example",
			{ "xmpp", NULL,
				{ HEADER("m\xc3\xbcnchen.example", "client"),
					FEATURES, STARTTLS,
					SAYS("<proceed/>") } } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { 0 };

		if (world_talk(&rows[i].row, rows[i].host, IN_STEPS, NOTHING,
			    &err) == -1)
			fail_msg("%s: %s", rows[i].host, err.text);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(xmpp_is_held),
		cmocka_unit_test(domains_are_spelt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
