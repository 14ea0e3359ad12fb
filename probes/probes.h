/* probes.h - the rows of the table of probes */
#ifndef PROBES_PROBES_H
#define PROBES_PROBES_H

#include "probes/probe.h"

extern const struct probe probe_endpoint;
extern const struct probe probe_file;

#endif
