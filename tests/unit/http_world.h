/* http_world.h - a little web server on loopback, for what is fetched */
#ifndef TESTS_HTTP_WORLD_H
#define TESTS_HTTP_WORLD_H

#include "tests/unit/unit.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/alloc.h"
#include "model/buf.h"

#define HTTP_MAX_PAGES 64

struct page {
	char *path;
	struct buf answer; /* status line, headers and body */
	bool silent; /* the answer never comes */
	unsigned hits;
};

struct http {
	int fd;
	unsigned port;
	pthread_t thread;
	struct page pages[HTTP_MAX_PAGES];
	size_t n;
	int held[HTTP_MAX_PAGES]; /* connections that wait for ever */
	size_t n_held;
	struct buf asked; /* the last request */
};

static inline struct page *
http_find(struct http *h, const char *path)
{
	for (size_t i = 0; i < h->n; i++) {
		if (strcmp(h->pages[i].path, path) == 0)
			return &h->pages[i];
	}
	return NULL;
}

/* A page that may be changed as long as nobody asks for it. */
static inline struct page *
http_page(struct http *h, const char *path)
{
	struct page *p = http_find(h, path);

	if (p == NULL) {
		assert_true(h->n < HTTP_MAX_PAGES);
		p = &h->pages[h->n++];
		p->path = str_dup(path);
	}
	buf_reset(&p->answer);
	p->silent = false;
	p->hits = 0;
	return p;
}

static inline void
http_answer(struct http *h, const char *path, const void *body, size_t len)
{
	struct page *p = http_page(h, path);

	buf_printf(&p->answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
		len);
	buf_add(&p->answer, body, len);
}

/* "302 Found", and a header that ends with "\r\n" or is empty. */
static inline void
http_status(
	struct http *h, const char *path, const char *status, const char *more)
{
	buf_printf(&http_page(h, path)->answer,
		"HTTP/1.1 %s\r\n%sContent-Length: 4\r\n\r\nnope", status, more);
}

static inline void
http_redirect(struct http *h, const char *path, const char *to)
{
	char *header = str_fmt("Location: %s\r\n", to);

	http_status(h, path, "302 Found", header);
	free(header);
}

static inline char *
http_url(const struct http *h, const char *path)
{
	return str_fmt("http://127.0.0.1:%u%s", h->port, path);
}

static inline void
http_serve(struct http *h, int fd)
{
	char line[4096];
	struct page *p;
	size_t n = 0, sent = 0;
	char *path, *end;

	while (n < sizeof(line) - 1 && memmem(line, n, "\r\n\r\n", 4) == NULL) {
		ssize_t got = recv(fd, line + n, sizeof(line) - 1 - n, 0);

		if (got <= 0)
			break;
		n += (size_t)got;
	}
	line[n] = '\0';
	buf_reset(&h->asked);
	buf_puts(&h->asked, line);
	path = strchr(line, ' ');
	end = path != NULL ? strchr(path + 1, ' ') : NULL;
	if (end == NULL) {
		(void)close(fd);
		return;
	}
	*end = '\0';
	p = http_find(h, path + 1);
	if (p == NULL) {
		(void)close(fd);
		return;
	}
	p->hits++;
	if (p->silent && h->n_held < HTTP_MAX_PAGES) {
		h->held[h->n_held++] = fd;
		return;
	}
	while (sent < p->answer.len) {
		ssize_t done = send(fd, p->answer.s + sent,
			p->answer.len - sent, MSG_NOSIGNAL);

		if (done <= 0)
			break;
		sent += (size_t)done;
	}
	(void)shutdown(fd, SHUT_WR);
	while (recv(fd, line, sizeof(line), 0) > 0)
		continue;
	(void)close(fd);
}

static inline void *
http_main(void *arg)
{
	struct http *h = arg;
	int fd;

	while ((fd = accept(h->fd, NULL, NULL)) != -1)
		http_serve(h, fd);
	return NULL;
}

static inline void
http_start(struct http *h)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);

	*h = (struct http){ .fd = socket(AF_INET, SOCK_STREAM, 0) };
	assert_int_equal(bind(h->fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(h->fd, 16), 0);
	assert_int_equal(getsockname(h->fd, (struct sockaddr *)&at, &len), 0);
	h->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&h->thread, NULL, http_main, h), 0);
}

static inline void
http_stop(struct http *h)
{
	(void)shutdown(h->fd, SHUT_RDWR);
	(void)pthread_join(h->thread, NULL);
	(void)close(h->fd);
	for (size_t i = 0; i < h->n_held; i++)
		(void)close(h->held[i]);
	for (size_t i = 0; i < h->n; i++) {
		free(h->pages[i].path);
		buf_release(&h->pages[i].answer);
	}
	buf_release(&h->asked);
}

#endif
