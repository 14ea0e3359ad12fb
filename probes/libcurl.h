/* libcurl.h - libcurl made ready, once for all that use it here */
#ifndef PROBES_LIBCURL_H
#define PROBES_LIBCURL_H

/*
 * To be called before any other function of libcurl's. On many threads at a
 * time: what it calls is safe there since 7.84 alone.
 */
void libcurl_start(void);

#endif
