/* test_recall.c - unchanged files are judged again without being read */
#include <sys/stat.h>
#include <sys/time.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <time.h>

#include "model/calendar.h"
#include "model/duration.h"
#include "model/horizon.h"
#include "report/reports.h"
#include "scan/basis.h"
#include "scan/recall.h"
#include "scan/scan.h"
#include "state/looks.h"
#include "tests/support/mkcert.h"
#include "tests/unit/folder_world.h"

#define NOW ((time_t)1800000000) /* 2027-01-15T08:00:00Z */
#define DAYS(n) ((time_t)((n)*DAY_S))
#define MAX_CONFIGURED 4
#define WAIT_MS 1000

/* When clientauth.c's row of this CA begins. */
#define DIGICERT_ENDS ((time_t)1803859200)

static EVP_PKEY *keys[4];

/* What is scanned, and how it went. */
struct world {
	struct target configured[MAX_CONFIGURED];
	size_t n;
	const char *settings; /* what stands for the configuration's text */
	time_t clock_ahead; /* of files that were made just now; 0: a minute */
	bool unsettled; /* nothing was kept */
	size_t known; /* files that were not read */
	time_t next; /* the first moment at which one of them will be */
	size_t rows;
};

static char *
path_to(const char *name)
{
	return str_fmt("%s/%s", folder_root, name);
}

static void
expect_none(int rc, const struct error *err)
{
	if (rc == -1)
		fail_msg("%s", err->text);
}

static void
count_row(void *arg, const struct stored_look *l)
{
	(void)l;
	++*(size_t *)arg;
}

static void
count_looks(struct world *w, const struct looks *looks)
{
	w->known = 0;
	w->next = HORIZON_OPEN;
	for (size_t i = 0; i < looks->n; i++) {
		w->known += looks->v[i].known;
		if ((looks->v[i].kept || looks->v[i].known) &&
			looks->v[i].until < w->next)
			w->next = looks->v[i].until;
	}
}

/* The JSON of a scan, but for how long it took. */
static char *
show(const struct results *rs)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < rs->n; i++)
		rs->v[i]->duration_ms = 0;
	report_json.render(&out, rs, &(struct report_options){ 0 });
	return buf_detach(&out);
}

static char *
scan(struct world *w, const char *state, time_t now, bool fresh)
{
	static const struct alerts alerts = { .confirm = 1 };
	static const struct notifier_list nobody;
	cleanup(arena_free) struct arena *a = arena_new();
	cleanup(str_free) char *path = path_to(state);
	unsigned char digest[LOOKS_BASIS];
	struct targets targets = { 0 };
	struct looks looks = { 0 };
	struct results rs = { 0 };
	struct state *st = NULL;
	struct basis *b = basis_new();
	time_t clock = time(NULL) + (w->clock_ahead != 0 ? w->clock_ahead : 60);
	struct recall_request request = {
		.targets = &targets,
		.basis = digest,
		.now = now,
		.clock = clock,
		.fresh = fresh,
	};
	struct scan_options opt = { .now = now, .looks = &looks };
	struct error err;
	char *shown;
	bool anew;

	scan_expand(a, w->configured, w->n, &targets);
	basis_add(b, w->settings, strlen(w->settings));
	w->unsettled = !basis_end(b, &targets, clock, digest);
	expect_none(state_open(path, WAIT_MS, &st, &err), &err);
	expect_none(recall(st, &request, &looks, &err), &err);
	expect_none(scan_run(&targets, &opt, &rs, &err), &err);
	scan_tell_missed(&targets, now, &rs);
	expect_none(state_record(st, &rs, &alerts, &nobody, "host", NULL, &err),
		&err);
	count_looks(w, &looks);
	w->rows = 0;
	expect_none(state_looks(st, digest, count_row, &w->rows, &anew, &err),
		&err);
	shown = show(&rs);
	recall_release(&looks);
	results_release(&rs);
	state_close(st);
	free(targets.v);
	return shown;
}

/* A scan of which only the counts are looked at. */
static void
scan_only(struct world *w, time_t now)
{
	free(scan(w, "kept.db", now, false));
}

/* It comes to the same as one that reads all. */
static void
scan_both(struct world *w, time_t now)
{
	cleanup(str_free) char *fresh = scan(w, "fresh.db", now, true);
	char *have;

	assert_int_equal(w->known, 0);
	have = scan(w, "kept.db", now, false);
	if (strcmp(have, fresh) != 0)
		fail_msg("at %lld (NOW%+lld): want\n%s\nhave\n%s",
			(long long)now, (long long)(now - NOW), fresh, have);
	free(have);
}

static X509 *
make_ca(const char *cn, const char *organization, EVP_PKEY *key,
	const X509 *issuer, EVP_PKEY *issuer_key, int begin, int end)
{
	return mkcert_make(&(struct mkcert){ .key = key,
		.cn = cn,
		.organization = organization,
		.issuer = issuer,
		.issuer_key = issuer_key,
		.ca = true,
		.not_before = NOW + DAYS(begin),
		.not_after = NOW + DAYS(end) + 17 });
}

static X509 *
make_leaf(
	const char *cn, const char *eku, const X509 *issuer, int begin, int end)
{
	cleanup(str_free) char *dns = str_fmt("DNS:%s", cn);
	const char *names[] = { dns, NULL };

	return mkcert_make(&(struct mkcert){ .key = keys[2],
		.cn = cn,
		.names = names,
		.eku = eku,
		.issuer = issuer,
		.issuer_key = keys[1],
		.not_before = NOW + DAYS(begin),
		.not_after = NOW + DAYS(end) + 4711 });
}

static void
write_file(const char *name, X509 *a, X509 *b, X509 *c)
{
	X509 *certs[] = { a, b, c };
	cleanup(str_free) char *path = path_to(name);
	size_t n = c != NULL ? 3 : b != NULL ? 2 : 1;

	folder_make(name); /* and the folders above */
	mkcert_write(path, certs, n);
	for (size_t i = 0; i < n; i++)
		X509_free(certs[i]);
}

static X509 *
again(X509 *x509)
{
	X509_up_ref(x509);
	return x509;
}

static struct target *
configure(struct world *w, const char *name, const char *trust)
{
	struct target *t = &w->configured[w->n++];

	*t = (struct target){ .kind = TARGET_FILE };
	settings_init(&t->set);
	t->name = t->address = t->file = path_to(name);
	t->set.trust = trust != NULL ? path_to(trust) : "system";
	return t;
}

static void
world_release(struct world *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct target *t = &w->configured[i];

		free((char *)t->file);
		if (strcmp(t->set.trust, "system") != 0)
			free((char *)t->set.trust);
	}
}

#define WORLD_CLEANUP __attribute__((__cleanup__(world_release)))

/* Chains whose every date matters to somebody. */
static void
make_chains(void)
{
	X509 *root = make_ca("Root", NULL, keys[0], NULL, NULL, -999, 9999);
	X509 *ca = make_ca("CA", NULL, keys[1], root, keys[0], -900, 900);
	cleanup(str_free) char *note = path_to("c/note.txt");
	FILE *f;

	write_file("root.pem", again(root), NULL, NULL);
	write_file("c/plain.pem", make_leaf("a.test", NULL, ca, -50, 40),
		again(ca), NULL);
	write_file("c/early.pem", make_leaf("b.test", NULL, ca, 6, 96),
		again(ca), NULL);
	write_file("c/past.pem", make_leaf("c.test", NULL, ca, -99, -9),
		again(ca), make_ca("Old", NULL, keys[3], NULL, NULL, -400, 3));
	/* Until one of them ends there are two ways. */
	write_file("c/crossed.pem", make_leaf("d.test", NULL, ca, -40, 50),
		make_ca("CA", NULL, keys[1], root, keys[0], -99, 35),
		make_ca("CA", NULL, keys[1], root, keys[0], 11, 70));
	/* The issuer ends before the leaf. */
	write_file("c/other.pem", make_leaf("f.test", NULL, ca, -60, 30),
		again(ca), NULL);
	write_file("c/short.pem", make_leaf("e.test", NULL, ca, -10, 80),
		make_ca("CA", NULL, keys[1], root, keys[0], -99, 60), NULL);
	/* Renewed, and not renewed. */
	write_file("c/cas.pem",
		make_ca("One", NULL, keys[0], NULL, NULL, -900, 20),
		make_ca("One", NULL, keys[0], NULL, NULL, 2, 90),
		make_ca("Two", NULL, keys[1], NULL, NULL, -900, 45));
	folder_make("c/note.txt");
	f = fopen(note, "w");
	assert_non_null(f);
	(void)fputs("nothing to see here\n", f);
	(void)fclose(f);
	X509_free(root);
	X509_free(ca);
}

/* Of make_chains(), in days from NOW. */
static const int leaf_ends[] = { 40, 96, -9, 50, 80, 30 };
static const int ca_ends[] = { 3, 35, 70, 60, 20, 90, 45 };
static const int begins[] = { 6, 11, 2 };

struct moments {
	time_t v[200];
	size_t n;
};

static void
add_moment(struct moments *m, time_t when)
{
	assert_true(m->n < COUNT(m->v));
	m->v[m->n++] = when;
}

/* When what ends so may be told otherwise. */
static void
add_end(struct moments *m, time_t end, const struct settings *set)
{
	const int64_t leaf = 90 * DAY_S + 4711, ca = 900 * DAY_S;

	add_moment(m, end + 1);
	add_moment(m, end - threshold_seconds(&set->warning, leaf) + 1);
	add_moment(m, end - threshold_seconds(&set->critical, leaf) + 1);
	add_moment(m, end - threshold_seconds(&set->warning, ca) + 1);
	add_moment(m, end - threshold_seconds(&set->critical, ca) + 1);
	add_moment(m, end - DAYS(9) + 1);
	add_moment(m, end - DAYS(1) + 1);
	add_moment(m, end + DAYS(4));
}

static void
add_order(struct moments *m, time_t end)
{
	static const struct days none;
	int64_t by = calendar_order_day(calendar_day(end), 7, &none);

	add_moment(m, calendar_begin(by - 7));
	add_moment(m, calendar_begin(by + 1));
}

static void
find_moments(struct moments *m, const struct settings *set)
{
	for (size_t i = 0; i < COUNT(leaf_ends); i++) {
		add_end(m, NOW + DAYS(leaf_ends[i]) + 4711, set);
		add_order(m, NOW + DAYS(leaf_ends[i]) + 4711);
	}
	for (size_t i = 0; i < COUNT(ca_ends); i++)
		add_end(m, NOW + DAYS(ca_ends[i]) + 17, set);
	for (size_t i = 0; i < COUNT(begins); i++) {
		add_moment(m, NOW + DAYS(begins[i]));
		add_moment(m, NOW + DAYS(begins[i]) - DAYS(3) + 1);
	}
}

/* Kept shortly before a moment that makes a difference, and read after it. */
static void
recalled_is_as_read(void **state)
{
	struct world w WORLD_CLEANUP = { .settings = "" };
	struct target *chains;
	struct moments moments = { .n = 0 };
	size_t known = 0;

	(void)state;
	make_chains();
	chains = configure(&w, "c", "root.pem");
	chains->set.order_lead = 7;
	find_moments(&moments, &chains->set);
	for (size_t i = 0; i < moments.n; i++) {
		scan_only(&w, moments.v[i] - HOUR_S / 2);
		scan_both(&w, moments.v[i] - 1);
		known += w.known;
		scan_both(&w, moments.v[i]);
	}
	/* Of seven files one or two are near some date. */
	assert_true(known > moments.n * 4);
}

/* The days from which a CA's clients are told, and on which it ends them. */
static void
rules_that_end(void **state)
{
	static const time_t days[] = { DIGICERT_ENDS - DAYS(180),
		DIGICERT_ENDS };
	X509 *root, *ca;
	struct world w WORLD_CLEANUP = { .settings = "" };
	cleanup(str_free) char *path = path_to("root.pem");

	(void)state;
	root = make_ca("Root", NULL, keys[0], NULL, NULL, -9999, 9999);
	ca = make_ca("D CA", "DigiCert", keys[1], root, keys[0], -999, 999);
	write_file("client.pem",
		make_leaf("f.test", "clientAuth", ca, -300, 60), ca, NULL);
	write_file("root.pem", root, NULL, NULL);
	configure(&w, "client.pem", NULL)->role = ROLE_CLIENT;
	assert_int_equal(setenv("SSL_CERT_FILE", path, 1), 0);
	assert_int_equal(setenv("SSL_CERT_DIR", "/nowhere", 1), 0);
	for (size_t i = 0; i < COUNT(days); i++) {
		scan_both(&w, days[i] - HOUR_S);
		scan_both(&w, days[i] - 1);
		assert_int_equal(w.known, 1);
		scan_both(&w, days[i]);
	}
	assert_int_equal(unsetenv("SSL_CERT_FILE"), 0);
	assert_int_equal(unsetenv("SSL_CERT_DIR"), 0);
}

static void
put_back_times(const char *path, const struct stat *st)
{
	const struct timespec times[] = { st->st_atim, st->st_mtim };

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
do_nothing(const char *path)
{
	(void)path;
}

static void
do_read(const char *path)
{
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_true(fgetc(f) != EOF);
	(void)fclose(f);
}

static void
do_touch(const char *path)
{
	assert_int_equal(utimensat(AT_FDCWD, path, NULL, 0), 0);
}

static void
do_chmod(const char *path)
{
	assert_int_equal(chmod(path, 0640), 0);
}

/* One byte, behind the certificate, and nobody sees it by size or mtime. */
static void
do_edit(const char *path)
{
	struct stat st;
	FILE *f = fopen(path, "r+");

	assert_int_equal(stat(path, &st), 0);
	assert_non_null(f);
	assert_int_equal(fseek(f, -1, SEEK_END), 0);
	(void)fputc(' ', f);
	(void)fclose(f);
	put_back_times(path, &st);
}

static void
do_append(const char *path)
{
	FILE *f = fopen(path, "a");

	assert_non_null(f);
	(void)fputc('\n', f);
	(void)fclose(f);
}

/* Another file, of the same bytes and times, in its place. */
static void
do_replace(const char *path)
{
	cleanup(str_free) char *copy = str_fmt("%s.new", path);
	cleanup(str_free) char *command = str_fmt(
		"cp -p '%s' '%s' && mv '%s' '%s'", path, copy, copy, path);

	/* NOLINTNEXTLINE(cert-env33-c): a path of our own */
	assert_int_equal(system(command), 0);
}

static const struct change {
	const char *name;
	const char *file; /* what is done something to */
	void (*change)(const char *path);
	bool known; /* it is not read again */
} changes[] = {
	{ "nothing", "leaf.pem", do_nothing, true },
	{ "read by somebody", "leaf.pem", do_read, true },
	{ "touched", "leaf.pem", do_touch, false },
	{ "another mode", "leaf.pem", do_chmod, false },
	{ "edited, and its time put back", "leaf.pem", do_edit, false },
	{ "longer", "leaf.pem", do_append, false },
	{ "replaced", "leaf.pem", do_replace, false },
	{ "the key touched", "leaf.key", do_touch, false },
	{ "who may read the key", "leaf.key", do_chmod, false },
	{ "the key replaced", "leaf.key", do_replace, false },
};

static void
make_pair(struct world *w)
{
	cleanup(str_free) char *key = path_to("leaf.key");
	X509 *root = make_ca("Root", NULL, keys[1], NULL, NULL, -999, 9999);
	struct target *t = configure(w, "leaf.pem", "root.pem");

	write_file("leaf.pem", make_leaf("a.test", NULL, root, -10, 80), NULL,
		NULL);
	write_file("root.pem", root, NULL, NULL);
	mkcert_write_key(key, keys[2]);
	t->key = "{dir}/{stem}.key";
}

static void
changes_are_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct world w WORLD_CLEANUP = { .settings = changes[i].name };
		cleanup(str_free) char *path = path_to(changes[i].file);

		make_pair(&w);
		scan_only(&w, NOW);
		assert_int_equal(w.known, 0);
		assert_int_equal(w.rows, 1);
		changes[i].change(path);
		scan_both(&w, NOW + HOUR_S);
		if (w.known != changes[i].known)
			fail_msg("%s: %s", changes[i].name,
				w.known ? "it was not read again"
					: "it was read again");
		scan_both(&w, NOW + 2 * HOUR_S);
		assert_int_equal(w.known, 1);
	}
}

/* What has changed this very moment may change again unseen. */
static void
fresh_changes_are_not_kept(void **state)
{
	struct world w WORLD_CLEANUP = { .settings = "" };

	(void)state;
	make_pair(&w);
	w.clock_ahead = 1;
	scan_only(&w, NOW);
	assert_true(w.unsettled);
	assert_int_equal(w.rows, 0);
	w.clock_ahead = 0;
	scan_only(&w, NOW);
	assert_false(w.unsettled);
	assert_int_equal(w.rows, 1);
}

static void
basis_counts(void **state)
{
	struct world w WORLD_CLEANUP = { .settings = "one" };

	(void)state;
	make_pair(&w);
	scan_only(&w, NOW);
	scan_only(&w, NOW + 1);
	assert_int_equal(w.known, 1);
	w.settings = "another";
	scan_both(&w, NOW + 2);
	assert_int_equal(w.known, 0);
	scan_only(&w, NOW + 3);
	assert_int_equal(w.known, 1);

	/* A root that did not sign it. */
	write_file("root.pem",
		make_ca("Other", NULL, keys[0], NULL, NULL, -9, 999), NULL,
		NULL);
	scan_both(&w, NOW + 4);
	assert_int_equal(w.known, 0);
	scan_both(&w, NOW + 5);
	assert_int_equal(w.known, 1);
}

static void
moments_count(void **state)
{
	static const struct {
		const char *name;
		int64_t at; /* from the first scan */
		bool known;
	} moments[] = {
		{ "the same", 0, true },
		{ "before it", -1, false },
		{ "later that day", 17 * HOUR_S, true },
		{ "a day later", RECALL_MAX_S, false },
	};
	struct world w WORLD_CLEANUP = { .settings = "" };

	(void)state;
	make_pair(&w);
	for (size_t i = 0; i < COUNT(moments); i++) {
		cleanup(str_free) char *db = path_to("kept.db");

		(void)unlink(db);
		scan_only(&w, NOW);
		scan_only(&w, NOW + moments[i].at);
		if (w.known != moments[i].known)
			fail_msg(
				"%s: have %zu known", moments[i].name, w.known);
	}
}

static void
files_come_and_go(void **state)
{
	struct world w WORLD_CLEANUP = { .settings = "" };
	cleanup(str_free) char *a = path_to("d/a.pem");
	cleanup(str_free) char *away = path_to("away");
	cleanup(str_free) char *empty = path_to("d/b.txt");
	X509 *root = make_ca("Root", NULL, keys[1], NULL, NULL, -999, 9999);

	(void)state;
	write_file("root.pem", again(root), NULL, NULL);
	write_file("d/a.pem", make_leaf("a.test", NULL, root, -10, 80),
		again(root), NULL);
	folder_make_all("d/b.txt d/c.txt");
	configure(&w, "d", "root.pem");
	scan_only(&w, NOW);
	assert_int_equal(w.rows, 3);
	scan_both(&w, NOW + 1);
	assert_int_equal(w.known, 3); /* the two that hold nothing, too */

	assert_int_equal(rename(a, away), 0);
	scan_both(&w, NOW + 2);
	assert_int_equal(w.known, 2);
	assert_int_equal(w.rows, 2);
	assert_int_equal(rename(away, a), 0);
	scan_both(&w, NOW + 3);
	assert_int_equal(w.known, 2);
	scan_both(&w, NOW + 4);
	assert_int_equal(w.known, 3);

	/* What held nothing holds something. */
	assert_int_equal(unlink(empty), 0);
	write_file(
		"d/b.txt", make_leaf("b.test", NULL, root, -10, 0), NULL, NULL);
	scan_both(&w, NOW + 5);
	assert_int_equal(w.known, 2);
	/* Its message has the hours that are left: it is not kept. */
	scan_both(&w, NOW + 6);
	assert_int_equal(w.known, 2);
	assert_int_equal(w.rows, 2);
	X509_free(root);
}

/* By whom a file is meant: two targets may have one file. */
static void
targets_count(void **state)
{
	struct world w WORLD_CLEANUP = { .settings = "" };
	cleanup(str_free) char *none = path_to("none*.pem");
	struct target first;

	(void)state;
	make_pair(&w);
	w.configured[0].key = NULL;
	configure(&w, "leaf.pem", "root.pem")->role = ROLE_CLIENT;
	scan_only(&w, NOW);
	assert_int_equal(w.rows, 2);
	scan_both(&w, NOW + 1);
	assert_int_equal(w.known, 2);
	/* The first is a pattern's, and it is met no more: so the second has
	 * its name now, and is of another role. */
	first = w.configured[0];
	w.configured[0].file = w.configured[0].name = none;
	scan_both(&w, NOW + 2);
	assert_int_equal(w.known, 0);
	w.configured[0] = first;
}

static void
damaged_rows_are_read_anew(void **state)
{
	struct world w WORLD_CLEANUP = { .settings = "" };
	cleanup(str_free) char *db = path_to("kept.db");
	static const char *const damage[] = {
		"UPDATE look SET result = x'00'",
		"UPDATE look SET result = substr(result, 1, length(result) / 2)",
		"UPDATE look SET stamp = x''",
		"UPDATE look SET name = 'another'",
		"UPDATE look SET until = 0",
		"UPDATE look SET until = 'soon'",
		"UPDATE basis SET digest = 'x'",
		"DELETE FROM basis",
	};

	(void)state;
	make_pair(&w);
	scan_only(&w, NOW);
	for (size_t i = 0; i < COUNT(damage); i++) {
		sqlite3 *sql;

		assert_int_equal(sqlite3_open(db, &sql), SQLITE_OK);
		assert_int_equal(sqlite3_exec(sql, damage[i], NULL, NULL, NULL),
			SQLITE_OK);
		assert_int_equal(sqlite3_close(sql), SQLITE_OK);
		scan_both(&w, NOW + 2 * (time_t)i);
		if (w.known != 0)
			fail_msg("%s: not read again", damage[i]);
		scan_both(&w, NOW + 2 * (time_t)i + 1);
		assert_int_equal(w.known, 1);
	}
}

static int
make_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++)
		keys[i] = mkcert_key(MKCERT_P256);
	return 0;
}

static int
free_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++)
		EVP_PKEY_free(keys[i]);
	return 0;
}

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(recalled_is_as_read),
		IN_FOLDER(rules_that_end),
		IN_FOLDER(changes_are_seen),
		IN_FOLDER(fresh_changes_are_not_kept),
		IN_FOLDER(basis_counts),
		IN_FOLDER(moments_count),
		IN_FOLDER(files_come_and_go),
		IN_FOLDER(targets_count),
		IN_FOLDER(damaged_rows_are_read_anew),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
