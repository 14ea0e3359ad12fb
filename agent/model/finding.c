/* finding.c - one judged fact, with a stable id such as expiry.soon */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/alloc.h"
#include "model/buf.h"
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

static void
put_value(struct buf *out, const json_t *value)
{
	char *text;

	if (json_is_integer(value)) {
		buf_printf(out, "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));
		return;
	}
	if (json_is_boolean(value)) {
		buf_puts(out, json_is_true(value) ? "true" : "false");
		return;
	}
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	if (text == NULL)
		mem_exhausted();
	buf_puts(out, text);
	free(text);
}

/*
 * An object of jansson's takes half a kilobyte, its text some dozen bytes, and
 * a scan keeps a hundred thousand.
 */
void
finding_detail(struct finding *f, const char *key, json_t *value)
{
	struct buf text = { .s = f->details };

	if (value == NULL)
		mem_exhausted();
	if (f->details == NULL) {
		buf_putc(&text, '{');
	} else {
		text.len = strlen(f->details);
		text.cap = text.len + 1;
		text.s[text.len - 1] = ',';
	}
	buf_putc(&text, '"');
	buf_puts(&text, key);
	buf_puts(&text, "\":");
	put_value(&text, value);
	buf_putc(&text, '}');
	f->details = buf_detach(&text);
	json_decref(value);
}

json_t *
finding_details(const struct finding *f)
{
	json_t *j = f->details == NULL
		? json_object()
		: json_loads(f->details, JSON_ALLOW_NUL, NULL);

	/* What was read from the state may be none. */
	if (j == NULL)
		j = json_object();
	if (j == NULL)
		mem_exhausted();
	return j;
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
	free(f->details);
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
