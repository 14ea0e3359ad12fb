/* cert.c - the dates of each certificate */
#include "report/prometheus/prometheus.h"

size_t
dated_certs(const struct result *r)
{
	return r->store ? 0 : shown_certs(r);
}

static void
put_cert(struct exposition *e, const struct cert *c)
{
	series_label_cut(e, "subject", c->label);
	series_label_cut(e, "issuer", c->issuer_label);
	series_label_cut(e, "serial", c->serial);
	series_label(e, "sha256", c->sha256);
}

/* Those that were seen at one address; position and peer part them. */
static void
tell_at(struct exposition *e, const struct result *r,
	const struct observation *at, const char *peer, cert_value value)
{
	const struct observation *ob = observation_presented(at);

	for (size_t i = 0; i < observation_n_presented(ob); i++) {
		const struct cert *c = &ob->certs[i];

		if (!c->has_dates)
			continue;
		series_of(e, r);
		series_label(e, "peer", peer);
		series_number(e, "position", i);
		put_cert(e, c);
		series_end(e, value(e, c));
	}
}

static void
tell_dates(struct exposition *e, const struct result *r, cert_value value)
{
	if (r->seen == NULL || r->store)
		return;
	tell_at(e, r, r->seen, r->seen->address, value);
	for (size_t i = 0; i < r->seen->n_others; i++)
		tell_at(e, r, r->seen->others[i], r->seen->others[i]->address,
			value);
}

static void
tell_ends(struct exposition *e, const struct result *r)
{
	tell_dates(e, r, cert_end);
}

static void
tell_begins(struct exposition *e, const struct result *r)
{
	tell_dates(e, r, cert_begin);
}

/* Of our own certificate: nobody else watches that one. */
static void
tell_client_end(struct exposition *e, const struct result *r)
{
	const struct client_test *test = r->seen != NULL ? r->seen->client
							 : NULL;

	if (test == NULL || test->own == NULL || test->own->n_certs == 0 ||
		!test->own->certs[0].has_dates)
		return;
	series_of(e, r);
	put_cert(e, &test->own->certs[0]);
	series_end(e, test->own->certs[0].not_after);
}

const struct family prometheus_certs[] = {
	{ "certvigil_certificate_not_after_timestamp_seconds",
		"The end of each certificate that was seen, as Unix time.", 0,
		NULL, tell_ends },
	{ "certvigil_certificate_not_before_timestamp_seconds",
		"The beginning of each certificate that was seen, as Unix "
		"time.",
		0, NULL, tell_begins },
	{ "certvigil_client_certificate_not_after_timestamp_seconds",
		"The end of the client certificate that the target is tested "
		"with, as Unix time.",
		0, NULL, tell_client_end },
	{ 0 },
};
