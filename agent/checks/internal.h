/* internal.h - names and addresses that mean something in one network only */
#ifndef CHECKS_INTERNAL_H
#define CHECKS_INTERNAL_H

#include <stdbool.h>

/*
 * Of one label, below a top-level domain that is set aside for inside use
 * (RFC 2606, 6761, 6762 with its appendix G, 8375; ICANN's .internal and the
 * ones that it will not delegate), or an address of a range that is not
 * routed (IANA's special-purpose registries, RFC 6890). A "*." in front does
 * not count; whatever case.
 */
bool internal_is(const char *name);

#endif
