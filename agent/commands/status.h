/* status.h - the parts of `certvigil status` */
#ifndef COMMANDS_STATUS_H
#define COMMANDS_STATUS_H

#include "commands/memory.h"
#include "report/report.h"

/* For a person: the worst first. What is long goes to show->to meanwhile. */
void status_put_text(struct buf *out, const struct memory *m,
	const struct messages *messages, const struct report_options *show);

/* One document for machines, likewise. */
void status_put_json(struct buf *out, const struct memory *m,
	const struct messages *messages, const struct report_options *show);

/*
 * One line for a monitoring system: is the agent itself at work? Critical
 * where the last complete scan is older than `max_age_s`, a warning where
 * messages are given up or have waited for longer than that. Returns the exit
 * status.
 */
int status_put_age(struct buf *out, const struct memory *m,
	const struct messages *messages, int64_t max_age_s);

#endif
