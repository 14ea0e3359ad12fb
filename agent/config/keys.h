/* keys.h - the sections of the key table that rules speak of */
#ifndef CONFIG_KEYS_H
#define CONFIG_KEYS_H

#include "model/key.h"

/* Business days: a year of them and more. */
#define KEYS_MAX_ORDER_LEAD 366

extern const struct section keys_settings;
extern const struct section keys_target;
extern const struct section keys_client;
extern const struct section keys_route;
extern const struct section keys_silence;
extern const struct section keys_alerts;

/* What `expect` may be, for enum client_expect. */
extern const struct choice keys_expectations[];

/*
 * The key of the root whose values a KEY_INHERIT of the same section begins
 * with, as targets do with `defaults`. NULL: its keys have their own defaults.
 */
const struct key *keys_inherited(const struct key *k);

#endif
