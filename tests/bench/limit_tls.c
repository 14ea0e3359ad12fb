/* limit_tls.c - the bare limit of looking at endpoints: nothing but OpenSSL
 * and an event loop for each thread
 *
 *	limit_tls [-n COUNT] [-T THREADS] [-K IN_FLIGHT] [-t LIMIT_MS]
 *		-a ANCHORS LIST
 *
 * LIST has lines "address port name". Each endpoint gets one full handshake;
 * chain and name are verified, and every certificate that was sent is read:
 * its end, its SHA-256, its subject and its names. One SSL_CTX serves all.
 * Nothing is judged, stored or told; the sums are printed.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define EVENTS 256

enum outcome { GOOD, BAD, LATE, REFUSED, N_OUTCOMES };

struct endpoint {
	struct sockaddr_in address;
	char name[256];
};

/* In a ring by their start, which is the order of their deadlines. */
struct flight {
	struct flight *before, *after;
	const struct endpoint *to;
	SSL *ssl; /* once it is connected */
	int fd;
	uint32_t waits_for;
	int64_t deadline_ms;
};

struct loop {
	struct flight ring;
	size_t n;
	int epoll;
};

static struct endpoint *endpoints;
static size_t n_endpoints, wanted;
static size_t in_flight = 256, n_threads = 2;
static int64_t limit_ms = 5000;
static SSL_CTX *ctx;
static EVP_MD *sha256;
static atomic_size_t next_one, sums[N_OUTCOMES], certificates, octets;

static _Noreturn void
die(const char *what)
{
	perror(what);
	ERR_print_errors_fp(stderr);
	exit(3);
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
read_list(const char *path)
{
	FILE *f = fopen(path, "r");
	char address[64], name[256];
	unsigned port;

	if (f == NULL)
		die(path);
	while (fscanf(f, "%63s %u %255s", address, &port, name) == 3) {
		struct endpoint *e;

		endpoints = realloc(
			endpoints, (n_endpoints + 1) * sizeof(*endpoints));
		if (endpoints == NULL)
			die("memory");
		e = &endpoints[n_endpoints++];
		memset(e, 0, sizeof(*e));
		e->address.sin_family = AF_INET;
		e->address.sin_port = htons((uint16_t)port);
		if (inet_pton(AF_INET, address, &e->address.sin_addr) != 1)
			die(address);
		memcpy(e->name, name, sizeof(e->name));
	}
	(void)fclose(f);
	if (n_endpoints == 0)
		die("no endpoints");
}

/* --- what is taken from a certificate */

static size_t
read_names(const X509 *x)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(
		x, NID_subject_alt_name, NULL, NULL);
	size_t n = 0;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS)
			n += (size_t)ASN1_STRING_length(name->d.dNSName);
	}
	GENERAL_NAMES_free(names);
	return n;
}

static void
read_certificate(X509 *x)
{
	unsigned char digest[EVP_MAX_MD_SIZE], *der = NULL;
	int days, seconds, len = i2d_X509(x, &der);
	char subject[512];

	if (len <= 0 ||
		EVP_Digest(der, (size_t)len, digest, NULL, sha256, NULL) != 1 ||
		ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(x)) !=
			1)
		die("certificate");
	OPENSSL_free(der);
	(void)X509_NAME_oneline(
		X509_get_subject_name(x), subject, sizeof(subject));
	atomic_fetch_add(&octets, read_names(x) + strlen(subject));
	atomic_fetch_add(&certificates, 1);
}

/* --- one endpoint */

static void
end(struct loop *loop, struct flight *f, enum outcome how)
{
	if (how == GOOD) {
		const STACK_OF(X509) *sent = SSL_get_peer_cert_chain(f->ssl);

		for (int i = 0; i < sk_X509_num(sent); i++)
			read_certificate(sk_X509_value(sent, i));
		(void)SSL_shutdown(f->ssl);
	}
	SSL_free(f->ssl);
	(void)close(f->fd);
	f->before->after = f->after;
	f->after->before = f->before;
	free(f);
	loop->n--;
	atomic_fetch_add(&sums[how], 1);
}

static void
wait_for(struct loop *loop, struct flight *f, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = f };
	int op = f->waits_for == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;

	if (f->waits_for == events)
		return;
	f->waits_for = events;
	if (epoll_ctl(loop->epoll, op, f->fd, &e) == -1)
		die("epoll_ctl");
}

static void
shake_hands(struct loop *loop, struct flight *f)
{
	int rc;

	ERR_clear_error();
	rc = SSL_connect(f->ssl);
	if (rc == 1) {
		end(loop, f, GOOD);
		return;
	}
	switch (SSL_get_error(f->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		wait_for(loop, f, EPOLLIN);
		break;
	case SSL_ERROR_WANT_WRITE:
		wait_for(loop, f, EPOLLOUT);
		break;
	default:
		end(loop, f, BAD);
	}
}

static void
connected(struct loop *loop, struct flight *f)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(f->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		die("getsockopt");
	if (error != 0) {
		end(loop, f, error == ECONNREFUSED ? REFUSED : BAD);
		return;
	}
	f->ssl = SSL_new(ctx);
	if (f->ssl == NULL || SSL_set_fd(f->ssl, f->fd) != 1 ||
		SSL_set_tlsext_host_name(f->ssl, f->to->name) != 1 ||
		SSL_set1_host(f->ssl, f->to->name) != 1)
		die("SSL_new");
	shake_hands(loop, f);
}

static void
start(struct loop *loop, const struct endpoint *to)
{
	struct flight *f = calloc(1, sizeof(*f));
	int one = 1;

	if (f == NULL)
		die("memory");
	f->to = to;
	f->deadline_ms = now_ms() + limit_ms;
	f->after = &loop->ring;
	f->before = loop->ring.before;
	f->before->after = f;
	loop->ring.before = f;
	loop->n++;
	f->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (f->fd == -1)
		die("socket");
	(void)setsockopt(f->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(f->fd, (const struct sockaddr *)&to->address,
		    sizeof(to->address)) == -1 &&
		errno != EINPROGRESS) {
		end(loop, f, errno == ECONNREFUSED ? REFUSED : BAD);
		return;
	}
	wait_for(loop, f, EPOLLOUT);
}

/* --- the loop: what has arrived comes before the deadlines */

static void
fill(struct loop *loop)
{
	while (loop->n < in_flight) {
		size_t i = atomic_fetch_add(&next_one, 1);

		if (i >= wanted)
			return;
		start(loop, &endpoints[i % n_endpoints]);
	}
}

static void
turn(struct loop *loop)
{
	struct epoll_event events[EVENTS];
	int64_t asked_ms = now_ms();
	int64_t left = loop->ring.after->deadline_ms - asked_ms;
	int n = epoll_wait(
		loop->epoll, events, EVENTS, left > 0 ? (int)left + 1 : 0);

	for (int i = 0; i < n; i++) {
		struct flight *f = events[i].data.ptr;

		if (f->ssl == NULL)
			connected(loop, f);
		else
			shake_hands(loop, f);
	}
	/* What comes while others are dealt with is not late. */
	while (n < EVENTS && loop->n > 0 &&
		loop->ring.after->deadline_ms <= asked_ms)
		end(loop, loop->ring.after, LATE);
}

static void *
work(void *arg)
{
	struct loop loop = { .epoll = epoll_create1(EPOLL_CLOEXEC) };

	if (loop.epoll == -1)
		die("epoll_create1");
	loop.ring.before = loop.ring.after = &loop.ring;
	for (fill(&loop); loop.n > 0; fill(&loop))
		turn(&loop);
	(void)close(loop.epoll);
	return arg;
}

static void
run(void)
{
	pthread_t threads[64];

	if (n_threads < 1 || n_threads > 64)
		n_threads = 64;
	for (size_t i = 0; i < n_threads; i++) {
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			die("pthread_create");
	}
	for (size_t i = 0; i < n_threads; i++)
		(void)pthread_join(threads[i], NULL);
}

int
main(int argc, char **argv)
{
	const char *anchors = NULL;
	int opt;

	while ((opt = getopt(argc, argv, "n:T:K:t:a:")) != -1) {
		switch (opt) {
		case 'n':
			wanted = strtoul(optarg, NULL, 10);
			break;
		case 'T':
			n_threads = strtoul(optarg, NULL, 10);
			break;
		case 'K':
			in_flight = strtoul(optarg, NULL, 10);
			break;
		case 't':
			limit_ms = strtol(optarg, NULL, 10);
			break;
		case 'a':
			anchors = optarg;
			break;
		default:
			return 3;
		}
	}
	if (anchors == NULL || optind != argc - 1) {
		(void)fputs(
			"usage: limit_tls [OPTIONS] -a ANCHORS LIST\n", stderr);
		return 3;
	}
	read_list(argv[optind]);
	wanted = wanted != 0 ? wanted : n_endpoints;
	sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	ctx = SSL_CTX_new(TLS_client_method());
	if (ctx == NULL || SSL_CTX_load_verify_file(ctx, anchors) != 1)
		die(anchors);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	run();
	printf("ok=%zu bad=%zu timeout=%zu refused=%zu certs=%zu sum=%zu\n",
		(size_t)sums[GOOD], (size_t)sums[BAD], (size_t)sums[LATE],
		(size_t)sums[REFUSED], (size_t)certificates, (size_t)octets);
	EVP_MD_free(sha256);
	SSL_CTX_free(ctx);
	free(endpoints);
	return 0;
}
