/* role.h - which role a file's certificates play */
#ifndef CHECKS_ROLE_H
#define CHECKS_ROLE_H

#include "model/observation.h"
#include "model/target.h"

/*
 * The target's role, or what is inferred where it tells none; never
 * ROLE_AUTO. An endpoint is a server. A file without a leaf is of CAs. A leaf
 * is a server's unless its extended key usage says otherwise. Of a file in
 * parts it is that of the first whose certificates are leaves.
 */
enum role role_of(const struct observation *ob, const struct target *t);

/*
 * Is it a store of roots, such as the distribution's or the one of a browser?
 * Then nobody here can renew what it holds, and clients pass over what has
 * expired. A file of some CAs of one's own is none.
 */
bool role_is_store(const struct observation *ob, const struct target *t);

#endif
