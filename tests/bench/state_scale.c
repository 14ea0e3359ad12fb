/*
 * state_scale.c - what remembering and showing a large scan costs
 *
 *     state_scale FOLDER [TARGETS [BEGIN [STEP]]]
 *
 * Makes a state in FOLDER, and scans out of nothing: TARGETS (100,000) files,
 * one in twenty of them with trouble, and a year of history behind them. Each
 * step runs in a process of its own and tells its time, its processor time for
 * each target, the memory it took beside the results, and what it wrote.
 * Whatever a step prints stays in FOLDER, so that two programs can be held
 * against each other; BEGIN is the moment of the first scan, 37 days ago.
 * STEP alone is made, with the state that is there, for a profiler to look at.
 */
#include "tests/bench/meter.h"
#include "tests/bench/results.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <sqlite3.h>

#include "commands/commands.h"
#include "commands/output.h"
#include "model/duration.h"
#include "report/report.h"
#include "state/state.h"

#define TARGETS 100000
#define RENEWED 100 /* one in so many has another certificate */
#define SILENCES 100
#define QUIET_SCANS 100
#define HISTORY_S (400 * DAY_S)

static size_t n_targets = TARGETS;
static char *folder, *path;
static time_t begin; /* of the first scan */

static double
size_mb(const char *end)
{
	cleanup(str_free) char *name = str_fmt("%s%s", path, end);
	struct stat sb;

	return stat(name, &sb) == 0 ? (double)sb.st_size / 1e6 : 0;
}

static void
tell(const struct meter *m, const char *step)
{
	meter_tell(m, step, n_targets);
	fprintf(stderr, " %8.1f\n", size_mb(""));
}

static void
must(int rc, const struct error *err)
{
	if (rc == 0)
		return;
	fprintf(stderr, "state_scale: %s\n", err->text);
	exit(EXIT_FAILURE);
}

static struct state *
open_state(void)
{
	struct state *st = NULL;
	struct error err;

	must(state_open(path, 0, &st, &err), &err);
	return st;
}

static void
record(struct state *st, const struct results *rs)
{
	static int64_t steps[] = { 30 * DAY_S, 14 * DAY_S, 7 * DAY_S };
	static struct notifier_config notifiers[] = { { .name = "mail" },
		{ .name = "chat" } };
	const struct alerts alerts = { .steps = { steps, 3 },
		.repeat_s = 7 * DAY_S,
		.confirm = 2,
		.history_s = HISTORY_S,
		.give_up_s = 3 * DAY_S };
	const struct notifier_list list = { notifiers, 2 };
	cleanup(digest_free) struct digest *events = NULL;
	struct error err;

	must(state_record(st, rs, &alerts, &list, "host", &events, &err), &err);
}

static void
step_scan(const char *name, const struct shift *s)
{
	struct results rs = make_results(s);
	struct meter m;
	struct state *st;

	meter_start(&m);
	st = open_state();
	record(st, &rs);
	state_close(st);
	tell(&m, name);
}

/* The same again and again, as a service that is never restarted would. */
static void
step_quiet(const char *name, const struct shift *s)
{
	struct results rs = make_results(s);
	struct meter m;

	meter_start(&m);
	for (size_t i = 0; i < QUIET_SCANS; i++) {
		struct state *st = open_state();

		record(st, &rs);
		state_close(st);
		rs.time += HOUR_S;
		for (size_t k = 0; k < rs.n; k++)
			rs.v[k]->observed_at = rs.time;
		if (i == 0 || (i + 1) % 10 == 0)
			fprintf(stderr,
				"    after %3zu: %8.1f MB resident, "
				"%.1f MB of state\n",
				i + 1,
				(double)proc_number(
					"/proc/self/status", "VmRSS:") /
					1024,
				size_mb(""));
	}
	tell(&m, name);
}

static void
run_sql(const char *sql)
{
	sqlite3 *db = NULL;
	char *why = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
		sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
		fprintf(stderr, "state_scale: %s\n", why);
		exit(EXIT_FAILURE);
	}
	sqlite3_close(db);
}

/* Five renewals of each target, one after the other through a year. */
static void
step_year(const char *name, const struct shift *s)
{
	size_t n = n_targets * 5;
	cleanup(str_free) char *sql = str_fmt(
		"WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL "
		"SELECT i + 1 FROM n WHERE i < %zu) "
		"INSERT INTO history (seq, time, target, kind, severity, "
		"message, not_after, old_not_after, old_sha256, new_sha256) "
		"SELECT i - %zu, %" PRId64 " + i * 31536000 / %zu, "
		"printf('/etc/ssl/site-%%03d/cert-%%06d.pem', "
		"i %% %zu / %d, i %% %zu), 'renewed', 0, "
		"'another certificate, valid until 2027-03-11; the one "
		"before: 2026-12-12', 1804723200, 1797033600, "
		"printf('%%064x', i), printf('%%064x', i + 1) FROM n",
		n - 1, n, (int64_t)begin - 365 * DAY_S, n, n_targets, A_FOLDER,
		n_targets);
	struct meter m;

	(void)s;
	meter_start(&m);
	run_sql(sql);
	tell(&m, name);
}

static void
step_silences(const char *name, const struct shift *s)
{
	struct state *st = open_state();
	struct error err;
	struct meter m;

	(void)s;
	meter_start(&m);
	for (int i = 0; i < SILENCES; i++) {
		cleanup(str_free) char *glob = str_fmt(
			"/etc/ssl/site-%03d/*", i);
		cleanup(str_free) char *id = NULL;
		const struct silence one = { .target = glob,
			.finding = "*",
			.reason = "they move",
			.from = begin,
			.until = time(NULL) + DAY_S + i };

		must(state_silence_add(st, &one, &id, &err), &err);
	}
	tell(&m, name);
	state_close(st);
}

/* What is printed goes to a file in `folder`. */
static void
redirect(const char *name)
{
	cleanup(str_free) char *file = str_fmt("%s/%s.out", folder, name);

	for (char *p = file + strlen(folder) + 1; *p != '\0'; p++) {
		if (*p == ' ' || *p == '/')
			*p = '-';
	}
	if (freopen(file, "w", stdout) == NULL)
		exit(EXIT_FAILURE);
}

static void
step_report(const char *name, const struct shift *s)
{
	struct report_options show = { .verbose = strstr(name, "-v") != NULL };
	struct results rs = make_results(s);
	cleanup(str_free) char *which = str_ndup(
		name + strlen("report "), strcspn(name + 7, " "));
	struct meter m;

	redirect(name);
	meter_start(&m);
	if (output_report(report_find(which), &rs, &show) == -1)
		exit(EXIT_FAILURE);
	tell(&m, name);
}

/* `name` is the command as it would be typed. */
static void
step_command(const char *name, const struct shift *s)
{
	cleanup(str_free) char *line = str_dup(name);
	char *argv[16] = { NULL }, *more = NULL;
	struct meter m;
	int argc = 0, rc = 0;

	(void)s;
	redirect(name);
	for (char *p = strtok_r(line, " ", &more); p != NULL;
		p = strtok_r(NULL, " ", &more))
		argv[argc++] = p;
	argv[argc++] = (char *)"--state";
	argv[argc++] = path;
	meter_start(&m);
	if (strcmp(argv[0], "status") == 0)
		rc = command_status.run(argc, argv);
	else if (strcmp(argv[0], "history") == 0)
		rc = command_history.run(argc, argv);
	else
		rc = command_silence.run(argc, argv);
	tell(&m, name);
	printf("exit status %d\n", rc);
}

static const struct step {
	const char *name;
	void (*run)(const char *name, const struct shift *s);
	struct shift shift;
} steps[] = {
	{ "first scan", step_scan, { 0 } },
	{ "nothing new", step_scan, { .later_s = HOUR_S } },
	{ "1 % renewed", step_scan, { .renewed = 1, .later_s = 2 * HOUR_S } },
	{ "all moved", step_scan,
		{ .renewed = 1, .all = true, .later_s = 3 * HOUR_S } },
	{ "moved back", step_scan, { .renewed = 1, .later_s = 4 * HOUR_S } },
	{ "1 % left, came", step_scan, { .first = 1, .later_s = 5 * HOUR_S } },
	{ "came back", step_scan, { .later_s = 6 * HOUR_S } },
	{ "a year of history", step_year, { 0 } },
	{ "nothing new, a year", step_scan, { .later_s = 7 * HOUR_S } },
	{ "35 days and 1 h on", step_scan,
		{ .later_s = 35 * DAY_S + 8 * HOUR_S } },
	{ "and some rows old", step_scan,
		{ .later_s = 35 * DAY_S + 9 * HOUR_S } },
	{ "status", step_command, { 0 } },
	{ "status --output json", step_command, { 0 } },
	{ "status --max-age 2h", step_command, { 0 } },
	{ "history /etc/ssl/site-000/cert-000000.pem", step_command, { 0 } },
	{ "history /etc/ssl/site-007/*", step_command, { 0 } },
	{ "history *", step_command, { 0 } },
	{ "history --limit 100000 --output json *", step_command, { 0 } },
	{ "history nothing-like-it", step_command, { 0 } },
	{ "100 silences", step_silences, { 0 } },
	{ "silence --list", step_command, { 0 } },
	{ "status -o json", step_command, { 0 } },
	{ "silenced", step_scan, { .later_s = 35 * DAY_S + 10 * HOUR_S } },
	{ "report table", step_report, { 0 } },
	{ "report json", step_report, { 0 } },
	{ "report nagios", step_report, { 0 } },
	{ "report nagios -v", step_report, { 0 } },
	{ "100 quiet scans", step_quiet, { .later_s = 36 * DAY_S } },
};

static int
run_step(const struct step *step)
{
	struct shift s = step->shift;
	pid_t child;
	int status;

	s.n = n_targets;
	s.begin = begin;
	s.first *= n_targets / RENEWED;
	s.renewed *= n_targets / RENEWED;
	fflush(NULL);
	child = fork();
	if (child == 0) {
		step->run(step->name, &s);
		_exit(fflush(NULL) == EOF ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	if (child == -1 || waitpid(child, &status, 0) == -1)
		return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int
main(int argc, char **argv)
{
	if (argc < 2 || (argc > 2 && atol(argv[2]) < RENEWED)) {
		fprintf(stderr,
			"usage: state_scale FOLDER [TARGETS [BEGIN [STEP]]]\n");
		return EXIT_FAILURE;
	}
	folder = argv[1];
	path = str_fmt("%s/state.db", folder);
	if (argc > 2)
		n_targets = (size_t)atol(argv[2]);
	if (argc < 5 && access(path, F_OK) == 0) {
		fprintf(stderr, "state_scale: %s is there already\n", path);
		return EXIT_FAILURE;
	}
	begin = argc > 3 ? (time_t)atoll(argv[3]) : time(NULL) - 37 * DAY_S;
	meter_head();
	fprintf(stderr, " %8s\n", "state MB");
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (argc > 4 && strcmp(steps[i].name, argv[4]) != 0)
			continue;
		if (run_step(&steps[i]) == -1) {
			fprintf(stderr, "state_scale: %s failed\n",
				steps[i].name);
			return EXIT_FAILURE;
		}
	}
	free(path);
	return EXIT_SUCCESS;
}
