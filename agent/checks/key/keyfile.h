/* keyfile.h - where private keys lie, and who may read them there */
#ifndef CHECKS_KEYFILE_H
#define CHECKS_KEYFILE_H

#include "model/finding.h"
#include "model/observation.h"
#include "model/target.h"

/* In the target's own file, which may be named as its key's file too. */
bool keyfile_is_own(const struct private_key *key, const struct target *t);

/* Tell key.permissions and file.private-key, each once for a file. */
void keyfile_judge(const struct observation *ob, const struct target *t,
	struct findings *out);

#endif
