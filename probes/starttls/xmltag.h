/* xmltag.h - the tags of an XML stream, one by one; no more XML than that */
#ifndef PROBES_XMLTAG_H
#define PROBES_XMLTAG_H

#include "model/buf.h"
#include "probes/tls/stream.h"

enum xmltag_kind { XMLTAG_OPEN, XMLTAG_EMPTY, XMLTAG_CLOSE };

struct xmltag {
	enum xmltag_kind kind;
	char name[64]; /* without its prefix; "" where it is longer */
	char ns[128]; /* the namespace, where this very tag declares it */
	char version[8]; /* the attribute; "" where there is none */
};

/*
 * Read up to the end of the next tag. The text before it, as it is written,
 * is put in `text`; NULL: there must be none but blanks. Comments and
 * processing instructions are passed over. Returns 0, or -1 and *err.
 */
int xmltag_next(struct stream *s, struct xmltag *tag, struct buf *text,
	struct error *err);

#endif
