/* test_file_lines.c - the file probe: odd line ends, blank lines, comments */
#include "tests/unit/file_world.h"

/* One certificate, of eleven lines, in which `from` becomes `to`. */
static const struct row {
	const char *name;
	const char *head, *from, *to, *tail; /* NULL: nothing */
	size_t certs;
	const char *faults;
	const char *word; /* of the first fault; NULL: any */
} rows[] = {
	{ "CR alone", NULL, "\n", "\r", NULL, 0, "damaged@1",
		"stands on one line with its END" },
	{ "line breaks spelt out", NULL, "\n", "\\n", NULL, 0, "damaged@1",
		"stands on one line with its END" },
	{ "CR CR LF", NULL, "\n", "\r\r\n", NULL, 1, "", NULL },
	{ "controls at the ends", NULL, "\n", "\x01\n", NULL, 1, "", NULL },
	{ "every other line blank", NULL, "\n", "\n\n", NULL, 1, "damaged@1",
		"has a blank line within its base64" },
	{ "a blank line behind BEGIN", NULL, "CERTIFICATE-----\nM",
		"CERTIFICATE-----\n\nM", NULL, 1, "", NULL },
	{ "two blank lines behind BEGIN", NULL, "CERTIFICATE-----\nM",
		"CERTIFICATE-----\n\n\nM", NULL, 1, "damaged@1",
		"has blank lines behind its BEGIN" },
	{ "a comment in front",
		"# -----BEGIN CERTIFICATE-----\n# MIIB\n"
		" # -----END CERTIFICATE-----\n",
		NULL, NULL, NULL, 1, "", NULL },
	{ "nothing but a comment", "# ", "\n", "\n# ", NULL, 0, "none",
		"there is no BEGIN line" },
	{ "a comment within", NULL, "CERTIFICATE-----\nM",
		"CERTIFICATE-----\n# www\nM", NULL, 0, "damaged@1",
		"is not base64: see line 2" },
	{ "words around dashes",
		"the next -----BEGIN CERTIFICATE----- is mine\n", NULL, NULL,
		NULL, 1, "damaged@1", "something stands beside it" },
	{ "another block without END", "-----BEGIN FOO-----\nAAAA\n", NULL,
		NULL, NULL, 1, "damaged@1",
		"the block that begins on line 1 has no END line" },
	{ "another block ends as a third",
		"-----BEGIN FOO-----\nAAAA\n-----END BAR-----\n", NULL, NULL,
		NULL, 1, "damaged@1", "has no END line of its own" },
	{ "parameters cut short", NULL, NULL, NULL,
		"-----BEGIN DH PARAMETERS-----\nAAAA\n", 1, "damaged@12",
		"the block that begins on line 12 has no END line" },
	{ "a signed message", "-----BEGIN PGP SIGNED MESSAGE-----\n\nhello\n",
		"CERTIFICATE", "PGP SIGNATURE", NULL, 0, "none",
		"want a certificate, have" },
};

static void
add_replaced(
	struct buf *out, const char *text, const char *from, const char *to)
{
	const char *hit;

	while (from != NULL && (hit = strstr(text, from)) != NULL) {
		buf_add(out, text, (size_t)(hit - text));
		buf_puts(out, to);
		text = hit + strlen(from);
	}
	buf_puts(out, text);
}

static void
lines_are_read(void **state)
{
	BUF_CLEANUP struct buf pem = { 0 };

	(void)state;
	world_pem(&pem, world.leaf);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		BUF_CLEANUP struct buf text = { 0 };
		struct observation *ob;

		buf_puts(&text, row->head != NULL ? row->head : "");
		add_replaced(&text, pem.s, row->from, row->to);
		buf_puts(&text, row->tail != NULL ? row->tail : "");
		ob = world_look_at("x.pem", &text, &(struct target){ 0 });
		world_expect(row->name, ob, row->certs, row->faults, row->word);
		observation_free(ob);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read),
	};

	return cmocka_run_group_tests(tests, world_make, world_free);
}
