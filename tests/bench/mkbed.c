/* mkbed.c - the certificates of the test bed, quickly
 *
 *	mkbed farm DIR NAMES PREFIX
 *		For a server: DIR/root.pem, and DIR/N.pem (with its
 *		intermediate) and DIR/N.key for each N from 1 on, which is for
 *		hN.bench.test and the address PREFIX.N.
 *	mkbed files DIR COUNT PROCESSES
 *		For a reader of files: DIR/files/000/000000.pem and on, 1,000 a
 *		folder, DIR/list.txt with their paths, DIR/trust.pem.
 *
 * One file in five is RSA-2048, the others are P-256. Half of them hold a leaf
 * alone, four in ten its intermediate too, one in ten the root as well. One
 * leaf in twenty has ended or soon will; the others are good for five weeks and
 * more. No two leaves and no two intermediates are the same; the keys come from
 * a small pool.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "model/buf.h"
#include "tests/support/mkcert.h"

#define DAY 86400
#define POOL 8
#define PER_FOLDER 1000
#define MAX_NAMES 10

/* Ports 9 are nobody's; nothing asks there. */
#define AIA "http://127.0.0.1:9/ca.der"
/* Domain-validated, 2.23.140.1.2.1; in words it would need an openssl.cnf. */
#define POLICY "certificatePolicies=DER:30:0A:30:08:06:06:67:81:0C:01:02:01"
#define CRL "crlDistributionPoints=URI:http://127.0.0.1:9/ca.crl"

static time_t now;

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "mkbed: %s: %s\n", what, strerror(errno));
	exit(3);
}

static void
make_folder(const char *path)
{
	if (mkdir(path, 0755) == -1 && errno != EEXIST)
		die(path);
}

static X509 *
make_ca(const char *cn, EVP_PKEY *key, const X509 *issuer, EVP_PKEY *issuer_key)
{
	return mkcert_make(&(struct mkcert){
		.key = key,
		.cn = cn,
		.organization = "Bench",
		.issuer = issuer,
		.issuer_key = issuer_key,
		.ca = true,
		.not_before = now - 400 * DAY,
		.not_after = now + 3000 * (time_t)DAY,
	});
}

/* --- the server's */

static void
make_farm_leaf(const char *dir, size_t n, const char *prefix, X509 *issuer,
	EVP_PKEY *issuer_key)
{
	struct buf path BUF_CLEANUP = { 0 }, name BUF_CLEANUP = { 0 };
	struct buf dns BUF_CLEANUP = { 0 }, ip BUF_CLEANUP = { 0 };
	EVP_PKEY *key = mkcert_key(MKCERT_P256);
	X509 *chain[2] = { NULL, issuer };

	buf_printf(&name, "h%zu.bench.test", n);
	buf_printf(&dns, "DNS:%s", buf_str(&name));
	buf_printf(&ip, "IP:%s.%zu", prefix, n);
	chain[0] = mkcert_make(&(struct mkcert){
		.key = key,
		.cn = buf_str(&name),
		.names = (const char *const[]){ buf_str(&dns), buf_str(&ip),
			NULL },
		.issuer = issuer,
		.issuer_key = issuer_key,
		.not_before = now - DAY,
		.not_after = now + 89 * DAY,
	});
	buf_printf(&path, "%s/%zu.pem", dir, n);
	mkcert_write(buf_str(&path), chain, 2);
	buf_reset(&path);
	buf_printf(&path, "%s/%zu.key", dir, n);
	mkcert_write_key(buf_str(&path), key);
	X509_free(chain[0]);
	EVP_PKEY_free(key);
}

static void
make_farm(const char *dir, size_t n, const char *prefix)
{
	struct buf path BUF_CLEANUP = { 0 };
	EVP_PKEY *keys[2] = { mkcert_key(MKCERT_P256),
		mkcert_key(MKCERT_P256) };
	X509 *root = make_ca("Bench Root", keys[0], NULL, NULL);
	X509 *ca = make_ca("Bench CA", keys[1], root, keys[0]);

	make_folder(dir);
	buf_printf(&path, "%s/root.pem", dir);
	mkcert_write(buf_str(&path), &root, 1);
	for (size_t i = 1; i <= n; i++)
		make_farm_leaf(dir, i, prefix, ca, keys[1]);
	X509_free(root);
	X509_free(ca);
	EVP_PKEY_free(keys[0]);
	EVP_PKEY_free(keys[1]);
}

/* --- the files */

/* One of P-256 and one of RSA. */
struct family {
	const char *word;
	EVP_PKEY *keys[POOL]; /* of intermediates and leaves */
	EVP_PKEY *root_key;
	X509 *root, *common; /* the CA of those that are alone */
};

static void
make_family(struct family *f, const char *word, enum mkcert_key_type type)
{
	struct buf name BUF_CLEANUP = { 0 };

	f->word = word;
	for (size_t i = 0; i < POOL; i++)
		f->keys[i] = mkcert_key(type);
	f->root_key = mkcert_key(type);
	buf_printf(&name, "Bench %s Root", word);
	f->root = make_ca(buf_str(&name), f->root_key, NULL, NULL);
	buf_reset(&name);
	buf_printf(&name, "Bench %s CA", word);
	f->common = make_ca(buf_str(&name), f->keys[0], f->root, f->root_key);
}

static void
free_family(struct family *f)
{
	for (size_t i = 0; i < POOL; i++)
		EVP_PKEY_free(f->keys[i]);
	EVP_PKEY_free(f->root_key);
	X509_free(f->root);
	X509_free(f->common);
}

static void
put_hex(struct buf *out, const unsigned char *octets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, ":%02X", octets[i]);
}

/* Two timestamps of logs that do not exist: RFC 6962, 3.3. */
static void
put_timestamps(struct buf *out)
{
	static const unsigned char list[] = { 0x04, 0x81, 0xf2, 0, 0xf0 };
	unsigned char sct[120] = { 0, 118 };

	buf_printf(out, "1.3.6.1.4.1.11129.2.4.2=DER");
	put_hex(out, list, sizeof(list));
	for (int i = 0; i < 2; i++) {
		if (RAND_bytes(sct + 3, 117) != 1)
			die("RAND_bytes");
		memset(sct + 35, 0, 3); /* not in the future */
		memset(sct + 43, 0, 2); /* no extensions */
		memcpy(sct + 45, "\4\3\0\107", 4); /* ECDSA, SHA-256, 71 */
		put_hex(out, sct, sizeof(sct));
	}
}

static time_t
end_of(size_t i)
{
	size_t twenty = i / 20;

	if (i % 20 != 7)
		return now + (35 + (time_t)(i % 53)) * DAY;
	/* Ended, or soon will. */
	return now + ((time_t)(twenty % 20) - 10) * DAY + DAY / 2;
}

static X509 *
make_leaf(const struct family *f, size_t i, const X509 *issuer,
	EVP_PKEY *issuer_key)
{
	struct buf names[MAX_NAMES] = { 0 }, sct BUF_CLEANUP = { 0 };
	struct buf organization BUF_CLEANUP = { 0 };
	const char *list[MAX_NAMES + 1] = { NULL };
	size_t n = 1 + i % MAX_NAMES;
	X509 *x;

	for (size_t k = 0; k < n; k++) {
		buf_printf(&names[k], "DNS:n%zu.s%zu.bench.test", k, i);
		list[k] = buf_str(&names[k]);
	}
	put_timestamps(&sct);
	buf_printf(&organization, "Organization %zu", i % 1000);
	x = mkcert_make(&(struct mkcert){
		.key = f->keys[i % POOL],
		.cn = list[0] + 4,
		.organization = buf_str(&organization),
		.names = list,
		.issuer = issuer,
		.issuer_key = issuer_key,
		.not_before = end_of(i) - 90 * DAY,
		.not_after = end_of(i),
		.aia = AIA,
		.extensions =
			(const char *const[]){ "basicConstraints=critical,"
					       "CA:FALSE",
				POLICY, CRL, buf_str(&sct), NULL },
	});
	for (size_t k = 0; k < n; k++)
		buf_release(&names[k]);
	return x;
}

static void
make_file(const char *dir, const struct family *f, size_t i)
{
	struct buf path BUF_CLEANUP = { 0 }, name BUF_CLEANUP = { 0 };
	size_t n = i % 10 < 5 ? 1 : i % 10 < 9 ? 2 : 3;
	EVP_PKEY *ca_key = f->keys[n == 1 ? 0 : (i + 1) % POOL];
	X509 *chain[3] = { NULL, f->common, f->root };

	if (n > 1) {
		buf_printf(&name, "Bench %s CA %zu", f->word, i);
		chain[1] = make_ca(
			buf_str(&name), ca_key, f->root, f->root_key);
	}
	chain[0] = make_leaf(f, i, chain[1], ca_key);
	buf_printf(&path, "%s/files/%03zu/%06zu.pem", dir, i / PER_FOLDER, i);
	mkcert_write(buf_str(&path), chain, n);
	X509_free(chain[0]);
	if (n > 1)
		X509_free(chain[1]);
}

static void
write_trust(const char *dir, const struct family *families)
{
	X509 *roots[2] = { families[0].root, families[1].root };
	struct buf path BUF_CLEANUP = { 0 };

	buf_printf(&path, "%s/trust.pem", dir);
	mkcert_write(buf_str(&path), roots, 2);
}

static void
write_list(const char *dir, size_t n)
{
	struct buf path BUF_CLEANUP = { 0 };
	FILE *f;

	buf_printf(&path, "%s/list.txt", dir);
	f = fopen(buf_str(&path), "w");
	if (f == NULL)
		die(buf_str(&path));
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s/files/%03zu/%06zu.pem\n", dir, i / PER_FOLDER,
			i);
	if (fclose(f) != 0)
		die(buf_str(&path));
}

/* Each process makes every so-manyth file. */
static void
make_files(const char *dir, const struct family *families, size_t n,
	size_t processes)
{
	int status, bad = 0;

	for (size_t p = 0; p < processes; p++) {
		pid_t pid = fork();

		if (pid == -1)
			die("fork");
		if (pid != 0)
			continue;
		for (size_t i = p; i < n; i += processes)
			make_file(dir, &families[i / 10 % 5 == 4], i);
		exit(0);
	}
	while (wait(&status) != -1)
		bad |= status;
	if (bad != 0)
		exit(3);
}

static void
make_corpus(const char *dir, size_t n, size_t processes)
{
	struct buf path BUF_CLEANUP = { 0 };
	struct family families[2];

	make_family(&families[0], "EC", MKCERT_P256);
	make_family(&families[1], "RSA", MKCERT_RSA2048);
	make_folder(dir);
	buf_printf(&path, "%s/files", dir);
	make_folder(buf_str(&path));
	for (size_t i = 0; i < n; i += PER_FOLDER) {
		buf_reset(&path);
		buf_printf(&path, "%s/files/%03zu", dir, i / PER_FOLDER);
		make_folder(buf_str(&path));
	}
	write_trust(dir, families);
	write_list(dir, n);
	make_files(dir, families, n, processes);
	free_family(&families[0]);
	free_family(&families[1]);
}

int
main(int argc, char **argv)
{
	now = time(NULL);
	if (argc == 5 && strcmp(argv[1], "farm") == 0) {
		make_farm(argv[2], strtoul(argv[3], NULL, 10), argv[4]);
	} else if (argc == 5 && strcmp(argv[1], "files") == 0) {
		make_corpus(argv[2], strtoul(argv[3], NULL, 10),
			strtoul(argv[4], NULL, 10));
	} else {
		(void)fputs("usage: mkbed farm DIR NAMES PREFIX\n"
			    "       mkbed files DIR COUNT PROCESSES\n",
			stderr);
		return 3;
	}
	return 0;
}
