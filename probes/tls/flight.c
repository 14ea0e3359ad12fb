/* flight.c - the certificates of a handshake that OpenSSL gave up */
#include <stdbool.h>

#include "probes/tls/flight.h"

/* Bytes that are read from the front. */
struct run {
	const unsigned char *p;
	size_t len;
};

/* A run of bytes behind its length, itself of `width` bytes. */
static bool
take_run(struct run *in, size_t width, struct run *out)
{
	size_t n = 0;

	if (in->len < width)
		return false;
	for (size_t i = 0; i < width; i++)
		n = n << 8 | in->p[i];
	if (in->len - width < n)
		return false;
	*out = (struct run){ in->p + width, n };
	in->p += width + n;
	in->len -= width + n;
	return true;
}

/* The next certificate's bytes. In TLS 1.3 extensions follow each. */
static bool
take_cert(struct run *list, bool tls13, struct run *der)
{
	struct run extensions;

	return take_run(list, 3, der) &&
		(!tls13 || take_run(list, 2, &extensions));
}

/* How many there are; false where their lengths do not fit. */
static bool
count_certs(struct run list, bool tls13, size_t *n)
{
	struct run der;

	for (*n = 0; list.len > 0; ++*n) {
		if (!take_cert(&list, tls13, &der))
			return false;
	}
	return true;
}

static X509 *
decode(OSSL_LIB_CTX *libctx, struct run der)
{
	X509 *x509 = X509_new_ex(libctx, NULL);
	const unsigned char *p = der.p;

	if (x509 == NULL)
		return NULL;
	/* On failure it frees what it was given. */
	if (d2i_X509(&x509, &p, (long)der.len) == NULL)
		return NULL;
	if (p != der.p + der.len) {
		X509_free(x509);
		return NULL;
	}
	return x509;
}

static void
tell_damage(struct connection *c, size_t i, size_t n)
{
	c->ob->handshake->ending = ENDING_DAMAGED;
	if (i == 0)
		observation_add_fault(c->ob, FAULT_HANDSHAKE, 0,
			"the server's own certificate (the first of %zu that "
			"it sends) is damaged: it cannot be decoded",
			n);
	else
		observation_add_fault(c->ob, FAULT_HANDSHAKE, 0,
			"certificate %zu of %zu that the server sends is "
			"damaged: it cannot be decoded",
			i + 1, n);
}

static void
take_certs(struct connection *c, struct run list, bool tls13, size_t n)
{
	struct run der;

	for (size_t i = 0; take_cert(&list, tls13, &der); i++) {
		X509 *x509 = i < CHAIN_MAX_CERTS
			? decode(c->stream->io->libctx, der)
			: NULL;

		if (x509 != NULL) {
			(void)observation_add_cert(c->ob, x509, 0);
			continue;
		}
		if (i < CHAIN_MAX_CERTS)
			tell_damage(c, i, n);
		/* Without the leaf the others would be taken for it. */
		if (i == 0 || i >= CHAIN_MAX_CERTS)
			return;
	}
}

void
flight_take(struct connection *c)
{
	struct run message = { (const unsigned char *)c->flight.s,
		c->flight.len };
	struct run body, context, list;
	bool tls13 = SSL_version(c->ssl) >= TLS1_3_VERSION;
	size_t n;

	if (message.len == 0 || c->ob->n_certs > 0)
		return;
	/* Its type, then its length. */
	message.p++;
	message.len--;
	if (!take_run(&message, 3, &body) ||
		(tls13 && !take_run(&body, 1, &context)) ||
		!take_run(&body, 3, &list) || body.len > 0 ||
		!count_certs(list, tls13, &n)) {
		c->ob->handshake->ending = ENDING_DAMAGED;
		observation_add_fault(c->ob, FAULT_HANDSHAKE, 0,
			"the server's list of certificates is damaged: its "
			"lengths do not fit");
	} else if (n == 0) {
		c->ob->handshake->ending = ENDING_NO_CERTIFICATE;
		observation_add_fault(c->ob, FAULT_HANDSHAKE, 0,
			"the server sends an empty list of certificates");
	} else {
		take_certs(c, list, tls13, n);
	}
	buf_release(&c->flight);
}
