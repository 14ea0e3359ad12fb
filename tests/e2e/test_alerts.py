"""test_alerts.py - who is told what, and when: through real receivers"""
import base64
import email
import email.policy
import hashlib
import hmac
import json
import os
import shutil

import support
from support import (CRITICAL, OK, UNKNOWN, WARNING, ClosedPort, ScanCase,
                     certvigil)
from receivers import SmtpReceiver, WebhookReceiver

KEY = b"a secret of thirty-two bytes ..."
SECRET = "whsec_" + base64.b64encode(KEY).decode()


def signature(request):
    """What Standard Webhooks wants in webhook-signature."""
    h = request.headers
    signed = f"{h['webhook-id']}.{h['webhook-timestamp']}.".encode()
    mac = hmac.new(KEY, signed + request.body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode()


def digest(request):
    return json.loads(request.body)["data"]


def told(request):
    """(event, finding, severity) of a webhook, sorted."""
    return sorted((e["event"], e.get("finding"), e["severity"])
                  for e in digest(request)["events"])


class Alerts(ScanCase):
    def setUp(self):
        super().setUp()
        self.receivers = {}

    def chat(self, name="chat", **how):
        """A webhook receiver, and the notifier that leads to it."""
        receiver = self.own(WebhookReceiver(**how))
        self.notify(name, "webhook", url=receiver.url + "/hook",
                    secret=SECRET)
        return receiver

    def install(self, name, end, **options):
        """Put another certificate in the file that is watched."""
        chain = self.chain(name, end, **options)
        return shutil.copy(chain, self.path(f"{name}.live.pem"))


class Lifecycle(Alerts):
    def test_from_opened_to_resolved(self):
        names = self.pki.leaf("localhost", "localhost", "IP:127.0.0.1",
                              not_after="+80d")
        tls = (self.pki.chain(names), names.key)
        chat = self.chat(tls=tls)
        self.config["notifiers"]["chat"]["webhook"]["ca"] = \
            self.pki.root.pem
        post = self.own(SmtpReceiver(tls=tls, implicit=True, user="certvigil",
                                     password="pass word"))
        self.write("mail.password", b"pass word\n")
        self.notify("mail", "email", server=post.url, user="certvigil",
                    password_file="mail.password", ca=self.pki.root.pem,
                    **{"from": "certvigil@example.com",
                       "to": ["ops@example.com"]})
        self.watch({"file": self.install("shop.example.com", "+80d"),
                    "name": "www", "owner": "web-team"})

        self.assertRun(self.scan(), OK)
        self.assertEqual((chat.received, post.received), ([], []))

        # Ten days left: opened, and another certificate than before.
        self.install("shop.example.com", "+10d", not_before="-80d")
        self.assertRun(self.scan(), CRITICAL)
        first, = chat.received
        self.assertEqual(told(first), [("opened", "expiry.soon", "critical"),
                                       ("renewed", None, "ok")])
        self.assertEqual(first.headers["webhook-signature"], signature(first))
        self.assertRegex(first.headers["webhook-id"], r"^msg_[0-9a-f]{32}$")
        self.assertEqual(digest(first)["id"], first.headers["webhook-id"])
        opened = next(e for e in digest(first)["events"]
                      if e["event"] == "opened")
        self.assertEqual((opened["target"], opened["owner"]),
                         ("www", "web-team"))

        mail, = post.received
        self.assertTrue(mail.tls)
        self.assertEqual(mail.recipients, ["ops@example.com"])
        message = email.message_from_bytes(mail.data,
                                           policy=email.policy.default)
        self.assertRegex(message["subject"], r"CRITICAL: www: .*(9|10) days")
        kinds = [part.get_content_type() for part in message.iter_parts()]
        self.assertEqual(kinds, ["text/plain", "text/html"])
        self.assertIn("expiry.soon", message.get_body(
            ("plain",)).get_content())

        # Nothing new, nothing sent.
        self.assertRun(self.scan(), CRITICAL)
        self.assertEqual((len(chat.received), len(post.received)), (1, 1))

        # Renewed.
        self.install("shop.example.com", "+85d")
        self.assertRun(self.scan(), OK)
        self.assertEqual(told(chat.received[1]), [
            ("renewed", None, "ok"), ("resolved", "expiry.soon", "critical")])
        resolved = next(e for e in digest(chat.received[1])["events"]
                        if e["event"] == "resolved")
        self.assertEqual(resolved["incident"], opened["incident"])
        self.assertEqual(len(post.received), 2)
        self.assertRun(self.scan(), OK)
        self.assertEqual((len(chat.received), len(post.received)), (2, 2))

    def test_as_the_end_comes_near(self):
        """A new message at each step, and when the severity rises."""
        chat = self.chat()
        self.watch({"file": self.install("shop.example.com", "+80d")})
        rows = [
            ("+50d", OK, []),
            ("+54d", WARNING, [("opened", "expiry.soon", "warning")]),
            ("+60d", WARNING, []),
            ("+67d", WARNING, [("escalated", "expiry.soon", "warning")]),
            ("+69d", CRITICAL, [("escalated", "expiry.soon", "critical")]),
            ("+72d", CRITICAL, []),
            ("+74d", CRITICAL, [("escalated", "expiry.soon", "critical")]),
            ("+78d", CRITICAL, [("escalated", "expiry.soon", "critical")]),
        ]
        sent = 0
        for at, status, want in rows:
            with self.subTest(at=at):
                self.assertRun(self.scan("--at", at), status)
                have = [t for r in chat.received[sent:] for t in told(r)]
                self.assertEqual(have, want)
            sent = len(chat.received)

    def test_repeat(self):
        chat = self.chat()
        self.watch({"file": self.path("missing.pem")})
        for at, n in [("+0s", 1), ("+6d", 1), ("+8d", 2), ("+9d", 2)]:
            with self.subTest(at=at):
                self.assertRun(self.scan("--at", at), CRITICAL)
                self.assertEqual(len(chat.received), n)
        self.assertEqual(told(chat.received[1]),
                         [("repeated", "file.missing", "critical")])

    def test_a_failed_look_resolves_nothing(self):
        chat = self.chat()
        live = self.install("shop.example.com", "+10d", not_before="-80d")
        self.watch({"file": live})
        self.assertRun(self.scan(), CRITICAL)
        os.rename(live, live + ".away")
        self.assertRun(self.scan(), CRITICAL)
        self.assertEqual(told(chat.received[-1]),
                         [("opened", "file.missing", "critical")])
        os.rename(live + ".away", live)
        self.assertRun(self.scan(), CRITICAL)
        self.assertEqual(told(chat.received[-1]),
                         [("resolved", "file.missing", "critical")])

    def test_confirm(self):
        """An endpoint must fail twice before anyone is told."""
        chat = self.chat()
        del self.config["alerts"]
        closed = self.own(ClosedPort())
        self.watch({"endpoint": f"127.0.0.1:{closed.port}", "retries": 0})
        self.assertRun(self.scan(), CRITICAL)
        self.assertEqual(chat.received, [])
        self.assertRun(self.scan(), CRITICAL)
        self.assertEqual(told(chat.received[0]),
                         [("opened", "endpoint.unreachable", "critical")])

    def test_target_that_is_gone_closes_quietly(self):
        chat = self.chat()
        self.watch({"file": self.path("missing.pem")})
        self.assertRun(self.scan(), CRITICAL)
        self.config["targets"] = []
        self.assertRun(self.scan(), OK)
        self.assertEqual(len(chat.received), 1)

    def test_routes(self):
        web, ops = self.chat("web"), self.chat("ops")
        self.watch({"file": self.path("a.pem"), "owner": "web-team"},
                   {"file": self.path("b.pem")})
        self.config["alerts"]["routes"] = [
            {"owner": "web-team", "notify": ["web"]}, {"notify": ["ops"]}]
        self.assertRun(self.scan(), CRITICAL)
        for receiver, name in [(web, "a.pem"), (ops, "b.pem")]:
            event, = digest(receiver.received[0])["events"]
            self.assertEqual(os.path.basename(event["target"]), name)


class Delivery(Alerts):
    def test_kept_until_it_arrives(self):
        chat = self.chat(behaviour=[{"status": 503}, {"close": True}, {}])
        self.watch({"file": self.path("missing.pem")})
        done = self.scan()
        self.assertRun(done, CRITICAL, None, r"chat: .*503")
        config = self.path("config.yaml")
        self.assertRun(certvigil("status", "--config", config), OK, r"chat")
        self.assertRun(self.scan("--at", "+1h"), CRITICAL, None, r"chat: ")
        self.assertRun(self.scan("--at", "+2h"), CRITICAL, None, r"^$")
        self.assertRun(self.scan("--at", "+3h"), CRITICAL, None, r"^$")
        ids = {r.headers["webhook-id"] for r in chat.received}
        bodies = {r.body for r in chat.received}
        self.assertEqual((len(chat.received), len(ids), len(bodies)),
                         (3, 1, 1))

    def test_a_dead_receiver_delays_no_other(self):
        dead, chat = self.chat("dead", behaviour={"never": True}), self.chat()
        self.config["notifiers"]["dead"]["webhook"]["timeout"] = "1s"
        self.watch({"file": self.path("missing.pem")})
        self.assertRun(self.scan(), CRITICAL, None, r"dead: ")
        self.assertEqual((len(dead.received), len(chat.received)), (1, 1))

    def test_not_verified_not_sent(self):
        """A receiver with a certificate that nobody trusts gets nothing."""
        leaf = self.pki.leaf("localhost", "IP:127.0.0.1")
        chat = self.chat(tls=(self.pki.chain(leaf), leaf.key))
        self.watch({"file": self.path("missing.pem")})
        self.assertRun(self.scan(), CRITICAL, None, r"chat: .*certificate")
        self.assertEqual(chat.received, [])

    def test_test_message(self):
        chat, refusing = self.chat(), self.chat(
            "other", behaviour={"status": 403, "body": "not you"})
        config = self.write_config()
        done = certvigil("notify", "--test", "--config", config, "chat")
        self.assertRun(done, OK, r"^chat \(json, http://127\.0\.0\.1:\d+\): "
                                 r"delivered")
        self.assertEqual(told(chat.received[0])[0][0], "test")
        self.assertEqual(chat.received[0].headers["webhook-signature"],
                         signature(chat.received[0]))
        done = certvigil("notify", "--test", "--config", config)
        self.assertRun(done, UNKNOWN, r"other \(.*\): .*403.*not you")
        self.assertEqual(len(refusing.received), 1)
        done = certvigil("notify", "--test", "--config", config, "nobody")
        self.assertRun(done, UNKNOWN, r"^$", r"nobody")


if __name__ == "__main__":
    support.main()
