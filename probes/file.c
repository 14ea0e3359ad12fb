/* file.c - the certificates that a file holds */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "model/buf.h"
#include "probes/pem.h"
#include "probes/probe.h"

#define MAX_FILE_BYTES (16 * 1024 * 1024)

static const char *
kind_of_node(mode_t mode)
{
	if (S_ISFIFO(mode))
		return "a pipe";
	if (S_ISSOCK(mode))
		return "a socket";
	return "a device";
}

static void
tell_too_long(struct observation *ob)
{
	observation_add_fault(
		ob, FAULT_FILE_TOO_LONG, 0, "want at most 16 MiB, have more");
}

/* Reads it whole. Returns 0, or -1 with a fault in `ob`. */
static int
read_all(int fd, struct buf *out, struct observation *ob)
{
	char chunk[65536];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			observation_add_fault(ob, FAULT_FILE_UNREADABLE, 0,
				"cannot be read: %s", strerror(errno));
			return -1;
		}
		buf_add(out, chunk, (size_t)n);
		if (out->len > MAX_FILE_BYTES) {
			tell_too_long(ob);
			return -1;
		}
	}
	return 0;
}

static void
tell_unopened(const char *path, int why, struct observation *ob)
{
	struct stat st;

	if (why != ENOENT && why != ENOTDIR)
		observation_add_fault(ob, FAULT_FILE_UNREADABLE, 0,
			"cannot be opened: %s", strerror(why));
	else if (target_is_pattern(path))
		observation_add_fault(
			ob, FAULT_FILE_MISSING, 0, "no file fits this pattern");
	else if (lstat(path, &st) == 0)
		observation_add_fault(ob, FAULT_FILE_MISSING, 0,
			"is a link to something that is not there");
	else
		observation_add_fault(ob, FAULT_FILE_MISSING, 0,
			"is not there: %s", strerror(why));
}

static int
read_file(const char *path, struct buf *out, struct observation *ob)
{
	struct stat st;
	int fd, rc = -1;

	/* Without O_NONBLOCK a pipe would be waited for. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd == -1) {
		tell_unopened(path, errno, ob);
		return -1;
	}
	if (fstat(fd, &st) == -1)
		observation_add_fault(ob, FAULT_FILE_UNREADABLE, 0,
			"cannot be examined: %s", strerror(errno));
	else if (S_ISDIR(st.st_mode))
		observation_add_fault(ob, FAULT_FILE_NO_CERTIFICATE, 0,
			"want certificates, have an empty folder");
	else if (!S_ISREG(st.st_mode))
		observation_add_fault(ob, FAULT_FILE_UNREADABLE, 0,
			"want a file, have %s", kind_of_node(st.st_mode));
	else if (st.st_size > MAX_FILE_BYTES)
		tell_too_long(ob);
	else
		rc = read_all(fd, out, ob);
	(void)close(fd);
	return rc;
}

/* What the first bytes say a file without PEM is; NULL: nothing known. */
static const char *
format_name(const struct buf *b)
{
	static const struct magic {
		const char *bytes;
		size_t n;
		const char *name;
	} magics[] = {
		{ "PK\x03\x04", 4, "a ZIP archive" },
		{ "\xfe\xed\xfe\xed", 4, "a Java keystore (JKS)" },
		{ "\xce\xce\xce\xce", 4, "a Java keystore (JCEKS)" },
		{ "\x1f\x8b", 2, "a gzip archive" },
		{ "\x30\x80", 2, "BER (PKCS#7 or PKCS#12)" },
		{ "\x30\x82", 2,
			"DER (a bare certificate, PKCS#7 or PKCS#12)" },
		{ "\x30\x83", 2, "DER (PKCS#7 or PKCS#12)" },
		{ "<!DOCTYPE", 9, "an HTML page" },
		{ "<!doctype", 9, "an HTML page" },
		{ "<html", 5, "an HTML page" },
		{ "MII", 3, "base64 without its BEGIN and END lines" },
		{ "\xff\xfe", 2, "UTF-16 text" },
		{ "\xfe\xff", 2, "UTF-16 text" },
		{ "-----BEGIN PKCS7-----", 21, "PKCS#7" },
	};

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (b->len >= magics[i].n &&
			memcmp(b->s, magics[i].bytes, magics[i].n) == 0)
			return magics[i].name;
	}
	return NULL;
}

static void
tell_what_it_is(const struct buf *text, size_t blocks, struct observation *ob)
{
	const char *format = format_name(text);

	if (text->len == 0)
		observation_add_fault(ob, FAULT_FILE_EMPTY, 0, "is empty");
	else if (format != NULL)
		observation_add_fault(
			ob, FAULT_FILE_FORMAT, 0, "want PEM, have %s", format);
	else if (blocks == 0)
		observation_add_fault(ob, FAULT_FILE_NO_CERTIFICATE, 0,
			"want a certificate in PEM, have none: there is no "
			"BEGIN line in it");
	else
		observation_add_fault(ob, FAULT_FILE_NO_CERTIFICATE, 0,
			"want a certificate, have only other things such as "
			"keys or requests");
}

static bool
has_ending(const char *path, const char *const endings[])
{
	const char *dot = strrchr(path, '.');

	for (; dot != NULL && *endings != NULL; endings++) {
		if (strcasecmp(dot, *endings) == 0)
			return true;
	}
	return false;
}

/* By a pattern that the operator wrote, not in the depth of a folder. */
static bool
met_by_pattern(const struct target *t)
{
	return t->origin != NULL && target_is_pattern(t->origin->file);
}

/*
 * Keys, requests and notes lie beside certificates, and are nobody's fault;
 * what is called a certificate and is none is, such as the empty file that a
 * renewal leaves on a full disk. A key is not for everybody to read.
 */
static bool
may_be_passed_over(
	const struct target *t, const struct observation *ob, size_t blocks)
{
	static const char *const certificates[] = { ".pem", ".crt", ".cer",
		NULL };
	static const char *const keys[] = { ".key", NULL };
	bool named = has_ending(t->file, certificates);

	if (!t->listed || ob->n_certs > 0 || ob->n_faults == 0)
		return false;
	switch (ob->faults[0].kind) {
	case FAULT_FILE_DAMAGED:
		return false;
	case FAULT_FILE_UNREADABLE:
		return has_ending(t->file, keys);
	case FAULT_FILE_EMPTY:
		return !named && !met_by_pattern(t);
	case FAULT_FILE_NO_CERTIFICATE:
		return !named || blocks > 0;
	default:
		return !named;
	}
}

static int
file_run(const struct target *t, struct probe_io *io, struct observation **out,
	struct error *err)
{
	cleanup(observation_free) struct observation *ob = observation_new();
	BUF_CLEANUP struct buf text = { 0 };
	size_t blocks = 0;

	(void)err;
	if (read_file(t->file, &text, ob) == 0) {
		blocks = pem_read(buf_str(&text), text.len, io->libctx, ob);
		if (ob->n_certs == 0 && ob->n_faults == 0)
			tell_what_it_is(&text, blocks, ob);
		/* A key may have been in it. */
		if (text.s != NULL)
			explicit_bzero(text.s, text.len);
	}
	if (may_be_passed_over(t, ob, blocks))
		observation_forget_faults(ob);
	*out = ob;
	ob = NULL;
	return 0;
}

const struct probe probe_file = {
	.name = "file",
	.kind = TARGET_FILE,
	.run = file_run,
};
