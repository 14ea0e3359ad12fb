/* show.c - the effective configuration, as YAML that loads again */
#include "config/config.h"
#include "config/keys.h"
#include "config/quote.h"
#include "config/value.h"

static void show_section(struct buf *out, size_t indent,
	const struct section *section, const void *src);

static void
add_indent(struct buf *out, size_t indent)
{
	buf_printf(out, "%*s", (int)indent, "");
}

static void
show_findings(struct buf *out, const struct overrides *o)
{
	buf_putc(out, '{');
	for (size_t i = 0; i < o->n; i++) {
		const struct override *v = &o->v[i];

		buf_printf(out, "%s%s: %s", i > 0 ? ", " : "", v->kind->id,
			v->off ? "off" : severity_name(v->severity));
	}
	buf_puts(out, "}\n");
}

/* Each item begins with "- " in place of the indentation of its first key. */
static void
show_list(
	struct buf *out, size_t indent, const struct key *key, const void *src)
{
	size_t n = value_count(src), size = key->section->size;

	buf_puts(out, n == 0 ? " []\n" : "\n");
	for (size_t i = 0; i < n; i++) {
		size_t start = out->len;

		show_section(out, indent + 4, key->section,
			value_item(src, size, i));
		if (out->len > start)
			out->s[start + indent + 2] = '-';
	}
}

static void
show_notifiers(struct buf *out, size_t indent, const struct notifier_list *list)
{
	buf_puts(out, list->n == 0 ? " {}\n" : "\n");
	for (size_t i = 0; i < list->n; i++) {
		const struct notifier_config *n = &list->v[i];

		add_indent(out, indent + 2);
		quote_yaml(out, n->name);
		buf_puts(out, ":\n");
		add_indent(out, indent + 4);
		buf_printf(out, "%s:\n", n->kind->name);
		show_section(out, indent + 6, n->kind, n->settings);
	}
}

static void
show_value(
	struct buf *out, size_t indent, const struct key *key, const void *src)
{
	size_t start = out->len;

	add_indent(out, indent);
	buf_printf(out, "%s: ", key->name);
	if (value_type(key->type)->format(out, key, src))
		buf_putc(out, '\n');
	else if (out->len > 0)
		out->s[out->len = start] = '\0';
}

static void
show_key(struct buf *out, size_t indent, const struct key *key, const void *src)
{
	if (value_type(key->type)->format != NULL) {
		show_value(out, indent, key, src);
		return;
	}
	add_indent(out, indent);
	buf_printf(out, "%s:", key->name);
	switch (key->type) {
	case KEY_FINDINGS:
		buf_putc(out, ' ');
		show_findings(out, src);
		break;
	case KEY_LIST:
		show_list(out, indent, key, src);
		break;
	case KEY_NOTIFIERS:
		show_notifiers(out, indent, src);
		break;
	default:
		buf_putc(out, '\n');
		show_section(out, indent + 2, key->section, src);
		break;
	}
}

/* Beside `file` the keys of an endpoint would be an error, and vice versa. */
static bool
is_out_of_place(
	const struct section *section, const struct key *key, const void *src)
{
	unsigned wrong = KEY_FILE_ONLY;

	if (section != &keys_target)
		return false;
	if (((const struct target *)src)->kind == TARGET_FILE)
		wrong = KEY_ENDPOINT_ONLY;
	return (key->flags & wrong) != 0;
}

/* With its defaults alone it would ask for a test. */
static bool
is_left_out(const struct key *key, const void *at)
{
	return key->section == &keys_client && !client_is_asked_for(at);
}

static void
show_section(struct buf *out, size_t indent, const struct section *section,
	const void *src)
{
	for (const struct key *k = section->keys; k->name != NULL; k++) {
		const char *at = (const char *)src + k->offset;

		/* What was included is shown as part of the whole. */
		if (k->type == KEY_INCLUDE ||
			is_out_of_place(section, k, src) || is_left_out(k, at))
			continue;
		if (k->type == KEY_INHERIT)
			show_section(out, indent, k->section, at);
		else
			show_key(out, indent, k, at);
	}
}

void
config_show(struct buf *out, const struct config *c,
	const struct config_rooms *rooms)
{
	(void)rooms; /* each notifier knows its own section */
	show_section(out, 0, &config_root, c);
}

static void
show_target(const struct target *t, struct buf *text,
	void (*part)(void *arg, const char *text, size_t n), void *arg)
{
	buf_reset(text);
	show_section(text, 0, &keys_target, t);
	part(arg, buf_str(text), text->len);
}

void
config_show_parts(const struct config *c,
	void (*part)(void *arg, const char *text, size_t n), void *arg)
{
	BUF_CLEANUP struct buf text = { 0 };
	struct config rest = *c;

	rest.targets = (struct target_list){ 0 };
	show_section(&text, 0, &config_root, &rest);
	part(arg, buf_str(&text), text.len);
	for (size_t i = 0; i < c->targets.n; i++)
		show_target(&c->targets.v[i], &text, part, arg);
}
