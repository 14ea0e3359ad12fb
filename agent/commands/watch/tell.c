/* tell.c - what the service manager is told of a resident agent */
#include <systemd/sd-daemon.h>

#include "commands/watch/watch.h"
#include "model/duration.h"
#include "model/text.h"

/* As the journal dates what stands beside it: in local time. */
static void
put_time(struct buf *out, time_t t, time_t now)
{
	char text[64];
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		return;
	if (t - now < DAY_S / 2 && now - t < DAY_S / 2)
		(void)strftime(text, sizeof(text), "%H:%M", &tm);
	else
		(void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm);
	buf_puts(out, text);
}

static void
put_known(struct buf *out, const struct round_outcome *o, time_t now)
{
	buf_puts(out, "Last scan ");
	put_time(out, o->last, now);
	buf_printf(out, ": %zu critical, %zu warning, ", o->sum.n[SEV_CRITICAL],
		o->sum.n[SEV_WARNING]);
	if (o->sum.n[SEV_UNKNOWN] > 0)
		buf_printf(out, "%zu unknown, ", o->sum.n[SEV_UNKNOWN]);
	buf_printf(out, "%zu ok", o->sum.n[SEV_OK]);
}

static void
put_messages(struct buf *out, const struct round_outcome *o)
{
	if (o->n_waiting > 0) {
		buf_puts(out, "; ");
		text_count(out, o->n_waiting, "message waits", "messages wait");
	}
	if (o->n_given_up > 0) {
		buf_puts(out, "; ");
		text_count(out, o->n_given_up, "message was given up",
			"messages were given up");
	}
}

static void
put_doing(struct buf *out, const struct watch *w, time_t now)
{
	if (w->stopping) {
		buf_puts(out, "; stopping");
		return;
	}
	if (w->working) {
		buf_puts(out,
			w->work == WISH_DELIVERIES ? "; delivering since "
						   : "; scanning since ");
		put_time(out, w->since, now);
		return;
	}
	if (w->told.failed) {
		buf_puts(out, "; failed: ");
		text_plain(out, w->told.why.text);
		buf_puts(out, "; again at ");
		put_time(out, now + w->retry_s, now);
		return;
	}
	if (w->next != 0) {
		buf_puts(out, "; next at ");
		put_time(out, w->next, now);
	}
}

void
watch_status(struct buf *out, const struct watch *w, time_t now)
{
	if (w->told.last != 0)
		put_known(out, &w->told, now);
	else
		buf_puts(out, "No scan yet");
	put_messages(out, &w->told);
	put_doing(out, w, now);
	if (w->refused != NULL) {
		buf_puts(out,
			"; a newer configuration is refused, the one before "
			"stays in force: ");
		text_plain(out, w->refused);
	}
}

void
watch_notify(const struct watch *w, const char *more)
{
	BUF_CLEANUP struct buf text = { 0 };

	buf_puts(&text, more);
	buf_puts(&text, "STATUS=");
	watch_status(&text, w, time(NULL));
	(void)sd_notify(0, buf_str(&text));
}
