/* test_status.c - what `certvigil status` prints */
#include "tests/unit/state_world.h"

#include <time.h>

#include "commands/commands.h"

/* Run it with its output in a file, which *out is given. Its exit status. */
static int
run_status(struct world *w, int argc, char **argv, struct buf *out)
{
	cleanup(str_free) char *name = str_fmt("%s/out", w->dir);
	int saved = dup(STDOUT_FILENO), rc;
	char part[4096];
	size_t n;
	FILE *f;

	fflush(stdout);
	f = fopen(name, "w+");
	assert_non_null(f);
	dup2(fileno(f), STDOUT_FILENO);
	rc = command_status.run(argc, argv);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(f);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(out, part, n);
	fclose(f);
	unlink(name);
	return rc;
}

static int
status_of(struct world *w, struct buf *out)
{
	char *argv[] = { LENT("status"), LENT("--state"), w->path, NULL };

	return run_status(w, 3, argv, out);
}

static void
expect_line(const struct buf *out, const char *want)
{
	if (strstr(buf_str(out), want) == NULL)
		fail_msg("want \"%s\" in:\n%s", want, buf_str(out));
}

static void
a_state_without_a_scan(void **arg)
{
	struct world *w = *arg;
	BUF_CLEANUP struct buf out = { 0 };

	assert_int_equal(status_of(w, &out), STATUS_OK);
	assert_string_equal(out.s, "No scan has been made yet.\n");
}

static void
all_is_well(void **arg)
{
	struct world *w = *arg;
	BUF_CLEANUP struct buf out = { 0 };

	world_scan(w, time(NULL) - 2 * DAY_S - 60, "a@1;b@2");
	assert_int_equal(status_of(w, &out), STATUS_OK);
	expect_line(&out, ", 2 days ago\n");
	expect_line(&out, "2 targets: 2 ok; 0 open incidents\n");
	assert_null(strstr(out.s, "Not ok"));
	assert_null(strstr(out.s, "Not delivered"));
}

static void
what_is_not_ok_and_not_delivered(void **arg)
{
	struct world *w = *arg;
	BUF_CLEANUP struct buf out = { 0 };
	struct messages ms = { 0 };
	time_t now = time(NULL);
	bool gave_up;

	world_scan(w, now - HOUR_S - 60,
		"ok@1;warn@2 name.www:warning:x;"
		"bad@3 name.missing:critical:y");
	assert_int_equal(outbox_due(w->st, now, &ms, &w->err), 0);
	assert_int_equal(ms.n, 2);
	assert_int_equal(
		outbox_failed(w->st, ms.v[0].id, now, HOUR_S + 600, 3 * DAY_S,
			"HTTP\x1b[2J 500", &gave_up, &w->err),
		0);
	assert_int_equal(outbox_failed(w->st, ms.v[1].id, now, 0, 60,
				 "no route", &gave_up, &w->err),
		0);
	messages_release(&ms);
	assert_int_equal(status_of(w, &out), STATUS_OK);
	expect_line(&out, ", 1 hour ago\n");
	expect_line(&out,
		"3 targets: 1 critical, 1 warning, 1 ok; 2 open incidents\n");
	expect_line(&out,
		"\nOpen incidents:\n"
		"  critical  bad   name.missing: name.missing; open for 1 hour, "
		"since ");
	assert_null(strstr(out.s, "Not ok"));
	expect_line(&out, "Z\n\nNot delivered:\n  mail: msg_");
	expect_line(&out, ", 1 try in 1 hour, next in 1 hour: HTTP");
	expect_line(&out, "\n\nGiven up, not tried again:\n  chat: msg_");
	expect_line(&out, ", 1 try in 1 hour, given up: no route\n");
	assert_null(strchr(out.s, '\x1b'));
}

static void
no_state(void **arg)
{
	struct world *w = *arg;
	BUF_CLEANUP struct buf out = { 0 };

	world_close(w);
	unlink(w->path);
	assert_int_equal(status_of(w, &out), STATUS_UNKNOWN);
	assert_int_equal(out.len, 0);
	/* It was asked to read, not to make one. */
	assert_int_equal(access(w->path, F_OK), -1);
}

static void
wrong_usage(void **arg)
{
	struct world *w = *arg;
	BUF_CLEANUP struct buf out = { 0 };
	char *extra[] = { LENT("status"), LENT("x"), NULL };
	char *option[] = { LENT("status"), LENT("--nonsense"), NULL };
	char *help[] = { LENT("status"), LENT("--help"), NULL };

	assert_int_equal(run_status(w, 2, extra, &out), STATUS_UNKNOWN);
	assert_int_equal(run_status(w, 2, option, &out), STATUS_UNKNOWN);
	assert_int_equal(out.len, 0);
	assert_int_equal(run_status(w, 2, help, &out), STATUS_OK);
	expect_line(&out, "usage: certvigil status ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_state_without_a_scan),
		IN_WORLD(all_is_well),
		IN_WORLD(what_is_not_ok_and_not_delivered),
		IN_WORLD(no_state),
		IN_WORLD(wrong_usage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
