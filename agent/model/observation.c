/* observation.c - what a probe saw at one moment, unjudged */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/observation.h"

struct observation *
observation_new(void)
{
	struct observation *ob = mem_alloc(sizeof(*ob));

	ob->handshake.alert = -1;
	return ob;
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
	free(ob->handshake.peer);
	free(ob->handshake.protocol);
	free(ob->handshake.cipher);
	strlist_release(&ob->handshake.client_cas);
	free(ob);
}

int
observation_add_cert(struct observation *ob, X509 *x509, size_t line)
{
	if (ob->n_certs >= OBSERVATION_MAX_CERTS) {
		X509_free(x509);
		return -1;
	}
	if ((ob->n_certs & (ob->n_certs - 1)) == 0)
		ob->certs = mem_grow(ob->certs,
			ob->n_certs == 0 ? 1 : ob->n_certs * 2,
			sizeof(*ob->certs));
	cert_init(&ob->certs[ob->n_certs], x509);
	ob->certs[ob->n_certs++].line = line;
	return 0;
}

void
observation_add_fault(struct observation *ob, enum fault_kind kind, size_t line,
	const char *fmt, ...)
{
	struct fault *f;
	va_list ap;

	ob->faults = mem_grow(
		ob->faults, ob->n_faults + 1, sizeof(*ob->faults));
	f = &ob->faults[ob->n_faults++];
	*f = (struct fault){ .kind = kind, .line = line };
	va_start(ap, fmt);
	if (vasprintf(&f->text, fmt, ap) == -1)
		mem_exhausted();
	va_end(ap);
}

void
observation_forget_faults(struct observation *ob)
{
	for (size_t i = 0; i < ob->n_faults; i++)
		free(ob->faults[i].text);
	ob->n_faults = 0;
}

void
observation_forget_x509(struct observation *ob)
{
	for (size_t i = 0; i < ob->n_certs; i++)
		cert_forget_x509(&ob->certs[i]);
}
