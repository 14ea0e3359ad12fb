/* transfer.h - one libcurl transfer with a deadline and verified TLS */
#ifndef NOTIFIERS_TRANSFER_H
#define NOTIFIERS_TRANSFER_H

#include <stdint.h>

#include <curl/curl.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "model/error.h"
#include "model/key.h"
#include "notifiers/notifier.h"

/* Whom to trust, and who we are; the keys are those of transfer_tls_keys. */
struct transfer_tls {
	const char *ca; /* exactly this bundle; NULL: the system's */
	const char *certificate; /* ours; NULL: none */
	const char *key; /* NULL: in `certificate` */
	const char *passphrase; /* or NULL */
};

extern const struct section transfer_tls_section; /* for KEY_INHERIT */
int transfer_tls_check(const struct transfer_tls *tls, struct error *err);

struct transfer {
	CURL *curl;
	CURLcode setup; /* the first refusal of an option */
	int64_t timeout_ms;
	int64_t deadline_ms; /* CLOCK_MONOTONIC */
	char words[CURL_ERROR_SIZE];
};

/*
 * Make *t for one transfer by `protocols`, such as "http,https", that ends
 * within `timeout_ms`. *t must stay where it is until transfer_close().
 */
void transfer_open(struct transfer *t, const char *protocols,
	const struct transfer_tls *tls, int64_t timeout_ms);

/* curl_easy_setopt(); a refusal is told by transfer_run(). */
#define transfer_set(t, option, value)                                         \
	((t)->setup = (t)->setup != CURLE_OK                                   \
			? (t)->setup                                           \
			: curl_easy_setopt((t)->curl, (option), (value)))

int64_t transfer_now_ms(void); /* CLOCK_MONOTONIC */

CURLcode transfer_run(struct transfer *t);
/* Nothing more than politeness is due: end within `ms`. */
void transfer_hurry(struct transfer *t, int64_t ms);
/* Tell why `code` came, with `origin` as the receiver's name. */
void transfer_explain(const struct transfer *t, CURLcode code,
	const char *origin, const struct strlist *hidden, struct delivery *out);
void transfer_close(struct transfer *t);

/* A list for libcurl that grows or ends the program. */
void transfer_list_add(struct curl_slist **list, const char *s);
DEFINE_CLEANUP(struct curl_slist, curl_slist_free_all)

#endif
