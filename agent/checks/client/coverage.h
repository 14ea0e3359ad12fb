/* coverage.h - does the server's file of client CAs cover our certificate */
#ifndef CHECKS_COVERAGE_H
#define CHECKS_COVERAGE_H

#include "checks/check.h"

/*
 * Hold ob->client->ca against our certificate, from which a path must lead to
 * a self-signed root in the file; and against the CAs that the server names,
 * which are those of the file that it has loaded. Nothing is told of a file
 * that could not be read.
 */
void coverage_judge(const struct observation *ob, const struct policy *pol,
	time_t now, struct findings *out);

#endif
