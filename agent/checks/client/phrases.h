/* phrases.h - what messages about client certificates have in common */
#ifndef CHECKS_PHRASES_H
#define CHECKS_PHRASES_H

#include "checks/client/compare.h"

/*
 * Append `text` with its places filled: {issuer} (or {issuer_name} in full),
 * {end}, {begin} and {bits} of our certificate, the issuer {missing} in its
 * file, the {cas} that the server names, the URL's {path}, and the {limit} of
 * time; and an issuer that is {past} its end, and that {past_end}.
 */
void phrase_fill(struct buf *out, const char *text, const struct comparison *c);

/* "client certificate 'im-client'". */
void phrase_ours(struct buf *out, const struct comparison *c);

/* "alert 48 unknown_ca", "HTTP 400 \"The SSL certificate error\"" */
void phrase_seen(struct buf *out, const struct handshake *hs);

/* The same, and when: "alert 48 unknown_ca after the handshake, TLSv1.3" */
void phrase_seen_when(struct buf *out, const struct handshake *hs);

#endif
