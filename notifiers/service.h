/* service.h - what the formats of services have in common */
#ifndef NOTIFIERS_SERVICE_H
#define NOTIFIERS_SERVICE_H

#include <jansson.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "model/digest.h"
#include "model/error.h"
#include "notifiers/chat.h"

#define SERVICE_DIGITS "0123456789"
#define SERVICE_ALNUM                                                          \
	SERVICE_DIGITS "abcdefghijklmnopqrstuvwxyz"                            \
		       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* How loud it rings; what is not known counts as critical. */
enum service_level {
	SERVICE_GOOD,
	SERVICE_TEST,
	SERVICE_WARNING,
	SERVICE_CRITICAL
};
#define SERVICE_LEVELS (SERVICE_CRITICAL + 1)

enum service_level service_level(const struct digest *d);

/*
 * Escapes of dialects. Plain text is shown as it is, but apps make links and
 * mentions of what is in it; a word joiner (U+2060), which nobody sees, parts
 * "://", and "@" from a name.
 */
void service_plain(struct buf *out, const char *s);
/* Besides, "<" as what looks alike: no <@id>, no <at ...>. */
void service_tame(struct buf *out, const char *s);
/*
 * HTML. A word of which an app could make a link, a mention, a tag or a
 * command stands in <code>, in which it looks for none.
 */
void service_html(struct buf *out, const char *s);

/* A measure: the bytes of `s` in a JSON string. */
size_t service_json_size(const char *s);

/*
 * `head`, the title (of at most `title_max` units), an empty line and the
 * text; together at most how->max units.
 */
void service_message(struct buf *out, const struct digest *d,
	const struct chat_dialect *how, const char *head, size_t title_max);

/* The title alone; for free(). */
char *service_title(const struct digest *d, const struct chat_dialect *how,
	size_t title_max);

/* `base` without slashes at its end, then `path`; for free(). */
char *service_url(const char *base, const char *path);
/* `s` as one part of a path or a query (RFC 3986, 2.1); for free(). */
char *service_percent(const char *s);

/* HMAC-SHA256 of `text` in base64; for free(). */
char *service_sign(const char *key, const char *text);

/*
 * Checks of settings; 0, or -1 and *err, which does not quote the value. NULL
 * is what nobody could read, and passes.
 */
/* Only characters of `allowed`, from `least` to `most` of them. */
int service_check(const char *key, const char *value, const char *allowed,
	size_t least, size_t most, const char *want, struct error *err);
/* One word of visible ASCII: what may stand in a header. */
int service_check_word(const char *key, const char *value, struct error *err);
/* A URL to which something is appended: no query, no fragment. */
int service_check_base(const char *url, struct error *err);
/* A URL that is used as it is, but for a query: no fragment. */
int service_check_hook(const char *url, struct error *err);

/*
 * Member `name` of the object that `body` begins with, be it cut off after
 * that: a service echoes the message, and only the beginning is kept. For
 * json_decref(), or NULL.
 */
json_t *service_member(const char *body, const char *name);
/* Fill `why` of took(): what came in place of `want`. Returns false. */
bool service_refuse(const char *body, const char *want, const char *code,
	const char *reason, struct buf *why);

static inline void
service_json_free(json_t *j)
{
	json_decref(j);
}
DEFINE_CLEANUP(json_t, service_json_free)

#endif
