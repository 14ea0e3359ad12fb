/* look.c - what went wrong with the look itself, and how TLS was spoken */
#include <string.h>

#include <openssl/ssl.h>

#include "checks/check.h"
#include "checks/client/client.h"
#include "checks/endpointhint.h"
#include "checks/role.h"

static const char *const fault_ids[FAULT_KINDS] = {
	[FAULT_FILE_MISSING] = "file.missing",
	[FAULT_FILE_VANISHED] = "file.missing",
	[FAULT_FILE_UNREADABLE] = "file.unreadable",
	[FAULT_FILE_TOO_LONG] = "file.unreadable",
	[FAULT_FILE_EMPTY] = "file.empty",
	[FAULT_FILE_NO_CERTIFICATE] = "file.no-certificate",
	[FAULT_FILE_FORMAT] = "file.format",
	[FAULT_FILE_DAMAGED] = "file.damaged",
	[FAULT_FILE_LAYOUT] = "file.layout",
	[FAULT_FILE_PASSWORD] = "file.password",
	[FAULT_FILE_LEGACY] = "file.legacy-encryption",
	[FAULT_UNREACHABLE] = "endpoint.unreachable",
	[FAULT_TIMEOUT] = "endpoint.timeout",
	[FAULT_NOT_TLS] = "endpoint.not-tls",
	[FAULT_STARTTLS] = "endpoint.starttls",
	[FAULT_HANDSHAKE] = "endpoint.handshake",
	[FAULT_NO_ANSWER] = "endpoint.no-answer",
};

/* Faults of one kind that are quoted; the others are counted. */
#define MAX_QUOTED 3
/* Other files of which faults of one kind are told. */
#define MAX_FILES 100

/* Faults of one look, and of which file it was if not the target's own. */
struct look {
	const struct observation *ob;
	const struct target *target;
	const char *path; /* NULL: the target's own */
	struct findings *out;
};

static bool
is_same_file(const struct fault *f, const char *file)
{
	if (f->file == NULL || file == NULL)
		return f->file == file;
	return strcmp(f->file, file) == 0;
}

/* What a fault is quoted with: the path of a file that is not the target's. */
static void
name_file(struct buf *text, const struct look *look, const char *path)
{
	const char *key = look->target->key;

	if (path != NULL)
		buf_printf(text, "%s%s: ",
			key != NULL && strcmp(path, key) == 0 ? "key file "
							      : "",
			path);
}

/* The words of all faults of a kind in a file; the first one's line. */
static size_t
quote_faults(struct buf *text, const struct look *look, enum fault_kind kind,
	const char *file)
{
	size_t seen = 0, line = 0;

	for (size_t i = 0; i < look->ob->n_faults; i++) {
		const struct fault *f = &look->ob->faults[i];

		if (f->kind != kind || !is_same_file(f, file) ||
			++seen > MAX_QUOTED)
			continue;
		if (seen > 1)
			buf_puts(text, "; ");
		else
			line = f->line;
		buf_puts(text, f->text);
	}
	if (seen > MAX_QUOTED)
		buf_printf(text, "; and %zu more", seen - MAX_QUOTED);
	return line;
}

/*
 * In a folder all kinds of files lie about. One that needs a passphrase, where
 * none is configured, was never meant to be opened.
 */
static bool
is_locked_stranger(const struct look *look, enum fault_kind kind)
{
	return kind == FAULT_FILE_PASSWORD && look->target->listed &&
		look->target->passphrase == NULL;
}

static void
tell_stranger(const struct look *look, struct buf *text, const char *path)
{
	struct finding *f;

	if (path == NULL && look->ob->n_certs == 0) {
		buf_reset(text);
		buf_puts(text,
			"holds certificates that need a passphrase; none is "
			"configured, so they are not judged");
	}
	f = findings_add(look->out, "file.password",
		path != NULL ? path : look->target->address, "%s",
		buf_str(text));
	f->severity = SEV_OK;
	finding_hint(f,
		"Name the file that holds the passphrase as `passphrase_file`, "
		"or exclude this one.");
}

/* Right behind the words "in time", wherever in the text they are. */
static void
add_limit(struct buf *text, const struct target *t)
{
	static const char words[] = " in time";
	char *at = text->len > 0 ? strstr(text->s, words) : NULL;
	cleanup(str_free) char *rest = NULL;

	if (at != NULL) {
		at += sizeof(words) - 1;
		rest = str_dup(at);
		text->len = (size_t)(at - text->s);
		*at = '\0';
	}
	buf_puts(text, " (limit ");
	duration_format_ms(text, t->set.timeout_ms);
	buf_putc(text, ')');
	if (rest != NULL)
		buf_puts(text, rest);
}

/*
 * All faults of a kind in a file are one finding: its subject is the target's
 * address or the file's path, by which two could not be told apart from scan
 * to scan.
 */
static void
tell_faults(const struct look *look, enum fault_kind kind, const char *file)
{
	const char *path = file != NULL ? file : look->path;
	struct buf text BUF_CLEANUP = { 0 };
	struct finding *f;
	size_t line;

	name_file(&text, look, path);
	line = quote_faults(&text, look, kind, file);
	if (is_locked_stranger(look, kind)) {
		tell_stranger(look, &text, path);
		return;
	}
	if (kind == FAULT_TIMEOUT)
		add_limit(&text, look->target);
	f = findings_add(look->out, fault_ids[kind],
		path != NULL ? path : look->target->address, "%s",
		buf_str(&text));
	endpoint_hint(f, kind, look->ob->handshake, look->target);
	/* Who removes a certificate from a folder mostly means to. */
	if (kind == FAULT_FILE_VANISHED)
		f->severity = SEV_OK;
	if (line > 0)
		finding_detail(f, "line", json_integer((json_int_t)line));
}

static bool
is_told(const struct look *look, enum fault_kind kind)
{
	const struct target *t = look->target;

	switch (kind) {
	case FAULT_FILE_LAYOUT:
		return t->profile != NULL && t->profile->layout;
	case FAULT_FILE_PASSWORD:
	case FAULT_FILE_LEGACY:
		/* Of a deployed file the certificates alone are wanted. */
		return look->path == NULL || look->ob->n_certs == 0;
	case FAULT_HANDSHAKE:
	case FAULT_NO_ANSWER:
	case FAULT_TIMEOUT:
		return !client_explains(look->ob, t, kind);
	default:
		return true;
	}
}

static void
tell_kind(const struct look *look, enum fault_kind kind, bool others)
{
	struct strlist told = { 0 };
	bool own = false;

	for (size_t i = 0; i < look->ob->n_faults; i++) {
		const struct fault *f = &look->ob->faults[i];

		if (f->kind != kind)
			continue;
		if (f->file == NULL) {
			if (!own)
				tell_faults(look, kind, NULL);
			own = true;
		} else if (others && told.n < MAX_FILES &&
			!strlist_has(&told, f->file)) {
			tell_faults(look, kind, f->file);
			strlist_add(&told, f->file);
		}
	}
	strlist_release(&told);
}

static void
tell_look(const struct look *look)
{
	const struct target *t = look->target;
	bool others = true;

	if (look->ob->n_faults == 0)
		return;
	/* In a folder a pattern names keys, also for CAs, which have none. */
	if (t->listed && role_is_ca(role_of(look->ob, t)))
		others = false;
	for (int kind = 0; kind < FAULT_KINDS; kind++) {
		if (is_told(look, (enum fault_kind)kind))
			tell_kind(look, (enum fault_kind)kind, others);
	}
}

/* What the endpoint should be serving: its faults are of that file. */
static void
tell_deployed(const struct observation *ob, const struct target *t,
	struct findings *out)
{
	const struct look look = { ob->deployed, t, t->set.deployed, out };

	if (ob->deployed != NULL)
		tell_look(&look);
}

static void
tell_protocol(const struct handshake *hs, const struct target *t,
	struct findings *out)
{
	if (hs->version == 0 || hs->version > TLS1_1_VERSION)
		return;
	findings_add(out, "endpoint.protocol", t->address,
		"want TLS 1.2 or newer, have %s",
		hs->protocol != NULL ? hs->protocol : "an older one");
}

static void
look_run(const struct observation *ob, const struct policy *pol, time_t now,
	struct findings *out)
{
	const struct look look = { ob, pol->target, NULL, out };

	(void)now;
	tell_look(&look);
	tell_protocol(ob->handshake, pol->target, out);
	if (pol->trust_problem != NULL && ob->n_certs > 0)
		findings_add(out, "trust.unreadable", pol->target->set.trust,
			"trust was not judged: %s", pol->trust_problem);
	tell_deployed(ob, pol->target, out);
}

const struct check check_look = { .name = "look", .run = look_run };
