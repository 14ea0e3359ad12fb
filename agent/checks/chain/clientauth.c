/* clientauth.c - will the CA still put clientAuth into the next certificate */
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "checks/chain/clientauth.h"
#include "checks/role.h"
#include "checks/tell.h"
#include "model/json.h"

DEFINE_CLEANUP(CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free)

/* So long before a CA's day all of its clients are told. */
#define HORIZON_S (180 * DAY_S)

#define MAX_ORGANIZATIONS 4
/* Octets of a name that are looked at: RFC 5280, A.1, allows 64 characters. */
#define MAX_NAME 256

/* From a day on this CA issues none with clientAuth. */
static const struct ending {
	const char *ca; /* NULL: any public one */
	/* How the organization of its CAs, or of its root, begins. */
	const char *organizations[MAX_ORGANIZATIONS];
	time_t from;
	const char *doubt; /* where its own word is not one, or NULL */
} endings[] = {
	/* letsencrypt.org, docs/profiles: the end of `tlsclient` */
	{
		.ca = "Let's Encrypt",
		.organizations = { "Let's Encrypt",
			"Internet Security Research Group" },
		.from = 1783468800, /* 2026-07-08 */
	},
	/* knowledge.digicert.com, ALERT53 as of 2026-03-03 */
	{
		.ca = "DigiCert",
		.organizations = { "DigiCert" },
		.from = 1803859200, /* 2027-03-01 */
	},
	/*
	 * As resellers quote it since April 2026; its own questions and
	 * answers still have 2026-05-15. The later day raises no false alarm.
	 */
	{
		.ca = "Sectigo",
		.organizations = { "Sectigo", "COMODO CA Limited",
			"The USERTRUST Network" },
		.from = 1802217600, /* 2027-02-10 */
		.doubt = "Sectigo has also named 2026-05-15",
	},
	/* Chrome Root Program Policy 1.8, 1.3.2; the last row */
	{
		.from = 1805068800, /* 2027-03-15 */
	},
};

#define ENDINGS (sizeof(endings) / sizeof(endings[0]))
#define ANY_PUBLIC (&endings[ENDINGS - 1])

/* The first organization of a name; NULL, or to be freed. */
static char *
organization_of(const X509_NAME *name)
{
	int at = X509_NAME_get_index_by_NID(name, NID_organizationName, -1);
	unsigned char *utf8 = NULL;
	char *s = NULL;
	int n;

	if (at < 0)
		return NULL;
	n = ASN1_STRING_to_UTF8(
		&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (n > 0)
		s = str_ndup((const char *)utf8,
			n < MAX_NAME ? (size_t)n : MAX_NAME);
	OPENSSL_free(utf8);
	return s;
}

static bool
has_organization(const struct ending *e, const char *organization)
{
	for (size_t i = 0; i < MAX_ORGANIZATIONS; i++) {
		const char *want = e->organizations[i];

		if (want != NULL &&
			strncmp(organization, want, strlen(want)) == 0)
			return true;
	}
	return false;
}

static const struct ending *
ending_named(const X509_NAME *name)
{
	cleanup(str_free) char *organization = organization_of(name);

	for (size_t i = 0; organization != NULL && i < ENDINGS; i++) {
		if (has_organization(&endings[i], organization))
			return &endings[i];
	}
	return NULL;
}

/*
 * The policies of which a public CA must put one into each of its
 * certificates for TLS (baseline 2.2.6, 7.1.6.1), and private ones do not.
 */
static bool
is_public_tls(const X509 *leaf)
{
	static const char extended[] = "2.23.140.1.1";
	static const char others[] = "2.23.140.1.2.";
	cleanup(CERTIFICATEPOLICIES_free) CERTIFICATEPOLICIES *list =
		X509_get_ext_d2i(leaf, NID_certificate_policies, NULL, NULL);
	int n = list == NULL ? 0 : sk_POLICYINFO_num(list);

	for (int i = 0; i < n; i++) {
		char oid[80];

		(void)OBJ_obj2txt(oid, sizeof(oid),
			sk_POLICYINFO_value(list, i)->policyid, 1);
		if (strcmp(oid, extended) == 0 ||
			strncmp(oid, others, strlen(others)) == 0)
			return true;
	}
	return false;
}

/*
 * The row of the leaf's CA, or NULL: it is not known as a public one. A root
 * that stands in the system's store may be the organization's own.
 */
static const struct ending *
ending_of(const struct strand *s)
{
	const struct path *p = &s->path;
	const struct ending *e = ending_named(
		X509_get_issuer_name(s->leaf->x509));

	if (e == NULL)
		e = ending_named(
			X509_get_subject_name(p->steps[p->n - 1].x509));
	if (e == NULL && is_public_tls(s->leaf->x509))
		e = ANY_PUBLIC;
	/* It has put clientAuth in since: its day was put off. */
	if (e != NULL && s->leaf->not_before >= e->from)
		e = s->leaf->not_before < ANY_PUBLIC->from ? ANY_PUBLIC : NULL;
	return e;
}

/*
 * What is for mail as well is no TLS certificate and keeps clientAuth. What
 * has no extended key usage, and so all bits, does not say that it has it.
 */
static bool
is_for_clients(X509 *leaf)
{
	uint32_t usage = X509_get_extended_key_usage(leaf);

	return (usage & XKU_SSL_CLIENT) != 0 && (usage & XKU_SMIME) == 0;
}

static bool
is_of_public_root(const struct chain *ch, const struct path *p)
{
	return ch->pol->trust != NULL && !ch->pol->trust->exact &&
		p->end == PATH_ANCHORED;
}

/* A name of ours as it is, a certificate's in quotes. */
static void
describe_ca(struct buf *out, const struct cert *leaf, const struct ending *e)
{
	cleanup(str_free) char *organization = organization_of(
		X509_get_issuer_name(leaf->x509));

	if (e->ca != NULL)
		buf_puts(out, e->ca);
	else
		buf_printf(out, "'%s'",
			organization != NULL ? organization
					     : leaf->issuer_label);
}

static void
tell(const struct chain *ch, const struct cert *leaf, const struct ending *e,
	struct findings *out)
{
	struct buf ca BUF_CLEANUP = { 0 };
	struct buf text BUF_CLEANUP = { 0 };
	char from[MOMENT_SIZE], end[MOMENT_SIZE];
	struct finding *f;

	describe_ca(&ca, leaf, e);
	moment_date(e->from, from);
	if (ch->now >= e->from)
		buf_printf(&text,
			"the next certificate from %s will not have "
			"clientAuth: since %s it issues none with it",
			buf_str(&ca), from);
	else
		buf_printf(&text,
			"what %s issues from %s on will not have clientAuth",
			buf_str(&ca), from);
	buf_printf(&text, "; this one ends on %s",
		moment_date(leaf->not_after, end));
	if (e->doubt != NULL)
		buf_printf(&text, " (%s)", e->doubt);
	f = tell_certificate(out, "key.client-auth-ending", leaf,
		ch->strands[0].leaf, buf_str(&text));
	finding_detail(f, "ca", json_text(buf_str(&ca)));
	finding_detail(f, "from", json_string(moment_format(e->from, from)));
	finding_detail(f, "not_after",
		json_string(moment_format(leaf->not_after, end)));
}

void
clientauth_judge(
	const struct chain *ch, const struct strand *s, struct findings *out)
{
	const struct ending *e;

	if (role_of(ch->ob, ch->pol->target) != ROLE_CLIENT ||
		!s->leaf->has_dates || !is_of_public_root(ch, &s->path) ||
		!is_for_clients(s->leaf->x509))
		return;
	ERR_set_mark();
	e = ending_of(s);
	if (e != NULL) {
		horizon_note(ch->pol->horizon, e->from, ch->now);
		horizon_note(ch->pol->horizon, e->from - HORIZON_S, ch->now);
	}
	if (e != NULL &&
		(s->leaf->not_after >= e->from ||
			ch->now >= e->from - HORIZON_S))
		tell(ch, s->leaf, e, out);
	ERR_pop_to_mark();
}
