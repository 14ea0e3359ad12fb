/* kept_cert.c - certificates, among what is kept of a result */
#include "model/kept_parts.h"

#define MAX_TEXTS 100000 /* beyond what cert.c takes from a certificate */

enum {
	CERT_DATED = 1,
	CERT_CA = 2,
	CERT_SELF_SIGNED = 4,
	CERT_FLAGS = 7,
};

void
kept_put_texts(struct pack *p, const struct strlist *l)
{
	pack_number(p, (int64_t)l->n);
	for (size_t i = 0; i < l->n; i++)
		pack_string(p, l->v[i]);
}

static void
write_cert(struct pack *p, const struct cert *c)
{
	pack_number(p,
		(c->has_dates ? CERT_DATED : 0) | (c->is_ca ? CERT_CA : 0) |
			(c->self_signed ? CERT_SELF_SIGNED : 0));
	pack_number(p, c->not_before);
	pack_number(
		p, (int64_t)((uint64_t)c->not_after - (uint64_t)c->not_before));
	pack_number(p, (int64_t)c->line);
	pack_number(p, c->key_bits);
	pack_string(p, c->sha256);
	pack_string(p, c->serial);
	kept_put_texts(p, &c->names);
	/* Mostly the first name, or a common name of the next one. */
	pack_string(p, c->label);
	pack_string(p, c->issuer_label);
	pack_string(p, c->subject);
	pack_string(p, c->issuer);
	pack_string(p, c->key_type);
	pack_string(p, c->key_curve);
	pack_string(p, c->signature);
	pack_string(p, c->issuer_url);
}

void
kept_put_certs(struct pack *p, const struct observation *ob)
{
	pack_number(p, (int64_t)ob->n_certs);
	for (size_t i = 0; i < ob->n_certs; i++)
		write_cert(p, &ob->certs[i]);
}

int64_t
kept_within(struct unpack *u, int64_t most)
{
	int64_t n = unpack_number(u);

	if (n < 0 || n > most)
		u->broken = true;
	return u->broken ? 0 : n;
}

char *
kept_must(struct unpack *u)
{
	char *s = unpack_string(u);

	if (s == NULL)
		u->broken = true;
	return s;
}

void
kept_texts(struct unpack *u, struct strlist *l)
{
	size_t n = unpack_count(u, MAX_TEXTS);

	if (n == 0)
		return;
	l->v = shelf_alloc(u->shelf, n * sizeof(l->v[0]));
	while (l->n < n && !u->broken) {
		char *name = kept_must(u);

		if (name != NULL)
			l->v[l->n++] = name;
	}
}

static void
read_cert(struct unpack *u, struct cert *c)
{
	int64_t flags = kept_within(u, CERT_FLAGS);

	c->has_dates = (flags & CERT_DATED) != 0;
	c->is_ca = (flags & CERT_CA) != 0;
	c->self_signed = (flags & CERT_SELF_SIGNED) != 0;
	c->not_before = unpack_number(u);
	c->not_after =
		(time_t)((uint64_t)c->not_before + (uint64_t)unpack_number(u));
	c->line = (size_t)kept_within(u, INT64_MAX);
	c->key_bits = (int)kept_within(u, INT32_MAX);
	c->sha256 = kept_must(u);
	c->serial = kept_must(u);
	kept_texts(u, &c->names);
	c->label = kept_must(u);
	c->issuer_label = kept_must(u);
	c->subject = kept_must(u);
	c->issuer = kept_must(u);
	c->key_type = kept_must(u);
	c->key_curve = unpack_string(u);
	c->signature = kept_must(u);
	c->issuer_url = unpack_string(u);
}

void
kept_certs(struct unpack *u, struct observation *ob)
{
	size_t n = unpack_count(u, OBSERVATION_MAX_CERTS);

	if (n == 0)
		return;
	ob->certs = shelf_alloc(u->shelf, n * sizeof(*ob->certs));
	while (ob->n_certs < n && !u->broken)
		read_cert(u, &ob->certs[ob->n_certs++]);
}
