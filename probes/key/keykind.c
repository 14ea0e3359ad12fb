/* keykind.c - the kinds of keys that this machine's OpenSSL knows */
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "model/alloc.h"
#include "probes/key/keykind.h"

DEFINE_CLEANUP(EC_GROUP, EC_GROUP_free)
DEFINE_CLEANUP(EVP_KEYMGMT, EVP_KEYMGMT_free)

/* By the OID in figures: providers list it among the names of their types. */
bool
keykind_of(OSSL_LIB_CTX *libctx, const ASN1_OBJECT *algorithm,
	char name[KEYKIND_NAME_SIZE])
{
	cleanup(EVP_KEYMGMT_free) EVP_KEYMGMT *mgmt = NULL;
	char oid[128];
	int n = OBJ_obj2txt(oid, sizeof(oid), algorithm, 1);

	if (n <= 0 || n >= (int)sizeof(oid))
		return false;
	ERR_set_mark();
	mgmt = EVP_KEYMGMT_fetch(libctx, oid, NULL);
	ERR_pop_to_mark();
	if (mgmt == NULL)
		return false;
	OPENSSL_strlcpy(name, EVP_KEYMGMT_get0_name(mgmt), KEYKIND_NAME_SIZE);
	return true;
}

bool
keykind_has_curve(OSSL_LIB_CTX *libctx, const ASN1_OBJECT *curve)
{
	cleanup(EC_GROUP_free) EC_GROUP *group = NULL;
	int nid = OBJ_obj2nid(curve);

	ERR_set_mark();
	if (nid != NID_undef)
		group = EC_GROUP_new_by_curve_name_ex(libctx, NULL, nid);
	ERR_pop_to_mark();
	return group != NULL;
}
