/* keys_target.c - the key table: what is watched, and how it is judged */
#include <sys/socket.h>

#include "config/keys.h"
#include "model/target.h"

static const struct choice words_of_trust[] = { { "system", 0 }, { NULL, 0 } };

static const struct choice words_of_deployed[] = {
	{ DEPLOYED_AUTO, 0 },
	{ DEPLOYED_NONE, 0 },
	{ NULL, 0 },
};

static const struct choice address_choices[] = {
	{ "first", ADDRESSES_FIRST },
	{ "all", ADDRESSES_ALL },
	{ NULL, 0 },
};

static const struct choice families[] = {
	{ "any", AF_UNSPEC },
	{ "ipv4", AF_INET },
	{ "ipv6", AF_INET6 },
	{ NULL, 0 },
};

/* "auto" to "any", as role_name() has them. */
static const struct choice roles[] = {
	{ "auto", ROLE_AUTO },
	{ "server", ROLE_SERVER },
	{ "client", ROLE_CLIENT },
	{ "client-ca", ROLE_CLIENT_CA },
	{ "ca", ROLE_CA },
	{ "any", ROLE_ANY },
	{ NULL, 0 },
};

static const struct key settings_keys[] = {
	{
		.name = "warning",
		.type = KEY_THRESHOLD,
		.offset = offsetof(struct settings, warning),
		.def = "min(30d, 33%)",
		.help = "warn when less time is left",
	},
	{
		.name = "critical",
		.type = KEY_THRESHOLD,
		.offset = offsetof(struct settings, critical),
		.def = "min(14d, 15%)",
		.help = "critical when less time is left",
	},
	{
		.name = "timeout",
		.type = KEY_DURATION_MS,
		.offset = offsetof(struct settings, timeout_ms),
		.def = "10s",
		.min = 100,
		.max = HOUR_S * 1000,
		.help = "for a whole probe, name resolution included",
	},
	{
		.name = "interval",
		.type = KEY_DURATION,
		.offset = offsetof(struct settings, interval_s),
		.def = "1h",
		.min = 10,
		.max = 30 * DAY_S,
		.help = "how often `certvigil watch` looks",
	},
	{
		.name = "trust",
		.type = KEY_PATH,
		.offset = offsetof(struct settings, trust),
		.def = "system",
		.choices = words_of_trust,
		.help = "the system's trust store, or a bundle of anchors",
	},
	{
		.name = "retries",
		.type = KEY_UINT,
		.offset = offsetof(struct settings, retries),
		.def = "1",
		.max = 10,
		.help = "further tries at an endpoint that is not reached",
	},
	{
		.name = "addresses",
		.type = KEY_CHOICE,
		.offset = offsetof(struct settings, addresses),
		.def = "first",
		.choices = address_choices,
		.help = "look at the first address that answers, or at all",
	},
	{
		.name = "proxy",
		.type = KEY_PROXY,
		.offset = offsetof(struct settings, proxy),
		.def = "none",
		.help = "reach endpoints by http://, socks5:// or socks5h://",
	},
	{
		.name = "proxy_user",
		.type = KEY_STRING,
		.offset = offsetof(struct settings, proxy_user),
		.min = 1,
		.max = PROXY_MAX_CREDENTIAL,
		.help = "to log in to the proxy with",
	},
	{
		.name = "proxy_password",
		.type = KEY_SECRET,
		.offset = offsetof(struct settings, proxy_password),
		.help = "to log in to the proxy with",
	},
	{
		.name = "deployed",
		.type = KEY_PATH,
		.offset = offsetof(struct settings, deployed),
		.def = DEPLOYED_NONE,
		.choices = words_of_deployed,
		.flags = KEY_ENDPOINT_ONLY,
		.help = "the file whose certificate an endpoint should serve; "
			"auto finds it, none looks at no file",
	},
	{
		.name = "order_lead",
		.type = KEY_BUSINESS_DAYS,
		.offset = offsetof(struct settings, order_lead),
		.def = "0",
		.max = KEYS_MAX_ORDER_LEAD,
		.help = "how long a CA takes to issue; 0 if none is ordered",
	},
	{
		.name = "holidays",
		.type = KEY_DATES,
		.offset = offsetof(struct settings, holidays),
		.def = "[]",
		.help = "days besides weekends on which no CA works",
	},
	{
		.name = "findings",
		.type = KEY_FINDINGS,
		.offset = offsetof(struct settings, findings),
		.def = "{}",
		.help = "another severity for a finding: ok, warning, "
			"critical or off",
	},
	{ .name = NULL },
};

const struct section keys_settings = {
	.name = "defaults",
	.keys = settings_keys,
	.size = sizeof(struct settings),
	.help = "how targets are looked at and judged",
};

static const struct key target_keys[] = {
	{
		.name = "endpoint",
		.type = KEY_ENDPOINT,
		.help = "HOST[:PORT], [IPv6]:PORT or scheme://host[:port]"
			"[/path]",
	},
	{
		.name = "file",
		.type = KEY_PATH,
		.offset = offsetof(struct target, file),
		.help = "a file, a folder or a pattern, in place of an "
			"endpoint",
	},
	{
		.name = "name",
		.type = KEY_STRING,
		.offset = offsetof(struct target, name),
		.min = 1,
		.help = "what outputs call it; if unset, its host or path",
	},
	{
		.name = "names",
		.type = KEY_HOSTNAMES,
		.offset = offsetof(struct target, names),
		.def = "[]",
		.help = "names and addresses that the certificate must cover",
	},
	{
		.name = "owner",
		.type = KEY_STRING,
		.offset = offsetof(struct target, owner),
		.min = 1,
		.max = 255,
		.help = "who looks after it; routes pick by it",
	},
	{
		.name = "tags",
		.type = KEY_WORDS,
		.offset = offsetof(struct target, tags),
		.max = 255,
		.help = "words that routes and receivers sort by",
	},
	{
		.name = "role",
		.type = KEY_CHOICE,
		.offset = offsetof(struct target, role),
		.def = "auto",
		.choices = roles,
		.help = "what the certificates are for; auto infers it",
	},
	{
		.name = "profile",
		.type = KEY_PROFILE,
		.offset = offsetof(struct target, profile),
		.help = "further rules of a vendor's service",
	},
	{
		.name = "key",
		.type = KEY_KEYPATH,
		.offset = offsetof(struct target, key),
		.flags = KEY_FILE_ONLY,
		.help = "private key; {dir} and {stem} are parts of the "
			"certificate's path",
	},
	{
		.name = "passphrase",
		.type = KEY_SECRET,
		.offset = offsetof(struct target, passphrase),
		.flags = KEY_FILE_ONLY,
		.help = "opens the key, or the PKCS#12 file",
	},
	{
		.name = "pem_only",
		.type = KEY_BOOL,
		.offset = offsetof(struct target, pem_only),
		.def = "false",
		.flags = KEY_FILE_ONLY,
		.help = "files of any other format are faults",
	},
	{
		.name = "exclude",
		.type = KEY_WORDS,
		.offset = offsetof(struct target, exclude),
		.def = "[]",
		.flags = KEY_FILE_ONLY,
		.help = "patterns of files and folders to pass over",
	},
	{
		.name = "sni",
		.type = KEY_HOSTNAME,
		.offset = offsetof(struct target, sni),
		.flags = KEY_ENDPOINT_ONLY,
		.help = "name to ask for in place of the host",
	},
	{
		.name = "address",
		.type = KEY_HOSTNAME,
		.offset = offsetof(struct target, dial),
		.flags = KEY_ENDPOINT_ONLY,
		.help = "IP address to connect to in place of the host",
	},
	{
		.name = "family",
		.type = KEY_CHOICE,
		.offset = offsetof(struct target, family),
		.def = "any",
		.choices = families,
		.flags = KEY_ENDPOINT_ONLY,
		.help = "addresses to connect to",
	},
	{
		.name = "client",
		.type = KEY_SECTION,
		.offset = offsetof(struct target, client),
		.section = &keys_client,
		.flags = KEY_ENDPOINT_ONLY,
		.help = "the test of a client certificate",
	},
	{
		.name = "client_ca",
		.type = KEY_PATH,
		.offset = offsetof(struct target, client.ca),
		.flags = KEY_ENDPOINT_ONLY,
		.help = "the server's file of client CAs, where it is at hand",
	},
	{
		.name = "defaults",
		.type = KEY_INHERIT,
		.offset = offsetof(struct target, set),
		.section = &keys_settings,
	},
	{ .name = NULL },
};

const struct section keys_target = {
	.name = "target",
	.keys = target_keys,
	.size = sizeof(struct target),
	.help = "what is watched",
};
