/* basis.c - what looks at files rest on, beside the files */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libpsl.h>
#include <openssl/conf.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "model/alloc.h"
#include "scan/basis.h"
#include "scan/listing.h"
#include "scan/stamp.h"

/* Entries of the system's folder of CAs that are looked at. */
#define MAX_ENTRIES 10000

struct basis {
	EVP_MD_CTX *md;
	bool unsettled;
};

struct basis *
basis_new(void)
{
	struct basis *b = mem_alloc(sizeof(*b));

	b->md = EVP_MD_CTX_new();
	if (b->md == NULL || EVP_DigestInit_ex(b->md, EVP_sha256(), NULL) != 1)
		mem_exhausted();
	return b;
}

void
basis_add(void *arg, const char *text, size_t n)
{
	struct basis *b = arg;

	if (EVP_DigestUpdate(b->md, text, n) != 1)
		mem_exhausted();
}

/* With the NUL, so that two texts are not one. */
static void
add_text(struct basis *b, const char *s)
{
	if (s == NULL)
		s = "";
	basis_add(b, s, strlen(s) + 1);
}

/* A path, and what is there. One that is not there is so. */
static bool
add_path(struct basis *b, const char *path, time_t clock)
{
	BUF_CLEANUP struct buf stamp = { 0 };
	bool settled = stamp_take_path(path, clock, &stamp);

	add_text(b, path);
	if (settled)
		basis_add(b, stamp.s, stamp.len);
	else if (access(path, F_OK) == 0)
		b->unsettled = true;
	return settled;
}

/* CAs are looked up by the names of files in it, which are mostly links. */
static void
add_folder(struct basis *b, const char *path, time_t clock)
{
	struct listing l;

	if (!add_path(b, path, clock) ||
		listing_read(path, MAX_ENTRIES, &l) == -1)
		return;
	for (size_t i = 0; i < l.n; i++) {
		cleanup(str_free) char *entry = str_fmt(
			"%s/%s", path, l.v[i].name);

		(void)add_path(b, entry, clock);
	}
	listing_release(&l);
}

static void
add_system_trust(struct basis *b, time_t clock)
{
	const char *file = getenv(X509_get_default_cert_file_env());
	const char *folders = getenv(X509_get_default_cert_dir_env());
	cleanup(str_free) char *list = str_dup(
		folders != NULL ? folders : X509_get_default_cert_dir());
	char *rest = NULL;

	(void)add_path(
		b, file != NULL ? file : X509_get_default_cert_file(), clock);
	for (char *one = strtok_r(list, ":", &rest); one != NULL;
		one = strtok_r(NULL, ":", &rest))
		add_folder(b, one, clock);
}

/* Each trust store once: targets of one kind lie side by side. */
static void
add_trust(struct basis *b, const struct targets *targets, time_t clock)
{
	struct strlist added = { 0 };

	for (size_t i = 0; i < targets->n; i++) {
		const struct target *t = targets->v[i];

		if (t->kind != TARGET_FILE ||
			(i > 0 &&
				t->set.trust == targets->v[i - 1]->set.trust) ||
			strlist_has(&added, t->set.trust))
			continue;
		strlist_add(&added, t->set.trust);
		if (strcmp(t->set.trust, "system") == 0)
			add_system_trust(b, clock);
		else if (!add_path(b, t->set.trust, clock))
			b->unsettled = true;
	}
	strlist_release(&added);
}

/* Its settings may load other providers. */
static void
add_openssl(struct basis *b, time_t clock)
{
	char *path = CONF_get1_default_config_file();

	add_text(b, OpenSSL_version(OPENSSL_FULL_VERSION_STRING));
	add_text(b, OpenSSL_version(OPENSSL_BUILT_ON));
	add_text(b, OpenSSL_version(OPENSSL_PLATFORM));
	if (path != NULL)
		(void)add_path(b, path, clock);
	OPENSSL_free(path);
}

/* Who can read which files. */
static void
add_user(struct basis *b)
{
	uid_t user = geteuid();
	gid_t group = getegid();
	int n = getgroups(0, NULL);
	gid_t *groups = mem_grow(NULL, n > 0 ? (size_t)n : 1, sizeof(*groups));

	basis_add(b, (const char *)&user, sizeof(user));
	basis_add(b, (const char *)&group, sizeof(group));
	n = n > 0 ? getgroups(n, groups) : 0;
	if (n > 0)
		basis_add(b, (const char *)groups, (size_t)n * sizeof(*groups));
	free(groups);
}

/* kept.h counts the rows of the catalogue. */
static void
add_catalog(struct basis *b)
{
	const struct finding_kind *k;

	for (size_t i = 0; (k = finding_kind_at(i)) != NULL; i++)
		add_text(b, k->id);
}

bool
basis_end(struct basis *b, const struct targets *targets, time_t clock,
	unsigned char out[LOOKS_BASIS])
{
	bool settled;

	add_text(b, CERTVIGIL_VERSION);
	add_text(b, psl_get_version());
	add_text(b, psl_builtin_sha1sum());
	add_catalog(b);
	add_openssl(b, clock);
	add_user(b);
	add_trust(b, targets, clock);
	if (EVP_DigestFinal_ex(b->md, out, NULL) != 1)
		mem_exhausted();
	settled = !b->unsettled;
	EVP_MD_CTX_free(b->md);
	free(b);
	return settled;
}
