/* silence_list.c - the silences that there are, a line each */
#include <stdlib.h>
#include <string.h>

#include "commands/output.h"
#include "commands/silence.h"
#include "model/text.h"
#include "report/pen.h"

#define ID_COLUMNS 16 /* of "sil_" and what follows */
#define INDENT 4
#define MAX_SCOPE 512
#define MAX_REASON 512

void
silence_put_scope(struct buf *out, const struct silence *s)
{
	if (strcmp(s->finding, "*") != 0)
		buf_printf(out, "%s of ", s->finding);
	buf_puts(out, s->target);
}

/* What ends first; `now` is the same in all of a list. */
struct entry {
	const struct silence *silence;
	bool over;
};

static int
compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->over != y->over)
		return x->over ? 1 : -1;
	if (x->silence->until != y->silence->until)
		return x->silence->until < y->silence->until ? -1 : 1;
	return strcmp(x->silence->target, y->silence->target);
}

/* "6 days left", "begins in 2 hours (...)", "over for 3 days". */
static void
put_when(struct buf *out, const struct silence *s, time_t now)
{
	char moment[MOMENT_SIZE];

	if (now >= s->until) {
		buf_puts(out, "over for ");
		duration_describe(out, now - s->until);
	} else if (now < s->from) {
		buf_puts(out, "begins in ");
		duration_describe(out, s->from - now);
		buf_printf(out, ", %s", moment_format(s->from, moment));
	} else {
		duration_describe(out, s->until - now);
		buf_puts(out, " left");
	}
}

static void
put_silence(struct pen *p, const struct memory *m, const struct silence *s)
{
	BUF_CLEANUP struct buf scope = { 0 }, facts = { 0 };
	char moment[MOMENT_SIZE];
	bool over = m->now >= s->until;

	silence_put_scope(&scope, s);
	put_when(&facts, s, m->now);
	if (s->by != NULL)
		buf_printf(&facts, ", by %s", s->by);
	if (!over) {
		buf_puts(&facts, ", covers ");
		text_count(&facts, memory_covered(m, s), "open incident",
			"open incidents");
	}
	pen_begin(p, MARK_NONE, PEN_NO_NUMBER, INDENT);
	pen_text(p, over ? PEN_DIM : PEN_BOLD,
		s->id != NULL ? s->id : "configuration", MAX_SCOPE);
	pen_pad(p, ID_COLUMNS);
	pen_printf(p, NULL, "  until %s  ", moment_format(s->until, moment));
	pen_text(p, PEN_BOLD, buf_str(&scope), MAX_SCOPE);
	pen_text(p, NULL, ": ", 2);
	pen_text(p, NULL, s->reason, MAX_REASON);
	pen_printf(p, NULL, " (%s)", buf_str(&facts));
	pen_end(p);
}

void
silence_list(struct buf *out, const struct memory *m)
{
	struct report_options show = { 0 };
	struct pen pen = { .out = out, .opt = &show };
	struct entry *v = mem_alloc((m->silences.n + 1) * sizeof(*v));

	output_terminal(&show);
	for (size_t i = 0; i < m->silences.n; i++) {
		v[i].silence = &m->silences.v[i];
		v[i].over = m->now >= v[i].silence->until;
	}
	if (m->silences.n > 0)
		qsort(v, m->silences.n, sizeof(*v), compare);
	else
		buf_puts(out, "There are no silences.\n");
	for (size_t i = 0; i < m->silences.n; i++)
		put_silence(&pen, m, v[i].silence);
	free(v);
}
