/* library.c - OpenSSL's contexts and trust stores, made once a scan */
#include <sys/stat.h>

#include <glob.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/conf.h>
#include <openssl/err.h>

#include "model/alloc.h"
#include "probes/local/listeners.h"
#include "probes/tls/tls.h"
#include "scan/library.h"

struct bundle {
	struct bundle *next;
	char *path;
	struct trust trust;
	struct error error; /* why trust.store is NULL */
};

struct library {
	OSSL_LIB_CTX *ctx;
	SSL_CTX *tls;
	struct cert_cache *cas;
	pthread_mutex_t lock;
	struct bundle *bundles;
	struct listeners *listeners; /* NULL: nobody has asked yet */
};

/* A new context does not read openssl.cnf by itself. */
static void
load_settings(OSSL_LIB_CTX *ctx)
{
	char *path = CONF_get1_default_config_file();

	if (path != NULL)
		(void)OSSL_LIB_CTX_load_config(ctx, path);
	OPENSSL_free(path);
	ERR_clear_error();
}

struct library *
library_new(struct error *err)
{
	struct library *lib = mem_alloc(sizeof(*lib));

	pthread_mutex_init(&lib->lock, NULL);
	lib->cas = cert_cache_new();
	ERR_clear_error();
	lib->ctx = OSSL_LIB_CTX_new();
	if (lib->ctx == NULL) {
		error_ssl(err, ERROR_IO, "OpenSSL cannot be set up");
		library_free(lib);
		return NULL;
	}
	load_settings(lib->ctx);
	lib->tls = tls_context(lib->ctx, err);
	if (lib->tls == NULL) {
		library_free(lib);
		return NULL;
	}
	return lib;
}

void
library_free(struct library *lib)
{
	struct bundle *b, *next;

	if (lib == NULL)
		return;
	for (b = lib->bundles; b != NULL; b = next) {
		next = b->next;
		X509_STORE_free(b->trust.store);
		free(b->path);
		free(b);
	}
	listeners_free(lib->listeners);
	cert_cache_free(lib->cas);
	SSL_CTX_free(lib->tls);
	OSSL_LIB_CTX_free(lib->ctx);
	pthread_mutex_destroy(&lib->lock);
	free(lib);
}

OSSL_LIB_CTX *
library_context(const struct library *lib)
{
	return lib->ctx;
}

SSL_CTX *
library_tls(const struct library *lib)
{
	return lib->tls;
}

struct cert_cache *
library_cas(const struct library *lib)
{
	return lib->cas;
}

/* Opening a pipe would wait for somebody who writes into it. */
static bool
is_a_file(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) == -1)
		error_sys(err, "%s", path);
	else if (!S_ISREG(st.st_mode))
		error_set(err, ERROR_IO, "%s: want a file, have %s", path,
			S_ISDIR(st.st_mode) ? "a folder"
					    : "a pipe or a device");
	else
		return true;
	return false;
}

/* A machine without the package of CAs: nothing would be trusted. */
static bool
has_system_trust(X509_STORE *store)
{
	const char *path = getenv(X509_get_default_cert_dir_env());
	glob_t found = { 0 };
	cleanup(str_free) char *pattern = NULL;
	bool yes;

	if (sk_X509_OBJECT_num(X509_STORE_get0_objects(store)) > 0)
		return true;
	pattern = str_fmt(
		"%s/*", path != NULL ? path : X509_get_default_cert_dir());
	yes = glob(pattern, GLOB_NOSORT, NULL, &found) == 0;
	globfree(&found);
	return yes;
}

static void
load_bundle(struct library *lib, struct bundle *b)
{
	bool system = strcmp(b->path, "system") == 0;
	X509_STORE *store;
	int ok;

	if (!system && !is_a_file(b->path, &b->error))
		return;
	store = X509_STORE_new();
	if (store == NULL)
		mem_exhausted();
	ERR_clear_error();
	ok = system ? X509_STORE_set_default_paths_ex(store, lib->ctx, NULL)
		    : X509_STORE_load_file_ex(store, b->path, lib->ctx, NULL);
	if (ok != 1) {
		error_ssl(&b->error, ERROR_IO, "%s",
			system ? "the system's trust store" : b->path);
		X509_STORE_free(store);
		return;
	}
	ERR_clear_error();
	if (system && !has_system_trust(store)) {
		error_set(&b->error, ERROR_IO,
			"the system's trust store is empty: want CA "
			"certificates in %s or %s",
			X509_get_default_cert_file(),
			X509_get_default_cert_dir());
		X509_STORE_free(store);
		return;
	}
	b->trust = (struct trust){
		.name = system ? "the system's trust store" : b->path,
		.store = store,
		.exact = !system,
		.libctx = lib->ctx,
	};
}

const struct trust *
library_trust(struct library *lib, const char *path, struct error *err)
{
	struct bundle *b;

	pthread_mutex_lock(&lib->lock);
	for (b = lib->bundles; b != NULL; b = b->next) {
		if (strcmp(b->path, path) == 0)
			break;
	}
	if (b == NULL) {
		b = mem_alloc(sizeof(*b));
		b->path = str_dup(path);
		load_bundle(lib, b);
		b->next = lib->bundles;
		lib->bundles = b;
	}
	pthread_mutex_unlock(&lib->lock);
	if (b->trust.store == NULL) {
		*err = b->error;
		return NULL;
	}
	return &b->trust;
}

struct listener *
library_listener(struct library *lib, const struct target *t,
	const struct observation *ob)
{
	/* The proxy's port is nobody's business. */
	if (t->set.proxy != NULL || ob->handshake->peer == NULL)
		return NULL;
	pthread_mutex_lock(&lib->lock);
	if (lib->listeners == NULL)
		lib->listeners = listeners_new("/proc");
	pthread_mutex_unlock(&lib->lock);
	return listeners_find(lib->listeners, ob->handshake->peer);
}
