/* ftp.c - FTP: AUTH TLS (RFC 4217, 4) */
#include "probes/starttls/reply.h"
#include "probes/starttls/said.h"
#include "probes/starttls/starttls.h"

int
starttls_ftp(struct stream *s, const struct target *t, struct error *err)
{
	BUF_CLEANUP struct buf reply = { 0 };
	int code;

	(void)t;
	/* RFC 959, 5.4: 120, ready in so many minutes, then 220. */
	do {
		code = reply_read(s, &reply, err);
	} while (code == 120);
	if (code == -1)
		return -1;
	if (code != 220)
		return reply_unwanted(err, code, "220, a greeting", &reply);
	if (stream_ask(s, "AUTH TLS\r\n", "AUTH TLS", err) == -1)
		return -1;
	code = reply_read(s, &reply, err);
	if (code == -1 || code == 234)
		return code == -1 ? -1 : 0;
	/* RFC 2228, 3: no such command, no such mechanism, or by policy. */
	if (code >= 500)
		return said_no_offer(err, "AUTH TLS", buf_str(&reply));
	return reply_unwanted(err, code, "234 to AUTH TLS", &reply);
}
