/* file.c - the certificates that a file holds */
#include <sys/stat.h>

#include <string.h>
#include <strings.h>

#include "model/buf.h"
#include "probes/file/castore.h"
#include "probes/file/disk.h"
#include "probes/file/formats.h"
#include "probes/filelook.h"
#include "probes/probe.h"

static bool
has_ending(const char *path, const char *const endings[])
{
	const char *dot = strrchr(path, '.');

	for (; dot != NULL && *endings != NULL; endings++) {
		if (strcasecmp(dot, *endings) == 0)
			return true;
	}
	return false;
}

static bool
is_called_a_certificate(const struct target *t)
{
	static const char *const endings[] = { ".pem", ".crt", ".cer", ".der",
		".p7b", ".p7c", ".p12", ".pfx", NULL };

	return has_ending(t->file, endings);
}

/* By a pattern that the operator wrote, not in the depth of a folder. */
static bool
met_by_pattern(const struct target *t)
{
	return t->origin != NULL && target_is_pattern(t->origin->file);
}

/*
 * Keys, requests and notes lie beside certificates, and are nobody's fault;
 * what is called a certificate and is none is, such as the empty file that a
 * renewal leaves on a full disk. A key is not for everybody to read.
 */
static bool
may_be_passed_over(const struct target *t, const struct reading *r)
{
	static const char *const keys[] = { ".key", NULL };
	const struct observation *ob = r->ob;
	bool named = is_called_a_certificate(t);

	if (!t->listed || ob->n_certs > 0 || ob->n_faults == 0)
		return false;
	switch (ob->faults[0].kind) {
	case FAULT_FILE_DAMAGED:
	case FAULT_FILE_PASSWORD:
		return false;
	case FAULT_FILE_UNREADABLE:
		return has_ending(t->file, keys);
	case FAULT_FILE_EMPTY:
		return !named && !met_by_pattern(t);
	case FAULT_FILE_NO_CERTIFICATE:
		return !named || reading_met_others_only(r);
	default:
		return !named;
	}
}

/* It was there when its folder was read. */
static void
tell_vanished(const struct target *t, struct observation *ob)
{
	struct stat st;

	if (!t->listed || ob->n_faults == 0 ||
		ob->faults[0].kind != FAULT_FILE_MISSING ||
		lstat(t->file, &st) == 0)
		return;
	observation_forget_faults(ob);
	observation_add_fault(ob, FAULT_FILE_VANISHED, 0,
		"was there when its folder was read, and is gone");
}

static void
read_file(const struct target *t, struct probe_io *io, struct keyring *kept,
	struct reading *r)
{
	struct buf bytes = { 0 };
	struct stat st;

	if (disk_read(t->file, NULL, &bytes, &st, r->ob) == -1) {
		tell_vanished(t, r->ob);
		return;
	}
	r->st = &st;
	r->ob->changed_at = st.st_mtime;
	r->ob->store = castore_holds(t->file);
	formats_read(buf_str(&bytes), bytes.len, r);
	disk_wipe(&bytes);
	r->st = NULL;
	/* A kubeconfig's users have keys of their own. */
	if (t->key != NULL && r->ob->n_parts == 0 && !may_be_passed_over(t, r))
		privatekey_read_file(t, io, kept, r->ob);
}

struct observation *
file_look(const struct target *t, struct probe_io *io, struct keyring *kept)
{
	struct observation *ob = observation_new();
	struct reading r = {
		.target = t,
		.libctx = io->libctx,
		.cas = io->cas,
		.ob = ob,
		.path = t->file,
		/* Where a file of its own is named, the key is that one. */
		.kept = t->key == NULL ? kept : NULL,
	};

	read_file(t, io, kept, &r);
	reading_release(&r);
	if (may_be_passed_over(t, &r)) {
		/* Nor is it asked who may read the keys in it. */
		observation_free(ob);
		ob = observation_new();
	}
	return ob;
}

static int
file_run(const struct target *t, struct probe_io *io, struct observation **out,
	struct error *err)
{
	(void)err;
	*out = file_look(t, io, NULL);
	return 0;
}

const struct probe probe_file = {
	.name = "file",
	.kind = TARGET_FILE,
	.run = file_run,
};
