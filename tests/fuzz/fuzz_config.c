/* fuzz_config.c - hostile bytes as a configuration file */
#include <sys/mman.h>
#include <sys/stat.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One of each type of key that only notifiers have. */
struct settings_of_pipe {
	const char *url, *secret;
	struct words to;
	bool loud;
};

static const struct key pipe_keys[] = {
	{ .name = "url",
		.type = KEY_SECRET,
		.offset = offsetof(struct settings_of_pipe, url),
		.flags = KEY_REQUIRED | KEY_PRIVATE },
	{ .name = "secret",
		.type = KEY_SECRET,
		.offset = offsetof(struct settings_of_pipe, secret) },
	{ .name = "to",
		.type = KEY_WORDS,
		.offset = offsetof(struct settings_of_pipe, to) },
	{ .name = "loud",
		.type = KEY_BOOL,
		.offset = offsetof(struct settings_of_pipe, loud),
		.def = "no" },
	{ .name = NULL },
};

static const struct section *
section_at(size_t i)
{
	static const struct section webhook = {
		.name = "webhook",
		.keys = pipe_keys,
		.size = sizeof(struct settings_of_pipe),
	};

	return i == 0 ? &webhook : NULL;
}

static const struct scheme *
scheme_row(size_t i)
{
	static const struct scheme https = { "https", 443, "the web" };

	return i == 0 ? &https : NULL;
}

static const struct config_rooms rooms = {
	.schemes = scheme_row,
	.notifiers = section_at,
};

static void
load(int fd, const struct config_rooms *known, struct buf *shown)
{
	cleanup(config_free) struct config *c = NULL;
	BUF_CLEANUP struct buf complaints = { 0 };
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if ((config_load(path, known, 1, &c, &complaints) == 0) !=
		(complaints.len == 0))
		abort();
	if (c != NULL)
		config_show(shown, c, known);
}

static int
file_of(const void *data, size_t size)
{
	int fd = memfd_create("config", MFD_CLOEXEC);

	/* Not for others to read, so that a secret may stand in it. */
	if (fd == -1 || fchmod(fd, 0600) == -1 ||
		write(fd, data, size) != (ssize_t)size)
		abort();
	return fd;
}

/* What is shown of a good configuration is a good one, and shows the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	BUF_CLEANUP struct buf once = { 0 }, twice = { 0 };
	int fd;

	/* A pattern could walk through the whole of this machine's files. */
	if (memmem(data, size, "include", 7) != NULL &&
		memchr(data, '*', size) != NULL)
		return -1;
	fd = file_of(data, size);
	load(fd, &rooms, &once);
	(void)close(fd);
	/* Shown with scheme and port, an endpoint may outgrow its bound. */
	if (once.len == 0 || size > 3000)
		return 0;
	fd = file_of(once.s, once.len);
	load(fd, &rooms, &twice);
	(void)close(fd);
	if (twice.len != once.len || memcmp(once.s, twice.s, once.len) != 0)
		abort();
	return 0;
}
