/* der.c - what DER, or BER, is about, and the certificates in it */
#include <string.h>

#include "probes/file/der.h"

/* OpenSSL goes no further down either. */
#define MAX_DEPTH 30

/* The identifier octet of BER that says where an element of no length ends. */
#define END_OF_CONTENTS 0

struct header {
	unsigned char tag;
	size_t size; /* of the header itself */
	size_t len; /* of what follows */
	bool indefinite;
};

/* X.690, 8.1. Tags above 30 and lengths above 4 GiB do not occur here. */
static bool
read_header(const struct der *in, struct header *h)
{
	size_t n;

	if (in->len < 2 || (in->p[0] & 0x1f) == 0x1f)
		return false;
	*h = (struct header){ .tag = in->p[0], .size = 2, .len = in->p[1] };
	if (h->len < 0x80)
		return true;
	n = h->len & 0x7f;
	h->len = 0;
	if (n == 0) {
		h->indefinite = (h->tag & 0x20) != 0;
		return h->indefinite;
	}
	if (n > 4 || in->len < 2 + n)
		return false;
	for (; h->size < 2 + n; h->size++)
		h->len = h->len << 8 | in->p[h->size];
	return true;
}

/* How long is what stands in front of the end marks? */
static bool
find_end(struct der in, int depth, size_t *len)
{
	const unsigned char *begin = in.p;
	struct header h;

	while (depth < MAX_DEPTH && read_header(&in, &h)) {
		size_t body = h.len;

		if (h.tag == END_OF_CONTENTS && h.len == 0) {
			*len = (size_t)(in.p - begin);
			return true;
		}
		in.p += h.size;
		in.len -= h.size;
		if (h.indefinite) {
			if (!find_end(in, depth + 1, &body))
				return false;
			body += 2;
		}
		if (body > in.len)
			return false;
		in.p += body;
		in.len -= body;
	}
	return false;
}

bool
der_next(struct der *in, struct der_item *item)
{
	size_t left, end = 0;
	struct header h;

	if (!read_header(in, &h))
		return false;
	left = in->len - h.size;
	*item = (struct der_item){
		.tag = h.tag,
		.body = { in->p + h.size, h.len < left ? h.len : left },
		.missing = h.len > left ? h.len - left : 0,
	};
	if (h.indefinite) {
		item->endless = !find_end(
			(struct der){ item->body.p, left }, 0, &item->body.len);
		if (item->endless)
			item->body.len = left;
		else
			end = 2;
	}
	item->whole = (struct der){ in->p, h.size + item->body.len + end };
	in->p += item->whole.len;
	in->len -= item->whole.len;
	return true;
}

/* The first element within `outer`, which is a sequence. */
static bool
first_within(const struct der_item *outer, struct der_item *item)
{
	struct der body = outer->body;

	return outer->tag == DER_SEQUENCE && der_next(&body, item);
}

/* 1.2.840.113549.1.7 and one more: all kinds of PKCS#7. */
static bool
is_pkcs7_oid(const struct der_item *item)
{
	static const unsigned char prefix[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
		0x0d, 0x01, 0x07 };

	return item->tag == DER_OID && item->body.len == sizeof(prefix) + 1 &&
		memcmp(item->body.p, prefix, sizeof(prefix)) == 0;
}

/* PFX (RFC 7292, 4) or a key: PKCS#8, PKCS#1, RFC 5915. */
static enum der_kind
kind_of_numbered(const struct der_item *version, struct der rest)
{
	struct der_item second, first;

	if (!der_next(&rest, &second))
		return DER_OTHER;
	if (version->body.len == 1 && version->body.p[0] == 3 &&
		first_within(&second, &first) && is_pkcs7_oid(&first))
		return DER_PKCS12;
	if (second.tag == DER_SEQUENCE)
		return first_within(&second, &first) && first.tag == DER_OID
			? DER_KEY
			: DER_OTHER;
	return second.tag == DER_OCTET_STRING || second.tag == DER_INTEGER
		? DER_KEY
		: DER_OTHER;
}

/* A certificate of version 1, a CRL or a request, behind its number. */
static enum der_kind
kind_of_signed(struct der rest)
{
	struct der_item item, first;

	if (!der_next(&rest, &item) || item.tag != DER_SEQUENCE)
		return DER_OTHER;
	/* A request's subject, which may be empty, or else an algorithm. */
	if (!first_within(&item, &first) || first.tag == DER_SET)
		return DER_REQUEST;
	if (first.tag != DER_OID || !der_next(&rest, &item) ||
		!der_next(&rest, &item))
		return DER_OTHER;
	if (item.tag == DER_UTC_TIME || item.tag == DER_GENERALIZED_TIME)
		return DER_CRL;
	return item.tag == DER_SEQUENCE ? DER_CERTIFICATE : DER_OTHER;
}

static enum der_kind
kind_of_sequence(const struct der_item *outer, struct der rest)
{
	struct der body = outer->body;
	struct der_item first, second;

	if (!der_next(&body, &first))
		return DER_OTHER;
	switch (first.tag) {
	case DER_CONTEXT_0:
		return DER_CERTIFICATE;
	case DER_INTEGER:
		return kind_of_signed(body);
	case DER_SEQUENCE: /* a CRL of version 1 */
		return kind_of_signed(outer->body) == DER_CRL ? DER_CRL
							      : DER_OTHER;
	case DER_OID: /* RFC 5958, 3, or RFC 5280, 4.1 */
		if (!der_next(&rest, &second))
			return DER_OTHER;
		return second.tag == DER_OCTET_STRING  ? DER_KEY
			: second.tag == DER_BIT_STRING ? DER_PUBLIC_KEY
						       : DER_OTHER;
	default:
		return DER_OTHER;
	}
}

static bool
is_blank(const struct der *in)
{
	for (size_t i = 0; i < in->len; i++) {
		if (in->p[i] != '\0' && strchr(" \t\r\n", in->p[i]) == NULL)
			return false;
	}
	return true;
}

enum der_kind
der_kind(const unsigned char *der, size_t len)
{
	struct der in = { der, len }, body;
	struct der_item outer, first;

	/* '0' is 0x30 too: what is as short as text can say must fit. */
	if (!der_next(&in, &outer) || outer.tag != DER_SEQUENCE ||
		(der[1] < 0x80 && (outer.missing > 0 || !is_blank(&in))))
		return DER_NONE;
	body = outer.body;
	if (!der_next(&body, &first))
		return DER_OTHER;
	switch (first.tag) {
	case DER_OID:
		return is_pkcs7_oid(&first) ? DER_PKCS7 : DER_OTHER;
	case DER_INTEGER:
		return kind_of_numbered(&first, body);
	case DER_SEQUENCE:
		return kind_of_sequence(&first, body);
	default:
		return DER_OTHER;
	}
}

void
der_trouble(const struct der *in, struct buf *out)
{
	struct der rest = *in;
	struct der_item item;

	if (!der_next(&rest, &item))
		buf_puts(out, "cannot be decoded");
	else if (item.missing > 0)
		buf_printf(out, "is cut short: want %zu bytes, have %zu",
			item.whole.len + item.missing, item.whole.len);
	else if (item.endless)
		buf_puts(out, "is cut short: its end is missing");
	else
		buf_puts(out, "cannot be decoded");
}

void
der_tell_rest(struct reading *r, size_t line, const struct der *rest,
	const char *what)
{
	if (!is_blank(rest))
		reading_damaged(r, line, "%s has %zu bytes behind its end",
			what, rest->len);
}

static void
damaged(struct reading *r, size_t number, const struct der *in)
{
	BUF_CLEANUP struct buf what = { 0 };

	der_trouble(in, &what);
	if (number == 1)
		reading_damaged(r, 0, "the certificate %s", buf_str(&what));
	else
		reading_damaged(r, 0, "certificate %zu of it %s", number,
			buf_str(&what));
}

/*
 * OpenSSL reads only the first of several; Java, and whoever splits them, all.
 */
static void
read_certificates(struct der in, struct reading *r)
{
	struct der_item item;
	size_t number = 0;

	while (!r->full && r->damaged < READING_MAX_DAMAGED && in.len > 0 &&
		in.p[0] == DER_SEQUENCE) {
		const unsigned char *p = in.p;
		X509 *x509 = reading_decode(r, &p, in.len, false);

		number++;
		r->met[THING_CERTIFICATE]++;
		if (x509 != NULL) {
			reading_add(r, x509, 0);
			in.len -= (size_t)(p - in.p);
			in.p = p;
			continue;
		}
		damaged(r, number, &in);
		if (!der_next(&in, &item))
			return;
	}
	if (!r->full)
		der_tell_rest(r, 0, &in, "the certificate");
}

/* Not everything that OpenSSL takes for a certificate looks like one. */
static bool
is_certificate(const struct reading *r, const unsigned char *der, size_t len)
{
	X509 *x509 = reading_decode(r, &der, len, false);

	X509_free(x509);
	return x509 != NULL;
}

void
der_read(const unsigned char *der, size_t len, struct reading *r)
{
	static const enum thing things[] = {
		[DER_REQUEST] = THING_REQUEST,
		[DER_CRL] = THING_CRL,
		[DER_PUBLIC_KEY] = THING_PUBLIC_KEY,
		[DER_OTHER] = THING_OTHER,
	};
	enum der_kind kind = der_kind(der, len);

	if (kind == DER_CERTIFICATE ||
		(kind == DER_OTHER && is_certificate(r, der, len)))
		read_certificates((struct der){ der, len }, r);
	else if (kind != DER_KEY)
		r->met[things[kind]]++;
	else if (privatekey_add_der(reading_keys(r), der, len, r->ob))
		r->met[THING_KEY]++;
	else
		r->met[THING_OTHER]++;
}
