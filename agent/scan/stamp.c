/* stamp.c - what tells that a file is unchanged */
#include <sys/stat.h>

#include "model/pack.h"
#include "scan/stamp.h"

static bool
is_settled(const struct timespec *changed, time_t clock)
{
	return changed->tv_sec < clock - STAMP_SETTLED_S;
}

static void
add_time(struct pack *p, const struct timespec *t)
{
	pack_number(p, t->tv_sec);
	pack_number(p, t->tv_nsec);
}

static void
add_stat(struct pack *p, const struct stat *st)
{
	pack_number(p, (int64_t)st->st_dev);
	pack_number(p, (int64_t)st->st_ino);
	pack_number(p, st->st_size);
	add_time(p, &st->st_mtim);
	add_time(p, &st->st_ctim);
	pack_number(p, st->st_mode);
	pack_number(p, st->st_uid);
	pack_number(p, st->st_gid);
}

static bool
take(const char *path, time_t clock, mode_t kinds, struct pack *p)
{
	struct stat st;

	if (stat(path, &st) == -1 || (st.st_mode & S_IFMT & ~kinds) != 0 ||
		!is_settled(&st.st_mtim, clock) ||
		!is_settled(&st.st_ctim, clock))
		return false;
	add_stat(p, &st);
	return true;
}

bool
stamp_take(const struct target *t, time_t clock, struct buf *out)
{
	struct pack p = { .out = out };

	pack_number(&p, (int64_t)t->place);
	pack_number(&p, t->listed);
	return take(t->file, clock, S_IFREG, &p) &&
		(t->key == NULL || take(t->key, clock, S_IFREG, &p));
}

bool
stamp_take_path(const char *path, time_t clock, struct buf *out)
{
	struct pack p = { .out = out };

	return take(path, clock, S_IFREG | S_IFDIR, &p);
}
