/* stream.c - a connection that is talked over until the probe's deadline */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/hostname.h"
#include "probes/tls/stream.h"

/* One resolution, which may outlive the probe that asked for it. */
struct lookup {
	char *host;
	char port[8];
	struct addrinfo hints;
	struct addrinfo *found;
	int rc, saved_errno;
};

static void
lookup_run(void *arg)
{
	struct lookup *l = arg;

	l->rc = getaddrinfo(l->host, l->port, &l->hints, &l->found);
	l->saved_errno = errno;
}

static void
lookup_drop(void *arg)
{
	struct lookup *l = arg;

	if (l->rc == 0 && l->found != NULL)
		freeaddrinfo(l->found);
	free(l->host);
	free(l);
}

static const char *
lookup_problem(const struct lookup *l)
{
	switch (l->rc) {
	case EAI_NONAME:
	case EAI_NODATA:
		return "no such host";
	case EAI_ADDRFAMILY:
	case EAI_FAMILY:
		return "it has no address of the family asked for";
	case EAI_AGAIN:
		return "the name servers gave no answer";
	case EAI_SYSTEM:
		return strerror(l->saved_errno);
	default:
		return gai_strerror(l->rc);
	}
}

/* Returns what to connect to, for lookup_drop(), or NULL and a fault. */
static struct lookup *
resolve(struct probe_io *io, const struct target *t, struct observation *ob)
{
	const char *host = t->dial != NULL ? t->dial : t->host;
	struct lookup *l = mem_alloc(sizeof(*l));

	l->host = str_dup(host);
	(void)snprintf(l->port, sizeof(l->port), "%u", t->port);
	l->hints = (struct addrinfo){ .ai_family = (int)t->family,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV };
	if (hostname_is_address(host)) {
		l->hints.ai_flags |= AI_NUMERICHOST;
		lookup_run(l);
	} else if (io->call(io, lookup_run, lookup_drop, l) == -1) {
		observation_add_fault(ob, FAULT_TIMEOUT, 0,
			"the name %s was not resolved in time", host);
		return NULL;
	}
	if (l->rc != 0) {
		observation_add_fault(ob, FAULT_UNREACHABLE, 0,
			"the name %s cannot be resolved: %s", host,
			lookup_problem(l));
		lookup_drop(l);
		return NULL;
	}
	return l;
}

static char *
peer_text(const struct sockaddr *sa, socklen_t len)
{
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (getnameinfo(sa, len, host, sizeof(host), port, sizeof(port),
		    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return str_dup("?");
	return str_fmt(
		sa->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

enum attempt { CONNECTED, REFUSED, TOO_LATE, OUR_FAULT };

/* One address, until `deadline_ms`; errno says why not. */
static enum attempt
connect_to(struct stream *s, const struct addrinfo *ai, int64_t deadline_ms)
{
	socklen_t len = sizeof(int);
	int one = 1, why = 0, rc;

	s->fd = socket(ai->ai_family,
		ai->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
		ai->ai_protocol);
	if (s->fd == -1)
		return errno == EMFILE || errno == ENFILE || errno == ENOBUFS
			? OUR_FAULT
			: REFUSED;
	(void)setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(s->fd, ai->ai_addr, ai->ai_addrlen) == 0)
		return CONNECTED;
	if (errno != EINPROGRESS)
		return REFUSED;
	rc = s->io->wait(s->io, s->fd, POLLOUT, deadline_ms);
	if (rc == 0)
		return TOO_LATE;
	if (rc == -1)
		return REFUSED;
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &why, &len) == -1)
		return REFUSED;
	errno = why;
	return why == 0 ? CONNECTED : REFUSED;
}

static size_t
count_addresses(const struct addrinfo *ai)
{
	size_t n = 0;

	for (; ai != NULL; ai = ai->ai_next)
		n++;
	return n;
}

int
stream_connect(struct stream *s, const struct target *t, struct observation *ob,
	struct error *err)
{
	struct lookup *l = resolve(s->io, t, ob);
	BUF_CLEANUP struct buf tried = { 0 };
	enum attempt last = REFUSED;
	size_t left;

	if (l == NULL)
		return -1;
	left = count_addresses(l->found);
	for (const struct addrinfo *ai = l->found; ai != NULL;
		ai = ai->ai_next, left--) {
		int64_t now = probe_now_ms();
		int64_t until = now +
			(s->io->deadline_ms - now) / (int64_t)left;
		cleanup(str_free) char *peer = peer_text(
			ai->ai_addr, ai->ai_addrlen);

		last = connect_to(s, ai, until);
		if (last == CONNECTED) {
			ob->handshake.peer = peer;
			peer = NULL;
			lookup_drop(l);
			return 0;
		}
		if (last == OUR_FAULT) {
			lookup_drop(l);
			error_sys(err, "no socket for %s", peer);
			return -2;
		}
		buf_printf(&tried, "%s%s: %s", tried.len > 0 ? "; " : "", peer,
			last == TOO_LATE ? "no answer" : strerror(errno));
		stream_close(s);
	}
	lookup_drop(l);
	if (last == TOO_LATE)
		observation_add_fault(ob, FAULT_TIMEOUT, 0,
			"no connection in time (%s)", buf_str(&tried));
	else
		observation_add_fault(ob, FAULT_UNREACHABLE, 0,
			"cannot connect (%s)", buf_str(&tried));
	return -1;
}

void
stream_close(struct stream *s)
{
	if (s->fd != -1)
		(void)close(s->fd);
	s->fd = -1;
}

static int
await(struct stream *s, short events, struct error *err)
{
	int rc = s->io->wait(s->io, s->fd, events, s->io->deadline_ms);

	if (rc == 0)
		return error_set(err, ERROR_TIMEOUT, "no answer in time");
	return rc == -1 ? error_sys(err, "waiting") : 0;
}

int
stream_send(struct stream *s, const char *text, struct error *err)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t n = send(s->fd, text, left, MSG_NOSIGNAL);

		if (n > 0) {
			text += n;
			left -= (size_t)n;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (await(s, POLLOUT, err) == -1)
				return -1;
		} else if (errno != EINTR) {
			return error_sys(err, "the connection broke");
		}
	}
	return 0;
}

int
stream_line(struct stream *s, char **line, struct error *err)
{
	ssize_t n;
	char *nl;

	while ((nl = memchr(s->in, '\n', s->n_in)) == NULL) {
		if (s->n_in == sizeof(s->in))
			return error_set(err, ERROR_PARSE,
				"want lines of at most 8 KiB, have more");
		n = recv(s->fd, s->in + s->n_in, sizeof(s->in) - s->n_in, 0);
		if (n > 0) {
			s->n_in += (size_t)n;
		} else if (n == 0) {
			return error_set(err, ERROR_IO,
				"the server closed the connection");
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (await(s, POLLIN, err) == -1)
				return -1;
		} else if (errno != EINTR) {
			return error_sys(err, "the connection broke");
		}
	}
	n = nl - s->in;
	memcpy(s->line, s->in, (size_t)n);
	s->line[n] = '\0';
	if (n > 0 && s->line[n - 1] == '\r')
		s->line[n - 1] = '\0';
	s->n_in -= (size_t)n + 1;
	memmove(s->in, nl + 1, s->n_in);
	*line = s->line;
	return 0;
}
