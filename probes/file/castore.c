/* castore.c - is a file one of the distribution's CA certificates? */
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "probes/file/castore.h"

/* Folders end in '/'; the others are files that the package tools make. */
static const char *const places[] = {
	"/usr/share/ca-certificates/", /* Debian, Alpine */
	"/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/java/cacerts",
	"/etc/pki/ca-trust/extracted/", /* Fedora and its kin */
	"/usr/share/pki/",
	"/etc/pki/tls/certs/ca-bundle.crt", /* before ca-trust */
	"/etc/pki/tls/certs/ca-bundle.trust.crt",
	"/var/lib/ca-certificates/", /* SUSE */
	"/etc/ca-certificates/extracted/", /* Arch */
	"/usr/share/ca-certs/", /* Clear Linux */
};

static bool
is_within(const char *path)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t n = strlen(places[i]);

		if (places[i][n - 1] == '/' ? strncmp(path, places[i], n) == 0
					    : strcmp(path, places[i]) == 0)
			return true;
	}
	return false;
}

bool
castore_holds(const char *path)
{
	cleanup(str_free) char *real = realpath(path, NULL);

	return real != NULL && is_within(real);
}
