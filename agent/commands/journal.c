/* journal.c - what the journal and the service manager are told */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

#include "commands/command.h"
#include "commands/journal.h"
#include "commands/journal_ids.h"
#include "model/duration.h"
#include "model/text.h"

#define MAX_FIELDS 20

static const char *const event_ids[EVENT_KINDS] = {
	[EVENT_OPENED] = JOURNAL_OPENED_ID,
	[EVENT_ESCALATED] = JOURNAL_ESCALATED_ID,
	[EVENT_REPEATED] = JOURNAL_REPEATED_ID,
	[EVENT_RESOLVED] = JOURNAL_RESOLVED_ID,
	[EVENT_RENEWED] = JOURNAL_RENEWED_ID,
};

/* What happens is told on stdout where there is no journal. */
static bool aloud;

void
journal_aloud(void)
{
	aloud = true;
}

/*
 * sd_journal_stream_fd(3) wants the variable held against the descriptor: a
 * terminal within a session of systemd's inherits it, and is no journal.
 */
static bool
is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	uintmax_t device, inode;
	struct stat st;

	return stream != NULL &&
		sscanf(stream, "%ju:%ju", &device, &inode) == 2 &&
		fstat(fd, &st) == 0 && st.st_dev == device &&
		st.st_ino == inode;
}

static bool
in_journal(void)
{
	return is_journal(STDOUT_FILENO) || is_journal(STDERR_FILENO);
}

/* One that is being put together; begins with entry_begin(). */
struct entry {
	struct buf fields[MAX_FIELDS];
	size_t n;
};

#define ENTRY_CLEANUP __attribute__((__cleanup__(entry_release)))

static void
entry_release(struct entry *e)
{
	for (size_t i = 0; i < e->n; i++)
		buf_release(&e->fields[i]);
}

/* Nothing for NULL: a field that is there says something. */
static void
put(struct entry *e, const char *name, const char *value)
{
	struct buf *field = &e->fields[e->n];

	if (value == NULL || e->n == MAX_FIELDS)
		return;
	buf_printf(field, "%s=", name);
	/* Some ways to show an entry show its fields as they are. */
	text_plain(field, value);
	e->n++;
}

static void
put_number(struct entry *e, const char *name, size_t n)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%zu", n);
	put(e, name, text);
}

static void
put_moment(struct entry *e, const char *name, time_t t)
{
	char text[MOMENT_SIZE];

	if (t != 0)
		put(e, name, moment_format(t, text));
}

static void
begin(struct entry *e, const char *id, int priority, const char *message)
{
	char text[4];

	(void)snprintf(text, sizeof(text), "%d", priority);
	put(e, "MESSAGE", message);
	put(e, "MESSAGE_ID", id);
	put(e, "PRIORITY", text);
}

static void
send_entry(const struct entry *e)
{
	struct iovec v[MAX_FIELDS];

	for (size_t i = 0; i < e->n; i++)
		v[i] = (struct iovec){ e->fields[i].s, e->fields[i].len };
	(void)sd_journal_sendv(v, (int)e->n);
}

static const char *
message_of(const struct entry *e)
{
	return e->fields[0].s + strlen("MESSAGE=");
}

static void
happened(const struct entry *e)
{
	char now[MOMENT_SIZE];

	if (in_journal())
		send_entry(e);
	else if (aloud)
		printf("%s %s\n", moment_format(time(NULL), now),
			message_of(e));
}

static void
complain(const struct entry *e)
{
	if (in_journal())
		send_entry(e);
	if (!is_journal(STDERR_FILENO))
		command_fail("%s", message_of(e));
}

void
journal_lines(const char *lines)
{
	/* Without it a line on stderr is of no importance (sd-daemon(3)). */
	const char *mark = is_journal(STDERR_FILENO) ? SD_ERR : "";

	while (*lines != '\0') {
		size_t n = strcspn(lines, "\n");

		fprintf(stderr, "%s%.*s\n", mark, (int)n, lines);
		lines += n + (lines[n] == '\n');
	}
}

void
journal_status(const char *text)
{
	(void)sd_notifyf(0, "STATUS=%s", text);
}

static int
priority_of(const struct event *e)
{
	if (e->kind == EVENT_RESOLVED || e->kind == EVENT_RENEWED)
		return LOG_NOTICE;
	return e->severity == SEV_CRITICAL ? LOG_ERR : LOG_WARNING;
}

static void
tell_event(const struct event *e)
{
	cleanup(str_free) char *text = str_fmt(
		"%s: %s: %s", e->target, event_name(e->kind), e->message);
	ENTRY_CLEANUP struct entry entry = { .n = 0 };

	begin(&entry, event_ids[e->kind], priority_of(e), text);
	put(&entry, "CERTVIGIL_EVENT", event_name(e->kind));
	put(&entry, "CERTVIGIL_TARGET", e->target);
	put(&entry, "CERTVIGIL_ADDRESS", e->address);
	put(&entry, "CERTVIGIL_OWNER", e->owner);
	put(&entry, "CERTVIGIL_SEVERITY", severity_name(e->severity));
	put(&entry, "CERTVIGIL_FINDING", e->finding);
	put(&entry, "CERTVIGIL_SUBJECT", e->subject);
	put(&entry, "CERTVIGIL_INCIDENT", e->incident);
	put_moment(&entry, "CERTVIGIL_NOT_AFTER", e->not_after);
	put_moment(&entry, "CERTVIGIL_OLD_NOT_AFTER", e->old_not_after);
	put(&entry, "CERTVIGIL_SHA256", e->new_sha256);
	put(&entry, "CERTVIGIL_OLD_SHA256", e->old_sha256);
	happened(&entry);
}

void
journal_events(const struct digest *events)
{
	if (!aloud && !in_journal())
		return;
	for (size_t i = 0; i < events->n; i++) {
		if (event_ids[events->v[i].kind] != NULL)
			tell_event(&events->v[i]);
	}
}

void
journal_scanned(const struct summary *s)
{
	BUF_CLEANUP struct buf text = { 0 };
	ENTRY_CLEANUP struct entry entry = { .n = 0 };
	size_t total = 0;

	for (int i = SEV_OK; i <= SEV_UNKNOWN; i++)
		total += s->n[i];
	buf_puts(&text, "scan complete: ");
	text_count(&text, total, "target", "targets");
	buf_printf(&text, ", %zu critical, %zu warning, %zu unknown, %zu ok",
		s->n[SEV_CRITICAL], s->n[SEV_WARNING], s->n[SEV_UNKNOWN],
		s->n[SEV_OK]);
	begin(&entry, JOURNAL_SCANNED_ID, LOG_INFO, buf_str(&text));
	put(&entry, "CERTVIGIL_STATUS", severity_name(s->worst));
	put_number(&entry, "CERTVIGIL_TARGETS", total);
	put_number(&entry, "CERTVIGIL_CRITICAL", s->n[SEV_CRITICAL]);
	put_number(&entry, "CERTVIGIL_WARNING", s->n[SEV_WARNING]);
	put_number(&entry, "CERTVIGIL_UNKNOWN", s->n[SEV_UNKNOWN]);
	put_number(&entry, "CERTVIGIL_OK", s->n[SEV_OK]);
	happened(&entry);
}

void
journal_taken_up(const char *path, size_t targets)
{
	BUF_CLEANUP struct buf text = { 0 };
	ENTRY_CLEANUP struct entry entry = { .n = 0 };

	buf_printf(&text, "%s: the configuration is taken up: ", path);
	text_count(&text, targets, "target", "targets");
	begin(&entry, JOURNAL_TAKEN_UP_ID, LOG_NOTICE, buf_str(&text));
	put(&entry, "CERTVIGIL_CONFIG", path);
	happened(&entry);
}

void
journal_failed(const char *why)
{
	ENTRY_CLEANUP struct entry entry = { .n = 0 };

	begin(&entry, JOURNAL_FAILED_ID, LOG_ERR, why);
	complain(&entry);
}

void
journal_undelivered(const struct delivery_note *n)
{
	cleanup(str_free) char *text = str_fmt(
		"%s: message %s is not delivered: %s%s", n->notifier, n->id,
		n->answer,
		n->gave_up ? "; it is given up" : "; it will be tried again");
	ENTRY_CLEANUP struct entry entry = { .n = 0 };

	begin(&entry, JOURNAL_UNDELIVERED_ID,
		n->gave_up ? LOG_ERR : LOG_WARNING, text);
	put(&entry, "CERTVIGIL_NOTIFIER", n->notifier);
	put(&entry, "CERTVIGIL_WEBHOOK_ID", n->id);
	complain(&entry);
}

/* Nothing of the scan itself: that is done. */
static void
warn_of(const char *id, const char *what, const char *why)
{
	cleanup(str_free) char *text = str_fmt("%s: %s", what, why);
	ENTRY_CLEANUP struct entry entry = { .n = 0 };

	begin(&entry, id, LOG_WARNING, text);
	complain(&entry);
}

void
journal_heartbeat(const char *why)
{
	warn_of(JOURNAL_HEARTBEAT_ID, "heartbeat", why);
}

void
journal_textfile(const char *why)
{
	warn_of(JOURNAL_TEXTFILE_ID, "textfile", why);
}

void
journal_refused(const char *path, const char *complaints)
{
	cleanup(str_free) char *text = str_fmt(
		"%s: the configuration is refused, the one before stays in "
		"force",
		path);
	ENTRY_CLEANUP struct entry entry = { .n = 0 };

	journal_lines(complaints);
	begin(&entry, JOURNAL_REFUSED_ID, LOG_ERR, text);
	put(&entry, "CERTVIGIL_CONFIG", path);
	complain(&entry);
}
