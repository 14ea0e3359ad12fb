/* rooms.h - what the configuration must know of probes and notifiers */
#ifndef COMMANDS_ROOMS_H
#define COMMANDS_ROOMS_H

#include "config/config.h"

const struct config_rooms *command_rooms(void);

#endif
