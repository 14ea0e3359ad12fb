/* format_template.c - webhook body: as a file of the user's own has it */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "model/duration.h"
#include "notifiers/format.h"
#include "notifiers/pager.h"
#include "notifiers/template.h"

static int
read_all(int fd, const char *path, struct buf *out, struct error *err)
{
	char chunk[4096];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return error_sys(err, "template: %s", path);
		if (memchr(chunk, '\0', (size_t)n) != NULL)
			return error_set(err, ERROR_PARSE,
				"template: %s: want text, have a NUL byte",
				path);
		buf_add(out, chunk, (size_t)n);
		if (out->len > TEMPLATE_MAX)
			return error_set(err, ERROR_PARSE,
				"template: %s: want at most %d bytes, have "
				"more",
				path, TEMPLATE_MAX);
	}
	return 0;
}

/* O_NONBLOCK: nobody may write into a pipe of that name. */
static int
read_file(const char *path, struct buf *out, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int rc;

	if (fd == -1)
		return error_sys(err, "template: %s", path);
	if (fstat(fd, &st) == -1)
		rc = error_sys(err, "template: %s", path);
	else if (!S_ISREG(st.st_mode))
		rc = error_set(err, ERROR_USAGE,
			"template: %s: want a file, have something else", path);
	else
		rc = read_all(fd, path, out, err);
	close(fd);
	return rc;
}

/* For template_free(), or NULL and *err. */
static struct template *
load(const char *path, struct error *err)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct template *t;
	struct error why = { 0 };

	if (read_file(path, &text, err) == -1)
		return NULL;
	t = template_parse(buf_str(&text), &why);
	if (t == NULL)
		error_set(err, ERROR_PARSE, "template: %s:%s", path, why.text);
	return t;
}

/* `place` is true where lines of the body are those of the file. */
static int
check_json(const char *body, const char *path, bool place, const char *when,
	struct error *err)
{
	cleanup(str_free) char *line = NULL;
	json_error_t why;
	json_t *j = json_loads(body, JSON_REJECT_DUPLICATES, &why);

	if (j == NULL) {
		line = place ? str_fmt(":%d", why.line) : str_dup("");
		return error_set(err, ERROR_PARSE,
			"template: %s%s: want JSON, have none%s: %s", path,
			line, when, why.text);
	}
	json_decref(j);
	return 0;
}

/* What a scan might tell: `n` events with text that needs escapes. */
static struct digest *
sample(size_t n)
{
	static char text[] = "\"quotes\" \\ and <more>";
	struct event e = { .kind = EVENT_OPENED,
		.severity = SEV_CRITICAL,
		.incident = text,
		.target = text,
		.address = text,
		.owner = text,
		.finding = text,
		.message = text,
		.hint = text,
		.opened_at = 365 * DAY_S,
		.not_after = 730 * DAY_S };
	struct digest *d = mem_alloc(sizeof(*d));

	d->id = str_dup("msg_0");
	d->host = str_dup("host.example");
	d->time = 365 * DAY_S;
	for (size_t i = 0; i < n; i++)
		digest_add(d, &e);
	return d;
}

/*
 * What comes of it has to be JSON, however many events there are. Values
 * have no line ends, so that with one event lines are those of the file.
 */
static int
template_check(const struct account *a, struct error *err)
{
	static const struct {
		size_t events;
		bool place;
		const char *when;
	} rows[] = {
		{ 1, true, "" },
		{ 2, false,
			" with two events (as {{#events ,}} puts a comma "
			"between them)" },
	};
	cleanup(template_free) struct template *t = NULL;

	if (pager_check_token(a, err) == -1)
		return -1;
	if (a->template == NULL)
		return 0;
	t = load(a->template, err);
	if (t == NULL)
		return -1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup(digest_free) struct digest *d = sample(rows[i].events);
		BUF_CLEANUP struct buf body = { 0 };

		template_fill(&body, t, d);
		if (check_json(buf_str(&body), a->template, rows[i].place,
			    rows[i].when, err) == -1)
			return -1;
	}
	return 0;
}

static int
template_make(const struct digest *d, const struct account *a, time_t now,
	struct posts *out, struct error *err)
{
	cleanup(template_free) struct template *t = load(a->template, err);
	BUF_CLEANUP struct buf body = { 0 };

	(void)now;
	if (t == NULL)
		return -1;
	template_fill(&body, t, d);
	/* The file may be another one than when it was checked. */
	if (check_json(buf_str(&body), a->template, false, "", err) == -1)
		return -1;
	(void)posts_add(out, buf_detach(&body));
	return 0;
}

const struct format format_template = {
	.content_type = "application/json",
	.needs = ACCOUNT_TEMPLATE,
	.takes = ACCOUNT_SECRET | ACCOUNT_TOKEN,
	.standard = true,
	.make = template_make,
	.check = template_check,
};
