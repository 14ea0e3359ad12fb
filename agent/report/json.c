/* json.c - one document for machines (DESIGN.md, section 4) */
#include <string.h>

#include "model/json.h"
#include "model/phases.h"
#include "report/reports.h"

/* Raised when a key changes its meaning. */
#define SCHEMA_VERSION 1

static json_t *
moment_json(time_t t)
{
	char text[MOMENT_SIZE];

	return json_string(moment_format(t, text));
}

/* 0: there is none. */
static void
put_moment(json_t *j, const char *key, time_t t)
{
	if (t != 0)
		json_put(j, key, moment_json(t));
}

static json_t *
list_json(const struct strlist *l)
{
	json_t *j = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_push(j, json_text(l->v[i]));
	return j;
}

static json_t *
cert_json(const struct cert *c, size_t position, time_t now)
{
	json_t *j = json_object(), *key = json_object();

	json_put(j, "position", json_integer((json_int_t)position));
	json_put(j, "subject", json_text(c->subject));
	json_put(j, "issuer", json_text(c->issuer));
	json_put(j, "serial", json_text(c->serial));
	json_put(j, "names", list_json(&c->names));
	if (c->has_dates) {
		json_put(j, "not_before", moment_json(c->not_before));
		json_put(j, "not_after", moment_json(c->not_after));
		json_put(j, "seconds_left",
			json_integer((json_int_t)c->not_after - now));
		json_put(j, "lifetime",
			json_integer((json_int_t)c->not_after - c->not_before));
	}
	json_put(j, "sha256", json_text(c->sha256));
	json_put(key, "type", json_text(c->key_type));
	json_put(key, "bits", json_integer(c->key_bits));
	json_put(j, "key", key);
	json_put(j, "signature", json_text(c->signature));
	if (c->line > 0)
		json_put(j, "line", json_integer((json_int_t)c->line));
	return j;
}

static json_t *
handshake_json(const struct handshake *hs)
{
	json_t *j = json_object();

	json_put(j, "peer", json_text(hs->peer));
	json_put(j, "protocol", json_text(hs->protocol));
	json_put(j, "cipher", json_text(hs->cipher));
	json_put(j, "client_certificate_requested", json_boolean(hs->asked));
	json_put(j, "client_cas", list_json(&hs->client_cas));
	return j;
}

/* What was seen at one of several addresses, beside the target's own. */
static json_t *
address_json(const struct observation *ob, time_t now)
{
	json_t *j = json_object(), *certs = json_array();
	json_t *faults = json_array();

	json_put(j, "address", json_text(ob->address));
	if (ob->same != NULL)
		json_put(j, "same_as", json_text(ob->same->address));
	for (size_t i = 0; i < ob->n_certs; i++)
		json_push(certs, cert_json(&ob->certs[i], i, now));
	json_put(j, "certificates", certs);
	for (size_t i = 0; i < ob->n_faults; i++)
		json_push(faults, json_text(ob->faults[i].text));
	json_put(j, "faults", faults);
	if (ob->handshake->peer != NULL)
		json_put(j, "handshake", handshake_json(ob->handshake));
	return j;
}

static json_t *
others_json(const struct observation *ob, time_t now)
{
	json_t *j = json_array();

	for (size_t i = 0; i < ob->n_others; i++)
		json_push(j, address_json(ob->others[i], now));
	return j;
}

/* Of an https answer: its status is shown, not judged. */
static json_t *
reply_json(const struct reply *r)
{
	const char *server = reply_header(r, "Server");
	json_t *j = json_object();

	json_put(j, "status", json_integer(r->status));
	json_put(j, "reason", json_text(r->reason));
	if (server != NULL)
		json_put(j, "server", json_text(server));
	return j;
}

static void
put_seen(json_t *j, const char *key, const struct handshake *hs)
{
	struct buf text BUF_CLEANUP = { 0 };

	client_describe(&text, hs);
	json_put(j, key, json_text(buf_str(&text)));
}

static json_t *
certs_json(const struct observation *ob, time_t now)
{
	json_t *j = json_array();

	for (size_t i = 0; i < ob->n_certs; i++)
		json_push(j, cert_json(&ob->certs[i], i, now));
	return j;
}

/* What came of each connection, by enum client_try. */
static void
put_attempts(json_t *j, const struct client_test *test)
{
	static const char *const keys[CLIENT_TRIES] = {
		[TRY_CONFIGURED] = "with",
		[TRY_STRANGER] = "stranger",
		[TRY_OTHER_CHAIN] = "other_chain",
	};

	for (int i = 0; i < CLIENT_TRIES; i++) {
		const struct client_attempt *a = &test->attempts[i];

		if (!a->made)
			continue;
		put_seen(j, keys[i], &a->handshake);
		if (i == TRY_CONFIGURED)
			json_put(
				j, "sent", json_integer((json_int_t)a->n_sent));
	}
}

/* How the server takes its clients, and the certificate of ours. */
static json_t *
client_json(const struct result *r, time_t now)
{
	const struct client_test *test = r->seen->client;
	json_t *j = json_object();

	/* Behind the area's name and a dot. */
	json_put(j, "verdict", json_text(strchr(r->client, '.') + 1));
	if (test != NULL)
		put_attempts(j, test);
	put_seen(j, "without", r->seen->handshake);
	if (test != NULL && test->own != NULL)
		json_put(j, "certificates", certs_json(test->own, now));
	return j;
}

static json_t *
finding_json(const struct finding *f)
{
	json_t *j = json_object();

	json_put(j, "id", json_text(f->kind->id));
	json_put(j, "severity", json_text(severity_name(f->severity)));
	json_put(j, "subject", json_text(f->subject));
	json_put(j, "message", json_text(f->message));
	json_put(j, "hint", json_text(finding_remedy(f)));
	json_put(j, "details", finding_details(f));
	return j;
}

static json_t *
target_json(const struct result *r, time_t now)
{
	json_t *j = json_object(), *certs = json_array();
	json_t *findings = json_array();
	bool endpoint = r->target->kind == TARGET_ENDPOINT;

	json_put(j, "name", json_text(r->target->name));
	json_put(j, "kind", json_string(endpoint ? "endpoint" : "file"));
	json_put(j, "address", json_text(r->target->address));
	json_put(j, "status", json_string(severity_name(r->status)));
	json_put(j, "observed_at", moment_json(r->observed_at));
	if (r->duration_ms >= 0)
		json_put(j, "duration_ms", json_integer(r->duration_ms));
	if (r->target->owner != NULL)
		json_put(j, "owner", json_text(r->target->owner));
	if (r->role != ROLE_AUTO) {
		json_put(j, "role", json_string(role_name(r->role)));
		/* An endpoint is a server, and nobody needs to say so. */
		json_put(j, "role_inferred",
			json_boolean(
				!endpoint && r->target->role == ROLE_AUTO));
	}
	put_moment(j, "warning_at", r->warning_at);
	put_moment(j, "critical_at", r->critical_at);
	put_moment(j, "order_by", r->order_by);
	if (r->deployed != NULL)
		json_put(j, "deployed", json_text(r->deployed));
	if (r->seen != NULL && r->seen->format != NULL)
		json_put(j, "format", json_string(r->seen->format));
	for (size_t i = 0; r->seen != NULL && i < r->seen->n_certs; i++)
		json_push(certs, cert_json(&r->seen->certs[i], i, now));
	json_put(j, "certificates", certs);
	if (r->account != NULL)
		json_put(j, "paths", paths_json(r));
	if (endpoint && r->seen != NULL && r->seen->handshake->peer != NULL)
		json_put(j, "handshake", handshake_json(r->seen->handshake));
	if (endpoint && r->seen != NULL && r->seen->handshake->reply.status > 0)
		json_put(j, "http", reply_json(&r->seen->handshake->reply));
	if (r->seen != NULL && r->client != NULL)
		json_put(j, "client", client_json(r, now));
	if (r->seen != NULL && r->seen->n_others > 0)
		json_put(j, "other_addresses", others_json(r->seen, now));
	for (size_t i = 0; i < r->findings.n; i++)
		json_push(findings, finding_json(&r->findings.v[i]));
	json_put(j, "findings", findings);
	return j;
}

/* Those that were met, in their order. */
static json_t *
phases_json(const struct phases *phases)
{
	json_t *list = json_array();

	for (int i = 0; i < PHASES; i++) {
		const struct phase_times *t = &phases->v[i];
		json_t *j;

		if (t->n == 0)
			continue;
		j = json_object();
		json_put(j, "name", json_string(phase_name((enum phase)i)));
		json_put(j, "times", json_integer((json_int_t)t->n));
		json_put(j, "wall_ms", json_integer(t->wall_us / 1000));
		json_put(j, "cpu_ms", json_integer(t->cpu_us / 1000));
		json_push(list, j);
	}
	return list;
}

/*
 * What stands around the targets. They are added one by one: as one tree the
 * results of ten thousand targets would take a hundred megabytes.
 */
static json_t *
head_json(const struct results *rs)
{
	struct summary s = results_summary(rs);
	json_t *j = json_object(), *counts = json_object();

	json_put(j, "version", json_integer(SCHEMA_VERSION));
	json_put(j, "program", json_string("certvigil " CERTVIGIL_VERSION));
	json_put(j, "time", moment_json(rs->time));
	json_put(j, "status", json_string(severity_name(s.worst)));
	for (int i = SEV_OK; i <= SEV_UNKNOWN; i++)
		json_put(counts, severity_name((enum severity)i),
			json_integer((json_int_t)s.n[i]));
	json_put(j, "summary", counts);
	if (rs->phases != NULL)
		json_put(j, "phases", phases_json(rs->phases));
	return j;
}

static void
json_render(struct buf *out, const struct results *rs,
	const struct report_options *opt)
{
	json_print_head(out, head_json(rs));
	json_begin_list(out, "targets");
	for (size_t i = 0; i < rs->n; i++) {
		json_print_item(out, i, target_json(rs->v[i], rs->time));
		report_pass(out, opt);
	}
	json_end_list(out, rs->n);
	json_end(out);
}

const struct report report_json = {
	.name = "json",
	.help = "one document for machines",
	.render = json_render,
};
