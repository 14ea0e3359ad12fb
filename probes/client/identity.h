/* identity.h - what is presented where a client certificate is asked for */
#ifndef PROBES_IDENTITY_H
#define PROBES_IDENTITY_H

#include <stdbool.h>

#include "model/client.h"
#include "model/target.h"
#include "probes/probe.h"
#include "probes/tls/connection.h"

void identity_release(struct identity *id); /* the key is wiped */
#define IDENTITY_CLEANUP __attribute__((__cleanup__(identity_release)))

/*
 * The file of the client certificate of `t`, for its target as a file: what
 * the file probe looks at, and what test->own is judged by.
 */
struct target identity_file(const struct target *t);

/*
 * Read the client certificate of `t`, in any form that the file probe reads,
 * with the others of its file in their order, and its key. Sets test->own.
 * Returns 0 and *id for identity_release(); or -1 and test->problem.
 */
int identity_load(const struct target *t, struct probe_io *io,
	struct client_test *test, struct identity *id);

/*
 * A stranger's: self-signed, for client authentication, made now and in memory
 * alone. 0, or -1 and *err.
 */
int identity_make_stranger(
	OSSL_LIB_CTX *libctx, struct identity *id, struct error *err);

/*
 * The same certificate with the other chain: alone where its file has more,
 * else with the issuers that are known here, without the root. Known are those
 * of the server's file of client CAs, of what the server presented, of the
 * file of intermediates and of the trust store. Returns whether there is one.
 */
bool identity_other_chain(const struct target *t, struct probe_io *io,
	const struct observation *ob, const struct identity *own,
	struct identity *out);

#endif
