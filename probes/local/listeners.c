/* listeners.c - which process of this machine listens where */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/alloc.h"
#include "model/buf.h"
#include "probes/local/listeners.h"
#include "probes/local/procfs.h"

/* Bounds of a look around; what lies beyond them is not found. */
#define MAX_LINES 200000 /* of tcp and tcp6; those that listen come first */
#define MAX_PROCESSES 50000
#define MAX_LINKS 1000000 /* open files of all of them together */
#define MAX_TEXT ((size_t)1024 * 1024) /* of a file about a process */
#define MAX_OWNERS 1000 /* of one socket */

struct socket {
	struct place place;
	uint64_t inode;
};

/* That a process has a socket open. */
struct holding {
	uint64_t inode;
	long pid;
};

struct listeners {
	char *proc;
	struct socket *sockets; /* by inode */
	size_t n_sockets;
	struct holding *holdings;
	size_t n_holdings;
	time_t booted_at; /* 0: not known */
};

static void *
grow(void *v, size_t n, size_t size)
{
	if ((n & (n - 1)) != 0)
		return v;
	return mem_grow(v, n == 0 ? 1 : n * 2, size);
}

static void
read_sockets(struct listeners *ls, const char *name, bool ipv6)
{
	/* Not proc/net: where only processes are shown, that is missing. */
	cleanup(str_free) char *path = str_fmt(
		"%s/self/net/%s", ls->proc, name);
	FILE *f = fopen(path, "re");
	char line[512];

	if (f == NULL)
		return;
	for (size_t i = 0; i < MAX_LINES && fgets(line, sizeof(line), f); i++) {
		struct socket s;

		if (procfs_socket(line, ipv6, &s.place, &s.inode) == -1)
			continue;
		ls->sockets = grow(
			ls->sockets, ls->n_sockets, sizeof(*ls->sockets));
		ls->sockets[ls->n_sockets++] = s;
	}
	(void)fclose(f);
}

static int
by_inode(const void *a, const void *b)
{
	const struct socket *x = a, *y = b;

	return (x->inode > y->inode) - (x->inode < y->inode);
}

static bool
is_listening(const struct listeners *ls, uint64_t inode)
{
	const struct socket key = { .inode = inode };

	return bsearch(&key, ls->sockets, ls->n_sockets, sizeof(key),
		       by_inode) != NULL;
}

/* The sockets among what one process has open. Returns how many links. */
static size_t
read_links(struct listeners *ls, long pid, size_t limit)
{
	cleanup(str_free) char *path = str_fmt("%s/%ld/fd", ls->proc, pid);
	DIR *dir = opendir(path);
	const struct dirent *e;
	size_t seen = 0;

	if (dir == NULL)
		return 0;
	while (seen < limit && (e = readdir(dir)) != NULL) {
		char text[64];
		uint64_t inode;
		ssize_t n;

		seen++;
		n = readlinkat(dirfd(dir), e->d_name, text, sizeof(text) - 1);
		if (n <= 0)
			continue;
		text[n] = '\0';
		if (procfs_link(text, &inode) == -1 || !is_listening(ls, inode))
			continue;
		ls->holdings = grow(
			ls->holdings, ls->n_holdings, sizeof(*ls->holdings));
		ls->holdings[ls->n_holdings++] = (struct holding){ inode, pid };
	}
	(void)closedir(dir);
	return seen;
}

static void
read_processes(struct listeners *ls)
{
	DIR *dir = opendir(ls->proc);
	size_t processes = 0, left = MAX_LINKS;
	const struct dirent *e;

	if (dir == NULL)
		return;
	while (left > 0 && processes < MAX_PROCESSES &&
		(e = readdir(dir)) != NULL) {
		char *end;
		long pid;

		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		pid = strtol(e->d_name, &end, 10);
		if (*end != '\0' || pid <= 0)
			continue;
		processes++;
		left -= read_links(ls, pid, left);
	}
	(void)closedir(dir);
}

/* The beginning of a file that tells its size nowhere. 0, or -1. */
static int
read_text(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char part[4096];
	ssize_t n;

	if (fd == -1)
		return -1;
	while (out->len < MAX_TEXT && (n = read(fd, part, sizeof(part))) > 0)
		buf_add(out, part, (size_t)n);
	(void)close(fd);
	return 0;
}

static int
read_about(
	const struct listeners *ls, long pid, const char *what, struct buf *out)
{
	cleanup(str_free) char *path = str_fmt(
		"%s/%ld/%s", ls->proc, pid, what);

	return read_text(path, out);
}

static void
read_boot(struct listeners *ls)
{
	cleanup(str_free) char *path = str_fmt("%s/stat", ls->proc);
	BUF_CLEANUP struct buf text = { 0 };

	if (read_text(path, &text) == 0)
		ls->booted_at = procfs_boot(buf_str(&text));
}

struct listeners *
listeners_new(const char *proc)
{
	struct listeners *ls = mem_alloc(sizeof(*ls));

	ls->proc = str_dup(proc);
	read_sockets(ls, "tcp", false);
	read_sockets(ls, "tcp6", true);
	if (ls->n_sockets == 0)
		return ls;
	qsort(ls->sockets, ls->n_sockets, sizeof(*ls->sockets), by_inode);
	read_processes(ls);
	read_boot(ls);
	return ls;
}

void
listeners_free(struct listeners *ls)
{
	if (ls == NULL)
		return;
	free(ls->proc);
	free(ls->sockets);
	free(ls->holdings);
	free(ls);
}

/* A process that has the socket open; `is` is what the kernel tells of it. */
struct owner {
	long pid;
	struct procfs_process is;
};

struct owners {
	struct owner *v;
	size_t n;
};

/*
 * systemd holds the sockets of those that it starts for them, and is not who
 * answers there. In a container anything may be the first process.
 */
static bool
is_keeper(const struct owner *o)
{
	return o->pid == 1 &&
		(strcmp(o->is.name, "systemd") == 0 ||
			strcmp(o->is.name, "init") == 0);
}

static bool
has_owner(const struct owners *os, long pid)
{
	for (size_t i = 0; i < os->n; i++) {
		if (os->v[i].pid == pid)
			return true;
	}
	return false;
}

static void
add_owner(const struct listeners *ls, long pid, struct owners *out)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct owner o = { .pid = pid };

	if (out->n == MAX_OWNERS || has_owner(out, pid) ||
		read_about(ls, pid, "stat", &text) == -1 ||
		procfs_process(buf_str(&text), &o.is) == -1 || is_keeper(&o))
		return;
	out->v = grow(out->v, out->n, sizeof(*out->v));
	out->v[out->n++] = o;
}

/* Who has a socket open that listens at just this place. */
static void
find_owners(const struct listeners *ls, const struct place *at, bool *listening,
	struct owners *out)
{
	for (size_t i = 0; i < ls->n_sockets; i++) {
		if (!place_equal(&ls->sockets[i].place, at))
			continue;
		*listening = true;
		for (size_t k = 0; k < ls->n_holdings; k++) {
			if (ls->holdings[k].inode == ls->sockets[i].inode)
				add_owner(ls, ls->holdings[k].pid, out);
		}
	}
}

static const struct owner *
first_owner(const struct owners *os)
{
	const struct owner *first = NULL;
	bool first_is_child = false;

	for (size_t i = 0; i < os->n; i++) {
		const struct owner *o = &os->v[i];
		bool is_child = has_owner(os, o->is.parent);

		if (first == NULL || is_child < first_is_child ||
			(is_child == first_is_child &&
				(o->is.started < first->is.started ||
					(o->is.started == first->is.started &&
						o->pid < first->pid)))) {
			first = o;
			first_is_child = is_child;
		}
	}
	return first;
}

static struct listener *
describe(const struct listeners *ls, const struct owner *o)
{
	BUF_CLEANUP struct buf cgroup = { 0 };
	struct listener *l = listener_new();
	long ticks = sysconf(_SC_CLK_TCK);

	l->process = str_dup(o->is.name);
	l->pid = o->pid;
	if (ls->booted_at > 0 && ticks > 0)
		l->started_at = ls->booted_at +
			(time_t)(o->is.started / (uint64_t)ticks);
	if (read_about(ls, o->pid, "cgroup", &cgroup) == 0)
		procfs_cgroup(buf_str(&cgroup), l);
	return l;
}

struct listener *
listeners_find(const struct listeners *ls, const char *peer)
{
	struct owners owners = { 0 };
	struct listener *l = NULL;
	const struct owner *first;
	struct place p, at;
	bool listening = false;

	if (place_parse(peer, &p) == -1 || !place_is_local(&p))
		return NULL;
	for (unsigned i = 0; !listening && place_listening(&p, i, &at); i++)
		find_owners(ls, &at, &listening, &owners);
	first = first_owner(&owners);
	if (first != NULL)
		l = describe(ls, first);
	free(owners.v);
	return l;
}
