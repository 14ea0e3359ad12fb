/* test_connect.c - in which order addresses are tried, and what that costs */
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probes/tls/connect.h"
#include "scan/io.h"

#define MAX_FOUND 100

/* What getaddrinfo() might have found, in its form. */
struct found {
	struct addrinfo ai[MAX_FOUND];
	struct sockaddr_storage sa[MAX_FOUND];
	size_t n;
};

static void
add(struct found *f, const char *host, unsigned port)
{
	struct addrinfo *ai = &f->ai[f->n];
	void *sa = &f->sa[f->n];
	struct sockaddr_in *v4 = sa;
	struct sockaddr_in6 *v6 = sa;

	assert_true(f->n < MAX_FOUND);
	*ai = (struct addrinfo){ .ai_socktype = SOCK_STREAM, .ai_addr = sa };
	if (strchr(host, ':') != NULL) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)port);
		assert_int_equal(inet_pton(AF_INET6, host, &v6->sin6_addr), 1);
		ai->ai_addrlen = sizeof(*v6);
	} else {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
		assert_int_equal(inet_pton(AF_INET, host, &v4->sin_addr), 1);
		ai->ai_addrlen = sizeof(*v4);
	}
	ai->ai_family = f->sa[f->n].ss_family;
	if (f->n > 0)
		f->ai[f->n - 1].ai_next = ai;
	f->n++;
}

/* Words parted by blanks. */
static void
add_all(struct found *f, const char *hosts)
{
	char *copy = strdup(hosts), *rest = NULL;

	for (char *s = strtok_r(copy, " ", &rest); s != NULL;
		s = strtok_r(NULL, " ", &rest))
		add(f, s, 443);
	free(copy);
}

/* RFC 8305, 4: by turns; and each once. */
static void
families_take_turns(void **state)
{
	static const struct {
		const char *found;
		bool sorted;
		const char *want;
	} rows[] = {
		{ "192.0.2.1", false, "192.0.2.1" },
		{ "192.0.2.2 192.0.2.1", false, "192.0.2.2 192.0.2.1" },
		{ "2001:db8::1 2001:db8::2 192.0.2.1 192.0.2.2", false,
			"2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2" },
		{ "192.0.2.1 192.0.2.2 2001:db8::1", false,
			"192.0.2.1 2001:db8::1 192.0.2.2" },
		{ "2001:db8::1 192.0.2.1 192.0.2.2 192.0.2.3", false,
			"2001:db8::1 192.0.2.1 192.0.2.2 192.0.2.3" },
		{ "192.0.2.1 2001:db8::1 192.0.2.1 2001:db8::1", false,
			"192.0.2.1 2001:db8::1" },
		/* However the name servers shuffle them. */
		{ "192.0.2.10 192.0.2.9 2001:db8::2 2001:db8::1", true,
			"192.0.2.9 2001:db8::1 192.0.2.10 2001:db8::2" },
		{ "2001:db8::1 192.0.2.9 2001:db8::2 192.0.2.10", true,
			"192.0.2.9 2001:db8::1 192.0.2.10 2001:db8::2" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct addresses as RESOLVE_CLEANUP = { 0 };
		BUF_CLEANUP struct buf have = { 0 };
		struct found f = { 0 };

		add_all(&f, rows[i].found);
		resolve_list(&as, f.ai, rows[i].sorted);
		for (size_t k = 0; k < as.n; k++)
			buf_printf(
				&have, "%s%s", k > 0 ? " " : "", as.v[k].host);
		assert_string_equal(rows[i].want, buf_str(&have));
	}
}

static void
addresses_are_bounded(void **state)
{
	struct addresses as RESOLVE_CLEANUP = { 0 };
	struct found f = { 0 };
	char host[32];

	(void)state;
	for (int i = 0; i < 50; i++) {
		(void)snprintf(host, sizeof(host), "192.0.2.%d", 60 - i);
		add(&f, host, 443);
	}
	resolve_list(&as, f.ai, true);
	assert_int_equal(RESOLVE_MAX_ADDRESSES, as.n);
	assert_int_equal(50 - RESOLVE_MAX_ADDRESSES, as.n_more);
	assert_string_equal("192.0.2.11:443", as.v[0].text);
}

static void
addresses_have_names(void **state)
{
	struct addresses as RESOLVE_CLEANUP = { 0 };
	struct found f = { 0 };

	(void)state;
	add(&f, "2001:db8::1", 65535);
	resolve_list(&as, f.ai, false);
	assert_string_equal("2001:db8::1", as.v[0].host);
	assert_string_equal("[2001:db8::1]:65535", as.v[0].text);
	resolve_release(&as);
	resolve_list(&as, NULL, false);
	assert_int_equal(0, as.n);
}

/* A peer on loopback: it listens, refuses, or says nothing at all. */
struct peer {
	int fd, filler;
	unsigned port;
};

enum manner { LISTENS, REFUSES, SILENT };

static struct peer
peer_new(const char *host, enum manner manner)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	socklen_t len = sizeof(sa);
	struct peer p = { .filler = -1 };

	assert_int_equal(inet_pton(AF_INET, host, &sa.sin_addr), 1);
	p.fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(p.fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(getsockname(p.fd, (struct sockaddr *)&sa, &len), 0);
	p.port = ntohs(sa.sin_port);
	if (manner != REFUSES)
		assert_int_equal(listen(p.fd, manner == SILENT ? 0 : 8), 0);
	if (manner == SILENT) {
		/* Its queue is full: further SYNs are dropped. */
		p.filler = socket(AF_INET, SOCK_STREAM, 0);
		assert_int_equal(
			connect(p.filler, (struct sockaddr *)&sa, sizeof(sa)),
			0);
	}
	return p;
}

static void
peer_end(struct peer *p)
{
	(void)close(p->fd);
	if (p->filler != -1)
		(void)close(p->filler);
}

/* One try at a list of addresses. */
struct attempt {
	struct addresses as;
	struct observation *ob;
	struct stream *s;
	struct probe_io io;
	int64_t took_ms;
	int rc;
};

static void
attempt_run(struct attempt *a, const struct found *f, int64_t limit_ms)
{
	struct target t = { .kind = TARGET_ENDPOINT, .host = "a.test" };
	int64_t began = probe_now_ms();
	struct error err;

	*a = (struct attempt){ .ob = observation_new(),
		.s = mem_alloc(sizeof(*a->s)) };
	settings_init(&t.set);
	io_init(&a->io);
	a->io.deadline_ms = began + limit_ms;
	a->s->io = &a->io;
	a->s->fd = -1;
	resolve_list(&a->as, f->ai, false);
	a->rc = connect_first(a->s, &t, &a->as, a->ob, &err);
	a->took_ms = probe_now_ms() - began;
}

static void
attempt_end(struct attempt *a)
{
	stream_close(a->s);
	free(a->s);
	observation_free(a->ob);
	resolve_release(&a->as);
}

static void
expect_fault(const struct attempt *a, enum fault_kind kind,
	enum connection_ending ending, const char *begin)
{
	assert_int_equal(-1, a->rc);
	assert_int_equal(-1, a->s->fd);
	assert_null(a->ob->handshake->peer);
	assert_int_equal(1, a->ob->n_faults);
	if (strncmp(a->ob->faults[0].text, begin, strlen(begin)) != 0)
		fail_msg("want \"%s\", have \"%s\"", begin,
			a->ob->faults[0].text);
	assert_int_equal(kind, a->ob->faults[0].kind);
	assert_int_equal(ending, a->ob->handshake->ending);
	assert_int_equal(STEP_CONNECT, a->ob->handshake->step);
}

/* The dead address in front costs a moment, not its share of ten seconds. */
static void
silent_address_costs_little(void **state)
{
	struct peer dead = peer_new("127.0.0.1", SILENT);
	struct peer good = peer_new("127.0.0.2", LISTENS);
	struct found f = { 0 };
	struct attempt a;
	char want[32];

	(void)state;
	add(&f, "127.0.0.1", dead.port);
	add(&f, "127.0.0.2", good.port);
	attempt_run(&a, &f, 10000);
	assert_int_equal(2, a.as.n);
	assert_int_equal(0, a.rc);
	assert_true(a.took_ms < 2500);
	(void)snprintf(want, sizeof(want), "127.0.0.2:%u", good.port);
	assert_string_equal(want, a.ob->handshake->peer);
	assert_int_equal(0, a.ob->n_faults);
	attempt_end(&a);
	peer_end(&dead);
	peer_end(&good);
}

static void
refusing_address_costs_nothing(void **state)
{
	struct peer closed = peer_new("127.0.0.1", REFUSES);
	struct peer good = peer_new("127.0.0.2", LISTENS);
	struct found f = { 0 };
	struct attempt a;

	(void)state;
	add(&f, "127.0.0.1", closed.port);
	add(&f, "127.0.0.2", good.port);
	attempt_run(&a, &f, 10000);
	assert_int_equal(0, a.rc);
	assert_true(a.took_ms < 2500);
	assert_int_equal(0, a.ob->n_faults);
	attempt_end(&a);
	peer_end(&closed);
	peer_end(&good);
}

static void
every_failure_is_told(void **state)
{
	struct peer closed = peer_new("127.0.0.1", REFUSES);
	struct peer dead = peer_new("127.0.0.2", SILENT);
	struct found f = { 0 };
	struct attempt a;
	char want[128];

	(void)state;
	add(&f, "127.0.0.1", closed.port);
	attempt_run(&a, &f, 5000);
	(void)snprintf(want, sizeof(want),
		"cannot connect (127.0.0.1:%u: Connection refused)",
		closed.port);
	expect_fault(&a, FAULT_UNREACHABLE, ENDING_REFUSED, want);
	attempt_end(&a);

	add(&f, "127.0.0.2", dead.port);
	attempt_run(&a, &f, 300);
	(void)snprintf(want, sizeof(want),
		"cannot connect (127.0.0.1:%u: Connection refused; "
		"127.0.0.2:%u: no answer)",
		closed.port, dead.port);
	expect_fault(&a, FAULT_UNREACHABLE, ENDING_REFUSED, want);
	assert_true(a.took_ms >= 300 && a.took_ms < 2000);
	attempt_end(&a);

	f = (struct found){ 0 };
	add(&f, "127.0.0.2", dead.port);
	attempt_run(&a, &f, 200);
	(void)snprintf(want, sizeof(want),
		"no connection in time (127.0.0.2:%u: no answer)", dead.port);
	expect_fault(&a, FAULT_TIMEOUT, ENDING_TIMEOUT, want);
	attempt_end(&a);
	peer_end(&closed);
	peer_end(&dead);
}

/* The last one is reached even if all before it are silent. */
static void
many_silent_addresses_leave_time(void **state)
{
	struct peer dead[12];
	struct peer good = peer_new("127.0.0.1", LISTENS);
	struct found f = { 0 };
	struct attempt a;
	char host[32];

	(void)state;
	for (size_t i = 0; i < COUNT(dead); i++) {
		(void)snprintf(host, sizeof(host), "127.0.1.%zu", i + 1);
		dead[i] = peer_new(host, SILENT);
		add(&f, host, dead[i].port);
	}
	add(&f, "127.0.0.1", good.port);
	attempt_run(&a, &f, 1500);
	assert_int_equal(0, a.rc);
	attempt_end(&a);

	/* Without it all are told, those given up before the end as well. */
	f.ai[COUNT(dead) - 1].ai_next = NULL;
	attempt_run(&a, &f, 600);
	expect_fault(&a, FAULT_TIMEOUT, ENDING_TIMEOUT,
		"no connection in time (127.0.1.1:");
	assert_non_null(strstr(a.ob->faults[0].text, "127.0.1.12:"));
	assert_true(a.took_ms < 3000);
	attempt_end(&a);
	for (size_t i = 0; i < COUNT(dead); i++)
		peer_end(&dead[i]);
	peer_end(&good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(families_take_turns),
		cmocka_unit_test(addresses_are_bounded),
		cmocka_unit_test(addresses_have_names),
		cmocka_unit_test(silent_address_costs_little),
		cmocka_unit_test(refusing_address_costs_nothing),
		cmocka_unit_test(every_failure_is_told),
		cmocka_unit_test(many_silent_addresses_leave_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
