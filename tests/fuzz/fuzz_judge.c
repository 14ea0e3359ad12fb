/* fuzz_judge.c - any certificates at all, judged as an endpoint's and a file's
 */
#include <stddef.h>
#include <stdint.h>

#include <openssl/err.h>

#include "checks/check.h"

#define NOW ((time_t)1800000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The certificates that `data` begins with, DER after DER. */
static struct observation *
observe(const uint8_t *data, size_t size)
{
	struct observation *ob = observation_new();
	const unsigned char *p = data;

	while (p < data + size) {
		X509 *x509 = d2i_X509(NULL, &p, (long)(data + size - p));

		if (x509 == NULL || observation_add_cert(ob, x509, 0) == -1)
			break;
	}
	ERR_clear_error();
	return ob;
}

/* The last certificate is trusted, so that whole paths are found as well. */
static void
judge(const struct observation *ob, struct target *t, bool exact)
{
	struct trust trust = {
		.name = "the fuzzer's trust store",
		.store = X509_STORE_new(),
		.exact = exact,
	};
	struct policy pol = { .target = t, .trust = &trust };
	struct findings fs = { 0 };

	if (trust.store == NULL)
		mem_exhausted();
	settings_init(&t->set);
	if (ob->n_certs > 0)
		(void)X509_STORE_add_cert(
			trust.store, ob->certs[ob->n_certs - 1].x509);
	checks_run(ob, &pol, NOW, &fs);
	findings_release(&fs);
	pol.trust = NULL;
	checks_run(ob, &pol, NOW, &fs);
	findings_release(&fs);
	X509_STORE_free(trust.store);
	ERR_clear_error();
}

static void
judge_endpoint(struct observation *ob)
{
	static const char *wanted[] = { "www.example.com", "192.0.2.1" };
	struct target t = {
		.name = "fuzz",
		.kind = TARGET_ENDPOINT,
		.address = "fuzz",
		.host = "example.com",
		.names = { wanted, 2 },
		.profile = profile_find("tencent-im"),
	};

	judge(ob, &t, false);
}

static void
judge_file(struct observation *ob, enum role role)
{
	struct target t = {
		.name = "fuzz",
		.kind = TARGET_FILE,
		.address = "fuzz",
		.file = "fuzz",
		.role = role,
		.profile = role == ROLE_AUTO ? NULL : profile_find("edgeone"),
	};

	ob->store = role == ROLE_ANY;
	judge(ob, &t, true);
}

/* Certificates whose key is there as well: that of the last one. */
static void
add_key(struct observation *ob)
{
	EVP_PKEY *key = ob->n_certs == 0
		? NULL
		: X509_get_pubkey(ob->certs[ob->n_certs - 1].x509);

	if (key != NULL)
		observation_add_key(ob, key, 0);
	ERR_clear_error();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct observation *ob = observe(data, size);

	judge_endpoint(ob);
	for (int role = ROLE_AUTO; role <= ROLE_ANY; role++)
		judge_file(ob, (enum role)role);
	add_key(ob);
	judge_file(ob, ROLE_SERVER);
	observation_free(ob);
	return 0;
}
