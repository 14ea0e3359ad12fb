/* ldap.c - LDAP: the StartTLS operation (RFC 4511, 4.12 and 4.14) */
#include <stdio.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/err.h>

#include "model/buf.h"
#include "probes/starttls/said.h"
#include "probes/starttls/starttls.h"

#define EXTENDED_RESPONSE 24 /* [APPLICATION 24] */
#define RESPONSE_NAME 10 /* [10], in it */
#define NOTICE_OF_DISCONNECTION "1.3.6.1.4.1.1466.20036" /* 4.4.1 */

/* LDAPMessage { messageID 1, ExtendedRequest { [0] "1.3....20037" } } */
static const unsigned char request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
				       "1.3.6.1.4.1.1466.20037";

/* Result codes that servers give to StartTLS (RFC 4511, 4.1.9). */
static const struct result {
	long code;
	const char *name;
	bool for_now;
} results[] = {
	{ 1, "operationsError", false },
	{ 2, "protocolError", false },
	{ 8, "strongerAuthRequired", false },
	{ 10, "referral", false },
	{ 13, "confidentialityRequired", false },
	{ 50, "insufficientAccessRights", false },
	{ 51, "busy", true },
	{ 52, "unavailable", true },
	{ 53, "unwillingToPerform", false },
	{ 80, "other", false },
};

/* A run of BER elements. */
struct ber {
	const unsigned char *p;
	long len;
};

struct element {
	int class, tag;
	bool constructed;
	struct ber body;
};

/* An ExtendedResponse. */
struct response {
	long id, code;
	struct ber text, name;
};

/* Take the first element; false where there is none, or not a whole one. */
static bool
ber_next(struct ber *in, struct element *out)
{
	const unsigned char *p = in->p;
	int rc;

	if (in->len <= 0)
		return false;
	rc = ASN1_get_object(
		&p, &out->body.len, &out->tag, &out->class, in->len);
	/* RFC 4511, 5.1: the definite form alone. */
	if ((rc & 0x81) != 0)
		return false;
	out->constructed = (rc & V_ASN1_CONSTRUCTED) != 0;
	out->body.p = p;
	in->len -= p - in->p + out->body.len;
	in->p = p + out->body.len;
	return true;
}

static bool
ber_want(struct ber *in, int class, int tag, bool constructed, struct ber *body)
{
	struct element e;

	if (!ber_next(in, &e) || e.class != class || e.tag != tag ||
		e.constructed != constructed)
		return false;
	*body = e.body;
	return true;
}

/* An INTEGER or ENUMERATED from 0 to 2^31 - 1. */
static bool
ber_number(struct ber *in, int tag, long *out)
{
	struct ber body;
	long v = 0;

	if (!ber_want(in, V_ASN1_UNIVERSAL, tag, false, &body) ||
		body.len < 1 || body.len > 4 || (body.p[0] & 0x80) != 0)
		return false;
	for (long i = 0; i < body.len; i++)
		v = v << 8 | body.p[i];
	*out = v;
	return true;
}

static bool
parse_response(struct ber in, struct response *r)
{
	struct ber op, matched;
	struct element e;

	*r = (struct response){ 0 };
	if (!ber_number(&in, V_ASN1_INTEGER, &r->id) ||
		!ber_want(&in, V_ASN1_APPLICATION, EXTENDED_RESPONSE, true,
			&op) ||
		!ber_number(&op, V_ASN1_ENUMERATED, &r->code) ||
		!ber_want(&op, V_ASN1_UNIVERSAL, V_ASN1_OCTET_STRING, false,
			&matched) ||
		!ber_want(&op, V_ASN1_UNIVERSAL, V_ASN1_OCTET_STRING, false,
			&r->text))
		return false;
	/* A referral, the name, a value, and what the future brings. */
	while (op.len > 0) {
		if (!ber_next(&op, &e))
			return false;
		if (e.class == V_ASN1_CONTEXT_SPECIFIC &&
			e.tag == RESPONSE_NAME)
			r->name = e.body;
	}
	return in.len == 0 || ber_next(&in, &e); /* controls */
}

/* One LDAPMessage; *body is good until the next. */
static int
read_message(struct stream *s, struct ber *body, struct error *err)
{
	const unsigned char *b;
	size_t len;

	if (stream_bytes(s, 2, &b, err) == -1)
		return -1;
	if (b[0] != 0x30)
		return said_strange(err, "an LDAP message", s, b, 2);
	len = b[1];
	/* Active Directory writes every length in four bytes. */
	if (len > 0x7f) {
		size_t n = len & 0x7f;

		if (n < 1 || n > 4)
			return said_strange(err, "an LDAP message", s, b, 2);
		if (stream_bytes(s, n, &b, err) == -1)
			return -1;
		len = 0;
		for (size_t i = 0; i < n; i++)
			len = len << 8 | b[i];
	}
	if (stream_bytes(s, len, &b, err) == -1)
		return -1;
	*body = (struct ber){ .p = b, .len = (long)len };
	return 0;
}

static int
tell_result(const struct response *r, struct error *err)
{
	BUF_CLEANUP struct buf words = { 0 };
	bool for_now = false;

	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		if (results[i].code == r->code) {
			buf_printf(&words, "%s ", results[i].name);
			for_now = results[i].for_now;
		}
	}
	buf_printf(&words, "(%ld)", r->code);
	if (r->text.len > 0) {
		buf_puts(&words, ": ");
		buf_add(&words, r->text.p, (size_t)r->text.len);
	}
	/* How a server without TLS answers what it does not know. */
	if (r->id != 0 && r->code == 2)
		return said_no_offer(err, "StartTLS", buf_str(&words));
	if (for_now)
		return said_not_now(err, "success", buf_str(&words));
	return said_unwanted(err,
		r->id != 0 ? "success" : "an answer to StartTLS",
		buf_str(&words));
}

static bool
is_named(const struct response *r, const char *name)
{
	return r->name.len == (long)strlen(name) &&
		memcmp(r->name.p, name, strlen(name)) == 0;
}

int
starttls_ldap(struct stream *s, const struct target *t, struct error *err)
{
	struct response r;
	struct ber body;

	(void)t;
	s->asked = "StartTLS";
	if (stream_write(s, request, sizeof(request) - 1, err) == -1)
		return -1;
	do {
		bool fine;

		if (read_message(s, &body, err) == -1)
			return -1;
		ERR_clear_error();
		fine = parse_response(body, &r);
		ERR_clear_error();
		if (!fine || r.id > 1)
			return error_set(err, ERROR_PARSE,
				"want an ExtendedResponse to StartTLS, have "
				"another LDAP message");
		/* RFC 4511, 4.4: unsolicited notifications have no number. */
	} while (r.id == 0 && !is_named(&r, NOTICE_OF_DISCONNECTION));
	return r.id == 1 && r.code == 0 ? 0 : tell_result(&r, err);
}
