#!/usr/bin/env python3
"""test_hostile_notifiers.py - one hostile certificate, with names to match,
through every format of the webhook and through mail"""
import email
import email.policy
import shutil

import evil_checks
import test_formats
from evil_support import MARK, NAMES, Chain, moments, write_config
from receivers import SmtpReceiver
from support import CRITICAL, main


class Telling(test_formats.Formats):
    """Every notifier."""

    def setUp(self):
        super().setUp()
        self.config["defaults"]["order_lead"] = 2
        self.evil = Chain(self.folder, "evil", moments(-80, 1))

    def write_config(self):
        return write_config(self.path("config.yaml"), self.config)

    def test_every_format(self):
        self.each(self.one_format)

    def one_format(self, name):
        receiver = self.receiver(name)
        live = self.path("live.pem")
        shutil.copy(self.evil.pem, live)
        # Each text is a name, an owner or a tag; the certificate has all.
        for texts in zip(NAMES[::3], NAMES[1::3], NAMES[2::3]):
            self.watch({"file": live, "name": texts[0][:300],
                        "owner": texts[1][:80], "tags": [texts[2][:80]]})
        done = self.scan()
        self.assertRun(done, CRITICAL)
        evil_checks.plain(done.stdout)
        evil_checks.plain(done.stderr)
        self.assertSilent(done)
        # Renewed: what was opened is resolved, and told again.
        shutil.copy(self.chain("new.example.com", "+80d"), live)
        self.scan()
        self.assertGreater(len(receiver.received), 1)
        for request in receiver.received:
            self.assertSound(request)
            self.assertHarmless(request)
        self.assertIn(MARK, "".join(r.body.decode()
                                    for r in receiver.received))

    def assertHarmless(self, request):
        for name, value in request.headers.items():
            self.assertNotIn("evil", name.lower())
            evil_checks.no_control(value, "\t")
        # Some formats part words with a joiner of ours, so that nobody is
        # called by them.
        body = request.body.decode().replace("\u2060", "")
        if self.settings["format"] not in test_formats.RAW:
            evil_checks.no_control(body)
        if request.headers["content-type"].startswith("application/json"):
            evil_checks.json_keys(body)

    def test_mail(self):
        post = self.own(SmtpReceiver())
        self.notify("ops", "email", server=f"smtp://127.0.0.1:{post.port}",
                    starttls="off", **{"from": "certvigil@example.com",
                       "to": ["ops@example.com"]})
        for at, text in enumerate(NAMES):
            self.watch({"file": self.evil.pem, "name": text[:300],
                        "owner": NAMES[at - 1][:80]})
        self.config["alerts"]["group"] = "target"
        self.assertRun(self.scan(), CRITICAL, stderr=r"\A\Z")
        self.assertGreaterEqual(len(post.received), 1)
        fixed = None
        for mail in post.received:
            self.assertEqual(mail.recipients, ["ops@example.com"])
            m = email.message_from_bytes(mail.data,
                                         policy=email.policy.default)
            self.assertEqual(m.defects, [])
            fixed = fixed or sorted(m.keys())
            self.assertEqual(sorted(m.keys()), fixed)
            self.assertFalse([k for k in fixed if k in ("Bcc", "X-Evil")])
            for value in m.values():
                evil_checks.no_control(str(value), "")
            evil_checks.plain(
                m.get_body(("plain",)).get_content().replace("\r\n", "\n"))
            evil_checks.html_text(
                m.get_body(("html",)).get_content().replace("\r\n", "\n"))


if __name__ == "__main__":
    main()
