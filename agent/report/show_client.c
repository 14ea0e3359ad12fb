/* show_client.c - the test of a client certificate, for a person */
#include "model/text.h"
#include "report/view.h"

#define MAX_CERTS 8 /* of the client's chain */
#define MAX_CAS 6 /* and so many with -v: */
#define MAX_CAS_VERBOSE 100
#define NAME_BYTES 255
#define TEXT_BYTES 600

static void
put_seen(struct view *v, const struct handshake *hs)
{
	BUF_CLEANUP struct buf text = { 0 };

	client_describe(&text, hs);
	if (hs->reply.status > 0 && hs->reply.reason != NULL &&
		*hs->reply.reason != '\0')
		buf_printf(&text, " %s", hs->reply.reason);
	pen_text(&v->pen, NULL, buf_str(&text), TEXT_BYTES);
	if (hs->protocol != NULL)
		pen_printf(&v->pen, PEN_DIM, ", %s", hs->protocol);
	pen_end(&v->pen);
}

static void
put_attempt(
	struct view *v, const char *name, const struct client_attempt *attempt)
{
	BUF_CLEANUP struct buf sent = { 0 };

	if (!attempt->made)
		return;
	pen_field(&v->pen, MARK_INSIDE, PEN_DIM, name);
	text_count(&sent, attempt->n_sent, "certificate", "certificates");
	pen_printf(&v->pen, NULL, "%s sent: ", sent.s);
	put_seen(v, &attempt->handshake);
}

static void
put_ours(struct view *v, const struct client_test *test)
{
	const struct client_attempt *ours = &test->attempts[TRY_CONFIGURED];

	if (ours->made) {
		put_attempt(v, "ours", ours);
		return;
	}
	pen_field(&v->pen, MARK_INSIDE, PEN_DIM, "ours");
	pen_text(&v->pen, PEN_BAD, "not tried", TEXT_BYTES);
	if (test->problem != NULL) {
		pen_text(&v->pen, NULL, ": ", TEXT_BYTES);
		pen_text(&v->pen, NULL, test->problem, TEXT_BYTES);
	}
	pen_end(&v->pen);
}

static void
put_connections(struct view *v, const struct client_test *test)
{
	const struct client_attempt *other = &test->attempts[TRY_OTHER_CHAIN];
	bool longer = other->n_sent > test->attempts[TRY_CONFIGURED].n_sent;

	put_ours(v, test);
	put_attempt(v, longer ? "more" : "alone", other);
	if (v->r->seen->handshake->peer != NULL) {
		pen_field(&v->pen, MARK_INSIDE, PEN_DIM, "none");
		put_seen(v, v->r->seen->handshake);
	}
	put_attempt(v, "stranger", &test->attempts[TRY_STRANGER]);
}

static const struct handshake *
who_asked(const struct view *v, const struct client_test *test)
{
	if (v->r->seen->handshake->asked)
		return v->r->seen->handshake;
	for (int i = 0; i < CLIENT_TRIES; i++) {
		if (test->attempts[i].handshake.asked)
			return &test->attempts[i].handshake;
	}
	return NULL;
}

/* Whether the server asks, when, and for certificates of which CAs. */
static void
put_request(struct view *v, const struct client_test *test)
{
	const struct handshake *hs = who_asked(v, test);
	struct pen *p = &v->pen;
	size_t n = p->opt->verbose > 0 ? MAX_CAS_VERBOSE : MAX_CAS;

	pen_field(p, MARK_INSIDE, PEN_DIM, "asked for");
	if (hs == NULL) {
		pen_printf(p, NULL, "not at all");
		pen_end(p);
		return;
	}
	pen_printf(p, NULL,
		hs->asked_at == STEP_REQUEST ? "after the request"
					     : "in the handshake");
	pen_printf(p, NULL,
		hs->client_cas.n > 0 ? ", of "
				     : ", and of no CA in particular");
	/* "and 1 more" would be no shorter. */
	if (hs->client_cas.n <= n + 1)
		n = hs->client_cas.n;
	for (size_t i = 0; i < n; i++) {
		pen_printf(p, NULL, i > 0 ? ", '" : "'");
		pen_text(p, NULL, hs->client_cas.v[i], NAME_BYTES);
		pen_text(p, NULL, "'", 1);
	}
	if (n < hs->client_cas.n)
		pen_printf(p, NULL, " and %zu more", hs->client_cas.n - n);
	pen_end(p);
}

static void
put_chain(struct view *v, const struct observation *own)
{
	size_t n = own->n_certs < MAX_CERTS ? own->n_certs : MAX_CERTS;

	v->label_columns = view_label_columns(own->certs, NULL, n);
	for (size_t i = 0; i < n; i++) {
		const struct cert *c = &own->certs[i];

		v->pen.spine = false;
		pen_begin(&v->pen, MARK_ALONE, i, 2);
		view_label(v, c);
		view_brief(v, c);
		pen_end(&v->pen);
		view_findings_of(v, c);
	}
	if (n == own->n_certs)
		return;
	pen_begin(&v->pen, MARK_INSIDE, PEN_NO_NUMBER, 0);
	pen_printf(
		&v->pen, NULL, "and %zu more certificates", own->n_certs - n);
	pen_end(&v->pen);
}

void
view_client(struct view *v)
{
	const struct client_test *test = v->r->seen->client;

	view_heading(v, "Client certificate:");
	if (test->own != NULL)
		put_chain(v, test->own);
	if (v->r->seen->handshake->complete || who_asked(v, test) != NULL)
		put_request(v, test);
	put_connections(v, test);
}
