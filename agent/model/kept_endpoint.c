/* kept_endpoint.c - what is kept of an endpoint, and of nothing else */
#include "model/kept_parts.h"

#define MAX_FAULTS 1000
#define MAX_OTHERS 1000

enum {
	HANDSHAKE_COMPLETE = 1,
	HANDSHAKE_ASKED = 2,
	HANDSHAKE_FLAGS = 3,
};

static void
put_handshake(struct pack *p, const struct handshake *hs)
{
	pack_number(p, hs->step);
	pack_number(p, hs->ending);
	pack_number(p,
		(hs->complete ? HANDSHAKE_COMPLETE : 0) |
			(hs->asked ? HANDSHAKE_ASKED : 0));
	pack_number(p, hs->asked_at);
	pack_number(p, hs->alert);
	pack_number(p, (int64_t)hs->n_data);
	pack_string(p, hs->peer);
	pack_string(p, hs->sni);
	pack_string(p, hs->protocol);
	pack_number(p, hs->version);
	pack_string(p, hs->cipher);
	pack_string(p, hs->speaks);
	pack_string(p, hs->scheme);
	kept_put_texts(p, &hs->client_cas);
	pack_number(p, hs->reply.status);
	pack_string(p, hs->reply.reason);
	kept_put_texts(p, &hs->reply.headers);
}

static void
get_handshake(struct unpack *u, struct handshake *hs)
{
	int64_t flags;

	handshake_init(hs);
	hs->step = (enum connection_step)kept_within(u, STEP_KINDS - 1);
	hs->ending = (enum connection_ending)kept_within(u, ENDING_KINDS - 1);
	flags = kept_within(u, HANDSHAKE_FLAGS);
	hs->complete = (flags & HANDSHAKE_COMPLETE) != 0;
	hs->asked = (flags & HANDSHAKE_ASKED) != 0;
	hs->asked_at = (enum connection_step)kept_within(u, STEP_KINDS - 1);
	hs->alert = (int)unpack_number(u);
	if (hs->alert < -1 || hs->alert > UINT8_MAX)
		u->broken = true;
	hs->n_data = (size_t)kept_within(u, INT64_MAX);
	hs->peer = unpack_string(u);
	hs->sni = unpack_string(u);
	hs->protocol = unpack_string(u);
	hs->version = (int)kept_within(u, UINT16_MAX);
	hs->cipher = unpack_string(u);
	hs->speaks = unpack_string(u);
	hs->scheme = unpack_string(u);
	kept_texts(u, &hs->client_cas);
	hs->reply.status = (int)kept_within(u, INT32_MAX);
	hs->reply.reason = unpack_string(u);
	kept_texts(u, &hs->reply.headers);
}

static void
put_faults(struct pack *p, const struct observation *ob)
{
	pack_number(p, (int64_t)ob->n_faults);
	for (size_t i = 0; i < ob->n_faults; i++) {
		pack_number(p, ob->faults[i].kind);
		pack_string(p, ob->faults[i].text);
	}
}

static void
get_faults(struct unpack *u, struct observation *ob)
{
	size_t n = unpack_count(u, MAX_FAULTS);

	if (n == 0)
		return;
	ob->faults = shelf_alloc(u->shelf, n * sizeof(*ob->faults));
	for (; ob->n_faults < n && !u->broken; ob->n_faults++) {
		struct fault *f = &ob->faults[ob->n_faults];

		f->kind = (enum fault_kind)kept_within(u, FAULT_KINDS - 1);
		f->text = kept_must(u);
	}
}

static struct observation *
new_observation(struct unpack *u)
{
	struct observation *ob = shelf_alloc(u->shelf, sizeof(*ob));

	ob->handshake = shelf_alloc(u->shelf, sizeof(*ob->handshake));
	return ob;
}

/* 0: its certificates are its own; 1: those of `ob`; from 2 on, of another. */
static int64_t
place_of_same(const struct observation *ob, const struct observation *other)
{
	if (other->same == NULL)
		return 0;
	for (size_t i = 0; i < ob->n_others; i++) {
		if (ob->others[i] == other->same)
			return (int64_t)i + 2;
	}
	return 1;
}

static void
put_others(struct pack *p, const struct observation *ob)
{
	pack_number(p, (int64_t)ob->n_others);
	for (size_t i = 0; i < ob->n_others; i++) {
		const struct observation *other = ob->others[i];

		pack_string(p, other->address);
		pack_number(p, place_of_same(ob, other));
		kept_put_certs(p, other);
		put_faults(p, other);
		put_handshake(p, other->handshake);
	}
}

static void
get_other(struct unpack *u, struct observation *ob)
{
	struct observation *other = new_observation(u);
	int64_t same;

	other->address = kept_must(u);
	/* It is an earlier one. */
	same = kept_within(u, (int64_t)ob->n_others + 1);
	if (same > 0)
		other->same = same == 1 ? ob : ob->others[same - 2];
	kept_certs(u, other);
	get_faults(u, other);
	get_handshake(u, other->handshake);
	ob->others[ob->n_others++] = other;
}

static void
get_others(struct unpack *u, struct observation *ob)
{
	size_t n = unpack_count(u, MAX_OTHERS);

	if (n == 0)
		return;
	ob->others = shelf_alloc(u->shelf, n * sizeof(struct observation *));
	while (ob->n_others < n && !u->broken)
		get_other(u, ob);
}

static void
put_client(struct pack *p, const struct client_test *test)
{
	pack_number(p, test != NULL);
	if (test == NULL)
		return;
	for (int i = 0; i < CLIENT_TRIES; i++) {
		const struct client_attempt *a = &test->attempts[i];

		pack_number(p, a->made);
		if (!a->made)
			continue;
		pack_number(p, (int64_t)a->n_sent);
		put_handshake(p, &a->handshake);
	}
	pack_number(p, test->own != NULL);
	if (test->own != NULL)
		kept_put_certs(p, test->own);
	pack_string(p, test->problem);
}

static void
get_client(struct unpack *u, struct observation *ob)
{
	struct client_test *test;

	if (kept_within(u, 1) == 0)
		return;
	test = shelf_alloc(u->shelf, sizeof(*test));
	for (int i = 0; i < CLIENT_TRIES; i++) {
		struct client_attempt *a = &test->attempts[i];

		handshake_init(&a->handshake);
		a->made = kept_within(u, 1) != 0;
		if (!a->made)
			continue;
		a->n_sent = (size_t)kept_within(u, INT32_MAX);
		get_handshake(u, &a->handshake);
	}
	if (kept_within(u, 1) != 0) {
		test->own = new_observation(u);
		handshake_init(test->own->handshake);
		kept_certs(u, test->own);
	}
	test->problem = unpack_string(u);
	ob->client = test;
}

void
kept_put_endpoint(struct pack *p, const struct observation *ob)
{
	put_handshake(p, ob->handshake);
	pack_string(p, ob->address);
	pack_number(p, (int64_t)ob->n_unseen);
	put_others(p, ob);
	put_client(p, ob->client);
}

void
kept_endpoint(struct unpack *u, struct observation *ob)
{
	ob->handshake = shelf_alloc(u->shelf, sizeof(*ob->handshake));
	get_handshake(u, ob->handshake);
	ob->address = unpack_string(u);
	ob->n_unseen = (size_t)kept_within(u, INT32_MAX);
	get_others(u, ob);
	get_client(u, ob);
}
