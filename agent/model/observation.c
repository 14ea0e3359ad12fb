/* observation.c - what a probe saw at one moment, unjudged */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/observation.h"

struct observation *
observation_new(void)
{
	struct observation *ob = mem_alloc(sizeof(*ob));

	ob->handshake = mem_alloc(sizeof(*ob->handshake));
	handshake_init(ob->handshake);
	return ob;
}

static void
forget_keys(struct observation *ob)
{
	for (size_t i = 0; i < ob->n_keys; i++) {
		EVP_PKEY_free(ob->keys[i].public_half);
		free(ob->keys[i].file);
		free(ob->keys[i].readers);
	}
	ob->n_keys = 0;
}

void
observation_free(struct observation *ob)
{
	if (ob == NULL)
		return;
	for (size_t i = 0; i < ob->n_certs; i++)
		cert_release(&ob->certs[i]);
	free(ob->certs);
	observation_forget_faults(ob);
	free(ob->faults);
	forget_keys(ob);
	free(ob->keys);
	for (size_t i = 0; i < ob->n_parts; i++)
		free(ob->parts[i].label);
	free(ob->parts);
	observation_free(ob->deployed);
	listener_free(ob->listener);
	handshake_release(ob->handshake);
	free(ob->handshake);
	client_test_free(ob->client);
	for (size_t i = 0; i < ob->n_others; i++)
		observation_free(ob->others[i]);
	free(ob->others);
	free(ob->address);
	free(ob);
}

/* Room for one more, by doubling: a file may bring thousands. */
static void *
grow(void *v, size_t n, size_t size)
{
	if ((n & (n - 1)) != 0)
		return v;
	return mem_grow(v, n == 0 ? 1 : n * 2, size);
}

int
observation_add_cert(struct observation *ob, X509 *x509, size_t line)
{
	if (ob->n_certs >= OBSERVATION_MAX_CERTS) {
		X509_free(x509);
		return -1;
	}
	ob->certs = grow(ob->certs, ob->n_certs, sizeof(*ob->certs));
	cert_init(&ob->certs[ob->n_certs], x509);
	ob->certs[ob->n_certs++].line = line;
	if (ob->n_parts > 0)
		ob->parts[ob->n_parts - 1].n_certs++;
	return 0;
}

bool
observation_has(const struct observation *ob, const char *sha256)
{
	for (size_t i = 0; i < ob->n_certs; i++) {
		if (strcmp(ob->certs[i].sha256, sha256) == 0)
			return true;
	}
	return false;
}

void
observation_lend(struct observation *ob, const struct observation *other,
	const char *file)
{
	if (ob->n_parts > 0)
		return;
	for (size_t i = 0; i < other->n_certs; i++) {
		X509 *x509 = other->certs[i].x509;

		if (observation_has(ob, other->certs[i].sha256))
			continue;
		X509_up_ref(x509);
		if (observation_add_cert(ob, x509, 0) == 0)
			ob->n_lent++;
	}
	for (size_t i = 0; i < other->n_faults; i++)
		observation_add_fault_of(ob, file, other->faults[i].kind,
			other->faults[i].line, "%s", other->faults[i].text);
}

size_t
observation_n_presented(const struct observation *ob)
{
	return ob->n_certs - ob->n_lent;
}

struct private_key *
observation_add_key(struct observation *ob, EVP_PKEY *public_half, size_t line)
{
	struct private_key *key;

	ob->keys = grow(ob->keys, ob->n_keys, sizeof(*ob->keys));
	key = &ob->keys[ob->n_keys++];
	*key = (struct private_key){ .public_half = public_half, .line = line };
	if (ob->n_parts > 0)
		ob->parts[ob->n_parts - 1].n_keys++;
	return key;
}

void
observation_begin_part(
	struct observation *ob, const char *label, enum role role)
{
	ob->parts = grow(ob->parts, ob->n_parts, sizeof(*ob->parts));
	ob->parts[ob->n_parts++] = (struct part){
		.label = str_dup(label),
		.role = role,
	};
}

static void add_fault(struct observation *ob, const char *file,
	enum fault_kind kind, size_t line, const char *fmt, va_list ap)
	__attribute__((format(printf, 5, 0)));

static void
add_fault(struct observation *ob, const char *file, enum fault_kind kind,
	size_t line, const char *fmt, va_list ap)
{
	struct fault *f;

	ob->faults = grow(ob->faults, ob->n_faults, sizeof(*ob->faults));
	f = &ob->faults[ob->n_faults++];
	*f = (struct fault){
		.kind = kind,
		.line = line,
		.file = file != NULL ? str_dup(file) : NULL,
	};
	if (vasprintf(&f->text, fmt, ap) == -1)
		mem_exhausted();
}

void
observation_add_fault(struct observation *ob, enum fault_kind kind, size_t line,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_fault(ob, NULL, kind, line, fmt, ap);
	va_end(ap);
}

void
observation_add_fault_of(struct observation *ob, const char *file,
	enum fault_kind kind, size_t line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_fault(ob, file, kind, line, fmt, ap);
	va_end(ap);
}

void
observation_forget_faults(struct observation *ob)
{
	for (size_t i = 0; i < ob->n_faults; i++) {
		free(ob->faults[i].text);
		free(ob->faults[i].file);
	}
	ob->n_faults = 0;
}

void
observation_forget_x509(struct observation *ob)
{
	for (size_t i = 0; i < ob->n_certs; i++)
		cert_forget_x509(&ob->certs[i]);
	forget_keys(ob);
	reply_forget(&ob->handshake->reply);
	if (ob->client != NULL)
		client_test_forget(ob->client);
	if (ob->deployed != NULL)
		observation_forget_x509(ob->deployed);
	for (size_t i = 0; i < ob->n_others; i++)
		observation_forget_x509(ob->others[i]);
}

const struct observation *
observation_presented(const struct observation *ob)
{
	return ob->same != NULL ? ob->same : ob;
}

static bool
presented_alike(const struct observation *a, const struct observation *b)
{
	size_t n = observation_n_presented(a);

	if (n == 0 || n != observation_n_presented(b))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(a->certs[i].sha256, b->certs[i].sha256) != 0)
			return false;
	}
	return true;
}

/* Most servers present one chain at all addresses: it is kept once. */
static void
share_certs(struct observation *ob, const struct observation *with)
{
	if (ob->same != NULL || !presented_alike(ob, with))
		return;
	ob->same = with;
	for (size_t i = 0; i < ob->n_certs; i++)
		cert_release(&ob->certs[i]);
	ob->n_certs = 0;
}

void
observation_add_other(struct observation *ob, struct observation *other)
{
	share_certs(other, ob);
	for (size_t i = 0; i < ob->n_others; i++)
		share_certs(other, ob->others[i]);
	ob->others = grow(ob->others, ob->n_others, sizeof(*ob->others));
	ob->others[ob->n_others++] = other;
}
