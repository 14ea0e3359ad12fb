/* alloc.c - memory that is there, or the program ends with one clear line */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/alloc.h"

/* What is aligned grows from the front, text from the back. */
struct arena_block {
	struct arena_block *next;
	size_t front, back;
	max_align_t data[];
};

struct arena {
	struct arena_block *first;
	size_t room; /* of the next block */
	size_t taken;
};

/* Large ones are given back to the system as they are freed, small ones not. */
#define ARENA_MIN_BLOCK ((size_t)16 * 1024)
#define ARENA_MAX_BLOCK ((size_t)1024 * 1024)

void
mem_exhausted(void)
{
	static const char line[] = "certvigil: out of memory\n";

	if (write(STDERR_FILENO, line, sizeof(line) - 1) == -1)
		_exit(3);
	_exit(3);
}

void *
mem_alloc(size_t size)
{
	void *p = calloc(1, size == 0 ? 1 : size);

	if (p == NULL)
		mem_exhausted();
	return p;
}

void *
mem_grow(void *old, size_t n, size_t size)
{
	void *p = reallocarray(old, n == 0 ? 1 : n, size);

	if (p == NULL)
		mem_exhausted();
	return p;
}

char *
str_dup(const char *s)
{
	return s == NULL ? NULL : str_ndup(s, strlen(s));
}

char *
str_ndup(const char *s, size_t n)
{
	char *p = mem_alloc(n + 1);

	memcpy(p, s, n);
	return p;
}

void
str_free(char *s)
{
	free(s);
}

static char *str_vfmt(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0)));

static char *
str_vfmt(const char *fmt, va_list ap)
{
	char *s = NULL;

	if (vasprintf(&s, fmt, ap) == -1)
		mem_exhausted();
	return s;
}

char *
str_fmt(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = str_vfmt(fmt, ap);
	va_end(ap);
	return s;
}

struct arena *
arena_new(void)
{
	struct arena *a = mem_alloc(sizeof(*a));

	a->room = ARENA_MIN_BLOCK;
	return a;
}

void
arena_free(struct arena *a)
{
	struct arena_block *b, *next;

	if (a == NULL)
		return;
	for (b = a->first; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

/* A block that has so much room left. */
static struct arena_block *
block_with(struct arena *a, size_t size)
{
	struct arena_block *b = a->first;
	size_t room;

	if (b != NULL && b->back - b->front >= size)
		return b;
	room = size > a->room ? size : a->room;
	if (a->room < ARENA_MAX_BLOCK)
		a->room *= 2;
	b = mem_alloc(sizeof(*b) + room);
	b->back = room;
	b->next = a->first;
	a->first = b;
	return b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	const size_t unit = sizeof(max_align_t);
	struct arena_block *b;
	void *p;

	if (size > SIZE_MAX / 4)
		mem_exhausted();
	size = (size + unit - 1) / unit * unit;
	b = block_with(a, size);
	p = (char *)b->data + b->front;
	b->front += size;
	a->taken += size;
	return p;
}

void *
arena_bytes(struct arena *a, const void *bytes, size_t n)
{
	struct arena_block *b = block_with(a, n);

	b->back -= n;
	a->taken += n;
	return memcpy((char *)b->data + b->back, bytes, n);
}

char *
arena_text(struct arena *a, const char *s, size_t n)
{
	struct arena_block *b = block_with(a, n + 1);
	char *text;

	b->back -= n + 1;
	a->taken += n + 1;
	text = (char *)b->data + b->back;
	memcpy(text, s, n);
	text[n] = '\0';
	return text;
}

size_t
arena_size(const struct arena *a)
{
	return a->taken;
}

void
arena_join(struct arena *a, struct arena *from)
{
	struct arena_block *last = from->first;

	if (last != NULL) {
		while (last->next != NULL)
			last = last->next;
		last->next = a->first;
		a->first = from->first;
		from->first = NULL;
	}
	a->taken += from->taken;
	arena_free(from);
}

char *
arena_dup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_bytes(a, s, strlen(s) + 1);
}

char *
arena_fmt(struct arena *a, const char *fmt, ...)
{
	cleanup(str_free) char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	s = str_vfmt(fmt, ap);
	va_end(ap);
	return arena_dup(a, s);
}
