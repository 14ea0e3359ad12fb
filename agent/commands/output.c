/* output.c - what a terminal is told, and what a pipe is */
#include <sys/ioctl.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	BUF_CLEANUP struct buf out = { 0 };

	r->render(&out, rs, opt);
	if (fwrite(buf_str(&out), 1, out.len, stdout) != out.len ||
		fflush(stdout) != 0)
		return -1;
	return 0;
}

void
progress_init(struct progress *p)
{
	p->on = isatty(STDERR_FILENO);
	p->begin_ms = probe_now_ms();
	p->shown_ms = 0;
}

void
progress_show(void *arg, size_t done, size_t total)
{
	struct progress *p = arg;
	int64_t now = probe_now_ms(), spent = now - p->begin_ms, left_s;

	if (!p->on || spent < QUIET_MS || now - p->shown_ms < BETWEEN_MS)
		return;
	p->shown_ms = now;
	left_s = (int64_t)(total - done) * spent / (int64_t)done / 1000;
	fprintf(stderr,
		"\r\033[Kscanning: %zu of %zu, %" PRId64 " a second, %" PRId64
		" s left",
		done, total, (int64_t)done * 1000 / spent, left_s);
	fflush(stderr);
}

void
progress_clear(struct progress *p)
{
	if (p->on && p->shown_ms != 0)
		fputs("\r\033[K", stderr);
}
