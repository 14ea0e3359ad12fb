/* test_line.c - how a command line is read by a table of options, and helped */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/help.h"
#include "commands/line.h"
#include "model/alloc.h"
#include "tests/unit/unit.h"

#define MAX_ARGS 16
#define MAX_SAID 4096

struct ask {
	const char *text, *test, *secret;
	bool any, four;
	int times;
};

static int
count(void *to, const char *none)
{
	struct ask *ask = to;

	assert_null(none);
	ask->times++;
	return STATUS_OK;
}

static const struct command plain;

static int
refuse(void *to, const char *arg)
{
	(void)to;
	return command_usage(&plain, "--refuse: have \"%s\"", arg);
}

static const char *const colours[] = { "red", "green", NULL };

static const struct option_row first[] = {
	{ .name = "text",
		.letter = 't',
		.value = { .word = "TEXT" },
		.help = "says what there is to say, and that in so many words "
			"that it takes another line",
		.to = offsetof(struct ask, text) },
	{ .name = "test",
		.value = { .word = "COLOUR",
			.completes = COMPLETES_WORD,
			.words = colours },
		.lists = true,
		.help = "how it looks (red)",
		.to = offsetof(struct ask, test) },
	{ .name = "any",
		.letter = 'a',
		.help = "all",
		.to = offsetof(struct ask, any) },
	{ .letter = '4', .help = "four", .to = offsetof(struct ask, four) },
	{ 0 },
};

static const struct option_row second[] = {
	{ .name = "times", .letter = 'n', .help = "count", .set = count },
	{ .name = "secret",
		.hidden = true,
		.value = { .word = "SECRET" },
		.to = offsetof(struct ask, secret) },
	{ .name = "refuse",
		.value = { .word = "WHAT" },
		.help = "no",
		.set = refuse },
	{ .name = "a-name-that-is-far-longer",
		.value = { .word = "FILE" },
		.help = "is not broken, but pushes its own help",
		.to = offsetof(struct ask, secret) },
	/* Told twice, read by the first. */
	{ .name = "text",
		.value = { .word = "TEXT" },
		.help = "again",
		.set = refuse },
	{ 0 },
};

static const struct option_group groups[] = {
	{ NULL, first },
	{ "Of others:", second },
	{ 0 },
};

static const struct command plain = {
	.name = "plain",
	.usage = "[OPTIONS] WORD...\n--any",
	.options = groups,
	.above = "Above.\n",
	.below = "Below.\n",
};

static const struct command plugin = {
	.name = "plugin",
	.usage = "[OPTIONS]",
	.plugin = true,
	.options = groups,
};

static const struct command bare = { .name = "bare", .usage = "WORD" };

static const struct command wide = {
	.name = "wide",
	.usage = "--a-first-word [--a-second-word FILE] "
		 "[--a-third-word FILE | --or-another ONE] LAST",
};

/* A line that was read, and what was said meanwhile. */
struct reading {
	char *copy, *argv[MAX_ARGS], said[MAX_SAID];
	struct ask ask;
	struct line line;
	int rc;
};

static void
reading_release(struct reading *r)
{
	str_free(r->copy);
}

#define READING_CLEANUP __attribute__((__cleanup__(reading_release)))

static int
split(char *copy, char *argv[MAX_ARGS])
{
	char *rest = NULL;
	int n = 0;

	argv[n++] = LENT("plain");
	for (char *s = strtok_r(copy, " ", &rest);
		s != NULL && n < MAX_ARGS - 1; s = strtok_r(NULL, " ", &rest))
		argv[n++] = s;
	argv[n] = NULL;
	return n;
}

/* Both streams are taken; of what is read, `r` owns the words. */
static void
read_quietly(struct reading *r, const struct command *c, const char *text)
{
	FILE *f = tmpfile();
	int out, err, argc;
	size_t n;

	*r = (struct reading){ .copy = str_dup(text) };
	argc = split(r->copy, r->argv);
	(void)fflush(NULL);
	assert_non_null(f);
	out = dup(STDOUT_FILENO);
	err = dup(STDERR_FILENO);
	assert_int_not_equal(dup2(fileno(f), STDOUT_FILENO), -1);
	assert_int_not_equal(dup2(fileno(f), STDERR_FILENO), -1);
	r->rc = line_read(c, &r->ask, argc, r->argv, &r->line);
	(void)fflush(NULL);
	assert_int_not_equal(dup2(out, STDOUT_FILENO), -1);
	assert_int_not_equal(dup2(err, STDERR_FILENO), -1);
	(void)close(out);
	(void)close(err);
	rewind(f);
	n = fread(r->said, 1, MAX_SAID - 1, f);
	r->said[n] = '\0';
	(void)fclose(f);
}

/* What was read, in one line: "text=x any times=2: a b". */
static void
describe(struct buf *out, const struct ask *ask, const struct line *line)
{
	if (ask->text != NULL)
		buf_printf(out, "text=%s ", ask->text);
	if (ask->test != NULL)
		buf_printf(out, "test=%s ", ask->test);
	if (ask->secret != NULL)
		buf_printf(out, "secret=%s ", ask->secret);
	buf_puts(out, ask->any ? "any " : "");
	buf_puts(out, ask->four ? "four " : "");
	if (ask->times > 0)
		buf_printf(out, "times=%d ", ask->times);
	for (int i = 0; i < line->n; i++)
		buf_printf(out, ":%s ", line->words[i]);
	assert_null(line->words[line->n]);
}

static void
lines_are_read(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "", "" },
		{ "a b", ":a :b " },
		{ "--text x", "text=x " },
		{ "--text=x", "text=x " },
		{ "--text=", "text= " },
		{ "--text=a=b", "text=a=b " },
		{ "-t x", "text=x " },
		{ "-tx", "text=x " },
		{ "-t=x", "text==x " },
		{ "-t --any", "text=--any " },
		{ "--text -- x", "text=-- :x " },
		{ "--text a --text b", "text=b " },
		{ "-4an", "any four times=1 " },
		{ "-nnant x", "text=x any times=3 " },
		{ "-natx", "text=x any times=1 " },
		{ "a -n b --times c", "times=2 :a :b :c " },
		{ "-n -- -n --any", "times=1 :-n :--any " },
		{ "-n - -a", "any times=1 :- " },
		/* as getopt_long() takes them */
		{ "--tex x", "text=x " },
		{ "--an", "any " },
		{ "--ti", "times=1 " },
		{ "--sec=x", "secret=x " },
	};
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf have = { 0 };
		READING_CLEANUP struct reading r;

		read_quietly(&r, &plain, rows[i].line);
		assert_false(r.line.answered);
		if (r.rc == STATUS_OK)
			describe(&have, &r.ask, &r.line);
		if (r.rc == STATUS_OK && *r.said == '\0' &&
			strcmp(buf_str(&have), rows[i].want) == 0)
			continue;
		print_error("%s\nwant %s\nhave %d %s %s\n", rows[i].line,
			rows[i].want, r.rc, buf_str(&have), r.said);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void
mistakes_are_told(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "--text", "--text: want a value, have none" },
		{ "a --text", "--text: want a value, have none" },
		{ "-t", "-t: want a value, have none" },
		{ "-nat", "-t: want a value, have none" },
		{ "--any=yes", "--any=yes: want no value, have one" },
		{ "-q", "there is no option -q" },
		{ "-nq", "there is no option -q" },
		{ "-\xc3\xa4", "there is no option -\\xc3" },
		{ "--frobnicate x", "there is no option --frobnicate" },
		{ "--txet x", "no option --txet; did you mean \"--text\"?" },
		{ "--te x", "there is no option --te" }, /* two begin so */
		/* what may be a secret is not repeated, nor what is hidden */
		{ "--sceret=geheim", "there is no option --sceret" },
		{ "-n --refuse x -q", "--refuse: have \"x\"" },
		{ "-V", "there is no option -V" },
		{ "--version", "there is no option --version" },
	};
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		READING_CLEANUP struct reading r;

		read_quietly(&r, &plain, rows[i].line);
		if (r.rc == STATUS_UNKNOWN && !r.line.answered &&
			strstr(r.said, rows[i].want) != NULL &&
			strncmp(r.said, "certvigil plain: ", 17) == 0 &&
			strstr(r.said,
				"\nusage: certvigil plain [OPTIONS] "
				"WORD...\n       certvigil plain --any\n") !=
				NULL &&
			strstr(r.said, "geheim") == NULL &&
			strstr(r.said, "secret") == NULL)
			continue;
		print_error("%s\nwant %s\nhave %d %s\n", rows[i].line,
			rows[i].want, r.rc, r.said);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void
answers_end_the_line(void **state)
{
	static const struct {
		const struct command *command;
		const char *line, *want;
		int status;
	} rows[] = {
		{ &plain, "--help --nonsense", "usage: certvigil plain", 0 },
		{ &plain, "x -nh", "usage: certvigil plain", 0 },
		{ &plain, "--he", "usage: certvigil plain", 0 },
		{ &plugin, "-h", "usage: certvigil plugin", 3 },
		{ &plugin, "-V", "certvigil " CERTVIGIL_VERSION "\n", 3 },
		{ &plugin, "--version -q", "certvigil " CERTVIGIL_VERSION, 3 },
		{ &bare, "-h", "usage: certvigil bare WORD\n\n  -h, --help  ",
			0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		READING_CLEANUP struct reading r;

		read_quietly(&r, rows[i].command, rows[i].line);
		assert_true(r.line.answered);
		assert_int_equal(r.rc, rows[i].status);
		assert_ptr_equal(strstr(r.said, rows[i].want), r.said);
	}
}

static void
help_is_laid_out(void **state)
{
	static const char want[] =
		"usage: certvigil plain [OPTIONS] WORD...\n"
		"       certvigil plain --any\n"
		"\n"
		"Above.\n"
		"\n"
		"  -t, --text TEXT    says what there is to say, and that in so many words that\n"
		"                     it takes another line\n"
		"      --test COLOUR  how it looks (red): red, green\n"
		"  -a, --any          all\n"
		"  -4                 four\n"
		"\n"
		"Of others:\n"
		"  -n, --times        count\n"
		"      --refuse WHAT  no\n"
		"      --a-name-that-is-far-longer FILE  is not broken, but pushes its own help\n"
		"      --text TEXT    again\n"
		"\n"
		"  -h, --help         print this text\n"
		"\n"
		"Below.\n";
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	help_put(&out, &plain);
	assert_string_equal(buf_str(&out), want);
}

static void
usage_is_broken_between_brackets(void **state)
{
	BUF_CLEANUP struct buf out = { 0 };

	(void)state;
	help_usage(&out, &wide);
	assert_string_equal(buf_str(&out),
		"usage: certvigil wide --a-first-word [--a-second-word FILE]\n"
		"                      [--a-third-word FILE | --or-another ONE] LAST\n");
}

static void
options_are_listed_once(void **state)
{
	static const char *const want[] = { "text", "test", "any", NULL,
		"times", "secret", "refuse", "a-name-that-is-far-longer",
		"help" };
	size_t n = 0;

	(void)state;
	for (; line_option(&plain, n) != NULL; n++) {
		assert_true(n < COUNT(want));
		if (want[n] == NULL)
			assert_null(line_option(&plain, n)->name);
		else
			assert_string_equal(
				line_option(&plain, n)->name, want[n]);
	}
	assert_int_equal(n, COUNT(want));
	assert_ptr_equal(line_option(&plain, 0), &first[0]);
	assert_true(line_takes(&plain, "test"));
	assert_false(line_takes(&plain, "version"));
	assert_true(line_takes(&plugin, "version"));
	assert_false(line_takes(&plain, "tes"));
}

/* Every command's table, as it is: what a row says fits what it is. */
static void
tables_are_sound(void **state)
{
	const struct option_row *row, *other;
	const struct command *c;

	(void)state;
	for (size_t i = 0; (c = command_table[i]) != NULL; i++) {
		for (size_t j = 0; (row = line_option(c, j)) != NULL; j++) {
			bool words = row->value.completes == COMPLETES_WORD;

			assert_true(row->hidden || *row->help != '\0');
			assert_true(
				words == (value_word(&row->value, 0) != NULL));
			assert_true(row->value.word != NULL || !words);
			for (size_t k = 0; k < j; k++) {
				other = line_option(c, k);
				if (row->letter != 0 &&
					other->letter == row->letter)
					fail_msg("%s: two options are -%c",
						c->name, row->letter);
			}
		}
		for (size_t j = 0; command_table[j] != c; j++)
			assert_string_not_equal(
				command_table[j]->name, c->name);
	}
}

/* Help that a terminal of 80 columns would break is not laid out. */
static void
help_is_narrow(void **state)
{
	(void)state;
	for (size_t i = 0; command_table[i] != NULL; i++) {
		BUF_CLEANUP struct buf out = { 0 };
		const char *line;

		help_put(&out, command_table[i]);
		for (line = out.s; *line != '\0';) {
			size_t n = strcspn(line, "\n");

			if (n > 80)
				fail_msg("%zu columns: %.*s", n, (int)n, line);
			assert_true(n == 0 || line[n - 1] != ' ');
			line += n + 1;
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read),
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(answers_end_the_line),
		cmocka_unit_test(help_is_laid_out),
		cmocka_unit_test(usage_is_broken_between_brackets),
		cmocka_unit_test(options_are_listed_once),
		cmocka_unit_test(tables_are_sound),
		cmocka_unit_test(help_is_narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
