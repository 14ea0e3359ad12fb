/* overrides.h - the severities that a configuration gives to findings */
#ifndef CONFIG_OVERRIDES_H
#define CONFIG_OVERRIDES_H

#include "config/nodes.h"

/* A struct overrides, added to what `dst` has inherited. */
node_reader overrides_read;

#endif
