"""test_life.py - the whole life of an incident, as mail and webhook tell it

The transcript is held to tests/golden/life.txt as a whole. GOLDEN=write writes
it anew; the difference is then to be read like any other change.
"""
import email
import email.policy
import json
import os
import re
import shutil

import support
from support import CRITICAL, OK, ROOT, WARNING, ScanCase, certvigil
from receivers import SmtpReceiver, WebhookReceiver

GOLDEN = f"{ROOT}/tests/golden/life.txt"
HEADERS = ("Subject", "From", "To", "Message-ID", "In-Reply-To", "References",
           "Date", "Auto-Submitted", "List-Id")

# Far enough ahead for no real moment to come near.
LIFE = [
    ("2035-03-01T00:00:00Z", OK, None),
    ("2035-03-03T00:00:00Z", WARNING, None),  # 29 days left
    ("2035-03-10T00:00:00Z", WARNING, None),
    ("2035-03-18T12:00:00Z", WARNING, None),  # the steps of 14 and 7 days
    ("2035-03-25T12:00:00Z", WARNING, None),
    ("2035-03-29T12:00:00Z", CRITICAL, None),
    ("2035-03-31T06:00:00Z", CRITICAL, "silence"),  # past the step of a day
    ("2035-03-31T09:00:00Z", CRITICAL, None),
    ("2035-03-31T18:00:00Z", CRITICAL, "unsilence"),
    ("2035-03-31T19:00:00Z", CRITICAL, None),
    ("2035-03-31T20:00:00Z", OK, "renew"),
    ("2035-03-31T21:00:00Z", OK, None),
]


class Masks:
    """What differs from run to run, by numbers in the order of appearance."""

    def __init__(self, *fixed):
        self.fixed = fixed
        self.seen = {}

    def number(self, match):
        kind = match["kind"] or "sha256-"
        same = [k for k in self.seen if k[0] == kind]
        return self.seen.setdefault((kind, match[0]),
                                    f"{kind}{len(same) + 1}")

    def __call__(self, text):
        for real, name in self.fixed:
            text = text.replace(real, name)
        text = re.sub(r"certvigil \d+\.\d+\.\d+", "certvigil VERSION", text)
        return re.sub(r"(?P<kind>msg_|inc_|sil_|thread_)[0-9a-f]+"
                      r"|\b[0-9a-f]{64}\b", self.number, text)


class Life(ScanCase):
    def setUp(self):
        super().setUp()
        self.chat = self.own(WebhookReceiver())
        self.post = self.own(SmtpReceiver())
        self.notify("chat", "webhook", url=self.chat.url)
        self.notify("post", "email", server=self.post.url, starttls="off",
                    to="ops@example.com",
                    **{"from": "certvigil@example.com"})
        self.live = self.path("www.live.pem")
        self.install("first", "2035-01-01", "2035-04-01")
        self.watch({"file": self.live, "name": "www.example.com",
                    "owner": "web-team", "warning": "30d", "critical": "3d",
                    "findings": {"expiry.too-long": "off"}})
        host = support.run("uname", "-n").stdout.strip()
        self.masks = Masks((self.folder, "FOLDER"), (host, "HOST"))
        self.told = {"chat": 0, "post": 0}
        self.lines = []

    def say(self, text, indent=""):
        for line in self.masks(text).splitlines():
            self.lines.append((indent + line).rstrip())

    def install(self, name, not_before, not_after):
        leaf = self.pki.make(name, self.pki.intermediate, cn="www.example.com",
                             san=["DNS:www.example.com"], not_after=not_after,
                             not_before=not_before, serial="0a0b0c" if
                             name == "first" else "0d0e0f")
        shutil.copy(self.pki.chain(leaf), self.live)

    def silence(self):
        self.command("silence", "www.example.com", "expiry.*", "--from",
                     "2035-03-30T00:00:00Z", "--until", "2035-04-10T00:00:00Z",
                     "--reason", "the new one is ordered")

    def unsilence(self):
        self.command("silence", "--remove", self.silenced)

    def renew(self):
        self.install("second", "2035-03-31", "2035-06-25")

    def command(self, *args):
        done = certvigil(*args, "--config", self.path("config.yaml"))
        self.assertRun(done, OK, None, r"\A\Z")
        m = re.search(r"sil_[0-9a-f]+", done.stdout)
        if m:
            self.silenced = m[0]
        self.say("$ certvigil " + " ".join(args))
        self.say(done.stdout)
        self.say("\n")

    def new(self, name, receiver):
        have = receiver.received[self.told[name]:]
        self.told[name] += len(have)
        return have

    def tell(self):
        for request in self.new("chat", self.chat):
            self.say("webhook " + request.headers["webhook-id"], "  ")
            self.say(json.dumps(json.loads(request.body), indent=2,
                                ensure_ascii=False), "    ")
        for mail in self.new("post", self.post):
            message = email.message_from_bytes(mail.data,
                                               policy=email.policy.default)
            self.say(f"mail to {', '.join(mail.recipients)}", "  ")
            for name in HEADERS:
                for value in message.get_all(name, []):
                    self.say(f"{name}: {value}", "    ")
            self.say("\n" + message.get_body(("plain",)).get_content()
                     .replace("\r\n", "\n"), "    ")

    def test_life(self):
        for at, status, event in LIFE:
            if event is not None:
                getattr(self, event)()
            self.assertRun(self.scan("--quiet", "--at", at), status, r"\A\Z",
                           r"\A\Z")
            self.say(f"scan at {at}: {('ok', 'warning', 'critical')[status]}")
            self.tell()
            self.say("\n")
        have = "\n".join(self.lines).rstrip("\n") + "\n"
        if os.environ.get("GOLDEN") == "write":
            with open(GOLDEN, "w", encoding="utf-8") as f:
                f.write(have)
        with open(GOLDEN, encoding="utf-8") as f:
            self.assertEqual(have, f.read())


if __name__ == "__main__":
    support.main()
