/* pack.c - numbers and texts as few bytes, and back */
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "model/pack.h"

/* What most certificates say, so that it need not come before. */
static const char *const common[] = {
	"",
	"EC",
	"RSA",
	"prime256v1",
	"secp384r1",
	"ED25519",
	"ecdsa-with-SHA256",
	"ecdsa-with-SHA384",
	"sha256WithRSAEncryption",
	"sha384WithRSAEncryption",
};

#define COMMON (sizeof(common) / sizeof(common[0]))

/* The two lowest bits before a text; above them a length or a place. */
enum kind { KIND_NULL, KIND_PLAIN, KIND_HEX, KIND_KNOWN };

#define MIN_HEX 8 /* digits; fewer are not worth it */

/* More than a file of 16 MiB can have in it, however often it is pointed at. */
#define MAX_UNPACKED ((size_t)64 * 1024 * 1024)

/* LEB128: seven bits a byte, the lowest first. */
static void
put(struct buf *out, uint64_t n)
{
	char bytes[10];
	size_t len = 0;

	do {
		bytes[len++] = (char)((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
		n >>= 7;
	} while (n > 0);
	buf_add(out, bytes, len);
}

static uint64_t
get(struct unpack *u)
{
	uint64_t n = 0;

	for (unsigned shift = 0; !u->broken; shift += 7) {
		if (u->p == u->end || shift > 63)
			break;
		n |= (uint64_t)(*u->p & 0x7f) << shift;
		if (*u->p++ < 0x80)
			return n;
	}
	u->broken = true;
	return 0;
}

/* Small ones of either sign are short: 0, -1, 1, -2 ... */
void
pack_number(struct pack *p, int64_t n)
{
	put(p->out, (uint64_t)n << 1 ^ (n < 0 ? UINT64_MAX : 0));
}

int64_t
unpack_number(struct unpack *u)
{
	uint64_t n = get(u);

	return (int64_t)(n >> 1 ^ ((n & 1) != 0 ? UINT64_MAX : 0));
}

size_t
unpack_count(struct unpack *u, size_t most)
{
	uint64_t n = get(u) >> 1;

	if (n > most || n > (size_t)(u->end - u->p))
		u->broken = true;
	return u->broken ? 0 : (size_t)n;
}

static void
remember(struct pack_text *recent, size_t *n, const char *s, size_t len)
{
	recent[(*n)++ % PACK_RECENT] = (struct pack_text){ s, len };
}

/* Where it stands: common ones first, then the latest and so on back. */
static bool
find_known(const struct pack *p, const char *s, size_t len, size_t *place)
{
	size_t n = p->n < PACK_RECENT ? p->n : PACK_RECENT;

	for (size_t i = 0; i < n; i++) {
		const struct pack_text *t =
			&p->recent[(p->n - 1 - i) % PACK_RECENT];

		*place = COMMON + i;
		if (t->len == len && memcmp(t->s, s, len) == 0)
			return true;
	}
	for (*place = 0; *place < COMMON; ++*place) {
		if (strcmp(common[*place], s) == 0)
			return true;
	}
	return false;
}

static const char digits[] = "0123456789abcdef";

static bool
is_hex(const char *s, size_t len)
{
	return len >= MIN_HEX && len % 2 == 0 && strspn(s, digits) == len;
}

static unsigned
digit_value(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

static void
put_hex(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i += 2)
		buf_putc(out,
			(char)(digit_value(s[i]) << 4 | digit_value(s[i + 1])));
}

void
pack_string(struct pack *p, const char *s)
{
	size_t len = s == NULL ? 0 : strlen(s), place;

	if (s == NULL) {
		put(p->out, KIND_NULL);
		return;
	}
	if (find_known(p, s, len, &place)) {
		put(p->out, place << 2 | KIND_KNOWN);
	} else if (is_hex(s, len)) {
		put(p->out, (len / 2) << 2 | KIND_HEX);
		put_hex(p->out, s, len);
	} else {
		put(p->out, len << 2 | KIND_PLAIN);
		buf_add(p->out, s, len);
	}
	remember(p->recent, &p->n, s, len);
}

void
pack_bytes(struct pack *p, const void *bytes, size_t n)
{
	put(p->out, n);
	buf_add(p->out, bytes, n);
}

const void *
unpack_bytes(struct unpack *u, size_t *n)
{
	uint64_t len = get(u);
	const void *bytes = u->p;

	*n = 0;
	if (u->broken || len > (size_t)(u->end - u->p)) {
		u->broken = true;
		return NULL;
	}
	u->p += len;
	*n = (size_t)len;
	return bytes;
}

void
unpack_init(struct unpack *u, const void *bytes, size_t n, struct shelf *shelf)
{
	u->shelf = shelf;
	u->p = bytes;
	u->end = u->p + n;
	u->broken = false;
	u->room = MAX_UNPACKED;
	u->n = 0;
}

/* A text as it stands there. */
struct packed {
	enum kind kind;
	const char *s; /* of KIND_HEX half as many bytes */
	size_t len; /* when unpacked */
};

static bool
get_known(const struct unpack *u, uint64_t place, struct packed *out)
{
	size_t n = u->n < PACK_RECENT ? u->n : PACK_RECENT;
	const struct pack_text *t;

	if (place < COMMON) {
		out->s = common[place];
		out->len = strlen(out->s);
		return true;
	}
	if (place - COMMON >= n)
		return false;
	t = &u->recent[(u->n - 1 - (place - COMMON)) % PACK_RECENT];
	out->s = t->s;
	out->len = t->len;
	return true;
}

/* False: it is NULL, or broken. */
static bool
find_packed(struct unpack *u, struct packed *out)
{
	uint64_t head = get(u), n = head >> 2;

	out->kind = (enum kind)(head & 3);
	if (u->broken || out->kind == KIND_NULL)
		return false;
	if (out->kind == KIND_KNOWN) {
		u->broken = !get_known(u, n, out);
		return !u->broken;
	}
	if (n > (size_t)(u->end - u->p) ||
		(out->kind == KIND_PLAIN && memchr(u->p, '\0', n) != NULL)) {
		u->broken = true;
		return false;
	}
	out->s = (const char *)u->p;
	out->len = out->kind == KIND_HEX ? n * 2 : n;
	u->p += n;
	return true;
}

static bool
get_packed(struct unpack *u, struct packed *out)
{
	if (!find_packed(u, out))
		return false;
	if (out->len >= u->room) {
		u->broken = true;
		return false;
	}
	u->room -= out->len + 1;
	return true;
}

/* With the NUL. */
static void
lay_out(const struct packed *t, char *to)
{
	if (t->kind != KIND_HEX) {
		memcpy(to, t->s, t->len);
	} else {
		for (size_t i = 0; i < t->len; i += 2) {
			unsigned char c = (unsigned char)t->s[i / 2];

			to[i] = digits[c >> 4];
			to[i + 1] = digits[c & 15];
		}
	}
	to[t->len] = '\0';
}

/* Digits are laid out here before they are put on the shelf. */
static char *
shelve_hex(struct unpack *u, const struct packed *t)
{
	char few[256];
	char *s = t->len < sizeof(few) ? few : mem_grow(NULL, t->len + 1, 1);
	char *shelved;

	lay_out(t, s);
	shelved = shelf_text(u->shelf, s, t->len);
	if (s != few)
		free(s);
	return shelved;
}

char *
unpack_string(struct unpack *u)
{
	struct packed t;
	char *s;

	if (!get_packed(u, &t))
		return NULL;
	if (t.kind == KIND_KNOWN)
		s = (char *)t.s; /* it lies there, or is a word of ours */
	else if (t.kind == KIND_HEX)
		s = shelve_hex(u, &t);
	else
		s = shelf_text(u->shelf, t.s, t.len);
	remember(u->recent, &u->n, s, t.len);
	return s;
}

bool
unpack_is_done(const struct unpack *u)
{
	return !u->broken && u->p == u->end;
}
