/* options.c - values of options that several commands take */
#include <string.h>

#include "commands/options.h"
#include "config/keys.h"
#include "config/suggest.h"
#include "config/value.h"
#include "model/calendar.h"
#include "model/hostname.h"

const char *const option_forms[] = { "text", "json", NULL };
const char *const option_weights[] = { "off", "ok", "warning", "critical",
	NULL };

const char *
option_report_at(size_t i)
{
	return report_table[i] != NULL ? report_table[i]->name : NULL;
}

const char *
option_role_at(size_t i)
{
	return i <= ROLE_ANY ? role_name((enum role)i) : NULL;
}

const char *
option_profile_at(size_t i)
{
	const struct profile *p = profile_at(i);

	return p != NULL ? p->name : NULL;
}

const char *
option_finding_at(size_t i)
{
	const struct finding_kind *k = finding_kind_at(i);

	return k != NULL ? k->id : NULL;
}

int
option_time(const struct command *c, const char *option, const char *text,
	time_t now, time_t *out)
{
	if (moment_parse(text, now, out) == -1)
		return command_usage(c,
			"%s: want RFC 3339, epoch seconds or +30d, have "
			"\"%s\"",
			option, text);
	return STATUS_OK;
}

int
option_moment(const struct command *c, const char *text, time_t *now)
{
	return option_time(c, "--at", text, *now, now);
}

int
option_span(const struct command *c, const char *option, const char *text,
	int64_t min, int64_t max, const char *range, int64_t *out)
{
	int64_t v;

	if (duration_parse(text, 0, &v) == -1 || v < min || v > max)
		return command_usage(c,
			"%s: want a span with its unit, %s, have \"%s\"",
			option, range, text);
	*out = v;
	return STATUS_OK;
}

int
option_json(const struct command *c, const char *text, bool *json)
{
	*json = strcmp(text, "json") == 0;
	if (*json || strcmp(text, "text") == 0)
		return STATUS_OK;
	return command_usage(
		c, "--output: want text or json, have \"%s\"", text);
}

int
option_hostname(const struct command *c, const char *option, const char *text,
	struct arena *a, bool wildcard, const char **out)
{
	struct error err;
	const char *name = hostname_canonical(a, text, wildcard, &err);

	if (name == NULL)
		return command_usage(c, "%s: want a host name, have \"%s\": %s",
			option, text, err.text);
	*out = name;
	return STATUS_OK;
}

int
option_address(const struct command *c, const char *option, const char *text,
	const char **out)
{
	if (!hostname_is_address(text))
		return command_usage(c,
			"%s: want an IPv4 or IPv6 address, have \"%s\"", option,
			text);
	*out = text;
	return STATUS_OK;
}

int
option_add_name(const struct command *c, const char *text, struct arena *a,
	struct words *names)
{
	const char *name;
	int rc = option_hostname(c, "--name", text, a, true, &name);

	if (rc == STATUS_OK)
		words_add(a, names, name);
	return rc;
}

/* "--role: want a, b, have "text"; did you mean "a"?" */
static int
unknown_word(const struct command *c, const char *option,
	const struct buf *names, const struct suggestion *near)
{
	BUF_CLEANUP struct buf meant = { 0 };

	suggest_tell(&meant, near);
	return command_usage(c, "%s: want one of %s, have \"%s\"%s", option,
		buf_str(names), near->wrong, buf_str(&meant));
}

int
option_report(const struct command *c, const char *option, const char *text,
	const struct report **out)
{
	struct suggestion near = { .wrong = text };
	BUF_CLEANUP struct buf names = { 0 };
	const struct report *r = report_find(text);

	if (r != NULL) {
		*out = r;
		return STATUS_OK;
	}
	for (size_t i = 0; report_table[i] != NULL; i++) {
		buf_printf(&names, "%s%s", i > 0 ? ", " : "",
			report_table[i]->name);
		suggest_try(&near, report_table[i]->name);
	}
	return unknown_word(c, option, &names, &near);
}

int
option_role(const struct command *c, const char *text, int64_t *role)
{
	struct suggestion near = { .wrong = text };
	BUF_CLEANUP struct buf names = { 0 };

	for (enum role r = ROLE_AUTO; r <= ROLE_ANY; r++) {
		const char *name = role_name(r);
		bool ssl = strncmp(text, "ssl", 3) == 0 &&
			(r == ROLE_SERVER || r == ROLE_CLIENT);

		if (strcmp(text + (ssl ? 3 : 0), name) == 0) {
			*role = r;
			return STATUS_OK;
		}
		buf_printf(&names, "%s%s", names.len > 0 ? ", " : "", name);
		suggest_try(&near, name);
	}
	return unknown_word(c, "--role", &names, &near);
}

int
option_profile(
	const struct command *c, const char *text, const struct profile **out)
{
	struct suggestion near = { .wrong = text };
	BUF_CLEANUP struct buf names = { 0 };
	const struct profile *p = profile_find(text);

	if (p != NULL) {
		*out = p;
		return STATUS_OK;
	}
	for (size_t i = 0; (p = profile_at(i)) != NULL; i++) {
		buf_printf(&names, "%s%s", i > 0 ? ", " : "", p->name);
		suggest_try(&near, p->name);
	}
	return unknown_word(c, "--profile", &names, &near);
}

int
option_order_lead(const struct command *c, const char *text, int64_t *lead)
{
	int64_t v;

	if (calendar_parse_lead(text, &v) == -1 || v > KEYS_MAX_ORDER_LEAD)
		return command_usage(c,
			"--order-lead: want 0 to %d business days, such as "
			"7bd, have \"%s\"",
			KEYS_MAX_ORDER_LEAD, text);
	*lead = v;
	return STATUS_OK;
}

int
option_add_holiday(const struct command *c, const char *text, struct arena *a,
	struct days *holidays)
{
	int64_t day;

	if (calendar_parse(text, &day) == -1)
		return command_usage(c,
			"--holiday: want a date such as 2026-12-25, have "
			"\"%s\"",
			text);
	*(int64_t *)value_append(a, holidays, sizeof(day)) = day;
	return STATUS_OK;
}

int
option_finding_kind(const struct command *c, const char *id,
	const struct finding_kind **out)
{
	struct suggestion meant = { .wrong = id };
	BUF_CLEANUP struct buf near = { 0 };
	const struct finding_kind *k;

	*out = finding_kind(id);
	if (*out != NULL)
		return STATUS_OK;
	for (size_t i = 0; (k = finding_kind_at(i)) != NULL; i++)
		suggest_try(&meant, k->id);
	suggest_tell(&near, &meant);
	if (near.len == 0)
		buf_puts(&near, "; `certvigil explain --list` tells them all");
	return command_usage(
		c, "there is no finding \"%s\"%s", id, buf_str(&near));
}

int
option_finding(const struct command *c, const char *text, struct arena *a,
	struct overrides *out)
{
	const char *eq = strchr(text, '=');
	char *id = arena_dup(a, text);
	struct override o = { 0 }, *v;

	if (eq == NULL)
		return command_usage(c,
			"--finding: want ID=off, ok, warning or critical, "
			"have \"%s\"",
			text);
	id[eq - text] = '\0';
	if (option_finding_kind(c, id, &o.kind) != STATUS_OK)
		return STATUS_UNKNOWN;
	o.off = strcmp(eq + 1, "off") == 0;
	if (!o.off &&
		(severity_parse(eq + 1, &o.severity) == -1 ||
			o.severity == SEV_UNKNOWN))
		return command_usage(c,
			"--finding: want %s=off, ok, warning or critical, "
			"have \"%s\"",
			id, eq + 1);
	v = arena_alloc(a, (out->n + 1) * sizeof(*v));
	if (out->n > 0)
		memcpy(v, out->v, out->n * sizeof(*v));
	v[out->n] = o;
	out->v = v;
	out->n++;
	return STATUS_OK;
}
