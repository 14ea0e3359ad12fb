/* castore.h - is a file one of the distribution's CA certificates? */
#ifndef PROBES_CASTORE_H
#define PROBES_CASTORE_H

#include <stdbool.h>

/*
 * Does what `path` leads to, links followed, belong to the CA certificates
 * that the distribution ships and updates? What an administrator added, such
 * as /usr/local/share/ca-certificates, does not.
 */
bool castore_holds(const char *path);

#endif
