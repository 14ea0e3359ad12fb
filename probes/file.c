/* file.c - the certificates that a file holds */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
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
			observation_add_fault(ob, FAULT_FILE_UNREADABLE, 0,
				"want at most 16 MiB, have more");
			return -1;
		}
	}
	return 0;
}

static int
read_file(const char *path, struct buf *out, struct observation *ob)
{
	struct stat st;
	int fd, rc = -1;

	/* Without O_NONBLOCK a pipe would be waited for. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd == -1) {
		int missing = errno == ENOENT || errno == ENOTDIR;

		observation_add_fault(ob,
			missing ? FAULT_FILE_MISSING : FAULT_FILE_UNREADABLE, 0,
			missing ? "is not there: %s" : "cannot be opened: %s",
			strerror(errno));
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
	const char *format = blocks == 0 ? format_name(text) : NULL;

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

static int
file_run(const struct target *t, struct probe_io *io, struct observation **out,
	struct error *err)
{
	cleanup(observation_free) struct observation *ob = observation_new();
	BUF_CLEANUP struct buf text = { 0 };
	size_t blocks;

	(void)err;
	if (read_file(t->file, &text, ob) == 0) {
		blocks = pem_read(buf_str(&text), text.len, io->libctx, ob);
		/* Keys, requests and notes lie beside certificates. */
		if (ob->n_certs == 0 && ob->n_faults == 0 && !t->listed)
			tell_what_it_is(&text, blocks, ob);
		/* A key may have been in it. */
		if (text.s != NULL)
			explicit_bzero(text.s, text.len);
	}
	*out = ob;
	ob = NULL;
	return 0;
}

const struct probe probe_file = {
	.name = "file",
	.kind = TARGET_FILE,
	.run = file_run,
};
