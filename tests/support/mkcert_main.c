/* mkcert_main.c - make a certificate from the shell, for tests and the demo */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "model/duration.h"
#include "tests/support/mkcert.h"

static const char usage_text[] =
	"usage: mkcert --out FILE --key-out FILE [option]...\n"
	"  --cn NAME            the subject's common name\n"
	"  --san DNS:x|IP:y     a subject alternative name (repeatable)\n"
	"  --issuer FILE        the issuer's certificate, and its key:\n"
	"  --issuer-key FILE    (neither: self-signed)\n"
	"  --key FILE           use this key in place of a new one\n"
	"  --not-before SPEC    RFC 3339, seconds, +10d or -10d; default -1h\n"
	"  --not-after SPEC     the same; default +90d\n"
	"  --ca                 a CA certificate\n"
	"  --pathlen N          its path length\n"
	"  --rsa, --ed25519     the kind of key; default P-256\n"
	"  --aia URL            where the issuer's certificate is\n"
	"  --eku LIST           extended key usages; default serverAuth\n"
	"  --key-usage LIST     key usages; default digitalSignature\n"
	"  --serial HEX         default: random\n"
	"  --v1                 version 1, without extensions\n"
	"  --sha1               sign with SHA-1\n";

enum given {
	GIVEN_OUT = 1,
	GIVEN_KEY_OUT,
	GIVEN_CN,
	GIVEN_SAN,
	GIVEN_ISSUER,
	GIVEN_ISSUER_KEY,
	GIVEN_KEY,
	GIVEN_NOT_BEFORE,
	GIVEN_NOT_AFTER,
	GIVEN_PATHLEN,
	GIVEN_AIA,
	GIVEN_EKU,
	GIVEN_KEY_USAGE,
	GIVEN_SERIAL,
	GIVEN_CA,
	GIVEN_RSA,
	GIVEN_ED25519,
	GIVEN_V1,
	GIVEN_SHA1,
	GIVEN_HELP,
	GIVEN_END
};

static const struct option options[] = {
	{ "out", required_argument, NULL, GIVEN_OUT },
	{ "key-out", required_argument, NULL, GIVEN_KEY_OUT },
	{ "cn", required_argument, NULL, GIVEN_CN },
	{ "san", required_argument, NULL, GIVEN_SAN },
	{ "issuer", required_argument, NULL, GIVEN_ISSUER },
	{ "issuer-key", required_argument, NULL, GIVEN_ISSUER_KEY },
	{ "key", required_argument, NULL, GIVEN_KEY },
	{ "not-before", required_argument, NULL, GIVEN_NOT_BEFORE },
	{ "not-after", required_argument, NULL, GIVEN_NOT_AFTER },
	{ "pathlen", required_argument, NULL, GIVEN_PATHLEN },
	{ "aia", required_argument, NULL, GIVEN_AIA },
	{ "eku", required_argument, NULL, GIVEN_EKU },
	{ "key-usage", required_argument, NULL, GIVEN_KEY_USAGE },
	{ "serial", required_argument, NULL, GIVEN_SERIAL },
	{ "ca", no_argument, NULL, GIVEN_CA },
	{ "rsa", no_argument, NULL, GIVEN_RSA },
	{ "ed25519", no_argument, NULL, GIVEN_ED25519 },
	{ "v1", no_argument, NULL, GIVEN_V1 },
	{ "sha1", no_argument, NULL, GIVEN_SHA1 },
	{ "help", no_argument, NULL, GIVEN_HELP },
	{ NULL, 0, NULL, 0 },
};

static _Noreturn void
refuse(const char *what, const char *have)
{
	fprintf(stderr, "mkcert: want %s, have \"%s\"\n", what, have);
	exit(3);
}

static time_t
parse_spec(const char *s, time_t now)
{
	int64_t span;
	time_t t;

	if (*s == '-' && duration_parse(s + 1, 0, &span) == 0)
		return now - (time_t)span;
	if (moment_parse(s, now, &t) == -1)
		refuse("RFC 3339, seconds, +10d or -10d", s);
	return t;
}

static int
parse_pathlen(const char *s)
{
	char *end;
	long v = strtol(s, &end, 10);

	if (end == s || *end != '\0' || v < 0 || v > 100)
		refuse("a path length from 0 to 100", s);
	return (int)v;
}

/* What was given of each option, "" for those without a value, or NULL. */
static void
read_options(int argc, char **argv, const char *given[GIVEN_END],
	struct strlist *names)
{
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == '?') {
			(void)fputs(usage_text, stderr);
			exit(3);
		}
		if (opt == GIVEN_SAN)
			strlist_add(names, optarg);
		given[opt] = optarg != NULL ? optarg : "";
	}
	if (given[GIVEN_HELP] != NULL) {
		(void)fputs(usage_text, stdout);
		exit(0);
	}
	if (optind < argc)
		refuse("options only", argv[optind]);
	if (given[GIVEN_OUT] == NULL ||
		(given[GIVEN_KEY_OUT] == NULL && given[GIVEN_KEY] == NULL))
		refuse("--out and one of --key-out and --key", "neither");
	if ((given[GIVEN_ISSUER] == NULL) != (given[GIVEN_ISSUER_KEY] == NULL))
		refuse("--issuer and --issuer-key together", "one of them");
	if (given[GIVEN_PATHLEN] != NULL && given[GIVEN_CA] == NULL)
		refuse("--pathlen with --ca", "--pathlen alone");
}

/* The names as struct mkcert wants them, NULL at the end; lent by `names`. */
static const char *const *
ended(struct strlist *names)
{
	names->v = mem_grow(names->v, names->n + 1, sizeof(*names->v));
	names->v[names->n] = NULL;
	return (const char *const *)names->v;
}

static EVP_PKEY *
own_key(const char *given[GIVEN_END])
{
	if (given[GIVEN_KEY] != NULL)
		return mkcert_read_key(given[GIVEN_KEY]);
	if (given[GIVEN_RSA] != NULL)
		return mkcert_key(MKCERT_RSA2048);
	if (given[GIVEN_ED25519] != NULL)
		return mkcert_key(MKCERT_ED25519);
	return mkcert_key(MKCERT_P256);
}

static const char *
or_default(const char *value, const char *fallback)
{
	return value != NULL ? value : fallback;
}

int
main(int argc, char **argv)
{
	const char *given[GIVEN_END] = { NULL };
	struct strlist names = { 0 };
	EVP_PKEY *key, *issuer_key = NULL;
	X509 *issuer = NULL, *x;
	time_t now = time(NULL);

	read_options(argc, argv, given, &names);
	key = own_key(given);
	if (given[GIVEN_ISSUER] != NULL) {
		issuer = mkcert_read(given[GIVEN_ISSUER]);
		issuer_key = mkcert_read_key(given[GIVEN_ISSUER_KEY]);
	}
	x = mkcert_make(&(struct mkcert){
		.key = key,
		.not_before = parse_spec(
			or_default(given[GIVEN_NOT_BEFORE], "-1h"), now),
		.not_after = parse_spec(
			or_default(given[GIVEN_NOT_AFTER], "+90d"), now),
		.cn = given[GIVEN_CN],
		.names = ended(&names),
		.issuer = issuer,
		.issuer_key = issuer_key,
		.ca = given[GIVEN_CA] != NULL,
		.limited = given[GIVEN_PATHLEN] != NULL,
		.pathlen = parse_pathlen(or_default(given[GIVEN_PATHLEN], "0")),
		.eku = given[GIVEN_EKU],
		.key_usage = given[GIVEN_KEY_USAGE],
		.aia = given[GIVEN_AIA],
		.serial = given[GIVEN_SERIAL],
		.digest = given[GIVEN_SHA1] != NULL ? "SHA1" : NULL,
		.v1 = given[GIVEN_V1] != NULL,
	});
	mkcert_write(given[GIVEN_OUT], &x, 1);
	if (given[GIVEN_KEY_OUT] != NULL)
		mkcert_write_key(given[GIVEN_KEY_OUT], key);
	X509_free(x);
	X509_free(issuer);
	EVP_PKEY_free(issuer_key);
	EVP_PKEY_free(key);
	strlist_release(&names);
	return 0;
}
