/* bundle.c - a chain as a PEM file, put in place of the old one at once */
#include <sys/stat.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "commands/aside.h"
#include "commands/bundle.h"
#include "model/duration.h"
#include "model/text.h"
#include "probes/file/disk.h"

DEFINE_CLEANUP(BIO, BIO_free_all)

/* OpenSSL reads lines of up to 254 bytes, and what follows as another one. */
#define MAX_REMARK 160

/* Some readers look for a BEGIN within lines too. */
static void
add_harmless(struct buf *out, const char *s)
{
	size_t dashes = 0;

	for (; *s != '\0'; s++) {
		dashes = *s == '-' ? dashes + 1 : 0;
		buf_putc(out, dashes < 5 ? *s : '.');
		if (dashes == 5)
			dashes = 0;
	}
}

static void
add_remark(struct buf *out, const struct cert *c)
{
	BUF_CLEANUP struct buf name = { 0 };
	char begin[MOMENT_SIZE], end[MOMENT_SIZE];
	size_t n;

	text_plain(&name, *c->subject != '\0' ? c->subject : c->label);
	n = name.len;
	if (n > MAX_REMARK) {
		/* Not within a character of several bytes. */
		n = MAX_REMARK;
		while (n > 0 && ((unsigned char)name.s[n] & 0xc0) == 0x80)
			n--;
		name.s[n] = '\0';
	}
	buf_puts(out, "# ");
	add_harmless(out, buf_str(&name));
	if (n < name.len)
		buf_puts(out, "...");
	if (c->has_dates)
		buf_printf(out, ", %s to %s", moment_date(c->not_before, begin),
			moment_date(c->not_after, end));
	buf_putc(out, '\n');
}

void
bundle_add(struct buf *out, const struct cert *c, bool remark)
{
	cleanup(BIO_free_all) BIO *bio = BIO_new(BIO_s_mem());
	char *p = NULL;
	long n;

	if (bio == NULL || PEM_write_bio_X509(bio, c->x509) != 1)
		mem_exhausted();
	n = BIO_get_mem_data(bio, &p);
	if (remark)
		add_remark(out, c);
	buf_add(out, p, (size_t)n);
}

/* Each block in turn, by its label. Returns 0, or -1 and *err. */
static int
check_blocks(const char *path, const struct buf *old, struct error *err)
{
	static const char begin[] = "-----BEGIN ";
	const char *p = buf_str(old), *end = p + old->len;
	size_t certs = 0;

	while ((p = memmem(p, (size_t)(end - p), begin, sizeof(begin) - 1)) !=
		NULL) {
		size_t n;

		p += sizeof(begin) - 1;
		n = strcspn(p, "-\r\n");
		if (n > 64 || memmem(p, n, "CERTIFICATE", 11) == NULL ||
			memmem(p, n, "REQUEST", 7) != NULL)
			return error_set(err, ERROR_USAGE,
				"%s: want a file of PEM certificates alone to "
				"replace, have \"%.*s\" in it",
				path, n > 64 ? 64 : (int)n, p);
		certs++;
	}
	if (certs == 0 && old->len > 0)
		return error_set(err, ERROR_USAGE,
			"%s: want a file of PEM certificates to replace, have "
			"something else",
			path);
	return 0;
}

static int
check_old(const char *path, const struct buf *old, struct error *err)
{
	/* However it is written: it would be lost. */
	if (old->len > 0 && memmem(old->s, old->len, "PRIVATE KEY", 11) != NULL)
		return error_set(err, ERROR_USAGE,
			"%s: holds a private key, which would be lost; write "
			"the chain to another file and put the key to it",
			path);
	return check_blocks(path, old, err);
}

/* The certificates of a text in DER, one after the other. */
static void
add_der(struct buf *out, const struct buf *pem)
{
	cleanup(BIO_free_all)
		BIO *bio = BIO_new_mem_buf(buf_str(pem), (int)pem->len);
	char *label = NULL, *header = NULL;
	unsigned char *der = NULL;
	long n;

	if (bio == NULL)
		mem_exhausted();
	ERR_set_mark();
	while (PEM_read_bio(bio, &label, &header, &der, &n) == 1) {
		buf_puts(out, label);
		buf_add(out, der, (size_t)n);
		OPENSSL_free(label);
		OPENSSL_free(header);
		OPENSSL_free(der);
	}
	ERR_pop_to_mark();
}

static size_t
count_lines(const struct buf *b, const char *line)
{
	const char *p = buf_str(b);
	size_t n = 0;

	for (; (p = strstr(p, line)) != NULL; p++)
		n++;
	return n;
}

/* A block that cannot be read would be missing in the one, not in count. */
static bool
is_same(const struct buf *old, const struct buf *pem)
{
	BUF_CLEANUP struct buf a = { 0 };
	BUF_CLEANUP struct buf b = { 0 };

	add_der(&a, old);
	add_der(&b, pem);
	return a.len == b.len && memcmp(buf_str(&a), buf_str(&b), a.len) == 0 &&
		count_lines(old, PEM_STRING_X509) ==
		count_lines(pem, PEM_STRING_X509);
}

/* 0 and what is there in *old and *st; 1: nothing is; -1 and *err. */
static int
read_old(const char *path, struct buf *old, struct stat *st, struct error *err)
{
	cleanup(observation_free) struct observation *ob = observation_new();
	struct stat named;
	char to[PATH_MAX] = "";

	if (lstat(path, &named) == -1)
		return errno == ENOENT ? 1 : error_sys(err, "%s", path);
	if (S_ISLNK(named.st_mode)) {
		if (readlink(path, to, sizeof(to) - 1) == -1)
			return error_sys(err, "%s", path);
		return error_set(err, ERROR_USAGE,
			"%s: is a link to %s: name the file itself", path, to);
	}
	if (disk_read(path, path, old, st, ob) == -1)
		return error_set(
			err, ERROR_IO, "%s: %s", path, ob->faults[0].text);
	/* What was read was reached by a link that has come meanwhile. */
	if (named.st_dev != st->st_dev || named.st_ino != st->st_ino)
		return error_set(err, ERROR_IO,
			"%s: was replaced while it was read; try again", path);
	return 0;
}

static int
replace(const char *path, const struct buf *pem, const struct stat *old,
	struct error *err)
{
	struct aside a;

	if (aside_open(path, &a, err) == -1)
		return -1;
	(void)fwrite(pem->s, 1, pem->len, a.to);
	return aside_commit(&a, old, err);
}

int
bundle_write(const char *path, const struct buf *pem, enum bundle_done *done,
	struct error *err)
{
	BUF_CLEANUP struct buf old = { 0 };
	struct stat st;
	int there = read_old(path, &old, &st, err), rc = 0;

	if (there == -1)
		return -1;
	if (there == 0)
		rc = check_old(path, &old, err);
	if (rc == 0 && there == 0 && is_same(&old, pem)) {
		*done = BUNDLE_UNCHANGED;
	} else if (rc == 0) {
		rc = replace(path, pem, there == 0 ? &st : NULL, err);
		if (rc == 0)
			*done = BUNDLE_WRITTEN;
	}
	disk_wipe(&old);
	return rc;
}
