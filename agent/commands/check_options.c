/* check_options.c - what `certvigil check` is asked for */
#include <sys/socket.h>

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/check_options.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "config/secret.h"
#include "model/keypath.h"

/* One row an option: what getopt_long() knows, and who reads its value. */
struct row {
	const char *name;
	int letter; /* 0: it has none */
	bool flag; /* it has no value */
	int (*set)(struct ask *ask, const char *arg);
};

static int
set_threshold(struct ask *ask, int which, const char *text)
{
	struct threshold *t = which == 0 ? &ask->base.set.warning
					 : &ask->base.set.critical;

	if (threshold_parse(text, t) == -1)
		return command_usage(&command_check,
			"-%c: want days, a span or a share such as 30, 12h, "
			"33%% or min(30d,33%%), have \"%s\"",
			which == 0 ? 'w' : 'c', text);
	ask->thresholds[which] = true;
	return STATUS_OK;
}

static int
set_warning(struct ask *ask, const char *text)
{
	return set_threshold(ask, 0, text);
}

static int
set_critical(struct ask *ask, const char *text)
{
	return set_threshold(ask, 1, text);
}

static int
set_timeout(struct ask *ask, const char *text)
{
	int64_t ms;

	if (duration_parse_ms(text, 1, &ms) == -1 || ms < 1 ||
		ms > HOUR_S * 1000)
		return command_usage(&command_check,
			"-t: want up to 3600 seconds, such as 10 or 500ms, "
			"have \"%s\"",
			text);
	ask->base.set.timeout_ms = ms;
	return STATUS_OK;
}

static int
set_trust(struct ask *ask, const char *path)
{
	if (strcmp(path, "system") != 0 && access(path, R_OK) == -1)
		return command_usage(&command_check, "--trust: %s: %s", path,
			strerror(errno));
	ask->base.set.trust = path;
	return STATUS_OK;
}

static int
expect(const char *option, const char *what, const char *text)
{
	if (*text != '\0')
		return STATUS_OK;
	return command_usage(
		&command_check, "%s: want %s, have nothing", option, what);
}

static int
set_key(struct ask *ask, const char *path)
{
	struct error err;

	ask->for_files = "--key";
	if (expect(ask->for_files, "a path", path) != STATUS_OK)
		return STATUS_UNKNOWN;
	if (keypath_check(path, &err) == -1)
		return command_usage(&command_check, "--key: %s", err.text);
	ask->base.key = path;
	return STATUS_OK;
}

/* It would stand in everybody's list of processes, and is not repeated. */
static int
refuse_passphrase(struct ask *ask, const char *secret)
{
	(void)ask, (void)secret;
	return command_usage(&command_check,
		"--passphrase: want --passphrase-file FILE, have the "
		"passphrase itself for everybody to see");
}

static int
set_passphrase(struct ask *ask, const char *path)
{
	struct error err;
	bool missing;

	ask->for_files = "--passphrase-file";
	if (expect(ask->for_files, "a path", path) != STATUS_OK)
		return STATUS_UNKNOWN;
	if (secret_read(ask->arena, ".", path, &ask->base.passphrase, &missing,
		    &err) == -1)
		return command_usage(
			&command_check, "--passphrase-file: %s", err.text);
	return STATUS_OK;
}

static int
set_pem_only(struct ask *ask, const char *none)
{
	(void)none;
	ask->base.pem_only = true;
	ask->for_files = "--pem-only";
	return STATUS_OK;
}

static int
set_exclude(struct ask *ask, const char *pattern)
{
	ask->for_files = "--exclude";
	words_add(ask->arena, &ask->base.exclude, pattern);
	return expect(ask->for_files, "a pattern", pattern);
}

static int
set_deployed(struct ask *ask, const char *path)
{
	ask->for_endpoints = "--deployed";
	ask->base.deployed = path;
	return expect(ask->for_endpoints, "a path", path);
}

static int
set_intermediates(struct ask *ask, const char *path)
{
	if (access(path, R_OK) == -1)
		return command_usage(&command_check, "--intermediates: %s: %s",
			path, strerror(errno));
	ask->base.intermediates = path;
	return STATUS_OK;
}

static int
set_role(struct ask *ask, const char *text)
{
	return option_role(&command_check, text, &ask->base.role);
}

static int
set_profile(struct ask *ask, const char *text)
{
	return option_profile(&command_check, text, &ask->base.profile);
}

static int
set_order_lead(struct ask *ask, const char *text)
{
	return option_order_lead(
		&command_check, text, &ask->base.set.order_lead);
}

static int
add_holiday(struct ask *ask, const char *text)
{
	return option_add_holiday(
		&command_check, text, ask->arena, &ask->base.set.holidays);
}

static int
add_host(struct ask *ask, const char *host)
{
	words_add(ask->arena, &ask->hosts, host);
	return STATUS_OK;
}

static int
set_port(struct ask *ask, const char *port)
{
	ask->port = port;
	return STATUS_OK;
}

static int
set_ipv4(struct ask *ask, const char *none)
{
	(void)none;
	ask->base.family = AF_INET;
	return STATUS_OK;
}

static int
set_ipv6(struct ask *ask, const char *none)
{
	(void)none;
	ask->base.family = AF_INET6;
	return STATUS_OK;
}

static int
set_sni(struct ask *ask, const char *name)
{
	return option_hostname(&command_check, "--sni", name, ask->arena, false,
		&ask->base.sni);
}

static int
set_address(struct ask *ask, const char *text)
{
	return option_address(
		&command_check, "--address", text, &ask->base.dial);
}

static int
add_name(struct ask *ask, const char *name)
{
	return option_add_name(
		&command_check, name, ask->arena, &ask->base.names);
}

static int
set_moment(struct ask *ask, const char *text)
{
	return option_moment(&command_check, text, &ask->now);
}

static int
set_report(struct ask *ask, const char *name)
{
	return option_report(&command_check, name, &ask->report);
}

static int
add_finding(struct ask *ask, const char *text)
{
	return option_finding(
		&command_check, text, ask->arena, &ask->base.set.findings);
}

static int
add_verbosity(struct ask *ask, const char *none)
{
	(void)none;
	ask->show.verbose++;
	return STATUS_OK;
}

/* The guidelines want 3 for both (section "Help"). */
static int
show_help(struct ask *ask, const char *none)
{
	(void)ask, (void)none;
	fputs(check_help, stdout);
	return STATUS_UNKNOWN;
}

static int
show_version(struct ask *ask, const char *none)
{
	(void)ask, (void)none;
	puts("certvigil " CERTVIGIL_VERSION);
	return STATUS_UNKNOWN;
}

static const struct row rows[] = {
	{ "hostname", 'H', false, add_host },
	{ "port", 'p', false, set_port },
	{ "warning", 'w', false, set_warning },
	{ "critical", 'c', false, set_critical },
	{ "timeout", 't', false, set_timeout },
	{ NULL, '4', true, set_ipv4 },
	{ NULL, '6', true, set_ipv6 },
	{ "verbose", 'v', true, add_verbosity },
	{ "version", 'V', true, show_version },
	{ "help", 'h', true, show_help },
	{ "sni", 0, false, set_sni },
	{ "address", 0, false, set_address },
	{ "deployed", 0, false, set_deployed },
	{ "name", 0, false, add_name },
	{ "key", 0, false, set_key },
	{ "passphrase", 0, false, refuse_passphrase },
	{ "passphrase-file", 0, false, set_passphrase },
	{ "role", 0, false, set_role },
	{ "profile", 0, false, set_profile },
	{ "pem-only", 0, true, set_pem_only },
	{ "exclude", 0, false, set_exclude },
	{ "order-lead", 0, false, set_order_lead },
	{ "holiday", 0, false, add_holiday },
	{ "trust", 0, false, set_trust },
	{ "intermediates", 0, false, set_intermediates },
	{ "at", 0, false, set_moment },
	{ "finding", 0, false, add_finding },
	{ "output", 0, false, set_report },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))
#define LONG_ONLY 256 /* and the row's number: more than any letter */

/* The rows in getopt_long()'s own forms. */
static void
list_options(struct option longs[ROWS + 1], char shorts[2 * ROWS + 2])
{
	char *to = shorts;
	size_t n = 0;

	*to++ = ':';
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *r = &rows[i];

		if (r->name != NULL)
			longs[n++] = (struct option){ .name = r->name,
				.has_arg = r->flag ? no_argument
						   : required_argument,
				.val = LONG_ONLY + (int)i };
		if (r->letter == 0)
			continue;
		*to++ = (char)r->letter;
		if (!r->flag)
			*to++ = ':';
	}
	*to = '\0';
	longs[n] = (struct option){ 0 };
}

static const struct row *
row_of(int opt)
{
	size_t i = 0;

	if (opt >= LONG_ONLY)
		return &rows[opt - LONG_ONLY];
	while (rows[i].letter != opt)
		i++;
	return &rows[i];
}

/* A threshold given alone bounds the other's default. */
static int
settle_thresholds(struct ask *ask)
{
	struct settings *set = &ask->base.set;
	const struct threshold *w = &set->warning, *c = &set->critical;

	if (ask->thresholds[0] && !ask->thresholds[1] && w->share_ppm == -1 &&
		w->seconds < c->seconds)
		set->critical.seconds = w->seconds;
	if (!ask->thresholds[0] && ask->thresholds[1] && c->share_ppm == -1 &&
		c->seconds > w->seconds)
		set->warning = *c;
	if (ask->thresholds[0] && ask->thresholds[1] && w->share_ppm == -1 &&
		c->share_ppm == -1 && w->seconds < c->seconds &&
		w->seconds != 0)
		return command_usage(&command_check,
			"want a warning threshold that comes before the "
			"critical one, have -w below -c");
	return STATUS_OK;
}

int
check_options_read(struct ask *ask, int argc, char **argv)
{
	struct option longs[ROWS + 1];
	char shorts[2 * ROWS + 2];
	int opt, rc;

	settings_init(&ask->base.set);
	ask->report = report_find("nagios");
	list_options(longs, shorts);
	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (opt == '?' || opt == ':')
			rc = option_wrong(&command_check, opt, argv);
		else
			rc = row_of(opt)->set(ask, optarg);
		if (rc != STATUS_OK)
			return rc;
	}
	for (; optind < argc; optind++)
		words_add(ask->arena, &ask->targets, argv[optind]);
	return settle_thresholds(ask);
}
