/* test_file.c - the file probe: PEM in every shape it comes in, and damage */
#include "tests/unit/file_world.h"

static char *pem; /* one certificate, as openssl writes it */
static char *public_key; /* a PEM block of another kind */

static int
make_material(void **state)
{
	struct buf text = { 0 };

	world_make(state);
	world_pem(&text, world.leaf);
	pem = buf_detach(&text);
	WORLD_WRITE(&text, PEM_write_bio_PUBKEY(bio, world.key));
	public_key = buf_detach(&text);
	return 0;
}

static int
free_material(void **state)
{
	free(pem);
	free(public_key);
	return world_free(state);
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
	BUF_CLEANUP struct buf der = { 0 };

	world_der(&der, world.leaf);
	buf_puts(&der, "\xff\xff");
	WORLD_WRITE(out,
		PEM_write_bio(bio, "TRUSTED CERTIFICATE", "",
			(const unsigned char *)der.s, (long)der.len) > 0);
}

static void
with_other_block(struct buf *out)
{
	buf_puts(out, public_key);
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
lost_inner_line(struct buf *out)
{
	const char *third = strchr(
		strchr(strchr(pem, '\n') + 1, '\n') + 1, '\n');

	good(out);
	buf_add(out, pem, (size_t)(third + 1 - pem));
	buf_puts(out, strchr(third + 1, '\n') + 1);
	good(out);
}

static void
lost_begin(struct buf *out)
{
	good(out);
	buf_puts(out, strchr(pem, '\n') + 1);
}

static void
wrong_begin(struct buf *out)
{
	good(out);
	add_replaced(out, "BEGIN CERTIFICATE", "BEGIN CERTFICATE");
}

static void
key_and_begin_on_one_line(struct buf *out)
{
	world_key(out);
	out->s[--out->len] = '\0';
	good(out);
}

static void
key_cut_short(struct buf *out)
{
	good(out);
	world_key(out);
	out->len -= 60;
}

static void
digit_flipped(struct buf *out)
{
	good(out);
	add_replaced(out, "\nM", "\nN");
}

static void
many(struct buf *out)
{
	for (int i = 0; i < OBSERVATION_MAX_CERTS + 5; i++)
		good(out);
}

struct row {
	const char *name;
	void (*make)(struct buf *out);
	size_t certs, keys;
	const char *faults;
	const char *word; /* of the first fault; NULL: any */
};

static const struct row rows[] = {
	{ "good", good, 1, 0, "", NULL },
	{ "two", two, 2, 0, "", NULL },
	{ "CRLF", crlf, 1, 0, "", NULL },
	{ "BOM and notes", bom_and_notes, 1, 0, "", NULL },
	{ "one long line", one_long_line, 1, 0, "", NULL },
	{ "blank lines around, trailing blanks", blank_lines, 1, 0, "", NULL },
	{ "a blank line in the base64", blank_within, 1, 0, "damaged@1",
		"the certificate in block 1, line 1, has a blank line" },
	{ "a blank line before END", blank_before_end, 1, 0, "damaged@1",
		"in front of its END" },
	{ "indented", indented, 0, 0, "none@1", "indented" },
	{ "indented beside a good one", good_and_indented, 1, 0, "damaged@12",
		"indented" },
	{ "four dashes", four_dashes, 1, 0, "damaged@1", "too few dashes" },
	{ "words behind BEGIN", words_behind_begin, 1, 0, "damaged@1",
		"behind its BEGIN" },
	{ "words behind END", words_behind_end, 1, 0, "damaged@1",
		"behind its END" },
	{ "X509 CERTIFICATE", other_label, 1, 0, "", NULL },
	{ "bad trust settings", bad_trust_settings, 0, 0, "damaged@1",
		"cannot be decoded" },
	{ "beside another block", with_other_block, 1, 0, "", NULL },
	{ "no final newline", no_final_newline, 1, 0, "", NULL },
	{ "R32: second one cut short", cut_short, 1, 0, "damaged@12",
		"block 2, line 12, is cut short: its END" },
	{ "R32: first one cut short", cut_then_good, 1, 0, "damaged@1",
		"has no END line" },
	{ "R32: the first line lost", lost_line, 0, 0, "damaged@1",
		"cannot be decoded" },
	{ "R32: a line lost in the second", lost_inner_line, 2, 0, "damaged@12",
		"; a line may be lost" },
	{ "R32: a digit flipped in the second", digit_flipped, 1, 0,
		"damaged@12", "block 2, line 12, cannot be decoded" },
	{ "no base64", not_base64, 1, 0, "damaged@1",
		"is not base64: see line 2" },
	{ "R63: END and BEGIN on one line", end_and_begin_on_one_line, 2, 0,
		"damaged@1", "behind its END" },
	{ "R63: the key's END and BEGIN on one line", key_and_begin_on_one_line,
		1, 1, "damaged@1",
		"the private key in block 1, line 1, has something behind" },
	{ "a BEGIN line lost", lost_begin, 1, 0, "damaged@21",
		"line 21 ends a certificate that has no BEGIN line" },
	{ "a BEGIN line misspelt", wrong_begin, 1, 0, "damaged@12",
		"block 2, line 12, begins as something else" },
	{ "a key cut short", key_cut_short, 1, 0, "damaged@12",
		"the private key in block 2, line 12, is cut short" },
	{ "nothing between", empty_block, 0, 0, "damaged@1", "is empty" },
	{ "more than the bound", many, OBSERVATION_MAX_CERTS, 0, NULL,
		"want at most 10000 certificates" },
};

static void
texts_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		BUF_CLEANUP struct buf text = { 0 };
		cleanup(str_free) char *bound = NULL;
		struct observation *ob;

		row->make(&text);
		ob = world_look_at("x.pem", &text, &(struct target){ 0 });
		if (row->faults == NULL)
			bound = str_fmt("unreadable@%zu",
				(size_t)OBSERVATION_MAX_CERTS * 11 + 1);
		world_expect(row->name, ob, row->certs,
			bound != NULL ? bound : row->faults, row->word);
		assert_int_equal(ob->n_keys, row->keys);
		observation_free(ob);
	}
}

/* R34: damage is told in a folder as well, whatever the file is called. */
static void
listed_damage_is_told(void **state)
{
	static const char *const names[] = { "x.pem", "x.key", "x.txt" };
	static const struct {
		void (*make)(struct buf *out);
		size_t faults[COUNT(names)];
	} listed[] = {
		{ lost_begin, { 1, 1, 1 } },
		{ cut_short, { 1, 1, 1 } },
		{ lost_line, { 1, 1, 1 } },
		{ indented, { 1, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(listed); i++) {
		for (size_t j = 0; j < COUNT(names); j++) {
			BUF_CLEANUP struct buf text = { 0 };
			struct observation *ob;

			listed[i].make(&text);
			ob = world_look_at(names[j], &text,
				&(struct target){ .listed = true });
			if (ob->n_faults != listed[i].faults[j])
				fail_msg("row %zu as %s: %zu faults", i,
					names[j], ob->n_faults);
			observation_free(ob);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_read),
		cmocka_unit_test(listed_damage_is_told),
	};

	return cmocka_run_group_tests(tests, make_material, free_material);
}
