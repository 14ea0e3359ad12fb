/* kubeconfig.h - the certificates that a kubeconfig holds or refers to */
#ifndef PROBES_KUBECONFIG_H
#define PROBES_KUBECONFIG_H

#include "probes/key/privatekey.h"

/* Does it look like one: YAML or JSON with `kind: Config` and such lists? */
bool kubeconfig_is(const char *text, size_t len);

/*
 * Add a part for each cluster's certificate authority (ROLE_CA) and each
 * user's client certificate (ROLE_CLIENT) with its key: embedded as base64
 * (…-data), or in a file beside the kubeconfig at t->file. What is damaged or
 * missing is a fault; the others are read all the same. `own` is the source
 * of the keys that are embedded.
 */
void kubeconfig_read(const char *text, size_t len, const struct target *t,
	const struct key_source *own, struct observation *ob);

#endif
