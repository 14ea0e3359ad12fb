/* rules.c - what the key table alone cannot say of a section */
#include <sys/socket.h>

#include <stdlib.h>
#include <string.h>

#include "config/keys.h"
#include "config/quote.h"
#include "config/rules.h"
#include "config/suggest.h"
#include "config/trail.h"
#include "model/duration.h"
#include "model/hostname.h"
#include "model/text.h"

/* Where the value of `key` stands, or where the map does. */
static const yaml_node_t *
where(const struct trail *t, const yaml_node_t *map, const char *key)
{
	const yaml_node_t *value = document_find(t->doc, map, key, NULL);

	return value != NULL ? value : map;
}

static void
check_place(struct reader *r, const struct trail *t, const yaml_node_t *map,
	const char *key, bool endpoint)
{
	const yaml_node_t *name;

	if (document_find(t->doc, map, key, &name) != NULL)
		trail_complain(r, t, key, name,
			"want it beside %s, have it beside %s",
			endpoint ? "file" : "endpoint",
			endpoint ? "endpoint" : "file");
}

/* Keys that mean nothing to this target: better told than passed over. */
static void
check_places(struct reader *r, const struct trail *t, const yaml_node_t *map,
	const struct section *section, bool endpoint)
{
	unsigned wrong = endpoint ? KEY_FILE_ONLY : KEY_ENDPOINT_ONLY;

	for (const struct key *k = section->keys; k->name != NULL; k++) {
		cleanup(str_free) char *file = NULL;

		if (k->type == KEY_INHERIT)
			check_places(r, t, map, k->section, endpoint);
		if ((k->flags & wrong) == 0)
			continue;
		check_place(r, t, map, k->name, endpoint);
		if (k->type != KEY_SECRET)
			continue;
		file = str_fmt("%s_file", k->name);
		check_place(r, t, map, file, endpoint);
	}
}

static void
check_role(struct reader *r, const struct trail *t, const yaml_node_t *map,
	const struct target *target)
{
	if (target->role != ROLE_AUTO && target->role != ROLE_SERVER)
		trail_complain(r, t, "role", where(t, map, "role"),
			"want auto or server beside endpoint, have \"%s\"",
			role_name((enum role)target->role));
}

static void
check_dial(struct reader *r, const struct trail *t, const yaml_node_t *map,
	const struct target *target)
{
	BUF_CLEANUP struct buf have = { 0 };
	bool is_ipv6;

	if (target->dial == NULL)
		return;
	quote_message(&have, target->dial);
	is_ipv6 = strchr(target->dial, ':') != NULL;
	if (!hostname_is_address(target->dial))
		trail_complain(r, t, "address", where(t, map, "address"),
			"want an IP address, have %s", have.s);
	else if (target->family == (is_ipv6 ? AF_INET : AF_INET6))
		trail_complain(r, t, "address", where(t, map, "address"),
			"want an address of the family set, have %s", have.s);
}

/* Two spans of which the critical one comes first: no warning would come. */
static void
check_thresholds(struct reader *r, const struct trail *t,
	const yaml_node_t *map, const struct settings *set)
{
	const struct threshold *w = &set->warning, *c = &set->critical;
	BUF_CLEANUP struct buf want = { 0 }, have = { 0 };

	if (w->share_ppm != -1 || c->share_ppm != -1 || w->seconds == 0 ||
		w->seconds >= c->seconds)
		return;
	if (document_find(t->doc, map, "warning", NULL) == NULL &&
		document_find(t->doc, map, "critical", NULL) == NULL)
		return; /* told where they stand */
	threshold_format(&want, c);
	threshold_format(&have, w);
	trail_complain(r, t, "warning", where(t, map, "warning"),
		"want no less than critical, which is %s, have %s", want.s,
		have.s);
}

/*
 * Who names a proxy of its own shows it no user and password that were meant
 * for the one of the defaults.
 */
static void
settle_proxy(
	const struct trail *t, const yaml_node_t *map, struct settings *set)
{
	if (document_find(t->doc, map, "proxy", NULL) == NULL)
		return;
	if (document_find(t->doc, map, "proxy_user", NULL) == NULL)
		set->proxy_user = NULL;
	if (document_find(t->doc, map, "proxy_password", NULL) == NULL &&
		document_find(t->doc, map, "proxy_password_file", NULL) == NULL)
		set->proxy_password = NULL;
}

static void
check_proxy(struct reader *r, const struct trail *t, const yaml_node_t *map,
	struct settings *set, bool target)
{
	static const char *const keys[] = { "proxy", "proxy_user",
		"proxy_password", "proxy_password_file" };
	const char *first = NULL;
	struct error err;

	settle_proxy(t, map, set);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (document_find(t->doc, map, keys[i], NULL) == NULL)
			continue;
		/* What cannot be read is told already. */
		if (i >= 2 && set->proxy_password == NULL)
			return;
		if (first == NULL || i == 1)
			first = keys[i];
	}
	if (first == NULL)
		return; /* told where they stand */
	if (target && set->proxy == NULL &&
		(set->proxy_user != NULL || set->proxy_password != NULL)) {
		trail_complain(r, t, first, where(t, map, first),
			"want a proxy to show it to, have none");
		return;
	}
	if (proxy_check_credentials(
		    set->proxy_user, set->proxy_password, &err) == -1) {
		BUF_CLEANUP struct buf why = { 0 };

		text_plain(&why, err.text);
		trail_complain(r, t, first, where(t, map, first), "%s", why.s);
	}
}

static void
check_settings(struct reader *r, const struct trail *t, const yaml_node_t *map,
	void *dst)
{
	check_thresholds(r, t, map, dst);
	check_proxy(r, t, map, dst, false);
}

/* What is asked of a server's clients; without a certificate, not much. */
static void
check_client(struct reader *r, const struct trail *t, const yaml_node_t *map,
	void *dst)
{
	static const char *const further[] = { "key", "passphrase",
		"passphrase_file" };
	struct client_settings *set = dst;
	bool alone = false;

	set->expects = document_find(t->doc, map, "expect", NULL) != NULL;
	if (document_find(t->doc, map, "certificate", NULL) != NULL)
		return;
	for (size_t i = 0; i < sizeof(further) / sizeof(further[0]); i++) {
		const yaml_node_t *name;

		if (document_find(t->doc, map, further[i], &name) == NULL)
			continue;
		trail_complain(r, t, further[i], name,
			"want certificate beside it, have none");
		alone = true;
	}
	if (!alone && !set->expects)
		trail_complain(r, t, NULL, map,
			"want certificate or expect, have neither");
}

static void
check_client_ca(struct reader *r, const struct trail *t, const yaml_node_t *map)
{
	const yaml_node_t *name;
	const yaml_node_t *client = document_find(t->doc, map, "client", NULL);

	if (document_find(t->doc, map, "client_ca", &name) == NULL)
		return;
	if (client == NULL ||
		(client->type == YAML_MAPPING_NODE &&
			document_find(t->doc, client, "certificate", NULL) ==
				NULL))
		trail_complain(r, t, "client_ca", name,
			"want client.certificate beside it, have none");
}

static void
check_target(struct reader *r, const struct trail *t, const yaml_node_t *map,
	void *dst)
{
	struct target *target = dst;
	const yaml_node_t *file_name;
	bool endpoint = document_find(t->doc, map, "endpoint", NULL) != NULL;
	bool file = document_find(t->doc, map, "file", &file_name) != NULL;

	check_thresholds(r, t, map, &target->set);
	check_proxy(r, t, map, &target->set, true);
	if (!endpoint && !file) {
		trail_complain(
			r, t, NULL, map, "want endpoint or file, have neither");
		return;
	}
	if (endpoint && file) {
		trail_complain(r, t, "file", file_name,
			"want endpoint or file, have both");
		return;
	}
	check_places(r, t, map, &keys_target, endpoint);
	if (endpoint) {
		check_dial(r, t, map, target);
		check_role(r, t, map, target);
		check_client_ca(r, t, map);
		return;
	}
	target->kind = TARGET_FILE;
	target->set.deployed = NULL; /* of the defaults */
	target->address = target->file;
	if (target->name == NULL)
		target->name = target->file;
}

static bool
has_notifier(const struct notifier_list *list, const char *name,
	struct suggestion *near)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->v[i].name, name) == 0)
			return true;
		suggest_try(near, list->v[i].name);
	}
	return false;
}

/* Where the i-th item of `key` stands; a single text is its own first item. */
static const yaml_node_t *
where_item(const struct trail *t, const yaml_node_t *map, const char *key,
	size_t i)
{
	const yaml_node_t *value = where(t, map, key);

	if (value->type != YAML_SEQUENCE_NODE)
		return value;
	return document_node(t->doc, value->data.sequence.items.start[i]);
}

static void
check_route(struct reader *r, const struct trail *t, const yaml_node_t *map,
	void *dst)
{
	static const char *const narrow[] = { "owner", "tags" };
	const struct route *route = dst;

	for (size_t i = 0; route->otherwise && i < 2; i++) {
		const yaml_node_t *name;

		/* For one owner alone a default would leave holes. */
		if (document_find(t->doc, map, narrow[i], &name) != NULL)
			trail_complain(r, t, narrow[i], name,
				"want default: true without it, have both");
	}
	/* A file that is missing may hold what is not found here. */
	for (size_t i = 0; !r->partial && i < route->notify.n; i++) {
		const char *name = route->notify.v[i];
		struct suggestion near = { .wrong = name };
		BUF_CLEANUP struct buf have = { 0 };

		if (has_notifier(&r->config->notifiers, name, &near))
			continue;
		quote_message(&have, name);
		suggest_tell(&have, &near);
		trail_complain(r, t, "notify", where_item(t, map, "notify", i),
			"want the name of a notifier, have %s", have.s);
	}
}

static void
check_silence(struct reader *r, const struct trail *t, const yaml_node_t *map,
	void *dst)
{
	const struct silence *s = dst;
	char from[MOMENT_SIZE], until[MOMENT_SIZE];

	/* One that is over is no error: it runs out while scans go on. */
	if (s->until != 0 && s->until <= s->from)
		trail_complain(r, t, "until", where(t, map, "until"),
			"want it after from, which is %s, have %s",
			moment_format(s->from, from),
			moment_format(s->until, until));
}

static int
longest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x > y ? -1 : x < y;
}

static void
check_alerts(struct reader *r, const struct trail *t, const yaml_node_t *map,
	void *dst)
{
	struct alerts *alerts = dst;
	struct error err;

	if (alerts->steps.n > 0)
		qsort(alerts->steps.v, alerts->steps.n,
			sizeof(*alerts->steps.v), longest_first);
	if (alerts->heartbeat != NULL && r->rooms->heartbeat_check != NULL &&
		r->rooms->heartbeat_check(alerts->heartbeat, &err) == -1)
		trail_complain(r, t, "heartbeat", where(t, map, "heartbeat"),
			"%s", err.text);
}

const struct rule rules_table[] = {
	{ &keys_settings, check_settings },
	{ &keys_target, check_target },
	{ &keys_client, check_client },
	{ &keys_route, check_route },
	{ &keys_silence, check_silence },
	{ &keys_alerts, check_alerts },
	{ NULL, NULL },
};
