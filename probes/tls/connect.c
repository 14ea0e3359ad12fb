/* connect.c - from a target's addresses to an open connection */
#include <sys/epoll.h>
#include <sys/socket.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "probes/tls/connect.h"
#include "probes/tls/proxy.h"

/*
 * RFC 8305, 5: for so long an address may say nothing until the next one is
 * begun with. Of more than this many at a time the oldest is given up.
 */
#define ATTEMPT_DELAY_MS 250
#define MAX_ATTEMPTS 8

/* Connections that were begun side by side; the first that stands is taken. */
struct race {
	struct probe_io *io;
	const struct address *to[MAX_ATTEMPTS]; /* the oldest first */
	int fd[MAX_ATTEMPTS];
	size_t n;
	int epoll; /* all of them as one descriptor; -1: there is but one */
	struct buf lost; /* "192.0.2.1:443: Connection refused; ..." */
	size_t n_silent, n_refused, n_no_route, n_other; /* that were lost */
};

static void
race_drop(struct race *r, size_t i)
{
	if (r->fd[i] != -1)
		(void)close(r->fd[i]);
	r->n--;
	memmove(&r->fd[i], &r->fd[i + 1], (r->n - i) * sizeof(r->fd[0]));
	memmove(&r->to[i], &r->to[i + 1], (r->n - i) * sizeof(r->to[0]));
}

static void
race_end(struct race *r)
{
	while (r->n > 0)
		race_drop(r, 0);
	if (r->epoll != -1)
		(void)close(r->epoll);
	buf_release(&r->lost);
}

#define RACE_CLEANUP __attribute__((__cleanup__(race_end)))

static void
note_lost(struct race *r, const struct address *to, const char *why)
{
	buf_printf(&r->lost, "%s%s: %s", r->lost.len > 0 ? "; " : "", to->text,
		why);
}

static void
note_failed(struct race *r, const struct address *to, int why)
{
	note_lost(r, to, strerror(why));
	if (why == ECONNREFUSED)
		r->n_refused++;
	else
		r->n_other++;
}

static void
give_up(struct race *r, size_t i)
{
	note_lost(r, r->to[i], "no answer");
	r->n_silent++;
	race_drop(r, i);
}

/* Did connect() fail because this machine has no way to such addresses? */
static bool
is_no_route(int why, const struct address *to)
{
	return why == ENETUNREACH || why == EAFNOSUPPORT ||
		/* At once it is the route's word, later a router's. */
		why == EHOSTUNREACH ||
		(why == EADDRNOTAVAIL && to->sa.ss_family == AF_INET6);
}

/* A socket on its way, or -1 and errno; *asked: did connect() refuse? */
static int
begin(const struct address *to, bool *asked)
{
	int one = 1, why;
	int fd = socket(to->sa.ss_family,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);

	*asked = fd != -1;
	if (fd == -1)
		return -1;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(fd, (const struct sockaddr *)&to->sa, to->len) == 0 ||
		errno == EINPROGRESS)
		return fd;
	why = errno;
	(void)close(fd);
	errno = why;
	return -1;
}

enum begun { BEGUN, LOST, NO_SOCKET };

/* NO_SOCKET: it was not begun, for want of descriptors or memory; errno. */
static enum begun
race_begin(struct race *r, const struct address *to)
{
	struct epoll_event ready = { .events = EPOLLOUT };
	bool asked;
	int fd;

	if (r->n == MAX_ATTEMPTS)
		give_up(r, 0);
	fd = begin(to, &asked);
	if (fd == -1 && is_no_route(errno, to)) {
		note_lost(r, to, strerror(errno));
		r->n_no_route++;
		return LOST;
	}
	if (fd == -1 && !asked)
		return NO_SOCKET;
	if (fd == -1) {
		note_failed(r, to, errno);
		return LOST;
	}
	ready.data.fd = fd;
	if (r->epoll != -1 &&
		epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &ready) == -1) {
		(void)close(fd);
		return NO_SOCKET;
	}
	r->to[r->n] = to;
	r->fd[r->n++] = fd;
	return BEGUN;
}

/* Which of them is over with connecting; r->n: none until `until_ms`. */
static size_t
race_wait(struct race *r, int64_t until_ms)
{
	struct epoll_event ready;
	size_t i = 0;

	if (r->epoll == -1)
		return r->io->wait(r->io, r->fd[0], POLLOUT, until_ms) > 0
			? 0
			: r->n;
	if (r->io->wait(r->io, r->epoll, POLLIN, until_ms) <= 0 ||
		epoll_wait(r->epoll, &ready, 1, 0) != 1)
		return r->n;
	while (i < r->n && r->fd[i] != ready.data.fd)
		i++;
	return i;
}

/* Is the i-th connected? If not, it is noted and dropped. */
static bool
race_won(struct race *r, size_t i)
{
	socklen_t len = sizeof(int);
	int why = 0;

	if (getsockopt(r->fd[i], SOL_SOCKET, SO_ERROR, &why, &len) == -1)
		why = errno;
	if (why == 0)
		return true;
	note_failed(r, r->to[i], why);
	race_drop(r, i);
	return false;
}

static void
tell_lost(struct race *r, struct observation *ob)
{
	const char *lost;

	while (r->n > 0)
		give_up(r, 0);
	lost = buf_str(&r->lost);
	if (r->n_refused + r->n_other > 0) {
		ob->handshake->ending = r->n_refused > 0 ? ENDING_REFUSED
							 : ENDING_UNREACHABLE;
		observation_add_fault(
			ob, FAULT_UNREACHABLE, 0, "cannot connect (%s)", lost);
	} else if (r->n_silent > 0) {
		ob->handshake->ending = ENDING_TIMEOUT;
		observation_add_fault(ob, FAULT_TIMEOUT, 0,
			"no connection in time (%s)", lost);
	} else {
		ob->handshake->ending = ENDING_NO_ROUTE;
		observation_add_fault(ob, FAULT_UNREACHABLE, 0,
			"this machine has no route to it (%s)", lost);
	}
}

/*
 * When the next one is begun with, of which `left` are to come: soon enough
 * that the last has its share of the time, too.
 */
static int64_t
until_next(const struct race *r, size_t left)
{
	int64_t now = probe_now_ms();
	int64_t delay = (r->io->deadline_ms - now) / (int64_t)(left + 1);

	if (left == 0)
		return r->io->deadline_ms;
	return now + (delay < ATTEMPT_DELAY_MS ? delay : ATTEMPT_DELAY_MS);
}

static int
no_socket(const char *where, struct error *err)
{
	error_sys(err, "no socket for %s", where);
	return -2;
}

static int
run_race(struct race *r, const struct addresses *as, struct stream *s,
	struct observation *ob, struct error *err)
{
	size_t next = 0, over;

	while (next < as->n || r->n > 0) {
		if (next < as->n) {
			enum begun rc = race_begin(r, &as->v[next]);

			if (rc == NO_SOCKET && r->n == 0)
				return no_socket(as->v[next].text, err);
			/* Those under way may still arrive. */
			next = rc == NO_SOCKET ? as->n : next + 1;
			if (rc == LOST)
				continue;
		}
		over = race_wait(r, until_next(r, as->n - next));
		if (over == r->n && next == as->n)
			break;
		if (over == r->n || !race_won(r, over))
			continue;
		s->fd = r->fd[over];
		ob->handshake->peer = str_dup(r->to[over]->text);
		/* The winner is not closed with the others. */
		r->fd[over] = -1;
		return 0;
	}
	tell_lost(r, ob);
	return -1;
}

static int
connect_directly(struct stream *s, const struct addresses *as,
	struct observation *ob, struct error *err)
{
	struct race r RACE_CLEANUP = { .io = s->io, .epoll = -1 };

	if (as->n > 1) {
		r.epoll = epoll_create1(EPOLL_CLOEXEC);
		if (r.epoll == -1)
			return no_socket(as->v[0].text, err);
	}
	return run_race(&r, as, s, ob, err);
}

/* By turns, for a proxy answers on its own time. */
static int
connect_by_proxy(struct stream *s, const struct target *t,
	const struct addresses *as, struct observation *ob, struct error *err)
{
	struct probe_io *whole = s->io, part = *whole;
	int rc = -1;

	s->io = &part;
	for (size_t i = 0; i < as->n && rc == -1; i++) {
		int64_t now = probe_now_ms();

		part.deadline_ms = now +
			(whole->deadline_ms - now) / (int64_t)(as->n - i);
		rc = proxy_connect(s, t, as->v[i].host, ob, err);
	}
	s->io = whole;
	/* What failed before the one that answers is of no interest. */
	if (rc == 0)
		observation_forget_faults(ob);
	return rc;
}

int
connect_first(struct stream *s, const struct target *t,
	const struct addresses *as, struct observation *ob, struct error *err)
{
	ob->handshake->step = STEP_CONNECT;
	probe_enter(s->io, PHASE_CONNECT);
	return t->set.proxy != NULL ? connect_by_proxy(s, t, as, ob, err)
				    : connect_directly(s, as, ob, err);
}

int
connect_to(struct stream *s, const struct target *t, const struct address *to,
	struct observation *ob, struct error *err)
{
	const struct addresses one = { .v = (struct address *)to, .n = 1 };

	return connect_first(s, t, &one, ob, err);
}

int
connect_stream(struct stream *s, const struct target *t, struct observation *ob,
	struct error *err)
{
	struct addresses as RESOLVE_CLEANUP = { 0 };

	if (t->set.proxy != NULL && t->set.proxy->resolves) {
		ob->handshake->step = STEP_CONNECT;
		probe_enter(s->io, PHASE_CONNECT);
		return proxy_connect(
			s, t, t->dial != NULL ? t->dial : t->host, ob, err);
	}
	if (resolve_host(s->io, t, false, &as, ob) == -1)
		return -1;
	return connect_first(s, t, &as, ob, err);
}
