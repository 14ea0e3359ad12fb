/* shelf.c - the results of a run, laid close together */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/hash.h"
#include "model/shelf.h"

/* Texts that are remembered, each in the one place that its hash says. */
#define LATELY 4096

struct late {
	const char *text;
	size_t n;
};

struct shelf {
	struct arena *arena;
	struct late lately[LATELY];
};

/*
 * What follows copies what a struct points to, where the struct has been copied
 * already. Without a shelf the copies are on the heap, each by itself.
 */

static void *
copy_array(struct shelf *s, const void *v, size_t n, size_t size)
{
	void *to;

	if (n == 0)
		return NULL;
	to = s != NULL ? arena_alloc(s->arena, n * size)
		       : mem_grow(NULL, n, size);
	return memcpy(to, v, n * size);
}

void *
shelf_alloc(struct shelf *s, size_t size)
{
	return arena_alloc(s->arena, size);
}

char *
shelf_text(struct shelf *s, const char *text, size_t n)
{
	struct late *l = &s->lately[hash_bytes(text, n) % LATELY];

	if (l->text == NULL || l->n != n || memcmp(l->text, text, n) != 0)
		*l = (struct late){ arena_text(s->arena, text, n), n };
	/* It is freed, or changed, by nobody: see result_free(). */
	return (char *)l->text;
}

static void
own_text(struct shelf *s, char **text)
{
	if (*text == NULL)
		return;
	*text = s == NULL ? str_dup(*text)
			  : shelf_text(s, *text, strlen(*text));
}

static void
own_list(struct shelf *s, struct strlist *l)
{
	l->v = copy_array(s, l->v, l->n, sizeof(*l->v));
	for (size_t i = 0; i < l->n; i++)
		own_text(s, &l->v[i]);
}

static void
own_cert(struct shelf *s, struct cert *c)
{
	c->x509 = NULL;
	own_list(s, &c->names);
	own_text(s, &c->subject);
	own_text(s, &c->issuer);
	own_text(s, &c->label);
	own_text(s, &c->issuer_label);
	own_text(s, &c->serial);
	own_text(s, &c->sha256);
	own_text(s, &c->key_type);
	own_text(s, &c->key_curve);
	own_text(s, &c->signature);
	own_text(s, &c->issuer_url);
}

static void
own_handshake(struct shelf *s, struct handshake *hs)
{
	own_text(s, &hs->peer);
	own_text(s, &hs->sni);
	own_text(s, &hs->protocol);
	own_text(s, &hs->cipher);
	own_list(s, &hs->client_cas);
	own_text(s, &hs->reply.reason);
	own_list(s, &hs->reply.headers);
	own_text(s, &hs->reply.body);
}

struct handshake *
shelf_no_handshake(void)
{
	/* As handshake_init() leaves it. */
	static struct handshake none = { .alert = -1 };

	return &none;
}

static struct handshake *
copy_handshake(struct shelf *s, const struct handshake *hs)
{
	struct handshake *to;

	if (s != NULL && hs->step == STEP_NONE && hs->ending == ENDING_NONE &&
		hs->sni == NULL)
		return shelf_no_handshake();
	to = copy_array(s, hs, 1, sizeof(*hs));
	own_handshake(s, to);
	return to;
}

static struct listener *
copy_listener(struct shelf *s, const struct listener *l)
{
	struct listener *to = copy_array(s, l, l != NULL, sizeof(*l));

	if (to == NULL)
		return NULL;
	own_text(s, &to->process);
	own_text(s, &to->unit);
	own_text(s, &to->container);
	return to;
}

static struct observation *copy_observation(
	struct shelf *s, const struct observation *ob);

static struct client_test *
copy_client(struct shelf *s, const struct client_test *test)
{
	struct client_test *to = copy_array(
		s, test, test != NULL, sizeof(*test));

	if (to == NULL)
		return NULL;
	to->own = copy_observation(s, to->own);
	to->ca = copy_observation(s, to->ca);
	for (size_t i = 0; i < CLIENT_TRIES; i++)
		own_handshake(s, &to->attempts[i].handshake);
	own_text(s, &to->problem);
	return to;
}

/* One of them may have the certificates of another, or of `ob` itself. */
static void
own_others(
	struct shelf *s, struct observation *to, const struct observation *ob)
{
	to->others = copy_array(
		s, ob->others, ob->n_others, sizeof(struct observation *));
	for (size_t i = 0; i < to->n_others; i++) {
		struct observation *other = copy_observation(s, ob->others[i]);

		to->others[i] = other;
		if (other->same == ob)
			other->same = to;
		for (size_t k = 0; k < i; k++) {
			if (other->same == ob->others[k])
				other->same = to->others[k];
		}
	}
}

static struct observation *
copy_observation(struct shelf *s, const struct observation *ob)
{
	struct observation *to = copy_array(s, ob, ob != NULL, sizeof(*ob));

	if (to == NULL)
		return NULL;
	to->certs = copy_array(s, to->certs, to->n_certs, sizeof(*to->certs));
	for (size_t i = 0; i < to->n_certs; i++)
		own_cert(s, &to->certs[i]);
	to->faults = copy_array(
		s, to->faults, to->n_faults, sizeof(*to->faults));
	for (size_t i = 0; i < to->n_faults; i++) {
		own_text(s, &to->faults[i].text);
		own_text(s, &to->faults[i].file);
	}
	to->keys = NULL;
	to->n_keys = 0;
	to->parts = copy_array(s, to->parts, to->n_parts, sizeof(*to->parts));
	for (size_t i = 0; i < to->n_parts; i++)
		own_text(s, &to->parts[i].label);
	to->handshake = copy_handshake(s, to->handshake);
	own_text(s, &to->address);
	to->deployed = copy_observation(s, to->deployed);
	to->listener = copy_listener(s, to->listener);
	to->client = copy_client(s, to->client);
	own_others(s, to, ob);
	return to;
}

static void
own_findings(struct shelf *s, struct findings *fs)
{
	fs->v = copy_array(s, fs->v, fs->n, sizeof(*fs->v));
	for (size_t i = 0; i < fs->n; i++) {
		own_text(s, &fs->v[i].subject);
		own_text(s, &fs->v[i].message);
		own_text(s, &fs->v[i].hint);
		own_text(s, &fs->v[i].details);
	}
}

/* The account is handed over as it is: nobody asks for those of a scan. */
static struct result *
move(struct shelf *s, struct result *r)
{
	struct result *to = copy_array(s, r, 1, sizeof(*r));

	r->account = NULL;
	to->shelved = s != NULL;
	to->seen = copy_observation(s, to->seen);
	own_findings(s, &to->findings);
	result_free(r);
	return to;
}

struct result *
shelf_put(struct shelf *s, struct result *r)
{
	return move(s, r);
}

struct result *
shelf_lift(struct result *r)
{
	return r->shelved ? move(NULL, r) : r;
}

struct shelf *
shelf_new(void)
{
	struct shelf *s = mem_alloc(sizeof(*s));

	s->arena = arena_new();
	return s;
}

void
shelf_free(struct shelf *s)
{
	if (s == NULL)
		return;
	arena_free(s->arena);
	free(s);
}

void
shelf_join(struct shelf *s, struct shelf *from)
{
	arena_join(s->arena, from->arena);
	from->arena = NULL;
	shelf_free(from);
}

size_t
shelf_size(const struct shelf *s)
{
	return arena_size(s->arena);
}
