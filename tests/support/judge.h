/* judge.h - put certificates before the checks, and look at what they say */
#ifndef TESTS_JUDGE_H
#define TESTS_JUDGE_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/socket.h>

#include <stdlib.h>
#include <string.h>

#include "checks/check.h"
#include "tests/support/mkcert.h"

/* 2027-01-15T08:00:00Z; the tests never ask a clock. */
#define NOW ((time_t)1800000000)
#define DAY ((time_t)86400)
#define HOUR ((time_t)3600)

/* An endpoint named `host`, or a file where it is NULL. */
static inline struct target
judge_target_of(const char *host)
{
	struct target t = { .name = "test" };

	settings_init(&t.set);
	if (host == NULL) {
		t.kind = TARGET_FILE;
		t.file = t.address = "test.pem";
	} else {
		t.kind = TARGET_ENDPOINT;
		t.host = host;
		t.port = 443;
		t.family = AF_UNSPEC;
		t.address = host;
	}
	return t;
}

/* One of a finding's details, or NULL; good until the next call. */
static inline json_t *
judge_detail(const struct finding *f, const char *key)
{
	static json_t *details;

	json_decref(details);
	details = finding_details(f);
	return json_object_get(details, key);
}

/* References to `certs`, up to a NULL. */
static inline struct observation *
judge_observe(X509 *const *certs)
{
	struct observation *ob = observation_new();

	for (; *certs != NULL; certs++) {
		X509_up_ref(*certs);
		assert_int_equal(observation_add_cert(ob, *certs, 0), 0);
	}
	return ob;
}

static inline struct trust
judge_trust(X509 *const *anchors, bool exact)
{
	struct trust t = {
		.name = "the test's trust store",
		.store = X509_STORE_new(),
		.exact = exact,
	};

	for (; *anchors != NULL; anchors++)
		assert_int_equal(X509_STORE_add_cert(t.store, *anchors), 1);
	return t;
}

/* Nearly every certificate of the tests has them: they go by their ids alone.
 */
static inline bool
judge_is_everyday(const char *id)
{
	return strcmp(id, "name.coverage") == 0 ||
		strcmp(id, "name.internal") == 0;
}

/* "chain.order=warning name.www=warning": those of one area, or all. */
static inline char *
judge_ids(const struct findings *fs, const char *area)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < fs->n; i++) {
		const char *id = fs->v[i].kind->id;

		if (strncmp(id, area, strlen(area)) != 0 ||
			(judge_is_everyday(id) && strcmp(id, area) != 0))
			continue;
		buf_printf(&b, "%s%s=%s", b.len > 0 ? " " : "", id,
			severity_name(fs->v[i].severity));
	}
	return buf_detach(&b);
}

/* The first finding whose id begins so; the test fails if there is none. */
static inline const struct finding *
judge_find(const struct findings *fs, const char *id)
{
	for (size_t i = 0; i < fs->n; i++) {
		if (strncmp(fs->v[i].kind->id, id, strlen(id)) == 0)
			return &fs->v[i];
	}
	fail_msg("no finding %s", id);
	return NULL;
}

static inline void
judge_expect(const char *row, const struct findings *fs, const char *area,
	const char *want)
{
	char *have = judge_ids(fs, area);

	if (strcmp(have, want) != 0) {
		for (size_t i = 0; i < fs->n; i++)
			print_message("  %s: %s\n", fs->v[i].kind->id,
				fs->v[i].message);
		fail_msg("%s: want \"%s\", have \"%s\"", row, want, have);
	}
	free(have);
}

#endif
