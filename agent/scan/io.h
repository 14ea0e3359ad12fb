/* io.h - what lies under a probe's waiting: the loop it is in, or poll() */
#ifndef SCAN_IO_H
#define SCAN_IO_H

#include <stdint.h>

#include "probes/probe.h"

/* Fill in wait and call; deadline, tls and libctx are the caller's. */
void io_init(struct probe_io *io);

#endif
