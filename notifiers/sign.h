/* sign.h - signatures as Standard Webhooks has them */
#ifndef NOTIFIERS_SIGN_H
#define NOTIFIERS_SIGN_H

#include <stddef.h>
#include <time.h>

#include "model/buf.h"
#include "model/error.h"

/*
 * `secrets` is one or more of "whsec_" and base64 of 24 to 64 bytes, with
 * blanks between. Returns 0, or -1 and *err, which never quotes them.
 */
int sign_check(const char *secrets, struct error *err);

/*
 * Append the value of webhook-signature: "v1," and the HMAC-SHA256 of
 * "id.time.body" in base64, once for each secret, so that a receiver may
 * change from one to another. Returns as sign_check(), `out` as it was on -1.
 */
int sign_webhook(struct buf *out, const char *secrets, const char *id,
	time_t time, const char *body, struct error *err);

#endif
