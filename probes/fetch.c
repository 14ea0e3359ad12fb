/* fetch.c - what an http or https URL holds, within bounds */
#include <sys/socket.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "model/alloc.h"
#include "probes/fetch.h"
#include "probes/libcurl.h"
#include "probes/weburl.h"

DEFINE_CLEANUP(CURL, curl_easy_cleanup)

#define MAX_HEADERS ((size_t)64 * 1024)
/*
 * libcurl keeps the deadline itself. It is waited for a little longer, so that
 * no transfer is left to go on while the program ends.
 */
#define GRACE_MS 250

/* One fetch, which may outlive the probe that asked for it. */
struct job {
	char *url;
	size_t max_bytes;
	enum reach reach;
	bool verify;
	int64_t deadline_ms;

	struct buf body;
	enum reach need;
	struct error err; /* where rc is -1 */
	int rc;
};

/* One request of it. */
struct hop {
	struct job *job;
	CURL *curl;
	CURLcode setup; /* the first refusal of an option */
	struct weburl place;
	char *next; /* where it redirects to; NULL: it does not */
	size_t headers, bytes; /* so far */
	bool too_long;
	bool refused; /* job->err says which address, and why */
	char words[CURL_ERROR_SIZE];
};

static void
job_drop(void *arg)
{
	struct job *j = arg;

	buf_release(&j->body);
	free(j->url);
	free(j);
}

/* -1 and *err if it is farther than allowed. */
static int
check_reach(struct job *j, enum reach reach, const char *kind,
	const char *address, struct error *err)
{
	if (reach <= j->reach)
		return 0;
	if (j->need < reach)
		j->need = reach;
	return error_set(err, ERROR_USAGE, "%s is %s, so it is not asked",
		address, kind);
}

/* Whatever the name servers and the redirects say, this is where it goes. */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct hop *h = arg;
	char text[REACH_MAX_TEXT];
	const char *kind;
	enum reach reach;
	int fd;

	(void)purpose;
	if (h->place.proxy == NULL) {
		reach = reach_of(&to->addr, &kind);
		reach_print(text, &to->addr);
		if (check_reach(h->job, reach, kind, text, &h->job->err) ==
			-1) {
			h->refused = true;
			return CURL_SOCKET_BAD;
		}
	}
	fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	return fd == -1 ? CURL_SOCKET_BAD : fd;
}

/* RFC 6761, 6.3: that name and all below it. */
static bool
is_localhost(const char *host)
{
	static const char name[] = "localhost";
	size_t n = strlen(host), len = sizeof(name) - 1;

	return n >= len && strcasecmp(host + n - len, name) == 0 &&
		(n == len || host[n - len - 1] == '.');
}

/* A proxy resolves names itself, but some places are plain to see. */
static int
check_literal(struct hop *h, struct error *err)
{
	const char *kind;
	enum reach reach = reach_of_text(h->place.host, &kind);

	if (h->place.proxy == NULL)
		return 0;
	if (is_localhost(h->place.host)) {
		reach = REACH_LOCAL;
		kind = "loopback";
	}
	return check_reach(h->job, reach, kind, h->place.host, err);
}

static size_t
on_header(char *line, size_t size, size_t n, void *arg)
{
	struct hop *h = arg;

	(void)line;
	h->headers += size * n;
	return h->headers > MAX_HEADERS ? 0 : size * n;
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct hop *h = arg;
	long status = 0;

	n *= size;
	if (n > h->job->max_bytes - h->bytes) {
		h->too_long = true;
		return 0;
	}
	h->bytes += n;
	/* What an error page says is nobody's concern. */
	(void)curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status < 200 || status >= 300)
		return n;
	buf_add(&h->job->body, data, n);
	return n;
}

#define SET(h, option, value)                                                  \
	((h)->setup = (h)->setup != CURLE_OK                                   \
			? (h)->setup                                           \
			: curl_easy_setopt((h)->curl, (option), (value)))

static void
set_bounds(struct hop *h)
{
	int64_t left = h->job->deadline_ms - probe_now_ms();

	/* libcurl takes 0 for "for ever", and a long. */
	if (left < 1)
		left = 1;
	SET(h, CURLOPT_TIMEOUT_MS, (long)(left < INT_MAX ? left : INT_MAX));
	SET(h, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* At the deadline, do not wait for a dead name server either. */
	SET(h, CURLOPT_QUICK_EXIT, 1L);
#endif
#if LIBCURL_VERSION_NUM >= 0x075500
	SET(h, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	SET(h, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	/* Each place that it leads to is looked at first. */
	SET(h, CURLOPT_FOLLOWLOCATION, 0L);
	SET(h, CURLOPT_HTTP09_ALLOWED, 0L);
	SET(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(h, CURLOPT_OPENSOCKETDATA, h);
	SET(h, CURLOPT_HEADERFUNCTION, on_header);
	SET(h, CURLOPT_HEADERDATA, h);
	SET(h, CURLOPT_WRITEFUNCTION, on_body);
	SET(h, CURLOPT_WRITEDATA, h);
}

static void
set_up(struct hop *h, const char *url)
{
	long verify = h->job->verify ? 1L : 0L;

	SET(h, CURLOPT_ERRORBUFFER, h->words);
	SET(h, CURLOPT_URL, url);
	SET(h, CURLOPT_USERAGENT, "certvigil/" CERTVIGIL_VERSION);
	SET(h, CURLOPT_SSL_VERIFYPEER, verify);
	SET(h, CURLOPT_SSL_VERIFYHOST, verify * 2);
	/* Ours alone decides, for what is reached directly is looked at. */
	SET(h, CURLOPT_PROXY, h->place.proxy != NULL ? h->place.proxy : "");
	SET(h, CURLOPT_NOPROXY, "");
	set_bounds(h);
}

/* Not in libcurl's own words, which may quote the proxy's password. */
static int
explain_proxy(struct error *err)
{
	return error_set(err, ERROR_IO,
		"there is no such proxy as the environment names");
}

/* Why there was no answer. Returns -1 with *err. */
static int
explain(const struct hop *h, CURLcode code, struct error *err)
{
	long sys = 0;

	(void)curl_easy_getinfo(h->curl, CURLINFO_OS_ERRNO, &sys);
	if (h->headers > MAX_HEADERS)
		return error_set(err, ERROR_PARSE,
			"want at most %zu KiB of headers, have more",
			MAX_HEADERS / 1024);
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
		return error_set(err, ERROR_TIMEOUT, "no answer in time");
	case CURLE_COULDNT_RESOLVE_HOST:
		/* A SOCKS proxy's own name counts as one too. */
		return error_set(err, ERROR_IO,
			"the name %s%s cannot be resolved", h->place.host,
			h->place.proxy != NULL ? ", or that of the proxy,"
					       : "");
	case CURLE_COULDNT_RESOLVE_PROXY:
		return explain_proxy(err);
	case CURLE_COULDNT_CONNECT:
		/* err says it already, of this hop or of a faster address */
		if (h->refused)
			return -1;
		errno = (int)sys;
		if (sys != 0)
			return error_sys(err, "cannot connect%s",
				h->place.proxy != NULL ? " to the proxy" : "");
		if (h->place.proxy != NULL)
			return explain_proxy(err);
		break;
	default:
		break;
	}
	return error_set(err, ERROR_IO, "%s",
		h->words[0] != '\0' ? h->words : curl_easy_strerror(code));
}

/* The status counts, however the rest ended. */
static int
judge_status(struct hop *h, long status, CURLcode code, struct error *err)
{
	char *next = NULL;

	(void)curl_easy_getinfo(h->curl, CURLINFO_REDIRECT_URL, &next);
	if (status >= 300 && status < 400 && next != NULL) {
		h->next = str_dup(next);
		return 0;
	}
	if (status < 200 || status >= 300)
		return error_set(err, ERROR_IO, "HTTP %ld", status);
	if (h->too_long)
		return error_set(err, ERROR_PARSE,
			"want at most %zu KiB, have more",
			h->job->max_bytes / 1024);
	return code == CURLE_OK ? 0 : explain(h, code, err);
}

/* One request: 0, with h->next if it is to go on elsewhere, or -1 and *err. */
static int
hop_run(struct hop *h, const char *url, struct error *err)
{
	cleanup(curl_easy_cleanup) CURL *curl = NULL;
	CURLcode code;
	long status = 0;

	if (weburl_read(url, &h->place, err) == -1 ||
		check_literal(h, err) == -1)
		return -1;
	curl = h->curl = curl_easy_init();
	if (curl == NULL)
		mem_exhausted();
	set_up(h, url);
	code = h->setup != CURLE_OK ? h->setup : curl_easy_perform(curl);
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status == 0)
		return explain(h, code, err);
	return judge_status(h, status, code, err);
}

/* "redirected to URL: " in front of what is wrong there. */
static void
tell_redirect(struct error *err, const char *url)
{
	struct error there = *err;

	error_set(err, there.kind, "redirected to %.200s: %s", url, there.text);
}

static void
job_run(void *arg)
{
	struct job *j = arg;
	char *url = str_dup(j->url);

	for (int left = FETCH_MAX_REDIRECTS;; left--) {
		struct hop h = { .job = j };

		j->rc = hop_run(&h, url, &j->err);
		if (j->rc == -1 && left < FETCH_MAX_REDIRECTS)
			tell_redirect(&j->err, url);
		if (h.next != NULL && left == 0)
			j->rc = error_set(&j->err, ERROR_IO,
				"want at most %d redirects, have more",
				FETCH_MAX_REDIRECTS);
		free(url);
		url = h.next;
		weburl_release(&h.place);
		if (j->rc == -1 || url == NULL)
			break;
	}
	free(url);
}

int
fetch_get(struct probe_io *io, const struct fetch_request *request,
	struct buf *body, enum reach *need, struct error *err)
{
	struct probe_io patient = *io;
	struct job *j = mem_alloc(sizeof(*j));
	int rc;

	*need = REACH_PUBLIC;
	libcurl_start();
	j->url = str_dup(request->url);
	j->max_bytes = request->max_bytes;
	j->reach = request->reach;
	j->verify = request->verify;
	j->deadline_ms = io->deadline_ms;
	patient.deadline_ms += GRACE_MS;
	if (io->call(&patient, job_run, job_drop, j) == -1)
		return error_set(err, ERROR_TIMEOUT, "no answer in time");
	rc = j->rc;
	*need = j->need;
	if (rc == 0) {
		*body = j->body;
		j->body = (struct buf){ 0 };
	} else {
		*err = j->err;
	}
	job_drop(j);
	return rc;
}
