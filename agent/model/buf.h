/* buf.h - text that grows */
#ifndef MODEL_BUF_H
#define MODEL_BUF_H

#include <stddef.h>

/* `s` is NUL-terminated once anything was added; NULL before. */
struct buf {
	char *s;
	size_t len, cap;
};

void buf_add(struct buf *b, const void *data, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_pad(struct buf *b, size_t n, char c); /* n of them */
void buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void buf_reset(struct buf *b); /* empty, memory kept */
void buf_release(struct buf *b); /* empty, memory freed */
char *buf_detach(struct buf *b); /* the caller's to free(); never NULL */
const char *buf_str(const struct buf *b); /* "" when nothing was added */

#define BUF_CLEANUP __attribute__((__cleanup__(buf_release)))

/* A list of strings, each its own. */
struct strlist {
	char **v;
	size_t n;
};

void strlist_add(struct strlist *l, const char *s); /* a copy */
int strlist_has(const struct strlist *l, const char *s); /* exact */
void strlist_release(struct strlist *l);

#endif
