/* ask_rows.c - options that several commands which look at targets take */
#include "commands/ask_rows.h"
#include "commands/ask_client.h"
#include "commands/ask_reach.h"
#include "commands/ask_set.h"
#include "commands/options.h"
#include "config/keys.h"

static const char *
expectation_at(size_t i)
{
	return keys_expectations[i].name;
}

const struct option_row ask_judging[] = {
	{ .name = "warning",
		.letter = 'w',
		.value = { .word = "THRESHOLD" },
		.help = "time left: 30 (days), 12h, 33%, min(30d,33%)",
		.set = ask_set_warning },
	{ .name = "critical",
		.letter = 'c',
		.value = { .word = "THRESHOLD" },
		.help = "the same for critical; 0 turns either off",
		.set = ask_set_critical },
	{ .name = "order-lead",
		.value = { .word = "DAYS" },
		.help = "business days to get a certificate, such as 7bd",
		.set = ask_set_order_lead },
	{ .name = "holiday",
		.value = { .word = "DATE" },
		.help = "no business day, such as 2026-12-25 (repeatable)",
		.set = ask_add_holiday },
	ASK_TRUST_ROW,
	{ .name = "intermediates",
		.value = { .word = "FILE", .completes = COMPLETES_FILE },
		.help = "judge as though these had been presented too",
		.set = ask_set_intermediates },
	{ .name = "name",
		.value = { .word = "NAME" },
		.help = "a name that must be covered too (repeatable)",
		.set = ask_add_name },
	{ .name = "role",
		.value = { .word = "ROLE",
			.completes = COMPLETES_WORD,
			.list = option_role_at },
		.help = "server, client, client-ca, ca or any (inferred)",
		.set = ask_set_role },
	{ .name = "profile",
		.value = { .word = "NAME",
			.completes = COMPLETES_WORD,
			.list = option_profile_at },
		.help = "a vendor's further rules, see certvigil.yaml(5)",
		.set = ask_set_profile },
	{ .name = "at",
		.value = { .word = "TIME" },
		.help = "judge as of then: RFC 3339, epoch seconds, +30d",
		.set = ask_set_moment },
	{ .name = "finding",
		.value = { .word = "ID=WHAT",
			.completes = COMPLETES_WORD,
			.list = option_finding_at,
			.then = option_weights },
		.help = "off, ok, warning or critical (repeatable)",
		.set = ask_add_finding },
	{ 0 },
};

const struct option_row ask_of_files[] = {
	{ .name = "key",
		.value = { .word = "FILE", .completes = COMPLETES_FILE },
		.help = "the private key, such as {dir}/{stem}.key",
		.set = ask_set_key },
	ASK_PASSPHRASE_ROWS("opens the key, or the PKCS#12 file"),
	{ .name = "pem-only",
		.help = "any other format is a fault",
		.set = ask_set_pem_only },
	{ .name = "exclude",
		.value = { .word = "PATTERN" },
		.help = "pass over such files and folders (repeatable)",
		.set = ask_set_exclude },
	{ 0 },
};

const struct option_row ask_of_endpoints[] = {
	{ .name = "timeout",
		.letter = 't',
		.value = { .word = "SECONDS" },
		.help = "for a whole probe (10)",
		.set = ask_set_timeout },
	ASK_FAMILY_ROWS,
	{ .name = "sni",
		.value = { .word = "NAME" },
		.help = "ask for, and expect, this name",
		.set = reach_as },
	ASK_ADDRESS_ROW,
	{ .name = "all-addresses",
		.help = "look at every address, and compare them",
		.set = reach_all },
	ASK_PROXY_ROWS,
	{ .name = "deployed",
		.value = { .word = "FILE", .completes = COMPLETES_FILE },
		.help = "want the certificate of this file, or, with auto, of the one that fits among the targets",
		.set = ask_set_deployed },
	{ 0 },
};

const struct option_row ask_of_clients[] = {
	{ .name = "client-cert",
		.value = { .word = "FILE", .completes = COMPLETES_FILE },
		.help = "try this certificate, with the chain beside it",
		.set = client_by_certificate },
	{ .name = "client-key",
		.value = { .word = "FILE", .completes = COMPLETES_FILE },
		.help = "its key, if that is in another file",
		.set = client_by_key },
	{ .name = "passphrase-file",
		.value = { .word = "FILE", .completes = COMPLETES_FILE },
		.help = "opens it, or the PKCS#12 file",
		.set = ask_set_passphrase },
	{ .name = "expect",
		.value = { .word = "WHAT",
			.completes = COMPLETES_WORD,
			.list = expectation_at },
		.help = "who has none should be refused (required), taken (optional), or not even asked (none)",
		.set = client_expect },
	{ .name = "no-strict",
		.help = "do not try a certificate of nobody's as well",
		.set = client_without_stranger },
	{ .name = "client-ca",
		.value = { .word = "FILE", .completes = COMPLETES_FILE },
		.help = "judge the server's file of client CAs too",
		.set = client_by_ca },
	{ 0 },
};

const struct operand ask_targets[] = {
	{ .repeated = true,
		.value = { .word = "TARGET", .completes = COMPLETES_TARGET } },
	{ 0 },
};
