/* test_file.c - the file probe: PEM in every shape it comes in, and damage */
#include "tests/unit/unit.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "probes/pem.h"
#include "probes/probes.h"
#include "tests/support/mkcert.h"

static char *pem; /* one certificate, as openssl writes it */
static char *request; /* a PEM block of another kind */

static int
make_material(void **state)
{
	EVP_PKEY *key = mkcert_key(MKCERT_P256);
	struct mkcert m = { .key = key,
		.cn = "a.example",
		.not_before = 1700000000,
		.not_after = 1800000000 };
	X509 *x509 = mkcert_make(&m);
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	(void)state;
	assert_int_equal(PEM_write_bio_X509(bio, x509), 1);
	n = BIO_get_mem_data(bio, &text);
	pem = str_ndup(text, (size_t)n);
	(void)BIO_reset(bio);
	assert_int_equal(PEM_write_bio_PUBKEY(bio, key), 1);
	n = BIO_get_mem_data(bio, &text);
	request = str_ndup(text, (size_t)n);
	BIO_free(bio);
	X509_free(x509);
	EVP_PKEY_free(key);
	return 0;
}

static int
free_material(void **state)
{
	(void)state;
	free(pem);
	free(request);
	return 0;
}

/* `pem` with every `from` replaced by `to`. */
static void
add_replaced(struct buf *out, const char *from, const char *to)
{
	const char *p = pem, *hit;

	while ((hit = strstr(p, from)) != NULL) {
		buf_add(out, p, (size_t)(hit - p));
		buf_puts(out, to);
		p = hit + strlen(from);
	}
	buf_puts(out, p);
}

static void
good(struct buf *out)
{
	buf_puts(out, pem);
}

static void
two(struct buf *out)
{
	good(out);
	good(out);
}

static void
crlf(struct buf *out)
{
	add_replaced(out, "\n", "\r\n");
}

static void
bom_and_notes(struct buf *out)
{
	buf_puts(out,
		"\xef\xbb\xbf"
		"Bag Attributes\n  name: x\n\n\n");
	good(out);
	buf_puts(out, "trailing words\n");
}

static void
one_long_line(struct buf *out)
{
	const char *body = strchr(pem, '\n') + 1;
	const char *end = strstr(pem, "-----END");

	buf_puts(out, "-----BEGIN CERTIFICATE-----\n");
	for (; body < end; body++) {
		if (*body != '\n')
			buf_putc(out, *body);
	}
	buf_puts(out, "\n");
	buf_puts(out, end);
}

static void
blank_lines(struct buf *out)
{
	buf_puts(out, "\n \n");
	add_replaced(out, "\n", " \t\n");
	buf_puts(out, "\n\n");
}

static void
blank_within(struct buf *out)
{
	const char *second = strchr(strchr(pem, '\n') + 1, '\n') + 1;

	buf_add(out, pem, (size_t)(second - pem));
	buf_puts(out, "\n");
	buf_puts(out, second);
}

static void
blank_before_end(struct buf *out)
{
	add_replaced(out, "-----END", "\n-----END");
}

static void
indented(struct buf *out)
{
	buf_puts(out, "  ");
	add_replaced(out, "\n", "\n  ");
}

static void
good_and_indented(struct buf *out)
{
	buf_puts(out, pem);
	indented(out);
}

static void
four_dashes(struct buf *out)
{
	buf_puts(out, pem + 1);
	buf_puts(out, pem);
}

static void
words_behind_begin(struct buf *out)
{
	add_replaced(
		out, "BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE----- # www");
}

static void
words_behind_end(struct buf *out)
{
	add_replaced(out, "END CERTIFICATE-----", "END CERTIFICATE----- www");
}

static void
other_label(struct buf *out)
{
	add_replaced(out, " CERTIFICATE", " X509 CERTIFICATE");
}

/* TRUSTED CERTIFICATE, and garbage where its trust settings should be. */
static void
bad_trust_settings(struct buf *out)
{
	BUF_CLEANUP struct buf text = { 0 };
	char *end;

	add_replaced(&text, " CERTIFICATE", " TRUSTED CERTIFICATE");
	end = strstr(text.s, "-----END");
	/* 0xff after the last byte: base64 that ends without "=" goes on */
	buf_add(out, text.s, (size_t)(end - text.s));
	buf_puts(out, "////\n");
	buf_puts(out, end);
}

static void
with_other_block(struct buf *out)
{
	buf_puts(out, request);
	good(out);
}

static void
no_final_newline(struct buf *out)
{
	buf_add(out, pem, strlen(pem) - 1);
}

static void
cut_short(struct buf *out)
{
	good(out);
	buf_add(out, pem, strlen(pem) / 2);
}

static void
cut_then_good(struct buf *out)
{
	buf_add(out, pem, 128);
	buf_putc(out, '\n');
	good(out);
}

static void
lost_line(struct buf *out)
{
	const char *second = strchr(strchr(pem, '\n') + 1, '\n') + 1;

	buf_puts(out, "-----BEGIN CERTIFICATE-----\n");
	buf_puts(out, second);
}

static void
not_base64(struct buf *out)
{
	add_replaced(out, "\nM", "\n!");
	good(out);
}

static void
end_and_begin_on_one_line(struct buf *out)
{
	buf_add(out, pem, strlen(pem) - 1);
	good(out);
}

static void
empty_block(struct buf *out)
{
	buf_puts(out,
		"-----BEGIN CERTIFICATE-----\n"
		"-----END CERTIFICATE-----\n");
}

static void
many(struct buf *out)
{
	for (int i = 0; i < OBSERVATION_MAX_CERTS + 5; i++)
		good(out);
}

static void
texts_are_read(void **state)
{
	static const struct {
		const char *name;
		void (*make)(struct buf *out);
		size_t certs, damaged, line; /* of the first damage */
	} rows[] = {
		{ "good", good, 1, 0, 0 },
		{ "two", two, 2, 0, 0 },
		{ "CRLF", crlf, 1, 0, 0 },
		{ "BOM and notes", bom_and_notes, 1, 0, 0 },
		{ "one long line", one_long_line, 1, 0, 0 },
		{ "blank lines around, trailing blanks", blank_lines, 1, 0, 0 },
		{ "a blank line in the base64", blank_within, 1, 1, 1 },
		{ "a blank line before END", blank_before_end, 1, 1, 1 },
		{ "indented", indented, 0, 1, 1 },
		{ "indented beside a good one", good_and_indented, 1, 1, 2 },
		{ "four dashes", four_dashes, 1, 1, 1 },
		{ "words behind BEGIN", words_behind_begin, 1, 1, 1 },
		{ "words behind END", words_behind_end, 1, 1, 1 },
		{ "X509 CERTIFICATE", other_label, 1, 0, 0 },
		{ "bad trust settings", bad_trust_settings, 0, 1, 1 },
		{ "beside another block", with_other_block, 1, 0, 0 },
		{ "no final newline", no_final_newline, 1, 0, 0 },
		{ "second one cut short", cut_short, 1, 1, 10 },
		{ "first one cut short", cut_then_good, 1, 1, 1 },
		{ "a lost line", lost_line, 0, 1, 1 },
		{ "no base64", not_base64, 1, 1, 1 },
		{ "END and BEGIN on one line", end_and_begin_on_one_line, 2, 1,
			1 },
		{ "nothing between", empty_block, 0, 1, 1 },
		{ "more than the bound", many, OBSERVATION_MAX_CERTS, 1, 2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(observation_free) struct observation *ob =
			observation_new();
		BUF_CLEANUP struct buf text = { 0 };

		rows[i].make(&text);
		pem_read(buf_str(&text), text.len, NULL, ob);
		if (ob->n_certs != rows[i].certs ||
			ob->n_faults != rows[i].damaged)
			fail_msg("%s: have %zu certificates, %zu faults (%s)",
				rows[i].name, ob->n_certs, ob->n_faults,
				ob->n_faults > 0 ? ob->faults[0].text : "");
		if (ob->n_faults == 0)
			continue;
		assert_int_equal(ob->faults[0].kind,
			rows[i].make == many ? FAULT_FILE_UNREADABLE
				: rows[i].make == indented
				? FAULT_FILE_NO_CERTIFICATE
				: FAULT_FILE_DAMAGED);
		if (rows[i].line == 1 ? ob->faults[0].line != 1
				      : ob->faults[0].line < rows[i].line)
			fail_msg("%s: want line %zu, have %zu", rows[i].name,
				rows[i].line, ob->faults[0].line);
	}
}

/* What probe_file says of the file at `path`. */
static struct observation *
look(const char *path, bool listed)
{
	struct target t = {
		.kind = TARGET_FILE, .file = path, .listed = listed
	};
	struct probe_io io = { 0 };
	struct observation *ob;
	struct error err;

	assert_int_equal(probe_file.run(&t, &io, &ob, &err), 0);
	return ob;
}

static void
other_files_are_told_apart(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum fault_kind kind;
		const char *word;
	} rows[] = {
		{ "", 0, FAULT_FILE_EMPTY, "empty" },
		{ "PK\x03\x04zip", 7, FAULT_FILE_FORMAT, "ZIP" },
		{ "\x30\x82\x01\x00", 4, FAULT_FILE_FORMAT, "DER" },
		{ "\xfe\xed\xfe\xed", 4, FAULT_FILE_FORMAT, "JKS" },
		{ "<!DOCTYPE html>", 15, FAULT_FILE_FORMAT, "HTML" },
		{ "MIIBIjAN", 8, FAULT_FILE_FORMAT, "BEGIN" },
		{ "-----BEGIN PKCS7-----\n", 22, FAULT_FILE_FORMAT, "PKCS#7" },
		{ "\xff\xfe-\0", 4, FAULT_FILE_FORMAT, "UTF-16" },
		{ "hello\n", 6, FAULT_FILE_NO_CERTIFICATE, "no BEGIN" },
		{ "a\0b", 3, FAULT_FILE_NO_CERTIFICATE, "no BEGIN" },
	};
	char path[] = "/tmp/certvigil-unit-XXXXXX.pem";
	char other[] = "/tmp/certvigil-unit-XXXXXX.txt";
	int fd = mkstemps(path, 4);

	(void)state;
	assert_true(fd != -1);
	memcpy(other, path, sizeof(path) - 4);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct observation *ob;

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(
			pwrite(fd, rows[i].bytes, rows[i].n, 0), rows[i].n);
		ob = look(path, false);
		assert_int_equal(ob->n_faults, 1);
		assert_int_equal(ob->faults[0].kind, rows[i].kind);
		assert_non_null(strstr(ob->faults[0].text, rows[i].word));
		observation_free(ob);
		/* called a certificate, it is told; else nobody minds */
		ob = look(path, true);
		assert_int_equal(ob->n_faults, 1);
		observation_free(ob);
		assert_int_equal(rename(path, other), 0);
		ob = look(other, true);
		assert_int_equal(ob->n_faults, 0);
		observation_free(ob);
		assert_int_equal(rename(other, path), 0);
	}
	/* sparse: 16 MiB and one byte */
	assert_int_equal(ftruncate(fd, 16 * 1024 * 1024 + 1), 0);
	{
		struct observation *ob = look(path, false);

		assert_int_equal(ob->faults[0].kind, FAULT_FILE_TOO_LONG);
		observation_free(ob);
	}
	close(fd);
	unlink(path);
}

static void
what_is_no_file(void **state)
{
	char folder[] = "/tmp/certvigil-unit-XXXXXX", pipe_path[64];
	struct observation *ob;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(pipe_path, sizeof(pipe_path), "%s/pipe", folder);
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	ob = look(pipe_path, false); /* and nobody waits for a writer */
	assert_int_equal(ob->faults[0].kind, FAULT_FILE_UNREADABLE);
	observation_free(ob);
	ob = look(folder, false);
	assert_int_equal(ob->faults[0].kind, FAULT_FILE_NO_CERTIFICATE);
	observation_free(ob);
	unlink(pipe_path);
	ob = look(pipe_path, false);
	assert_int_equal(ob->faults[0].kind, FAULT_FILE_MISSING);
	observation_free(ob);
	rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_read),
		cmocka_unit_test(other_files_are_told_apart),
		cmocka_unit_test(what_is_no_file),
	};

	return cmocka_run_group_tests(tests, make_material, free_material);
}
