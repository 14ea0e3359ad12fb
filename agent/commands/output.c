/* output.c - what a terminal is told, and what a pipe is */
#include <sys/ioctl.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/aside.h"
#include "commands/commands.h"
#include "commands/output.h"
#include "probes/probe.h"

/* A scan that ends sooner needs no progress line; then ten a second. */
#define QUIET_MS 500
#define BETWEEN_MS 100

/* By the locale's name alone: the program itself runs in that of C. */
static bool
is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *v = getenv(names[i]);

		if (v != NULL && *v != '\0')
			return strcasestr(v, "UTF-8") != NULL ||
				strcasestr(v, "UTF8") != NULL;
	}
	return false;
}

void
output_terminal(struct report_options *opt)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return;
	opt->colour = (no_colour == NULL || *no_colour == '\0') &&
		term != NULL && strcmp(term, "dumb") != 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		opt->width = size.ws_col;
	opt->lines = is_utf8() ? LINES_UTF8 : LINES_ASCII;
}

int
output_report(const struct report *r, const struct results *rs,
	const struct report_options *opt)
{
	struct report_options passing = *opt;
	BUF_CLEANUP struct buf out = { 0 };

	if (passing.to == NULL)
		passing.to = stdout;
	r->render(&out, rs, &passing);
	if (fwrite(buf_str(&out), 1, out.len, passing.to) != out.len ||
		fflush(passing.to) != 0 || ferror(passing.to) != 0)
		return -1;
	return 0;
}

int
output_failed(void)
{
	/* Who reads no further, such as head(1), knows. */
	if (errno == EPIPE)
		return STATUS_UNKNOWN;
	return command_fail("the output could not be written");
}

int
output_file(const char *path, bool through, const struct report *r,
	const struct results *rs, const struct report_options *opt,
	struct error *err)
{
	struct report_options to_file = *opt;
	struct aside aside;

	if ((through ? aside_open_through(path, &aside, err)
		     : aside_open(path, &aside, err)) == -1)
		return -1;
	to_file.to = aside.to;
	/* Whatever could not be written is told by the commit. */
	(void)!output_report(r, rs, &to_file);
	return aside_commit(&aside, NULL, err);
}

void
progress_init(struct progress *p)
{
	p->on = isatty(STDERR_FILENO);
	p->begin_ms = probe_now_ms();
	p->shown_ms = 0;
}

/* In what most targets are that are under way, or PHASES. */
static enum phase
busiest(const struct scan_progress *p)
{
	enum phase most = PHASES;

	for (int i = 0; i < PHASES; i++) {
		if (p->under_way[i] > 0 &&
			(most == PHASES ||
				p->under_way[i] > p->under_way[most]))
			most = (enum phase)i;
	}
	return most;
}

void
progress_show(void *arg, const struct scan_progress *s)
{
	struct progress *p = arg;
	int64_t now = probe_now_ms(), spent = now - p->begin_ms;
	BUF_CLEANUP struct buf line = { 0 };
	enum phase most = busiest(s);

	if (!p->on || spent < QUIET_MS || now - p->shown_ms < BETWEEN_MS)
		return;
	p->shown_ms = now;
	buf_printf(&line, "scanning: %zu of %zu, %" PRId64 " a second, ",
		s->done, s->total, (int64_t)s->done * 1000 / spent);
	duration_describe(&line,
		(int64_t)(s->total - s->done) * spent / (int64_t)s->done /
			1000);
	buf_puts(&line, " left");
	if (most != PHASES)
		buf_printf(&line, "; %zu %s", s->under_way[most],
			phase_doing(most));
	fprintf(stderr, "\r\033[K%s", buf_str(&line));
	fflush(stderr);
}

void
progress_clear(struct progress *p)
{
	if (p->on && p->shown_ms != 0)
		fputs("\r\033[K", stderr);
}
