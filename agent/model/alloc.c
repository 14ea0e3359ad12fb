/* alloc.c - memory that is there, or the program ends with one clear line */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/alloc.h"

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	max_align_t data[];
};

struct arena {
	struct arena_block *first;
};

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
	return mem_alloc(sizeof(struct arena));
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

void *
arena_alloc(struct arena *a, size_t size)
{
	const size_t unit = sizeof(max_align_t);
	struct arena_block *b = a->first;
	void *p;

	if (size > SIZE_MAX / 4)
		mem_exhausted();
	size = (size + unit - 1) / unit * unit;
	if (b == NULL || b->size - b->used < size) {
		size_t room = size > 16384 ? size : 16384;

		b = mem_alloc(sizeof(*b) + room);
		b->size = room;
		b->next = a->first;
		a->first = b;
	}
	p = (char *)b->data + b->used;
	b->used += size;
	return p;
}

char *
arena_dup(struct arena *a, const char *s)
{
	size_t n;

	if (s == NULL)
		return NULL;
	n = strlen(s) + 1;
	return memcpy(arena_alloc(a, n), s, n);
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
