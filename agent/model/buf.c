/* buf.c - text that grows */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "model/buf.h"

static void
buf_reserve(struct buf *b, size_t n)
{
	if (n > SIZE_MAX / 2 - b->len)
		mem_exhausted();
	if (b->len + n < b->cap)
		return;
	b->cap = (b->len + n + 64) * 3 / 2;
	b->s = mem_grow(b->s, b->cap, 1);
}

void
buf_add(struct buf *b, const void *data, size_t n)
{
	buf_reserve(b, n);
	if (n > 0)
		memcpy(b->s + b->len, data, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	/* The end of what is there needs no call to grow. */
	if (b->len + 1 >= b->cap)
		buf_reserve(b, 1);
	b->s[b->len++] = c;
	b->s[b->len] = '\0';
}

void
buf_pad(struct buf *b, size_t n, char c)
{
	if (n == 0)
		return;
	buf_reserve(b, n);
	memset(b->s + b->len, c, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	size_t room = b->cap - b->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(room > 0 ? b->s + b->len : NULL, room, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n >= room) {
		buf_reserve(b, (size_t)n + 1);
		va_start(ap, fmt);
		n = vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	if (n >= 0)
		b->len += (size_t)n;
	else if (room > 0)
		b->s[b->len] = '\0';
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->s != NULL)
		b->s[0] = '\0';
}

void
buf_release(struct buf *b)
{
	free(b->s);
	*b = (struct buf){ 0 };
}

char *
buf_detach(struct buf *b)
{
	char *s = b->s != NULL ? b->s : str_dup("");

	*b = (struct buf){ 0 };
	return s;
}

const char *
buf_str(const struct buf *b)
{
	return b->s != NULL ? b->s : "";
}

void
strlist_add(struct strlist *l, const char *s)
{
	if ((l->n & (l->n - 1)) == 0)
		l->v = mem_grow(l->v, l->n == 0 ? 1 : l->n * 2, sizeof(*l->v));
	l->v[l->n++] = str_dup(s);
}

int
strlist_has(const struct strlist *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->v[i], s) == 0)
			return 1;
	}
	return 0;
}

void
strlist_release(struct strlist *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct strlist){ 0 };
}
