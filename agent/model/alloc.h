/* alloc.h - memory that is there, or the program ends with one clear line */
#ifndef MODEL_ALLOC_H
#define MODEL_ALLOC_H

#include <stddef.h>

/*
 * Sizes that come from outside are bounded before they get here, so a refusal
 * means that the machine is out of memory. Then the process says so on stderr
 * and exits with 3; the state is written in transactions, so nothing is lost.
 */
void *mem_alloc(size_t size); /* zeroed */
void *mem_grow(void *old, size_t n, size_t size); /* n * size, checked */
char *str_dup(const char *s); /* NULL gives NULL */
char *str_ndup(const char *s, size_t n);
char *str_fmt(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void mem_exhausted(void);

/* `free` as a destructor: cleanup(str_free) char *s = NULL; */
void str_free(char *s);

/*
 * An owner is declared with its destructor and a value, so that every return
 * is safe: cleanup(X509_free) X509 *leaf = NULL;
 */
#define DEFINE_CLEANUP(type, fn)                                               \
	static inline void fn##_p(type **p)                                    \
	{                                                                      \
		fn(*p);                                                        \
	}
#define cleanup(fn) __attribute__((__cleanup__(fn##_p)))
DEFINE_CLEANUP(char, str_free)

/* Strings and structs that live and die together, such as a configuration. */
struct arena;
struct arena *arena_new(void);
void arena_free(struct arena *a);
void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned */
char *arena_dup(struct arena *a, const char *s); /* NULL gives NULL */
char *arena_fmt(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_text(struct arena *a, const char *s, size_t n); /* and a NUL */
/* A copy of `n` bytes, as near to others as it gets: not aligned. */
void *arena_bytes(struct arena *a, const void *bytes, size_t n);
size_t arena_size(const struct arena *a); /* bytes that are taken */
/* Takes over `from`: what lives in it lives as long as `a`. */
void arena_join(struct arena *a, struct arena *from);
DEFINE_CLEANUP(struct arena, arena_free)

#endif
