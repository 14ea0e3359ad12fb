/* role.c - what a certificate, or a file of them, is for */
#include "model/role.h"

static const char *const names[] = {
	[ROLE_AUTO] = "auto",
	[ROLE_SERVER] = "server",
	[ROLE_CLIENT] = "client",
	[ROLE_CLIENT_CA] = "client-ca",
	[ROLE_CA] = "ca",
	[ROLE_ANY] = "any",
};

const char *
role_name(enum role role)
{
	return names[role];
}
