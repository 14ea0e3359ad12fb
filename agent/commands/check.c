/* check.c - look at once, without a configuration, as a monitoring plugin */
#include "commands/ask.h"
#include "commands/commands.h"
#include "commands/output.h"
#include "report/reports.h"

static const char help_text[] =
	"usage: certvigil check [OPTIONS] TARGET...\n"
	"\n"
	"Look at certificates once and answer as a monitoring plugin does. A TARGET is\n"
	"HOST[:PORT], [IPv6]:PORT, SCHEME://HOST[:PORT], a file, a folder or a pattern.\n"
	"\n"
	"  -H, --hostname HOST      one target more, with -p\n"
	"  -p, --port PORT          its port (443)\n"
	"  -w, --warning THRESHOLD  time left: 30 (days), 12h, 33%, min(30d,33%)\n"
	"  -c, --critical THRESHOLD likewise; 0 turns either off\n"
	"      --order-lead DAYS    business days to get a certificate, such as 7bd\n"
	"      --holiday DATE       no business day, such as 2026-12-25 (repeatable)\n"
	"      --trust FILE         trust exactly the certificates in FILE\n"
	"      --intermediates FILE  judge as though these had been presented too\n"
	"      --name NAME          must be covered too (repeatable)\n"
	"      --role ROLE          server, client, client-ca, ca or any (inferred)\n"
	"      --profile NAME       a vendor's further rules, see certvigil.yaml(5)\n"
	"      --at TIME            judge as of then: RFC 3339, epoch seconds, +30d\n"
	"      --finding ID=WHAT    off, ok, warning or critical (repeatable)\n"
	"\n"
	"Of files:\n"
	"      --key FILE           the private key, such as {dir}/{stem}.key\n"
	"      --passphrase-file FILE  opens the key, or the PKCS#12 file\n"
	"      --pem-only           any other format is a fault\n"
	"      --exclude PATTERN    pass over such files and folders (repeatable)\n"
	"\n"
	"Of endpoints:\n"
	"  -t, --timeout SECONDS    for a whole probe (10)\n"
	"  -4, -6                   IPv4 or IPv6 alone\n"
	"      --sni NAME           ask for, and expect, this name\n"
	"      --address IP         connect there instead of resolving the host\n"
	"      --all-addresses      look at every address, and compare them\n"
	"      --proxy URL          through http://, socks5:// or socks5h://HOST:PORT\n"
	"      --proxy-user NAME, --proxy-password-file FILE  to log in there with\n"
	"      --deployed FILE      want the certificate of this file, or, with auto, of\n"
	"                           the one that fits among the targets\n"
	"\n"
	"Of endpoints that ask for client certificates:\n"
	"      --client-cert FILE   try this one, with the chain that is in the file\n"
	"      --client-key FILE    its key, if that is in another file\n"
	"      --passphrase-file FILE  opens it, or the PKCS#12 file\n"
	"      --expect WHAT        who has none should be refused (required), taken\n"
	"                           (optional), or not even asked (none)\n"
	"      --no-strict          do not try a certificate of nobody's as well\n"
	"      --client-ca FILE     judge the server's file of client CAs too\n"
	"\n"
	"      --output FORMAT      nagios (default), table, json\n"
	"  -v, --verbose            more lines; -vv what to do, -vvv the chain\n"
	"  -V, --version   -h, --help\n"
	"\n"
	"Exit status: 0 ok, 1 warning, 2 critical, 3 unknown.\n";

static int
look(struct ask *ask)
{
	struct scan_options opt = { .now = ask->now };
	struct results results;
	struct summary sum;
	struct error err;
	int rc;

	if (ask_scan(ask, &opt, &results, &err) == -1)
		return command_unknown(err.text);
	sum = results_summary(&results);
	rc = output_report(ask->report, &results, &ask->show);
	results_release(&results);
	if (rc == -1)
		return command_fail("the output could not be written");
	return (int)sum.worst;
}

static const struct asker asker = {
	.command = &command_check,
	.takes = BY_CHECK,
	.help = help_text,
	.report = &report_nagios,
	.run = look,
};

static int
check_run(int argc, char **argv)
{
	return ask_run(&asker, argc, argv);
}

const struct command command_check = {
	.name = "check",
	.usage = "[OPTIONS] TARGET...",
	.help = "look at targets once, as a monitoring plugin",
	.plugin = true,
	.run = check_run,
};
