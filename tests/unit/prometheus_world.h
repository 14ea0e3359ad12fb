/* prometheus_world.h - made-up results, and series to hold against them */
#ifndef TESTS_PROMETHEUS_WORLD_H
#define TESTS_PROMETHEUS_WORLD_H

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ssl.h>

#include "model/compat.h"
#include "model/result.h"
#include "report/report.h"

#define NOW 1795132800 /* 2026-11-20T00:00:00Z */
#define ALL (COMPAT_SSL_EXPORTER | COMPAT_X509_EXPORTER | COMPAT_BLACKBOX)

static inline void
add_cert(struct result *r, const char *subject, const char *issuer,
	const char *serial, int64_t left_s)
{
	struct observation *ob = r->seen;
	struct cert *c;

	ob->certs = mem_grow(ob->certs, ob->n_certs + 1, sizeof(*ob->certs));
	c = &ob->certs[ob->n_certs++];
	*c = (struct cert){ .subject = str_dup(subject),
		.issuer = str_dup(issuer),
		.label = str_dup(subject + 3),
		.issuer_label = str_dup(issuer + 3),
		.serial = str_dup(serial),
		.sha256 = str_fmt("%02zx%s", ob->n_certs, serial),
		.key_type = str_dup("EC"),
		.signature = str_dup("x"),
		.has_dates = true,
		.is_ca = ob->n_certs > 1,
		.not_after = NOW + left_s,
		.not_before = NOW + left_s - 90 * DAY_S };
}

static inline struct result *
result_of(const struct target *t)
{
	struct result *r = mem_alloc(sizeof(*r));

	r->target = t;
	r->observed_at = NOW;
	r->duration_ms = 1041;
	r->looked = true;
	r->seen = observation_new();
	return r;
}

static inline void
add_finding(struct result *r, const char *id, const char *subject)
{
	findings_add(&r->findings, id, subject, "text");
	r->status = findings_worst(&r->findings);
}

/* As the state remembers one: without a scheme. */
static inline struct target
endpoint(const char *name)
{
	struct target t = { .name = name,
		.kind = TARGET_ENDPOINT,
		.address = "https://www.example.com:443" };

	settings_init(&t.set);
	return t;
}

static inline struct target
file(const char *path)
{
	struct target t = {
		.name = path, .kind = TARGET_FILE, .address = path
	};

	settings_init(&t.set);
	return t;
}

static inline char *
render(struct result **v, size_t n, const struct report_options *opt)
{
	struct results rs = { .v = v, .n = n, .time = NOW };
	struct buf out = { 0 };

	report_find("prometheus")->render(&out, &rs, opt);
	return buf_detach(&out);
}

static inline char *
render_one(struct result *r, unsigned compat)
{
	const struct report_options opt = { .compat = compat };

	return render(&r, 1, &opt);
}

/* The lines of one family, without its heading, as one text. */
static inline char *
family(const char *text, const char *name)
{
	size_t n = strlen(name);
	struct buf found = { 0 };

	for (const char *p = text; *p != '\0'; p += strcspn(p, "\n") + 1) {
		if (strncmp(p, name, n) == 0 && (p[n] == '{' || p[n] == ' '))
			buf_add(&found, p, strcspn(p, "\n") + 1);
	}
	return buf_detach(&found);
}

static inline void
assert_family(const char *text, const char *name, const char *want)
{
	cleanup(str_free) char *found = family(text, name);

	if (strcmp(found, want) != 0)
		print_error("of all\n%s", text);
	assert_string_equal(found, want);
}

static inline int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * What any text must keep to: nothing but what can be printed, families whole
 * and headed, and no series twice.
 */
static inline void
assert_sound(const char *text)
{
	struct strlist series = { 0 }, families = { 0 };
	cleanup(str_free) char *copy = str_dup(text);
	char *line, *rest;

	for (line = strtok_r(copy, "\n", &rest); line != NULL;
		line = strtok_r(NULL, "\n", &rest)) {
		for (const char *p = line; *p != '\0'; p++)
			assert_true((unsigned char)*p >= ' ' && *p != 0x7f);
		if (strncmp(line, "# HELP ", 7) == 0) {
			line[7 + strcspn(line + 7, " ")] = '\0';
			assert_false(strlist_has(&families, line + 7));
			strlist_add(&families, line + 7);
		} else if (line[0] != '#') {
			size_t n = strcspn(line, "{ ");

			assert_true(families.n > 0);
			assert_int_equal(n, strlen(families.v[families.n - 1]));
			assert_memory_equal(
				line, families.v[families.n - 1], n);
			*strrchr(line, ' ') = '\0';
			strlist_add(&series, line);
		}
	}
	qsort(series.v, series.n, sizeof(*series.v), by_text);
	for (size_t i = 1; i < series.n; i++)
		assert_string_not_equal(series.v[i - 1], series.v[i]);
	strlist_release(&series);
	strlist_release(&families);
}

#endif
