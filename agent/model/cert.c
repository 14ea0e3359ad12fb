/* cert.c - one certificate, decoded once, with its raw text kept as it is */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "model/cert.h"
#include "model/cert_name.h"
#include "model/sm2.h"

DEFINE_CLEANUP(GENERAL_NAMES, GENERAL_NAMES_free)
DEFINE_CLEANUP(AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free)

/* URLs and such beyond this are cut: nobody reads further. */
#define MAX_TEXT CERT_NAME_MAX
#define MAX_NAMES 20000
/* Labels and serial numbers stand in messages, so they are kept shorter. */
#define MAX_LABEL 255

static void
add_name(struct cert *c, const GENERAL_NAME *gn)
{
	char text[INET6_ADDRSTRLEN];
	const ASN1_STRING *s;
	const unsigned char *data;
	int n;

	if (gn->type != GEN_DNS && gn->type != GEN_IPADD)
		return;
	s = gn->type == GEN_DNS ? gn->d.dNSName : gn->d.iPAddress;
	data = ASN1_STRING_get0_data(s);
	n = ASN1_STRING_length(s);
	if (gn->type == GEN_IPADD) {
		if ((n == 4 || n == 16) &&
			inet_ntop(n == 4 ? AF_INET : AF_INET6, data, text,
				sizeof(text)) != NULL)
			strlist_add(&c->names, text);
		return;
	}
	if (n > 0 && n < MAX_TEXT) {
		cleanup(str_free) char *dns = str_ndup(
			(const char *)data, (size_t)n);

		for (int i = 0; i < n; i++) {
			if (dns[i] == '\0')
				dns[i] = '?';
		}
		strlist_add(&c->names, dns);
	}
}

static void
read_names(struct cert *c)
{
	cleanup(GENERAL_NAMES_free) GENERAL_NAMES *names = X509_get_ext_d2i(
		c->x509, NID_subject_alt_name, NULL, NULL);
	int n = names == NULL ? 0 : sk_GENERAL_NAME_num(names);

	for (int i = 0; i < n && i < MAX_NAMES; i++)
		add_name(c, sk_GENERAL_NAME_value(names, i));
}

void
cert_issuer_urls(const X509 *x509, struct strlist *out)
{
	cleanup(AUTHORITY_INFO_ACCESS_free) AUTHORITY_INFO_ACCESS *aia =
		X509_get_ext_d2i(x509, NID_info_access, NULL, NULL);
	int n = aia == NULL ? 0 : sk_ACCESS_DESCRIPTION_num(aia);

	for (int i = 0; i < n && out->n < CERT_MAX_URLS; i++) {
		const ACCESS_DESCRIPTION *ad = sk_ACCESS_DESCRIPTION_value(
			aia, i);
		cleanup(str_free) char *text = NULL;
		const char *url;
		int len;

		if (OBJ_obj2nid(ad->method) != NID_ad_ca_issuers ||
			ad->location->type != GEN_URI)
			continue;
		url = (const char *)ASN1_STRING_get0_data(
			ad->location->d.uniformResourceIdentifier);
		len = ASN1_STRING_length(
			ad->location->d.uniformResourceIdentifier);
		if (len <= 7 || len >= MAX_TEXT ||
			memchr(url, '\0', (size_t)len) != NULL ||
			strncasecmp(url, "http", 4) != 0)
			continue;
		text = str_ndup(url, (size_t)len);
		strlist_add(out, text);
	}
}

static void
read_issuer_url(struct cert *c)
{
	struct strlist urls = { 0 };

	cert_issuer_urls(c->x509, &urls);
	if (urls.n > 0)
		c->issuer_url = str_dup(urls.v[0]);
	strlist_release(&urls);
}

static int
read_time(const ASN1_TIME *asn1, time_t *out)
{
	struct tm tm;

	/* A NULL time would mean "now" to ASN1_TIME_to_tm(). */
	if (asn1 == NULL || ASN1_TIME_to_tm(asn1, &tm) != 1)
		return -1;
	*out = timegm(&tm);
	return 0;
}

char *
cert_key_curve(const EVP_PKEY *key)
{
	char name[80];
	size_t n;

	if (EVP_PKEY_get_group_name(key, name, sizeof(name), &n) != 1)
		return NULL;
	return str_dup(name);
}

const char *
cert_key_type(const EVP_PKEY *key, const char *curve)
{
	const char *type = EVP_PKEY_get0_type_name(key);

	/* A provider that has no SM2 of its own may call it EC. */
	if (curve != NULL && strcasecmp(curve, "SM2") == 0)
		return "SM2";
	return type != NULL ? type : "";
}

static void
read_key(struct cert *c)
{
	const EVP_PKEY *key = X509_get0_pubkey(c->x509);

	if (key == NULL) {
		c->key_type = str_dup("");
		return;
	}
	c->key_curve = cert_key_curve(key);
	c->key_type = str_dup(cert_key_type(key, c->key_curve));
	c->key_bits = EVP_PKEY_get_bits(key);
}

bool
cert_verified_by(X509 *x509, EVP_PKEY *key)
{
	bool yes;

	if (key == NULL)
		return false;
	ERR_set_mark();
	yes = sm2_is_signature(x509) ? sm2_verify(x509, key)
				     : X509_verify(x509, key) == 1;
	ERR_pop_to_mark();
	return yes;
}

static void
read_signature(struct cert *c)
{
	int nid = X509_get_signature_nid(c->x509);
	const char *name = nid == NID_undef ? NULL : OBJ_nid2ln(nid);

	c->signature = str_dup(name != NULL ? name : "");
}

/*
 * Fetched once: X509_digest() with EVP_sha256() looks for the algorithm each
 * time, which takes longer than the digest.
 */
static const EVP_MD *sha256;
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

static void
fetch_sha256(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (sha256 == NULL)
		sha256 = EVP_sha256();
}

static const char digits[] = "0123456789abcdef";

static void
write_hex(char *to, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		to[2 * i] = digits[bytes[i] >> 4];
		to[2 * i + 1] = digits[bytes[i] & 15];
	}
}

static void
read_digest(struct cert *c)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	(void)pthread_once(&sha256_once, fetch_sha256);
	if (X509_digest(c->x509, sha256, md, &n) != 1)
		n = 0;
	c->sha256 = mem_alloc(2 * (size_t)n + 1);
	write_hex(c->sha256, md, n);
}

/* "CN", or the beginning of a long one: "CN..." */
static char *
make_label(const char *name)
{
	size_t n = strnlen(name, MAX_LABEL + 1);

	if (n <= MAX_LABEL)
		return str_dup(name);
	/* Not within a character of UTF-8. */
	for (n = MAX_LABEL;
		n > MAX_LABEL - 4 && ((unsigned char)name[n] & 0xc0) == 0x80;
		n--)
		;
	return str_fmt("%.*s...", (int)n, name);
}

/* As BN_bn2hex() has it, but in lower case: "0", "-0a", "7fff". */
static void
read_serial(struct cert *c)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(c->x509);
	const unsigned char *bytes = ASN1_STRING_get0_data(serial);
	int n = ASN1_STRING_length(serial);
	bool negative = ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER;
	cleanup(str_free) char *hex = NULL;

	while (n > 0 && *bytes == 0) {
		bytes++;
		n--;
	}
	hex = mem_alloc(2 * (size_t)n + 3);
	if (n == 0)
		hex[0] = '0';
	else if (negative)
		hex[0] = '-';
	write_hex(n > 0 && negative ? hex + 1 : hex, bytes, (size_t)n);
	c->serial = make_label(hex);
}

static void
read_ca(struct cert *c)
{
	if (strcmp(c->subject, c->issuer) == 0 &&
		X509_self_signed(c->x509, 0) == 1)
		c->self_signed = cert_verified_by(
			c->x509, X509_get0_pubkey(c->x509));
	/* 1: basicConstraints; 3: version 1 and self-signed. */
	switch (X509_check_ca(c->x509)) {
	case 1:
	case 3:
		c->is_ca = true;
		break;
	default:
		break;
	}
}

static void
read_labels(struct cert *c)
{
	const X509_NAME *issuer = X509_get_issuer_name(c->x509);
	cleanup(str_free) char *cn = cert_name_common(
		X509_get_subject_name(c->x509));
	cleanup(str_free) char *issuer_cn = cert_name_common(issuer);

	c->label = make_label(cn != NULL ? cn
			: c->names.n > 0 ? c->names.v[0]
					 : c->subject);
	c->issuer_label = make_label(issuer_cn != NULL ? issuer_cn : c->issuer);
}

void
cert_init(struct cert *c, X509 *x509)
{

	*c = (struct cert){ .x509 = x509 };
	ERR_set_mark();
	if (sm2_is_signature(x509))
		sm2_identify(x509);
	c->subject = cert_name_text(X509_get_subject_name(x509));
	c->issuer = cert_name_text(X509_get_issuer_name(x509));
	read_serial(c);
	read_digest(c);
	c->has_dates = read_time(X509_get0_notBefore(x509), &c->not_before) ==
			0 &&
		read_time(X509_get0_notAfter(x509), &c->not_after) == 0;
	read_names(c);
	read_issuer_url(c);
	read_key(c);
	read_signature(c);
	read_ca(c);
	read_labels(c);
	ERR_pop_to_mark();
}

void
cert_forget_x509(struct cert *c)
{
	X509_free(c->x509);
	c->x509 = NULL;
}

void
cert_release(struct cert *c)
{
	cert_forget_x509(c);
	free(c->subject);
	free(c->issuer);
	free(c->label);
	free(c->issuer_label);
	free(c->serial);
	free(c->sha256);
	strlist_release(&c->names);
	free(c->key_type);
	free(c->key_curve);
	free(c->signature);
	free(c->issuer_url);
	*c = (struct cert){ 0 };
}

bool
cert_issued_by(const struct cert *c, const struct cert *issuer)
{
	if (X509_NAME_cmp(X509_get_issuer_name(c->x509),
		    X509_get_subject_name(issuer->x509)) != 0)
		return false;
	return cert_verified_by(c->x509, X509_get0_pubkey(issuer->x509));
}
