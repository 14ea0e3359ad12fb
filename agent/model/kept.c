/* kept.c - a judged file as bytes, from which the next scan has it again */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/hash.h"
#include "model/kept.h"
#include "model/pack.h"

/* Raised with every change of what is written, or of pack.c. */
#define VERSION 1

#define SUM_SIZE sizeof(uint64_t) /* stands first */
#define MAX_NAMES 100000 /* beyond what cert.c takes from a certificate */
#define MAX_FINDINGS 100000

/* A file that can be read back; others are opened with secrets, or in parts. */
static const char *const formats[] = { NULL, "PEM", "DER", "PKCS#7" };

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

enum {
	RESULT_STORE = 1,
	RESULT_LOOKED = 2,
	RESULT_SEEN_STORE = 4,
	RESULT_FLAGS = 7,
};

enum {
	CERT_DATED = 1,
	CERT_CA = 2,
	CERT_SELF_SIGNED = 4,
	CERT_FLAGS = 7,
};

/* FORMATS: it is none of them. */
static size_t
format_place(const char *format)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (format == NULL || formats[i] == NULL
				? format == formats[i]
				: strcmp(format, formats[i]) == 0)
			return i;
	}
	return FORMATS;
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
		ob->listener == NULL && format_place(ob->format) < FORMATS;
}

static void
write_cert(struct pack *p, const struct cert *c)
{
	pack_number(p,
		(c->has_dates ? CERT_DATED : 0) | (c->is_ca ? CERT_CA : 0) |
			(c->self_signed ? CERT_SELF_SIGNED : 0));
	pack_number(p, c->not_before);
	pack_number(
		p, (int64_t)((uint64_t)c->not_after - (uint64_t)c->not_before));
	pack_number(p, (int64_t)c->line);
	pack_number(p, c->key_bits);
	pack_string(p, c->sha256);
	pack_string(p, c->serial);
	pack_number(p, (int64_t)c->names.n);
	for (size_t i = 0; i < c->names.n; i++)
		pack_string(p, c->names.v[i]);
	/* Mostly the first name, or a common name of the next one. */
	pack_string(p, c->label);
	pack_string(p, c->issuer_label);
	pack_string(p, c->subject);
	pack_string(p, c->issuer);
	pack_string(p, c->key_type);
	pack_string(p, c->key_curve);
	pack_string(p, c->signature);
	pack_string(p, c->issuer_url);
}

static void
write_finding(struct pack *p, const struct finding *f)
{
	pack_number(p, (int64_t)finding_kind_place(f->kind));
	pack_number(p, f->severity);
	pack_string(p, f->subject);
	pack_string(p, f->message);
	pack_string(p, f->hint);
	pack_bytes(p, f->details, f->details == NULL ? 0 : strlen(f->details));
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

void
kept_write(const struct result *r, struct buf *out)
{
	static const char no_sum[SUM_SIZE];
	const struct observation *ob = r->seen;
	struct pack p = { .out = out };
	size_t begin = out->len;

	buf_add(out, no_sum, SUM_SIZE);
	pack_number(&p, VERSION);
	pack_number(&p, r->observed_at);
	pack_number(&p, r->status);
	pack_number(&p, r->role);
	pack_number(&p,
		(r->store ? RESULT_STORE : 0) |
			(r->looked ? RESULT_LOOKED : 0) |
			(ob->store ? RESULT_SEEN_STORE : 0));
	pack_number(&p, (int64_t)format_place(ob->format));
	pack_number(&p, ob->changed_at);
	pack_number(&p, (int64_t)ob->n_certs);
	for (size_t i = 0; i < ob->n_certs; i++)
		write_cert(&p, &ob->certs[i]);
	pack_number(&p, (int64_t)r->findings.n);
	for (size_t i = 0; i < r->findings.n; i++)
		write_finding(&p, &r->findings.v[i]);
	put_sum(out, begin);
}

/* A number from 0 to `most`. */
static int64_t
read_within(struct unpack *u, int64_t most)
{
	int64_t n = unpack_number(u);

	if (n < 0 || n > most)
		u->broken = true;
	return u->broken ? 0 : n;
}

/* One that must be there. */
static char *
read_must(struct unpack *u)
{
	char *s = unpack_string(u);

	if (s == NULL)
		u->broken = true;
	return s;
}

static void
read_names(struct unpack *u, struct strlist *names)
{
	size_t n = unpack_count(u, MAX_NAMES);

	if (n == 0)
		return;
	names->v = shelf_alloc(u->shelf, n * sizeof(names->v[0]));
	while (names->n < n && !u->broken) {
		char *name = read_must(u);

		if (name != NULL)
			names->v[names->n++] = name;
	}
}

static void
read_cert(struct unpack *u, struct cert *c)
{
	int64_t flags = read_within(u, CERT_FLAGS);

	c->has_dates = (flags & CERT_DATED) != 0;
	c->is_ca = (flags & CERT_CA) != 0;
	c->self_signed = (flags & CERT_SELF_SIGNED) != 0;
	c->not_before = unpack_number(u);
	c->not_after =
		(time_t)((uint64_t)c->not_before + (uint64_t)unpack_number(u));
	c->line = (size_t)read_within(u, INT64_MAX);
	c->key_bits = (int)read_within(u, INT32_MAX);
	c->sha256 = read_must(u);
	c->serial = read_must(u);
	read_names(u, &c->names);
	c->label = read_must(u);
	c->issuer_label = read_must(u);
	c->subject = read_must(u);
	c->issuer = read_must(u);
	c->key_type = read_must(u);
	c->key_curve = unpack_string(u);
	c->signature = read_must(u);
	c->issuer_url = unpack_string(u);
}

static void
read_certs(struct unpack *u, struct observation *ob)
{
	size_t n = unpack_count(u, OBSERVATION_MAX_CERTS);

	if (n == 0)
		return;
	ob->certs = shelf_alloc(u->shelf, n * sizeof(*ob->certs));
	while (ob->n_certs < n && !u->broken)
		read_cert(u, &ob->certs[ob->n_certs++]);
}

/*
 * What is left until a date is all that has changed since. Within a text the
 * quotes of such a key would be escaped.
 */
static char *
later_details(struct shelf *shelf, const char *text, size_t n, int64_t passed_s)
{
	static const char key[] = "\"seconds_left\":";
	const char *at = memmem(text, n, key, strlen(key));
	BUF_CLEANUP struct buf whole = { 0 }, later = { 0 };
	const char *number;
	char *end;
	int64_t left;

	if (at == NULL)
		return shelf_text(shelf, text, n);
	buf_add(&whole, text, n);
	number = whole.s + (at - text) + strlen(key);
	left = strtoll(number, &end, 10);
	buf_add(&later, whole.s, (size_t)(number - whole.s));
	buf_printf(&later, "%" PRId64,
		(int64_t)((uint64_t)left - (uint64_t)passed_s));
	buf_puts(&later, end);
	return shelf_text(shelf, later.s, later.len);
}

static void
read_details(struct unpack *u, struct finding *f, int64_t passed_s)
{
	size_t n = 0;
	const char *text = unpack_bytes(u, &n);

	if (n > 0)
		f->details = later_details(u->shelf, text, n, passed_s);
}

static void
read_finding(struct unpack *u, struct finding *f, int64_t passed_s)
{
	f->kind = finding_kind_at((size_t)read_within(u, INT32_MAX));
	if (f->kind == NULL)
		u->broken = true;
	f->severity = (enum severity)read_within(u, SEV_CRITICAL);
	f->subject = read_must(u);
	f->message = read_must(u);
	f->hint = unpack_string(u);
	read_details(u, f, passed_s);
}

static void
read_findings(struct unpack *u, struct findings *fs, int64_t passed_s)
{
	size_t n = unpack_count(u, MAX_FINDINGS);

	if (n == 0)
		return;
	fs->v = shelf_alloc(u->shelf, n * sizeof(*fs->v));
	while (fs->n < n && !u->broken)
		read_finding(u, &fs->v[fs->n++], passed_s);
}

static struct observation *
read_seen(struct unpack *u, bool store)
{
	struct observation *ob = shelf_alloc(u->shelf, sizeof(*ob));

	ob->handshake = shelf_no_handshake();
	ob->store = store;
	ob->format = formats[read_within(u, FORMATS - 1)];
	ob->changed_at = unpack_number(u);
	read_certs(u, ob);
	return ob;
}

struct result *
kept_read(const void *bytes, size_t n, const struct target *t, time_t now,
	struct shelf *shelf)
{
	struct result *r;
	time_t since;
	struct unpack u;
	int64_t flags;

	if (!is_whole(bytes, n))
		return NULL;
	unpack_init(&u, (const char *)bytes + SUM_SIZE, n - SUM_SIZE, shelf);
	if (unpack_number(&u) != VERSION)
		return NULL;
	since = unpack_number(&u);
	if (since > now)
		return NULL;
	r = shelf_alloc(shelf, sizeof(*r));
	r->shelved = true;
	r->target = t;
	r->deployed = target_deployed(t);
	r->observed_at = now;
	r->status = (enum severity)read_within(&u, SEV_CRITICAL);
	r->role = (enum role)read_within(&u, ROLE_ANY);
	flags = read_within(&u, RESULT_FLAGS);
	r->store = (flags & RESULT_STORE) != 0;
	r->looked = (flags & RESULT_LOOKED) != 0;
	r->seen = read_seen(&u, (flags & RESULT_SEEN_STORE) != 0);
	read_findings(
		&u, &r->findings, (int64_t)((uint64_t)now - (uint64_t)since));
	return unpack_is_done(&u) ? r : NULL;
}
