/* timing.c - where the time of a scan went */
#include <stdio.h>

#include "commands/timing.h"

void
timing_begin(struct timing *p, struct phases *sum, enum phase phase)
{
	p->sum = sum;
	timesheet_begin(&p->sheet, sum != NULL);
	stopwatch_begin(&p->watch, &p->sheet);
	stopwatch_enter(&p->watch, phase);
}

void
timing_end(struct timing *p)
{
	stopwatch_enter(&p->watch, PHASES);
	timesheet_end(&p->sheet, p->sum);
}

static double
seconds(int64_t us)
{
	return (double)us / 1e6;
}

void
timing_print(const struct phases *phases)
{
	fprintf(stderr, "%-10s %8s %12s %12s %12s %12s\n", "phase", "times",
		"elapsed s", "each ms", "CPU s", "each ms");
	for (int i = 0; i < PHASES; i++) {
		const struct phase_times *t = &phases->v[i];
		double n = (double)t->n;

		if (t->n == 0)
			continue;
		fprintf(stderr, "%-10s %8zu %12.3f %12.3f %12.3f %12.3f\n",
			phase_name((enum phase)i), t->n, seconds(t->wall_us),
			seconds(t->wall_us) * 1000 / n, seconds(t->cpu_us),
			seconds(t->cpu_us) * 1000 / n);
	}
}
