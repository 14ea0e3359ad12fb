/* fuzz_starttls.c - any bytes at all, said by a server before TLS */
#include <sys/socket.h>

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>

#include "model/alloc.h"
#include "probes/starttls/dialect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The scheme and a NUL, such as "imap", then a byte: how many bytes come at a
 * time (0: all that the socket takes). What the server says follows.
 */
struct server {
	struct probe_io io; /* its first member, for the way back */
	int fd;
	const uint8_t *data;
	size_t left, chunk;
};

/* Whenever we wait the next chunk comes; then the server hangs up. */
static int
say_more(struct probe_io *io, int fd, short events, int64_t deadline_ms)
{
	struct server *server = (struct server *)io;
	char heard[4096];
	ssize_t n;

	(void)fd;
	(void)deadline_ms;
	while (recv(server->fd, heard, sizeof(heard), MSG_DONTWAIT) > 0)
		;
	if (server->left == 0) {
		(void)shutdown(server->fd, SHUT_WR);
		return events;
	}
	n = send(server->fd, server->data,
		server->left < server->chunk ? server->left : server->chunk,
		MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n > 0) {
		server->data += n;
		server->left -= (size_t)n;
	}
	return events;
}

static const struct dialect *
dialect_named(const char *name)
{
	for (size_t i = 0; dialect_table[i].scheme.name != NULL; i++) {
		if (strcmp(dialect_table[i].scheme.name, name) == 0)
			return &dialect_table[i];
	}
	return NULL;
}

/* What every dialogue promises: words for an error, or nothing left unread. */
static void
hold_it_to_its_word(struct stream *s, int rc, const struct error *err)
{
	if (ERR_peek_error() != 0)
		__builtin_trap();
	if (rc == -1 && (err->text[0] == '\0' || err->kind == ERROR_NONE))
		__builtin_trap();
	for (const char *p = err->text; rc == -1 && *p != '\0'; p++) {
		if ((unsigned char)*p < ' ')
			__builtin_trap();
	}
	if (rc == 0 && stream_unread(s) > 0)
		__builtin_trap();
	if (s->n_bytes > STREAM_MAX_BYTES + STREAM_MAX_LINE)
		__builtin_trap();
}

static void
talk(const struct dialect *d, const uint8_t *data, size_t size, size_t chunk)
{
	struct server server = { .io.wait = say_more,
		.data = data,
		.left = size,
		.chunk = chunk > 0 ? chunk : size };
	const struct target t = { .host = "www.example.com" };
	struct stream *s = mem_alloc(sizeof(*s));
	struct error err = { 0 };
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == -1)
		abort();
	server.fd = fds[0];
	s->io = &server.io;
	s->fd = fds[1];
	hold_it_to_its_word(s, dialect_agree(d, s, &t, &err), &err);
	stream_close(s);
	(void)close(server.fd);
	free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 0 ? memchr(data, '\0', size) : NULL;
	const struct dialect *d;
	size_t at;

	if (end == NULL)
		return 0;
	at = (size_t)(end - data) + 1;
	d = dialect_named((const char *)data);
	if (d == NULL || d->starttls == NULL || at == size)
		return 0;
	talk(d, data + at + 1, size - at - 1, data[at]);
	return 0;
}
