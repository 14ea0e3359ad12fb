/* kubeconfig.c - the certificates that a kubeconfig holds or refers to */
#include <stdlib.h>
#include <string.h>

#include "probes/file/base64.h"
#include "probes/file/der.h"
#include "probes/file/disk.h"
#include "probes/file/kubeconfig.h"
#include "probes/file/kubedoc.h"
#include "probes/file/kubelook.h"
#include "probes/file/pem.h"
#include "probes/key/keytext.h"

/* Of all it holds and refers to: it may name one large file many times. */
#define MAX_TOTAL ((size_t)64 * 1024 * 1024)
#define MAX_NAME 200 /* bytes of a cluster's or a user's */

struct kube {
	const struct target *target;
	const struct key_source *own;
	struct observation *ob;
	struct kubedoc doc;
	size_t left; /* of MAX_TOTAL */
	size_t named; /* certificates and keys, good or not */
	bool full; /* the observation takes no more certificates */
};

/* One certificate or key as it is named. */
struct field {
	const char *key; /* "client-key-data", "client-key" */
	const yaml_node_t *value;
	const char *owner; /* "user 'admin'" */
	char *path; /* of the file that it names; NULL: it is embedded */
};

/* What is done with its bytes; `st` is their file's, NULL where embedded. */
typedef void (*field_read)(struct kube *k, const struct field *f,
	const char *data, size_t len, const struct stat *st);

static void
field_release(struct field *f)
{
	free(f->path);
}

#define FIELD_CLEANUP __attribute__((__cleanup__(field_release)))

/* For attribute_faults(), which says of what. */
static void
tell(struct kube *k, enum fault_kind kind, const char *what)
{
	observation_add_fault(k->ob, kind, 0, "%s", what);
}

/*
 * The faults from number `from` on are the field's: "client-key-data of user
 * 'admin' (line 12): want base64, ...". Their lines are those of its text.
 */
static void
attribute_faults(struct kube *k, const struct field *f, size_t from)
{
	size_t line = kubedoc_line(f->value);

	for (size_t i = from; i < k->ob->n_faults; i++) {
		struct fault *fault = &k->ob->faults[i];
		char *text = fault->text;

		if (f->path == NULL) {
			fault->text = str_fmt("%s of %s (line %zu): %s", f->key,
				f->owner, line, text);
			fault->line = line;
		} else {
			fault->text = str_fmt(
				"%s (%s of %s)", text, f->key, f->owner);
			if (fault->file == NULL)
				fault->file = str_dup(f->path);
		}
		free(text);
	}
}

static bool
may_spend(struct kube *k, size_t n)
{
	if (n <= k->left) {
		k->left -= n;
		return true;
	}
	if (k->left > 0)
		tell(k, FAULT_FILE_UNREADABLE,
			"want at most 64 MiB in all that a kubeconfig names, "
			"have more; this and what follows was not read");
	k->left = 0;
	return false;
}

static void
read_embedded(struct kube *k, const struct field *f, field_read read)
{
	struct buf data = { 0 };
	size_t len;
	const char *text = kubedoc_text(f->value, &len);

	if (text == NULL)
		tell(k, FAULT_FILE_DAMAGED,
			"want base64, have a list or a map");
	else if (!may_spend(k, len))
		return;
	else if (base64_decode(text, len, &data) == -1)
		tell(k, FAULT_FILE_DAMAGED,
			"want base64, have something else, or it is cut short");
	else
		read(k, f, buf_str(&data), data.len, NULL);
	disk_wipe(&data);
}

/* Relative paths are relative to the kubeconfig's folder. */
static char *
path_of(const struct kube *k, const char *text, size_t len)
{
	const char *file = k->target->file;
	const char *slash = file != NULL ? strrchr(file, '/') : NULL;
	cleanup(str_free) char *name = str_ndup(text, len);

	if (*name == '/' || slash == NULL)
		return str_dup(name);
	return str_fmt("%.*s/%s", (int)(slash - file), file, name);
}

static void
read_referenced(struct kube *k, struct field *f, field_read read)
{
	struct buf data = { 0 };
	struct stat st;
	size_t len;
	const char *text = kubedoc_text(f->value, &len);

	if (text == NULL || memchr(text, '\0', len) != NULL) {
		tell(k, FAULT_FILE_DAMAGED, "want a path, have something else");
		return;
	}
	f->path = path_of(k, text, len);
	if (k->left > 0 &&
		disk_read(f->path, f->path, &data, &st, k->ob) == 0 &&
		may_spend(k, data.len))
		read(k, f, buf_str(&data), data.len, &st);
	disk_wipe(&data);
}

/*
 * Read what `map` names as `key`-data or, if there is none, as `key`: that is
 * kubectl's order. False: it names neither.
 */
static bool
read_field(struct kube *k, const yaml_node_t *map, const char *const keys[2],
	const char *owner, field_read read)
{
	size_t faults = k->ob->n_faults;

	for (int i = 0; i < 2; i++) {
		FIELD_CLEANUP struct field f = {
			.key = keys[i],
			.value = kubedoc_find(&k->doc, map, keys[i]),
			.owner = owner,
		};

		if (kubedoc_is_unset(f.value))
			continue;
		k->named++;
		if (i == 0)
			read_embedded(k, &f, read);
		else
			read_referenced(k, &f, read);
		attribute_faults(k, &f, faults);
		return true;
	}
	return false;
}

static void
tell_not_pem(struct kube *k, const char *want, const char *data, size_t len)
{
	bool der = der_kind((const unsigned char *)data, len) != DER_NONE;

	observation_add_fault(k->ob, FAULT_FILE_FORMAT, 0,
		"want %s in PEM, have %s", want,
		len == 0      ? "nothing"
			: der ? "DER"
			      : "something else");
}

/* The source of the field's keys; *readers is for free(). */
static struct key_source
source_of(const struct kube *k, const struct field *f, const struct stat *st,
	char **readers)
{
	struct key_source src = *k->own;

	*readers = NULL;
	if (f->path == NULL)
		return src;
	src.file = f->path;
	src.readers = *readers = disk_readers(f->path, st);
	src.mode = st->st_mode & 07777;
	return src;
}

static void
read_certificates(struct kube *k, const struct field *f, const char *data,
	size_t len, const struct stat *st)
{
	BUF_CLEANUP struct buf have = { 0 };
	struct reading r = {
		.target = k->target,
		.libctx = k->own->libctx,
		.ob = k->ob,
		.has_keys = true,
	};
	size_t from = k->ob->n_certs, faults = k->ob->n_faults;
	const char *format = k->ob->format;

	if (!pem_is(data, len)) {
		tell_not_pem(k, "a certificate", data, len);
		return;
	}
	if (k->full)
		return;
	r.keys = source_of(k, f, st, &r.readers);
	pem_read(data, len, &r);
	k->full = r.full;
	k->ob->format = format;
	if (k->ob->n_certs == from && k->ob->n_faults == faults) {
		reading_contents(&r, &have);
		observation_add_fault(k->ob, FAULT_FILE_NO_CERTIFICATE, 0,
			"want a certificate, have %s", buf_str(&have));
	}
	for (; f->path == NULL && from < k->ob->n_certs; from++)
		k->ob->certs[from].line = kubedoc_line(f->value);
	reading_release(&r);
}

static void
read_keys(struct kube *k, const struct field *f, const char *data, size_t len,
	const struct stat *st)
{
	size_t from = k->ob->n_keys;
	cleanup(str_free) char *readers = NULL;
	struct key_source src;

	if (!pem_is(data, len)) {
		tell_not_pem(k, "a private key", data, len);
		return;
	}
	src = source_of(k, f, st, &readers);
	keytext_read(&src, data, len, k->ob);
	for (; f->path == NULL && from < k->ob->n_keys; from++)
		k->ob->keys[from].line = kubedoc_line(f->value);
}

/* "user 'admin'": the name as it is, but short and up to a NUL. */
static char *
label_of(const struct kube *k, const yaml_node_t *item, const char *what,
	size_t i)
{
	const yaml_node_t *name = kubedoc_find(&k->doc, item, "name");
	size_t len = 0;
	const char *text = name != NULL ? kubedoc_text(name, &len) : NULL;

	if (text == NULL || len == 0)
		return str_fmt("%s %zu", what, i + 1);
	if (len > MAX_NAME) {
		len = MAX_NAME;
		/* Not within a character of UTF-8. */
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	return str_fmt("%s '%.*s'", what, (int)len, text);
}

/* One that nothing was found for is none. */
static void
end_part(struct observation *ob)
{
	struct part *last = &ob->parts[ob->n_parts - 1];

	if (last->n_certs > 0 || last->n_keys > 0)
		return;
	free(last->label);
	ob->n_parts--;
}

static void
read_cluster(struct kube *k, const yaml_node_t *item, const char *label)
{
	static const char *const authority[] = { "certificate-authority-data",
		"certificate-authority" };
	const yaml_node_t *map = kubedoc_find(&k->doc, item, "cluster");

	observation_begin_part(k->ob, label, ROLE_CA);
	(void)read_field(k, map, authority, label, read_certificates);
	end_part(k->ob);
}

static void
read_user(struct kube *k, const yaml_node_t *item, const char *label)
{
	static const char *const certificate[] = { "client-certificate-data",
		"client-certificate" };
	static const char *const key[] = { "client-key-data", "client-key" };
	const yaml_node_t *map = kubedoc_find(&k->doc, item, "user");
	bool has_certificate, has_key;

	observation_begin_part(k->ob, label, ROLE_CLIENT);
	has_certificate = read_field(
		k, map, certificate, label, read_certificates);
	has_key = read_field(k, map, key, label, read_keys);
	end_part(k->ob);
	if (has_certificate && !has_key)
		observation_add_fault(k->ob, FAULT_FILE_DAMAGED,
			kubedoc_line(item),
			"%s (line %zu): want a client key beside its client "
			"certificate, have none",
			label, kubedoc_line(item));
}

static void
read_list(struct kube *k, const char *key, const char *what,
	void (*read)(
		struct kube *k, const yaml_node_t *item, const char *label))
{
	const yaml_node_t *list = kubedoc_find(
		&k->doc, kubedoc_root(&k->doc), key);
	const yaml_node_t *item;

	for (size_t i = 0; (item = kubedoc_item(&k->doc, list, i)) != NULL;
		i++) {
		cleanup(str_free) char *label = label_of(k, item, what, i);

		read(k, item, label);
	}
}

bool
kubeconfig_is(const char *text, size_t len)
{
	return kubelook_fits(text, len);
}

void
kubeconfig_read(const char *text, size_t len, const struct target *t,
	const struct key_source *own, struct observation *ob)
{
	struct kube k = {
		.target = t,
		.own = own,
		.ob = ob,
		.left = MAX_TOTAL,
	};

	if (kubedoc_load(&k.doc, text, len, ob) == -1)
		return;
	read_list(&k, "clusters", "cluster", read_cluster);
	read_list(&k, "users", "user", read_user);
	if (k.named == 0)
		observation_add_fault(ob, FAULT_FILE_NO_CERTIFICATE, 0,
			"names no certificate");
	kubedoc_release(&k.doc);
}
