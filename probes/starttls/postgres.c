/* postgres.c - PostgreSQL: SSLRequest (its manual, "Message Flow") */
#include <string.h>

#include "model/buf.h"
#include "probes/starttls/said.h"
#include "probes/starttls/starttls.h"

/* Its own length, and 1234 and 5679, which are no version. */
static const unsigned char request[] = { 0, 0, 0, 8, 4, 210, 22, 47 };

/* The field of a kind in an ErrorResponse, or NULL. `p` ends in a NUL. */
static const char *
field(const char *p, size_t n, char kind)
{
	const char *end = p + n;

	while (p < end && *p != '\0') {
		if (*p == kind)
			return p + 1;
		p += strlen(p) + 1;
	}
	return NULL;
}

/* "53300: sorry, too many clients already", as what follows an 'E' says. */
static int
tell_error(struct stream *s, struct error *err)
{
	static const char want[] = "S to SSLRequest";
	BUF_CLEANUP struct buf words = { 0 };
	const char *code, *text;
	const unsigned char *b;
	size_t len;

	if (stream_bytes(s, 4, &b, err) == -1)
		return -1;
	/* Before 7.4 the text followed at once. */
	if (b[0] != 0)
		return said_strange(err, want, s, b, 4);
	len = (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
	if (len < 4)
		return error_set(err, ERROR_PARSE,
			"want S to SSLRequest, have a damaged error");
	if (stream_bytes(s, len - 4, &b, err) == -1)
		return -1;
	code = field((const char *)b, len - 4, 'C');
	text = field((const char *)b, len - 4, 'M');
	buf_printf(&words, "%s: %s", code != NULL ? code : "error",
		text != NULL ? text : "no message");
	/* Out of resources, starting up, going down. */
	if (code != NULL &&
		(strncmp(code, "53", 2) == 0 || strncmp(code, "57", 2) == 0))
		return said_not_now(err, want, buf_str(&words));
	return said_unwanted(err, want, buf_str(&words));
}

int
starttls_postgres(struct stream *s, const struct target *t, struct error *err)
{
	const unsigned char *b;

	(void)t;
	s->asked = "SSLRequest";
	if (stream_write(s, request, sizeof(request), err) == -1 ||
		stream_bytes(s, 1, &b, err) == -1)
		return -1;
	switch (*b) {
	case 'S':
		return 0;
	case 'N':
		return error_set(err, ERROR_PARSE,
			"the server does not offer TLS: it answers N to "
			"SSLRequest (is ssl off?)");
	case 'E':
		return tell_error(s, err);
	default:
		return said_strange(err, "S to SSLRequest", s, b, 1);
	}
}
