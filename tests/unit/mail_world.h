/* mail_world.h - what the tests of mails share */
#ifndef TESTS_MAIL_WORLD_H
#define TESTS_MAIL_WORLD_H

#include "tests/unit/digest_world.h"

#include "notifiers/mail.h"

/* Text that tries to become more than text in a mail. */
#define HOSTILE                                                                \
	"x\r\nBcc: evil@example.net\r\n\r\n<script>alert(\"1\")</script>"      \
	"\033[2J\342\200\256&'\377"

static inline bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* How often `part` stands in `text`. */
static inline size_t
times(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		n++;
	return n;
}

/* From Cert Vigil to two; `to` is an array of two for it. */
static inline struct mail_envelope
envelope(struct address *to, const char *prefix)
{
	to[0] = (struct address){ "", "a@example.com" };
	to[1] = (struct address){ "Ops, Team", "b@example.com" };
	return (struct mail_envelope){
		.from = { "Cert Vigil", "cv@example.com" },
		.to = to,
		.n_to = 2,
		.subject_prefix = prefix,
	};
}

/* `n` warnings, three of a target, then one that was renewed. */
static inline struct digest *
digest_crowd(size_t n)
{
	struct digest *d = digest_empty();

	for (size_t i = 0; i + 1 < n; i++) {
		cleanup(str_free) char *target = str_fmt("t%zu.example", i / 3);

		digest_event(d, EVENT_OPENED, SEV_WARNING, target,
			"expiry.soon", "soon");
	}
	digest_event(d, EVENT_RENEWED, SEV_OK, "last.example", NULL, "m");
	return d;
}

/* One event whose every text is `text`. */
static inline struct digest *
digest_saying(const char *text)
{
	struct digest *d = digest_empty();
	struct event *e = digest_event(
		d, EVENT_OPENED, SEV_CRITICAL, text, text, text);

	digest_set(&e->owner, text);
	digest_set(&e->hint, text);
	return d;
}

#endif
