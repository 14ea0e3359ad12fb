/* error.c - why a call failed, in words for a person */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>

#include "model/error.h"

static int error_vset(struct error *err, enum error_kind kind, const char *why,
	const char *fmt, va_list ap) __attribute__((format(printf, 4, 0)));

static int
error_vset(struct error *err, enum error_kind kind, const char *why,
	const char *fmt, va_list ap)
{
	int n;

	if (err == NULL)
		return -1;
	err->kind = kind;
	n = vsnprintf(err->text, sizeof(err->text), fmt, ap);
	if (n < 0)
		err->text[0] = '\0';
	else if (why != NULL && (size_t)n < sizeof(err->text))
		(void)snprintf(err->text + n, sizeof(err->text) - (size_t)n,
			": %s", why);
	return -1;
}

int
error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_vset(err, kind, NULL, fmt, ap);
	va_end(ap);
	return -1;
}

int
error_sys(struct error *err, const char *fmt, ...)
{
	char why[128];
	const char *s = strerror_r(errno, why, sizeof(why));
	va_list ap;

	va_start(ap, fmt);
	error_vset(err, ERROR_IO, s, fmt, ap);
	va_end(ap);
	return -1;
}

int
error_ssl(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	unsigned long code = ERR_get_error();
	const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);
	char sys[128];
	va_list ap;

	if (code != 0 && reason == NULL && ERR_SYSTEM_ERROR(code))
		reason = strerror_r(ERR_GET_REASON(code), sys, sizeof(sys));
	va_start(ap, fmt);
	error_vset(err, kind, reason, fmt, ap);
	va_end(ap);
	ERR_clear_error();
	return -1;
}
