"""test_flood.py - thousands of incidents in one scan: one message each way"""
import email
import email.policy
import json
import os
import subprocess
import time

import support
from support import CERTVIGIL, CRITICAL, ScanCase, command
from receivers import SmtpReceiver, WebhookReceiver

INCIDENTS = 5000
# Far from what is needed: nothing here is timed by a slow machine.
WITHIN_S, WITHIN_MB = 60, 1000
MAIL_MAX = 1 << 20


class Flood(ScanCase):
    def measure(self, *args):
        """A scan; returns seconds and megabytes at its peak."""
        began = time.monotonic()
        p = subprocess.Popen(**command(
            CERTVIGIL, "scan", "--quiet", "--config", self.write_config(),
            *args))
        err = p.stderr.read()
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        p.stdout.close()
        p.stderr.close()
        self.assertEqual((p.returncode, err), (CRITICAL, b""))
        took_s, peak_mb = time.monotonic() - began, usage.ru_maxrss / 1024
        self.assertLess(took_s, WITHIN_S)
        self.assertLess(peak_mb, WITHIN_MB)
        return took_s, peak_mb

    def test_flood(self):
        chat = self.own(WebhookReceiver(
            behaviour={"status": 200, "body": "ok"}))
        plain = self.own(WebhookReceiver())
        post = self.own(SmtpReceiver())
        self.notify("chat", "webhook", url=chat.url, format="slack")
        self.notify("plain", "webhook", url=plain.url)
        self.notify("post", "email", server=post.url, starttls="off",
                    to="b@example.com", **{"from": "a@example.com"})
        names = [f"host-{i:04}.example.com" for i in range(INCIDENTS)]
        self.watch({"file": self.path("first.pem"), "name": "first"})
        one_s, one_mb = self.measure()
        for receiver in (chat, plain, post):
            self.assertEqual(len(receiver.received), 1)

        self.watch(*({"file": self.path(f"{n}.pem"), "name": n}
                     for n in names))
        took_s, peak_mb = self.measure()
        for receiver in (chat, plain, post):
            self.assertEqual(len(receiver.received), 2)
        events = json.loads(plain.received[1].body)["data"]["events"]
        self.assertEqual([(e["event"], e["target"]) for e in events],
                         [("opened", n) for n in names])
        self.assertEqual(len({e["incident"] for e in events}), INCIDENTS)

        message = email.message_from_bytes(post.received[1].data,
                                           policy=email.policy.default)
        self.assertRegex(message["Subject"], "CRITICAL: .*4999 more")
        self.assertRegex(message.get_body(("plain",)).get_content(),
                         r"\A5,?000 critical")
        self.assertLess(len(post.received[1].data), MAIL_MAX)
        self.assertLess(len(chat.received[1].body), 64 * 1024)

        # Nothing of it is new.
        self.measure()
        for receiver in (chat, plain, post):
            self.assertEqual(len(receiver.received), 2)
        print(f"\n| {INCIDENTS} incidents in one scan: {took_s:.1f} s, "
              f"{peak_mb:.0f} MB at most (one incident: {one_s:.1f} s, "
              f"{one_mb:.0f} MB); webhook of "
              f"{len(plain.received[1].body) // 1024} KB, chat of "
              f"{len(chat.received[1].body) // 1024} KB, mail of "
              f"{len(post.received[1].data) // 1024} KB")


if __name__ == "__main__":
    support.main()
