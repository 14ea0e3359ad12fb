/* digest_world.h - digests to be told: ordinary, a test, hostile, and huge */
#ifndef TESTS_DIGEST_WORLD_H
#define TESTS_DIGEST_WORLD_H

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "model/digest.h"
#include "model/duration.h"
#include "model/json.h"
#include "notifiers/format.h"

#define DIGEST_NOW ((time_t)1795197600) /* 2026-11-20T18:00:00Z */

/*
 * What certificates, servers and file names may say: each tries to become
 * more than text somewhere. The last one is 10 kB long.
 */
static const char *const hostile_texts[] = {
	"@here @channel @everyone @all",
	"<!channel> <!here> <!everyone> <@U012AB3CD> <@&123> <#C01>",
	"<users/all> <at>all</at> <at user_id=\"all\">x</at>",
	"[click](http://evil.example/) ![x](http://evil.example/x.png)",
	"<http://evil.example/|your bank> https://evil.example/?q=1",
	"<b onmouseover=\"alert(1)\">x</b><script>alert('1')</script>",
	"&lt;b&gt; &amp; &#60;script&#62; &quot;", "x\r\nX-Evil: 1\r\n\r\nbody",
	"x\nBcc: evil@example.net\rTitle: evil\n",
	"\"quotes\", 'single', \\ back\\\\slash\\\" `tick` ``` fence ```",
	"*bold* _it_ ~strike~ __u__ ||spoiler|| > quote # head - item 1. one",
	"{{subject}} {{{subject}}} {{#events}}{{/events}} ${x} $(x) %s%n",
	"\"}],\"event_action\":\"resolve\",\"x\":[{\"y\":\"",
	"../../etc/passwd /v2/alerts?x=1#y %2e%2e%0d%0a ;",
	"\001\002\007\010\013\014\033[2J\033]0;x\007\037\177",
	"\342\200\256txt.exe\342\200\254 \342\201\246x\342\201\251 \342\200\213",
	"\302\205 \342\200\250 \342\200\251 \357\273\277 \302\255",
	"\377\376 \300\257 \355\240\200 \364\220\200\200 \303",
	"\360\237\224\245\360\237\221\251\342\200\215\360\237\222\273 ",
	"\360\240\234\216 \363\240\201\201 \346\274\242 \303\274",
	"", /* nothing at all */
};

#define HOSTILE_TEXTS COUNT(hostile_texts)
#define HOSTILE_LONG 10240 /* bytes of the long ones */

/* One more than there are: the long one; the caller's to free(). */
static inline char *
hostile_text(size_t i)
{
	struct buf out = { 0 };

	if (i % (HOSTILE_TEXTS + 2) < HOSTILE_TEXTS)
		return str_dup(hostile_texts[i % (HOSTILE_TEXTS + 2)]);
	/* One without a blank, one of characters of four bytes. */
	while (out.len < HOSTILE_LONG)
		buf_puts(&out,
			i % (HOSTILE_TEXTS + 2) == HOSTILE_TEXTS
				? "\"<&@\\*long"
				: "\360\237\224\245");
	return buf_detach(&out);
}

static inline struct digest *
digest_empty(void)
{
	struct digest *d = mem_alloc(sizeof(*d));

	d->id = str_dup("msg_00112233445566778899aabbccddeeff");
	d->host = str_dup("agent1.example.com");
	d->time = DIGEST_NOW;
	return d;
}

/* Strings are copied; `finding`, `owner` and `hint` may be NULL. */
static inline struct event *
digest_event(struct digest *d, enum event_kind kind, enum severity severity,
	const char *target, const char *finding, const char *message)
{
	struct event e = {
		.kind = kind,
		.severity = severity,
		.target = LENT(target),
		.finding = LENT(finding),
		.subject = LENT(finding != NULL ? target : NULL),
		.message = LENT(message),
		.opened_at = DIGEST_NOW,
		.not_after = DIGEST_NOW + 12 * DAY_S,
	};
	cleanup(str_free) char *address = str_fmt("https://%s:443", target);
	cleanup(str_free) char *incident = str_fmt(
		"inc_%032zx", d->n + (size_t)0xabc000);

	e.address = kind == EVENT_TEST ? LENT("") : address;
	if (kind != EVENT_RENEWED && kind != EVENT_TEST)
		e.incident = incident;
	digest_add(d, &e);
	return &d->v[d->n - 1];
}

static inline void
digest_set(char **field, const char *value)
{
	free(*field);
	*field = str_dup(value);
}

/* One of each kind of event, as a scan would tell it; worst first. */
static inline struct digest *
digest_ordinary(void)
{
	struct digest *d = digest_empty();
	struct event *e;

	e = digest_event(d, EVENT_OPENED, SEV_CRITICAL, "www.example.com",
		"expiry.expired", "expired 3 days ago (2026-11-17)");
	digest_set(&e->owner, "web-team");
	digest_set(&e->hint, "Renew the certificate now and reload nginx.");
	strlist_add(&e->tags, "production");
	strlist_add(&e->tags, "shop");
	e->not_after = DIGEST_NOW - 3 * DAY_S;
	e = digest_event(d, EVENT_ESCALATED, SEV_CRITICAL, "shop.example.com",
		"expiry.soon", "expires in 6 days (2026-11-26)");
	digest_set(&e->owner, "shop-team");
	e->opened_at = DIGEST_NOW - 10 * DAY_S;
	e->not_after = DIGEST_NOW + 6 * DAY_S;
	e = digest_event(d, EVENT_REPEATED, SEV_WARNING, "www.example.com",
		"name.www", "the www name is not covered");
	e->opened_at = DIGEST_NOW - 7 * DAY_S;
	e = digest_event(d, EVENT_RESOLVED, SEV_CRITICAL, "mail.example.com",
		"endpoint.unreachable", "connection refused");
	e->opened_at = DIGEST_NOW - 3600;
	e->not_after = 0;
	e = digest_event(d, EVENT_RENEWED, SEV_OK, "api.example.com", NULL,
		"another certificate");
	e->old_not_after = DIGEST_NOW + 3 * DAY_S;
	e->not_after = DIGEST_NOW + 90 * DAY_S;
	digest_set(&e->old_sha256,
		"00000000000000000000000000000000"
		"00000000000000000000000000000000");
	digest_set(&e->new_sha256,
		"11111111111111111111111111111111"
		"11111111111111111111111111111111");
	return d;
}

/* What `certvigil notify --test` sends. */
static inline struct digest *
digest_of_test(void)
{
	struct digest *d = digest_empty();

	digest_event(d, EVENT_TEST, SEV_OK, "test", NULL,
		"this is a test message from certvigil on agent1.example.com; "
		"nothing is wrong");
	return d;
}

/*
 * Every hostile text in every place that text may have, in every kind of
 * event but a test.
 */
static inline struct digest *
digest_hostile(void)
{
	struct digest *d = digest_empty();

	for (size_t i = 0; i < HOSTILE_TEXTS + 2; i++) {
		cleanup(str_free) char *text = hostile_text(i);
		struct event *e = digest_event(d,
			(enum event_kind)(i % EVENT_TEST),
			i % 2 == 0 ? SEV_CRITICAL : SEV_WARNING, text,
			"expiry.soon", text);

		digest_set(&e->address, text);
		digest_set(&e->subject, text);
		digest_set(&e->owner, text);
		digest_set(&e->hint, text);
	}
	digest_sort(d);
	return d;
}

/* `n` incidents opened, every third critical; worst first. */
static inline struct digest *
digest_huge(size_t n)
{
	struct digest *d = digest_empty();

	for (size_t i = 0; i < n; i++) {
		cleanup(str_free) char *target = str_fmt(
			"host%05zu.example.com", i);
		struct event *e = digest_event(d, EVENT_OPENED,
			i % 3 == 0 ? SEV_CRITICAL : SEV_WARNING, target,
			"expiry.soon", "expires in 6 days (2026-11-26)");

		digest_set(&e->owner, "web-team");
	}
	digest_sort(d);
	return d;
}

/* The body of a request, which has to be JSON; for json_decref(). */
static inline json_t *
digest_body(const struct post *p)
{
	json_error_t why;
	json_t *j = json_loads(p->body, JSON_REJECT_DUPLICATES, &why);

	if (j == NULL)
		fail_msg("%s: %.200s", why.text, p->body);
	return j;
}

#endif
