/* finding.c - one judged fact, with a stable id such as expiry.soon */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "model/finding.h"

static const char *const severity_names[] = { "ok", "warning", "critical",
	"unknown" };

const char *
severity_name(enum severity s)
{
	return severity_names[s];
}

int
severity_parse(const char *s, enum severity *out)
{
	for (int i = SEV_OK; i <= SEV_UNKNOWN; i++) {
		if (strcmp(s, severity_names[i]) == 0) {
			*out = (enum severity)i;
			return 0;
		}
	}
	return -1;
}

static char *format_text(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0)));

static char *
format_text(const char *fmt, va_list ap)
{
	char *s = NULL;

	if (vasprintf(&s, fmt, ap) == -1)
		mem_exhausted();
	return s;
}

struct finding *
findings_add(struct findings *fs, const char *id, const char *subject,
	const char *fmt, ...)
{
	struct finding *f;
	va_list ap;

	fs->v = mem_grow(fs->v, fs->n + 1, sizeof(*fs->v));
	f = &fs->v[fs->n++];
	*f = (struct finding){ .kind = finding_kind(id) };
	assert(f->kind != NULL);
	f->severity = f->kind->severity;
	f->subject = str_dup(subject);
	va_start(ap, fmt);
	f->message = format_text(fmt, ap);
	va_end(ap);
	return f;
}

void
finding_hint(struct finding *f, const char *fmt, ...)
{
	va_list ap;

	free(f->hint);
	va_start(ap, fmt);
	f->hint = format_text(fmt, ap);
	va_end(ap);
}

const char *
finding_remedy(const struct finding *f)
{
	return f->hint != NULL ? f->hint : f->kind->remedy;
}

void
finding_detail(struct finding *f, const char *key, json_t *value)
{
	if (f->details == NULL)
		f->details = json_object();
	if (value == NULL || json_object_set_new(f->details, key, value) == -1)
		mem_exhausted();
}

enum severity
findings_worst(const struct findings *fs)
{
	enum severity worst = SEV_OK;

	for (size_t i = 0; i < fs->n; i++) {
		if (fs->v[i].severity > worst)
			worst = fs->v[i].severity;
	}
	return worst;
}

const struct finding *
findings_lead(const struct findings *fs)
{
	enum severity worst = findings_worst(fs);

	for (size_t i = 0; i < fs->n; i++) {
		if (fs->v[i].severity == worst)
			return &fs->v[i];
	}
	return NULL;
}

static void
finding_release(struct finding *f)
{
	free(f->subject);
	free(f->message);
	free(f->hint);
	json_decref(f->details);
}

void
findings_remove(struct findings *fs, size_t i)
{
	finding_release(&fs->v[i]);
	fs->n--;
	memmove(&fs->v[i], &fs->v[i + 1], (fs->n - i) * sizeof(*fs->v));
}

void
findings_release(struct findings *fs)
{
	for (size_t i = 0; i < fs->n; i++)
		finding_release(&fs->v[i]);
	free(fs->v);
	*fs = (struct findings){ 0 };
}
