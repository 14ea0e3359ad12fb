/* roster.h - the notifiers of a configuration, whatever their kinds */
#ifndef CONFIG_ROSTER_H
#define CONFIG_ROSTER_H

#include "config/nodes.h"

/* A struct notifier_list; further files add to it. */
node_reader roster_read;

#endif
