/* proxy.c - a connection that a proxy makes for us */
#include <sys/socket.h>

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "probes/libcurl.h"
#include "probes/tls/proxy.h"
#include "probes/tls/proxyfault.h"

/* libcurl is to end before whoever waits for it does, and to say why. */
#define MARGIN_MS 50

#define dial_set(d, option, value)                                             \
	((d)->setup = (d)->setup != CURLE_OK                                   \
			? (d)->setup                                           \
			: curl_easy_setopt((d)->curl, (option), (value)))

static void
dial_run(void *arg)
{
	struct dial *d = arg;

	d->rc = d->setup != CURLE_OK ? d->setup : curl_easy_perform(d->curl);
}

static void
dial_drop(void *arg)
{
	struct dial *d = arg;

	curl_easy_cleanup(d->curl);
	free(d);
}

/* libcurl's own sockets are handed down to whatever is started meanwhile. */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	(void)arg;
	(void)purpose;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t
take_header(char *data, size_t size, size_t n, void *arg)
{
	struct dial *d = arg;

	n *= size;
	d->n_headers += n;
	if (d->n_headers > DIAL_MAX_HEADERS)
		return 0;
	if (d->status[0] == '\0' || (n > 5 && memcmp(data, "HTTP/", 5) == 0)) {
		size_t len = n < sizeof(d->status) ? n : sizeof(d->status) - 1;

		memcpy(d->status, data, len);
		d->status[len] = '\0';
		d->status[strcspn(d->status, "\r\n")] = '\0';
	}
	return n;
}

static size_t
drop_body(char *data, size_t size, size_t n, void *arg)
{
	(void)data;
	(void)arg;
	return size * n;
}

static void
set_proxy(struct dial *d, const struct settings *set)
{
	const struct proxy *p = set->proxy;
	bool http = p->kind == PROXY_HTTP;

	/* The one that is configured, and nothing that the environment says. */
	dial_set(d, CURLOPT_PROXY, p->url);
	dial_set(d, CURLOPT_NOPROXY, "");
	dial_set(d, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	if (http)
		dial_set(d, CURLOPT_HTTPPROXYTUNNEL, 1L);
	dial_set(d, CURLOPT_SOCKS5_AUTH, (long)CURLAUTH_BASIC);
	if (set->proxy_user == NULL)
		return;
	dial_set(
		d, CURLOPT_PROXYAUTH, (long)(CURLAUTH_BASIC | CURLAUTH_DIGEST));
	dial_set(d, CURLOPT_PROXYUSERNAME, set->proxy_user);
	dial_set(d, CURLOPT_PROXYPASSWORD, set->proxy_password);
}

static struct dial *
dial_new(const struct settings *set, const char *peer, int64_t left_ms)
{
	cleanup(str_free) char *url = str_fmt("http://%s/", peer);
	struct dial *d = mem_alloc(sizeof(*d));
	long limit;

	libcurl_start();
	d->curl = curl_easy_init();
	if (d->curl == NULL)
		mem_exhausted();
	/* libcurl takes 0 for "for ever", and a long. */
	left_ms -= left_ms > 2 * MARGIN_MS ? MARGIN_MS : left_ms / 2;
	limit = left_ms < 1 ? 1L : left_ms > INT_MAX ? INT_MAX : (long)left_ms;
	dial_set(d, CURLOPT_URL, url);
	dial_set(d, CURLOPT_CONNECT_ONLY, 1L);
	dial_set(d, CURLOPT_NOSIGNAL, 1L);
	dial_set(d, CURLOPT_ERRORBUFFER, d->words);
	dial_set(d, CURLOPT_TIMEOUT_MS, limit);
	dial_set(d, CURLOPT_CONNECTTIMEOUT_MS, limit);
	dial_set(d, CURLOPT_USERAGENT, "certvigil/" CERTVIGIL_VERSION);
	dial_set(d, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	dial_set(d, CURLOPT_HEADERFUNCTION, take_header);
	dial_set(d, CURLOPT_HEADERDATA, d);
	dial_set(d, CURLOPT_WRITEFUNCTION, drop_body);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* At the deadline, do not wait for a dead name server either. */
	dial_set(d, CURLOPT_QUICK_EXIT, 1L);
#endif
	set_proxy(d, set);
	return d;
}

static void
tell(const struct dial *d, const struct settings *set, const char *peer,
	struct observation *ob)
{
	bool late = d == NULL || d->rc == CURLE_OPERATION_TIMEDOUT;
	BUF_CLEANUP struct buf why = { 0 };

	if (d != NULL)
		proxyfault_put(&why, d, set);
	else
		buf_puts(&why, "no answer in time");
	ob->handshake->ending = late ? ENDING_TIMEOUT : ENDING_PROXY;
	observation_add_fault(ob, late ? FAULT_TIMEOUT : FAULT_UNREACHABLE, 0,
		"no connection to %s through proxy %s: %s", peer,
		set->proxy->url, buf_str(&why));
}

/* The connection as ours: libcurl closes its own descriptor of it. */
static int
take_socket(const struct dial *d, struct stream *s, struct error *err)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (curl_easy_getinfo(d->curl, CURLINFO_ACTIVESOCKET, &fd) !=
			CURLE_OK ||
		fd == CURL_SOCKET_BAD)
		return error_set(err, ERROR_IO, "the proxy's socket is lost");
	s->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (s->fd == -1)
		return error_sys(err, "no descriptor for the proxy's socket");
	(void)fcntl(s->fd, F_SETFL, fcntl(s->fd, F_GETFL) | O_NONBLOCK);
	return 0;
}

int
proxy_connect(struct stream *s, const struct target *t, const char *host,
	struct observation *ob, struct error *err)
{
	const struct settings *set = &t->set;
	cleanup(str_free) char *peer = str_fmt(
		strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, t->port);
	struct dial *d = dial_new(
		set, peer, s->io->deadline_ms - probe_now_ms());
	int rc = 0;

	if (s->io->call(s->io, dial_run, dial_drop, d) == -1) {
		tell(NULL, set, peer, ob);
		return -1;
	}
	if (d->rc != CURLE_OK) {
		tell(d, set, peer, ob);
		rc = -1;
	} else if (take_socket(d, s, err) == -1) {
		rc = -2;
	} else {
		ob->handshake->peer = str_fmt(
			"%s through proxy %s", peer, set->proxy->url);
	}
	dial_drop(d);
	return rc;
}
