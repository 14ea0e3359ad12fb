/* test_chat_answers.c - which answers of chat services say that it was taken */
#include "tests/unit/unit.h"

#include <string.h>

#include "model/buf.h"
#include "notifiers/format.h"

static void
test_took(void **state)
{
	static const struct {
		enum format_index format;
		const char *body;
		bool took;
		const char *why;
	} rows[] = {
		{ FORMAT_slack, "ok", true, NULL },
		{ FORMAT_slack, "", false, "want \"ok\"" },
		{ FORMAT_slack, "no_text", false, "no_text" },
		{ FORMAT_slack, "okay", false, "okay" },
		{ FORMAT_slack, "<html>login", false, "login" },
		{ FORMAT_mattermost, "ok", true, NULL },
		{ FORMAT_mattermost, "<!doctype html>", false, "doctype" },
		{ FORMAT_rocketchat, "{\"success\":true}", true, NULL },
		{ FORMAT_rocketchat,
			"{\"success\":false,\"error\":\"room is archived\"}",
			false, "archived" },
		{ FORMAT_rocketchat, "{\"success\":\"true\"}", false,
			"success" },
		{ FORMAT_rocketchat, "{}", false, "success" },
		{ FORMAT_rocketchat, "", false, "success" },
		{ FORMAT_googlechat,
			"{\"name\":\"spaces/A/messages/B\",\"text\":\"x\"}",
			true, NULL },
		{ FORMAT_googlechat,
			"{\"name\":\"spaces/A/messages/B\",\"text\":\"cut o",
			true, NULL },
		{ FORMAT_googlechat,
			"{\"error\":{\"code\":400,\"message\":\"bad\"}}", false,
			"bad" },
		{ FORMAT_googlechat, "<html>login", false, "login" },
		{ FORMAT_teams, "", true, NULL },
		{ FORMAT_teams, "1", true, NULL },
		{ FORMAT_teams,
			"Webhook message delivery failed with error: "
			"Microsoft Teams endpoint returned HTTP error 413",
			false, "413" },
	};

	(void)state;
	assert_null(format_discord.took); /* 204, and no body */
	for (size_t i = 0; i < COUNT(rows); i++) {
		BUF_CLEANUP struct buf why = { 0 };
		bool took = format_table[rows[i].format]->took(
			rows[i].body, &why);

		if (took != rows[i].took)
			fail_msg("row %zu: %s", i, rows[i].body);
		if (!took && strstr(buf_str(&why), rows[i].why) == NULL)
			fail_msg("row %zu: no %s in %s", i, rows[i].why,
				buf_str(&why));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_took),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
