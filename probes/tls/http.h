/* http.h - one request over TLS, and the head of its answer */
#ifndef PROBES_HTTP_H
#define PROBES_HTTP_H

#include "probes/tls/connection.h"

/* Of a head, in bytes and in lines; of a body that is wanted. */
#define HTTP_MAX_HEAD (64 * 1024)
#define HTTP_MAX_HEADERS 100
#define HTTP_MAX_BODY 4096

/*
 * GET the target's path (RFC 9110, RFC 9112) and note status, reason and
 * headers in c->ob, and how the body begins where a client certificate was
 * asked for or is tested. No answer by the deadline is a fault where HTTP is
 * meant; an answer that is no HTTP is none.
 */
void http_request(struct connection *c, int64_t deadline_ms);

/*
 * Read a head of `n` bytes, ended by a blank line or cut off. False: it is
 * no HTTP. For a test of it alone.
 */
bool http_parse(struct reply *r, const char *head, size_t n);

#endif
