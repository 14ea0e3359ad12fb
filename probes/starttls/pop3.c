/* pop3.c - POP3: STLS (RFC 2595, 4) */
#include <string.h>

#include "model/buf.h"
#include "probes/starttls/reply.h"
#include "probes/starttls/said.h"
#include "probes/starttls/starttls.h"

/*
 * RFC 2449: what the server can do, if it tells. Returns 0, or -1 and *err
 * where it tells and STLS is not among it.
 */
static int
look_for_stls(struct stream *s, struct error *err)
{
	BUF_CLEANUP struct buf offers = { 0 };
	bool found = false;
	char *line;
	int rc;

	if (stream_ask(s, "CAPA\r\n", "CAPA", err) == -1 ||
		stream_line(s, &line, err) == -1)
		return -1;
	if (!said_begins(line, "+OK"))
		return 0;
	while ((rc = reply_item(s, &line, err)) == 1) {
		found = found || said_begins(line, "STLS");
		buf_printf(&offers, "%s%s", offers.len > 0 ? ", " : "", line);
	}
	if (rc == -1)
		return -1;
	return found ? 0 : said_no_offer(err, "STLS", buf_str(&offers));
}

int
starttls_pop3(struct stream *s, const struct target *t, struct error *err)
{
	char *line;

	(void)t;
	if (stream_line(s, &line, err) == -1)
		return -1;
	if (!said_begins(line, "+OK"))
		return said_unwanted(err, "\"+OK\", a greeting", line);
	if (look_for_stls(s, err) == -1 ||
		stream_ask(s, "STLS\r\n", "STLS", err) == -1 ||
		stream_line(s, &line, err) == -1)
		return -1;
	if (!said_begins(line, "+OK"))
		return said_unwanted(err, "\"+OK\" to STLS", line);
	return 0;
}
