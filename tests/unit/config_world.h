/* config_world.h - a folder with a configuration, and rooms made up for it */
#ifndef TESTS_CONFIG_WORLD_H
#define TESTS_CONFIG_WORLD_H

#include <sys/stat.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "tests/unit/unit.h"

/* Keys that two notifiers share: they inherit nothing from the root. */
struct ring {
	const char *colour;
	int64_t count;
};

/* Settings of a notifier that nobody has, of every type that matters. */
struct pigeon {
	const char *loft;
	const char *call;
	const char *home;
	const char *via;
	int64_t height;
	bool tame;
	struct words crew;
	struct ring ring;
};

static const struct key ring_keys[] = {
	{ .name = "colour",
		.type = KEY_STRING,
		.offset = offsetof(struct ring, colour) },
	{ .name = "count",
		.type = KEY_UINT,
		.offset = offsetof(struct ring, count),
		.def = "2" },
	{ .name = NULL },
};

static const struct section ring_section = {
	.name = "ring",
	.keys = ring_keys,
	.size = sizeof(struct ring),
};

static const struct key pigeon_keys[] = {
	{ .name = "loft",
		.type = KEY_STRING,
		.offset = offsetof(struct pigeon, loft),
		.flags = KEY_REQUIRED,
		.help = "where it lives" },
	{ .name = "call",
		.type = KEY_SECRET,
		.offset = offsetof(struct pigeon, call),
		.help = "what it listens to" },
	{ .name = "home",
		.type = KEY_SECRET,
		.offset = offsetof(struct pigeon, home),
		.flags = KEY_PRIVATE },
	{ .name = "via",
		.type = KEY_STRING,
		.offset = offsetof(struct pigeon, via),
		.max = 30,
		.flags = KEY_PRIVATE },
	{ .name = "height",
		.type = KEY_UINT,
		.offset = offsetof(struct pigeon, height),
		.min = 1,
		.max = 5000 },
	{ .name = "tame",
		.type = KEY_BOOL,
		.offset = offsetof(struct pigeon, tame),
		.def = "no" },
	{ .name = "crew",
		.type = KEY_WORDS,
		.offset = offsetof(struct pigeon, crew),
		.def = "[]" },
	{ .name = "ring",
		.type = KEY_INHERIT,
		.offset = offsetof(struct pigeon, ring),
		.section = &ring_section },
	{ .name = NULL },
};

static const struct section pigeon_section = {
	.name = "pigeon",
	.keys = pigeon_keys,
	.size = sizeof(struct pigeon),
	.help = "tell by a bird",
};

static const struct section drum_section = {
	.name = "drum",
	.keys = ring_keys,
	.size = sizeof(struct ring),
};

static inline const struct section *
world_section(size_t i)
{
	static const struct section *const all[] = { &pigeon_section,
		&drum_section };

	return i < COUNT(all) ? all[i] : NULL;
}

static inline const struct scheme *
world_scheme(size_t i)
{
	static const struct scheme all[] = { { "https", 443, "the web" },
		{ "tls", 0, "any port" }, { "smtp", 25, "mail" } };

	return i < COUNT(all) ? &all[i] : NULL;
}

/* A pigeon with a colour needs a call. */
static inline int
world_check(const struct notifier_config *n, struct error *err)
{
	const struct pigeon *p = n->settings;

	if (n->kind == &pigeon_section && p->ring.colour != NULL &&
		p->call == NULL)
		return error_set(err, ERROR_USAGE,
			"want call beside colour, have \"%s\" alone",
			p->ring.colour);
	return 0;
}

static const struct config_rooms world_rooms = {
	.schemes = world_scheme,
	.notifiers = world_section,
	.notifier_check = world_check,
};

static char world_folder[64];

static inline int
world_setup(void **state)
{
	(void)state;
	(void)snprintf(world_folder, sizeof(world_folder),
		"/tmp/certvigil-config-XXXXXX");
	unsetenv("CREDENTIALS_DIRECTORY");
	unsetenv("STATE_DIRECTORY");
	return mkdtemp(world_folder) == NULL ? -1 : 0;
}

static inline int
world_remove(
	const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st, (void)type, (void)where;
	return remove(path);
}

static inline int
world_teardown(void **state)
{
	(void)state;
	return nftw(world_folder, world_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in the folder, in one of a few static places. */
static inline const char *
world_path(const char *name)
{
	static char paths[4][256];
	static size_t next;
	char *path = paths[next++ % COUNT(paths)];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", world_folder, name);
	return path;
}

static inline void
world_write_bytes(const char *name, const void *data, size_t n, mode_t mode)
{
	const char *path = world_path(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(fd != -1);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(write(fd, data, n), (ssize_t)n);
	assert_int_equal(close(fd), 0);
}

static inline void
world_write(const char *name, const char *text)
{
	world_write_bytes(name, text, strlen(text), 0600);
}

/* `text` with every `from` in it replaced. */
static inline void
world_replace(struct buf *out, const char *text, const char *from)
{
	const char *next;

	for (; (next = strstr(text, from)) != NULL; text = next + strlen(from))
		buf_add(out, text, (size_t)(next - text));
	buf_puts(out, text);
}

/*
 * Load the file `name`. Complaints name files without their folder. Returns
 * the configuration for config_free(), or NULL.
 */
static inline struct config *
world_load(const char *name, int without_secrets, struct buf *complaints)
{
	BUF_CLEANUP struct buf raw = { 0 };
	struct config *c = NULL;
	int rc = config_load(
		world_path(name), &world_rooms, without_secrets, &c, &raw);

	assert_int_equal(rc, c != NULL ? 0 : -1);
	assert_int_equal(raw.len > 0, c == NULL);
	world_replace(complaints, buf_str(&raw), world_path(""));
	return c;
}

/* A configuration that must load. */
static inline struct config *
world_load_good(const char *text)
{
	BUF_CLEANUP struct buf complaints = { 0 };
	struct config *c;

	world_write("c.yaml", text);
	c = world_load("c.yaml", 0, &complaints);
	assert_string_equal(buf_str(&complaints), "");
	return c;
}

#endif
