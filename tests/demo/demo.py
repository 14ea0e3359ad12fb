#!/usr/bin/env python3
"""demo.py - certvigil at work: three scans of servers of its own, and a test

    tests/demo/demo.py BUILD

Makes a small PKI, starts nginx, a webhook receiver and a mail server on
loopback, and shows what three scans find and tell. Everything it says is
checked: the exit status is 1 if anything is not as told.
"""
import base64
import email
import email.policy
import hashlib
import hmac
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [f"{TESTS}/e2e", f"{TESTS}/support"]
if len(sys.argv) > 1:
    os.environ["BUILD"] = os.path.abspath(sys.argv[1])

from support import CERTVIGIL, Host, Nginx, Pki, SANITIZER
from receivers import SmtpReceiver, WebhookReceiver

WATCHED = sys.stdout.isatty()
COLOUR = WATCHED and not os.environ.get("NO_COLOR")
PACE_S = 1.2  # between steps, for whoever watches


def paint(code, text):
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


def say(text=""):
    print(text, flush=True)


class Steps:
    count = 0


def step(title):
    if WATCHED and Steps.count > 0:
        time.sleep(PACE_S)
    Steps.count += 1
    say()
    say(paint("1;36", f"{Steps.count}. {title}"))


def show(text, code="2"):
    """Something as it is, set off from what the demo says."""
    for line in text.rstrip("\n").split("\n"):
        say("   " + (paint(code, line) if line else line))


def expect(what, have, want):
    if have != want:
        sys.exit(f"not as told: {what}: want {want!r}, have {have!r}")


def expect_in(what, part, text):
    if part not in text:
        sys.exit(f"not as told: {what}: want {part!r} in {text!r}")


CONFIG = """\
defaults:
  trust: ca.pem
targets:
{targets}
notifiers:
  ops-chat:
    webhook:
      url: https://localhost:{webhook}/hooks/certvigil
      secret_file: hook.secret
      ca: ca.pem
  ops-mail:
    email:
      server: smtps://localhost:{smtp}
      user: certvigil
      password_file: mail.password
      from: certvigil <certvigil@example.com>
      to: [ops@example.com]
      ca: ca.pem
state: state.db
"""

TARGET = """\
  - endpoint: https://{host}:{port}
    name: {host}
    address: 127.0.0.1"""

# Virtual host, names of its certificate, its end, and what is wrong.
HOSTS = [
    ("www.example.com", ["www.example.com", "example.com"], "+75d",
     "healthy"),
    ("api.example.com", ["api.example.com"], "+241h",
     "expires in ten days"),
    ("old.example.com", ["old.example.com"], "-73h",
     "expired three days ago"),
    ("files.example.com", ["files.example.com"], "+75d",
     "its intermediate is missing"),
    ("mail.example.com", ["smtp.example.com"], "+75d",
     "has another server's name"),
    ("www.example.org", ["*.example.org"], "+75d",
     "a wildcard, which does not cover example.org itself"),
]

# It takes none but clients with a certificate.
PARTNER = "partner.example.net"

# What the scans must find: target -> severity by finding.
TROUBLE = {
    ("api.example.com", "expiry.soon"): "critical",
    ("old.example.com", "expiry.expired"): "critical",
    ("files.example.com", "chain.incomplete"): "critical",
    ("mail.example.com", "name.mismatch"): "critical",
    ("www.example.org", "name.apex"): "warning",
}


class Demo:
    def __init__(self, folder):
        self.folder = folder
        self.running = []
        self.secret = base64.b64encode(secrets.token_bytes(32)).decode()
        self.password = secrets.token_urlsafe(12)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(self.path(name), 0o600)

    def own(self, thing):
        self.running.append(thing)
        return thing

    def stop(self):
        while self.running:
            self.running.pop().stop()

    # --- what stands before the first scan

    def issue(self, host, names, end):
        """A certificate of ninety days that ends then."""
        begin = {"+75d": "-15d", "+241h": "-80d", "-73h": "-93d"}.get(end, "-1h")
        return self.pki.leaf(host, *names, not_before=begin, not_after=end)

    def install(self, host, leaf):
        """The file that nginx serves; returns its path."""
        served = [leaf] if host.startswith("files") else leaf.path_up()
        return self.pki.bundle(f"{host}.served.pem", *served)

    def start_servers(self):
        self.pki = Pki(self.folder)
        os.rename(self.pki.root.pem, self.path("ca.pem"))
        self.pki.root.pem = self.path("ca.pem")
        hosts = []
        for host, names, end, _ in HOSTS:
            leaf = self.issue(host, names, end)
            hosts.append(Host(host, self.install(host, leaf), leaf.key))
        leaf = self.issue(PARTNER, [PARTNER], "+75d")
        hosts.append(Host(PARTNER, self.install(PARTNER, leaf), leaf.key, more=(
            "ssl_verify_client on; ssl_verify_depth 2; "
            f"ssl_client_certificate {self.pki.root.pem};")))
        client = self.pki.make("client", self.pki.intermediate,
                               cn="our client", eku="clientAuth")
        os.rename(self.pki.chain(client), self.path("chain.pem"))
        self.nginx = self.own(Nginx(self.folder, hosts))

        leaf = self.pki.leaf("localhost")
        tls = (self.pki.chain(leaf), leaf.key)
        self.chat = self.own(WebhookReceiver(tls))
        self.post = self.own(SmtpReceiver(
            tls, implicit=True, user="certvigil", password=self.password))

    def configure(self):
        self.write("hook.secret", f"whsec_{self.secret}\n")
        self.write("mail.password", self.password + "\n")
        targets = "\n".join(TARGET.format(host=h[0], port=self.nginx.port)
                            for h in HOSTS)
        self.write("demo.yaml", CONFIG.format(
            targets=targets, webhook=self.chat.port, smtp=self.post.port))

    # --- a scan, and what came of it

    def run(self, typed, status):
        """Run a command as typed; returns what it printed, if not here."""
        say("   " + paint("1", "$ " + typed))
        say()
        sys.stdout.flush()
        done = subprocess.run(
            [CERTVIGIL, *typed.split()[1:]], cwd=self.folder, timeout=30,
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
            stdout=None if WATCHED else subprocess.PIPE)
        out = (done.stdout or b"").decode()
        err = done.stderr.decode()
        for text in (out, err):
            if text:
                say(text.rstrip("\n"))
        if SANITIZER.search(err):
            sys.exit("not as told: a sanitizer complains")
        expect(f"exit status of {typed}", done.returncode, status)
        return out

    def events(self, request):
        """The events of a webhook, its signature verified."""
        h = request.headers
        signed = f"{h['webhook-id']}.{h['webhook-timestamp']}.".encode()
        mac = hmac.new(base64.b64decode(self.secret), signed + request.body,
                       hashlib.sha256).digest()
        expect("webhook-signature", h["webhook-signature"],
               "v1," + base64.b64encode(mac).decode())
        return json.loads(request.body)["data"]["events"]

    def show_webhook(self, request, only=None):
        """Headers and body as received; `only` so many events of it."""
        show(f"{request.method} {request.path}")
        for name in ("content-type", "webhook-id", "webhook-timestamp",
                     "webhook-signature"):
            show(f"{name}: {request.headers[name]}")
        say()
        body = json.loads(request.body)
        events = body["data"]["events"]
        left_out = len(events) - only if only else 0
        if left_out > 0:
            del events[only:]
        text = json.dumps(body, indent=2, ensure_ascii=False)
        if left_out > 0:
            text = re.sub(r"\n    \]",
                          f"\n      ... and {left_out} more\n    ]", text)
        show(text)
        say()
        say("   The signature is " + paint("32", "right") + ".")

    def show_mail(self, mail):
        message = email.message_from_bytes(mail.data,
                                           policy=email.policy.default)
        for name in ("From", "To", "Subject", "Date"):
            show(f"{name}: {message[name]}")
        say()
        text = message.get_body(("plain",)).get_content()
        show(text)
        return message, text


def first_scan(demo):
    step("The first scan")
    out = demo.run("certvigil scan --config demo.yaml", 2)
    for host, *_ in HOSTS:
        expect_in("the table", host, out or host)
    say()
    say("   Exit status 2: the worst of them is critical.")

    step("What ops-mail brought to ops@example.com, by SMTP over TLS")
    mail, = demo.post.wait(1)
    message, text = demo.show_mail(mail)
    expect("sent over TLS", mail.tls, True)
    expect("who logged in", mail.user, "certvigil")
    expect_in("the subject", "CRITICAL", message["subject"])
    for host, finding in TROUBLE:
        expect_in("the mail", host, text)

    step("What ops-chat received, by HTTPS, signed (Standard Webhooks)")
    request, = demo.chat.wait(1)
    demo.show_webhook(request, only=2)
    told = {(e["target"], e["finding"]): e["severity"]
            for e in demo.events(request) if e["event"] == "opened"}
    expect("what was opened", told, TROUBLE)


def second_scan(demo):
    step("The second scan: nothing has changed")
    demo.run("certvigil scan --config demo.yaml --quiet", 2)
    expect("webhooks", len(demo.chat.received), 1)
    expect("mails", len(demo.post.received), 1)
    say("   Still exit status 2. Nobody was told again: nothing new was sent.")


def third_scan(demo):
    host, names = HOSTS[1][0], HOSTS[1][1]
    step(f"Renew {host}, reload nginx, scan a third time")
    leaf = demo.issue(host, names, "+90d")
    demo.install(host, leaf)
    show("(a new certificate of 90 days is in place)")
    say("   " + paint("1", "$ nginx -s reload"))
    demo.nginx.reload()
    demo.run("certvigil scan --config demo.yaml", 2)
    say()
    demo.show_webhook(demo.chat.wait(2)[1])
    told = sorted((e["event"], e["target"], e.get("finding"))
                  for e in demo.events(demo.chat.received[1]))
    expect("what was told", told, [("renewed", host, None),
                                   ("resolved", host, "expiry.soon")])
    mail = demo.post.wait(2)[1]
    message = email.message_from_bytes(mail.data, policy=email.policy.default)
    say(f"   And by mail: {message['subject']}")
    expect_in("the subject", "RESOLVED", message["subject"])
    expect("webhooks", len(demo.chat.received), 2)
    expect("mails", len(demo.post.received), 2)

    step("What certvigil now knows")
    demo.run("certvigil status --config demo.yaml", 0)


def client_test(demo):
    step("Does a partner's server take our client certificate (mutual TLS)?")
    typed = ("certvigil check -v --trust ca.pem --address 127.0.0.1 "
             "--client-key client.key --client-cert {} "
             f"https://{PARTNER}:{demo.nginx.port}/im")
    show("(its nginx asks every client for a certificate; it knows the root, "
         "and no\nintermediate; client.pem has our certificate alone)")
    say()
    out = demo.run(typed.format("client.pem"), 2)
    refused = "client certificate 'our client' refused"
    expect_in("the line", refused, out or refused)
    say()
    out = demo.run(typed.format("chain.pem"), 0)
    expect_in("the line", "client certificate accepted", out or
              "client certificate accepted")


def main():
    # What was started is stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    say(paint("1", "certvigil: three scans of a small shop"))
    say("All of it runs on loopback, in a folder of its own, and is stopped "
        "at the end.")
    with tempfile.TemporaryDirectory(prefix="certvigil-demo-") as folder:
        demo = Demo(folder)
        try:
            step("A private CA, and nginx with six virtual hosts to watch")
            demo.start_servers()
            for host, _, _, state in HOSTS:
                say(f"   {host:<20} {state}")

            step("What to watch, and whom to tell")
            demo.configure()
            say("   " + paint("1", "$ cat demo.yaml"))
            with open(demo.path("demo.yaml"), encoding="utf-8") as f:
                show(f.read())
            say()
            demo.run("certvigil config check --config demo.yaml", 0)

            first_scan(demo)
            second_scan(demo)
            third_scan(demo)
            client_test(demo)
        finally:
            demo.stop()
    say()
    say(paint("1", "That was it; all that was started is stopped."))


if __name__ == "__main__":
    main()
