/* test_walk.c - which files a folder holds, and which a pattern fits */
#include <dirent.h>
#include <time.h>

#include "model/buf.h"
#include "scan/walk.h"
#include "tests/unit/folder_world.h"

/* What is found, without the folder in front, in the order told. */
static void
note(void *arg, const char *path, enum walk_how how)
{
	struct buf *out = arg;
	size_t n = strlen(folder_root);

	if (out->len > 0)
		buf_putc(out, ' ');
	if (how != WALK_MET)
		buf_putc(out, how == WALK_NAMED ? '!' : '-');
	if (strncmp(path, folder_root, n) == 0 && path[n] == '/')
		path += n + 1;
	buf_puts(out, path);
}

static void
split_words(struct arena *a, const char *list, struct words *out)
{
	char *copy = arena_dup(a, list), *rest = NULL;

	for (char *s = strtok_r(copy, " ", &rest); s != NULL;
		s = strtok_r(NULL, " ", &rest))
		words_add(a, out, s);
}

/* `what` is a folder where it is "" or ends in '/', else a pattern. */
static void
look(const char *what, const char *exclude, struct walk *w, struct buf *out)
{
	cleanup(arena_free) struct arena *a = arena_new();
	struct words excluded = { 0 };
	const char *path = *what == '/'
		? what
		: arena_fmt(a, "%s/%s", folder_root, what);
	size_t n = strlen(what);

	split_words(a, exclude, &excluded);
	w->exclude = &excluded;
	w->found = note;
	w->arg = out;
	if (w->left == 0)
		w->left = WALK_MAX_FILES;
	if (w->names_left == 0)
		w->names_left = WALK_MAX_NAMES;
	if (n == 0 || (what[n - 1] == '/' && strpbrk(what, "*?[{") == NULL))
		walk_folder(w, path);
	else
		walk_pattern(w, path);
	w->exclude = NULL;
}

struct row {
	const char *world; /* what there is */
	const char *what; /* "" or a folder with its '/', or a pattern */
	const char *exclude;
	const char *want;
};

#define TREE                                                                   \
	"b.pem a.pem c.key sub/d.pem sub/deep/e.pem sub-x.pem .h/i.pem "       \
	".j.pem empty/ "

/* As certbot lays them out. */
#define CERTBOT                                                                \
	"archive/x/cert1.pem archive/x/privkey1.pem "                          \
	"live/README live/x/cert.pem>../../archive/x/cert1.pem "               \
	"live/x/privkey.pem>../../archive/x/privkey1.pem "                     \
	"now>live "

#define CERTBOT_WHOLE                                                          \
	"archive/x/cert1.pem live/x/cert.pem>../../archive/x/cert1.pem "       \
	"live/x/fullchain.pem live/x/chain.pem renewal/x.conf "

/* As the kubelet mounts a secret. */
#define KUBERNETES                                                             \
	"..2026_11_20/tls.crt ..2026_11_20/tls.key ..data>..2026_11_20 "       \
	"tls.crt>..data/tls.crt tls.key>..data/tls.key "

/* As update-ca-certificates leaves /etc/ssl/certs. */
#define CA_STORE                                                               \
	"share/A.crt share/B.crt certs/A.pem>../share/A.crt "                  \
	"certs/B.pem>../share/B.crt certs/0123abcd.0>A.pem "                   \
	"certs/0123abcd.1>./B.pem certs/99aabbcc.0>B.pem "

static const struct row rows[] = {
	/* folders */
	{ TREE, "", "",
		".h/i.pem .j.pem a.pem b.pem c.key sub/d.pem sub/deep/e.pem "
		"sub-x.pem" },
	{ TREE, "sub/", "", "sub/d.pem sub/deep/e.pem" },
	{ TREE, "empty/", "", "" },
	{ TREE, "none/", "", "" },
	/* R34: what lies beside certificates is for the probe to judge */
	{ "a.crt a.csr a.key ca.srl openssl.conf", "", "",
		"a.crt a.csr a.key ca.srl openssl.conf" },
	/* R17: names are bytes */
	{ "\xc3\xa4/\xe8\xa8\xbc.pem \xff.pem", "", "",
		"\xc3\xa4/\xe8\xa8\xbc.pem \xff.pem" },
	/* links: to files, to nothing, to folders, to themselves */
	{ "a.pem l.pem>a.pem gone.pem>nowhere self>self d/x.pem ld>d up>.", "",
		"", "a.pem d/x.pem gone.pem l.pem self" },
	{ "self>self d/x.pem", "*/x.pem", "", "d/x.pem" },
	{ "self>self d/x.pem", "*/*.pem", "", "d/x.pem" },
	{ CERTBOT, "", "",
		"archive/x/cert1.pem archive/x/privkey1.pem live/README "
		"live/x/cert.pem live/x/privkey.pem" },
	{ CERTBOT, "", "archive README privkey*.pem", "live/x/cert.pem" },
	{ CERTBOT, "live/*/*.pem", "", "live/x/cert.pem live/x/privkey.pem" },
	{ CERTBOT, "now/*/cert.pem", "", "now/x/cert.pem" },
	{ CERTBOT, "n*/*/cert.pem", "", "now/x/cert.pem" },
	{ CERTBOT, "**/cert.pem", "", "live/x/cert.pem" },
	/* a whole folder of certbot's: the leaf twice, and what expired */
	{ CERTBOT_WHOLE, "", "",
		"live/x/chain.pem live/x/fullchain.pem renewal/x.conf" },
	{ CERTBOT_WHOLE, "live/*/*.pem", "",
		"live/x/chain.pem live/x/fullchain.pem" },
	{ CERTBOT_WHOLE, "live/*/c*.pem", "",
		"live/x/cert.pem live/x/chain.pem" },
	{ CERTBOT_WHOLE, "live/*/cert.pem", "", "live/x/cert.pem" },
	{ CERTBOT_WHOLE, "archive/*/*.pem", "", "archive/x/cert1.pem" },
	{ KUBERNETES, "", "", "tls.crt tls.key" },
	{ KUBERNETES, "**/*.crt", "", "tls.crt" },
	{ KUBERNETES, "**", "", "tls.crt tls.key" },
	{ KUBERNETES, "..data/*.crt", "", "..data/tls.crt" },
	{ KUBERNETES, "..*/*.crt", "", "..2026_11_20/tls.crt ..data/tls.crt" },
	/* second names of CAs */
	{ CA_STORE, "certs/", "", "certs/A.pem certs/B.pem" },
	{ CA_STORE, "certs/*", "", "certs/A.pem certs/B.pem" },
	{ CA_STORE, "certs/*.0", "", "certs/0123abcd.0 certs/99aabbcc.0" },
	{ CA_STORE, "certs/", "A.pem", "certs/B.pem" },
	{ "o/A.crt c/A.pem>../o/A.crt c/0123abcd.0>../o/A.crt "
	  "c/0123abcd.r0>../o/A.crt c/00000000.0>../o/B.crt o/B.crt",
		"c/", "", "c/00000000.0 c/A.pem" },
	{ "c/A.pem c/0123abcd.0>gone.pem c/0123abcd.1>0123abcd.2 "
	  "c/0123abcd.2>A.pem c/0123abc.0>A.pem c/0123abcd.x>A.pem "
	  "c/0123ABCD.0>A.pem c/0123abcd.>A.pem c/11112222.0",
		"c/", "",
		"c/0123ABCD.0 c/0123abc.0 c/0123abcd. c/0123abcd.0 "
		"c/0123abcd.1 c/0123abcd.x c/11112222.0 c/A.pem" },
	/* patterns within a folder */
	{ TREE, "*.pem", "", "a.pem b.pem sub-x.pem" },
	{ TREE, ".*.pem", "", ".j.pem" },
	{ TREE, "[ab].pem", "", "a.pem b.pem" },
	{ TREE, "?.pem", "", "a.pem b.pem" },
	{ TREE, "*/*.pem", "", "sub/d.pem" },
	{ TREE, "su*/deep/*.pem", "", "sub/deep/e.pem" },
	{ TREE, "s*/d*/e.pem", "", "sub/deep/e.pem" },
	{ TREE, "./su*//deep/./*", "", "./sub/deep/e.pem" },
	{ TREE, "*.crt", "", "" },
	{ TREE, "none/*", "", "" },
	{ TREE, "a.pem/*", "", "" },
	{ TREE, "*/d.pem", "", "sub/d.pem" },
	{ TREE, "*/", "", "sub/d.pem sub/deep/e.pem" },
	{ "a[1].pem a1.pem b{}.pem c*.pem cc.pem", "a\\[1].pem*", "",
		"a[1].pem" },
	{ "a[1].pem a1.pem b{}.pem c*.pem cc.pem", "c\\*.{pem}", "",
		"!c*.pem" },
	{ "a[1].pem a1.pem b{x.pem", "?{x.pem", "", "b{x.pem" },
	/* any number of folders */
	{ TREE, "**", "",
		".h/i.pem .j.pem a.pem b.pem c.key sub/d.pem sub/deep/e.pem "
		"sub-x.pem" },
	{ TREE, "**/*.pem", "",
		".h/i.pem a.pem b.pem sub/d.pem sub/deep/e.pem sub-x.pem" },
	{ TREE, "sub/**/*.pem", "", "sub/d.pem sub/deep/e.pem" },
	{ TREE, "**/deep/**/*.pem", "", "sub/deep/e.pem" },
	{ TREE, "**/**/e.pem", "", "sub/deep/e.pem" },
	{ TREE, "**/none.pem", "", "" },
	{ "a/a/a/x.pem", "**/a/**/x.pem", "", "a/a/a/x.pem" },
	{ "x.pem a/x.pem y/x.pem", "{**,a}/x.pem", "",
		"!a/x.pem x.pem y/x.pem" },
	/* alternatives */
	{ TREE, "*.{key,pem}", "", "a.pem b.pem c.key sub-x.pem" },
	{ TREE, "{a,b,none}.pem", "", "!a.pem !b.pem !none.pem" },
	{ TREE, "{s*,*}/d.pem", "", "sub/d.pem" },
	{ TREE, "{sub-x,a*,su?/d}.pem", "", "a.pem sub/d.pem !sub-x.pem" },
	{ TREE, "{sub,.h}", "", ".h/i.pem sub/d.pem sub/deep/e.pem" },
	{ TREE, "{su{b,c}/*,a}.pem", "", "!a.pem sub/d.pem" },
	/* exclusions: by name, by the end of a path, by all of it */
	{ TREE, "", "*.pem", "c.key" },
	{ TREE, "", "sub", ".h/i.pem .j.pem a.pem b.pem c.key sub-x.pem" },
	{ TREE, "", "sub/ .*", "a.pem b.pem c.key sub-x.pem" },
	{ TREE, "sub/", "sub/d.pem", "sub/deep/e.pem" },
	{ TREE, "sub/", "sub/*", "" },
	{ TREE, "sub/", "sub/**", "" },
	{ TREE, "sub/", "deep/*", "sub/d.pem" },
	{ TREE, "sub/", "**/deep", "sub/d.pem" },
	{ TREE, "sub/", "s*/**/e.pem", "sub/d.pem" },
	{ TREE, "sub/", "eep/*", "sub/d.pem sub/deep/e.pem" },
	{ TREE, "sub/", "/deep/* /sub . ./ /", "sub/d.pem sub/deep/e.pem" },
	{ TREE, "sub/", "/tmp/certvigil-folder-*/sub/deep", "sub/d.pem" },
	{ TREE, "sub/", "/tmp/**/deep/*.pem", "sub/d.pem" },
	{ TREE, "sub/", "/**/deep", "sub/d.pem" },
	{ TREE, "sub/", "/**", "" },
	{ TREE, "sub/", "/*/certvigil-folder-*/sub/deep/", "sub/d.pem" },
	{ TREE, "**/*.pem", "{deep,.h}", "a.pem b.pem sub/d.pem sub-x.pem" },
	{ TREE, "su*/deep/e.pem", "deep", "" },
	{ TREE, "su*/deep/e.pem", "e.*", "" },
};

static void
files_are_found(void **state)
{
	size_t wrong = 0;

	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf have = { 0 };
		struct walk w = { 0 };
		const char *told;

		assert_int_equal(folder_setup(state), 0);
		folder_make_all(rows[i].world);
		look(rows[i].what, rows[i].exclude, &w, &have);
		told = buf_str(&have);
		if (strcmp(told, rows[i].want) != 0 || w.full || w.unfit ||
			w.deep > 0) {
			print_error("\"%s\" less \"%s\":\n want %s\n have "
				    "%s\n",
				rows[i].what, rows[i].exclude, rows[i].want,
				told);
			wrong++;
		}
		assert_int_equal(folder_teardown(state), 0);
	}
	assert_int_equal(wrong, 0);
}

/* Root may enter any folder, so the test becomes nobody for a while. */
static void
closed_folders_are_told(void **state)
{
	static const struct {
		const char *what, *want;
	} closed[] = {
		{ "", "a.pem -shut" },
		{ "**/*.pem", "a.pem -shut" },
		{ "shut/*.pem", "-shut" },
		{ "s*/x.pem", "shut/x.pem" }, /* whether it is there */
		{ "*.pem", "a.pem" },
	};
	bool root = geteuid() == 0;
	char shut[80];

	(void)state;
	folder_make_all("a.pem shut/x.pem");
	(void)snprintf(shut, sizeof(shut), "%s/shut", folder_root);
	assert_int_equal(chmod(shut, 0), 0);
	assert_int_equal(chmod(folder_root, 0755), 0);
	assert_int_equal(root ? seteuid(65534) : 0, 0);
	for (size_t i = 0; i < COUNT(closed); i++) {
		BUF_CLEANUP struct buf have = { 0 };
		struct walk w = { 0 };

		look(closed[i].what, "", &w, &have);
		assert_string_equal(buf_str(&have), closed[i].want);
	}
	assert_int_equal(root ? seteuid(0) : 0, 0);
	assert_int_equal(chmod(shut, 0700), 0);
}

static void
depth_has_a_bound(void **state)
{
	BUF_CLEANUP struct buf path = { 0 }, have = { 0 };
	struct walk w = { 0 };

	(void)state;
	for (int i = 1; i <= WALK_MAX_DEPTH; i++)
		buf_printf(&path, "%d/", i);
	buf_puts(&path, "x.pem");
	folder_make(path.s);
	look("", "", &w, &have);
	assert_string_equal(have.s, path.s);
	assert_int_equal(w.deep, 0);

	/* A step further down, twice. */
	path.s[path.len -= strlen("x.pem")] = '\0';
	buf_puts(&path, "y/x.pem");
	folder_make(path.s);
	path.s[path.len -= strlen("y/x.pem")] = '\0';
	buf_puts(&path, "z/x.pem");
	folder_make(path.s);
	buf_reset(&have);
	look("**/x.pem", "", &w, &have);
	assert_null(strchr(have.s, ' '));
	assert_int_equal(w.deep, 2);
	assert_string_equal(w.deepest + strlen(w.deepest) - 5, "/16/y");
	free(w.deepest);

	/* What is left out is not missed. */
	w = (struct walk){ 0 };
	buf_reset(&have);
	look("", "y z", &w, &have);
	assert_int_equal(w.deep, 0);
}

static void
number_has_a_bound(void **state)
{
	static const struct {
		size_t left;
		bool full;
		const char *want;
	} bounds[] = {
		{ 6, false, "a.pem b.pem sub/c.pem sub/d.pem" },
		{ 5, true, "a.pem b.pem sub/c.pem" },
		{ 3, true, "a.pem b.pem" },
		{ 1, true, "" },
	};

	(void)state;
	folder_make_all("a.pem b.pem sub/c.pem sub/d.pem");
	for (size_t i = 0; i < COUNT(bounds); i++) {
		BUF_CLEANUP struct buf have = { 0 };
		struct walk w = { .left = bounds[i].left };

		look("", "", &w, &have);
		assert_string_equal(buf_str(&have), bounds[i].want);
		assert_int_equal(w.full, bounds[i].full);
	}
}

/* Every link leads back, so the names of one folder are met by the dozen. */
static void
names_have_a_bound(void **state)
{
	static const struct {
		size_t names_left;
		bool full;
		const char *want;
	} bounds[] = {
		{ 21, false,
			"l1/l1/a.pem l1/l2/a.pem l2/l1/a.pem l2/l2/a.pem" },
		{ 20, true, "l1/l1/a.pem l1/l2/a.pem l2/l1/a.pem" },
		{ 5, true, "" },
	};

	(void)state;
	folder_make_all("a.pem l1>. l2>.");
	for (size_t i = 0; i < COUNT(bounds); i++) {
		BUF_CLEANUP struct buf have = { 0 };
		struct walk w = { .names_left = bounds[i].names_left };

		look("*/*/*.pem", "", &w, &have);
		assert_string_equal(buf_str(&have), bounds[i].want);
		assert_int_equal(w.full, bounds[i].full);
	}
}

/* Little text that would be much work. */
static void
patterns_have_bounds(void **state)
{
	BUF_CLEANUP struct buf many = { 0 }, wide = { 0 }, nested = { 0 };
	const char *texts[3], *one = "{a,b}";

	(void)state;
	for (int i = 0; i < 20; i++)
		buf_puts(&many, one);
	for (int i = 0; i < 100; i++)
		buf_puts(&wide, "*/");
	for (int i = 0; i < 5000; i++)
		buf_putc(&nested, '{');
	for (int i = 0; i < 5000; i++)
		buf_putc(&nested, '}');
	texts[0] = many.s;
	texts[1] = wide.s;
	texts[2] = nested.s;
	for (size_t i = 0; i < COUNT(texts); i++) {
		BUF_CLEANUP struct buf have = { 0 };
		struct walk w = { 0 }, x = { 0 };

		look(texts[i], "", &w, &have);
		assert_true(w.unfit);
		look("", texts[i], &x, &have);
		assert_true(x.unfit);
	}
}

static double
seconds(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t), 0);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Ten times the files may take ten times as long, and not a hundred. */
static void
time_grows_with_the_files(void **state)
{
	double took[2];
	size_t made = 0;

	(void)state;
	for (size_t round = 0; round < 2; round++) {
		BUF_CLEANUP struct buf have = { 0 };
		struct walk w = { 0 };
		double begin;

		for (; made < (round == 0 ? 2000 : 20000); made++) {
			char file[32], link[64];

			/* and a link such as OpenSSL's, to the one before */
			(void)snprintf(
				file, sizeof(file), "%zu.pem", made - made % 2);
			(void)snprintf(
				link, sizeof(link), "%08zx.0>%s", made, file);
			folder_make(made % 2 == 0 ? file : link);
		}
		begin = seconds();
		look("", "*.x a/*.y", &w, &have);
		took[round] = seconds() - begin;
		assert_null(strstr(have.s, ".0"));
	}
	assert_true(took[1] < 0.05 || took[1] < took[0] * 40);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, folder_setup, folder_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_found),
		TEST(closed_folders_are_told),
		TEST(depth_has_a_bound),
		TEST(number_has_a_bound),
		TEST(names_have_a_bound),
		TEST(patterns_have_bounds),
		TEST(time_grows_with_the_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
