/* keyfile.c - where private keys lie, and who may read them there */
#include <string.h>

#include "checks/key/keyfile.h"
#include "checks/role.h"
#include "model/json.h"

bool
keyfile_is_own(const struct private_key *key, const struct target *t)
{
	return key->file == NULL ||
		(t->file != NULL && strcmp(key->file, t->file) == 0);
}

static bool
has_own_file(const struct target *t)
{
	return t->key != NULL &&
		(t->file == NULL || strcmp(t->key, t->file) != 0);
}

static bool
is_told(const struct findings *fs, const char *id, const char *subject)
{
	for (size_t i = 0; i < fs->n; i++) {
		if (strcmp(fs->v[i].kind->id, id) == 0 &&
			strcmp(fs->v[i].subject, subject) == 0)
			return true;
	}
	return false;
}

/* Ready for a shell: a file's name may hold anything. */
static void
quote_path(struct buf *out, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/._-+=:,@%";

	if (path[strspn(path, plain)] == '\0') {
		buf_puts(out, path);
		return;
	}
	buf_putc(out, '\'');
	for (; *path != '\0'; path++) {
		if (*path == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *path);
	}
	buf_putc(out, '\'');
}

/*
 * "user www-data" comes from an access control list, and so does a group that
 * the mode alone would not let in, or a second one.
 */
static bool
has_acl(const struct private_key *key)
{
	const char *group = strstr(key->readers, "group ");

	if (strstr(key->readers, "user ") != NULL)
		return true;
	return group != NULL &&
		((key->mode & 040) == 0 || strstr(group + 1, "group ") != NULL);
}

/* Debian's package ssl-cert made the group for services that need keys. */
static bool
is_meant(const struct private_key *key)
{
	return strcmp(key->readers, "group ssl-cert") == 0;
}

static void
judge_readers(const struct private_key *key, const struct target *t,
	struct findings *out)
{
	const char *path = keyfile_is_own(key, t) ? NULL : key->file;
	const char *subject = path != NULL ? path : t->address;
	struct buf who BUF_CLEANUP = { 0 };
	struct buf quoted BUF_CLEANUP = { 0 };
	struct finding *f;

	if (key->readers == NULL || key->encrypted || is_meant(key) ||
		is_told(out, "key.permissions", subject))
		return;
	if (path != NULL)
		buf_printf(&who, "key file %s: ", path);
	else
		buf_puts(&who, "holds a private key: ");
	f = findings_add(out, "key.permissions", subject,
		"%swant it readable by its owner alone, have mode %04o: "
		"readable by %s",
		buf_str(&who), key->mode & 07777, key->readers);
	quote_path(&quoted, path != NULL ? path : t->file);
	finding_hint(f,
		"%s%s%schmod 600 %s. If others may have read the key, request "
		"a new certificate with a new one.",
		has_acl(key) ? "setfacl -b " : "",
		has_acl(key) ? buf_str(&quoted) : "", has_acl(key) ? "; " : "",
		buf_str(&quoted));
	finding_detail(f, "file", json_text(path != NULL ? path : t->file));
	finding_detail(f, "mode", json_sprintf("%04o", key->mode & 07777));
	finding_detail(f, "readers", json_text(key->readers));
	if (key->line > 0)
		finding_detail(f, "line", json_integer((json_int_t)key->line));
}

/* Of PKCS#12, which always holds the key, the format is the fault. */
static bool
is_pem(const struct observation *ob)
{
	return ob->format == NULL || strcmp(ob->format, "PEM") == 0;
}

/* Why no private key belongs in the target's own file; or NULL. */
static const char *
unwanted(const struct observation *ob, enum role role, const struct target *t)
{
	if (role_is_ca(role))
		return "beside CA certificates";
	if (has_own_file(t))
		return "besides the one in the key's own file";
	/* What a vendor's form takes leaves the machine. */
	if (t->profile != NULL && t->profile->pem_only && is_pem(ob))
		return "where certificates alone are wanted";
	return NULL;
}

static void
judge_presence(const struct observation *ob, const struct private_key *key,
	enum role role, const struct target *t, struct findings *out)
{
	const char *why = unwanted(ob, role, t);
	struct buf line BUF_CLEANUP = { 0 };
	struct finding *f;

	if (why == NULL || !keyfile_is_own(key, t) ||
		is_told(out, "file.private-key", t->address))
		return;
	if (key->line > 0)
		buf_printf(&line, " (line %zu)", key->line);
	f = findings_add(out, "file.private-key", t->address,
		"holds a private key%s %s", buf_str(&line), why);
	if (role_is_ca(role) && t->role == ROLE_AUTO)
		finding_hint(f,
			"Remove the key from the file. If it is a server's own "
			"certificate with its key, say so: role server.");
	if (key->line > 0)
		finding_detail(f, "line", json_integer((json_int_t)key->line));
}

void
keyfile_judge(const struct observation *ob, const struct target *t,
	struct findings *out)
{
	enum role role;

	if (ob->n_keys == 0)
		return;
	role = role_of(ob, t);
	for (size_t i = 0; i < ob->n_keys; i++) {
		judge_readers(&ob->keys[i], t, out);
		judge_presence(ob, &ob->keys[i], role, t, out);
	}
}
