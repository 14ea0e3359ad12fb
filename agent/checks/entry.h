/* entry.h - dNSName entries that no client matches with any host */
#ifndef CHECKS_ENTRY_H
#define CHECKS_ENTRY_H

#include <stddef.h>

/*
 * Why an entry of `n` bytes, with a NUL behind them as OpenSSL keeps them,
 * covers nothing, in words that go on from "it "; NULL: it may well.
 */

/*
 * As a DNS name: RFC 1035, 2.3.4; RFC 5280, 4.2.1.6. '_' works, so it passes;
 * an address does not.
 */
const char *entry_fault(const char *name, size_t n);

/*
 * For its wildcard: RFC 9525, 6.3. One on a public suffix passes, for it is
 * told as that.
 */
const char *entry_fault_of_star(const char *name, size_t n);

#endif
