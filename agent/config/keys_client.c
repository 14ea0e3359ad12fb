/* keys_client.c - the key table: how an endpoint should take its clients */
#include "config/keys.h"
#include "model/target.h"

const struct choice keys_expectations[] = {
	{ "required", EXPECT_REQUIRED },
	{ "optional", EXPECT_OPTIONAL },
	{ "none", EXPECT_NONE },
	{ NULL, 0 },
};

static const struct key client_keys[] = {
	{
		.name = "certificate",
		.type = KEY_PATH,
		.offset = offsetof(struct client_settings, certificate),
		.help = "the client's certificate with its chain, PEM or "
			"PKCS#12",
	},
	{
		.name = "key",
		.type = KEY_PATH,
		.offset = offsetof(struct client_settings, key),
		.help = "its private key, if that is in another file",
	},
	{
		.name = "passphrase",
		.type = KEY_SECRET,
		.offset = offsetof(struct client_settings, passphrase),
		.help = "opens the key, or the PKCS#12 file",
	},
	{
		.name = "expect",
		.type = KEY_CHOICE,
		.offset = offsetof(struct client_settings, expect),
		.def = "required",
		.choices = keys_expectations,
		.help = "what the server should make of a certificate",
	},
	{
		.name = "strict",
		.type = KEY_BOOL,
		.offset = offsetof(struct client_settings, strict),
		.def = "true",
		.help = "try a certificate of nobody's as well, which should "
			"be refused",
	},
	{ .name = NULL },
};

const struct section keys_client = {
	.name = "client",
	.keys = client_keys,
	.size = sizeof(struct client_settings),
	.help = "the test of a client certificate",
};
