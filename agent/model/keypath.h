/* keypath.h - where a key lies, told by the path of its certificate */
#ifndef MODEL_KEYPATH_H
#define MODEL_KEYPATH_H

#include <stdbool.h>

#include "model/alloc.h"
#include "model/error.h"

/*
 * Such a path may hold placeholders for parts of the certificate file's own:
 * of /etc/ssl/www.pem, {stem} is "www", its name without the last ending, and
 * {dir} is "/etc/ssl".
 */

/* Nothing else in braces? 0, or -1 and *err: "want ..., have ...". */
int keypath_check(const char *pattern, struct error *err);

/* Does it begin where the certificate lies, whatever folder that is? */
bool keypath_is_beside(const char *pattern);

/* The key's path for the certificate in `file`. */
const char *keypath_expand(
	struct arena *a, const char *pattern, const char *file);

#endif
