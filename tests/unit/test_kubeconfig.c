/* test_kubeconfig.c - certificates that a kubeconfig holds or refers to */
#include "tests/unit/unit.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "model/buf.h"
#include "probes/file/kubeconfig.h"
#include "tests/support/mkcert.h"

#define FAULTLESS FAULT_KINDS

static char folder[] = "/tmp/certvigil-unit-XXXXXX";
static EVP_PKEY *ca_key, *user_key;
static X509 *ca, *user;
/* PEM, and base64 of it */
static char *ca_pem, *user_pem, *key_pem, *ca_data, *user_data, *key_data,
	*both_data;

static char *
text_of(BIO *bio)
{
	char *p, *text;
	long n = BIO_get_mem_data(bio, &p);

	text = str_ndup(p, (size_t)n);
	BIO_free(bio);
	return text;
}

static char *
base64(const char *text)
{
	char *out = mem_alloc(strlen(text) * 2 + 8);

	EVP_EncodeBlock((unsigned char *)out, (const unsigned char *)text,
		(int)strlen(text));
	return out;
}

static char *
pem_of(X509 *x509, EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());

	if (x509 != NULL)
		PEM_write_bio_X509(bio, x509);
	else
		PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	return text_of(bio);
}

static void
write_file(const char *name, const char *text, mode_t mode)
{
	cleanup(str_free) char *path = str_fmt("%s/%s", folder, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static int
make_world(void **state)
{
	struct mkcert m = { .cn = "kubernetes",
		.ca = true,
		.not_before = 1700000000,
		.not_after = 1800000000 };

	char *both;

	(void)state;
	m.key = ca_key = mkcert_key(MKCERT_P256);
	ca = mkcert_make(&m);
	m = (struct mkcert){ .cn = "admin",
		.issuer = ca,
		.issuer_key = ca_key,
		.not_before = 1700000000,
		.not_after = 1800000000 };
	m.key = user_key = mkcert_key(MKCERT_P256);
	user = mkcert_make(&m);
	ca_pem = pem_of(ca, NULL);
	user_pem = pem_of(user, NULL);
	key_pem = pem_of(NULL, user_key);
	ca_data = base64(ca_pem);
	user_data = base64(user_pem);
	key_data = base64(key_pem);
	both = str_fmt("%s%s", ca_pem, user_pem);
	both_data = base64(both);
	free(both);
	assert_non_null(mkdtemp(folder));
	write_file("ca.crt", ca_pem, 0644);
	write_file("admin.crt", user_pem, 0644);
	write_file("admin.key", key_pem, 0604);
	return 0;
}

static int
free_world(void **state)
{
	static const char *const files[] = { "ca.crt", "admin.crt",
		"admin.key" };

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		cleanup(str_free) char *path = str_fmt(
			"%s/%s", folder, files[i]);

		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(folder), 0);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(user_key);
	X509_free(ca);
	X509_free(user);
	free(ca_pem);
	free(user_pem);
	free(key_pem);
	free(ca_data);
	free(user_data);
	free(key_data);
	free(both_data);
	return 0;
}

/* "@CA@", "@USER@" and "@KEY@" in `text` stand for base64. */
static void
fill(struct buf *out, const char *text)
{
	const struct {
		const char *mark, *value;
	} marks[] = { { "@CA@", ca_data }, { "@USER@", user_data },
		{ "@KEY@", key_data }, { "@DIR@", folder },
		{ "@BOTH@", both_data } };

	while (*text != '\0') {
		size_t i = 0;

		while (i < COUNT(marks) &&
			strncmp(text, marks[i].mark, strlen(marks[i].mark)) !=
				0)
			i++;
		if (i == COUNT(marks)) {
			buf_putc(out, *text++);
		} else {
			buf_puts(out, marks[i].value);
			text += strlen(marks[i].mark);
		}
	}
}

static struct observation *
look(const char *text, size_t len)
{
	cleanup(str_free) char *path = str_fmt("%s/config", folder);
	struct observation *ob = observation_new();
	const struct target t = { .kind = TARGET_FILE, .file = path };
	const struct key_source own = { .readers = "others", .mode = 0644 };

	kubeconfig_read(text, len, &t, &own, ob);
	return ob;
}

static struct observation *
look_at(const char *template)
{
	BUF_CLEANUP struct buf text = { 0 };

	fill(&text, template);
	if (!kubeconfig_is(buf_str(&text), text.len))
		fail_msg("is not taken for a kubeconfig: %s", template);
	return look(buf_str(&text), text.len);
}

#define HEAD "apiVersion: v1\nkind: Config\n"
#define CLUSTER "clusters:\n- name: prod\n  cluster:\n    server: https://x\n"
#define USER "users:\n- name: admin\n  user:\n"
#define CA_DATA "    certificate-authority-data: @CA@\n"
#define CA_FILE "    certificate-authority: ca.crt\n"
#define CERT_DATA "    client-certificate-data: @USER@\n"
#define KEY_DATA "    client-key-data: @KEY@\n"
#define CERT_FILE "    client-certificate: admin.crt\n"
#define KEY_FILE "    client-key: admin.key\n"

static const struct row {
	const char *name, *text;
	const char *parts; /* "cluster 'prod'=1+0 user 'admin'=1+1" */
	enum fault_kind kind;
	const char *words;
	const char *file; /* of the fault, in the folder */
	size_t line;
} rows[] = {
	{ "embedded", HEAD CLUSTER CA_DATA USER CERT_DATA KEY_DATA,
		"cluster 'prod'=1+0 user 'admin'=1+1", FAULTLESS, NULL, NULL,
		0 },
	{ "referenced", HEAD CLUSTER CA_FILE USER CERT_FILE KEY_FILE,
		"cluster 'prod'=1+0 user 'admin'=1+1", FAULTLESS, NULL, NULL,
		0 },
	{ "mixed", HEAD CLUSTER CA_FILE USER CERT_DATA KEY_FILE,
		"cluster 'prod'=1+0 user 'admin'=1+1", FAULTLESS, NULL, NULL,
		0 },
	{ "absolute paths",
		HEAD CLUSTER "    certificate-authority: @DIR@/ca.crt\n",
		"cluster 'prod'=1+0", FAULTLESS, NULL, NULL, 0 },
	{ "data wins over a path",
		HEAD CLUSTER "    certificate-authority: gone.crt\n" CA_DATA,
		"cluster 'prod'=1+0", FAULTLESS, NULL, NULL, 0 },
	{ "the last of two counts",
		HEAD CLUSTER "    certificate-authority: gone.crt\n" CA_FILE,
		"cluster 'prod'=1+0", FAULTLESS, NULL, NULL, 0 },
	{ "empty data does not win",
		HEAD CLUSTER "    certificate-authority-data: \"\"\n" CA_FILE,
		"cluster 'prod'=1+0", FAULTLESS, NULL, NULL, 0 },
	{ "null data does not win",
		HEAD CLUSTER "    certificate-authority-data:\n" CA_FILE,
		"cluster 'prod'=1+0", FAULTLESS, NULL, NULL, 0 },
	{ "users first", HEAD USER CERT_DATA KEY_DATA CLUSTER CA_DATA,
		"cluster 'prod'=1+0 user 'admin'=1+1", FAULTLESS, NULL, NULL,
		0 },
	{ "a token beside", HEAD CLUSTER CA_DATA USER "    token: abc\n",
		"cluster 'prod'=1+0", FAULTLESS, NULL, NULL, 0 },
	{ "an exec beside",
		HEAD CLUSTER CA_DATA USER
		"    exec:\n      command: aws\n      args: [a, b]\n",
		"cluster 'prod'=1+0", FAULTLESS, NULL, NULL, 0 },
	{ "two clusters by one anchor",
		HEAD "clusters:\n- name: a\n  cluster: &c {"
		     "certificate-authority: ca.crt}\n- name: b\n"
		     "  cluster: *c\n",
		"cluster 'a'=1+0 cluster 'b'=1+0", FAULTLESS, NULL, NULL, 0 },
	{ "no names",
		HEAD "clusters:\n- cluster: {certificate-authority: ca.crt}\n"
		     "- cluster: {certificate-authority: ca.crt}\n",
		"cluster 1=1+0 cluster 2=1+0", FAULTLESS, NULL, NULL, 0 },
	{ "JSON",
		"{\"kind\": \"Config\", \"apiVersion\": \"v1\",\n"
		"\"clusters\": [{\"name\": \"prod\", \"cluster\": {"
		"\"certificate-authority-data\": \"@CA@\"}}],\n"
		"\"users\": [{\"name\": \"admin\", \"user\": {"
		"\"client-certificate-data\": \"@USER@\",\n"
		"\"client-key-data\": \"@KEY@\"}}]}\n",
		"cluster 'prod'=1+0 user 'admin'=1+1", FAULTLESS, NULL, NULL,
		0 },
	{ "a second document is not kubectl's",
		HEAD CLUSTER CA_DATA "---\nkind: [\n", "cluster 'prod'=1+0",
		FAULTLESS, NULL, NULL, 0 },
	{ "a block of text",
		HEAD CLUSTER "    certificate-authority-data: |\n      @CA@\n",
		"cluster 'prod'=1+0", FAULTLESS, NULL, NULL, 0 },

	{ "a bundle", HEAD CLUSTER "    certificate-authority-data: @BOTH@\n",
		"cluster 'prod'=2+0", FAULTLESS, NULL, NULL, 0 },

	{ "neither", HEAD CLUSTER USER "    token: abc\n", "",
		FAULT_FILE_NO_CERTIFICATE, "names no certificate", NULL, 0 },
	{ "no lists at all", HEAD "contexts: []\n", "",
		FAULT_FILE_NO_CERTIFICATE, "names no certificate", NULL, 0 },
	{ "no base64",
		HEAD CLUSTER
		"    certificate-authority-data: ca.crt\n" USER CERT_DATA
			KEY_DATA,
		"user 'admin'=1+1", FAULT_FILE_DAMAGED,
		"certificate-authority-data of cluster 'prod' (line 7): want "
		"base64",
		NULL, 7 },
	{ "base64 with a blank",
		HEAD CLUSTER "    certificate-authority-data: AAAA AAAA\n", "",
		FAULT_FILE_DAMAGED, "want base64", NULL, 7 },
	{ "base64 cut short",
		HEAD CLUSTER "    certificate-authority-data: AAAAA\n", "",
		FAULT_FILE_DAMAGED, "cut short", NULL, 7 },
	{ "no PEM in it",
		HEAD CLUSTER "    certificate-authority-data: aGVsbG8=\n", "",
		FAULT_FILE_FORMAT,
		"(line 7): want a certificate in PEM, have something else",
		NULL, 7 },
	{ "a key for a certificate",
		HEAD USER "    client-certificate-data: @KEY@\n" KEY_DATA,
		"user 'admin'=0+2", FAULT_FILE_NO_CERTIFICATE,
		"client-certificate-data of user 'admin' (line 6): want a "
		"certificate, have a private key",
		NULL, 6 },
	{ "a certificate for a key",
		HEAD USER CERT_DATA "    client-key-data: @USER@\n",
		"user 'admin'=1+0", FAULT_FILE_FORMAT,
		"client-key-data of user 'admin' (line 7): want a private key, "
		"have a certificate",
		NULL, 7 },
	{ "bad PEM",
		HEAD USER
		"    client-certificate-data: "
		"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1BCg==\n" KEY_DATA,
		"user 'admin'=0+1", FAULT_FILE_DAMAGED,
		"client-certificate-data of user 'admin' (line 6): ", NULL, 6 },
	{ "no key", HEAD USER CERT_DATA, "user 'admin'=1+0", FAULT_FILE_DAMAGED,
		"user 'admin' (line 4): want a client key", NULL, 4 },
	{ "a list where text belongs",
		HEAD CLUSTER "    certificate-authority-data: [a]\n", "",
		FAULT_FILE_DAMAGED, "have a list or a map", NULL, 7 },
	{ "R46: a file that is not there",
		HEAD CLUSTER
		"    certificate-authority: gone.crt\n" USER CERT_FILE KEY_FILE,
		"user 'admin'=1+1", FAULT_FILE_MISSING,
		"(certificate-authority of cluster 'prod')", "gone.crt", 0 },
	{ "R46: a key that is not there",
		HEAD USER CERT_FILE "    client-key: gone.key\n",
		"user 'admin'=1+0", FAULT_FILE_MISSING,
		"(client-key of user 'admin')", "gone.key", 0 },
	{ "a key's file holds a certificate",
		HEAD USER CERT_FILE "    client-key: admin.crt\n",
		"user 'admin'=1+0", FAULT_FILE_FORMAT,
		"want a private key, have a certificate (client-key of user "
		"'admin')",
		"admin.crt", 0 },
	{ "a CA's file holds a key",
		HEAD CLUSTER "    certificate-authority: admin.key\n",
		"cluster 'prod'=0+1", FAULT_FILE_NO_CERTIFICATE,
		"want a certificate, have a private key "
		"(certificate-authority of cluster 'prod')",
		"admin.key", 0 },
	{ "a folder", HEAD CLUSTER "    certificate-authority: .\n", "",
		FAULT_FILE_UNREADABLE, "folder", ".", 0 },
	{ "YAML that ends early",
		HEAD "clusters:\n- name: \"prod\n  cluster: {\n", "",
		FAULT_FILE_DAMAGED, "with an error in its YAML on line ", NULL,
		6 },
	{ "YAML with a tab", HEAD "clusters:\n\t- name: prod\n", "",
		FAULT_FILE_DAMAGED, "error in its YAML on line 4", NULL, 4 },
	{ "not UTF-8", HEAD "clusters:\n- name: \xff\n", "", FAULT_FILE_DAMAGED,
		"error in its YAML on line 4", NULL, 4 },
};

static void
expect_parts(const struct row *row, const struct observation *ob)
{
	BUF_CLEANUP struct buf have = { 0 };
	size_t certs = 0, keys = 0;

	for (size_t i = 0; i < ob->n_parts; i++) {
		const struct part *p = &ob->parts[i];

		buf_printf(&have, "%s%s=%zu+%zu", i > 0 ? " " : "", p->label,
			p->n_certs, p->n_keys);
		assert_int_equal(p->role,
			strncmp(p->label, "user", 4) == 0 ? ROLE_CLIENT
							  : ROLE_CA);
		certs += p->n_certs;
		keys += p->n_keys;
	}
	if (strcmp(buf_str(&have), row->parts) != 0)
		fail_msg("%s: want \"%s\", have \"%s\": %s", row->name,
			row->parts, buf_str(&have),
			ob->n_faults > 0 ? ob->faults[0].text : "");
	assert_int_equal(ob->n_certs, certs);
	assert_int_equal(ob->n_keys, keys);
}

static void
expect_fault(const struct row *row, const struct observation *ob)
{
	const struct fault *f = ob->faults;
	cleanup(str_free) char *path = NULL;

	if (row->kind == FAULTLESS) {
		if (ob->n_faults > 0)
			fail_msg("%s: %s", row->name, f->text);
		return;
	}
	if (ob->n_faults != 1)
		fail_msg("%s: have %zu faults: %s", row->name, ob->n_faults,
			ob->n_faults > 0 ? f[1].text : "");
	if (f->kind != row->kind || strstr(f->text, row->words) == NULL)
		fail_msg("%s: want \"%s\", have %d: %s", row->name, row->words,
			(int)f->kind, f->text);
	if (f->line != row->line)
		fail_msg("%s: want line %zu, have %zu", row->name, row->line,
			f->line);
	if (row->file == NULL) {
		assert_null(f->file);
		return;
	}
	path = str_fmt("%s/%s", folder, row->file);
	assert_string_equal(f->file, path);
}

static void
configs_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		cleanup(observation_free) struct observation *ob = look_at(
			rows[i].text);

		expect_fault(&rows[i], ob);
		expect_parts(&rows[i], ob);
	}
}

/* The certificates are those, and keys come from where they lie. */
static void
keys_are_attributed(void **state)
{
	cleanup(observation_free) struct observation *in = look_at(
		HEAD CLUSTER CA_DATA USER CERT_DATA KEY_DATA);
	cleanup(observation_free) struct observation *out = look_at(
		HEAD CLUSTER CA_FILE USER CERT_FILE KEY_FILE);
	cleanup(str_free) char *path = str_fmt("%s/admin.key", folder);

	(void)state;
	assert_int_equal(X509_cmp(in->certs[0].x509, ca), 0);
	assert_int_equal(X509_cmp(in->certs[1].x509, user), 0);
	assert_int_equal(in->certs[0].line, 7);
	assert_int_equal(in->certs[1].line, 11);
	assert_int_equal(EVP_PKEY_eq(in->keys[0].public_half, user_key), 1);
	assert_null(in->keys[0].file);
	assert_int_equal(in->keys[0].line, 12);
	assert_string_equal(in->keys[0].readers, "others");
	assert_int_equal(in->keys[0].mode, 0644);

	assert_int_equal(X509_cmp(out->certs[1].x509, user), 0);
	assert_int_equal(out->certs[1].line, 1);
	assert_int_equal(EVP_PKEY_eq(out->keys[0].public_half, user_key), 1);
	assert_string_equal(out->keys[0].file, path);
	assert_int_equal(out->keys[0].line, 1);
	assert_string_equal(out->keys[0].readers, "others");
	assert_int_equal(out->keys[0].mode, 0604);
}

/* Names are kept as they are, but not at any length. */
static void
long_names_are_cut(void **state)
{
	cleanup(observation_free) struct observation *ob = NULL;
	BUF_CLEANUP struct buf text = { 0 };
	BUF_CLEANUP struct buf want = { 0 };

	(void)state;
	buf_puts(&text, HEAD "clusters:\n- name: \"\\e[31mA\\0");
	buf_puts(&text,
		"\"\n  cluster: {certificate-authority: ca.crt}\n"
		"- name: ");
	buf_puts(&want, "cluster '");
	for (int i = 0; i < 300; i++) {
		buf_puts(&text, "\xc3\xa4");
		if (i < 100)
			buf_puts(&want, "\xc3\xa4");
	}
	buf_puts(&want, "'");
	buf_puts(&text,
		"x\n  cluster: {certificate-authority: ca.crt}\n"
		"- name: y");
	for (int i = 0; i < 300; i++)
		buf_puts(&text, "\xc3\xa4");
	buf_puts(&text, "\n  cluster: {certificate-authority: ca.crt}\n");
	ob = look(text.s, text.len);
	assert_int_equal(ob->n_parts, 3);
	assert_string_equal(ob->parts[0].label, "cluster '\x1b[31mA'");
	assert_string_equal(ob->parts[1].label, want.s);
	assert_int_equal(
		strlen(ob->parts[2].label), strlen("cluster ''") + 199);
}

static void
others_are_not_taken(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} texts[] = {
		{ "", false },
		{ "-----BEGIN CERTIFICATE-----\n", false },
		{ "kind: Config\n", false },
		{ "clusters: []\nusers: []\n", false },
		{ "kind: Config\nclusters: []\n", true },
		{ "kind: Config\r\nclusters:\r\n", true },
		{ "\xef\xbb\xbfkind: Config\nusers:\n", true },
		{ "# mine\n---\nkind: \"Config\" # x\n'users':\n", true },
		{ "kind: Config\ncontexts: []\n", true },
		{ "kind: Configuration\nclusters: []\n", false },
		{ "kind: ConfigMap\ndata:\n  kind: Config\n  clusters: []\n",
			false },
		{ "kind: Config\napiVersion: operator.example/v1\n"
		  "clusters: []\n",
			false },
		{ "spec:\n  kind: Config\n  clusters: []\n", false },
		{ "a: b\n---\nkind: Config\nclusters: []\n", false },
		{ "#kind: Config\n#clusters: []\n", false },
		{ "kind: Config\nclusters: [\n", true },
		{ "{\"kind\":\"Config\",\"users\":[]}", true },
		{ "{kind: Config, clusters: [{name: x", true },
		{ "{\"clusters\": [{\"name\": \"a\\\"}\"}], "
		  "\"kind\": \"Config\"}",
			true },
		{ "{\"items\": [{\"kind\": \"Config\", \"users\": []}]}",
			false },
		{ "{\"a\": {\"kind\": \"x\"}, \"kind\": \"Config\", "
		  "\"users\": []}",
			true },
		{ "{\"a\": \"kind\", \"b\": \"Config\", \"users\": 1}", false },
		{ "{\"kind\": \"List\", \"clusters\": []}", false },
		{ "{\"kind", false },
		{ "{", false },
		{ "}", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		size_t n = strlen(texts[i].text);

		if (kubeconfig_is(texts[i].text, n) != texts[i].is)
			fail_msg("taken wrongly: %s", texts[i].text);
		/* Its end is the length's matter, not a NUL's. */
		for (size_t k = 0; k < n; k++) {
			char *cut = mem_alloc(k + 1);

			memcpy(cut, texts[i].text, k);
			(void)kubeconfig_is(cut, k);
			free(cut);
		}
	}
	assert_false(kubeconfig_is("kind: Config\nusers:\n\0", 21));
}

static void
add_many(struct buf *out, const char *text, int n)
{
	for (int i = 0; i < n; i++)
		buf_puts(out, text);
}

static void
bounds_hold(void **state)
{
	static const struct {
		const char *name, *head, *many;
		int n;
		enum fault_kind kind;
		const char *words;
	} bounds[] = {
		{ "levels", HEAD "clusters: ", "[", 100000,
			FAULT_FILE_UNREADABLE, "32 levels" },
		{ "levels of blocks", HEAD "clusters:\n", "- ", 5000,
			FAULT_FILE_UNREADABLE, "32 levels" },
		{ "values", HEAD "users:\n", "- x\n", 300000,
			FAULT_FILE_UNREADABLE, "200000 values" },
		{ "aliases", HEAD "a: &a x\nclusters:\n", "- *a\n", 200,
			FAULT_FILE_UNREADABLE, "100 aliases" },
		{ "anchors", HEAD "clusters:\n", "- &a x\n", 1001,
			FAULT_FILE_UNREADABLE, "1000 anchors" },
		{ "anchors of lists", HEAD "clusters:\n", "- &a []\n", 1001,
			FAULT_FILE_UNREADABLE, "1000 anchors" },
		{ "anchors of maps", HEAD "clusters:\n", "- &a {}\n", 1001,
			FAULT_FILE_UNREADABLE, "1000 anchors" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bounds); i++) {
		cleanup(observation_free) struct observation *ob = NULL;
		BUF_CLEANUP struct buf text = { 0 };

		buf_puts(&text, bounds[i].head);
		add_many(&text, bounds[i].many, bounds[i].n);
		ob = look(text.s, text.len);
		if (ob->n_faults != 1 || ob->faults[0].kind != bounds[i].kind ||
			strstr(ob->faults[0].text, bounds[i].words) == NULL)
			fail_msg("%s: %s", bounds[i].name,
				ob->n_faults > 0 ? ob->faults[0].text : "");
	}
}

/* A large file, named again and again */
static void
total_is_bounded(void **state)
{
	cleanup(observation_free) struct observation *ob = NULL;
	cleanup(str_free) char *path = str_fmt("%s/big", folder);
	BUF_CLEANUP struct buf text = { 0 };

	(void)state;
	write_file("big", ca_pem, 0600);
	assert_int_equal(truncate(path, 10 * 1024 * 1024), 0);
	buf_puts(&text, HEAD "clusters:\n");
	add_many(&text, "- cluster: {certificate-authority: big}\n", 20);
	ob = look(text.s, text.len);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(ob->n_certs, 6);
	assert_int_equal(ob->n_faults, 1);
	assert_non_null(strstr(ob->faults[0].text, "at most 64 MiB"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configs_are_read),
		cmocka_unit_test(keys_are_attributed),
		cmocka_unit_test(long_names_are_cut),
		cmocka_unit_test(others_are_not_taken),
		cmocka_unit_test(bounds_hold),
		cmocka_unit_test(total_is_bounded),
	};

	return cmocka_run_group_tests_name(
		"kubeconfig", tests, make_world, free_world);
}
