/* gain.c - certificates that a path lacks, from wherever they can be had */
#include <stdlib.h>
#include <string.h>

#include "checks/path/anchors.h"
#include "probes/fetch.h"
#include "probes/issuers.h"
#include "scan/gain.h"
#include "scan/io.h"

static bool
has(const struct observation *ob, const X509 *x509)
{
	for (size_t i = 0; i < ob->n_certs; i++) {
		if (X509_cmp(ob->certs[i].x509, x509) == 0)
			return true;
	}
	return false;
}

/* It may stand on a path from now on. */
static bool
lend(struct observation *ob, X509 *x509, struct mend_note note,
	struct mended *m)
{
	X509_up_ref(x509);
	if (observation_add_cert(ob, x509, 0) == -1)
		return false;
	ob->n_lent++;
	m->notes = mem_grow(m->notes, ob->n_certs, sizeof(*m->notes));
	m->notes[m->n_notes++] = note;
	return true;
}

/* Certificates of which it is not known yet whether they are wanted. */
struct batch {
	struct observation *from;
	bool *taken;
	struct mend_note note;
	bool signed_any; /* they hold what was looked for, be it new or not */
	bool added;
};

static void
take_issuers_of(struct batch *b, const struct cert *c, struct observation *ob,
	struct mended *m)
{
	const size_t n = b->from->n_certs;
	const struct cert **queue = mem_alloc((n + 1) * sizeof(*queue));
	size_t first = 0, last = 0;

	queue[last++] = c;
	for (; first < last; first++) {
		for (size_t i = 0; i < n; i++) {
			struct cert *issuer = &b->from->certs[i];

			if (b->taken[i] ||
				!cert_issued_by(queue[first], issuer))
				continue;
			b->taken[i] = b->signed_any = true;
			queue[last++] = issuer;
			if (!has(ob, issuer->x509) &&
				lend(ob, issuer->x509, b->note, m))
				b->added = true;
		}
	}
	free(queue);
}

/* Those of `from` that signed ob->certs[at], or one another up to it. */
static void
sift(struct batch *b, struct observation *ob, size_t at, struct mended *m)
{
	struct cert c = { 0 };

	b->taken = mem_alloc(b->from->n_certs + 1);
	X509_up_ref(ob->certs[at].x509);
	cert_init(&c, ob->certs[at].x509);
	take_issuers_of(b, &c, ob, m);
	cert_release(&c);
	free(b->taken);
}

bool
gain_from_store(const struct mend_request *request, struct observation *ob,
	size_t at, struct mended *m)
{
	cleanup(observation_free) struct observation *found = observation_new();
	struct batch b = { .from = found, .note = { .source = MEND_STORE } };
	struct anchors anchors;
	STACK_OF(X509) *named;

	anchors_open(&anchors, request->trust);
	named = anchors_named(
		&anchors, X509_get_issuer_name(ob->certs[at].x509));
	for (int i = 0; i < sk_X509_num(named); i++) {
		X509 *x509 = sk_X509_value(named, i);

		/* An anchor ends a path and stands in no chain. */
		if (anchors_accept(&anchors, x509))
			continue;
		X509_up_ref(x509);
		(void)observation_add_cert(found, x509, 0);
	}
	sk_X509_pop_free(named, X509_free);
	anchors_close(&anchors);
	sift(&b, ob, at, m);
	return b.added;
}

/* "192.0.2.1" of "192.0.2.1:443", "fe80::1" of "[fe80::1%eth0]:443". */
static enum reach
reach_of_peer(const char *peer)
{
	cleanup(str_free) char *address = NULL;
	size_t skip = *peer == '[';

	address = str_ndup(peer + skip, strcspn(peer + skip, "]%"));
	if (skip == 0 && strrchr(address, ':') != NULL)
		*strrchr(address, ':') = '\0';
	return reach_of_text(address, NULL);
}

static enum reach
reach_allowed(const struct mend_request *request, const struct observation *ob)
{
	if (request->allow_private)
		return REACH_LOCAL;
	return ob->handshake->peer != NULL ? reach_of_peer(ob->handshake->peer)
					   : REACH_PUBLIC;
}

/* 0 with what the URL holds in `found`, or -1 and *err. */
static int
fetch(const struct mend_request *request, const struct observation *ob,
	const char *url, struct observation *found, struct mended *m,
	struct error *err)
{
	const struct fetch_request fetch = {
		.url = url,
		.max_bytes = FETCH_BODY_BYTES,
		.reach = reach_allowed(request, ob),
	};
	BUF_CLEANUP struct buf body = { 0 };
	struct probe_io io = { .libctx = request->trust->libctx };
	enum reach need;
	int rc;

	io_init(&io);
	io.deadline_ms = probe_now_ms() + request->target->set.timeout_ms;
	rc = fetch_get(&io, &fetch, &body, &need, err);
	if (need > m->need)
		m->need = need;
	if (rc == -1)
		return -1;
	return issuers_read(buf_str(&body), body.len, io.libctx, found, err);
}

static bool
was_fetched(const struct mended *m, const char *url)
{
	for (size_t i = 0; i < m->n_fetches; i++) {
		if (strcmp(m->fetches[i].url, url) == 0)
			return true;
	}
	return false;
}

/* One URL: has it anything new that is of use? */
static bool
try_url(const struct mend_request *request, struct observation *ob, size_t at,
	const char *url, struct mended *m)
{
	cleanup(observation_free) struct observation *found = observation_new();
	struct mend_fetch *f = &m->fetches[m->n_fetches++];
	struct batch b = {
		.from = found,
		.note = { .source = MEND_FETCHED, .fetch = m->n_fetches - 1 },
	};
	struct error err;

	f->url = str_dup(url);
	if (fetch(request, ob, url, found, m, &err) == -1) {
		f->problem = str_dup(err.text);
		return false;
	}
	sift(&b, ob, at, m);
	if (!b.signed_any)
		f->problem = str_fmt("want the issuer of '%s', have '%s'%s",
			ob->certs[at].label, found->certs[0].label,
			strcmp(found->certs[0].subject, ob->certs[at].issuer) ==
					0
				? ", which did not sign it"
				: "");
	return b.added;
}

bool
gain_by_url(const struct mend_request *request, struct observation *ob,
	size_t at, struct mended *m)
{
	struct strlist urls = { 0 };
	bool added = false;

	cert_issuer_urls(ob->certs[at].x509, &urls);
	for (size_t i = 0; i < urls.n && !added; i++) {
		if (m->n_fetches < MEND_MAX_FETCHES &&
			!was_fetched(m, urls.v[i]))
			added = try_url(request, ob, at, urls.v[i], m);
	}
	strlist_release(&urls);
	return added;
}
