/* targets.c - files, folders and patterns become the files they stand for */
#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>

#include "model/buf.h"
#include "model/keypath.h"
#include "model/text.h"
#include "scan/pattern.h"
#include "scan/scan.h"
#include "scan/walk.h"

static void
add(struct targets *ts, struct target *t)
{
	if ((ts->n & (ts->n - 1)) == 0)
		ts->v = mem_grow(
			ts->v, ts->n == 0 ? 1 : ts->n * 2, sizeof(ts->v[0]));
	ts->v[ts->n++] = t;
}

static struct target *
copy(struct arena *a, const struct target *from)
{
	struct target *t = arena_alloc(a, sizeof(*t));

	*t = *from;
	return t;
}

/* One file, whether it is there or not. */
static struct target *
add_file(struct arena *a, const struct target *from, struct targets *out)
{
	struct target *t = copy(a, from);

	if (t->key != NULL)
		t->key = keypath_expand(a, t->key, t->file);
	add(out, t);
	return t;
}

/* A folder or pattern itself, for the probe to say what is wrong with it. */
static void
add_itself(struct arena *a, const struct target *from, struct targets *out)
{
	struct target *t = copy(a, from);

	t->key = NULL; /* of no certificate */
	add(out, t);
}

/* What a walk finds its way into. */
struct finds {
	struct arena *arena;
	const struct target *from;
	struct targets *out;
};

static void
found(void *arg, const char *path, enum walk_how how)
{
	struct finds *f = arg;
	struct target t = *f->from, *made;

	t.file = t.name = t.address = arena_dup(f->arena, path);
	if (how == WALK_CLOSED)
		t.key = NULL;
	made = add_file(f->arena, &t, f->out);
	made->listed = how == WALK_MET;
	made->origin = f->from;
}

/* What an operator would want to know of what was not looked at. */
static void
describe(struct buf *out, const struct walk *w)
{
	if (w->full)
		buf_printf(out,
			"want at most %d files and folders, with %d names in "
			"them, have more: the others were not looked at; ",
			WALK_MAX_FILES, WALK_MAX_NAMES);
	if (w->deep > 0) {
		buf_printf(out, "want folders at most %d deep, have ",
			WALK_MAX_DEPTH);
		text_count(out, w->deep, "that is", "that are");
		buf_printf(out, " deeper and not looked into: %s%s; ",
			w->deepest, w->deep > 1 ? " and others" : "");
	}
	if (w->unfit)
		buf_printf(out,
			"want patterns of at most %d alternatives and %d "
			"folders, have more: not all were looked at; ",
			PATTERN_MAX_ALTERNATIVES, PATTERN_MAX_PARTS);
}

static void
note_missed(const struct finds *f, const struct walk *w)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct targets *out = f->out;
	struct shortfall *v;

	describe(&text, w);
	if (text.len == 0)
		return;
	text.s[text.len - 2] = '\0';
	if ((out->n_missed & (out->n_missed - 1)) == 0) {
		v = arena_alloc(f->arena,
			(out->n_missed == 0 ? 1 : out->n_missed * 2) *
				sizeof(*v));
		if (out->n_missed > 0)
			memcpy(v, out->missed, out->n_missed * sizeof(*v));
		out->missed = v;
	}
	out->missed[out->n_missed++] = (struct shortfall){
		.target = copy(f->arena, f->from),
		.origin = f->from,
		.text = arena_dup(f->arena, text.s),
	};
}

static void
walk(struct arena *a, const struct target *from, bool folder,
	struct targets *out)
{
	struct finds finds = { a, from, out };
	struct walk w = { .exclude = &from->exclude,
		.left = out->n < WALK_MAX_FILES ? WALK_MAX_FILES - out->n : 0,
		.names_left = WALK_MAX_NAMES,
		.found = found,
		.arg = &finds };
	size_t before = out->n, missed = out->n_missed;

	if (folder)
		walk_folder(&w, from->file);
	else
		walk_pattern(&w, from->file);
	note_missed(&finds, &w);
	free(w.deepest);
	/* What holds nothing, or fits nothing, is told as such. */
	if (out->n == before && out->n_missed == missed)
		add_itself(a, from, out);
}

static void
expand_file(struct arena *a, const struct target *from, struct targets *out)
{
	struct stat st;
	bool there = stat(from->file, &st) == 0;

	if (there && S_ISDIR(st.st_mode))
		walk(a, from, true, out);
	else if (!there && target_is_pattern(from->file))
		walk(a, from, false, out);
	else
		(void)add_file(a, from, out);
}

struct named {
	struct target *target;
	size_t place;
};

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->target->name, y->target->name);

	/* The address decides, then the place: the same from run to run. */
	if (order == 0)
		order = strcmp(x->target->address, y->target->address);
	return order != 0 ? order : (x->place < y->place ? -1 : 1);
}

/* State and incidents go by name, so a name stands for one target only. */
static void
make_names_unique(struct arena *a, struct targets *ts)
{
	size_t n = ts->n + ts->n_missed, first = 0;
	struct named *sorted;
	unsigned twin = 1;

	if (n < 2)
		return;
	sorted = mem_grow(NULL, n, sizeof(*sorted));
	for (size_t i = 0; i < n; i++)
		sorted[i] = (struct named){
			i < ts->n ? ts->v[i] : ts->missed[i - ts->n].target, i
		};
	qsort(sorted, n, sizeof(*sorted), by_name);
	for (size_t i = 1; i < n; i++) {
		struct target *t = sorted[i].target;

		if (strcmp(t->name, sorted[first].target->name) != 0) {
			first = i;
			twin = 1;
			continue;
		}
		t->name = arena_fmt(a, "%s (%u)", t->name, ++twin);
	}
	free(sorted);
}

void
scan_expand(
	struct arena *a, const struct target *v, size_t n, struct targets *out)
{
	*out = (struct targets){ 0 };
	for (size_t i = 0; i < n; i++) {
		size_t before = out->n;

		if (v[i].kind == TARGET_FILE)
			expand_file(a, &v[i], out);
		else
			add(out, copy(a, &v[i]));
		while (before < out->n)
			out->v[before++]->place = (unsigned)i;
	}
	make_names_unique(a, out);
}
