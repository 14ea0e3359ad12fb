/*
 * procfs.h - what the kernel tells of sockets and processes, as text (proc(5),
 * cgroups(7)). Names in it are chosen by whoever runs a program: hostile.
 */
#ifndef PROBES_PROCFS_H
#define PROBES_PROCFS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/listener.h"
#include "probes/local/place.h"

/*
 * A line of /proc/net/tcp or, where `ipv6`, of tcp6. Returns 0, *out and
 * *inode for a socket that listens, or -1.
 */
int procfs_socket(
	const char *line, bool ipv6, struct place *out, uint64_t *inode);

/* The target of a link in /proc/PID/fd. 0 and *inode of a socket, or -1. */
int procfs_link(const char *text, uint64_t *inode);

/* Longer than any name that the kernel gives a process. */
#define PROCFS_NAME_SIZE 65

struct procfs_process {
	char name[PROCFS_NAME_SIZE];
	long parent;
	uint64_t started; /* clock ticks since the machine was started */
};

/* /proc/PID/stat. 0, or -1. */
int procfs_process(const char *text, struct procfs_process *out);

/* /proc/stat: when the machine was started, or 0. */
time_t procfs_boot(const char *text);

/*
 * /proc/PID/cgroup of version 2 or 1: the unit, or the container, that the
 * process runs in. A session, or a user's own systemd, is no unit.
 */
void procfs_cgroup(const char *text, struct listener *out);

#endif
