/* echo.h - find a secret in what a receiver says, however it is written there
 */
#ifndef NOTIFIERS_ECHO_H
#define NOTIFIERS_ECHO_H

#include <stddef.h>

/*
 * How many bytes of `text` are the secret that it begins with, or 0. Letters
 * count in either case, and each character also as JSON ("\/", "\u002f"), a
 * URL ("%2F") and HTML ("&amp;", "&#47;") have it. Where `text` is cut off
 * within the secret, what is there of it is enough, if it is more than a few.
 */
size_t echo_length(const char *text, const char *secret);

#endif
