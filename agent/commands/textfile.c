/* textfile.c - metrics of a scan for node_exporter, once it has told */
#include <sys/stat.h>

#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/journal.h"
#include "commands/memory.h"
#include "commands/output.h"
#include "commands/textfile.h"
#include "model/text.h"

static void
write_file(const struct config *c, const struct results *rs,
	const struct standing *standing)
{
	const struct report_options opt = { .standing = standing,
		.compat = (unsigned)c->compat };
	struct error err;

	if (output_file(c->textfile, false, report_find("prometheus"), rs, &opt,
		    &err) == -1)
		journal_textfile(err.text);
}

static int
show(const struct round *round, const struct config *c,
	const struct results *rs, const struct standing *standing)
{
	struct report_options opt = round->show;

	opt.standing = standing;
	opt.compat = (unsigned)c->compat;
	if (output_report(round->report, rs, &opt) == -1)
		return output_failed();
	return STATUS_OK;
}

int
textfile_end(const struct round *round, const struct config *c,
	struct state *st, const struct results *rs)
{
	bool shows = !round->quiet && round->report->tells_standing;
	bool writes = c->textfile != NULL && !round->rehearsal;
	struct memory m = { .config = c };
	struct messages messages = { 0 };
	struct error err;
	int rc = STATUS_OK;

	if (!shows && !writes)
		return STATUS_OK;
	if (memory_read(&m, st, round->now, &err) == -1 ||
		outbox_pending(st, &messages, &err) == -1) {
		rc = command_fail("%s", err.text);
	} else {
		const struct standing standing = memory_standing(&m, &messages);

		if (writes)
			write_file(c, rs, &standing);
		if (shows)
			rc = show(round, c, rs, &standing);
	}
	messages_release(&messages);
	memory_release(&m);
	return rc;
}

void
textfile_note(struct buf *out, const struct config *c)
{
	cleanup(str_free) char *path = NULL;
	const char *folder;
	struct stat st;

	if (c->textfile == NULL)
		return;
	path = str_dup(c->textfile);
	folder = dirname(path);
	if (stat(folder, &st) == 0 && S_ISDIR(st.st_mode))
		return;
	buf_puts(out, "note: textfile: there is no folder ");
	text_plain(out, folder);
	buf_puts(out, ", and a scan makes none\n");
}
