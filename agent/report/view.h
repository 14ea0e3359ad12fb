/* view.h - what the parts of the view of one target hand to one another */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include "report/pen.h"
#include "report/reports.h"

/* A subject or a host's name that is longer is cut: it is no host's. */
#define VIEW_LABEL_BYTES 120

struct view {
	struct pen pen;
	const struct result *r;
	time_t now;
	bool *told; /* findings, each in its place and once */
	bool *shown; /* certificates of r->seen */
	bool *stored_shown; /* of r->account->stored */
	size_t label_columns; /* of certificates that are told on one line */
};

/* `text` is of the certificate's own making: its label, bold, and cut. */
void view_label(struct view *v, const struct cert *c);

/*
 * What is to be read below the line that names it: names, dates, key and so
 * on, then the findings that are about it.
 */
void view_cert(struct view *v, const struct cert *c);
/* The same of one that nobody sent: it is the store's own matter. */
void view_anchor(struct view *v, const struct cert *c);
/* The widest name of those not `shown` (NULL: of all) that is not overlong. */
size_t view_label_columns(
	const struct cert *certs, const bool *shown, size_t n);
/* What of it fits on one line, behind v->label_columns of its name. */
void view_brief(struct view *v, const struct cert *c);

/* The worst first, each with what to do. */
void view_findings_of(struct view *v, const struct cert *c);
/* Is there a certificate that it is about? */
bool view_is_about_cert(const struct view *v, const struct finding *f);
/* Those of which there is none. */
void view_findings_of_target(struct view *v);
/* What has found no place. */
void view_findings_left(struct view *v);

/* A line of its own, behind an empty one. */
void view_heading(struct view *v, const char *text);

/* What came of the test of a client certificate, which there is. */
void view_client(struct view *v);

/* A leaf and its way up, with those that were not taken. */
void view_journey(struct view *v, const struct journey *j);

#endif
