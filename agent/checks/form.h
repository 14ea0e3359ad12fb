/* form.h - which rules of form a certificate breaks */
#ifndef CHECKS_FORM_H
#define CHECKS_FORM_H

#include "model/cert.h"
#include "model/finding.h"

/*
 * Append to `text` what of RFC 5280 the certificate breaks so that software
 * refuses it, each with its section. Returns SEV_CRITICAL where OpenSSL or
 * browsers do, SEV_WARNING where others may, SEV_OK if nothing was found.
 */
enum severity form_judge(struct buf *text, const struct cert *c);

#endif
