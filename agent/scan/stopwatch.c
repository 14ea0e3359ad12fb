/* stopwatch.c - where the time of a scan goes */
#include <time.h>

#include "scan/stopwatch.h"

static int64_t
read_clock(clockid_t id)
{
	struct timespec ts;

	(void)clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
add(struct phases *sum, const struct phases *more)
{
	for (size_t i = 0; i < PHASES; i++) {
		sum->v[i].wall_us += more->v[i].wall_us;
		sum->v[i].cpu_us += more->v[i].cpu_us;
		sum->v[i].n += more->v[i].n;
	}
}

void
timesheet_begin(struct timesheet *sheet, bool wanted)
{
	*sheet = (struct timesheet){ .wanted = wanted };
	pthread_mutex_init(&sheet->lock, NULL);
}

void
timesheet_end(struct timesheet *sheet, struct phases *sum)
{
	pthread_mutex_destroy(&sheet->lock);
	if (sum != NULL)
		add(sum, &sheet->spent);
}

static bool
is_running(const struct stopwatch *w)
{
	return w != NULL && w->sheet != NULL && w->sheet->wanted &&
		w->phase != PHASES;
}

void
stopwatch_begin(struct stopwatch *w, struct timesheet *sheet)
{
	*w = (struct stopwatch){ .sheet = sheet, .phase = PHASES };
}

void
stopwatch_pause(struct stopwatch *w)
{
	if (is_running(w))
		w->spent.v[w->phase].cpu_us +=
			read_clock(CLOCK_THREAD_CPUTIME_ID) - w->cpu_us;
}

void
stopwatch_go_on(struct stopwatch *w)
{
	if (is_running(w))
		w->cpu_us = read_clock(CLOCK_THREAD_CPUTIME_ID);
}

static void
leave(struct stopwatch *w)
{
	if (!is_running(w))
		return;
	stopwatch_pause(w);
	w->spent.v[w->phase].wall_us += read_clock(CLOCK_MONOTONIC) -
		w->wall_us;
}

static void
hand_in(const struct stopwatch *w)
{
	if (!w->sheet->wanted)
		return;
	pthread_mutex_lock(&w->sheet->lock);
	add(&w->sheet->spent, &w->spent);
	pthread_mutex_unlock(&w->sheet->lock);
}

void
stopwatch_enter(struct stopwatch *w, enum phase p)
{
	if (w == NULL || w->sheet == NULL || w->phase == p)
		return;
	leave(w);
	if (w->phase != PHASES)
		atomic_fetch_sub(&w->sheet->under_way[w->phase], 1);
	w->phase = p;
	if (p == PHASES) {
		hand_in(w);
		return;
	}
	atomic_fetch_add(&w->sheet->under_way[p], 1);
	w->spent.v[p].n++;
	if (w->sheet->wanted)
		w->wall_us = read_clock(CLOCK_MONOTONIC);
	stopwatch_go_on(w);
}
