/* report.c - the table of outputs */
#include <string.h>

#include "report/reports.h"

const struct report *const report_table[] = {
	&report_table_text,
	&report_nagios,
	&report_json,
	&report_checkmk,
	&report_prometheus,
	&report_ics,
	&report_csv,
	&report_html,
	NULL,
};

const struct report *
report_find(const char *name)
{
	for (size_t i = 0; report_table[i] != NULL; i++) {
		if (strcmp(report_table[i]->name, name) == 0)
			return report_table[i];
	}
	return NULL;
}
