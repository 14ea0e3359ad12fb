/* test_file_formats.c - the file probe: what a file is, and its layout */
#include "tests/unit/file_world.h"

#define BYTES(s) (s), sizeof(s) - 1

struct row {
	const char *bytes;
	size_t n;
	const char *faults, *word;
};

static const struct row rows[] = {
	{ BYTES(""), "empty", "is empty" },
	{ BYTES(" \r\n\t\n"), "empty", "nothing but blanks" },
	{ BYTES("\0\0\0\0\0\0"), "empty", "nothing but zero bytes" },
	/* R10: a download */
	{ BYTES("PK\x03\x04zip"), "format", "have a ZIP archive" },
	{ BYTES("PK\x05\x06"), "format", "have an empty ZIP archive" },
	{ BYTES("\xfe\xed\xfe\xed\0\0\0\x02"), "format", "(JKS)" },
	{ BYTES("\xce\xce\xce\xce\0\0\0\x02"), "format", "(JCEKS)" },
	{ BYTES("\x1f\x8b\x08"), "format", "have a gzip archive" },
	{ BYTES("BZh91AY&SY"), "format", "have a bzip2 archive" },
	{ BYTES("\xfd"
		"7zXZ\0"),
		"format", "have an xz archive" },
	{ BYTES("%PDF-1.7"), "format", "have a PDF" },
	{ BYTES("{\\rtf1 x}"), "format", "have a rich text" },
	{ BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "format", "Office" },
	{ BYTES("<!DOCTYPE html>"), "format", "have an HTML page" },
	{ BYTES("\xef\xbb\xbf\r\n <HTML>"), "format", "have an HTML page" },
	{ BYTES("MIIBIjAN\nBgkq/+A=\r\n"), "format", "base64 without its" },
	{ BYTES("\xff\xfe-\0-\0"), "format", "have UTF-16 text" },
	{ BYTES("-\0-\0-\0-\0"), "format", "have UTF-16 text" },
	{ BYTES("\0-\0-\0-\0-"), "format", "have UTF-16 text" },
	/* and what is none of these */
	{ BYTES("hello\n"), "none", "there is no BEGIN line" },
	{ BYTES("0123456789\n"), "none", "there is no BEGIN line" },
	{ BYTES("0"), "none", "there is no BEGIN line" },
	{ BYTES("MIInutes of the meeting\n"), "none", "no BEGIN line" },
	{ BYTES("a\0b"), "none", "there is no BEGIN line" },
	{ BYTES("PK is short for nothing\n"), "none", "no BEGIN line" },
	{ BYTES("\x30\x82"), "none", "there is no BEGIN line" },
	{ BYTES("ssh-ed25519 AAAAC3Nz x@y\n"), "none", "no BEGIN line" },
};

static void
other_files_are_told_apart(void **state)
{
	static const char *const names[] = { "x.pem", "x.crt", "x.CER", "x.der",
		"x.p7b", "x.p7c", "x.p12", "x.pfx" };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf bytes = { 0 };
		cleanup(str_free) char *name = str_fmt("row %zu", i);
		struct observation *ob;

		buf_add(&bytes, rows[i].bytes, rows[i].n);
		ob = world_look_at("x.crt", &bytes, &(struct target){ 0 });
		world_expect(name, ob, 0, rows[i].faults, rows[i].word);
		assert_null(ob->format);
		observation_free(ob);
		/* R34: called a certificate it is told; else nobody minds */
		ob = world_look_at(names[i % COUNT(names)], &bytes,
			&(struct target){ .listed = true });
		world_expect(name, ob, 0, rows[i].faults, rows[i].word);
		observation_free(ob);
		ob = world_look_at(
			"x.srl", &bytes, &(struct target){ .listed = true });
		world_expect(name, ob, 0, "", NULL);
		observation_free(ob);
	}
}

/* What OpenSSL would find in it is judged all the same. */
static void
archives_are_no_pem(void **state)
{
	BUF_CLEANUP struct buf bytes = { 0 };
	struct observation *ob;

	(void)state;
	buf_puts(&bytes, "www.pem");
	while (bytes.len < 257)
		buf_putc(&bytes, '\0');
	buf_add(&bytes, "ustar\0", 6);
	ob = world_look_at("x.tar", &bytes, &(struct target){ 0 });
	world_expect("tar", ob, 0, "format", "have a tar archive");
	observation_free(ob);
	/* the first one is not on a line of its own, and is lost */
	world_pem(&bytes, world.leaf);
	world_pem(&bytes, world.leaf);
	ob = world_look_at("x.tar", &bytes, &(struct target){ 0 });
	world_expect("tar", ob, 1, "format", "have a tar archive");
	observation_free(ob);
}

/* A certificate of a name that has an archive's mark where archives have it. */
static void
a_name_makes_no_archive(void **state)
{
	bool met = false;

	(void)state;
	for (size_t n = 1; n < 200; n++) {
		BUF_CLEANUP struct buf bytes = { 0 }, name = { 0 };
		const char *names[2] = { NULL };
		struct observation *ob;
		X509 *x509;

		buf_puts(&name, "DNS:");
		while (name.len < n)
			buf_putc(&name, 'x');
		buf_puts(&name, "ustar x");
		names[0] = name.s;
		x509 = mkcert_make(&(struct mkcert){ .key = world.ca_key,
			.names = names,
			.not_before = 1700000000,
			.not_after = 1800000000 });
		world_der(&bytes, x509);
		met = met || memcmp(bytes.s + 257, "ustar ", 6) == 0;
		ob = world_look_at("x.der", &bytes, &(struct target){ 0 });
		world_expect(name.s, ob, 1, "", NULL);
		observation_free(ob);
		X509_free(x509);
	}
	assert_true(met);
}

/* A page that has PEM in it is one that OpenSSL reads. */
static void
pem_is_found_in_text(void **state)
{
	BUF_CLEANUP struct buf bytes = { 0 };
	struct observation *ob;

	(void)state;
	buf_puts(&bytes, "<html>\n0 s:CN=www.example.com\n");
	world_pem(&bytes, world.leaf);
	ob = world_look_at("x.html", &bytes, &(struct target){ 0 });
	world_expect("html", ob, 1, "", NULL);
	assert_string_equal(ob->format, "PEM");
	observation_free(ob);
}

/* `text` with the first `from` replaced by `to`. */
static void
replace(struct buf *text, const char *from, const char *to)
{
	struct buf out = { 0 };
	const char *hit = strstr(text->s, from);

	assert_non_null(hit);
	buf_add(&out, text->s, (size_t)(hit - text->s));
	buf_puts(&out, to);
	buf_puts(&out, hit + strlen(from));
	buf_release(text);
	*text = out;
}

/* The line break that ends line `n`. */
static void
replace_break(struct buf *text, size_t n, const char *to)
{
	struct buf out = { 0 };
	char *p = text->s;

	while (--n > 0)
		p = strchr(p, '\n') + 1;
	p = strchr(p, '\n');
	buf_add(&out, text->s, (size_t)(p - text->s));
	buf_puts(&out, to);
	buf_puts(&out, p + 1);
	buf_release(text);
	*text = out;
}

/* R63: two certificates of eleven lines, and what was done to them. */
static void
layout_is_told(void **state)
{
	static const struct {
		const char *name;
		size_t line; /* whose break is replaced, or 0 */
		const char *from, *to;
		const char *faults, *word;
	} layouts[] = {
		{ "as it should be", 0, NULL, NULL, "", NULL },
		{ "a blank line between", 11, NULL, "\n\n", "layout@12",
			"want no blank lines, line 12 is one" },
		{ "a line of blanks", 11, NULL, "\n \t\n", "layout@12",
			"want no blank lines" },
		{ "a long line", 2, NULL, "", "layout@2",
			"want 64 characters on a line, line 2 has 128" },
		{ "a short line", 1, NULL, "\nMIIB\n", NULL,
			"want 64 characters on a line, line 2 has 4" },
		{ "trailing blanks", 3, NULL, " \n", "layout@3",
			"line 3 has 65" },
		{ "CRLF once", 5, NULL, "\r\n", "layout@5",
			"line 5 ends with CR LF" },
		{ "notes", 11, NULL, "\nnotes\nmore\n", "layout@12",
			"want nothing outside BEGIN and END, line 12 is" },
		{ "a BOM", 0, "-----BEGIN", "\xef\xbb\xbf-----BEGIN",
			"layout@1", "byte order mark" },
		{ "no break at the end", 22, NULL, "", "layout@22",
			"want a line break at the end" },
		{ "no blank is a blank", 11, NULL, "\r\n\r\n",
			"layout@12 layout@11", NULL },
		{ "blank twice is told once", 11, NULL, "\n\n\n\n", "layout@12",
			NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(layouts); i++) {
		BUF_CLEANUP struct buf text = { 0 };
		struct observation *ob;

		world_pem(&text, world.leaf);
		world_pem(&text, world.leaf);
		if (layouts[i].line > 0)
			replace_break(&text, layouts[i].line, layouts[i].to);
		else if (layouts[i].from != NULL)
			replace(&text, layouts[i].from, layouts[i].to);
		ob = world_look_at("x.pem", &text,
			&(struct target){ .profile = profile_find("edgeone") });
		if (layouts[i].faults != NULL)
			world_expect(layouts[i].name, ob, 2, layouts[i].faults,
				layouts[i].word);
		else /* it is damaged as well */
			assert_non_null(
				strstr(ob->faults[1].text, layouts[i].word));
		observation_free(ob);
		/* elsewhere nobody asks */
		ob = world_look_at("x.pem", &text,
			&(struct target){
				.profile = profile_find("huawei-elb") });
		if (layouts[i].faults != NULL)
			world_expect(layouts[i].name, ob, 2, "", NULL);
		observation_free(ob);
	}
}

/* The blank line behind an old key's headers belongs there. */
static void
headers_are_layout(void **state)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct observation *ob;

	(void)state;
	WORLD_WRITE(&text,
		PEM_write_bio_PrivateKey_traditional(bio, world.key,
			EVP_aes_128_cbc(), (unsigned char *)"secret", 6, NULL,
			NULL));
	world_pem(&text, world.leaf);
	ob = world_look_at("x.pem", &text,
		&(struct target){ .passphrase = "secret",
			.profile = profile_find("edgeone") });
	world_expect("headers", ob, 1, "", NULL);
	assert_int_equal(ob->n_keys, 1);
	observation_free(ob);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_files_are_told_apart),
		cmocka_unit_test(archives_are_no_pem),
		cmocka_unit_test(a_name_makes_no_archive),
		cmocka_unit_test(pem_is_found_in_text),
		cmocka_unit_test(layout_is_told),
		cmocka_unit_test(headers_are_layout),
	};

	return cmocka_run_group_tests(tests, world_make, world_free);
}
