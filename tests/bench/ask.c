/* ask.c - ask a daemon on this machine many things at once, and count answers
 *
 *	ask http|zabbix PORT THREADS WANT LIST
 *
 * Each line of LIST is a path (http) or an item's key (zabbix); each is asked
 * for on a connection of its own. "good=N" is how many answers hold WANT.
 * It exists so that a daemon is measured, and not whoever asks it.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <endian.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_THREADS 512

static char **lines;
static size_t n_lines;
static atomic_size_t next_line, good;
static bool zabbix;
static uint16_t port;
static const char *want;

static void
read_list(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (f == NULL) {
		perror(path);
		exit(3);
	}
	while ((len = getline(&line, &room, f)) > 0) {
		line[strcspn(line, "\n")] = '\0';
		lines = realloc(lines, (n_lines + 1) * sizeof(*lines));
		if (lines == NULL)
			abort();
		lines[n_lines++] = line;
		line = NULL;
		room = 0;
	}
	free(line);
	(void)fclose(f);
}

/* Zabbix's header: "ZBXD", 1, the length in 4 bytes, 4 that are reserved. */
static size_t
make_request(const char *line, char *out, size_t size)
{
	uint32_t len = htole32((uint32_t)strlen(line));
	int n;

	if (!zabbix) {
		n = snprintf(out, size, "GET %s HTTP/1.0\r\n\r\n", line);
		return (size_t)n;
	}
	memset(out, 0, 13);
	memcpy(out, "ZBXD\1", 5);
	memcpy(out + 5, &len, sizeof(len));
	n = snprintf(out + 13, size - 13, "%s", line);
	return 13 + (size_t)n;
}

static bool
ask(const char *line, char *answer, size_t size)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char request[1024];
	size_t len = make_request(line, request, sizeof(request)), have = 0;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ssize_t n;

	if (fd == -1)
		return false;
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
		send(fd, request, len, MSG_NOSIGNAL) == (ssize_t)len) {
		while (have < size - 1 &&
			(n = recv(fd, answer + have, size - 1 - have, 0)) > 0)
			have += (size_t)n;
	}
	(void)close(fd);
	return memmem(answer, have, want, strlen(want)) != NULL;
}

static void *
work(void *arg)
{
	static const size_t size = 256 * 1024;
	char *answer = malloc(size);
	size_t i;

	if (answer == NULL)
		abort();
	while ((i = atomic_fetch_add(&next_line, 1)) < n_lines) {
		if (ask(lines[i], answer, size))
			atomic_fetch_add(&good, 1);
	}
	free(answer);
	return arg;
}

int
main(int argc, char **argv)
{
	pthread_t threads[MAX_THREADS];
	size_t n_threads;

	if (argc != 6) {
		(void)fputs("usage: ask http|zabbix PORT THREADS WANT LIST\n",
			stderr);
		return 3;
	}
	zabbix = strcmp(argv[1], "zabbix") == 0;
	port = (uint16_t)strtoul(argv[2], NULL, 10);
	n_threads = strtoul(argv[3], NULL, 10);
	want = argv[4];
	read_list(argv[5]);
	if (n_threads < 1 || n_threads > MAX_THREADS)
		n_threads = MAX_THREADS;
	for (size_t i = 0; i < n_threads; i++) {
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			abort();
	}
	for (size_t i = 0; i < n_threads; i++)
		(void)pthread_join(threads[i], NULL);
	printf("good=%zu\n", (size_t)good);
	for (size_t i = 0; i < n_lines; i++)
		free(lines[i]);
	free(lines);
	return 0;
}
