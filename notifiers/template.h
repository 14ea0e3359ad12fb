/* template.h - a text with named places, filled in from a digest */
#ifndef NOTIFIERS_TEMPLATE_H
#define NOTIFIERS_TEMPLATE_H

#include <stddef.h>

#include "model/buf.h"
#include "model/digest.h"
#include "model/error.h"

#define TEMPLATE_MAX (64 * 1024) /* bytes of a file */
#define TEMPLATE_EVENTS 1000 /* that are told; the others are counted */
#define TEMPLATE_BODY 1000000 /* bytes; fewer events stand for more */

/*
 * {{name}} is a value, of the digest or, in {{#events}}...{{/events}}, of
 * one event after the other; what stands behind "events" in the first is put
 * between two: {{#events ,}}. Values are on one line, bounded, without
 * control and hidden characters, and escaped for the inside of a JSON string;
 * {{text}} alone has lines, which are escaped as well.
 */
struct template;

/*
 * `text` is copied. For template_free(), or NULL and *err, which begins with
 * "LINE:COLUMN: ".
 */
struct template *template_parse(const char *text, struct error *err);
void template_free(struct template *t); /* NULL does nothing */
DEFINE_CLEANUP(struct template, template_free)

/* Into `out`, which is empty. */
void template_fill(
	struct buf *out, const struct template *t, const struct digest *d);

#endif
