/* name.c - names, serials and paths as other tools tell them */
#include <ctype.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ssl.h>

#include "model/alloc.h"
#include "model/hostname.h"
#include "report/prometheus/prometheus.h"

/* Of names in one label: more than this many bytes nobody looks for. */
#define NAMES_BYTES 2048

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = c != '\0' ? strchr(digits, tolower((unsigned char)c))
				  : NULL;

	return p != NULL ? (int)(p - digits) : -1;
}

/*
 * The next "TYPE=value" at *dn, which is moved behind it; the value unescaped
 * (RFC 2253, 2.4). False at the end.
 */
static bool
next_part(const char **dn, struct buf *type, struct buf *value)
{
	const char *p = *dn;
	size_t n = strcspn(p, "=");

	buf_reset(type);
	buf_reset(value);
	if (p[n] == '\0')
		return false;
	buf_add(type, p, n);
	for (p += n + 1; *p != '\0' && *p != ',' && *p != '+'; p++) {
		int high = *p == '\\' ? hex_digit(p[1]) : -1;
		int low = high != -1 ? hex_digit(p[2]) : -1;

		if (*p != '\\' || p[1] == '\0') {
			buf_putc(value, *p);
		} else if (low != -1) {
			int byte = high * 16 + low;

			/* A NUL must not hide what follows. */
			buf_putc(value, byte == 0 ? '?' : (char)byte);
			p += 2;
		} else {
			buf_putc(value, *++p);
		}
	}
	*dn = *p == '\0' ? p : p + 1;
	return true;
}

/* RFC 2253 begins with the end of the DER form. */
static void
find(struct buf *out, const char *dn, const char *wanted, bool last)
{
	BUF_CLEANUP struct buf type = { 0 }, value = { 0 };

	while (next_part(&dn, &type, &value)) {
		if (strcmp(buf_str(&type), wanted) != 0)
			continue;
		buf_reset(out);
		buf_puts(out, buf_str(&value));
		if (!last)
			return;
	}
}

void
name_common(struct buf *out, const char *dn)
{
	find(out, dn, "CN", false);
}

void
name_first(struct buf *out, const char *dn, const char *type)
{
	find(out, dn, type, true);
}

void
name_all(struct buf *out, const char *dn, const char *type)
{
	BUF_CLEANUP struct buf have = { 0 }, value = { 0 };
	struct strlist found = { 0 };

	while (next_part(&dn, &have, &value)) {
		if (strcmp(buf_str(&have), type) == 0)
			strlist_add(&found, buf_str(&value));
	}
	for (size_t i = found.n; i > 0; i--)
		buf_printf(
			out, "%s%s,", i == found.n ? "," : "", found.v[i - 1]);
	strlist_release(&found);
}

void
names_joined(struct buf *out, const struct cert *c, bool addresses)
{
	const char *sep = "";

	for (size_t i = 0; i < c->names.n; i++) {
		const char *name = c->names.v[i];

		if (hostname_is_address(name) != addresses)
			continue;
		if (out->len + strlen(name) > NAMES_BYTES)
			return;
		buf_puts(out, sep);
		buf_puts(out, name);
		sep = ",";
	}
}

DEFINE_CLEANUP(BIGNUM, BN_free)

static void
free_decimal(char *s)
{
	OPENSSL_free(s);
}
DEFINE_CLEANUP(char, free_decimal)

void
serial_decimal(struct buf *out, const char *hex)
{
	cleanup(BN_free) BIGNUM *n = NULL;
	cleanup(free_decimal) char *decimal = NULL;
	int digits = BN_hex2bn(&n, hex);

	if (digits > 0 && (size_t)digits == strlen(hex))
		decimal = BN_bn2dec(n);
	buf_puts(out, decimal != NULL ? decimal : hex);
}

const char *
version_name(int version)
{
	switch (version) {
	case TLS1_VERSION:
		return "TLS 1.0";
	case TLS1_1_VERSION:
		return "TLS 1.1";
	case TLS1_2_VERSION:
		return "TLS 1.2";
	case TLS1_3_VERSION:
		return "TLS 1.3";
	default:
		return "unknown";
	}
}

/*
 * Of several that may have signed it the one that lasts longest: the best
 * path counts.
 */
static const struct cert *
issuer_of(const struct result *r, const struct cert *c)
{
	const struct cert *best = NULL;

	for (size_t i = 0; i < shown_certs(r); i++) {
		const struct cert *other = &r->seen->certs[i];

		if (other == c || !other->has_dates || !other->is_ca ||
			strcmp(other->subject, c->issuer) != 0)
			continue;
		if (best == NULL || other->not_after > best->not_after)
			best = other;
	}
	return best;
}

size_t
path_certs(const struct result *r, const struct cert **path, size_t most)
{
	const char *reason;
	const struct cert *c = result_leaf(r);
	size_t n = 0;

	if (result_verified(r, &reason) != VERIFIED_YES)
		return 0;
	while (c != NULL && c->has_dates && n < most) {
		for (size_t i = 0; i < n; i++) {
			if (path[i] == c)
				return n;
		}
		path[n++] = c;
		/* Behind one that signed itself there is no way. */
		c = strcmp(c->subject, c->issuer) != 0 ? issuer_of(r, c) : NULL;
	}
	return n;
}
