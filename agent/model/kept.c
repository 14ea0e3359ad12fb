/* kept.c - a judged target as bytes, from which it is had again */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "model/hash.h"
#include "model/kept.h"
#include "model/kept_parts.h"
#include "model/pack.h"

/* Raised with every change of what is written, or of pack.c. */
#define VERSION 2

#define SUM_SIZE sizeof(uint64_t) /* stands first */
#define MAX_FINDINGS 100000
#define MAX_TAGS 100000

/*
 * Of a file that can be read back, and, from FORMATS_FIT on, of others, which
 * are opened with secrets, or in parts.
 */
static const char *const formats[] = { NULL, "PEM", "DER", "PKCS#7", "PKCS#12",
	"kubeconfig" };

#define FORMATS_FIT 4
#define FORMATS (sizeof(formats) / sizeof(formats[0]))

enum {
	RESULT_STORE = 1,
	RESULT_LOOKED = 2,
	RESULT_SEEN_STORE = 4,
	RESULT_ENDPOINT = 8,
	RESULT_SEEN = 16,
	RESULT_CLIENT_WANTED = 32,
	RESULT_FLAGS = 63,
};

/* 0 also where it is none of them. */
static size_t
format_place(const char *format)
{
	for (size_t i = 1; i < FORMATS && format != NULL; i++) {
		if (strcmp(format, formats[i]) == 0)
			return i;
	}
	return 0;
}

static bool
is_fit(const char *format)
{
	size_t place = format_place(format);

	return place > 0 && place < FORMATS_FIT;
}

bool
kept_fits(const struct result *r)
{
	const struct observation *ob = r->seen;

	return r->target->kind == TARGET_FILE && ob != NULL &&
		r->account == NULL && r->client == NULL &&
		r->status != SEV_UNKNOWN && ob->n_faults == 0 &&
		ob->n_parts == 0 && ob->n_lent == 0 && ob->n_others == 0 &&
		ob->deployed == NULL && ob->client == NULL &&
		ob->listener == NULL &&
		(ob->format == NULL || is_fit(ob->format));
}

/*
 * What is left until a date is kept as the date itself: it reads otherwise each
 * second, and is the same. Within a text the quotes of such a key would be
 * escaped.
 */
static void
put_shifted(struct buf *out, const char *details, time_t by)
{
	static const char key[] = "\"seconds_left\":";
	const char *number = strstr(details, key);
	char *end;
	int64_t left;

	if (number == NULL) {
		buf_puts(out, details);
		return;
	}
	number += strlen(key);
	left = strtoll(number, &end, 10);
	buf_add(out, details, (size_t)(number - details));
	buf_printf(out, "%" PRId64, (int64_t)((uint64_t)left + (uint64_t)by));
	buf_puts(out, end);
}

static void
write_finding(struct pack *p, const struct finding *f, time_t now)
{
	BUF_CLEANUP struct buf details = { 0 };

	pack_number(p, (int64_t)finding_kind_place(f->kind));
	pack_number(p, f->severity);
	pack_string(p, f->subject);
	pack_string(p, f->message);
	pack_string(p, f->hint);
	if (f->details != NULL)
		put_shifted(&details, f->details, now);
	pack_bytes(p, details.s, details.len);
}

/* What is damaged is not to be taken for another judgement. */
static void
put_sum(struct buf *out, size_t begin)
{
	uint64_t sum = hash_bytes(
		out->s + begin + SUM_SIZE, out->len - begin - SUM_SIZE);

	memcpy(out->s + begin, &sum, SUM_SIZE);
}

static bool
is_whole(const char *bytes, size_t n)
{
	uint64_t sum;

	if (n < SUM_SIZE)
		return false;
	sum = hash_bytes(bytes + SUM_SIZE, n - SUM_SIZE);
	return memcmp(bytes, &sum, SUM_SIZE) == 0;
}

/*
 * What stands in front: findings are kept by their place, so that another
 * catalogue is another program too.
 */
static int64_t
mark(void)
{
	static _Atomic int64_t made;
	BUF_CLEANUP struct buf ids = { 0 };
	const struct finding_kind *k;

	if (atomic_load(&made) != 0)
		return atomic_load(&made);
	buf_printf(&ids, "%d", VERSION);
	for (size_t i = 0; (k = finding_kind_at(i)) != NULL; i++)
		buf_printf(&ids, " %s", k->id);
	atomic_store(
		&made, (int64_t)(hash_bytes(ids.s, ids.len) & INT32_MAX) | 1);
	return atomic_load(&made);
}

static int64_t
flags_of(const struct result *r)
{
	const struct target *t = r->target;

	return (r->store ? RESULT_STORE : 0) | (r->looked ? RESULT_LOOKED : 0) |
		(r->seen != NULL ? RESULT_SEEN : 0) |
		(r->seen != NULL && r->seen->store ? RESULT_SEEN_STORE : 0) |
		(t->kind == TARGET_ENDPOINT ? RESULT_ENDPOINT : 0) |
		(client_is_asked_for(&t->client) ? RESULT_CLIENT_WANTED : 0);
}

static void
write_seen(struct pack *p, const struct observation *ob, bool endpoint)
{
	pack_number(p, (int64_t)format_place(ob->format));
	pack_number(p, ob->changed_at);
	kept_put_certs(p, ob);
	if (endpoint)
		kept_put_endpoint(p, ob);
}

/* Of a catalogue's row its place and one more; 0: there is none. */
static int64_t
verdict_place(const char *id)
{
	const struct finding_kind *kind = id != NULL ? finding_kind(id) : NULL;

	return kind == NULL ? 0 : (int64_t)finding_kind_place(kind) + 1;
}

static void
write_tags(struct pack *p, const struct words *tags)
{
	pack_number(p, (int64_t)tags->n);
	for (size_t i = 0; i < tags->n; i++)
		pack_string(p, tags->v[i]);
}

static void
read_tags(struct unpack *u, struct words *tags)
{
	size_t n = unpack_count(u, MAX_TAGS);

	*tags = (struct words){ 0 };
	if (n == 0)
		return;
	tags->v = shelf_alloc(u->shelf, n * sizeof(tags->v[0]));
	while (tags->n < n && !u->broken)
		tags->v[tags->n++] = kept_must(u);
}

/* All but the moment that it was judged for. */
static void
write_body(struct pack *p, const struct result *r)
{
	pack_number(p, r->status);
	pack_number(p, r->role);
	pack_number(p, r->target->role);
	write_tags(p, &r->target->tags);
	pack_number(p, flags_of(r));
	pack_number(p, r->warning_at);
	pack_number(p, r->critical_at);
	pack_number(p, r->order_by);
	pack_string(p, r->deployed);
	pack_number(p, verdict_place(r->client));
	if (r->seen != NULL)
		write_seen(p, r->seen, r->target->kind == TARGET_ENDPOINT);
	pack_number(p, (int64_t)r->findings.n);
	for (size_t i = 0; i < r->findings.n; i++)
		write_finding(p, &r->findings.v[i], r->observed_at);
}

uint64_t
kept_write(const struct result *r, struct buf *out)
{
	static const char no_sum[SUM_SIZE];
	struct pack p = { .out = out };
	size_t begin = out->len, body;

	buf_add(out, no_sum, SUM_SIZE);
	pack_number(&p, mark());
	pack_number(&p, r->observed_at);
	body = out->len;
	write_body(&p, r);
	put_sum(out, begin);
	return hash_bytes(out->s + body, out->len - body);
}

static void
read_details(struct unpack *u, struct finding *f, time_t now)
{
	BUF_CLEANUP struct buf stored = { 0 }, details = { 0 };
	size_t n = 0;
	const char *text = unpack_bytes(u, &n);

	if (n == 0)
		return;
	buf_add(&stored, text, n);
	put_shifted(&details, stored.s, -now);
	f->details = shelf_text(u->shelf, details.s, details.len);
}

static void
read_finding(struct unpack *u, struct finding *f, time_t now)
{
	f->kind = finding_kind_at((size_t)kept_within(u, INT32_MAX));
	if (f->kind == NULL)
		u->broken = true;
	f->severity = (enum severity)kept_within(u, SEV_UNKNOWN);
	f->subject = kept_must(u);
	f->message = kept_must(u);
	f->hint = unpack_string(u);
	read_details(u, f, now);
}

static void
read_findings(struct unpack *u, struct findings *fs, time_t now)
{
	size_t n = unpack_count(u, MAX_FINDINGS);

	if (n == 0)
		return;
	fs->v = shelf_alloc(u->shelf, n * sizeof(*fs->v));
	while (fs->n < n && !u->broken)
		read_finding(u, &fs->v[fs->n++], now);
}

static struct observation *
read_seen(struct unpack *u, int64_t flags)
{
	struct observation *ob = shelf_alloc(u->shelf, sizeof(*ob));

	ob->handshake = shelf_no_handshake();
	ob->store = (flags & RESULT_SEEN_STORE) != 0;
	ob->format = formats[kept_within(u, FORMATS - 1)];
	ob->changed_at = unpack_number(u);
	kept_certs(u, ob);
	if ((flags & RESULT_ENDPOINT) != 0)
		kept_endpoint(u, ob);
	return ob;
}

static const char *
read_verdict(struct unpack *u)
{
	int64_t place = kept_within(u, INT32_MAX);
	const struct finding_kind *kind;

	if (place == 0)
		return NULL;
	kind = finding_kind_at((size_t)place - 1);
	if (kind == NULL)
		u->broken = true;
	return kind == NULL ? NULL : kind->id;
}

static void
read_body(struct unpack *u, struct result *r, struct kept_target *kept)
{
	int64_t flags;

	r->status = (enum severity)kept_within(u, SEV_UNKNOWN);
	r->role = (enum role)kept_within(u, ROLE_ANY);
	kept->role = (enum role)kept_within(u, ROLE_ANY);
	read_tags(u, &kept->tags);
	flags = kept_within(u, RESULT_FLAGS);
	kept->kind = (flags & RESULT_ENDPOINT) != 0 ? TARGET_ENDPOINT
						    : TARGET_FILE;
	kept->client_wanted = (flags & RESULT_CLIENT_WANTED) != 0;
	r->store = (flags & RESULT_STORE) != 0;
	r->looked = (flags & RESULT_LOOKED) != 0;
	r->warning_at = unpack_number(u);
	r->critical_at = unpack_number(u);
	r->order_by = unpack_number(u);
	r->deployed = unpack_string(u);
	r->client = read_verdict(u);
	if ((flags & RESULT_SEEN) != 0)
		r->seen = read_seen(u, flags);
	read_findings(u, &r->findings, r->observed_at);
}

/* What follows is the body. */
static bool
begin_reading(struct unpack *u, const void *bytes, size_t n, time_t now,
	struct shelf *shelf)
{
	if (bytes == NULL || !is_whole(bytes, n))
		return false;
	unpack_init(u, (const char *)bytes + SUM_SIZE, n - SUM_SIZE, shelf);
	return unpack_number(u) == mark() && unpack_number(u) <= now;
}

bool
kept_stands(const void *bytes, size_t n, time_t now)
{
	struct unpack u;

	return begin_reading(&u, bytes, n, now, NULL);
}

struct result *
kept_read(const void *bytes, size_t n, time_t now, struct shelf *shelf,
	struct kept_target *kept)
{
	struct result *r;
	struct unpack u;

	if (!begin_reading(&u, bytes, n, now, shelf))
		return NULL;
	r = shelf_alloc(shelf, sizeof(*r));
	r->shelved = true;
	r->observed_at = now;
	r->duration_ms = -1;
	read_body(&u, r, kept);
	return unpack_is_done(&u) ? r : NULL;
}

struct result *
kept_read_of(const void *bytes, size_t n, const struct target *t, time_t now,
	struct shelf *shelf)
{
	struct kept_target kept;
	struct result *r = kept_read(bytes, n, now, shelf, &kept);

	if (r == NULL || kept.kind != t->kind)
		return NULL;
	r->target = t;
	r->deployed = target_deployed(t);
	r->duration_ms = 0;
	return r;
}
