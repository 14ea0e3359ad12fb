/* endpointhint.c - what to do about an endpoint that could not be looked at */
#include <string.h>

#include "checks/endpointhint.h"

#define ANY (-1)

/* By how a connection ended; the first row that fits counts. */
static const struct ended {
	int kind; /* enum fault_kind */
	int step; /* enum connection_step, or ANY */
	int ending; /* enum connection_ending, or ANY */
	const char *hint;
} endings[] = {
	{ FAULT_UNREACHABLE, STEP_RESOLVE, ENDING_NO_NAME,
		"Correct the name, or see why its zone no longer holds it: the "
		"name servers say that it does not exist. What this machine "
		"gets: getent ahosts NAME." },
	{ FAULT_UNREACHABLE, STEP_RESOLVE, ENDING_NO_NAME_SERVER,
		"See whether this machine reaches its name servers "
		"(/etc/resolv.conf, resolvectl status), and whether those of "
		"the zone answer. If other targets fail alike, it is this "
		"machine." },
	{ FAULT_UNREACHABLE, STEP_RESOLVE, ENDING_NO_ADDRESS,
		"Give the name an address of the family that is wanted, or "
		"want another one (-4, -6, `family`)." },
	{ FAULT_UNREACHABLE, STEP_CONNECT, ENDING_REFUSED,
		"Nothing listens there, or a firewall rejects: see on the "
		"server whether the service runs and on which port and "
		"address it listens (ss -ltnp)." },
	{ FAULT_UNREACHABLE, STEP_CONNECT, ENDING_UNREACHABLE,
		"There is no way there from this machine: see its routes, VPN "
		"and firewalls (ip route get ADDRESS), and whether the server "
		"is up. Where only IPv4 or only IPv6 is broken here, -4, -6 or "
		"`family` keeps to the other." },
	{ FAULT_UNREACHABLE, STEP_CONNECT, ENDING_NO_ROUTE,
		"It is this machine's routing: see what it says of the address "
		"(ip route get ADDRESS), and its VPN. Where it has no IPv6, or "
		"no IPv4, look at addresses of the other alone (-4, -6, "
		"`family`)." },
	{ FAULT_UNREACHABLE, ANY, ENDING_PROXY,
		"See whether the proxy runs and lets this machine connect to "
		"that host and port: the proxy's log should tell. Whether the "
		"endpoint itself is up is not known." },
	{ FAULT_TIMEOUT, STEP_RESOLVE, ANY,
		"See whether this machine reaches its name servers "
		"(/etc/resolv.conf, resolvectl status). If other targets fail "
		"alike, it is this machine." },
	{ FAULT_TIMEOUT, STEP_CONNECT, ANY,
		"The server is down, or a firewall drops the packets: see "
		"whether others reach it, and whether this machine's address "
		"is let through." },
	{ FAULT_TIMEOUT, STEP_HELLO, ANY,
		"The port takes connections, but nobody answers: the service "
		"hangs or is overloaded, or what listens there speaks another "
		"protocol." },
	{ FAULT_TIMEOUT, STEP_HANDSHAKE, ANY,
		"If small answers pass and large ones such as certificates do "
		"not, it is mostly the path's MTU (VPN, tunnel, dropped "
		"ICMP). Otherwise the service is overloaded; for a slow but "
		"healthy one raise its timeout." },
	{ FAULT_HANDSHAKE, STEP_HELLO, ENDING_CLOSED,
		"Something takes the connection and drops it: a load balancer "
		"without a healthy server, a service that wants the PROXY "
		"protocol or another protocol than TLS, or a filter that "
		"refuses this machine's address or the name." },
	{ FAULT_HANDSHAKE, STEP_HELLO, ENDING_RESET,
		"Mostly a firewall or proxy that refuses the name or this "
		"machine's address, or a service that speaks no TLS or wants "
		"the PROXY protocol first." },
	{ FAULT_HANDSHAKE, ANY, ENDING_CLOSED,
		"The service gave up: its log should say why. Processes that "
		"crash or are restarted look like this as well." },
	{ FAULT_HANDSHAKE, ANY, ENDING_RESET,
		"The service gave up, or a firewall on the way did: the "
		"service's log should tell which." },
	{ FAULT_HANDSHAKE, ANY, ENDING_TOO_OLD,
		"No client of today connects: update the service's TLS "
		"library, or put a proxy before it." },
	{ FAULT_HANDSHAKE, ANY, ENDING_NO_CERTIFICATE,
		"Configure a certificate in the service: no client connects "
		"without one." },
	{ FAULT_HANDSHAKE, ANY, ENDING_DAMAGED,
		"Put the certificate file in order from which the service "
		"reads, and reload it: certvigil check FILE tells which block "
		"is damaged. No client connects meanwhile." },
	{ FAULT_HANDSHAKE, ANY, ENDING_TOO_LONG,
		"See what certificates the service is given to send: a whole "
		"trust store in place of the intermediates looks like this." },
	/* What was too much was left out. */
	{ FAULT_HANDSHAKE, ANY, ENDING_NONE,
		"See what certificates the service is given to send: a whole "
		"trust store in place of the intermediates looks like this." },
	{ FAULT_NO_ANSWER, ANY, ENDING_TIMEOUT,
		"See whether the application behind the TLS server hangs; give "
		"the path of a page that answers quickly (https://HOST/PATH), "
		"or raise the timeout. For a service that is no HTTP write "
		"tls:// in place of https://." },
	{ FAULT_NO_ANSWER, ANY, ANY,
		"The TLS server took the request and ended the connection: its "
		"log should tell whether the application behind it is gone. "
		"Where that is meant (nginx's \"return 444\"), or the service "
		"is no HTTP, write tls:// in place of https://." },
};

/* By the server's alert; `named`: a server name was asked for. */
static const struct alerted {
	int alert;
	int named; /* 0, 1, or ANY */
	const char *hint;
} alerts[] = {
	{ 112, 1,
		"Give the service a certificate and a virtual host for that "
		"name, or look at it by a name that it knows: correct the "
		"host, or name another with --sni (`sni`)." },
	{ 40, 0,
		"No server name was sent, for the host is an address, and many "
		"services have no certificate for that: name one with --sni "
		"(`sni`)." },
	{ 112, 0,
		"No server name was sent, for the host is an address: name "
		"one with --sni (`sni`)." },
	{ 80, 0,
		"The service has trouble of its own, which its log should "
		"tell. No server name was sent, for the host is an address: "
		"if it needs one, name it with --sni (`sni`)." },
	{ 40, ANY,
		"Mostly the service has no certificate for this name, or none "
		"that its log says it could load; or it has no cipher or "
		"curve in common with us, or wants a client certificate." },
	{ 70, ANY,
		"It has no protocol version in common with us, who speak TLS "
		"1.0 to 1.3: such a service speaks SSL 3.0 or is configured "
		"with no version at all." },
	{ 71, ANY,
		"It demands stronger ciphers or keys than TLS 1.3 has, which "
		"is a mistake in its configuration." },
	{ 80, ANY,
		"The service has trouble of its own, which its log should "
		"tell: often a certificate or key that it could not load, or "
		"a backend that is gone." },
	{ 120, ANY,
		"The service insists on a protocol by ALPN, which is not "
		"offered here: look at it where it speaks plain TLS, or let "
		"it go on without ALPN." },
	{ 10, ANY,
		"The service did not understand our first message, as very old "
		"TLS libraries and middleboxes do: update it, or go round "
		"what is in between." },
	{ 47, ANY,
		"The service did not understand our first message, as very old "
		"TLS libraries and middleboxes do: update it, or go round "
		"what is in between." },
	{ 50, ANY,
		"The service did not understand our first message, as very old "
		"TLS libraries and middleboxes do: update it, or go round "
		"what is in between." },
};

static const char *
hint_of_alert(const struct handshake *hs)
{
	int named = hs->sni != NULL;

	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
		if (alerts[i].alert == hs->alert &&
			(alerts[i].named == ANY || alerts[i].named == named))
			return alerts[i].hint;
	}
	return NULL;
}

static const char *
hint_of_ending(const struct handshake *hs, enum fault_kind kind)
{
	if (hs->ending == ENDING_ALERT)
		return hint_of_alert(hs);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		const struct ended *e = &endings[i];

		if (e->kind == (int)kind &&
			(e->step == ANY || e->step == (int)hs->step) &&
			(e->ending == ANY || e->ending == (int)hs->ending))
			return e->hint;
	}
	return NULL;
}

/* Its address by another scheme: "imap://mail.example.com:143". */
static void
put_address(struct buf *out, const char *scheme, const struct target *t)
{
	const char *rest = strstr(t->address, "://");

	rest = rest != NULL ? rest + 3 : t->address;
	buf_printf(out, "%s://%.*s", scheme, (int)strcspn(rest, "/?#"), rest);
}

static bool
is_of_connection(enum fault_kind kind)
{
	switch (kind) {
	case FAULT_UNREACHABLE:
	case FAULT_TIMEOUT:
	case FAULT_NOT_TLS:
	case FAULT_STARTTLS:
	case FAULT_HANDSHAKE:
	case FAULT_NO_ANSWER:
		return true;
	default:
		return false;
	}
}

void
endpoint_hint(struct finding *f, enum fault_kind kind,
	const struct handshake *hs, const struct target *t)
{
	const char *hint = hint_of_ending(hs, kind);
	BUF_CLEANUP struct buf text = { 0 };

	if (!is_of_connection(kind) || hs->step == STEP_NONE)
		return;
	if (hs->scheme != NULL && strcmp(hs->scheme, t->scheme->name) != 0) {
		buf_puts(&text, "If that is what runs there, write ");
		put_address(&text, hs->scheme, t);
		buf_puts(&text,
			kind == FAULT_NOT_TLS
				? "; otherwise correct the port."
				: ", which starts TLS after a dialogue. ");
	}
	if (hint != NULL)
		buf_puts(&text, hint);
	if (text.len > 0)
		finding_hint(f, "%s", buf_str(&text));
	finding_detail(f, "step", json_string(step_name(hs->step)));
	finding_detail(f, "ending", json_string(ending_name(hs->ending)));
	if (hs->alert >= 0)
		finding_detail(f, "alert", json_integer(hs->alert));
}
