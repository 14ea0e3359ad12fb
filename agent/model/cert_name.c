/* cert_name.c - the names of subjects and issuers as text */
#include <stdbool.h>
#include <string.h>

#include <openssl/bio.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "model/cert_name.h"

DEFINE_CLEANUP(BIO, BIO_free_all)

/*
 * Most names are ASCII and need no escapes, and OpenSSL writes them character
 * by character into a BIO. What follows knows those, and leaves it the others.
 */

static bool
is_ascii(const ASN1_STRING *s)
{
	const unsigned char *p = ASN1_STRING_get0_data(s);
	int type = ASN1_STRING_type(s), n = ASN1_STRING_length(s);

	if (type != V_ASN1_UTF8STRING && type != V_ASN1_PRINTABLESTRING &&
		type != V_ASN1_IA5STRING)
		return false;
	for (int i = 0; i < n; i++) {
		if (p[i] >= 0x80)
			return false;
	}
	return n > 0;
}

/* RFC 2253, 2.4: nothing in it is escaped. */
static bool
is_plain(const ASN1_STRING *s)
{
	const char *p = (const char *)ASN1_STRING_get0_data(s);
	int n = ASN1_STRING_length(s);

	if (!is_ascii(s) || p[0] == ' ' || p[0] == '#' || p[n - 1] == ' ')
		return false;
	for (int i = 0; i < n; i++) {
		if (p[i] < ' ' || p[i] == 0x7f || strchr(",+\"\\<>;=", p[i]))
			return false;
	}
	return true;
}

/* False: some of it is not that simple. */
static bool
write_plain(const X509_NAME *name, struct buf *out)
{
	int last_set = -1;

	for (int i = X509_NAME_entry_count(name) - 1; i >= 0; i--) {
		const X509_NAME_ENTRY *e = X509_NAME_get_entry(name, i);
		const ASN1_STRING *value = X509_NAME_ENTRY_get_data(e);
		int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(e));
		int set = X509_NAME_ENTRY_set(e);

		if (nid == NID_undef || !is_plain(value))
			return false;
		if (last_set != -1)
			buf_putc(out, set == last_set ? '+' : ',');
		last_set = set;
		buf_puts(out, OBJ_nid2sn(nid));
		buf_putc(out, '=');
		buf_add(out, ASN1_STRING_get0_data(value),
			(size_t)ASN1_STRING_length(value));
	}
	return true;
}

static char *
print(const X509_NAME *name)
{
	const unsigned long flags = (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) |
		ASN1_STRFLGS_UTF8_CONVERT;
	cleanup(BIO_free_all) BIO *bio = BIO_new(BIO_s_mem());
	char *p = NULL;
	long n;

	if (bio == NULL || X509_NAME_print_ex(bio, name, 0, flags) < 0)
		return str_dup("");
	n = BIO_get_mem_data(bio, &p);
	if (n <= 0)
		return str_dup("");
	return str_ndup(p, n < CERT_NAME_MAX ? (size_t)n : CERT_NAME_MAX);
}

char *
cert_name_text(const X509_NAME *name)
{
	BUF_CLEANUP struct buf plain = { 0 };

	if (name == NULL)
		return str_dup("");
	if (!write_plain(name, &plain))
		return print(name);
	return str_ndup(buf_str(&plain),
		plain.len < CERT_NAME_MAX ? plain.len : CERT_NAME_MAX);
}

static char *
copy_text(const unsigned char *utf8, int n)
{
	char *s = str_ndup((const char *)utf8,
		n < CERT_NAME_MAX ? (size_t)n : CERT_NAME_MAX);

	for (int i = 0; i < n && i < CERT_NAME_MAX; i++) {
		if (s[i] == '\0')
			s[i] = '?';
	}
	return s;
}

char *
cert_name_common(const X509_NAME *name)
{
	unsigned char *utf8 = NULL;
	const ASN1_STRING *value;
	int at = -1, last = -1, n;
	char *s;

	if (name == NULL)
		return NULL;
	while ((at = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0)
		last = at;
	if (last == -1)
		return NULL;
	value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last));
	if (is_ascii(value))
		return copy_text(ASN1_STRING_get0_data(value),
			ASN1_STRING_length(value));
	n = ASN1_STRING_to_UTF8(&utf8, value);
	s = n > 0 ? copy_text(utf8, n) : NULL;
	OPENSSL_free(utf8);
	return s;
}
