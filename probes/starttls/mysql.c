/* mysql.c - MySQL and MariaDB: the greeting, then SSLRequest */
#include <string.h>

#include "model/buf.h"
#include "probes/starttls/said.h"
#include "probes/starttls/starttls.h"

/* Bits of the capability flags. */
#define CLIENT_LONG_PASSWORD 0x1u
#define CLIENT_PROTOCOL_41 0x200u
#define CLIENT_SSL 0x800u
#define CLIENT_SECURE_CONNECTION 0x8000u

/* Behind the version of a greeting: thread, half of the salt, a NUL. */
#define BEFORE_FLAGS (4 + 8 + 1)

struct packet {
	const unsigned char *p; /* with a NUL behind it */
	size_t len;
};

static int
read_packet(struct stream *s, struct packet *out, struct error *err)
{
	const unsigned char *b;
	size_t len;

	if (stream_bytes(s, 4, &b, err) == -1)
		return -1;
	len = b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16;
	/* Another protocol's text makes an absurd length. */
	if (b[3] != 0 || len == 0 || len > STREAM_MAX_LINE)
		return said_strange(err, "a MySQL greeting", s, b, 4);
	if (stream_bytes(s, len, &b, err) == -1)
		return -1;
	*out = (struct packet){ .p = b, .len = len };
	return 0;
}

/* In the greeting's place: "1130: Host '192.0.2.1' is not allowed". */
static int
tell_error(const struct packet *p, struct error *err)
{
	static const char want[] = "a greeting";
	BUF_CLEANUP struct buf words = { 0 };
	const char *text = (const char *)p->p + 3;
	unsigned code;

	if (p->len < 3)
		return error_set(err, ERROR_PARSE,
			"want a greeting, have a damaged error");
	code = p->p[1] | (unsigned)p->p[2] << 8;
	/* '#' and five characters of SQLSTATE, in some. */
	if (*text == '#' && p->len >= 9)
		text += 6;
	buf_printf(&words, "%u: %s", code, text);
	switch (code) {
	case 1040: /* too many connections */
	case 1053: /* shutting down */
	case 1129: /* host blocked, after too many errors */
	case 1203: /* too many connections of this user */
		return said_not_now(err, want, buf_str(&words));
	default:
		return said_unwanted(err, want, buf_str(&words));
	}
}

/* The flags' lower half, in which CLIENT_SSL is. */
static int
read_flags(const struct packet *p, unsigned *flags, struct error *err)
{
	const char *version = (const char *)p->p + 1;
	size_t at = 1 + strlen(version) + 1 + BEFORE_FLAGS;

	if (p->p[0] == 0xff)
		return tell_error(p, err);
	if (p->p[0] == 9)
		return said_no_offer(err, "TLS", "protocol 9");
	if (p->p[0] != 10)
		return error_set(err, ERROR_PARSE,
			"want a MySQL greeting of protocol 10, have %u",
			p->p[0]);
	if (at + 2 > p->len)
		return error_set(err, ERROR_PARSE,
			"want a MySQL greeting with flags, have one of %zu "
			"bytes",
			p->len);
	*flags = p->p[at] | (unsigned)p->p[at + 1] << 8;
	if ((*flags & CLIENT_SSL) == 0)
		return said_no_offer(err, "TLS", version);
	return 0;
}

int
starttls_mysql(struct stream *s, const struct target *t, struct error *err)
{
	/* Packet 1, of 32 bytes: flags, longest packet, utf8, 23 of nothing. */
	unsigned char request[4 + 32] = { 32, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1,
		33 };
	static const unsigned char nothing[4];
	unsigned flags = 0;
	struct packet p = { .p = nothing };

	(void)t;
	if (read_packet(s, &p, err) == -1 || read_flags(&p, &flags, err) == -1)
		return -1;
	flags &= CLIENT_LONG_PASSWORD | CLIENT_SECURE_CONNECTION;
	flags |= CLIENT_SSL | CLIENT_PROTOCOL_41;
	request[4] = flags & 0xff;
	request[5] = flags >> 8 & 0xff;
	/* There is no go-ahead: what comes next is TLS. */
	return stream_write(s, request, sizeof(request), err);
}
