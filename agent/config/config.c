/* config.c - read the one YAML file, tell all that is wrong with it */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "config/include.h"
#include "config/reader.h"
#include "config/rules.h"

static void
release_documents(struct documents *ds)
{
	documents_release(ds);
}

#define DOCUMENTS_CLEANUP __attribute__((__cleanup__(release_documents)))

/* The folder of `path`, as it is written; links stay as they are. */
static const char *
folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash == NULL ? "."
		: slash == path
		? "/"
		: arena_fmt(a, "%.*s", (int)(slash - path), path);
	cleanup(str_free) char *here = NULL;

	if (*folder == '/')
		return folder;
	here = getcwd(NULL, 0);
	if (here == NULL)
		return folder;
	return strcmp(folder, ".") == 0 ? arena_dup(a, here)
					: value_path(a, here, folder);
}

/* systemd names the folder that it made for the state (StateDirectory=). */
static void
place_state(struct config *c, const struct documents *ds)
{
	const char *folder = getenv("STATE_DIRECTORY");

	if (folder == NULL || *folder != '/')
		return;
	for (size_t i = 0; i < ds->n; i++) {
		if (ds->v[i]->root != NULL &&
			document_find(ds->v[i], ds->v[i]->root, "state", NULL))
			return;
	}
	c->state = arena_fmt(
		c->arena, "%.*s/state.db", (int)strcspn(folder, ":"), folder);
}

/* An included file may be all comments; the main file says something. */
static void
check_main(const struct documents *ds, struct complaints *complaints)
{
	struct place at;

	if (ds->n == 0 || ds->v[0]->root != NULL)
		return;
	at = document_place(ds->v[0], NULL);
	complaints_add(
		complaints, &at, "want a configuration, have an empty file");
}

int
config_load(const char *path, const struct config_rooms *rooms,
	int without_secrets, struct config **out, struct buf *told)
{
	COMPLAINTS_CLEANUP struct complaints complaints = { 0 };
	DOCUMENTS_CLEANUP struct documents docs = { 0 };
	cleanup(config_free) struct config *c = mem_alloc(sizeof(*c));

	c->arena = arena_new();
	c->path = arena_dup(c->arena, path);
	include_all(c->arena, c->path, &complaints, &docs);
	check_main(&docs, &complaints);
	if (docs.n > 0 && docs.v[0]->root != NULL) {
		struct reader r = {
			.from = {
				.arena = c->arena,
				.folder = folder_of(c->arena, path),
				.schemes = rooms->schemes,
			},
			.rooms = rooms,
			.rules = rules_table,
			.complaints = &complaints,
			.config = c,
			.without_secrets = without_secrets != 0,
			.partial = docs.partial,
		};

		reader_root(&r, docs.v, docs.n);
		place_state(c, &docs);
	}
	if (complaints.n > 0) {
		complaints_tell(told, &complaints);
		return -1;
	}
	*out = c; /* the caller's from here on */
	c = NULL;
	return 0;
}

void
config_free(struct config *c)
{
	if (c == NULL)
		return;
	arena_free(c->arena);
	free(c);
}
