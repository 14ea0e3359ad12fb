/* client.h - the test of a client certificate: connections to be compared */
#ifndef PROBES_CLIENT_H
#define PROBES_CLIENT_H

#include "probes/probe.h"

/*
 * After the look `ob` at the endpoint `t`, where that names a client
 * certificate or the server's file of client CAs: sets ob->client. The files
 * are read whatever that look came to. Where there is a certificate, and the
 * look reached a server that could be talked to, or that asked for one, the
 * attempts are made at the same address, each within `timeout`:
 *
 *   TRY_CONFIGURED   unless test->problem says why not
 *   TRY_STRANGER     if `strict`, and the server has asked for a certificate
 *   TRY_OTHER_CHAIN  likewise asked, and if another chain is known
 *
 * One that fails before the server asks for anything is made once more, if
 * `retries` are allowed. Certificates that the server presents in them are not
 * kept. Does nothing where none is named. Returns 0, or -1 and *err where the
 * agent itself could not work.
 */
int client_look(const struct target *t, struct probe_io *io,
	struct observation *ob, struct error *err);

#endif
