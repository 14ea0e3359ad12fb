/* filelook.h - look at a file as the file probe does, on another's behalf */
#ifndef PROBES_FILELOOK_H
#define PROBES_FILELOOK_H

#include "probes/key/keyring.h"
#include "probes/probe.h"

/*
 * What probe_file sees at t->file and t->key; for observation_free(). Its
 * private keys go into `kept` as well, those of t->key alone where that is
 * set; NULL: nobody keeps them.
 */
struct observation *file_look(
	const struct target *t, struct probe_io *io, struct keyring *kept);

#endif
