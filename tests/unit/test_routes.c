/* test_routes.c - which notifier hears of what */
#include "tests/unit/unit.h"

#include "state/routes.h"

#define W SEVERITY_BIT(SEV_WARNING)
#define C SEVERITY_BIT(SEV_CRITICAL)

static const char *mail[] = { "mail" }, *chat[] = { "chat" },
		  *both[] = { "mail", "chat" };

static const char *web_or_db[] = { "web", "db" }, *prod_db[] = { "prod", "db" };

#define WEB_OR_DB                                                              \
	{                                                                      \
		web_or_db, 2                                                   \
	}
#define TO_MAIL                                                                \
	{                                                                      \
		mail, 1                                                        \
	}
#define TO_CHAT                                                                \
	{                                                                      \
		chat, 1                                                        \
	}
#define TO_BOTH                                                                \
	{                                                                      \
		both, 2                                                        \
	}
#define TO_NOBODY                                                              \
	{                                                                      \
		NULL, 0                                                        \
	}

static const struct row {
	const char *name;
	struct route v[3];
	size_t n;
	const char *owner;
	unsigned severities;
	bool to_mail, to_chat;
} rows[] = {
	{ "no routes: everybody", { { 0 } }, 0, NULL, W, true, true },
	{ "one for all", { { .notify = TO_BOTH } }, 1, NULL, W, true, true },
	{ "it names one", { { .notify = TO_MAIL } }, 1, NULL, C, true, false },
	{ "it names nobody", { { .notify = TO_NOBODY } }, 1, NULL, C, false,
		false },
	{ "nobody, and not the next one",
		{ { .notify = TO_NOBODY }, { .notify = TO_BOTH } }, 2, NULL, C,
		false, false },
	{ "its owner", { { .owner = "web", .notify = TO_MAIL } }, 1, "web", W,
		true, false },
	{ "another owner", { { .owner = "web", .notify = TO_MAIL } }, 1, "db",
		W, false, false },
	{ "no owner", { { .owner = "web", .notify = TO_MAIL } }, 1, NULL, W,
		false, false },
	{ "the first that fits takes it",
		{ { .owner = "web", .notify = TO_MAIL },
			{ .notify = TO_CHAT } },
		2, "web", W, true, false },
	{ "the next one takes what does not fit",
		{ { .owner = "web", .notify = TO_MAIL },
			{ .notify = TO_CHAT } },
		2, "db", W, false, true },
	{ "continue",
		{ { .owner = "web", .notify = TO_MAIL, .proceed = true },
			{ .notify = TO_CHAT } },
		2, "web", W, true, true },
	{ "a warning is not critical",
		{ { .severity = SEV_CRITICAL, .notify = TO_CHAT } }, 1, NULL, W,
		false, false },
	{ "critical is", { { .severity = SEV_CRITICAL, .notify = TO_CHAT } }, 1,
		NULL, C, false, true },
	{ "critical is also a warning",
		{ { .severity = SEV_WARNING, .notify = TO_CHAT } }, 1, NULL, C,
		false, true },
	{ "what was told as both reaches both",
		{ { .severity = SEV_CRITICAL, .notify = TO_CHAT },
			{ .notify = TO_MAIL } },
		2, NULL, W | C, true, true },
	{ "what was told as critical alone",
		{ { .severity = SEV_CRITICAL, .notify = TO_CHAT },
			{ .notify = TO_MAIL } },
		2, NULL, C, false, true },
	{ "what was never told", { { 0 } }, 0, NULL, 0, false, false },

	{ "the default is for what no other fits",
		{ { .otherwise = true, .notify = TO_MAIL },
			{ .owner = "web", .notify = TO_CHAT } },
		2, "db", W, true, false },
	{ "wherever it stands",
		{ { .otherwise = true, .notify = TO_MAIL },
			{ .owner = "web", .notify = TO_CHAT } },
		2, "web", W, false, true },
	{ "what continued has fitted",
		{ { .owner = "web", .notify = TO_CHAT, .proceed = true },
			{ .otherwise = true, .notify = TO_MAIL } },
		2, "web", W, false, true },
	{ "nobody is somebody",
		{ { .owner = "web", .notify = TO_NOBODY },
			{ .otherwise = true, .notify = TO_MAIL } },
		2, "web", W, false, false },
	{ "each severity for itself",
		{ { .severity = SEV_CRITICAL, .notify = TO_CHAT },
			{ .otherwise = true, .notify = TO_MAIL } },
		2, NULL, W | C, true, true },
	{ "critical alone by default",
		{ { .otherwise = true,
			  .severity = SEV_CRITICAL,
			  .notify = TO_MAIL },
			{ .otherwise = true, .notify = TO_CHAT } },
		2, NULL, C, true, false },
	{ "two defaults, one after the other",
		{ { .otherwise = true, .notify = TO_MAIL, .proceed = true },
			{ .otherwise = true, .notify = TO_CHAT } },
		2, NULL, W, true, true },
};

static const struct tagged_row {
	const char *name;
	struct route route;
	struct target target;
	bool to_mail;
} tagged_rows[] = {
	{ "one of its tags", { .tags = WEB_OR_DB, .notify = TO_MAIL },
		{ .tags = { prod_db, 2 } }, true },
	{ "other tags", { .tags = WEB_OR_DB, .notify = TO_MAIL },
		{ .tags = { prod_db, 1 } }, false },
	{ "no tags", { .tags = WEB_OR_DB, .notify = TO_MAIL }, { 0 }, false },
	{ "any tags", { .notify = TO_MAIL }, { .tags = { prod_db, 2 } }, true },
	{ "tags, and another owner",
		{ .owner = "web", .tags = WEB_OR_DB, .notify = TO_MAIL },
		{ .owner = "db", .tags = { prod_db, 2 } }, false },
	{ "tags and owner",
		{ .owner = "web", .tags = WEB_OR_DB, .notify = TO_MAIL },
		{ .owner = "web", .tags = { prod_db, 2 } }, true },
};

static void
test_tags(void **arg)
{
	(void)arg;
	for (size_t i = 0; i < COUNT(tagged_rows); i++) {
		const struct tagged_row *r = &tagged_rows[i];
		struct route v = r->route;
		struct routes routes = { &v, 1 };

		if (routes_lead_to(&routes, "mail", &r->target, W) !=
			r->to_mail)
			fail_msg("%s", r->name);
	}
}

static void
test_rows(void **arg)
{
	(void)arg;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct route v[3] = { r->v[0], r->v[1], r->v[2] };
		struct routes routes = { v, r->n };
		struct target t = { .owner = r->owner };

		if (routes_lead_to(&routes, "mail", &t, r->severities) !=
				r->to_mail ||
			routes_lead_to(&routes, "chat", &t, r->severities) !=
				r->to_chat)
			fail_msg("%s", r->name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows),
		cmocka_unit_test(test_tags) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
