/* transfer.c - one libcurl transfer with a deadline and verified TLS */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/duration.h"
#include "notifiers/answer.h"
#include "notifiers/transfer.h"

static const struct key tls_keys[] = {
	{ .name = "ca",
		.type = KEY_PATH,
		.offset = offsetof(struct transfer_tls, ca),
		.help = "bundle of the CAs to trust; without it the system's" },
	{ .name = "certificate",
		.type = KEY_PATH,
		.offset = offsetof(struct transfer_tls, certificate),
		.help = "client certificate to show, with its chain (PEM)" },
	{ .name = "key",
		.type = KEY_PATH,
		.offset = offsetof(struct transfer_tls, key),
		.help = "its private key; without it, in `certificate`" },
	{ .name = "passphrase",
		.type = KEY_SECRET,
		.offset = offsetof(struct transfer_tls, passphrase),
		.help = "passphrase of the private key" },
	{ 0 },
};

const struct section transfer_tls_section = {
	.name = "tls",
	.keys = tls_keys,
	.size = sizeof(struct transfer_tls),
	.help = "how TLS is spoken to a receiver",
};

int
transfer_tls_check(const struct transfer_tls *tls, struct error *err)
{
	if (tls->key != NULL && tls->certificate == NULL)
		return error_set(err, ERROR_USAGE,
			"key: want `certificate` beside it, have none");
	return 0;
}

int64_t
transfer_now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
start_libcurl(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		mem_exhausted();
}

/*
 * CURLOPT_TIMEOUT_MS does not hold while libcurl takes its leave (SMTP's
 * QUIT); this is called then as well, once a second.
 */
static int
check_deadline(void *arg, curl_off_t dltotal, curl_off_t dlnow,
	curl_off_t ultotal, curl_off_t ulnow)
{
	const struct transfer *t = arg;

	(void)dltotal;
	(void)dlnow;
	(void)ultotal;
	(void)ulnow;
	return transfer_now_ms() >= t->deadline_ms;
}

static void
limit_protocols(struct transfer *t, const char *protocols)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	transfer_set(t, CURLOPT_PROTOCOLS_STR, protocols);
#else
	transfer_set(t, CURLOPT_PROTOCOLS,
		strstr(protocols, "smtp") != NULL
			? (long)(CURLPROTO_SMTP | CURLPROTO_SMTPS)
			: (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

static void
set_tls(struct transfer *t, const struct transfer_tls *tls)
{
	transfer_set(t, CURLOPT_SSL_VERIFYPEER, 1L);
	transfer_set(t, CURLOPT_SSL_VERIFYHOST, 2L);
	transfer_set(t, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (tls->ca != NULL) {
		transfer_set(t, CURLOPT_CAINFO, tls->ca);
		/* Else the system's folder would be trusted beside it. */
		transfer_set(t, CURLOPT_CAPATH, (char *)NULL);
	}
	if (tls->certificate == NULL)
		return;
	transfer_set(t, CURLOPT_SSLCERT, tls->certificate);
	transfer_set(t, CURLOPT_SSLKEY,
		tls->key != NULL ? tls->key : tls->certificate);
	/* Without a passphrase OpenSSL would ask on the terminal. */
	transfer_set(t, CURLOPT_KEYPASSWD,
		tls->passphrase != NULL ? tls->passphrase : "");
}

void
transfer_open(struct transfer *t, const char *protocols,
	const struct transfer_tls *tls, int64_t timeout_ms)
{
	static pthread_once_t started = PTHREAD_ONCE_INIT;

	/* libcurl takes 0 for "for ever", and a long. */
	if (timeout_ms < 1)
		timeout_ms = 1;
	if (timeout_ms > INT_MAX)
		timeout_ms = INT_MAX;
	(void)pthread_once(&started, start_libcurl);
	*t = (struct transfer){
		.curl = curl_easy_init(),
		.timeout_ms = timeout_ms,
		.deadline_ms = transfer_now_ms() + timeout_ms,
	};
	if (t->curl == NULL)
		mem_exhausted();
	transfer_set(t, CURLOPT_ERRORBUFFER, t->words);
	transfer_set(t, CURLOPT_NOSIGNAL, 1L);
	transfer_set(t, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	transfer_set(t, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
	transfer_set(t, CURLOPT_NOPROGRESS, 0L);
	transfer_set(t, CURLOPT_XFERINFOFUNCTION, check_deadline);
	transfer_set(t, CURLOPT_XFERINFODATA, t);
	/* Leave within transfer_run(), where the deadline holds. */
	transfer_set(t, CURLOPT_FORBID_REUSE, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* At the deadline, do not wait for a dead name server either. */
	transfer_set(t, CURLOPT_QUICK_EXIT, 1L);
#endif
	limit_protocols(t, protocols);
	set_tls(t, tls);
}

CURLcode
transfer_run(struct transfer *t)
{
	if (t->setup != CURLE_OK)
		return t->setup;
	return curl_easy_perform(t->curl);
}

void
transfer_hurry(struct transfer *t, int64_t ms)
{
	int64_t until = transfer_now_ms() + ms;

	if (until < t->deadline_ms)
		t->deadline_ms = until;
}

void
transfer_close(struct transfer *t)
{
	curl_easy_cleanup(t->curl);
	t->curl = NULL;
}

/* What only a change of the configuration, here or there, can mend. */
static bool
will_not_mend(CURLcode code)
{
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_USE_SSL_FAILED:
	case CURLE_LOGIN_DENIED:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_UNKNOWN_OPTION:
	case CURLE_NOT_BUILT_IN:
		return true;
	default:
		return false;
	}
}

void
transfer_explain(const struct transfer *t, CURLcode code, const char *origin,
	const struct strlist *hidden, struct delivery *out)
{
	enum outcome outcome = will_not_mend(code) ? DELIVERY_REFUSED
						   : DELIVERY_FAILED;
	BUF_CLEANUP struct buf within = { 0 };
	struct error err;
	long sys = 0;

	(void)curl_easy_getinfo(t->curl, CURLINFO_OS_ERRNO, &sys);
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_ABORTED_BY_CALLBACK:
		duration_format_ms(&within, t->timeout_ms);
		answer_set(out, outcome, hidden, "%s: no answer within %s",
			origin, buf_str(&within));
		return;
	case CURLE_COULDNT_CONNECT:
		if (sys != 0) {
			errno = (int)sys;
			error_sys(&err, "%s", origin);
			answer_set(out, outcome, hidden, "%s", err.text);
			return;
		}
		if (strcasestr(t->words, "proxy") == NULL)
			break;
		/* FALLTHROUGH */
	case CURLE_COULDNT_RESOLVE_PROXY:
		/* libcurl's own words may quote the proxy's password. */
		answer_set(out, outcome, hidden, "%s: no such proxy", origin);
		return;
	case CURLE_USE_SSL_FAILED:
		answer_set(out, outcome, hidden,
			"%s: STARTTLS is required and the server does not "
			"offer it",
			origin);
		return;
	default:
		break;
	}
	answer_set(out, outcome, hidden, "%s: %s", origin,
		t->words[0] != '\0' ? t->words : curl_easy_strerror(code));
}

void
transfer_list_add(struct curl_slist **list, const char *s)
{
	struct curl_slist *longer = curl_slist_append(*list, s);

	if (longer == NULL)
		mem_exhausted();
	*list = longer;
}
