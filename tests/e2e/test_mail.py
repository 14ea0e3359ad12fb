"""test_mail.py - mail through a real Postfix, read back from its mailboxes"""
import email
import email.policy
import os
import re
import stat

import support
from support import OK, UNKNOWN, ScanCase, certvigil
from servers.postoffice import PASSWORD, USER, Doorkeeper, PostOffice


class Mail(ScanCase):
    """One Postfix for each test, and Dovecot where it logs in."""

    def setUp(self):
        PostOffice.require()
        Doorkeeper.require()
        super().setUp()
        self.served = self.pki.leaf("localhost", "IP:127.0.0.1")
        self.office = self.own(PostOffice(self.folder, self.served,
                                          self.pki.root.pem))

    def guard(self, mechanisms="plain login"):
        self.own(Doorkeeper(self.office, self.served, mechanisms))

    def post(self, listener="smtps", login=True, password=PASSWORD,
             **settings):
        scheme = "smtp" if listener in ("submission", "plain") else "smtps"
        settings = {
            "server": f"{scheme}://127.0.0.1:{self.office.ports[listener]}",
            "ca": self.pki.root.pem, "from": "Cert Vigil <cv@example.com>",
            "to": ["ops@example.com"], **settings}
        if login:
            path = self.write("password", password.encode())
            os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)
            settings.update(user=USER, password_file=path)
        self.config["notifiers"] = {"post": {"email": settings}}

    def tell(self, status, pattern):
        done = certvigil("notify", "--test", "--config", self.write_config())
        self.assertRun(done, status, pattern, r"\A\Z")
        self.assertNotIn(PASSWORD, done.stdout)
        return done

    def refused(self, pattern):
        """It does not work, and nobody has mail."""
        self.tell(UNKNOWN, pattern)
        for box in self.office.names:
            self.assertEqual(self.office.files(box), [])

    def look(self, at=None):
        return self.scan(*(["--at", at] if at else []))

    def assertGood(self, raw):
        """What the standards ask of the lines and of the structure."""
        body = raw.replace(b"\r\n", b"\n")
        self.assertLess(max(map(len, body.split(b"\n"))), 999)
        self.assertIsNone(re.search(rb"[^\x20-\x7e\t\n]", body))
        m = email.message_from_bytes(raw, policy=email.policy.strict)
        for part in m.walk():
            self.assertEqual(part.defects, [])
        self.assertEqual([p.get_content_type() for p in m.walk()],
                         ["multipart/alternative", "text/plain", "text/html"])
        for field in ("From", "To", "Subject", "Date", "Message-ID",
                      "List-Id", "Auto-Submitted", "MIME-Version"):
            self.assertEqual(len(m.get_all(field, [])), 1, field)
            self.assertEqual(m[field].defects, ())
        return m


class Sent(Mail):
    def test_starttls_and_login(self):
        for mechanism in ("plain", "login"):
            with self.subTest(mechanism=mechanism):
                door = Doorkeeper(self.office, self.served, mechanism)
                try:
                    self.post("submission")
                    self.tell(OK, r"\Apost\b.*: delivered \(250 2\.0\.0 Ok: "
                                  r"queued as \w+\)\n\Z")
                finally:
                    door.stop()
        m = self.assertGood(self.office.read("ops", 2)[-1])
        self.assertEqual(m["From"], "Cert Vigil <cv@example.com>")
        self.assertEqual(m["To"], "ops@example.com")
        self.assertEqual(m["Return-Path"], "<cv@example.com>")
        self.assertRegex(m["Subject"], r"\A\[certvigil\] TEST: certvigil on ")
        self.assertRegex(m["Message-ID"],
                         r"\A<msg_[0-9a-f]{32}@example\.com>\Z")
        self.assertEqual(m["Auto-Submitted"], "auto-generated")
        self.assertEqual(m["List-Id"], "certvigil <certvigil.example.com>")
        self.assertIn("(using TLSv1.3", m["Received"])
        self.assertIn("ESMTPSA", m["Received"])
        self.assertIsNone(m["In-Reply-To"])
        for kind in ("plain", "html"):
            self.assertIn("this is a test message",
                          m.get_body((kind,)).get_content())

    def test_smtps(self):
        self.guard()
        self.post("smtps")
        self.tell(OK, "delivered")
        self.assertGood(self.office.read("ops")[0])

    def test_wrong_password(self):
        self.guard()
        for listener in ("submission", "smtps"):
            with self.subTest(listener=listener):
                self.post(listener, password="not the right one")
                self.refused("post.*: refused: smtps?://127.0.0.1:[0-9]+: "
                             "535 5.7.8 Error: authentication failed")

    def test_no_login(self):
        self.guard()
        self.post("smtps", login=False)
        self.refused("refused: .*554 5.7.1")

    def test_no_starttls(self):
        """A server without it is told nothing, unless that is asked for."""
        self.post("plain", login=False)
        self.refused("refused: .*STARTTLS is required")
        for starttls in ("if-offered", "off"):
            self.post("plain", login=False, starttls=starttls)
            self.tell(OK, "delivered")
        self.assertEqual(len(self.office.read("ops", 2)), 2)

    def test_another_ca(self):
        stranger = self.pki.make("stranger", cn="Stranger", ca=True)
        for listener in ("submission", "smtps"):
            self.post(listener, ca=stranger.pem)
            self.refused("refused: .*certificate")

    def test_client_certificate(self):
        mine = self.pki.leaf("agent", eku="clientAuth")
        self.post("certificate", login=False,
                  certificate=self.pki.chain(mine), key=mine.key)
        self.tell(OK, "delivered")
        self.office.read("ops")
        self.post("certificate", login=False)
        self.tell(UNKNOWN, "(failed|refused): smtps://")
        self.assertEqual(len(self.office.files("ops")), 1)

    def test_sendmail(self):
        self.config["notifiers"] = {"post": {"email": {
            "sendmail": self.office.sendmail, "from": "cv@example.com",
            "to": ["Ops <ops@example.com>", "night@example.com"]}}}
        self.tell(OK, r"\Apost\b.*: delivered \(/.*/sendmail: taken\)\n\Z")
        for box in ("ops", "night"):
            m = self.assertGood(self.office.read(box)[0])
            self.assertEqual(m["To"],
                             "Ops <ops@example.com>, night@example.com")
            self.assertEqual(m["Return-Path"], "<cv@example.com>")

    def test_sendmail_of_a_broken_postfix(self):
        os.remove(self.office.path("conf/main.cf"))
        self.config["notifiers"] = {"post": {"email": {
            "sendmail": self.office.sendmail, "from": "cv@example.com",
            "to": "ops@example.com"}}}
        self.refused(r"failed: .*sendmail: .* \(exit status 7\d\): .*main\.cf")

    def test_settings(self):
        for settings, want in [
                ({}, "server: want it, or `sendmail`"),
                ({"sendmail": "/bin/true", "server": "smtps://m"},
                 "server: want none beside `sendmail`"),
                ({"sendmail": "/bin/true", "ca": "/x"},
                 "ca: want none beside `sendmail`")]:
            self.config["notifiers"] = {"post": {"email": {
                "from": "a@b", "to": "c@d", **settings}}}
            done = certvigil("config", "check", "--config",
                             self.write_config())
            self.assertRun(done, UNKNOWN, None,
                           rf"config\.yaml:\d+:\d+: .*{re.escape(want)}")


class Recipients(Mail):
    def test_unknown_beside_a_good_one(self):
        self.post("plain", login=False, starttls="off",
                  to=["nobody-here@example.com", "ops@example.com"])
        self.tell(OK, r"delivered \(not to nobody-here@example\.com \(550 "
                      r"5\.1\.1 .*User unknown.*\); the others: 250 2\.0\.0")
        self.office.read("ops")

    def test_greylisted_beside_a_good_one(self):
        self.post("plain", login=False, starttls="off",
                  to=["ops@example.com", "later@example.com"])
        self.tell(OK, r"delivered \(not to later@example\.com \(450 4\.2\.0")
        self.office.read("ops")

    def test_nobody(self):
        """Refused for good only if nobody may be accepted later."""
        for to, want in [
                (["a@example.com", "b@example.com"], "refused"),
                (["a@elsewhere.example"], "refused"),
                (["later@example.com"], "failed"),
                (["later@example.com", "a@example.com"], "failed")]:
            with self.subTest(to=to):
                self.post("plain", login=False, starttls="off", to=to)
                self.refused(f"post.*: {want}: no recipient is accepted: "
                             + re.escape(to[0]))


class Told(Mail):
    """What a scan has to tell, as mails."""

    def setUp(self):
        super().setUp()
        self.post("plain", login=False, starttls="off")
        self.config["alerts"].update(steps=["30d", "14d", "7d"])

    def leaf(self, name, days):
        leaf = self.pki.leaf(name, not_after=f"+{days}d", not_before="-80d")
        self.watch({"file": self.pki.chain(leaf), "name": name})

    def test_thread(self):
        """Opened, worse, and over: one thread; another incident: another."""
        self.leaf("a.example", 20)
        self.look()
        self.look("+10d")
        self.pki.chain(self.pki.leaf("a.example", not_after="+300d",
                                     not_before="-1d"))
        self.look("+11d")
        mails = [self.assertGood(raw) for raw in self.office.read("ops", 3)]
        subjects = [m["Subject"] for m in mails]
        self.assertRegex(subjects[0], r"WARNING: a\.example")
        self.assertRegex(subjects[1], r"CRITICAL: a\.example")
        self.assertRegex(subjects[2], r"RESOLVED: a\.example")
        roots = {m["References"] for m in mails}
        self.assertEqual(len(roots), 1, roots)
        self.assertEqual({m["In-Reply-To"] for m in mails}, roots)
        self.assertRegex(roots.pop(), r"\A<thread_[0-9a-f]{32}@example\.com>")
        self.assertEqual(len({m["Message-ID"] for m in mails}), 3)

        self.leaf("b.example", 20)
        self.look()
        other = self.assertGood(self.office.read("ops", 4)[3])
        self.assertRegex(other["Subject"], r"WARNING: b\.example")
        self.assertNotEqual(other["References"], mails[0]["References"])

    def test_incidents_of_one_mail_do_not_merge(self):
        self.leaf("a.example", 5)
        self.leaf("b.example", 20)
        self.look()
        mail, = (self.assertGood(r) for r in self.office.read("ops"))
        self.assertEqual(mail["References"].count("<"), 1)
        self.assertRegex(mail["Subject"], r"a\.example.*\(\+\d+ more\)")

    def test_date_is_the_scan(self):
        self.leaf("a.example", 20)
        self.look("2030-01-02T03:04:05Z")
        mail, = (self.assertGood(r) for r in self.office.read("ops"))
        self.assertEqual(mail["Date"], "Wed, 02 Jan 2030 03:04:05 +0000")

    def test_hostile(self):
        evil = "\u00fc\r\nBcc: evil@example.net\r\n\r\n.\r\n<script>\u202e" \
            + "\U0001f525" * 10
        ca = self.pki.make("evil", self.pki.root, cn=evil, ca=True)
        leaf = self.pki.leaf("a.example", issuer=ca, not_after="+5d")
        self.watch({"file": leaf.pem})
        self.look()
        raw, = self.office.read("ops")
        m = self.assertGood(raw)
        self.assertIsNone(m["Bcc"])
        self.assertEqual(m["To"], "ops@example.com")
        html = m.get_body(("html",)).get_content()
        self.assertNotIn("<script", html)
        self.assertNotIn("\u202e", html)
        self.assertIn("Bcc: evil@example.net",
                      re.sub(r"\s+", " ",
                             m.get_body(("plain",)).get_content()))

    def test_many(self):
        """300 incidents are one mail that a person can read."""
        leaf = self.pki.leaf("x.example", not_after="+5d", not_before="-80d")
        with open(self.pki.chain(leaf), "rb") as f:
            pem = f.read()
        os.mkdir(self.path("many"))
        for i in range(300):
            self.write(f"many/{i:03}.pem", pem)
        self.watch({"file": self.path("many")})
        self.look()
        raw, = self.office.read("ops")
        m = self.assertGood(raw)
        self.assertLess(len(raw), 300000)
        text = m.get_body(("plain",)).get_content()
        self.assertRegex(m["Subject"], r"\(\+\d{3} more\)\Z")
        self.assertRegex(text, r"\n\.\.\. and \d+ more; `certvigil status`")
        self.assertLess(max(map(len, text.splitlines())), 200)


if __name__ == "__main__":
    support.main()
