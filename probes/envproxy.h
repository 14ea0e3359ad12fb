/* envproxy.h - the proxy that the environment names, and for which hosts */
#ifndef PROBES_ENVPROXY_H
#define PROBES_ENVPROXY_H

/*
 * The proxy for a URL of that scheme and host by http_proxy, https_proxy,
 * all_proxy and no_proxy, as curl(1) reads them; to be freed by free(). NULL:
 * none. It may hold a password.
 */
char *envproxy_find(const char *scheme, const char *host);

#endif
