/* limit_files.c - the bare limit of looking at certificate files: nothing but
 * OpenSSL's parsers
 *
 *	limit_files [-T THREADS] [-a ANCHORS] -m MODE LIST
 *
 * LIST has a path a line. MODE is
 *	stat		lstat() of each file
 *	template	read it, and parse each certificate by a template in
 *which the public key stays as it is
 *	d2i		read it, and d2i_X509() each certificate, in a library
 *			context for each thread
 *	verify		the same, and verify the first certificate of the file
 *up to ANCHORS with the others of the file
 *
 * All but stat take from each certificate its end, its SHA-256, its common name
 * and its names. Nothing is judged or stored; the sums are printed, and are the
 * same for each of them.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "tests/bench/shallow.h"

#define MAX_FILE (1024 * 1024)
#define MAX_CERTS 16
/* Files that a thread takes at once. */
#define HANDFUL 16

struct worker {
	OSSL_LIB_CTX *lib;
	EVP_MD *sha256;
	X509_STORE *anchors;
	unsigned char *text, *der; /* MAX_FILE each */
	X509 *certs[MAX_CERTS];
	int n_certs;
};

static char **paths;
static size_t n_paths, n_threads = 1;
static const char *mode = "", *anchors;
static atomic_size_t next_path, files, certificates, octets, good;
static unsigned char base64_value[256];

static _Noreturn void
die(const char *what)
{
	perror(what);
	ERR_print_errors_fp(stderr);
	exit(3);
}

static void *
alloc(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		die("memory");
	return p;
}

/* --- PEM */

static void
prepare_base64(void)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	memset(base64_value, 64, sizeof(base64_value));
	for (unsigned char i = 0; i < 64; i++)
		base64_value[(unsigned char)digits[i]] = i;
}

static size_t
decode_base64(
	const unsigned char *from, const unsigned char *end, unsigned char *to)
{
	unsigned char *start = to;
	uint32_t bits = 0;
	int n = 0;

	for (; from < end; from++) {
		unsigned char v = base64_value[*from];

		if (v == 64)
			continue;
		bits = bits << 6 | v;
		if (++n < 4)
			continue;
		*to++ = (unsigned char)(bits >> 16);
		*to++ = (unsigned char)(bits >> 8);
		*to++ = (unsigned char)bits;
		n = 0;
	}
	if (n > 1)
		*to++ = (unsigned char)(bits >> (n == 2 ? 4 : 10));
	if (n > 2)
		*to++ = (unsigned char)(bits >> 2);
	return (size_t)(to - start);
}

/* The next certificate, decoded into `w->der`; 0: there is none. */
static size_t
next_der(struct worker *w, unsigned char **at, const unsigned char *end)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----";
	unsigned char *from = memmem(
		*at, (size_t)(end - *at), begin, sizeof(begin) - 1);
	unsigned char *to;

	if (from == NULL)
		return 0;
	from += sizeof(begin) - 1;
	to = memchr(from, '-', (size_t)(end - from));
	if (to == NULL)
		return 0;
	*at = to;
	return decode_base64(from, to, w->der);
}

/* --- what is taken from a certificate, however it was parsed */

static void
take(struct worker *w, const ASN1_TIME *not_after, const X509_NAME *subject,
	GENERAL_NAMES *names, size_t der_len)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char cn[256];
	struct tm end;
	size_t n = 0;
	int len;

	if (ASN1_TIME_to_tm(not_after, &end) != 1 ||
		EVP_Digest(w->der, der_len, digest, NULL, w->sha256, NULL) != 1)
		die("certificate");
	len = X509_NAME_get_text_by_NID(
		subject, NID_commonName, cn, sizeof(cn));
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS)
			n += (size_t)ASN1_STRING_length(name->d.dNSName);
	}
	GENERAL_NAMES_free(names);
	atomic_fetch_add(&certificates, 1);
	atomic_fetch_add(&octets,
		n + (size_t)(len > 0 ? len : 0) + (size_t)end.tm_yday +
			digest[0]);
}

static void
take_shallow(struct worker *w, size_t len)
{
	const unsigned char *p = w->der;
	SHALLOW *c = (SHALLOW *)ASN1_item_d2i(
		NULL, &p, (long)len, ASN1_ITEM_rptr(SHALLOW));

	if (c == NULL)
		die("certificate");
	take(w, c->tbs->validity->notAfter, c->tbs->subject,
		X509V3_get_d2i(
			c->tbs->extensions, NID_subject_alt_name, NULL, NULL),
		len);
	ASN1_item_free((ASN1_VALUE *)c, ASN1_ITEM_rptr(SHALLOW));
}

static void
take_deep(struct worker *w, size_t len)
{
	const unsigned char *p = w->der;
	X509 *x = X509_new_ex(w->lib, NULL);

	if (d2i_X509(&x, &p, (long)len) == NULL)
		die("certificate");
	take(w, X509_get0_notAfter(x), X509_get_subject_name(x),
		X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL), len);
	if (w->anchors != NULL && w->n_certs < MAX_CERTS)
		w->certs[w->n_certs++] = x;
	else
		X509_free(x);
}

static void
verify(struct worker *w)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new_ex(w->lib, NULL);
	STACK_OF(X509) *others = sk_X509_new_null();

	for (int i = 1; i < w->n_certs; i++)
		sk_X509_push(others, w->certs[i]);
	if (X509_STORE_CTX_init(ctx, w->anchors, w->certs[0], others) != 1)
		die("X509_STORE_CTX_init");
	/* They end on all sorts of days; the signatures are what counts. */
	X509_VERIFY_PARAM_set_flags(
		X509_STORE_CTX_get0_param(ctx), X509_V_FLAG_NO_CHECK_TIME);
	if (X509_verify_cert(ctx) == 1)
		atomic_fetch_add(&good, 1);
	X509_STORE_CTX_free(ctx);
	sk_X509_free(others);
	while (w->n_certs > 0)
		X509_free(w->certs[--w->n_certs]);
}

/* --- a file, and all of them */

static void
look(struct worker *w, const char *path)
{
	unsigned char *at = w->text;
	struct stat st;
	ssize_t n;
	int fd;

	atomic_fetch_add(&files, 1);
	if (*mode == 's') {
		if (lstat(path, &st) == -1)
			die(path);
		atomic_fetch_add(&octets, (size_t)st.st_size);
		return;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1 || (n = read(fd, w->text, MAX_FILE)) == -1)
		die(path);
	(void)close(fd);
	for (size_t len; (len = next_der(w, &at, w->text + n)) > 0;) {
		if (*mode == 't')
			take_shallow(w, len);
		else
			take_deep(w, len);
	}
	if (w->n_certs > 0)
		verify(w);
}

static void
prepare(struct worker *w)
{
	w->lib = OSSL_LIB_CTX_new();
	w->sha256 = EVP_MD_fetch(w->lib, "SHA2-256", NULL);
	w->text = alloc(MAX_FILE);
	w->der = alloc(MAX_FILE);
	if (w->sha256 == NULL)
		die("SHA2-256");
	if (*mode != 'v')
		return;
	w->anchors = X509_STORE_new();
	if (X509_STORE_load_file_ex(w->anchors, anchors, w->lib, NULL) != 1)
		die(anchors);
}

static void *
work(void *arg)
{
	struct worker w = { 0 };
	size_t i;

	prepare(&w);
	while ((i = atomic_fetch_add(&next_path, HANDFUL)) < n_paths) {
		size_t end = i + HANDFUL < n_paths ? i + HANDFUL : n_paths;

		for (; i < end; i++)
			look(&w, paths[i]);
	}
	X509_STORE_free(w.anchors);
	EVP_MD_free(w.sha256);
	OSSL_LIB_CTX_free(w.lib);
	free(w.text);
	free(w.der);
	return arg;
}

static void
read_list(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0, have = 0;

	if (f == NULL)
		die(path);
	while (getline(&line, &room, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (n_paths == have) {
			have = have == 0 ? 1024 : have * 2;
			paths = realloc(paths, have * sizeof(*paths));
			if (paths == NULL)
				die("memory");
		}
		paths[n_paths++] = line;
		line = NULL;
		room = 0;
	}
	free(line);
	(void)fclose(f);
}

static void
run(void)
{
	pthread_t threads[64];

	if (n_threads < 1 || n_threads > 64)
		n_threads = 64;
	for (size_t i = 0; i < n_threads; i++) {
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			die("pthread_create");
	}
	for (size_t i = 0; i < n_threads; i++)
		(void)pthread_join(threads[i], NULL);
}

int
main(int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "T:a:m:")) != -1) {
		switch (opt) {
		case 'T':
			n_threads = strtoul(optarg, NULL, 10);
			break;
		case 'a':
			anchors = optarg;
			break;
		case 'm':
			mode = optarg;
			break;
		default:
			return 3;
		}
	}
	if (optind != argc - 1 || *mode == '\0' ||
		strchr("stdv", *mode) == NULL ||
		(*mode == 'v') != (anchors != NULL)) {
		(void)fputs("usage: limit_files [-T THREADS] [-a ANCHORS] "
			    "-m stat|template|d2i|verify LIST\n",
			stderr);
		return 3;
	}
	prepare_base64();
	read_list(argv[optind]);
	run();
	printf("files=%zu certs=%zu verified=%zu sum=%zu\n", (size_t)files,
		(size_t)certificates, (size_t)good, (size_t)octets);
	for (size_t i = 0; i < n_paths; i++)
		free(paths[i]);
	free(paths);
	return 0;
}
