/* listing.c - what lies in one folder */
#include <sys/stat.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/alloc.h"
#include "scan/listing.h"

#define HASH_DIGITS 8

struct identity {
	dev_t dev;
	ino_t ino;
};

static int
by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Where its name begins is known only when all are read. */
static void
add(struct listing *l, const struct dirent *d)
{
	if ((l->n & (l->n - 1)) == 0)
		l->v = mem_grow(l->v, l->n == 0 ? 1 : l->n * 2, sizeof(*l->v));
	l->v[l->n++] = (struct entry){ .type = d->d_type };
	buf_add(&l->names, d->d_name, strlen(d->d_name) + 1);
}

static void
sort(struct listing *l)
{
	const char *name = l->names.s;

	for (size_t i = 0; i < l->n; i++) {
		l->v[i].name = name;
		name += strlen(name) + 1;
	}
	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_name);
}

static int
read_all(DIR *d, size_t limit, struct listing *l)
{
	const struct dirent *e;

	while (errno = 0, (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (l->n == limit) {
			l->cut = true;
			return 0;
		}
		add(l, e);
	}
	return errno == 0 ? 0 : -1;
}

int
listing_read(const char *path, size_t limit, struct listing *out)
{
	struct listing l = { 0 };
	DIR *d = opendir(*path != '\0' ? path : ".");
	int rc, why;

	if (d == NULL)
		return -1;
	rc = read_all(d, limit, &l);
	why = errno;
	(void)closedir(d);
	if (rc == -1) {
		listing_release(&l);
		errno = why;
		return -1;
	}
	sort(&l);
	*out = l;
	return 0;
}

void
listing_release(struct listing *l)
{
	free(l->v);
	free(l->files);
	buf_release(&l->names);
	*l = (struct listing){ 0 };
}

static const struct entry *
find(const struct listing *l, const char *name)
{
	const struct entry wanted = { .name = name };

	return bsearch(&wanted, l->v, l->n, sizeof(*l->v), by_name);
}

bool
listing_has(const struct listing *l, const char *name)
{
	return find(l, name) != NULL;
}

/* Eight hexadecimal digits, a dot, and a number, of a CRL after an 'r'. */
static bool
is_hash(const char *name)
{
	size_t n = strspn(name, "0123456789abcdef");

	if (n != HASH_DIGITS || name[n] != '.')
		return false;
	name += n + (name[n + 1] == 'r' ? 2 : 1);
	return *name != '\0' && name[strspn(name, "0123456789")] == '\0';
}

/* One that stands for a file, and is not itself what is passed over. */
static bool
is_original(const struct entry *e)
{
	return e->type == DT_REG ||
		((e->type == DT_LNK || e->type == DT_UNKNOWN) &&
			!is_hash(e->name));
}

static int
stat_in(const char *folder, const char *name, struct stat *st)
{
	cleanup(str_free) char *path = str_fmt(
		"%s%s%s", folder, *folder != '\0' ? "/" : "", name);

	return stat(path, st);
}

static int
by_identity(const void *a, const void *b)
{
	const struct identity *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

static void
identify(struct listing *l, const char *folder,
	bool (*told)(void *arg, const char *name), void *arg)
{
	struct stat st;

	l->identified = true;
	l->files = mem_grow(NULL, l->n, sizeof(*l->files));
	for (size_t i = 0; i < l->n; i++) {
		if (is_original(&l->v[i]) && told(arg, l->v[i].name) &&
			stat_in(folder, l->v[i].name, &st) == 0 &&
			S_ISREG(st.st_mode))
			l->files[l->n_files++] = (struct identity){ st.st_dev,
				st.st_ino };
	}
	if (l->n_files > 1)
		qsort(l->files, l->n_files, sizeof(*l->files), by_identity);
}

/* What the link says, if that is a name in the same folder; else NULL. */
static const struct entry *
neighbour(const struct listing *l, const char *folder, const char *name)
{
	cleanup(str_free) char *path = str_fmt(
		"%s%s%s", folder, *folder != '\0' ? "/" : "", name);
	char text[PATH_MAX];
	const char *to = text;
	ssize_t n = readlink(path, text, sizeof(text) - 1);

	if (n == -1)
		return NULL;
	text[n] = '\0';
	while (strncmp(to, "./", 2) == 0)
		to += 2;
	return find(l, to);
}

bool
listing_repeats(struct listing *l, size_t i, const char *folder,
	bool (*told)(void *arg, const char *name), void *arg)
{
	const struct entry *e = &l->v[i], *to;
	struct identity wanted;
	struct stat st;

	if (!is_hash(e->name))
		return false;
	/* Most often the link says it, and nobody needs to look further. */
	to = neighbour(l, folder, e->name);
	if (to != NULL)
		return is_original(to) && told(arg, to->name);
	if (stat_in(folder, e->name, &st) == -1)
		return false;
	if (!l->identified)
		identify(l, folder, told, arg);
	wanted = (struct identity){ st.st_dev, st.st_ino };
	return l->n_files > 0 &&
		bsearch(&wanted, l->files, l->n_files, sizeof(wanted),
			by_identity) != NULL;
}
