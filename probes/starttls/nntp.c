/* nntp.c - news: STARTTLS (RFC 4642) */
#include "probes/starttls/reply.h"
#include "probes/starttls/said.h"
#include "probes/starttls/starttls.h"

struct abilities {
	bool told, starttls;
	bool other_mode; /* it has more for readers (RFC 3977, 5.3) */
	struct buf words;
};

static int
read_list(struct stream *s, struct abilities *a, struct error *err)
{
	char *line;
	int rc;

	buf_reset(&a->words);
	a->told = true;
	a->starttls = a->other_mode = false;
	while ((rc = reply_item(s, &line, err)) == 1) {
		a->starttls = a->starttls || said_begins(line, "STARTTLS");
		a->other_mode = a->other_mode ||
			said_begins(line, "MODE-READER");
		buf_printf(
			&a->words, "%s%s", a->words.len > 0 ? ", " : "", line);
	}
	return rc;
}

/* Servers older than RFC 3977 do not tell; that is no error. */
static int
ask_abilities(struct stream *s, struct abilities *a, struct error *err)
{
	BUF_CLEANUP struct buf reply = { 0 };
	int code;

	if (stream_ask(s, "CAPABILITIES\r\n", "CAPABILITIES", err) == -1)
		return -1;
	code = reply_read(s, &reply, err);
	if (code == 101)
		return read_list(s, a, err);
	if (code == 400)
		return reply_unwanted(err, code, "101 to CAPABILITIES", &reply);
	return code == -1 ? -1 : 0;
}

/* INN hands readers to another program, which is the one that has STARTTLS. */
static int
become_reader(struct stream *s, struct abilities *a, struct error *err)
{
	BUF_CLEANUP struct buf reply = { 0 };
	int code;

	if (stream_ask(s, "MODE READER\r\n", "MODE READER", err) == -1)
		return -1;
	code = reply_read(s, &reply, err);
	if (code == -1)
		return -1;
	if (code != 200 && code != 201)
		return reply_unwanted(
			err, code, "200 or 201 to MODE READER", &reply);
	return ask_abilities(s, a, err);
}

static int
agree(struct stream *s, struct abilities *a, struct error *err)
{
	BUF_CLEANUP struct buf reply = { 0 };
	int code = reply_read(s, &reply, err);

	if (code == -1)
		return -1;
	if (code != 200 && code != 201)
		return reply_unwanted(
			err, code, "200 or 201, a greeting", &reply);
	if (ask_abilities(s, a, err) == -1)
		return -1;
	if (!a->starttls && a->other_mode && become_reader(s, a, err) == -1)
		return -1;
	if (a->told && !a->starttls)
		return said_no_offer(err, "STARTTLS", buf_str(&a->words));
	if (stream_ask(s, "STARTTLS\r\n", "STARTTLS", err) == -1)
		return -1;
	return reply_expect(s, 382, "382 to STARTTLS", &reply, err);
}

int
starttls_nntp(struct stream *s, const struct target *t, struct error *err)
{
	struct abilities a = { 0 };
	int rc = agree(s, &a, err);

	(void)t;
	buf_release(&a.words);
	return rc;
}
