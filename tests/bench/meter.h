/* meter.h - what a step took: time, processor time, memory, what it wrote */
#ifndef TESTS_BENCH_METER_H
#define TESTS_BENCH_METER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static unsigned meter_syncs; /* of this process */

/* A library's own calls end here, for the program's symbols come first. */
int fdatasync(int fd);
int fsync(int fd);

int
fdatasync(int fd)
{
	meter_syncs++;
	return (int)syscall(SYS_fdatasync, fd);
}

int
fsync(int fd)
{
	meter_syncs++;
	return (int)syscall(SYS_fsync, fd);
}

/* A number behind `key` in a file of /proc/self; 0: it is not there. */
static inline uint64_t
proc_number(const char *file, const char *key)
{
	char line[256];
	uint64_t n = 0;
	FILE *f = fopen(file, "r");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, key, strlen(key)) == 0)
			n = strtoull(line + strlen(key), NULL, 10);
	}
	if (f != NULL)
		fclose(f);
	return n;
}

/* From now on VmHWM is the peak of what follows. */
static inline void
reset_peak(void)
{
	FILE *f = fopen("/proc/self/clear_refs", "w");

	if (f != NULL) {
		fputs("5", f);
		fclose(f);
	}
}

struct meter {
	struct timespec began;
	uint64_t cpu_us, rss_kb, written;
};

static inline uint64_t
meter_cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
		(uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static inline void
meter_start(struct meter *m)
{
	reset_peak();
	m->rss_kb = proc_number("/proc/self/status", "VmRSS:");
	m->written = proc_number("/proc/self/io", "wchar:");
	meter_syncs = 0;
	m->cpu_us = meter_cpu_us();
	clock_gettime(CLOCK_MONOTONIC, &m->began);
}

/* A line of figures; of the processor time what falls to each of `n`, too. */
static inline void
meter_tell(const struct meter *m, const char *step, size_t n)
{
	uint64_t spent = meter_cpu_us() - m->cpu_us, peak_kb, written;
	struct timespec now;
	double wall_ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	wall_ms = (double)(now.tv_sec - m->began.tv_sec) * 1e3 +
		(double)(now.tv_nsec - m->began.tv_nsec) / 1e6;
	peak_kb = proc_number("/proc/self/status", "VmHWM:") - m->rss_kb;
	written = proc_number("/proc/self/io", "wchar:") - m->written;
	fprintf(stderr, "%-24.24s %8.1f %8.1f %8.2f %8.1f %8.1f %6u", step,
		wall_ms, (double)spent / 1e3, (double)spent / (double)n,
		(double)peak_kb / 1024, (double)written / 1e6, meter_syncs);
}

static inline void
meter_head(void)
{
	fprintf(stderr, "%-24s %8s %8s %8s %8s %8s %6s", "", "wall ms",
		"cpu ms", "us each", "peak MB", "wrote MB", "syncs");
}

#endif
