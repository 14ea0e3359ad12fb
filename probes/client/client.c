/* client.c - the test of a client certificate: connections to be compared */
#include <stdlib.h>
#include <string.h>

#include "probes/client/client.h"
#include "probes/client/identity.h"
#include "probes/filelook.h"
#include "probes/tls/connect.h"

/* As between two looks; long enough for a listener that is being restarted. */
#define RETRY_PAUSE_MS 250

/* What an attempt needs. */
struct trial {
	const struct target *target; /* dials the address of the first look */
	const struct probe_io *io;
	struct client_test *test;
};

/* Did the first look come so far that a certificate could make a difference? */
static bool
is_testable(const struct handshake *hs)
{
	if (hs->complete)
		return true;
	if (!hs->asked)
		return false;
	switch (hs->ending) {
	case ENDING_ALERT:
	case ENDING_CLOSED:
	case ENDING_RESET:
	case ENDING_TIMEOUT:
		return true;
	default:
		return false;
	}
}

/*
 * The host of "192.0.2.1:443", of "[::1]:443", and of "www.example.com:443
 * through proxy ...", as an address to dial.
 */
static char *
host_of(const char *peer)
{
	size_t n = strcspn(peer, " ");

	while (n > 0 && peer[n - 1] != ':')
		n--;
	if (n > 0)
		n--;
	if (n > 1 && peer[0] == '[')
		return str_ndup(peer + 1, n - 2);
	return str_ndup(peer, n);
}

/* One connection from the beginning. 0, or -1 and *err. */
static int
connect_once(const struct trial *trial, const struct identity *id,
	struct client_attempt *a, struct error *err)
{
	cleanup(observation_free) struct observation *ob = observation_new();
	struct stream *s = mem_alloc(sizeof(*s));
	struct probe_io io = *trial->io;
	struct connection c;
	int rc;

	io.deadline_ms = probe_now_ms() + trial->target->set.timeout_ms;
	io.late_waits = 0;
	s->io = &io;
	s->fd = -1;
	connection_init(&c, trial->target, s, ob);
	rc = connect_stream(s, trial->target, ob, err);
	if (rc == 0)
		rc = connection_run(&c, id, err) == -1 ? -2 : 0;
	stream_close(s);
	free(s);
	handshake_release(&a->handshake);
	a->handshake = *ob->handshake;
	handshake_init(ob->handshake);
	a->n_sent = c.n_sent;
	a->made = true;
	return rc == -2 ? -1 : 0;
}

/* A server that is busy may have dropped it, which says nothing of us. */
static bool
is_worth_another(const struct handshake *hs)
{
	return !hs->complete && !hs->asked && hs->ending != ENDING_TIMEOUT;
}

static int
attempt(const struct trial *trial, enum client_try which,
	const struct identity *id, struct error *err)
{
	struct client_attempt *a = &trial->test->attempts[which];
	struct probe_io io = *trial->io;

	if (connect_once(trial, id, a, err) == -1)
		return -1;
	if (trial->target->set.retries == 0 || !is_worth_another(&a->handshake))
		return 0;
	(void)io.wait(&io, -1, 0, probe_now_ms() + RETRY_PAUSE_MS);
	return connect_once(trial, id, a, err);
}

static bool
has_asked(const struct observation *ob)
{
	return ob->handshake->asked ||
		ob->client->attempts[TRY_CONFIGURED].handshake.asked;
}

static int
attempt_stranger(const struct trial *trial, struct error *err)
{
	struct identity id IDENTITY_CLEANUP = { 0 };

	if (identity_make_stranger(trial->io->libctx, &id, err) == -1)
		return -1;
	return attempt(trial, TRY_STRANGER, &id, err);
}

static int
attempt_other_chain(const struct trial *trial, const struct observation *ob,
	const struct identity *own, struct error *err)
{
	struct identity id IDENTITY_CLEANUP = { 0 };
	struct probe_io io = *trial->io;

	if (!identity_other_chain(trial->target, &io, ob, own, &id))
		return 0;
	return attempt(trial, TRY_OTHER_CHAIN, &id, err);
}

static int
attempt_all(const struct trial *trial, const struct observation *ob,
	const struct identity *own, struct error *err)
{
	if (own->leaf != NULL && attempt(trial, TRY_CONFIGURED, own, err) == -1)
		return -1;
	/* Who asks for none cannot tell one from another. */
	if (!has_asked(ob))
		return 0;
	if (trial->target->client.strict && attempt_stranger(trial, err) == -1)
		return -1;
	return own->leaf != NULL ? attempt_other_chain(trial, ob, own, err) : 0;
}

/* The server's file of client CAs, where it is at hand. */
static struct observation *
look_at_ca(const struct target *t, struct probe_io *io)
{
	const struct target file = {
		.kind = TARGET_FILE,
		.name = t->client.ca,
		.address = t->client.ca,
		.owner = t->owner,
		.file = t->client.ca,
		.role = ROLE_CLIENT_CA,
		.set = t->set,
	};

	return file_look(&file, io, NULL);
}

int
client_look(const struct target *t, struct probe_io *io, struct observation *ob,
	struct error *err)
{
	struct identity own IDENTITY_CLEANUP = { 0 };
	cleanup(str_free) char *host = NULL;
	struct target same = *t;
	struct trial trial = { .target = &same, .io = io };

	if (t->client.certificate == NULL && t->client.ca == NULL)
		return 0;
	trial.test = ob->client = client_test_new();
	if (t->client.ca != NULL)
		ob->client->ca = look_at_ca(t, io);
	if (t->client.certificate == NULL)
		return 0;
	(void)identity_load(t, io, ob->client, &own);
	if (ob->handshake->peer == NULL || !is_testable(ob->handshake))
		return 0;
	same.dial = host = host_of(ob->handshake->peer);
	return attempt_all(&trial, ob, &own, err);
}
