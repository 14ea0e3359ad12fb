/* test_listener.c - who listens at a place of this machine */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include <arpa/inet.h>
#include <ftw.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probes/local/listeners.h"
#include "probes/local/procfs.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* --- places */

static void
test_places(void **state)
{
	static const struct {
		const char *text;
		int rc;
		bool ipv4;
		uint16_t port;
	} rows[] = {
		{ "192.0.2.1:443", 0, true, 443 },
		{ "[::1]:8443", 0, false, 8443 },
		{ "[fe80::1%eth0]:1", 0, false, 1 },
		{ "[::ffff:127.0.0.1]:65535", 0, true, 65535 },
		{ "192.0.2.1", -1, false, 0 },
		{ "192.0.2.1:", -1, false, 0 },
		{ "192.0.2.1:0", -1, false, 0 },
		{ "192.0.2.1:65536", -1, false, 0 },
		{ "192.0.2.1:99999999999999999999", -1, false, 0 },
		{ "192.0.2.1:44x", -1, false, 0 },
		{ "192.0.2.1:-1", -1, false, 0 },
		{ "www.example.com:443", -1, false, 0 },
		{ "[]:443", -1, false, 0 },
		{ "[1234567890123456789012345678901234567890123456]:443", -1,
			false, 0 },
		{ ":443", -1, false, 0 },
		{ "?", -1, false, 0 },
		{ "", -1, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place p;

		if (place_parse(rows[i].text, &p) != rows[i].rc)
			fail_msg("%s", rows[i].text);
		if (rows[i].rc == -1)
			continue;
		assert_int_equal(place_is_ipv4(&p), rows[i].ipv4);
		assert_int_equal(p.port, rows[i].port);
	}
}

static bool
is_local(const char *text)
{
	struct place p;

	assert_int_equal(place_parse(text, &p), 0);
	return place_is_local(&p);
}

static void
test_local_places(void **state)
{
	struct ifaddrs *all = NULL;

	(void)state;
	assert_true(is_local("127.0.0.1:443"));
	assert_true(is_local("127.255.0.9:443"));
	assert_true(is_local("[::1]:443"));
	assert_true(is_local("[::ffff:127.0.0.1]:443"));
	/* RFC 5737 and 3849: of nobody. */
	assert_false(is_local("192.0.2.1:443"));
	assert_false(is_local("[2001:db8::1]:443"));
	assert_false(is_local("0.0.0.0:443"));
	assert_int_equal(getifaddrs(&all), 0);
	for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
		char address[INET_ADDRSTRLEN], text[64];
		struct sockaddr_in in;

		if (i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET)
			continue;
		memcpy(&in, i->ifa_addr, sizeof(in));
		inet_ntop(AF_INET, &in.sin_addr, address, sizeof(address));
		(void)snprintf(text, sizeof(text), "%s:443", address);
		assert_true(is_local(text));
	}
	freeifaddrs(all);
}

/* --- sockets */

/* The address as this machine's kernel writes it, words in its own order. */
static void
write_address(char *out, size_t size, const char *address, bool ipv6)
{
	unsigned char raw[16];
	size_t n = 0;

	assert_int_equal(inet_pton(ipv6 ? AF_INET6 : AF_INET, address, raw), 1);
	for (int i = 0; i < (ipv6 ? 4 : 1); i++) {
		uint32_t word;

		memcpy(&word, raw + 4 * i, 4);
		n += (size_t)snprintf(out + n, size - n, "%08X", word);
	}
}

static void
write_socket(FILE *f, const char *address, bool ipv6, unsigned port,
	unsigned state, unsigned long inode)
{
	char text[33];

	write_address(text, sizeof(text), address, ipv6);
	(void)fprintf(f,
		"   0: %s:%04X %s:0000 %02X 00000000:00000000 00:00000000 "
		"00000000     0        0 %lu 1 0000000000000000 100 0 0 10 "
		"0\n",
		text, port,
		ipv6 ? "00000000000000000000000000000000" : "00000000", state,
		inode);
}

static void
test_lines_of_sockets(void **state)
{
	static const struct {
		const char *line;
		bool ipv6;
		uint64_t inode; /* 0: none */
		uint16_t port;
	} rows[] = {
		{ "  sl  local_address rem_address   st tx_queue rx_queue tr "
		  "tm->when retrnsmt   uid  timeout inode",
			false, 0, 0 },
		{ "   0: 00000000:01BB 00000000:0000 0A 00000000:00000000 "
		  "00:00000000 00000000     0        0 31337 1 "
		  "ffff9d0c8a1b0000 100 0 0 10 0\n",
			false, 31337, 443 },
		{ "1234: 00000000:01bb 00000000:0000 0a 00000000:00000000 "
		  "00:00000000 00000000 4294967295 0 18446744073709551615 1",
			false, UINT64_MAX, 443 },
		{ "   0: 00000000000000000000000000000000:1F90 "
		  "00000000000000000000000000000000:0000 0A 00000000:00000000 "
		  "00:00000000 00000000  1000        0 5 1 0",
			true, 5, 8080 },
		{ "established: 0: 00000000:01BB 00000000:0000 0A", false, 0,
			0 },
		{ "   0: 00000000:01BB 0100007F:C001 01 00000000:00000000 "
		  "00:00000000 00000000     0        0 31337 1 0",
			false, 0, 0 },
		{ "   0: 00000000:01BB 00000000:0000 0A 00000000:00000000 "
		  "00:00000000 00000000     0        0 0 1 0",
			false, 0, 0 },
		{ "   0: 00000000:01BB 00000000:0000 0A 00000000:00000000 "
		  "00:00000000 00000000     0        0 ",
			false, 0, 0 },
		{ "   0: 0000000:01BB 00000000:0000 0A", false, 0, 0 },
		{ "   0: 0000", true, 0, 0 },
		{ "   0: ", false, 0, 0 },
		{ "   0:", false, 0, 0 },
		{ "", false, 0, 0 },
		/* Of the other table. */
		{ "   0: 00000000:01BB 00000000:0000 0A 00000000:00000000 "
		  "00:00000000 00000000     0        0 31337 1 0",
			true, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place p;
		uint64_t inode = 0;
		int rc = procfs_socket(rows[i].line, rows[i].ipv6, &p, &inode);

		if (rc != (rows[i].inode == 0 ? -1 : 0))
			fail_msg("%s", rows[i].line);
		assert_true(inode == rows[i].inode);
		if (rc == 0)
			assert_int_equal(p.port, rows[i].port);
	}
}

static void
test_links(void **state)
{
	static const struct {
		const char *text;
		uint64_t inode; /* 0: none */
	} rows[] = {
		{ "socket:[31337]", 31337 },
		{ "socket:[18446744073709551616]", 0 },
		{ "socket:[]", 0 },
		{ "socket:[-1]", 0 },
		{ "socket:[ 1]", 0 },
		{ "socket:[1", 0 },
		{ "socket:[1]x", 0 },
		{ "pipe:[1]", 0 },
		{ "/tmp/socket:[1]", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t inode = 0;
		int rc = procfs_link(rows[i].text, &inode);

		if (rc != (rows[i].inode == 0 ? -1 : 0) ||
			(rc == 0 && inode != rows[i].inode))
			fail_msg("%s", rows[i].text);
	}
}

/* --- processes */

#define REST                                                                   \
	" 812 812 0 -1 4194624 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2 "            \
	"18446744073709551615\n"

static void
test_processes(void **state)
{
	static const struct {
		const char *text, *name; /* NULL: not understood */
		long parent;
	} rows[] = {
		{ "812 (nginx) S 1" REST, "nginx", 1 },
		{ "812 (a b) S 7" REST, "a b", 7 },
		{ "812 (x) S 9 (y) R 3" REST, "x) S 9 (y", 3 },
		{ "812 (\n\x1b[31m) S 1" REST, "\n\x1b[31m", 1 },
		{ "812 ()) S 1" REST, ")", 1 },
		{ "812 () S 1" REST, NULL, 0 },
		{ "812 (nginx) S", NULL, 0 },
		{ "812 (nginx) S 1 2 3", NULL, 0 },
		{ "812 (nginx", NULL, 0 },
		{ ")(", NULL, 0 },
		{ "", NULL, 0 },
		{ "1 (" ID "0) S 1" REST, NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct procfs_process p;
		int rc = procfs_process(rows[i].text, &p);

		if (rc != (rows[i].name == NULL ? -1 : 0))
			fail_msg("%s", rows[i].text);
		if (rc == -1)
			continue;
		assert_string_equal(p.name, rows[i].name);
		assert_int_equal(p.parent, rows[i].parent);
		assert_int_equal(p.started, 98765);
	}
}

static void
test_boot(void **state)
{
	(void)state;
	assert_int_equal(
		procfs_boot("cpu 1 2\nbtime 1700000000\nx 1\n"), 1700000000);
	assert_int_equal(procfs_boot("btime 5"), 5);
	assert_int_equal(procfs_boot("cpu 1\nxbtime 5\n"), 0);
	assert_int_equal(procfs_boot("btime -5\n"), 0);
	assert_int_equal(procfs_boot("btime x\n"), 0);
	assert_int_equal(procfs_boot(""), 0);
}

static void
test_cgroups(void **state)
{
	static const struct {
		const char *text, *unit; /* NULL: none */
		long user;
		const char *container;
	} rows[] = {
		{ "0::/system.slice/nginx.service\n", "nginx.service", -1,
			NULL },
		{ "0::/system.slice/nginx.service", "nginx.service", -1, NULL },
		{ "0::/system.slice/system-nginx.slice/nginx@a.service\n",
			"nginx@a.service", -1, NULL },
		{ "0::/system.slice/foo.service/payload\n", "foo.service", -1,
			NULL },
		{ "0::/web.slice/httpd.service\n", "httpd.service", -1, NULL },
		{ "0::/system.slice/a\\x2db.service\n", "a\\x2db.service", -1,
			NULL },
		{ "0::/system.slice/_cpu.service\n", "cpu.service", -1, NULL },
		/* Version 1, and both beside each other. */
		{ "12:cpu,cpuacct:/\n1:name=systemd:/system.slice/"
		  "apache2.service\n",
			"apache2.service", -1, NULL },
		{ "1:name=systemd:/system.slice/a.service\n"
		  "0::/system.slice/a.service\n",
			"a.service", -1, NULL },
		{ "12:pids:/system.slice/wrong.service\n", NULL, -1, NULL },
		{ "1:name=elogind:/system.slice/wrong.service\n", NULL, -1,
			NULL },
		/* People's own. */
		{ "0::/user.slice/user-1000.slice/user@1000.service/app.slice/"
		  "web.service\n",
			"web.service", 1000, NULL },
		{ "0::/user.slice/user-1000.slice/user@1000.service/"
		  "init.scope\n",
			NULL, -1, NULL },
		{ "0::/user.slice/user-1000.slice/session-3.scope\n", NULL, -1,
			NULL },
		{ "0::/user.slice/user-1000.slice/user@x.service\n",
			"user@x.service", -1, NULL },
		/* Containers. */
		{ "0::/system.slice/docker-" ID ".scope\n", NULL, -1,
			"0123456789ab" },
		{ "0::/docker/" ID "\n", NULL, -1, "0123456789ab" },
		{ "9:memory:/x\n1:name=systemd:/docker/" ID "\n", NULL, -1,
			"0123456789ab" },
		{ "0::/machine.slice/libpod-" ID ".scope/container\n", NULL, -1,
			"0123456789ab" },
		{ "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID
		  ".scope\n",
			NULL, -1, "0123456789ab" },
		{ "0::/kubepods/besteffort/pod1/" ID "\n", NULL, -1,
			"0123456789ab" },
		{ "0::/system.slice/docker-" ID ".scope/system.slice/"
		  "nginx.service\n",
			NULL, -1, "0123456789ab" },
		{ "0::/system.slice/docker.service/docker/" ID "\n", NULL, -1,
			"0123456789ab" },
		{ "0::/system.slice/docker-xyz.scope\n", NULL, -1, NULL },
		/* Machines within the machine. */
		{ "0::/machine.slice/systemd-nspawn@a.service/payload/"
		  "system.slice/nginx.service\n",
			NULL, -1, NULL },
		{ "0::/lxc.payload.a/system.slice/nginx.service\n", NULL, -1,
			NULL },
		/* Nothing, or nothing good. */
		{ "0::/\n", NULL, -1, NULL },
		{ "0::/init.scope\n", NULL, -1, NULL },
		{ "0::/../../system.slice/x.service\n", NULL, -1, NULL },
		{ "0::/system.slice/.service\n", NULL, -1, NULL },
		{ "0::/system.slice/a;reboot.service\n", NULL, -1, NULL },
		{ "0::/system.slice/a b.service\n", NULL, -1, NULL },
		{ "0::/system.slice/--now.service\n", NULL, -1, NULL },
		{ "0::/system.slice/$(x).service\n", NULL, -1, NULL },
		{ "0::/system.slice/a.service (deleted)\n", NULL, -1, NULL },
		{ "0::/system.slice/" ID ID ID ID ".service\n", NULL, -1,
			NULL },
		{ "0::", NULL, -1, NULL },
		{ "0:", NULL, -1, NULL },
		{ ":::\n::\n:\n\n", NULL, -1, NULL },
		{ "", NULL, -1, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup(listener_free) struct listener *l = listener_new();

		procfs_cgroup(rows[i].text, l);
		if ((l->unit == NULL) != (rows[i].unit == NULL) ||
			(l->container == NULL) != (rows[i].container == NULL))
			fail_msg("%s: have %s, %s", rows[i].text,
				l->unit != NULL ? l->unit : "no unit",
				l->container != NULL ? l->container
						     : "no container");
		if (l->unit != NULL)
			assert_string_equal(l->unit, rows[i].unit);
		if (l->container != NULL)
			assert_string_equal(l->container, rows[i].container);
		assert_int_equal(l->unit_user, rows[i].user);
	}
}

/* --- a made-up /proc */

static char world[] = "/tmp/certvigil-proc-XXXXXX";

static char *at(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static char *
at(const char *fmt, ...)
{
	static char path[512];
	size_t n = (size_t)snprintf(path, sizeof(path), "%s/", world);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(path + n, sizeof(path) - n, fmt, ap);
	va_end(ap);
	return path;
}

static FILE *
create(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	return f;
}

static void
write_text(const char *path, const char *text)
{
	FILE *f = create(path);

	(void)fputs(text, f);
	(void)fclose(f);
}

struct made_process {
	long pid, parent;
	const char *name;
	unsigned long started; /* seconds since the boot */
	const char *cgroup;
	unsigned long sockets[3]; /* inodes */
};

static void
make_process(const struct made_process *p)
{
	char link[64];
	FILE *f;

	assert_int_equal(mkdir(at("%ld", p->pid), 0755), 0);
	assert_int_equal(mkdir(at("%ld/fd", p->pid), 0755), 0);
	f = create(at("%ld/stat", p->pid));
	(void)fprintf(f,
		"%ld (%s) S %ld 1 1 0 -1 1 1 2 3 4 5 6 7 8 20 0 1 0 %lu 1\n",
		p->pid, p->name, p->parent,
		p->started * (unsigned long)sysconf(_SC_CLK_TCK));
	(void)fclose(f);
	write_text(at("%ld/cgroup", p->pid), p->cgroup);
	assert_int_equal(symlink("/dev/null", at("%ld/fd/0", p->pid)), 0);
	for (int i = 0; i < 3 && p->sockets[i] != 0; i++) {
		(void)snprintf(
			link, sizeof(link), "socket:[%lu]", p->sockets[i]);
		assert_int_equal(
			symlink(link, at("%ld/fd/%d", p->pid, i + 3)), 0);
	}
}

#define NGINX "0::/system.slice/nginx.service\n"

/* Inodes by port: 1000 and more, one for each kind of place. */
static const struct made_process processes[] = {
	/* systemd keeps the sockets that it opened for others. */
	{ 1, 0, "systemd", 1, "0::/init.scope\n", { 4430, 4440 } },
	{ 900, 1, "nginx", 5000, NGINX, { 4430, 4431 } },
	/* Workers; their numbers began anew. */
	{ 20, 900, "nginx", 5001, NGINX, { 4430, 4431 } },
	{ 21, 900, "nginx", 5002, NGINX, { 4430 } },
	/* Two that know nothing of each other: the older one. */
	{ 700, 1, "newer", 900, "0::/\n", { 5001 } },
	{ 701, 1, "older", 800, "0::/\n", { 5002 } },
	{ 702, 1, "exact", 100, "0::/\n", { 6001 } },
	{ 703, 1, "any4", 100, "0::/\n", { 6002 } },
	{ 704, 1, "any6", 100, "0::/\n", { 6003 } },
	{ 705, 1, "both", 100, "0::/\n", { 6004 } },
	{ 706, 1, "mapped", 100, "0::/\n", { 6005 } },
	{ 707, 1, "in a (box)", 100, "0::/docker/" ID "\n", { 6006 } },
};

static void
make_sockets(void)
{
	FILE *tcp = create(at("self/net/tcp"));
	FILE *tcp6 = create(at("self/net/tcp6"));

	(void)fputs("  sl  local_address rem_address   st\n", tcp);
	write_socket(tcp, "0.0.0.0", false, 443, 0x0a, 4430);
	write_socket(tcp6, "::", true, 443, 0x0a, 4431);
	write_socket(tcp, "0.0.0.0", false, 444, 0x0a, 4440);
	/* SO_REUSEPORT */
	write_socket(tcp, "0.0.0.0", false, 500, 0x0a, 5001);
	write_socket(tcp, "0.0.0.0", false, 500, 0x0a, 5002);
	write_socket(tcp, "127.0.0.1", false, 600, 0x0a, 6001);
	write_socket(tcp, "0.0.0.0", false, 600, 0x0a, 6002);
	write_socket(tcp6, "::", true, 600, 0x0a, 6003);
	write_socket(tcp6, "::", true, 601, 0x0a, 6004);
	write_socket(tcp6, "::ffff:127.0.0.1", true, 602, 0x0a, 6005);
	write_socket(tcp, "127.0.0.1", false, 603, 0x0a, 6006);
	/* In a container, or another user's. */
	write_socket(tcp, "0.0.0.0", false, 604, 0x0a, 6007);
	/* A connection, not a listener. */
	write_socket(tcp, "127.0.0.1", false, 605, 0x01, 6001);
	(void)fclose(tcp);
	(void)fclose(tcp6);
}

static int
make_world(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(world));
	assert_int_equal(mkdir(at("self"), 0755), 0);
	assert_int_equal(mkdir(at("self/net"), 0755), 0);
	assert_int_equal(mkdir(at("999999999999999999999"), 0755), 0);
	assert_int_equal(mkdir(at("12x"), 0755), 0);
	assert_int_equal(mkdir(at("30"), 0755), 0); /* it has just ended */
	write_text(at("stat"), "cpu  1 2 3\nbtime 1700000000\n");
	make_sockets();
	for (size_t i = 0; i < sizeof(processes) / sizeof(processes[0]); i++)
		make_process(&processes[i]);
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static int
unmake_world(void **state)
{
	(void)state;
	return nftw(world, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void
test_who_listens(void **state)
{
	static const struct {
		const char *peer, *name; /* NULL: not found */
		long pid;
	} rows[] = {
		{ "127.0.0.1:443", "nginx", 900 },
		{ "[::1]:443", "nginx", 900 },
		{ "127.0.0.1:500", "older", 701 },
		{ "127.0.0.1:600", "exact", 702 },
		{ "127.0.0.2:600", "any4", 703 },
		{ "[::1]:600", "any6", 704 },
		{ "127.0.0.1:601", "both", 705 },
		{ "127.0.0.1:602", "mapped", 706 },
		{ "127.0.0.2:602", NULL, 0 },
		{ "[::1]:602", NULL, 0 },
		{ "127.0.0.1:603", "in a (box)", 707 },
		{ "127.0.0.2:603", NULL, 0 },
		{ "[::1]:603", NULL, 0 },
		/* Nobody but systemd, which answers nobody itself. */
		{ "127.0.0.1:444", NULL, 0 },
		{ "127.0.0.1:604", NULL, 0 },
		{ "127.0.0.1:605", NULL, 0 },
		{ "127.0.0.1:1", NULL, 0 },
		/* Another machine's port of the same number. */
		{ "192.0.2.1:443", NULL, 0 },
		{ "?", NULL, 0 },
	};
	struct listeners *ls = listeners_new(world);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup(listener_free) struct listener *l = listeners_find(
			ls, rows[i].peer);

		if ((l == NULL) != (rows[i].name == NULL))
			fail_msg("%s: have %s", rows[i].peer,
				l != NULL ? l->process : "nobody");
		if (l == NULL)
			continue;
		assert_string_equal(l->process, rows[i].name);
		assert_int_equal(l->pid, rows[i].pid);
	}
	listeners_free(ls);
}

static void
test_what_is_told(void **state)
{
	struct listeners *ls = listeners_new(world);
	struct listener *l = listeners_find(ls, "127.0.0.1:443");

	(void)state;
	assert_non_null(l);
	assert_int_equal(l->started_at, 1700000000 + 5000);
	assert_string_equal(l->unit, "nginx.service");
	assert_null(l->container);
	listener_free(l);
	l = listeners_find(ls, "127.0.0.1:603");
	assert_non_null(l);
	assert_null(l->unit);
	assert_string_equal(l->container, "0123456789ab");
	listener_free(l);
	listeners_free(ls);
}

static void
test_no_proc(void **state)
{
	struct listeners *ls = listeners_new("/nonexistent");

	(void)state;
	assert_null(listeners_find(ls, "127.0.0.1:443"));
	listeners_free(ls);
	listeners_free(NULL);
}

/* The real one: this test listens, and is found. */
static void
test_this_process(void **state)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(in);
	struct listeners *ls;
	struct listener *l;
	char peer[64];

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &n), 0);
	(void)snprintf(peer, sizeof(peer), "127.0.0.1:%u", ntohs(in.sin_port));
	ls = listeners_new("/proc");
	l = listeners_find(ls, peer);
	assert_non_null(l);
	assert_int_equal(l->pid, getpid());
	assert_string_equal(l->process, "test_listener");
	assert_true(l->started_at > 0 && l->started_at <= time(NULL) + 5);
	listener_free(l);
	listeners_free(ls);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_local_places),
		cmocka_unit_test(test_lines_of_sockets),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_boot),
		cmocka_unit_test(test_cgroups),
		cmocka_unit_test(test_who_listens),
		cmocka_unit_test(test_what_is_told),
		cmocka_unit_test(test_no_proc),
		cmocka_unit_test(test_this_process),
	};

	return cmocka_run_group_tests(tests, make_world, unmake_world);
}
