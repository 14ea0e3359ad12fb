/* error.h - why a call failed, in words for a person */
#ifndef MODEL_ERROR_H
#define MODEL_ERROR_H

enum error_kind {
	ERROR_NONE,
	ERROR_USAGE, /* what was asked for makes no sense */
	ERROR_IO, /* the system said no */
	ERROR_PARSE, /* the bytes are not what they should be */
	ERROR_TIMEOUT, /* the deadline came first */
	ERROR_BUSY, /* somebody else has it */
};

/* Filled when a function returns -1; its other out-parameters are untouched. */
struct error {
	enum error_kind kind;
	char text[512];
};

/* Each fills *err (which may be NULL) and returns -1. */
int error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The text, then ": " and what errno stands for. */
int error_sys(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * The text, then ": " and OpenSSL's reason for this thread's first queued
 * error; the queue is empty afterwards. Call ERR_clear_error() before the
 * call that is judged.
 */
int error_ssl(struct error *err, enum error_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
