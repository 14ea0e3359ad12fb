/* unit.h - what every unit test needs before cmocka's own header */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A literal in a field that owns its string elsewhere; never freed here. */
#define LENT(text) ((char *)(text))

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#endif
