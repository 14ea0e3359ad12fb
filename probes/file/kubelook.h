/* kubelook.h - does a text look like a kubeconfig? */
#ifndef PROBES_KUBELOOK_H
#define PROBES_KUBELOOK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * By its outermost keys, without parsing: `kind: Config`, of apiVersion v1 if
 * any, and a list of clusters, users or contexts. True of a broken one too.
 */
bool kubelook_fits(const char *text, size_t len);

#endif
