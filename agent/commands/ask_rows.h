/* ask_rows.h - options that several commands which look at targets take */
#ifndef COMMANDS_ASK_ROWS_H
#define COMMANDS_ASK_ROWS_H

#include "commands/command.h"

/* Rows for a group; they fill a struct ask. */
extern const struct option_row ask_judging[];
extern const struct option_row ask_of_files[];
extern const struct option_row ask_of_endpoints[];
extern const struct option_row ask_of_clients[];

/* Rows of which others have their own help. */
#define ASK_PROXY_ROWS                                                         \
	{ .name = "proxy",                                                     \
		.value = { .word = "URL" },                                    \
		.help = "through http://, socks5:// or socks5h://HOST:PORT",   \
		.set = reach_through },                                        \
		{ .name = "proxy-user",                                        \
			.value = { .word = "NAME" },                           \
			.help = "to log in to the proxy with",                 \
			.set = reach_proxy_user },                             \
		{ .name = "proxy-password",                                    \
			.hidden = true,                                        \
			.value = { .word = "SECRET" },                         \
			.set = reach_refuse_password },                        \
	{                                                                      \
		.name = "proxy-password-file",                                 \
		.value = { .word = "FILE", .completes = COMPLETES_FILE },      \
		.help = "holds the password for that",                         \
		.set = reach_proxy_password                                    \
	}

#define ASK_TRUST_ROW                                                          \
	{                                                                      \
		.name = "trust",                                               \
		.value = { .word = "FILE", .completes = COMPLETES_FILE },      \
		.help = "trust exactly the certificates in FILE",              \
		.set = ask_set_trust                                           \
	}

#define ASK_PASSPHRASE_ROWS(says)                                              \
	{ .name = "passphrase",                                                \
		.hidden = true,                                                \
		.value = { .word = "SECRET" },                                 \
		.set = ask_refuse_passphrase },                                \
	{                                                                      \
		.name = "passphrase-file",                                     \
		.value = { .word = "FILE", .completes = COMPLETES_FILE },      \
		.help = (says), .set = ask_set_passphrase                      \
	}

#define ASK_ADDRESS_ROW                                                        \
	{                                                                      \
		.name = "address", .value = { .word = "IP" },                  \
		.help = "connect there instead of resolving the host",         \
		.set = reach_at                                                \
	}

#define ASK_REPORT_ROWS(output_says, verbose_says)                             \
	{ .name = "output",                                                    \
		.lists = true,                                                 \
		.value = { .word = "FORMAT",                                   \
			.completes = COMPLETES_WORD,                           \
			.list = option_report_at },                            \
		.help = (output_says),                                         \
		.set = ask_set_report },                                       \
	{                                                                      \
		.name = "verbose", .letter = 'v', .help = (verbose_says),      \
		.set = ask_add_verbosity                                       \
	}

/* The groups of targets of every kind, and the words that name them. */
#define ASK_TARGET_GROUPS                                                      \
	{ "Of files:", ask_of_files }, { "Of endpoints:", ask_of_endpoints },  \
	{                                                                      \
		"Of endpoints that ask for client certificates:",              \
			ask_of_clients                                         \
	}
extern const struct operand ask_targets[];

#define ASK_FAMILY_ROWS                                                        \
	{ .letter = '4', .help = "IPv4 alone", .set = reach_by_ipv4 },         \
	{                                                                      \
		.letter = '6', .help = "IPv6 alone", .set = reach_by_ipv6      \
	}

#endif
