/* pager_world.h - the requests of a digest, and what holds for all of them */
#ifndef TESTS_PAGER_WORLD_H
#define TESTS_PAGER_WORLD_H

#include "tests/unit/digest_world.h"

#include "model/text.h"
#include "notifiers/chat.h"
#include "notifiers/pager.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define NOW (DIGEST_NOW + 60)

static inline struct posts
make(enum format_index which, const struct account *a, const struct digest *d)
{
	struct posts ps = { 0 };
	struct error err = { 0 };

	if (format_table[which]->make(d, a, NOW, &ps, &err) == -1)
		fail_msg("%s", err.text);
	return ps;
}

#define POSTS_CLEANUP __attribute__((__cleanup__(posts_release)))

/* The string at "a.b" of an object; NULL if there is none. */
static inline const char *
at(const json_t *j, const char *path)
{
	char part[32];
	size_t n = strcspn(path, ".");

	snprintf(part, sizeof(part), "%.*s", (int)n, path);
	j = json_object_get(j, part);
	return path[n] == '.' ? at(j, path + n + 1) : json_string_value(j);
}

static inline void
assert_at(const json_t *j, const char *path, const char *want)
{
	const char *have = at(j, path);

	if ((have == NULL) != (want == NULL) ||
		(have != NULL && strcmp(have, want) != 0))
		fail_msg("%s: want %s, have %s", path,
			want != NULL ? want : "nothing",
			have != NULL ? have : "nothing");
}

struct limit {
	const char *path;
	size_t max; /* characters, as JavaScript and Java count them */
	bool required;
};

static inline void
assert_limits(const json_t *j, const struct limit *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *s = at(j, rows[i].path);

		if (s == NULL && !rows[i].required)
			continue;
		assert_non_null(s);
		assert_true(s[0] != '\0');
		if (chat_utf16(s) > rows[i].max)
			fail_msg("%s: %zu characters", rows[i].path,
				chat_utf16(s));
	}
}

/* No string within has anything that hides; "\n" parts our own lines. */
static inline void
assert_harmless(const json_t *j)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_string(j)) {
		BUF_CLEANUP struct buf plain = { 0 }, again = { 0 };

		for (const char *s = json_string_value(j); *s != '\0'; s++) {
			if (*s != '\n')
				buf_putc(&plain, *s);
		}
		text_plain(&again, buf_str(&plain));
		assert_string_equal(buf_str(&again), buf_str(&plain));
	}
	json_object_foreach((json_t *)j, key, value)
	{
		assert_harmless(value);
	}
	json_array_foreach(j, i, value)
	{
		assert_harmless(value);
	}
}

static inline void
assert_headers(const struct post *p, size_t n)
{
	assert_int_equal(p->headers.n, n);
	for (size_t i = 0; i < n; i++)
		assert_null(strpbrk(p->headers.v[i], "\r\n"));
}

#endif
