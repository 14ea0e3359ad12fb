/* fuzz_digest.c - any text at all in a message, and in what is answered to it
 */
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "model/alloc.h"
#include "model/json.h"
#include "notifiers/chat.h"
#include "notifiers/format.h"
#include "notifiers/mail.h"
#include "notifiers/template.h"
#include "notifiers/url.h"

#define NOW ((time_t)1800000000)
#define BODY_MAX (512 * 1024) /* of one request of a service with limits */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(holds)                                                            \
	do {                                                                   \
		if (!(holds))                                                  \
			__builtin_trap();                                      \
	} while (0)

static const struct account accounts[FORMATS] = {
	[FORMAT_telegram] = { .token = "123456:ABC-DEF", .to = "-100123" },
	[FORMAT_pushover] = { .token = "0123456789abcdefghijklmnopqrst",
		.to = "0123456789abcdefghijklmnopqrst" },
	[FORMAT_pagerduty] = { .token = "0123456789abcdef0123456789abcdef" },
	[FORMAT_opsgenie] = { .token = "0123456789abcdef" },
	[FORMAT_matrix] = { .url = "https://chat.example/",
		.token = "t",
		.to = "!r:chat.example" },
	[FORMAT_ntfy] = { .url = "https://chat.example/", .to = "alerts" },
	[FORMAT_gotify] = { .url = "https://chat.example/", .token = "t" },
	[FORMAT_dingtalk] = { .url = "https://chat.example/hook",
		.secret = "SECabc" },
};

/* One header's value, or a URL. */
static bool
is_line(const char *s)
{
	while (*s >= ' ' && *s < 0x7f)
		s++;
	return *s == '\0';
}

static void
check_post(const struct post *p, bool limited)
{
	json_t *body = json_loads(p->body, JSON_REJECT_DUPLICATES, NULL);

	MUST(body != NULL);
	json_decref(body);
	MUST(!limited || strlen(p->body) <= BODY_MAX);
	for (size_t i = 0; i < p->headers.n; i++)
		MUST(is_line(p->headers.v[i]));
	if (p->url != NULL) {
		cleanup(curl_url_cleanup) CURLU *u = url_parse(p->url);
		cleanup(str_free) char *origin = url_origin(p->url);

		MUST(u != NULL && is_line(p->url));
		MUST(strstr(origin, "chat.example") != NULL ||
			strstr(origin, "api.") != NULL ||
			strstr(origin, "events.") != NULL);
	}
}

static void
check_formats(const struct digest *d)
{
	for (int i = 0; i < FORMATS; i++) {
		struct account a = accounts[i];
		struct posts posts = { 0 };
		struct error err = { 0 };
		/* Those tell all that there is. */
		bool limited = i != FORMAT_json && i != FORMAT_alertmanager;

		if (i == FORMAT_template)
			continue;
		if (a.url == NULL && format_table[i]->url == NULL)
			a.url = "https://chat.example/hook";
		MUST(format_table[i]->make(d, &a, NOW, &posts, &err) == 0);
		for (size_t k = 0; k < posts.n; k++)
			check_post(&posts.v[k], limited);
		posts_release(&posts);
	}
}

/* RFC 5322, 2.1.1 and 2.2, and no field but ours. */
static void
check_mail(const struct digest *d)
{
	static const char *const names[] = { "From:", "To:", "Subject:",
		"Date:", "Message-ID:", "In-Reply-To:", "References:",
		"List-Id:", "Auto-Submitted:", "X-Auto-Response-Suppress:",
		"MIME-Version:", "Content-Type:" };
	struct address to = { .addr = "ops@example.com" };
	struct mail_envelope m = { .from = { .addr = "agent@example.com" },
		.to = &to,
		.n_to = 1,
		.subject_prefix = "[certvigil]" };
	BUF_CLEANUP struct buf mail = { 0 };
	bool header = true;

	mail_message(&mail, &m, d);
	MUST(strlen(mail.s) == mail.len && mail.len <= MAIL_BYTES_MAX);
	for (const char *s = mail.s, *end; *s != '\0'; s = end + 2) {
		bool known = *s == ' ';

		end = strstr(s, "\r\n");
		MUST(end != NULL && end - s <= 998);
		for (const char *p = s; p < end; p++)
			MUST(*p >= ' ' && *p < 0x7f);
		header = header && end > s;
		for (size_t i = 0; header && i < 12; i++)
			known |= strncmp(s, names[i], strlen(names[i])) == 0;
		MUST(!header || known);
	}
}

/* What may stand in the outbox: it is refused, or becomes what it was. */
static void
read_digest(const char *text)
{
	json_t *j = json_loads(text, 0, NULL), *again = NULL, *third = NULL;
	struct error err = { 0 };
	struct digest *d = digest_from_json(j, &err), *copy;

	if (d != NULL) {
		check_formats(d);
		check_mail(d);
		again = digest_to_json(d);
		copy = digest_from_json(again, &err);
		MUST(copy != NULL);
		third = digest_to_json(copy);
		MUST(json_equal(again, third));
		digest_free(copy);
	}
	json_decref(j);
	json_decref(again);
	json_decref(third);
	digest_free(d);
}

/* The next line of what is left, or "". */
static char *
next_line(char **text)
{
	char *line = strsep(text, "\n");

	return line != NULL ? line : (char *)"";
}

/* A line a text, as certificates may have it; then there is no more. */
static void
tell_lines(char *text)
{
	struct digest *d = mem_alloc(sizeof(*d));

	d->id = str_dup("msg_00112233445566778899aabbccddeeff");
	d->host = str_dup(next_line(&text));
	d->time = NOW;
	while (text != NULL && d->n < 300) {
		const char *how = next_line(&text);
		struct event e = {
			.kind = (enum event_kind)(
				(unsigned char)how[0] % EVENT_KINDS),
			.severity = (enum severity)(
				how[0] == '\0' ? 1 : (unsigned char)how[1] % 4),
			.incident = how[0] == '\0' ? NULL : (char *)"inc_1",
			.target = next_line(&text),
			.address = next_line(&text),
			.owner = next_line(&text),
			.finding = next_line(&text),
			.message = next_line(&text),
			.hint = next_line(&text),
			.opened_at = NOW,
			.not_after = NOW + how[0] * 86400,
		};

		digest_add(d, &e);
	}
	digest_sort(d);
	check_formats(d);
	check_mail(d);
	digest_free(d);
}

static void
read_answer(const char *body)
{
	for (int i = 0; i < FORMATS; i++) {
		const struct format *f = format_table[i];
		BUF_CLEANUP struct buf why = { 0 };

		if (f->took != NULL)
			MUST(f->took(body, &why) || why.len > 0);
		if (f->wait_s != NULL)
			(void)f->wait_s(body);
	}
}

static void
read_template(const char *text)
{
	struct error err = { 0 };
	cleanup(template_free) struct template *t = template_parse(text, &err);

	MUST(t != NULL || err.text[0] != '\0');
}

/* The first byte tells what the rest is. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(str_free) char *text = NULL;

	if (size == 0)
		return 0;
	text = str_ndup((const char *)data + 1, size - 1);
	if (*data == 'a')
		read_answer(text);
	else if (*data == 't')
		read_template(text);
	else if (*data == 'd')
		read_digest(text);
	else
		tell_lines(text);
	return 0;
}
