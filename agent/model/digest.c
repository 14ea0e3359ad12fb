/* digest.c - what is told: events, and the message that carries them */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "model/digest.h"
#include "model/duration.h"

static const char *const event_names[EVENT_KINDS] = { "opened", "escalated",
	"repeated", "resolved", "renewed", "test" };

const char *
event_name(enum event_kind k)
{
	return event_names[k];
}

void
event_copy(struct event *dst, const struct event *src)
{
	*dst = *src;
	dst->incident = str_dup(src->incident);
	dst->target = str_dup(src->target);
	dst->address = str_dup(src->address);
	dst->owner = str_dup(src->owner);
	dst->tags = (struct strlist){ 0 };
	for (size_t i = 0; i < src->tags.n; i++)
		strlist_add(&dst->tags, src->tags.v[i]);
	dst->finding = str_dup(src->finding);
	dst->subject = str_dup(src->subject);
	dst->message = str_dup(src->message);
	dst->hint = str_dup(src->hint);
	dst->old_sha256 = str_dup(src->old_sha256);
	dst->new_sha256 = str_dup(src->new_sha256);
}

void
event_release(struct event *e)
{
	free(e->incident);
	free(e->target);
	free(e->address);
	free(e->owner);
	strlist_release(&e->tags);
	free(e->finding);
	free(e->subject);
	free(e->message);
	free(e->hint);
	free(e->old_sha256);
	free(e->new_sha256);
	*e = (struct event){ 0 };
}

void
digest_add(struct digest *d, const struct event *e)
{
	if ((d->n & (d->n - 1)) == 0)
		d->v = mem_grow(d->v, d->n == 0 ? 1 : d->n * 2, sizeof(*d->v));
	if (d->lent)
		d->v[d->n++] = *e;
	else
		event_copy(&d->v[d->n++], e);
}

/* Trouble comes before good news. */
static int
event_is_trouble(const struct event *e)
{
	return e->kind == EVENT_OPENED || e->kind == EVENT_ESCALATED ||
		e->kind == EVENT_REPEATED || e->kind == EVENT_TEST;
}

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int
worse_first(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	int order;

	if (event_is_trouble(x) != event_is_trouble(y))
		return event_is_trouble(x) ? -1 : 1;
	if (!event_is_trouble(x) && x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	/* A reminder hides nothing that is new. */
	if ((x->kind == EVENT_REPEATED) != (y->kind == EVENT_REPEATED))
		return x->kind == EVENT_REPEATED ? 1 : -1;
	/* What was never seen comes first, then what ends first. */
	if (event_is_trouble(x) && x->not_after != y->not_after)
		return x->not_after < y->not_after ? -1 : 1;
	order = strcmp(x->target, y->target);
	if (order == 0)
		order = compare_text(x->finding, y->finding);
	return order != 0 ? order : compare_text(x->subject, y->subject);
}

void
digest_sort(struct digest *d)
{
	if (d->n > 1)
		qsort(d->v, d->n, sizeof(*d->v), worse_first);
}

int
digest_compare(const struct digest *a, const struct digest *b)
{
	return worse_first(&a->v[0], &b->v[0]);
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->n && !d->lent; i++)
		event_release(&d->v[i]);
	free(d->v);
	free(d->id);
	free(d->host);
	free(d);
}

char *
digest_new_id(void)
{
	unsigned char raw[16];
	struct buf id = { 0 };

	/* Up to 256 bytes come whole once the pool is ready: getrandom(2). */
	if (getrandom(raw, sizeof(raw), 0) != (ssize_t)sizeof(raw))
		abort();
	buf_puts(&id, "msg_");
	for (size_t i = 0; i < sizeof(raw); i++)
		buf_printf(&id, "%02x", raw[i]);
	return buf_detach(&id);
}

enum severity
digest_worst(const struct digest *d)
{
	enum severity worst = SEV_OK;

	for (size_t i = 0; i < d->n; i++) {
		if (event_is_trouble(&d->v[i]) && d->v[i].severity > worst)
			worst = d->v[i].severity;
	}
	return worst;
}

size_t
digest_count(const struct digest *d, enum event_kind k)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += d->v[i].kind == k;
	return n;
}

char *
digest_subject(const struct digest *d)
{
	const struct event *lead = NULL;
	struct buf out = { 0 };
	char date[MOMENT_SIZE];

	for (size_t i = 0; i < d->n; i++) {
		if (lead == NULL || worse_first(&d->v[i], lead) < 0)
			lead = &d->v[i];
	}
	if (lead == NULL)
		return str_dup("nothing to tell");
	switch (lead->kind) {
	case EVENT_TEST:
		buf_printf(&out, "TEST: certvigil on %s", d->host);
		break;
	case EVENT_RESOLVED:
		buf_printf(&out, "RESOLVED: %s, was \"%s\"", lead->target,
			lead->message);
		break;
	case EVENT_RENEWED:
		buf_printf(&out, "RENEWED: %s", lead->target);
		if (lead->not_after != 0)
			buf_printf(&out, ": valid until %s%s",
				moment_date(lead->not_after, date),
				lead->not_after < lead->old_not_after
					? ", earlier than before"
					: "");
		break;
	default:
		buf_printf(&out, "%s: %s: %s",
			lead->severity == SEV_UNKNOWN		 ? "UNKNOWN"
				: lead->severity == SEV_CRITICAL ? "CRITICAL"
								 : "WARNING",
			lead->target, lead->message);
		break;
	}
	if (d->n > 1)
		buf_printf(&out, " (+%zu more)", d->n - 1);
	return buf_detach(&out);
}
