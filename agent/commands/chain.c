/* chain.c - the chain that a target should present, corrected */
#include <sys/stat.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands/ask_reach.h"
#include "commands/ask_rows.h"
#include "commands/ask_set.h"
#include "commands/bundle.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "commands/output.h"
#include "model/duration.h"
#include "model/text.h"
#include "scan/judge.h"
#include "scan/mend.h"

/* Lines about what was dropped, and about faults: a file may hold thousands. */
#define MAX_LINES 20

/* One line of the account, its text from anywhere. */
static void put(const char *what, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void
put(const char *what, const char *fmt, ...)
{
	BUF_CLEANUP struct buf line = { 0 };
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) == -1)
		mem_exhausted();
	va_end(ap);
	text_plain(&line, text);
	free(text);
	fprintf(stderr, "%-8s %s\n", what, buf_str(&line));
}

static void
tell_fetches(const struct mended *m)
{
	for (size_t i = 0; i < m->n_fetches; i++) {
		if (m->fetches[i].problem != NULL)
			put("failed", "%s: %s", m->fetches[i].url,
				m->fetches[i].problem);
	}
	if (m->need == REACH_PRIVATE || m->need == REACH_LOCAL)
		put("hint",
			"--allow-private lets it be fetched from such "
			"addresses");
}

static void
tell_kept(const struct ask *ask, const struct cert *c,
	const struct mend_note *note, const struct mended *m)
{
	const char *what = note->source == MEND_PRESENTED ? "keep" : "add";
	BUF_CLEANUP struct buf text = { 0 };

	buf_printf(&text, "'%s'", c->label);
	if (c->has_dates) {
		buf_puts(&text, ", ");
		duration_describe_end(&text, c->not_after, ask->now);
	}
	switch (note->source) {
	case MEND_PRESENTED:
		break;
	case MEND_LENT:
		buf_printf(&text, ", from %s", ask->base.intermediates);
		break;
	case MEND_STORE:
		buf_printf(&text, ", from the trust store");
		break;
	case MEND_FETCHED:
		buf_printf(&text, ", from %s", m->fetches[note->fetch].url);
		break;
	}
	put(what, "%s", buf_str(&text));
}

static void
tell_dropped(const struct ask *ask, const struct cert *c,
	const struct mend_note *note)
{
	BUF_CLEANUP struct buf when = { 0 };

	switch (note->fate) {
	case MEND_KEPT:
		put("drop", "'%s': comes %zu times", c->label, note->times);
		return;
	case MEND_ROOT:
		put("drop", "'%s': the root, which clients have", c->label);
		return;
	case MEND_LEAF:
		put("drop", "'%s': another leaf, which wants a file of its own",
			c->label);
		return;
	case MEND_SURPLUS:
		break;
	}
	if (c->has_dates && ask->now > c->not_after) {
		buf_puts(&when, "; it ");
		duration_describe_end(&when, c->not_after, ask->now);
	}
	put("drop", "'%s': not needed%s", c->label, buf_str(&when));
}

static void
tell_all_dropped(const struct ask *ask, const struct observation *ob,
	const struct mended *m)
{
	size_t lines = 0;

	for (size_t i = 0; i < observation_n_presented(ob); i++) {
		const struct mend_note *note = &m->notes[i];

		if (note->times == 0 ||
			(note->fate == MEND_KEPT && note->times == 1))
			continue;
		if (++lines <= MAX_LINES)
			tell_dropped(ask, &ob->certs[i], note);
	}
	if (lines > MAX_LINES)
		put("drop", "and %zu more", lines - MAX_LINES);
}

static void
tell_faults(const struct observation *ob)
{
	for (size_t i = 0; i < ob->n_faults && i < MAX_LINES; i++) {
		const struct fault *f = &ob->faults[i];

		put("note", "%s%s%s", f->file != NULL ? f->file : "",
			f->file != NULL ? ": " : "", f->text);
	}
}

static void
tell(const struct ask *ask, const struct observation *ob,
	const struct mended *m)
{
	tell_faults(ob);
	tell_fetches(m);
	for (size_t i = 0; i < m->n; i++)
		tell_kept(ask, &ob->certs[m->chain[i]], &m->notes[m->chain[i]],
			m);
	if (m->n == 0)
		return;
	tell_all_dropped(ask, ob, m);
	if (m->reordered)
		put("note", "the order was wrong");
	if (!m->changed)
		put("note", "it was complete and in order already");
}

/* The chain, where it was asked for. Returns the exit status. */
static int
hand_over(const struct ask *ask, const struct observation *ob,
	const struct mended *m)
{
	BUF_CLEANUP struct buf pem = { 0 };
	enum bundle_done done;
	struct error err;

	for (size_t i = 0; i < m->n; i++)
		bundle_add(&pem, &ob->certs[m->chain[i]], ask->write == NULL);
	if (ask->write == NULL) {
		if (fputs(buf_str(&pem), stdout) == EOF || fflush(stdout) != 0)
			return output_failed();
		return STATUS_OK;
	}
	if (bundle_write(ask->write, &pem, &done, &err) == -1)
		return command_fail("%s", err.text);
	put(done == BUNDLE_WRITTEN ? "written" : "same",
		done == BUNDLE_WRITTEN ? "%s"
				       : "%s: unchanged, it has this chain",
		ask->write);
	return STATUS_OK;
}

static int
mend(const struct ask *ask, struct library *lib, struct observation *ob)
{
	struct mend_request request = {
		.target = &ask->v[0],
		.now = ask->now,
		.allow_private = ask->allow_private,
	};
	struct mended m = { 0 };
	struct error err;
	int rc;

	request.trust = library_trust(lib, ask->v[0].set.trust, &err);
	if (request.trust == NULL)
		return command_fail("%s", err.text);
	rc = mend_chain(&request, ob, &m, &err);
	tell(ask, ob, &m);
	if (rc == 0) {
		rc = hand_over(ask, ob, &m);
	} else {
		rc = command_fail("%s: %s", ask->v[0].name, err.text);
		if (m.hint != NULL)
			put("hint", "%s", m.hint);
	}
	mended_release(&m);
	return rc;
}

static int
look_and_mend(const struct ask *ask, struct library *lib)
{
	const struct looker by = { .library = lib };
	struct observation *ob = NULL;
	struct error err;
	int rc;

	if (judge_look(&ask->v[0], &by, &ob, &err) == -1)
		rc = command_fail("%s", err.text);
	else if (ob->n_certs == 0)
		rc = command_fail("%s: %s", ask->v[0].name,
			ob->n_faults > 0 ? ob->faults[0].text
					 : "no certificate was presented");
	else
		rc = mend(ask, lib, ob);
	observation_free(ob);
	return rc;
}

/* A chain is that of one endpoint, or of one file. */
static int
check_target(const struct ask *ask)
{
	const struct target *t = &ask->v[0];
	struct stat st;
	bool there;

	if (ask->n != 1)
		return command_usage(
			&command_chain, "want one TARGET, have %zu", ask->n);
	if (t->kind == TARGET_ENDPOINT)
		return STATUS_OK;
	there = stat(t->file, &st) == 0;
	if (there && S_ISDIR(st.st_mode))
		return command_usage(&command_chain,
			"%s: want an endpoint or one file, have a folder",
			t->file);
	if (!there && target_is_pattern(t->file))
		return command_usage(&command_chain,
			"%s: want an endpoint or one file, have a pattern",
			t->file);
	return STATUS_OK;
}

static int
correct(struct ask *ask)
{
	struct library *lib;
	struct error err;
	int rc = check_target(ask);

	if (rc != STATUS_OK)
		return rc;
	lib = library_new(&err);
	if (lib == NULL)
		return command_fail("%s", err.text);
	rc = look_and_mend(ask, lib);
	library_free(lib);
	return rc;
}

static const struct asker asker = {
	.command = &command_chain,
	.run = correct,
};

static int
chain_run(int argc, char **argv)
{
	return ask_run(&asker, argc, argv);
}

static const struct option_row mending[] = {
	{ .name = "write",
		.value = { .word = "FILE", .completes = COMPLETES_FILE },
		.help = "put it in place of FILE, print nothing",
		.set = ask_set_write },
	{ .name = "intermediates",
		.value = { .word = "FILE", .completes = COMPLETES_FILE },
		.help = "take what is missing from here first",
		.set = ask_set_intermediates },
	ASK_TRUST_ROW,
	{ .name = "allow-private",
		.help = "fetch from private and loopback addresses too",
		.to = offsetof(struct ask, allow_private) },
	{ .name = "at",
		.value = { .word = "TIME" },
		.help = "judge dates as of then",
		.set = ask_set_moment },
	{ 0 },
};

static const struct option_row of_a_file[] = {
	{ .name = "role",
		.value = { .word = "ROLE",
			.completes = COMPLETES_WORD,
			.list = option_role_at },
		.help = "server, client or any (inferred)",
		.set = ask_set_role },
	ASK_PASSPHRASE_ROWS("opens a PKCS#12 file"),
	{ 0 },
};

static const struct option_row of_an_endpoint[] = {
	{ .name = "timeout",
		.letter = 't',
		.value = { .word = "SECONDS" },
		.help = "for the look, and for each fetch (10)",
		.set = ask_set_timeout },
	ASK_FAMILY_ROWS,
	{ .name = "sni",
		.value = { .word = "NAME" },
		.help = "ask for this name",
		.set = reach_as },
	ASK_ADDRESS_ROW,
	ASK_PROXY_ROWS,
	{ 0 },
};

static const struct option_group groups[] = {
	{ NULL, mending },
	{ "Of a file:", of_a_file },
	{ "Of an endpoint:", of_an_endpoint },
	{ 0 },
};

static const struct operand operands[] = {
	{ .repeated = false,
		.value = { .word = "TARGET", .completes = COMPLETES_TARGET } },
	{ 0 },
};

const struct command command_chain = {
	.name = "chain",
	.usage = "[OPTIONS] TARGET",
	.help = "the chain that a target should present, corrected",
	.options = groups,
	.operands = operands,
	.above =
		"Print the chain that an endpoint or a file should present, in "
		"PEM: leaf first,\n"
		"then its issuers in order, what is missing added, surplus and "
		"root left out.\n"
		"What was done is told on standard error.\n",
	.below =
		"Exit status: 0, or 3 where there is no chain that holds: then "
		"nothing is\n"
		"printed or written.\n",
	.run = chain_run,
};
