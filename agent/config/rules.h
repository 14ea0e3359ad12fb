/* rules.h - what the key table alone cannot say of a section */
#ifndef CONFIG_RULES_H
#define CONFIG_RULES_H

#include "config/reader.h"

extern const struct rule rules_table[]; /* ends with section NULL */

#endif
