/* walk.c - the files that a folder holds, or that a pattern fits */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/buf.h"
#include "scan/certbot.h"
#include "scan/exclusion.h"
#include "scan/listing.h"
#include "scan/pattern.h"
#include "scan/walk.h"

/*
 * One pattern, on its way through the folders. A folder is entered once, with
 * the set of all parts that what lies in it may fit; "**" is why there can be
 * several. So nothing is told twice, and the work is one look at each entry.
 */
struct tour {
	struct walk *w;
	const struct exclusion *excluded;
	const struct pattern *p;
	struct buf path; /* where it stands */
};

/* What a name in a folder stands for. */
struct steps {
	bool file; /* a file of that name is told */
	uint64_t named; /* a folder of that name is entered with these parts */
	uint64_t below; /* likewise, but not by a link */
};

static void enter(struct tour *t, uint64_t parts, unsigned depth);

static uint64_t
bit(size_t i)
{
	return UINT64_C(1) << i;
}

/* A "**" may stand for no folder at all. */
static uint64_t
with_none(const struct pattern *p, uint64_t parts)
{
	for (size_t i = 0; i < p->n; i++) {
		if ((parts & bit(i)) != 0 && p->v[i].kind == PATTERN_FOLDERS)
			parts |= bit(i + 1);
	}
	return parts;
}

/* Goes one name down, and back to the length that is returned. */
static size_t
go_down(struct tour *t, const char *name)
{
	size_t before = t->path.len;

	if (before > 0 && t->path.s[before - 1] != '/')
		buf_putc(&t->path, '/');
	buf_puts(&t->path, name);
	return before;
}

static void
go_up(struct tour *t, size_t before)
{
	t->path.len = before;
	t->path.s[before] = '\0';
}

/* May one more be told or entered? */
static bool
take(struct walk *w)
{
	if (w->left == 0)
		w->full = true;
	else
		w->left--;
	return !w->full;
}

/* Links that lead to where they lie may show a folder again and again. */
static bool
take_names(struct walk *w, size_t n)
{
	if (n > w->names_left)
		w->full = true;
	else
		w->names_left -= n;
	return !w->full;
}

static void
tell(struct tour *t, enum walk_how how)
{
	if (take(t->w))
		t->w->found(t->w->arg, buf_str(&t->path), how);
}

static struct steps
steps_of(const struct pattern *p, uint64_t parts, const char *name)
{
	bool kept = strncmp(name, "..", 2) != 0;
	struct steps s = { 0 };

	for (size_t i = 0; i < p->n; i++) {
		enum pattern_kind kind = p->v[i].kind;

		if ((parts & bit(i)) == 0)
			continue;
		if (kind == PATTERN_FOLDERS && kept)
			s.below |= bit(i);
		if ((kind == PATTERN_ANY && !kept) ||
			!pattern_part_fits(p, i, name))
			continue;
		if (i + 1 == p->n)
			s.file = true;
		else
			s.named |= bit(i + 1);
	}
	return s;
}

/* What is told of a folder that was entered with `parts`. */
struct teller {
	const struct pattern *p;
	uint64_t parts;
};

/* One that is excluded is passed over under its second name as well. */
static bool
is_told(void *arg, const char *name)
{
	const struct teller *teller = arg;

	return steps_of(teller->p, teller->parts, name).file;
}

/* The path is a link, perhaps to a folder. */
static void
visit_link(struct tour *t, const struct steps *s, unsigned depth)
{
	bool leads = false;
	struct stat st;

	if (s->file)
		leads = stat(buf_str(&t->path), &st) == 0;
	if (!s->file || (leads && S_ISDIR(st.st_mode)))
		enter(t, s->named, depth); /* which sees whether it is one */
	else if (!leads || S_ISREG(st.st_mode))
		tell(t, WALK_MET); /* the probe says what leads nowhere */
}

/* For file systems that do not tell it with the name. */
static unsigned char
type_of(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0)
		return IFTODT(st.st_mode);
	return errno == ENOENT ? DT_UNKNOWN : DT_LNK;
}

static void
visit(struct tour *t, unsigned char type, const struct steps *s, unsigned depth)
{
	if (type == DT_UNKNOWN)
		type = type_of(buf_str(&t->path));
	if (type == DT_DIR)
		enter(t, s->named | s->below, depth);
	else if (type == DT_REG && s->file)
		tell(t, WALK_MET);
	else if (type == DT_LNK && (s->file || s->named != 0))
		visit_link(t, s, depth);
}

static void
visit_all(struct tour *t, uint64_t parts, struct listing *l, unsigned depth)
{
	struct teller teller = { t->p, parts };

	for (size_t i = 0; i < l->n && !t->w->full; i++) {
		const struct entry *e = &l->v[i];
		struct steps s = steps_of(t->p, parts, e->name);
		size_t before;

		if ((!s.file && s.named == 0 && s.below == 0) ||
			certbot_repeats(l, e->name, is_told, &teller))
			continue;
		if (e->type != DT_REG && e->type != DT_DIR && s.file &&
			listing_repeats(
				l, i, buf_str(&t->path), is_told, &teller))
			continue;
		before = go_down(t, e->name);
		if (!exclusion_fits(t->excluded, buf_str(&t->path), e->name))
			visit(t, e->type, &s, depth + 1);
		go_up(t, before);
	}
}

/* No folder, and so nothing in it: gone, a file, a link to itself. */
static bool
is_nothing(int why)
{
	return why == ENOENT || why == ENOTDIR || why == ELOOP;
}

/* The part is a name: what it stands for is looked up. */
static void
look_up(struct tour *t, size_t part, unsigned depth)
{
	const char *name = t->p->v[part].text;
	struct steps s = { 0 };
	struct stat st;
	size_t before = go_down(t, name);

	if (part + 1 == t->p->n)
		s.file = true;
	else
		s.named = bit(part + 1);
	if (!exclusion_fits(t->excluded, buf_str(&t->path), name)) {
		if (s.named != 0)
			enter(t, s.named, depth);
		else if (lstat(buf_str(&t->path), &st) == 0)
			visit(t, IFTODT(st.st_mode), &s, depth);
		else if (!is_nothing(errno))
			tell(t, WALK_MET); /* the probe says why */
	}
	go_up(t, before);
}

/* The one part that what lies here may fit, if it is a name; else SIZE_MAX. */
static size_t
only_name(const struct pattern *p, uint64_t parts)
{
	size_t i = 0;

	while ((parts & bit(i)) == 0)
		i++;
	return parts == bit(i) && p->v[i].kind == PATTERN_NAME ? i : SIZE_MAX;
}

static void
enter(struct tour *t, uint64_t parts, unsigned depth)
{
	const char *path = buf_str(&t->path);
	struct listing l = { 0 };
	size_t name;

	if (parts == 0 || t->w->full)
		return;
	if (depth > WALK_MAX_DEPTH) {
		if (t->w->deep++ == 0)
			t->w->deepest = str_dup(path);
		return;
	}
	parts = with_none(t->p, parts);
	name = only_name(t->p, parts);
	if (name != SIZE_MAX) {
		look_up(t, name, depth);
	} else if (listing_read(path, WALK_MAX_FILES, &l) == 0) {
		if (take(t->w) && take_names(t->w, l.n))
			visit_all(t, parts, &l, depth);
		t->w->full |= l.cut;
		listing_release(&l);
	} else if (!is_nothing(errno)) {
		tell(t, WALK_CLOSED);
	}
}

static void
go(struct walk *w, const struct exclusion *excluded, const struct pattern *p)
{
	struct tour t = { .w = w, .excluded = excluded, .p = p };

	buf_puts(&t.path, p->base);
	enter(&t, bit(0), 0);
	buf_release(&t.path);
}

static void
go_below(struct walk *w, const struct exclusion *excluded, char *folder)
{
	struct pattern_part all[] = { { PATTERN_FOLDERS, NULL },
		{ PATTERN_ANY, NULL } };
	const struct pattern p = { .base = folder, .v = all, .n = 2 };

	go(w, excluded, &p);
}

static void
read_exclusion(struct walk *w, struct exclusion *out)
{
	for (size_t i = 0; w->exclude != NULL && i < w->exclude->n; i++)
		w->unfit |= exclusion_add(out, w->exclude->v[i]) == -1;
}

void
walk_folder(struct walk *w, const char *path)
{
	cleanup(str_free) char *folder = str_dup(path);
	struct exclusion excluded = { 0 };
	size_t n = strlen(folder);

	while (n > 1 && folder[n - 1] == '/')
		folder[--n] = '\0';
	read_exclusion(w, &excluded);
	go_below(w, &excluded, folder);
	exclusion_release(&excluded);
}

/* One of the alternatives that a pattern spells out. */
static void
go_one(struct walk *w, const struct exclusion *excluded, const char *text)
{
	struct pattern p;
	struct stat st;

	if (pattern_parse(text, &p) == -1) {
		w->unfit = true;
		return;
	}
	if (p.n > 0)
		go(w, excluded, &p);
	else if (stat(p.base, &st) == 0 && S_ISDIR(st.st_mode))
		go_below(w, excluded, p.base);
	else if (take(w))
		w->found(w->arg, p.base, WALK_NAMED);
	pattern_release(&p);
}

/* What several alternatives found; the same file may fit more than one. */
struct finds {
	struct find {
		char *path;
		enum walk_how how;
	} * v;
	size_t n;
};

static void
keep(void *arg, const char *path, enum walk_how how)
{
	struct finds *f = arg;

	if ((f->n & (f->n - 1)) == 0)
		f->v = mem_grow(f->v, f->n == 0 ? 1 : f->n * 2, sizeof(*f->v));
	f->v[f->n++] = (struct find){ str_dup(path), how };
}

/* The end of a path comes first, then what lies in the folder of that name. */
static int
rank(char c)
{
	return c == '\0' ? 0 : c == '/' ? 1 : (unsigned char)c + 1;
}

/* As a walk tells them; of two that are the same, the one that is named. */
static int
by_path(const void *a, const void *b)
{
	const struct find *x = a, *y = b;
	size_t i = 0;

	while (x->path[i] == y->path[i] && x->path[i] != '\0')
		i++;
	if (x->path[i] != y->path[i])
		return rank(x->path[i]) - rank(y->path[i]);
	return (y->how == WALK_NAMED) - (x->how == WALK_NAMED);
}

static void
tell_sorted(struct walk *w, struct finds *f)
{
	if (f->n > 1)
		qsort(f->v, f->n, sizeof(*f->v), by_path);
	for (size_t i = 0; i < f->n; i++) {
		if (i == 0 || strcmp(f->v[i].path, f->v[i - 1].path) != 0)
			w->found(w->arg, f->v[i].path, f->v[i].how);
	}
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i].path);
	free(f->v);
}

void
walk_pattern(struct walk *w, const char *pattern)
{
	struct strlist all = { 0 };
	struct exclusion excluded = { 0 };

	w->unfit |= pattern_alternatives(pattern, &all) == -1;
	read_exclusion(w, &excluded);
	if (all.n == 1) {
		go_one(w, &excluded, all.v[0]);
	} else {
		struct finds found = { 0 };
		struct walk each = *w;

		each.found = keep;
		each.arg = &found;
		for (size_t i = 0; i < all.n; i++)
			go_one(&each, &excluded, all.v[i]);
		each.found = w->found;
		each.arg = w->arg;
		*w = each;
		tell_sorted(w, &found);
	}
	exclusion_release(&excluded);
	strlist_release(&all);
}
