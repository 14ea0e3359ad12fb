/* test_ask.c - how the commands that look at targets take their lines */
#include <fcntl.h>
#include <sys/socket.h>

#include "commands/ask.h"
#include "commands/commands.h"
#include "model/calendar.h"
#include "tests/unit/folder_world.h"

#define MAX_ARGS 32

static const struct asker checking = { .command = &command_check };

/* What is said on stderr and stdout while it is quiet here. */
struct quiet {
	FILE *said;
	int out, err;
};

static void
quiet_begin(struct quiet *q)
{
	(void)fflush(NULL);
	q->said = tmpfile();
	assert_non_null(q->said);
	q->out = dup(STDOUT_FILENO);
	q->err = dup(STDERR_FILENO);
	assert_int_not_equal(dup2(fileno(q->said), STDOUT_FILENO), -1);
	assert_int_not_equal(dup2(fileno(q->said), STDERR_FILENO), -1);
}

static void
quiet_end(struct quiet *q, char *text, size_t size)
{
	size_t n;

	(void)fflush(NULL);
	assert_int_not_equal(dup2(q->out, STDOUT_FILENO), -1);
	assert_int_not_equal(dup2(q->err, STDERR_FILENO), -1);
	(void)close(q->out);
	(void)close(q->err);
	rewind(q->said);
	n = fread(text, 1, size - 1, q->said);
	text[n] = '\0';
	(void)fclose(q->said);
}

/* The words of `line`, of which '~' is a blank, in the arena. */
static int
split_line(struct arena *a, const char *line, char *argv[MAX_ARGS])
{
	char *copy = arena_fmt(a, "check %s", line), *rest = NULL;
	int n = 0;

	for (char *s = strtok_r(copy, " ", &rest);
		s != NULL && n < MAX_ARGS - 1; s = strtok_r(NULL, " ", &rest)) {
		for (char *p = s; *p != '\0'; p++)
			*p = *p == '~' ? ' ' : *p;
		argv[n++] = s;
	}
	argv[n] = NULL;
	return n;
}

static void
read_good(struct ask *ask, const char *line)
{
	char *argv[MAX_ARGS], said[1024];
	int argc = split_line(ask->arena, line, argv), rc;
	struct quiet q;
	bool answered;

	quiet_begin(&q);
	rc = ask_read_options(ask, argc, argv, &answered);
	quiet_end(&q, said, sizeof(said));
	assert_string_equal(said, "");
	assert_int_equal(rc, 0);
}

static void
all_are_read(void **state)
{
	cleanup(arena_free) struct arena *a = arena_new();
	struct ask ask = { .by = &checking, .arena = a };

	(void)state;
	read_good(&ask,
		"--key={dir}/{stem}.key --role client-ca --profile edgeone "
		"--pem-only");
	assert_string_equal(ask.base.key, "{dir}/{stem}.key");
	assert_int_equal(ask.base.role, ROLE_CLIENT_CA);
	assert_string_equal(ask.base.profile->name, "edgeone");
	assert_true(ask.base.pem_only);
	assert_string_equal(ask.for_files, "--pem-only");
	assert_null(ask.for_endpoints);

	ask = (struct ask){ .by = &checking, .arena = a };
	read_good(&ask,
		"--order-lead 7bd --holiday 2026-12-25 --holiday=2027-01-01 "
		"--exclude old --exclude *.csr --deployed /x");
	assert_int_equal(ask.base.set.order_lead, 7);
	assert_int_equal(ask.base.set.holidays.n, 2);
	assert_int_equal(
		calendar_begin(ask.base.set.holidays.v[1]), 1798761600);
	assert_int_equal(ask.base.exclude.n, 2);
	assert_string_equal(ask.base.exclude.v[1], "*.csr");
	assert_string_equal(ask.base.set.deployed, "/x");
	assert_string_equal(ask.for_endpoints, "--deployed");

	ask = (struct ask){ .by = &checking, .arena = a };
	read_good(&ask,
		"a -H b --hostname c -p 1 -6vv -w 3 --timeout 2 --sni x "
		"--name y --name z d");
	assert_int_equal(ask.texts.n, 2);
	assert_string_equal(ask.texts.v[1], "d");
	assert_int_equal(ask.hosts.n, 2);
	assert_string_equal(ask.port, "1");
	assert_int_equal(ask.base.family, AF_INET6);
	assert_int_equal(ask.show.verbose, 2);
	assert_int_equal(ask.base.set.timeout_ms, 2000);
	assert_string_equal(ask.base.sni, "x");
	assert_int_equal(ask.base.names.n, 2);
	/* and keeps critical from lying before it */
	assert_int_equal(ask.base.set.warning.seconds, 3 * DAY_S);
	assert_int_equal(ask.base.set.critical.seconds, 3 * DAY_S);
}

static void
roles_have_other_names(void **state)
{
	static const struct {
		const char *line;
		enum role role;
	} rows[] = {
		{ "", ROLE_AUTO },
		{ "--role auto", ROLE_AUTO },
		{ "--role server", ROLE_SERVER },
		{ "--role sslserver", ROLE_SERVER },
		{ "--role client", ROLE_CLIENT },
		{ "--role sslclient", ROLE_CLIENT },
		{ "--role ca", ROLE_CA },
		{ "--role any", ROLE_ANY },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(arena_free) struct arena *a = arena_new();
		struct ask ask = { .by = &checking, .arena = a };

		read_good(&ask, rows[i].line);
		assert_int_equal(ask.base.role, rows[i].role);
	}
}

static void
mistakes_are_told(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "--key {name} x",
			"--key: want {stem} or {dir} where a brace opens, "
			"have \"{name}\"" },
		{ "--key= x", "--key: want a path, have nothing" },
		{ "--key", "--key: want a value, have none" },
		{ "--passphrase-file /none/x x",
			"--passphrase-file: /none/x: cannot be read: No such "
			"file or directory" },
		{ "--passphrase-file= x",
			"--passphrase-file: want a path, have nothing" },
		/* a secret itself would be in the list of processes */
		{ "--passphrase geheim x",
			"--passphrase: want --passphrase-file FILE, have the "
			"passphrase" },
		{ "--role sslca x",
			"--role: want one of auto, server, client, client-ca, "
			"ca, any, have \"sslca\"" },
		{ "--role clinet x", "did you mean \"client\"?" },
		{ "--profile edge x",
			"--profile: want one of tencent-im, huawei-elb, "
			"edgeone, entrust, have \"edge\"; did you mean "
			"\"edgeone\"?" },
		{ "--order-lead 7d x",
			"--order-lead: want 0 to 366 business days, such as "
			"7bd, have \"7d\"" },
		{ "--order-lead 367 x", "have \"367\"" },
		{ "--holiday 2026-02-30 x",
			"--holiday: want a date such as 2026-12-25, have "
			"\"2026-02-30\"" },
		{ "--exclude= x", "--exclude: want a pattern, have nothing" },
		{ "--intermediates /nowhere/ca.pem x",
			"--intermediates: /nowhere/ca.pem: No such file" },
		{ "--deployed= x", "--deployed: want a path, have nothing" },
		{ "--client-cert= x",
			"--client-cert: want a path, have nothing" },
		{ "--client-cert /nowhere/c.pem x",
			"--client-cert: /nowhere/c.pem: No such file" },
		{ "--client-cert /dev/null --client-key /nowhere/c.key x",
			"--client-key: /nowhere/c.key: No such file" },
		{ "--client-key /dev/null x",
			"--client-key: want it with --client-cert, have none" },
		{ "--client-ca /dev/null x",
			"--client-ca: want it with --client-cert, have none" },
		{ "--client-ca /nowhere/ca.pem x",
			"--client-ca: /nowhere/ca.pem: No such file" },
		{ "--no-strict x",
			"--no-strict: want it with --client-cert, have none" },
		{ "--expect yes x",
			"--expect: want required, optional or none, have "
			"\"yes\"" },
		{ "--expect= x", "have \"\"" },
		{ "--pem-only=yes x", "--pem-only=yes" },
		{ "-p", "-p: want a value, have none" },
		{ "--nonsense x", "there is no option --nonsense" },
		{ "-x", "there is no option -x" },
	};
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(arena_free) struct arena *a = arena_new();
		struct ask ask = { .by = &checking, .arena = a };
		char *argv[MAX_ARGS], said[2048];
		int argc = split_line(a, rows[i].line, argv), rc;
		struct quiet q;
		bool answered;

		quiet_begin(&q);
		rc = ask_read_options(&ask, argc, argv, &answered);
		quiet_end(&q, said, sizeof(said));
		if (rc == 3 && strstr(said, rows[i].want) != NULL &&
			strstr(said, "geheim") == NULL)
			continue;
		print_error("of %s\nwant %s\nhave %d %s", rows[i].line,
			rows[i].want, rc, said);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* Each command takes what makes sense for it, and complains by its name. */
static void
commands_take_their_own(void **state)
{
	enum { BY_CHECK = 1, BY_SHOW = 2, BY_CHAIN = 4 };
	static const struct {
		const char *line;
		unsigned by; /* who takes it */
	} rows[] = {
		{ "-H x", BY_CHECK },
		{ "-p 1", BY_CHECK },
		{ "-w 3 -c 2 x", BY_CHECK | BY_SHOW },
		{ "-v --output json x", BY_CHECK | BY_SHOW },
		{ "--finding chain.order=off --name a.test x",
			BY_CHECK | BY_SHOW },
		{ "--deployed /x x", BY_CHECK | BY_SHOW },
		{ "--client-cert /dev/null --client-key /dev/null --expect "
		  "none --no-strict --client-ca /dev/null x",
			BY_CHECK | BY_SHOW },
		{ "-4 -t 3 --sni a.test --address 192.0.2.1 x",
			BY_CHECK | BY_SHOW | BY_CHAIN },
		{ "--trust system --role client --at +30d x",
			BY_CHECK | BY_SHOW | BY_CHAIN },
		{ "--write x y", BY_CHAIN },
		{ "--allow-private y", BY_CHAIN },
	};
	static const struct asker askers[] = {
		{ .command = &command_check },
		{ .command = &command_show },
		{ .command = &command_chain },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows) * COUNT(askers); i++) {
		const struct asker *by = &askers[i % COUNT(askers)];
		const char *line = rows[i / COUNT(askers)].line;
		bool takes = (rows[i / COUNT(askers)].by >> i % COUNT(askers) &
				     1) != 0;
		cleanup(arena_free) struct arena *a = arena_new();
		struct ask ask = { .by = by, .arena = a };
		cleanup(str_free) char *want = str_fmt(
			"certvigil %s: there is no option ", by->command->name);
		char *argv[MAX_ARGS], said[4096];
		int argc = split_line(a, line, argv), rc;
		struct quiet q;
		bool answered;

		quiet_begin(&q);
		rc = ask_read_options(&ask, argc, argv, &answered);
		quiet_end(&q, said, sizeof(said));
		if (rc != (takes ? 0 : 3) ||
			(strstr(said, want) == NULL) != takes)
			fail_msg("%s %s: %d %s", by->command->name, line, rc,
				said);
	}
}

/* In the folder, where it is a file of this name. */
static void
write_passphrase(void)
{
	char path[80];
	FILE *f;

	unsetenv("CREDENTIALS_DIRECTORY");
	folder_make("pass");
	(void)snprintf(path, sizeof(path), "%s/pass", folder_root);
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs("geheim\n", f);
	(void)fclose(f);
}

/* `line` with the folder for each '@' in it. */
static const char *
with_folder(struct arena *a, const char *line)
{
	const char *at = strchr(line, '@');

	if (at == NULL)
		return line;
	return with_folder(a,
		arena_fmt(a, "%.*s%s%s", (int)(at - line), line, folder_root,
			at + 1));
}

/* Options that no target has a use for; whole runs, by the exit status. */
static void
kinds_are_told_apart(void **state)
{
	static const struct {
		const char *line; /* '@': the folder */
		int status;
		const char *want;
	} rows[] = {
		{ "--key x [::1]:1", 3,
			"--key: want it with a file, have no file" },
		{ "--exclude x [::1]:1", 3, "--exclude: want it with a file" },
		{ "--deployed x @/none.pem", 3,
			"--deployed: want it with an endpoint, have no "
			"endpoint" },
		{ "--client-cert /dev/null @/none.pem", 3,
			"--client-cert: want it with an endpoint, have no "
			"endpoint" },
		{ "--expect none @/none.pem", 3,
			"--expect: want it with an endpoint, have no" },
		{ "--passphrase-file @/pass [::1]:1", 3,
			"--passphrase-file: want it with a file or "
			"--client-cert, have neither" },
		{ "--passphrase-file @/pass --client-cert /dev/null [::1]:1 "
		  "@/none.pem",
			3,
			"--passphrase-file: want it for files or for "
			"--client-cert, have both" },
		{ "--passphrase-file @/pass --output json [::1]:1 @/none.pem",
			2, "file.missing" },
		{ "--role client [::1]:1", 3,
			"--role: want auto or server for an endpoint, have "
			"\"client\"" },
		{ "--role server --output json @/none.pem", 2, "file.missing" },
		{ "--role client --output json @/none.pem", 2, "file.missing" },
		{ "--pem-only --output json @/none/**/*.pem", 2,
			"no file fits this pattern" },
	};

	(void)state;
	write_passphrase();
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(arena_free) struct arena *a = arena_new();
		const char *line = with_folder(a, rows[i].line);
		char *argv[MAX_ARGS], said[4096];
		int argc = split_line(a, line, argv), rc;
		struct quiet q;

		quiet_begin(&q);
		rc = command_check.run(argc, argv);
		quiet_end(&q, said, sizeof(said));
		if (rc != rows[i].status || strstr(said, rows[i].want) == NULL)
			fail_msg("%s: %d %s", line, rc, said);
	}
}

/* What is said of clients is for endpoints, and its passphrase for the key. */
static void
clients_are_for_endpoints(void **state)
{
	cleanup(arena_free) struct arena *a = arena_new();
	struct ask ask = { .by = &checking, .arena = a };
	const struct client_settings *set;

	(void)state;
	write_passphrase();
	read_good(&ask, "--expect optional x /y.pem");
	assert_int_equal(ask_parse_targets(&ask), 0);
	set = &ask.v[0].client;
	assert_int_equal(set->expect, EXPECT_OPTIONAL);
	assert_true(set->expects);
	assert_true(set->strict);
	assert_null(set->certificate);
	assert_false(client_is_asked_for(&ask.v[1].client));

	ask = (struct ask){ .by = &checking, .arena = a };
	read_good(&ask,
		with_folder(a,
			"--client-cert /dev/null --client-key /dev/zero "
			"--client-ca /dev/full --no-strict --passphrase-file "
			"@/pass x"));
	assert_int_equal(ask_parse_targets(&ask), 0);
	set = &ask.v[0].client;
	assert_string_equal(set->certificate, "/dev/null");
	assert_string_equal(set->key, "/dev/zero");
	assert_string_equal(set->ca, "/dev/full");
	assert_string_equal(set->passphrase, "geheim");
	assert_int_equal(set->expect, EXPECT_REQUIRED);
	assert_false(set->strict);
	assert_null(ask.v[0].passphrase);
}

static void
passphrase_comes_from_a_file(void **state)
{
	cleanup(arena_free) struct arena *a = arena_new();
	struct ask ask = { .by = &checking, .arena = a };

	(void)state;
	write_passphrase();
	read_good(&ask, with_folder(a, "--passphrase-file @/pass x"));
	assert_string_equal(ask.base.passphrase, "geheim");

	/* as every secret */
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder_root, 1), 0);
	ask = (struct ask){ .by = &checking, .arena = a };
	read_good(&ask, "--passphrase-file pass x");
	assert_string_equal(ask.base.passphrase, "geheim");
	unsetenv("CREDENTIALS_DIRECTORY");
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, folder_setup, folder_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_read),
		cmocka_unit_test(roles_have_other_names),
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(commands_take_their_own),
		TEST(kinds_are_told_apart),
		TEST(clients_are_for_endpoints),
		TEST(passphrase_comes_from_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
