/* role.h - what a certificate, or a file of them, is for */
#ifndef MODEL_ROLE_H
#define MODEL_ROLE_H

#include <stdbool.h>

enum role {
	ROLE_AUTO, /* not told: the checks infer it */
	ROLE_SERVER, /* a leaf and its chain, shown to clients */
	ROLE_CLIENT, /* the same, shown to servers */
	ROLE_CLIENT_CA, /* the CAs whose clients a server takes */
	ROLE_CA, /* CA certificates for any other use */
	ROLE_ANY, /* a leaf for any purpose: code, mail ... */
};

/* "server", "client-ca" ...; "auto" is how ROLE_AUTO is written. */
const char *role_name(enum role role);

/* A file of CA certificates, of which each stands for itself? */
static inline bool
role_is_ca(enum role role)
{
	return role == ROLE_CLIENT_CA || role == ROLE_CA;
}

#endif
