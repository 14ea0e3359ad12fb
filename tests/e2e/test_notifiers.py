"""test_notifiers.py - webhooks and mail, as their receivers see them"""
import base64
import contextlib
import email
import email.policy
import hashlib
import hmac
import json
import os
import re
import sqlite3
import ssl
import stat
import subprocess
import time
import urllib.parse

import support
from support import (CERTVIGIL, OK, UNKNOWN, ClosedPort, ScanCase,
                     certvigil)
from receivers import SmtpReceiver, WebhookReceiver

KEYS = [b"a secret of thirty-two bytes ...", b"another, newer, of 24 by"]
SECRETS = ["whsec_" + base64.b64encode(k).decode() for k in KEYS]
TOKEN = "/hook/T0KEN-0123456789"
PASSWORD = "correct horse battery"


def signature(request, key):
    """What Standard Webhooks wants in webhook-signature."""
    h = request.headers
    signed = f"{h['webhook-id']}.{h['webhook-timestamp']}.".encode()
    mac = hmac.new(key, signed + request.body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode()


class Notify(ScanCase):
    """Receivers with a certificate of a private CA, and `notify --test`."""

    def setUp(self):
        super().setUp()
        leaf = self.pki.leaf("localhost", "IP:127.0.0.1")
        self.tls = (self.pki.chain(leaf), leaf.key)
        self.ca = self.pki.root.pem
        self.secrets = [TOKEN, PASSWORD, *SECRETS]

    def other_name(self):
        leaf = self.pki.leaf("other.example")
        return self.pki.chain(leaf), leaf.key

    def late(self):
        """The file of a certificate that soon ends."""
        return self.chain("late", "+1d", not_before="-80d")

    def secret_file(self, name, text):
        path = self.write(name, text.encode() + b"\n")
        os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)
        return path

    def webhook(self, behaviour=None, tls=True, name="chat", **settings):
        if tls is True:
            tls = self.tls
        receiver = self.own(WebhookReceiver(tls, behaviour))
        url = self.secret_file(name + ".url", receiver.url + TOKEN)
        if tls:
            settings.setdefault("ca", self.ca)
        self.notify(name, "webhook", url_file=url, **settings)
        return receiver

    def mail(self, tls=True, implicit=True, name="post", user=None,
             behaviour=None, password=PASSWORD, **settings):
        receiver = self.own(SmtpReceiver(
            self.tls if tls is True else tls, implicit, user,
            PASSWORD if user else None, behaviour))
        if user:
            settings["user"] = user
            settings["password_file"] = self.secret_file(
                name + ".password", password)
        settings = {"server": receiver.url, "from": "cv@example.com",
                    "to": ["ops@example.com"], "ca": self.ca, **settings}
        self.notify(name, "email", **settings)
        return receiver

    def tell(self, *args, **how):
        """Run notify --test; nothing secret may be told anywhere."""
        done = certvigil("notify", "--test", "--config", self.write_config(),
                         *args, **how)
        for secret in self.secrets:
            self.assertNotIn(secret, done.stdout + done.stderr)
        return done

    def assertTold(self, status, pattern, *args, **how):
        done = self.tell(*args, **how)
        self.assertRun(done, status, pattern, r"\A\Z")
        return done


class Command(Notify):
    def test_one_or_all(self):
        chat, post = self.webhook(), self.mail()
        self.assertTold(OK, r"\Achat \(json, https://127\.0\.0\.1:\d+\): "
                            r"delivered \(HTTP 204\)\n"
                            r"post \(mail, smtps://127\.0\.0\.1:\d+\): "
                            r"delivered \(250 2\.0\.0 Ok: .*\)\n\Z")
        self.assertTold(OK, r"\Apost \(.*\): delivered .*\n\Z", "post")
        self.assertEqual((len(chat.received), len(post.received)), (1, 2))

    def test_one_fails_all_are_tried(self):
        closed = self.own(ClosedPort())
        self.notify("a", "webhook", url=f"http://127.0.0.1:{closed.port}/x")
        os.chmod(self.write_config(), 0o600)
        chat = self.webhook()
        self.assertTold(
            UNKNOWN, r"\Aa \(.*\): failed: "
                     rf"http://127\.0\.0\.1:{closed.port}: "
                     r"Connection refused\nchat \(.*\): delivered .*\n\Z")
        self.assertEqual(len(chat.received), 1)

    def test_unknown_name(self):
        chat = self.webhook()
        self.assertRun(self.tell("cat"), UNKNOWN, r"\A\Z",
                       r'no notifier "cat"; there is chat\n')
        self.assertEqual(chat.connections, 0)

    def test_no_notifiers(self):
        self.assertRun(self.tell(), UNKNOWN, r"\A\Z", "names no notifiers")

    def test_usage(self):
        for args in ([], ["--test", "a", "b"], ["--nonsense"], ["chat"]):
            with self.subTest(args=args):
                self.assertRun(certvigil("notify", *args), UNKNOWN, r"\A\Z",
                               "usage: certvigil notify --test")
        self.assertRun(certvigil("notify", "--help"), OK, "--test", r"\A\Z")

    def test_impossible_settings(self):
        """Each is told with its place, and no secret with it."""
        self.notify("a", "webhook", url="ftp://example.com" + TOKEN)
        self.notify("b", "webhook", url="https://example.com" + TOKEN,
                    secret=PASSWORD)
        self.notify("c", "email", server="smtps://m", to="x", user="u",
                    **{"from": "a@b"})
        os.chmod(self.write_config(), 0o600)
        done = self.tell()
        self.assertRun(done, UNKNOWN, r"\A\Z")
        for want in ("url: want http", "secret: want", "user: want"):
            self.assertRegex(done.stderr, rf"config\.yaml:\d+:\d+: .*{want}")


class Webhook(Notify):
    def test_request(self):
        chat = self.webhook(secret_file=self.secret_file(
            "s", " ".join(SECRETS)))
        before = int(time.time())
        self.assertTold(OK, "delivered")
        request, = chat.received
        h = request.headers
        self.assertEqual((request.method, request.path), ("POST", TOKEN))
        self.assertEqual(h["content-type"], "application/json")
        self.assertRegex(h["user-agent"], r"\Acertvigil/\d+\.\d+\.\d+\Z")
        self.assertRegex(h["webhook-id"], r"\Amsg_[0-9a-f]{32}\Z")
        self.assertIn(int(h["webhook-timestamp"]),
                      range(before, int(time.time()) + 1))
        self.assertEqual(h["webhook-signature"],
                         " ".join(signature(request, k) for k in KEYS))
        body = json.loads(request.body)
        self.assertEqual(sorted(body), ["data", "timestamp", "type"])
        self.assertEqual(body["type"], "certvigil.digest")
        self.assertEqual(body["data"]["id"], h["webhook-id"])
        event, = body["data"]["events"]
        self.assertEqual(event["event"], "test")
        self.assertNotIn(b"\n", request.body)

    def test_unsigned_without_a_secret(self):
        chat = self.webhook()
        self.assertTold(OK, "delivered")
        self.assertNotIn("webhook-signature", chat.received[0].headers)

    def test_answers(self):
        for behaviour, want in [
                ({"status": 200, "body": "thanks"}, r"delivered \(HTTP 200\)"),
                ({"status": 202}, r"delivered \(HTTP 202\)"),
                ({"status": 503, "reason": "Service Unavailable",
                  "body": "try\r\n\tlater"},
                 r"failed: HTTP 503 Service Unavailable: try later\n"),
                ({"status": 500}, r"failed: HTTP 500\n"),
                ({"status": 429, "headers": {"Retry-After": "5"}},
                 r"failed: HTTP 429\n"),
                ({"status": 408}, r"failed: HTTP 408"),
                ({"status": 425}, r"failed: HTTP 425"),
                ({"status": 410, "reason": "Gone"}, r"refused: HTTP 410 Gone"),
                ({"status": 401}, r"refused: HTTP 401"),
                # An echo of what we sent shows no token.
                ({"status": 404, "body": f"no {TOKEN} here"},
                 r"refused: HTTP 404: nothing is at that url: no "
                 r"\*\*\* here\n"),
                ({"status": 500, "body": urllib.parse.quote(TOKEN, safe="")},
                 r"failed: HTTP 500: \*\*\*\n"),
                ({"status": 500, "body": TOKEN.replace("/", "\\/")},
                 r"failed: HTTP 500: \*\*\*\n"),
                ({"raw": "HTTP/1.1 103 Early Hints\r\n\r\n" * 4000},
                 r"failed: .*: want an answer, have 65536 bytes without one"),
                ({"status": 500, "body": "\x1b[2J\x07\u202e\x9b"},
                 r"failed: HTTP 500: \\x1b\[2J\\x07\\u\{202e\}"),
                ({"status": 500, "body": "x" * 1000}, r"x{200,230}\.\.\.\n"),
                ({"close": True}, r"failed: https://127\.0\.0\.1:\d+: "),
                ({"raw": "220 mail.example.com ESMTP\r\n"},
                 r"(failed|refused): https://127\.0\.0\.1:\d+: "),
                ({"never": True}, r"failed: .*: no answer within 500ms"),
                ({"dribble": 0.1}, r"failed: .*: no answer within 500ms")]:
            with self.subTest(behaviour=str(behaviour)[:60]):
                limit = "500ms" if "never" in behaviour or \
                    "dribble" in behaviour else "15s"
                self.config["notifiers"] = {}
                self.webhook(behaviour, timeout=limit)
                good = want.startswith("delivered")
                self.assertTold(OK if good else UNKNOWN,
                                r"chat \(.*\): .*" + want)

    def test_endless_answer(self):
        """It is read no further than it may be; the status was told."""
        for status, want in ((200, r"delivered \(HTTP 200\)"),
                             (500, "failed: HTTP 500: xxx")):
            with self.subTest(status=status):
                self.config["notifiers"] = {}
                self.webhook({"status": status, "endless": True, "headers": {
                    "Content-Length": 10**12}}, timeout="5m")
                done = self.assertTold(OK if status == 200 else UNKNOWN, want)
                self.assertLess(len(done.stdout), 400)

    def test_failed_then_ok(self):
        chat = self.webhook([{"status": 503}, {}])
        self.assertTold(UNKNOWN, "failed: HTTP 503")
        self.assertTold(OK, "delivered")
        self.assertEqual([r.status for r in chat.received], [503, 204])

    def test_redirect_is_not_followed(self):
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status=status):
                self.config["notifiers"] = {}
                other = self.own(WebhookReceiver())
                chat = self.webhook({"status": status, "headers": {
                    "Location": other.url + "/elsewhere?SECRET"}})
                done = self.assertTold(
                    UNKNOWN, rf"refused: HTTP {status}.*not followed \(to "
                             rf"{re.escape(other.url)}\)")
                self.assertNotIn("SECRET", done.stdout)
                self.assertEqual((len(chat.received), other.connections),
                                 (1, 0))

    def test_tls_is_verified(self):
        stranger = self.pki.make("stranger", cn="Stranger", ca=True)
        expired = self.pki.leaf("127.0.0.1", "IP:127.0.0.1",
                                not_before="-10d", not_after="-1d")
        for what, tls, ca in [
                ("another CA", self.tls, {"ca": stranger.pem}),
                ("only the system's CAs", self.tls, {"ca": None}),
                ("another name", self.other_name(), {}),
                ("expired", (self.pki.chain(expired), expired.key), {}),
                ("no such bundle", self.tls, {"ca": self.path("none.pem")})]:
            with self.subTest(what=what):
                self.config["notifiers"] = {}
                chat = self.webhook(tls=tls, **ca)
                if ca.get("ca", "") is None:
                    del self.config["notifiers"]["chat"]["webhook"]["ca"]
                self.assertTold(UNKNOWN, r"refused: https://127\.0\.0\.1:\d+")
                self.assertEqual(chat.received, [])

    def test_own_certificate(self):
        mine = self.pki.leaf("agent", eku="clientAuth")
        chat = self.webhook(certificate=self.pki.chain(mine), key=mine.key)
        chat.tls.load_verify_locations(self.ca)
        chat.tls.verify_mode = ssl.CERT_REQUIRED
        self.assertTold(OK, "delivered")
        del self.config["notifiers"]["chat"]["webhook"]["certificate"]
        del self.config["notifiers"]["chat"]["webhook"]["key"]
        self.assertTold(UNKNOWN, r"chat \(.*\): failed")
        self.assertEqual(len(chat.received), 1)

    def test_encrypted_key_asks_nobody(self):
        mine = self.pki.leaf("agent", eku="clientAuth")
        locked = self.path("locked.key")
        subprocess.run(["openssl", "pkey", "-aes-256-cbc", "-passout",
                        "pass:" + PASSWORD, "-in", mine.key, "-out", locked],
                       check=True)
        chat = self.webhook(certificate=mine.pem, key=locked)
        self.assertTold(UNKNOWN, "refused: ")
        self.config["notifiers"] = {}
        self.webhook(certificate=mine.pem, key=locked,
                     passphrase_file=self.secret_file("p", PASSWORD))
        self.assertTold(OK, "delivered")
        self.assertEqual(chat.received, [])

    def test_proxies(self):
        """The environment's counts unless one is configured, or none."""
        proxy = self.own(WebhookReceiver(behaviour={"status": 204}))
        chat = self.webhook(tls=None)
        env = {"http_proxy": proxy.url, "no_proxy": ""}
        self.assertTold(OK, "delivered", env=env)
        self.assertEqual((len(proxy.received), chat.connections), (1, 0))
        self.assertTrue(proxy.received[0].path.startswith("http://127."))
        for setting, environment, through in [
                ("none", env, 0), (proxy.url, {}, 1)]:
            with self.subTest(setting=setting):
                self.config["notifiers"]["chat"]["webhook"]["proxy"] = setting
                n = len(proxy.received)
                self.assertTold(OK, "delivered", env=environment)
                self.assertEqual(len(proxy.received), n + through)

    def test_bad_proxy(self):
        """libcurl's own words about it would quote the password."""
        chat = self.webhook(tls=None)
        for bad in ["foo://u:pw%d@127.0.0.1:1", "u:pw%d@127.0.0.1:1:2",
                    "http://u:pw%d@no-proxy.invalid"]:
            with self.subTest(proxy=bad):
                env = {"http_proxy": bad % 1234, "no_proxy": ""}
                done = self.assertTold(UNKNOWN, "no such proxy", env=env)
                self.assertNotIn("pw1234", done.stdout + done.stderr)
        self.assertEqual(chat.received, [])

    def test_retry_after(self):
        """The receiver's wish is kept in the outbox, up to a day."""
        for wish, least, most in [("1000", 995, 1005),
                                  ("99999999", 86395, 86405)]:
            with self.subTest(wish=wish), contextlib.suppress(
                    FileNotFoundError):
                os.remove(self.path("state.db"))
            self.config["targets"], self.config["notifiers"] = [], {}
            self.watch({"file": self.late()})
            self.webhook({"status": 429, "headers": {"Retry-After": wish}})
            before = time.time()
            self.scan()
            with contextlib.closing(
                    sqlite3.connect(self.path("state.db"))) as db:
                (next_at,), = db.execute("SELECT next_at FROM outbox")
            self.assertIn(round(next_at - before), range(least, most))


class Sendmail(Notify):
    def test_whoever_starts_us_waits_for_no_child(self):
        program = self.write("sendmail", b"#!/bin/sh\nexec cat >/dev/null\n")
        os.chmod(program, stat.S_IRWXU)
        self.notify("mail", "email", sendmail=program,
                    **{"from": "cv@example.com", "to": ["ops@example.com"]})
        done = support.run(
            "env", "--ignore-signal=CHLD", CERTVIGIL, "notify", "--test",
            "--config", self.write_config())
        self.assertRun(done, OK, r"\Amail \(.*\): delivered \(.*: taken\)\n")


class Mail(Notify):
    def message(self, mail):
        return email.message_from_bytes(mail.data,
                                        policy=email.policy.default)

    def part(self, message, kind):
        """The text of one alternative, with the line ends of files."""
        content = message.get_body((kind,)).get_content()
        self.assertNotRegex(content, r"\r(?!\n)|(?<!\r)\n")
        return content.replace("\r\n", "\n")

    def test_message(self):
        post = self.mail(**{"from": "Cert Vigil <cv@example.com>"}, to=[
            "ops@example.com", "Gr\u00f6\u00dfe, GmbH <b@example.com>"])
        self.assertTold(OK, r"post \(.*\): delivered \(250 2\.0\.0 Ok: "
                            r"queued as 0001\)")
        mail, = post.received
        self.assertTrue(mail.tls)
        self.assertEqual(mail.sender, "cv@example.com")
        self.assertEqual(mail.recipients, ["ops@example.com", "b@example.com"])
        m = self.message(mail)
        self.assertEqual([p.get_content_type() for p in m.walk()],
                         ["multipart/alternative", "text/plain", "text/html"])
        self.assertEqual(m.defects, [])
        self.assertEqual(m["From"], "Cert Vigil <cv@example.com>")
        self.assertEqual([a.display_name for a in m["To"].addresses],
                         ["", "Gr\u00f6\u00dfe, GmbH"])
        self.assertRegex(m["Subject"], r"\A\[certvigil\] TEST: certvigil on ")
        self.assertRegex(m["Message-ID"], r"\A<msg_\w+@example\.com>\Z")
        self.assertLess(abs(m["Date"].datetime.timestamp() - time.time()), 60)
        self.assertEqual(m["Auto-Submitted"], "auto-generated")
        for part in ("plain", "html"):
            self.assertIn("this is a test message",
                          self.part(m, part))

    def test_hostile_text(self):
        """A certificate that tries to write a header, a line, a tag."""
        evil = "x\r\nBcc: evil@example.net\r\n\r\n.\r\n<script>\u202e\u00fc"
        ca = self.pki.make("evil", self.pki.root, cn=evil, ca=True)
        leaf = self.pki.leaf("a.example", issuer=ca)
        self.watch({"file": leaf.pem})
        post = self.mail()
        self.scan()
        mail, = post.received
        self.assertEqual(mail.recipients, ["ops@example.com"])
        m = self.message(mail)
        self.assertEqual(sorted(m.keys()), [
            "Auto-Submitted", "Content-Type", "Date", "From",
            "In-Reply-To", "List-Id", "MIME-Version", "Message-ID",
            "References", "Subject", "To",
            "X-Auto-Response-Suppress"])
        self.assertIn("\\x0d\\x0aBcc: evil@example.net", m["Subject"])
        self.assertIn("\u00fc", m["Subject"])
        text, html = self.part(m, "plain"), self.part(m, "html")
        self.assertRegex(text, r"\\x0d\\x0aBcc:\s+evil@example\.net")
        self.assertNotRegex(text, "(?m)^Bcc|\u202e")
        self.assertNotIn("<script", html)
        self.assertNotIn("\u202e", html)

    def test_many_lines_survive_the_wire(self):
        """Text and HTML arrive as they were made: no stray = or blank."""
        self.watch({"file": self.late()})
        post = self.mail()
        self.scan()
        m = self.message(post.received[0])
        text = self.part(m, "plain")
        self.assertRegex(text, r"\A1 critical")
        self.assertRegex(text, r"(?m)^    finding: expiry\.soon$")
        self.assertTrue(all(len(line) <= 78 or " " not in line.strip()
                            for line in text.splitlines()), text)
        self.assertRegex(self.part(m, "html"), r"</html>\n*\Z")

    def test_starttls(self):
        post = self.mail(implicit=False, user="certvigil")
        self.assertTold(OK, "delivered")
        self.assertTrue(post.received[0].tls)
        self.assertEqual(post.verbs[:4], ["EHLO", "STARTTLS", "EHLO", "AUTH"])

    def test_starttls_not_offered(self):
        post = self.mail(implicit=False, user="certvigil",
                         behaviour={"starttls": False})
        self.assertTold(UNKNOWN, "refused: .*STARTTLS is required")
        self.assertEqual(post.received, [])
        self.assertFalse({"AUTH", "MAIL"} & set(post.verbs))

    def test_starttls_if_offered(self):
        for offered in (True, False):
            with self.subTest(offered=offered):
                self.config["notifiers"] = {}
                post = self.mail(implicit=False, starttls="if-offered",
                                 behaviour={"starttls": offered})
                self.assertTold(OK, "delivered")
                self.assertEqual(post.received[0].tls, offered)

    def test_starttls_off(self):
        post = self.mail(implicit=False, starttls="off")
        self.assertTold(OK, "delivered")
        self.assertNotIn("STARTTLS", post.verbs)

    def test_tls_is_verified(self):
        stranger = self.pki.make("stranger", cn="Stranger", ca=True)
        for implicit in (True, False):
            for tls, ca in ((self.tls, stranger.pem),
                            (self.other_name(), self.ca)):
                with self.subTest(implicit=implicit, ca=ca):
                    self.config["notifiers"] = {}
                    post = self.mail(tls, implicit, ca=ca, user="certvigil")
                    self.assertTold(UNKNOWN,
                                    r"post \(.*\): refused: smtps?://127")
                    self.assertFalse({"AUTH", "MAIL"} & set(post.verbs))

    def test_login(self):
        post = self.mail(user="certvigil")
        self.assertTold(OK, "delivered")
        self.assertEqual(post.received[0].user, "certvigil")

    def test_wrong_password(self):
        self.secrets.append("another password")
        post = self.mail(user="certvigil", password="another password")
        self.assertTold(UNKNOWN, "refused: .*: 535 5.7.8 credentials")
        self.assertNotIn("MAIL", post.verbs)

    def test_password_is_not_echoed(self):
        self.mail(user="certvigil", behaviour={
            "replies": {"AUTH": f"535 not {PASSWORD}!"}})
        self.assertTold(UNKNOWN, r"refused: .*: 535 not \*\*\*!")

    def test_password_in_the_clear(self):
        for starttls in ("off", "if-offered"):
            self.config["notifiers"] = {}
            self.mail(implicit=False, starttls=starttls, user="certvigil",
                      server="smtp://mail.example.com")
            done = self.tell()
            self.assertRun(done, UNKNOWN, r"\A\Z", "password: want smtps://")

    def test_one_recipient_is_refused(self):
        post = self.mail(to=["a@example.com", "b@example.com"], behaviour={
            "refuse": {"a@example.com": "550 5.1.1 no such user"}})
        self.assertTold(OK, r"delivered \(not to a@example\.com \(550 5\.1\.1 "
                            r"no such user\); the others: 250 ")
        self.assertEqual(post.received[0].recipients, ["b@example.com"])

    def test_all_recipients_are_refused(self):
        post = self.mail(behaviour={"refuse": {
            "ops@example.com": "550 5.1.1 no such user"}})
        self.assertTold(UNKNOWN, r"refused: .*ops@example\.com \(550 5\.1\.1")
        self.assertEqual(post.received, [])

    def test_replies(self):
        for stage in ("GREETING", "MAIL", "DATA", "BODY"):
            for reply, want in (
                    ("451 4.3.0 \x1b[1m later",
                     r"failed: .*: 451 4\.3\.0 \\x1b"),
                    ("554-5.7.1 no\r\n554 5.7.1 never",
                     r"refused: .*: 554 5\.7\.1 no 5\.7\.1 never")):
                with self.subTest(stage=stage, reply=reply):
                    self.config["notifiers"] = {}
                    post = self.mail(behaviour={"replies": {stage: reply}})
                    self.assertTold(UNKNOWN, r"post \(.*\): " + want)
                    self.assertEqual(post.received, [])

    def test_silence(self):
        for stage in ("GREETING", "EHLO", "RCPT", "BODY"):
            with self.subTest(stage=stage):
                self.config["notifiers"] = {}
                self.mail(behaviour={"silent": stage}, timeout="300ms")
                self.assertTold(UNKNOWN, "failed: .*no answer within 300ms")

    def test_closed(self):
        for stage in ("GREETING", "EHLO", "RCPT", "BODY"):
            with self.subTest(stage=stage):
                self.config["notifiers"] = {}
                self.mail(behaviour={"close": stage})
                self.assertTold(UNKNOWN, r"post \(.*\): failed: smtps://127")

    def test_no_good_bye(self):
        """The mail is theirs; who never says good-bye is not waited for."""
        self.mail(behaviour={"silent": "QUIT"})
        began = time.monotonic()
        self.assertTold(OK, "delivered")
        self.assertLess(time.monotonic() - began, 10)

    def test_hello(self):
        post = self.mail(hello="agent.example.com")
        self.assertTold(OK, "delivered")
        self.assertEqual(post.received[0].hello, "agent.example.com")


if __name__ == "__main__":
    support.main()
