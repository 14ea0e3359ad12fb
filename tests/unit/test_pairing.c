/* test_pairing.c - endpoints and files of one run that belong together */
#include "tests/support/judge.h"

#include <time.h>

#include "scan/pairing.h"

#define MAX_FILES 6

static EVP_PKEY *ec, *rsa;
static X509 *first; /* of the row that comes again; or NULL */

/* A leaf as a row has it: all that tells one from another. */
struct leaf {
	const char *names; /* "a.test www.a.test"; NULL: there is none */
	int begin, end; /* in days from now */
	bool rsa;
	bool again; /* the first of the row that has this, once more */
};

struct file {
	struct leaf leaf;
	const char *path;
	enum role role; /* ROLE_AUTO: a server's */
	const char *finding; /* that its look has had, or NULL */
	struct leaf beside; /* a second one in it */
};

static X509 *
make(const struct leaf *l)
{
	const char *names[64];
	char text[64][40];
	char *all = str_dup(l->names), *rest, *name;
	size_t n = 0;
	X509 *x;

	for (name = strtok_r(all, " ", &rest); name != NULL;
		name = strtok_r(NULL, " ", &rest)) {
		(void)snprintf(text[n], sizeof(text[n]), "%s%s",
			strspn(name, "0123456789.") == strlen(name) ? "IP:"
								    : "DNS:",
			name);
		names[n] = text[n];
		n++;
	}
	names[n] = NULL;
	x = mkcert_make(&(struct mkcert){ .key = l->rsa ? rsa : ec,
		.cn = "leaf",
		.names = names,
		.not_before = NOW + l->begin * DAY,
		.not_after = NOW + l->end * DAY });
	free(all);
	return x;
}

static void
add_cert(struct observation *ob, const struct leaf *l)
{
	X509 *x = l->again && first != NULL ? first : make(l);

	if (l->again) {
		first = x;
		X509_up_ref(x);
	}
	assert_int_equal(observation_add_cert(ob, x, 0), 0);
}

static struct result *
make_result(const struct target *t, const struct leaf *l)
{
	struct result *r = mem_alloc(sizeof(*r));

	r->target = t;
	r->looked = true;
	r->role = ROLE_SERVER;
	r->observed_at = NOW;
	r->seen = observation_new();
	add_cert(r->seen, l);
	return r;
}

static struct result *
make_file(const struct file *f, struct target *t)
{
	struct result *r;

	*t = judge_target_of(NULL);
	t->file = t->address = t->name = f->path;
	r = make_result(t, &f->leaf);
	if (f->beside.names != NULL)
		add_cert(r->seen, &f->beside);
	r->seen->changed_at = NOW - DAY;
	if (f->role != ROLE_AUTO)
		r->role = f->role;
	if (f->finding != NULL)
		findings_add(&r->findings, f->finding, f->path, "made up");
	/* As judge_target() leaves it. */
	observation_forget_x509(r->seen);
	return r;
}

#define OLD "a.test www.a.test", -60, 30
#define NEW "a.test www.a.test", -3, 87

static const struct row {
	const char *name;
	const char *host; /* NULL: www.a.test */
	struct leaf served;
	struct file files[MAX_FILES];
	const char *paired; /* with this file; NULL: none */
	bool stale;
	const char *problem; /* a finding of the endpoint, or NULL */
} rows[] = {
	{ .name = "nothing to be paired with",
		NULL,
		{ .names = OLD },
		{ { .path = NULL } },
		NULL,
		false },
	{ .name = "served as it is",
		NULL,
		{ .names = NEW, .again = true },
		{ { .leaf = { .names = NEW, .again = true }, "/a" } },
		"/a",
		false },
	{ .name = "renewed",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = NEW }, "/a" } },
		"/a",
		true },
	{ .name = "the file is older: a former copy",
		NULL,
		{ .names = NEW },
		{ { .leaf = { .names = OLD }, "/a" } },
		NULL,
		false },
	{ .name = "former copies beside it",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = "a.test www.a.test", -120, -30 },
			  "/archive/1" },
			{ .leaf = { .names = "a.test www.a.test", -90, 0 },
				"/archive/2" },
			{ .leaf = { .names = NEW }, "/live" } },
		"/live",
		true },
	{ .name = "served, and a former copy beside it",
		NULL,
		{ .names = NEW, .again = true },
		{ { .leaf = { .names = OLD }, "/archive" },
			{ .leaf = { .names = NEW, .again = true }, "/live" } },
		"/live",
		false },
	/* Two services of one name, each with its own. */
	{ .name = "another service's is newer",
		NULL,
		{ .names = OLD, .again = true },
		{ { .leaf = { .names = NEW }, "/mail" },
			{ .leaf = { .names = OLD, .again = true }, "/web" } },
		"/web",
		false },
	{ .name = "the newest of several",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = "a.test www.a.test", -20, 70 }, "/b" },
			{ .leaf = { .names = NEW }, "/c" },
			{ .leaf = { .names = "a.test www.a.test", -30, 60 },
				"/a" } },
		"/c",
		true },
	{ .name = "the fullest of two",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = NEW, .again = true }, "/cert.pem" },
			{ .leaf = { .names = NEW, .again = true },
				"/fullchain.pem",
				.beside = { .names = "x.test", -300, 300 } } },
		"/fullchain.pem",
		true },
	/* Names. */
	{ .name = "another host",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = "b.test", -3, 87 }, "/b" } },
		NULL,
		false },
	{ .name = "a host of another letter case",
		"www.a.test",
		{ .names = "WWW.a.test", -60, 30 },
		{ { .leaf = { .names = "www.A.test", -3, 87 }, "/a" } },
		"/a",
		true },
	{ .name = "a name more",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = "a.test www.a.test shop.a.test",
			    -3,
			    87 },
			"/a" } },
		"/a",
		true },
	{ .name = "a name less",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = "www.a.test", -3, 87 }, "/a" } },
		"/a",
		true },
	{ .name = "many names more",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = "a.test www.a.test b.test c.test d.test",
			    -3,
			    87 },
			"/a" } },
		NULL,
		false },
	{ .name = "one of many names",
		NULL,
		{ .names = "www.a.test b.test c.test d.test e.test", -60, 30 },
		{ { .leaf = { .names = "www.a.test", -3, 87 }, "/a" } },
		NULL,
		false },
	{ .name = "one for all hosts of the domain",
		NULL,
		{ .names = "www.a.test", -60, 30 },
		{ { .leaf = { .names = "*.a.test", -3, 87 }, "/all" } },
		NULL,
		false },
	{ .name = "a wildcard renewed",
		NULL,
		{ .names = "*.a.test", -60, 30 },
		{ { .leaf = { .names = "*.a.test", -3, 87 }, "/all" } },
		"/all",
		true },
	{ .name = "a wildcard that gained the apex",
		NULL,
		{ .names = "*.a.test", -60, 30 },
		{ { .leaf = { .names = "a.test *.a.test", -3, 87 }, "/all" } },
		"/all",
		true },
	{ .name = "a wildcard for just one label",
		"x.www.a.test",
		{ .names = "*.a.test", -60, 30 },
		{ { .leaf = { .names = "*.a.test", -3, 87 }, "/all" } },
		NULL,
		false },
	{ .name = "a wildcard is no apex",
		"a.test",
		{ .names = "*.a.test", -60, 30 },
		{ { .leaf = { .names = "*.a.test", -3, 87 }, "/all" } },
		NULL,
		false },
	{ .name = "an address",
		"192.0.2.1",
		{ .names = "192.0.2.1", -60, 30 },
		{ { .leaf = { .names = "192.0.2.1", -3, 87 }, "/a" } },
		"/a",
		true },
	{ .name = "no wildcard for addresses",
		"192.0.2.1",
		{ .names = "*.0.2.1", -60, 30 },
		{ { .leaf = { .names = "*.0.2.1", -3, 87 }, "/a" } },
		NULL,
		false },
	{ .name = "the sharing one before the newer",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = "www.a.test", -1, 89 }, "/one" },
			{ .leaf = { .names = NEW }, "/both" } },
		"/both",
		true },
	/* Kinds of keys. */
	{ .name = "the kind of the key before the newer",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = "a.test www.a.test", -1, 89, true },
			  "/rsa" },
			{ .leaf = { .names = NEW }, "/ec" } },
		"/ec",
		true },
	{ .name = "another kind since",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = "a.test www.a.test", -1, 89, true },
			"/rsa" } },
		"/rsa",
		true },
	{ .name = "side by side",
		NULL,
		{ .names = OLD, .again = true },
		{ { .leaf = { .names = "a.test www.a.test", -1, 89, true },
			"/both",
			.beside = { .names = OLD, .again = true } } },
		"/both",
		false },
	{ .name = "among other leaves of a file",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = "b.test", -70, 20 },
			"/both",
			.beside = { .names = NEW } } },
		"/both",
		true },
	/* What is no server's, not valid, not trusted. */
	{ .name = "a client's",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = NEW }, "/a", .role = ROLE_CLIENT } },
		NULL,
		false },
	{ .name = "a CA's, which is held",
		NULL,
		{ .names = OLD, .again = true },
		{ { .leaf = { .names = OLD, .again = true },
			  "/a",
			  .role = ROLE_CA },
			{ .leaf = { .names = NEW }, "/b" } },
		"/a",
		false },
	{ .name = "not valid yet",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = "a.test www.a.test", 1, 91 }, "/a" } },
		NULL,
		false },
	{ .name = "expired",
		NULL,
		{ .names = "a.test www.a.test", -91, -30 },
		{ { .leaf = { .names = "a.test www.a.test", -90, -1 }, "/a" } },
		NULL,
		false },
	{ .name = "of a CA for tests",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = NEW },
			"/a",
			.finding = "chain.untrusted" } },
		NULL,
		false },
	{ .name = "self-signed",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = NEW },
			"/a",
			.finding = "chain.self-signed" } },
		NULL,
		false },
	{ .name = "nor is what is served trusted",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = NEW },
			"/a",
			.finding = "chain.untrusted" } },
		"/a",
		true,
		"chain.untrusted" },
	{ .name = "with other faults",
		NULL,
		{ .names = OLD },
		{ { .leaf = { .names = NEW },
			"/a",
			.finding = "key.permissions" } },
		"/a",
		true },
};

static void
run(struct result **v, size_t n)
{
	struct results rs = { .v = v, .n = n, .time = NOW };

	pairing_run(&rs, NULL);
}

static void
check_row(const struct row *r)
{
	struct target endpoint = judge_target_of(
		r->host != NULL ? r->host : "www.a.test");
	struct result *v[MAX_FILES + 1];
	struct target files[MAX_FILES];
	const char *problem = r->problem;
	size_t n = 0;

	endpoint.set.deployed = DEPLOYED_AUTO;
	v[n++] = make_result(&endpoint, &r->served);
	if (problem != NULL)
		findings_add(&v[0]->findings, problem, "x", "made up");
	observation_forget_x509(v[0]->seen);
	for (size_t i = 0; i < MAX_FILES && r->files[i].path != NULL; i++) {
		v[n] = make_file(&r->files[i], &files[i]);
		n++;
	}
	run(v, n);
	if ((v[0]->deployed == NULL) != (r->paired == NULL) ||
		(r->paired != NULL && strcmp(v[0]->deployed, r->paired) != 0))
		fail_msg("%s: paired with %s", r->name,
			v[0]->deployed != NULL ? v[0]->deployed : "none");
	judge_expect(r->name, &v[0]->findings, "deploy",
		r->stale ? "deploy.stale=warning" : "");
	if (r->stale &&
		strncmp(judge_find(&v[0]->findings, "deploy")->message,
			"serves the old", 14) != 0)
		fail_msg("%s: %s", r->name,
			judge_find(&v[0]->findings, "deploy")->message);
	if (r->stale && problem == NULL)
		assert_int_equal(v[0]->status, SEV_WARNING);
	assert_null(v[0]->seen->deployed);
	for (size_t i = 0; i < n; i++)
		result_free(v[i]);
	X509_free(first);
	first = NULL;
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

/* The message, and the operator's last word. */
static void
test_told(void **state)
{
	static const struct leaf old = { .names = OLD };
	static const struct file new = { .leaf = { .names = NEW },
		"/etc/ssl/a.pem" };
	struct override off = { finding_kind("deploy.stale"), true, 0 };
	struct override worse = { finding_kind("deploy.stale"), false,
		SEV_CRITICAL };
	struct target t[2];

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct result *v[2];

		t[0] = judge_target_of("a.test");
		t[0].set.deployed = DEPLOYED_AUTO;
		if (i > 0)
			t[0].set.findings =
				(struct overrides){ i == 1 ? &off : &worse, 1 };
		v[0] = make_result(&t[0], &old);
		v[1] = make_file(&new, &t[1]);
		run(v, 2);
		judge_expect("told", &v[0]->findings, "",
			i == 0		 ? "deploy.stale=warning"
				: i == 1 ? ""
					 : "deploy.stale=critical");
		assert_int_equal(v[0]->status,
			i == 0		 ? SEV_WARNING
				: i == 1 ? SEV_OK
					 : SEV_CRITICAL);
		if (i == 0) {
			const struct finding *f = &v[0]->findings.v[0];

			assert_string_equal(f->message,
				"serves the old certificate (ends "
				"2027-02-14); /etc/ssl/a.pem holds a newer one "
				"(ends 2027-04-12), changed 1 day ago: reload "
				"the service");
			assert_string_equal(
				f->subject, v[0]->seen->certs[0].sha256);
		}
		assert_string_equal(t[0].set.deployed, DEPLOYED_AUTO);
		result_free(v[0]);
		result_free(v[1]);
	}
}

/* Those who do not ask for it, and those of which nothing was seen. */
static void
test_not_asked(void **state)
{
	static const char *const words[] = { NULL, DEPLOYED_NONE, "/x" };
	static const struct leaf old = { .names = OLD };
	static const struct file new = { .leaf = { .names = NEW }, "/a" };
	struct target t[2];
	struct result *v[2];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		t[0] = judge_target_of("a.test");
		t[0].set.deployed = i < 3 ? words[i] : DEPLOYED_AUTO;
		v[0] = make_result(&t[0], &old);
		v[1] = make_file(&new, &t[1]);
		v[0]->looked = i < 3;
		if (i == 3) {
			cert_release(&v[0]->seen->certs[0]);
			v[0]->seen->n_certs = 0;
		}
		run(v, 2);
		judge_expect("not asked", &v[0]->findings, "", "");
		assert_null(v[0]->deployed);
		result_free(v[0]);
		result_free(v[1]);
	}
}

/* A result whose certificate has just what the pairing looks at. */
static struct result *
make_cheap(const struct target *t, size_t number, const char *name)
{
	struct result *r = mem_alloc(sizeof(*r));
	struct cert *c = mem_alloc(sizeof(*c));

	r->target = t;
	r->looked = true;
	r->role = ROLE_SERVER;
	r->seen = observation_new();
	r->seen->certs = c;
	r->seen->n_certs = 1;
	c->subject = str_dup("CN=a");
	c->issuer = str_dup("CN=b");
	c->label = str_dup(name);
	c->key_type = str_dup("EC");
	c->serial = str_dup("1");
	c->sha256 = str_fmt("%064zu", number);
	c->has_dates = true;
	c->not_before = NOW - 90 * DAY + (time_t)number;
	c->not_after = NOW + 90 * DAY;
	strlist_add(&c->names, name);
	return r;
}

/* Ten thousand endpoints, a hundred thousand files, and one name for all. */
static void
test_many(void **state)
{
	const size_t endpoints = 10000, files = 100000;
	struct result **v = mem_alloc((endpoints + files) * sizeof(*v));
	struct target *t = mem_alloc((endpoints + files) * sizeof(*t));
	struct timespec begin, end;
	char path[32];

	(void)state;
	for (size_t i = 0; i < endpoints + files; i++) {
		(void)snprintf(path, sizeof(path), "/%zu", i);
		t[i] = judge_target_of(i < endpoints ? "www.a.test" : NULL);
		t[i].set.deployed = DEPLOYED_AUTO;
		if (i >= endpoints)
			t[i].file = str_dup(path);
		v[i] = make_cheap(&t[i], i, "*.a.test");
	}
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &begin), 0);
	run(v, endpoints + files);
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &end), 0);
	/* 0.2 s where it is built with sanitizers; a square takes minutes. */
	assert_true(end.tv_sec - begin.tv_sec < 20);
	for (size_t i = 0; i < endpoints + files; i++) {
		if (i < endpoints)
			assert_string_equal(v[i]->deployed, "/109999");
		else
			free((char *)t[i].file);
		result_free(v[i]);
	}
	free(v);
	free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_not_asked),
		cmocka_unit_test(test_many),
	};
	int failed;

	ec = mkcert_key(MKCERT_P256);
	rsa = mkcert_key(MKCERT_RSA2048);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(rsa);
	return failed;
}
