/* procfs.c - what the kernel tells of sockets and processes, as text */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probes/local/procfs.h"

#define STATE_LISTEN 0x0a /* TCP_LISTEN of the kernel's tcp_states.h */

/* Characters of a unit's name (systemd.unit(5)), and how many. */
#define UNIT_CHARACTERS                                                        \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@"
#define MAX_UNIT 255

/* Digits of a container's id: in full, and as docker(1) shows it. */
#define ID_DIGITS 64
#define ID_SHOWN 12

/* The address as %08X of the words that it has in memory. 0, or -1. */
static int
parse_words(const char **s, unsigned char *out, size_t n_words)
{
	for (size_t i = 0; i < n_words; i++) {
		uint32_t word = 0;

		for (int k = 0; k < 8; k++) {
			char c = *(*s)++;

			if (!isxdigit((unsigned char)c))
				return -1;
			word = word << 4 |
				(uint32_t)(isdigit((unsigned char)c)
						? c - '0'
						: tolower(c) - 'a' + 10);
		}
		memcpy(out + 4 * i, &word, sizeof(word));
	}
	return 0;
}

int
procfs_socket(const char *line, bool ipv6, struct place *out, uint64_t *inode)
{
	struct place p = { .port = 0 };
	const char *s = strchr(line, ':');
	unsigned port, state;
	uint64_t number;

	if (s == NULL || s[1] != ' ')
		return -1;
	s += 2;
	if (!ipv6)
		memset(p.address + 10, 0xff, 2);
	if (parse_words(&s, ipv6 ? p.address : p.address + 12, ipv6 ? 4 : 1) ==
		-1)
		return -1;
	/*
	 * Port, the peer's address and port, state, queues, timer, retransmits,
	 * user, timeout, inode.
	 */
	if (sscanf(s,
		    ":%4x %*32[0-9A-Fa-f]:%*4x %2x %*8x:%*8x %*2x:%*8x %*8x "
		    "%*10u %*10u %20" SCNu64,
		    &port, &state, &number) != 3 ||
		state != STATE_LISTEN || number == 0)
		return -1;
	p.port = (uint16_t)port;
	*out = p;
	*inode = number;
	return 0;
}

int
procfs_link(const char *text, uint64_t *inode)
{
	static const char prefix[] = "socket:[";
	char *end;

	if (strncmp(text, prefix, sizeof(prefix) - 1) != 0)
		return -1;
	text += sizeof(prefix) - 1;
	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	*inode = strtoull(text, &end, 10);
	return errno == 0 && strcmp(end, "]") == 0 ? 0 : -1;
}

int
procfs_process(const char *text, struct procfs_process *out)
{
	/* The name may hold anything, ") S 1" too; the rest holds no ')'. */
	const char *open = strchr(text, '('), *shut = strrchr(text, ')');
	struct procfs_process p = { .parent = 0 };
	size_t n;

	if (open == NULL || shut == NULL || shut < open)
		return -1;
	n = (size_t)(shut - open) - 1;
	if (n == 0 || n >= sizeof(p.name))
		return -1;
	memcpy(p.name, open + 1, n);
	/* State, parent, and 17 fields before the 22nd, starttime. */
	if (sscanf(shut,
		    ") %*c %10ld %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
		    "%*s %*s %*s %*s %*s %*s %20" SCNu64,
		    &p.parent, &p.started) != 2)
		return -1;
	*out = p;
	return 0;
}

time_t
procfs_boot(const char *text)
{
	const char *s = strncmp(text, "btime ", 6) == 0
		? text
		: strstr(text, "\nbtime ");
	long long v;

	if (s == NULL || sscanf(s, " btime %18lld", &v) != 1 || v < 0)
		return 0;
	return (time_t)v;
}

/* One name of a cgroup's path. */
struct name {
	const char *s;
	size_t n;
};

static bool
begins(const struct name *name, const char *with)
{
	size_t n = strlen(with);

	return name->n > n && memcmp(name->s, with, n) == 0;
}

static bool
ends(const struct name *name, const char *with)
{
	size_t n = strlen(with);

	return name->n > n && memcmp(name->s + name->n - n, with, n) == 0;
}

/*
 * "docker-ID.scope", "libpod-ID.scope", "cri-containerd-ID.scope" with
 * systemd; "ID" alone in folders such as "docker" without.
 */
static bool
is_container(const struct name *name, struct name *id)
{
	*id = *name;
	if (ends(name, ".scope")) {
		const char *dash = memrchr(name->s, '-', name->n);

		if (dash == NULL)
			return false;
		id->s = dash + 1;
		id->n = (size_t)(name->s + name->n - id->s) - strlen(".scope");
	}
	if (id->n != ID_DIGITS)
		return false;
	for (size_t i = 0; i < id->n; i++) {
		if (!isxdigit((unsigned char)id->s[i]))
			return false;
	}
	return true;
}

/* systemd puts a '_' before names that the kernel would take for its own. */
static void
unescape(struct name *name)
{
	if (name->n > 1 && *name->s == '_') {
		name->s++;
		name->n--;
	}
}

/* The number in "user@1000.service": whose systemd it is. */
static bool
is_user_manager(const struct name *name, long *user)
{
	char *end;

	if (!begins(name, "user@") || !ends(name, ".service") ||
		!isdigit((unsigned char)name->s[5]))
		return false;
	errno = 0;
	*user = strtol(name->s + 5, &end, 10);
	return errno == 0 && end == name->s + name->n - strlen(".service");
}

static bool
is_unit(const struct name *name)
{
	return ends(name, ".service") && name->n <= MAX_UNIT &&
		*name->s != '-' && strspn(name->s, UNIT_CHARACTERS) >= name->n;
}

/*
 * What a path of cgroups tells, from the outermost to the innermost. A unit
 * lies in slices alone; a slice within it, or one below something else, is of
 * the systemd of another machine, such as one of systemd-nspawn(1) or LXC.
 */
static void
read_path(const char *path, size_t n, struct listener *out)
{
	const char *end = path + n;
	struct name unit = { NULL, 0 }, container = { NULL, 0 };
	bool foreign = false;
	long user = -1;

	for (const char *s = path; s < end;) {
		const char *slash = memchr(s, '/', (size_t)(end - s));
		struct name name = { s,
			(size_t)((slash != NULL ? slash : end) - s) },
			    id;

		s += name.n + 1;
		if (name.n == 0)
			continue;
		if (is_container(&name, &id))
			container = id;
		unescape(&name);
		if (ends(&name, ".slice"))
			foreign = foreign || unit.s != NULL;
		else if (unit.s == NULL && is_unit(&name) &&
			!is_user_manager(&name, &user))
			unit = name;
		else if (unit.s == NULL && !is_user_manager(&name, &user))
			foreign = true;
	}
	if (container.s != NULL) {
		out->container = str_ndup(container.s, ID_SHOWN);
	} else if (unit.s != NULL && !foreign) {
		out->unit = str_ndup(unit.s, unit.n);
		out->unit_user = user;
	}
}

/* "0::PATH", and of version 1 "7:name=systemd:PATH". */
static void
read_line(const char *line, size_t n, const char *kind, struct listener *out)
{
	const char *have = memchr(line, ':', n), *path;
	size_t length = strlen(kind);

	if (have == NULL)
		return;
	have++;
	path = memchr(have, ':', n - (size_t)(have - line));
	if (path != NULL && (size_t)(path - have) == length &&
		memcmp(have, kind, length) == 0)
		read_path(path + 1, n - (size_t)(path + 1 - line), out);
}

void
procfs_cgroup(const char *text, struct listener *out)
{
	static const char *const kinds[] = { "", "name=systemd" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (const char *line = text; *line != '\0';) {
			size_t n = strcspn(line, "\n");

			if (out->unit == NULL && out->container == NULL)
				read_line(line, n, kinds[i], out);
			line += n + (line[n] == '\n');
		}
	}
}
