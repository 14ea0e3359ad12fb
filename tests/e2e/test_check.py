"""test_check.py - the plugin against a real nginx, files, and bad peers"""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import support
from support import (CRITICAL, DAY, OK, UNKNOWN, WARNING, Case, ClosedPort,
                     Host, Nginx, Pki, PlainServer, SilentServer, certvigil)

BEGIN, END = "2026-11-01T00:00:00Z", "2027-01-30T00:00:00Z"
LIFETIME = 90 * DAY
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Endpoints(Case):
    """Virtual hosts of one nginx, judged at chosen moments."""

    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.mkdtemp(prefix="certvigil-")
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.pki = pki = Pki(cls.shared)
        dates = {"not_before": BEGIN, "not_after": END}
        cls.www = pki.leaf("www.example.com", "www.example.com", "example.com",
                           **dates)
        gap = pki.leaf("gap.example.com", **dates)
        wild = pki.leaf("*.example.org", **dates)
        cls.nginx = Nginx(cls.shared, [
            Host("www.example.com", pki.chain(cls.www), cls.www.key),
            Host("gap.example.com", gap.pem, gap.key),
            Host("*.example.org", pki.chain(wild), wild.key),
        ])
        cls.addClassCleanup(cls.nginx.stop)

    def check(self, *args, sni="www.example.com", at="2026-11-20", **how):
        """As an operator types it; a later option replaces an earlier one."""
        return certvigil("check", "-H", "127.0.0.1", "-p", self.nginx.port,
                         "--sni", sni, "--trust", self.pki.root.pem,
                         "-w", "30", "-c", "14", "--at", at, *args, **how)

    def document(self, *args, **how):
        """The JSON document of a check, and its exit status."""
        done = self.check("--output", "json", *args, **how)
        self.assertEqual(done.stderr, "")
        return json.loads(done.stdout), done.status

    def findings(self, *args, **how):
        document, _ = self.document(*args, **how)
        return {f["id"]: f["severity"]
                for t in document["targets"] for f in t["findings"]}

    def test_line(self):
        rows = [
            ("2026-11-20T00:00:00Z", 71, OK, "OK - {}: expires in 71 days"),
            ("2026-12-31T00:00:00Z", 30, OK, "OK - {}: expires in 30 days"),
            ("2026-12-31T00:00:01Z", 30 - 1 / DAY, WARNING,
             "WARNING - {}: expires in 29 days"),
            ("2027-01-16T00:00:00Z", 14, WARNING,
             "WARNING - {}: expires in 14 days"),
            ("2027-01-18T00:00:00Z", 12, CRITICAL,
             "CRITICAL - {}: expires in 12 days"),
        ]
        for at, days, status, text in rows:
            with self.subTest(at=at):
                done = self.check(at=at)
                self.assertRun(done, status)
                self.assertEqual(done.stderr, "")
                self.assertRegex(
                    done.stdout, "^" + re.escape(
                        "CERTVIGIL " + text.format("www.example.com") +
                        " (2027-01-30) | 'www.example.com'="
                        f"{round(days * DAY)}s;2592000:;1209600:;0;{LIFETIME}"
                    ) + r" 'time'=\d\.\d{3}s;;;0;10\n\Z")

    def test_at_the_end(self):
        self.assertNotIn("expiry.expired", self.findings(at=END))
        self.assertIn("expiry.expired",
                      self.findings(at="2027-01-30T00:00:01Z"))

    def test_expired_keeps_its_dates(self):
        done = self.check(at="2027-02-01T00:00:00Z")
        self.assertRun(done, CRITICAL, r"^CERTVIGIL CRITICAL - "
                       r"www\.example\.com: expired 2 days ago")
        self.assertRegex(done.stdout, r"'www\.example\.com'=-172800s;")

    def test_not_yet_valid(self):
        self.assertIn("expiry.not-yet-valid",
                      self.findings(at="2026-10-31T23:59:59Z"))
        self.assertNotIn("expiry.not-yet-valid", self.findings(at=BEGIN))

    def test_thresholds(self):
        rows = [
            (["-w", "72", "-c", "14"], WARNING),
            (["-w", "72", "-c", "72"], CRITICAL),
            (["-w", "1h", "-c", "1h"], OK),
            (["-w", "80%", "-c", "1%"], WARNING),
            (["-w", "min(30d,80%)", "-c", "1d"], OK),
        ]
        for options, status in rows:
            with self.subTest(options=options):
                self.assertRun(self.check(*options), status)

    def test_without_thresholds(self):
        """A third of 90 days, and 14 days, are the defaults."""
        for at, status in [("2026-12-31", OK), ("2027-01-02", WARNING),
                           ("2027-01-17", CRITICAL)]:
            with self.subTest(at=at):
                self.assertRun(certvigil(
                    "check", "--sni", "www.example.com", "--trust",
                    self.pki.root.pem, "--at", at,
                    f"127.0.0.1:{self.nginx.port}"), status)

    def test_findings(self):
        rows = [
            ({"sni": "www.example.com"}, set()),
            ({"sni": "gap.example.com"}, {"chain.incomplete"}),
            ({"sni": "other.example.com"}, {"name.mismatch"}),
            ({"sni": "shop.example.org"}, {"name.apex"}),
        ]
        for how, want in rows:
            with self.subTest(**how):
                told = {i for i, severity in self.findings(**how).items()
                        if severity != "ok"}
                self.assertEqual(told, want)

    def test_untrusted(self):
        stranger = Pki(self.folder, "Other")
        self.assertIn("chain.untrusted",
                      self.findings("--trust", stranger.root.pem))
        # An intermediate that the operator trusts is an anchor.
        self.assertNotIn("chain.untrusted", self.findings(
            "--trust", self.pki.intermediate.pem))

    def test_names(self):
        self.assertRun(self.check("--name", "www.example.com"), OK)
        self.assertEqual(self.findings("--name", "shop.example.com")
                         .get("name.missing"), "critical")

    def test_overrides(self):
        rows = [
            ("critical", CRITICAL), ("warning", WARNING), ("ok", OK),
            ("off", OK),
        ]
        for severity, status in rows:
            with self.subTest(severity=severity):
                option = f"--finding=name.mismatch={severity}"
                self.assertRun(self.check(option, sni="other.example.com"),
                               status)
        self.assertNotIn("name.mismatch", self.findings(
            "--finding", "name.mismatch=off", sni="other.example.com"))

    def test_json(self):
        document, status = self.document(at="2027-01-10T00:00:00Z")
        self.assertEqual(status, WARNING)
        self.assertEqual(document["version"], 1)
        self.assertRegex(document["program"], r"^certvigil \d+\.\d+\.\d+$")
        self.assertEqual(document["time"], "2027-01-10T00:00:00Z")
        self.assertEqual(document["status"], "warning")
        self.assertEqual(document["summary"], {
            "ok": 0, "warning": 1, "critical": 0, "unknown": 0})

        target, = document["targets"]
        self.assertEqual(target["name"], "www.example.com")
        self.assertEqual(target["kind"], "endpoint")
        self.assertEqual(target["address"],
                         f"https://127.0.0.1:{self.nginx.port}")
        self.assertEqual(target["status"], "warning")
        self.assertRegex(target["observed_at"], MOMENT)
        self.assertIsInstance(target["duration_ms"], int)

        leaf, issuer = target["certificates"]
        self.assertEqual(leaf["position"], 0)
        self.assertEqual(leaf["subject"], "CN=www.example.com")
        self.assertEqual(leaf["issuer"], issuer["subject"])
        self.assertEqual(leaf["names"], ["www.example.com", "example.com"])
        self.assertEqual(leaf["not_before"], BEGIN)
        self.assertEqual(leaf["not_after"], END)
        self.assertEqual(leaf["seconds_left"], 20 * DAY)
        self.assertEqual(leaf["lifetime"], LIFETIME)
        self.assertRegex(leaf["serial"], r"^[0-9a-f]+$")
        self.assertRegex(leaf["sha256"], r"^[0-9a-f]{64}$")
        self.assertEqual(leaf["key"], {"type": "EC", "bits": 256})
        self.assertEqual(leaf["signature"], "ecdsa-with-SHA256")
        self.assertEqual(issuer["position"], 1)

        handshake = target["handshake"]
        self.assertEqual(handshake["peer"], f"127.0.0.1:{self.nginx.port}")
        self.assertEqual(handshake["protocol"], "TLSv1.3")
        self.assertTrue(handshake["cipher"])

        soon, = [f for f in target["findings"] if f["id"] == "expiry.soon"]
        self.assertEqual(soon["severity"], "warning")
        self.assertEqual(soon["subject"], leaf["sha256"])
        self.assertEqual(soon["details"]["days_left"], 20)
        self.assertTrue(soon["message"] and soon["hint"])

    def test_several_targets(self):
        """One bad target spoils no other, and the worst one counts."""
        missing = self.path("missing.pem")
        document, status = self.document(
            missing, self.www.pem, self.pki.intermediate.pem)
        self.assertEqual(status, CRITICAL)
        told = {t["name"]: t["status"] for t in document["targets"]}
        self.assertEqual(len(told), 4)
        endpoint = f"127.0.0.1:{self.nginx.port}"
        self.assertEqual(told[endpoint], "ok")
        self.assertEqual(told[missing], "critical")

        done = self.check("-H", "localhost", "--address", "127.0.0.1")
        self.assertIn("2 targets", done.stdout)

        done = self.check(missing)
        self.assertRun(done, CRITICAL, rf"^CERTVIGIL CRITICAL - .*"
                       rf"{re.escape(missing)}")
        self.assertEqual(done.stdout.count("\n"), 1)
        self.assertIn(f"'{endpoint}'=", done.stdout)

    def test_verbose(self):
        plain = self.check(sni="gap.example.com").stdout
        verbose = self.check("-v", sni="gap.example.com").stdout
        self.assertEqual(plain.count("\n"), 1)
        self.assertGreater(verbose.count("\n"), 1)
        self.assertIn("chain.incomplete", verbose)

    def test_table(self):
        done = self.check("--output", "table")
        self.assertRun(done, OK, r"www\.example\.com")
        self.assertNotIn("\x1b", done.stdout)

    def test_bad_peers(self):
        closed, silent, plain = (self.own(peer()) for peer in
                                 (ClosedPort, SilentServer, PlainServer))
        rows = [
            (closed.port, "endpoint.unreachable"),
            (silent.port, "endpoint.timeout"),
            (plain.port, "endpoint.not-tls"),
        ]
        for port, finding in rows:
            with self.subTest(finding=finding):
                began = time.monotonic()
                done = certvigil("check", "-t", "1", "--output", "json",
                                 f"127.0.0.1:{port}")
                took = time.monotonic() - began
                self.assertRun(done, CRITICAL)
                target, = json.loads(done.stdout)["targets"]
                self.assertEqual([f["id"] for f in target["findings"]],
                                 [finding])
                self.assertEqual(target["certificates"], [])
                self.assertLess(took, 5)

    def test_bad_peer_line(self):
        closed = self.own(ClosedPort())
        done = certvigil("check", f"127.0.0.1:{closed.port}")
        self.assertRun(done, CRITICAL, r"^CERTVIGIL CRITICAL - 127\.0\.0\.1:"
                       rf"{closed.port}: .*refused.*\n$")

    def test_limits_hold_for_each_target(self):
        """Five silent ones take as long as one."""
        silent = [self.own(SilentServer()) for _ in range(5)]
        began = time.monotonic()
        done = certvigil("check", "-t", "1",
                         *(f"127.0.0.1:{s.port}" for s in silent))
        self.assertRun(done, CRITICAL)
        self.assertLess(time.monotonic() - began, 5)


class Ipv6(Case):
    @unittest.skipUnless(support.have_ipv6(), "no ::1 on this machine")
    def test_literal(self):
        pki = Pki(self.folder)
        leaf = pki.leaf("six.example", "IP:::1")
        nginx = self.own(Nginx(self.folder, [
            Host("six.example", pki.chain(leaf), leaf.key)], address="::1"))
        for args in ([f"[::1]:{nginx.port}"],
                     ["-6", "-H", "::1", "-p", nginx.port]):
            with self.subTest(args=args):
                done = certvigil("check", "--trust", pki.root.pem,
                                 "--output", "json", *args)
                self.assertRun(done, OK)
                target, = json.loads(done.stdout)["targets"]
                self.assertEqual(target["handshake"]["peer"],
                                 f"[::1]:{nginx.port}")
        done = certvigil("check", "-4", f"[::1]:{nginx.port}")
        self.assertRun(done, CRITICAL)


class Files(Case):
    def setUp(self):
        super().setUp()
        self.pki = Pki(self.folder)
        self.leaf = self.pki.leaf("shop.example.com", not_after="+60d")

    def check(self, *args):
        return certvigil("check", "--trust", self.pki.root.pem, "--output",
                         "json", *args)

    def write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data)
        return self.path(name)

    def read(self, path):
        with open(path, "rb") as f:
            return f.read()

    def test_chain_file(self):
        done = self.check(self.pki.chain(self.leaf))
        self.assertRun(done, OK)
        target, = json.loads(done.stdout)["targets"]
        self.assertEqual(target["kind"], "file")
        self.assertEqual(len(target["certificates"]), 2)

    def test_intermediates(self):
        rows = [
            (self.pki.intermediate.pem, OK, []),
            (self.pki.root.pem, CRITICAL, ["chain.incomplete"]),
            (self.write("notes.txt", b"hello\n"), UNKNOWN, ["agent.failed"]),
            (self.folder, UNKNOWN, ["agent.failed"]),
        ]
        for path, status, findings in rows:
            with self.subTest(path=path):
                done = self.check(self.leaf.pem, "--intermediates", path)
                self.assertRun(done, status)
                target, = json.loads(done.stdout)["targets"]
                self.assertEqual(
                    [f["id"] for f in target["findings"]
                     if f["severity"] != "ok"], findings)
        # What cannot be read of it is told as a fault of that file.
        pem = self.read(self.pki.intermediate.pem)
        path = self.write("half.pem", pem + pem[:len(pem) // 2])
        done = self.check(self.leaf.pem, "--intermediates", path)
        self.assertRun(done, CRITICAL)
        self.assertIn(f"{path}: ", done.stdout)

    def test_bad_files(self):
        pem = self.read(self.leaf.pem)
        rows = [
            ("file.missing", self.path("nothing.pem")),
            ("file.empty", self.write("empty.pem", b"")),
            ("file.damaged", self.write("cut.pem", pem[:len(pem) // 2])),
            ("file.damaged", self.write("bad.pem", pem.replace(
                b"MII", b"!!!", 1))),
            ("file.no-certificate", self.write("note.txt", b"hello\n")),
        ]
        for finding, path in rows:
            with self.subTest(path=path):
                done = self.check(path)
                self.assertRun(done, CRITICAL)
                target, = json.loads(done.stdout)["targets"]
                self.assertIn(finding, [f["id"] for f in target["findings"]])

    def test_good_block_beside_a_damaged_one(self):
        pem = self.read(self.leaf.pem)
        path = self.write("half.pem", pem + pem[:len(pem) // 2])
        done = self.check(path)
        self.assertRun(done, CRITICAL)
        target, = json.loads(done.stdout)["targets"]
        self.assertEqual(len(target["certificates"]), 1)

    def test_folder(self):
        done = certvigil("check", "--trust", self.pki.root.pem, "--output",
                         "json", self.folder)
        names = [t["name"] for t in json.loads(done.stdout)["targets"]]
        self.assertIn(self.leaf.pem, names)

    def test_what_lies_in_a_folder(self):
        """What is called a certificate and is none is told; no neighbour."""
        folder = self.path("mixed")
        os.mkdir(folder)
        for name, content in [("good.pem", open(self.leaf.pem, "rb").read()),
                              ("privkey.pem", open(self.leaf.key, "rb").read()),
                              ("a.key", b""), ("README", b"words\n"),
                              ("ca.srl", b"01\n"), ("empty.crt", b""),
                              ("page.cer", b"<html>"),
                              ("cut", b"-----BEGIN CERTIFICATE-----\nMII\n")]:
            with open(f"{folder}/{name}", "wb") as f:
                f.write(content)
        os.symlink("nowhere", f"{folder}/renewed.pem")
        os.symlink("nowhere", f"{folder}/notes")
        done = certvigil("check", "--trust", self.pki.root.pem, "--output",
                         "json", folder)
        told = {os.path.basename(t["name"]): [f["id"] for f in t["findings"]
                                              if f["severity"] == "critical"]
                for t in json.loads(done.stdout)["targets"]}
        self.assertEqual(told.pop("good.pem"), ["chain.incomplete"])
        self.assertEqual(told, {"empty.crt": ["file.empty"],
                                "page.cer": ["file.format"],
                                "cut": ["file.damaged"],
                                "renewed.pem": ["file.missing"]})


class Usage(Case):
    """What makes no sense is told on stderr, with status 3."""

    def test_bad_options(self):
        rows = [
            (["check"], ""),
            (["check", "--nonsense", "www.example.com"], "nonsense"),
            (["check", "-w", "soon", "www.example.com"], "soon"),
            (["check", "-c", "-5", "www.example.com"], "-5"),
            (["check", "-t", "2h", "www.example.com"], "2h"),
            (["check", "-t", "never", "www.example.com"], "never"),
            (["check", "-p", "70000", "-H", "www.example.com"], "70000"),
            (["check", "--at", "tomorrow", "www.example.com"], "tomorrow"),
            (["check", "--output", "xml", "www.example.com"], "xml"),
            (["check", "--finding", "no.such=ok", "www.example.com"],
             "no.such"),
            (["check", "--finding", "expiry.soon=loud", "www.example.com"],
             "loud"),
            (["check", "--address", "nowhere", "www.example.com"], "nowhere"),
            (["check", "--trust", "/nonexistent/ca.pem", "www.example.com"],
             "/nonexistent/ca.pem"),
            (["check", "gopher://www.example.com"], "gopher"),
            (["check", "www.example.com:http"], "http"),
            (["check", "-w"], ""),
            (["nonsense"], "nonsense"),
            ([], ""),
        ]
        for args, word in rows:
            with self.subTest(args=args):
                done = certvigil(*args)
                self.assertRun(done, UNKNOWN)
                self.assertIn(word, done.stderr)
                self.assertTrue(done.stderr.endswith("\n"))
                self.assertNotIn("OK", done.stdout)

    def test_help_and_version(self):
        for args in (["check", "--help"], ["check", "-h"], ["check", "-V"]):
            with self.subTest(args=args):
                done = certvigil(*args)
                self.assertRun(done, UNKNOWN, r"certvigil", r"^$")

    def test_by_another_name(self):
        """As check_certvigil it is `certvigil check`."""
        plugin = self.path("check_certvigil")
        os.symlink(support.CERTVIGIL, plugin)
        usage = r"usage: check_certvigil \[OPTIONS\] TARGET"
        for args, out, err in (
                (["--help"], rf"\A{usage}", r"\A\Z"),
                (["-V"], r"\Acertvigil \S+\n\Z", r"\A\Z"),
                ([], "UNKNOWN - want a TARGET", rf"check_certvigil: .*\n{usage}"),
                (["--nonsense"], "UNKNOWN - there is no option --nonsense",
                 usage),
                (["scan", "-w", "x"], "UNKNOWN - -w: want days", usage)):
            with self.subTest(args=args):
                self.assertRun(support.run(plugin, *args), UNKNOWN, out, err)
        # Any other word is a target, and none a command.
        self.assertRun(support.run(plugin, self.path("scan")), CRITICAL,
                       r"\ACERTVIGIL CRITICAL - .*not there")
        self.assertRun(support.run(plugin, "-t", "5", "./no.pem"), CRITICAL)
        # Such a file is no program's name.
        self.assertRun(certvigil("check_certvigil"), UNKNOWN, r"\A\Z",
                       "there is no command")

    def test_misspelt(self):
        # Whom one word helps is shown no more.
        self.assertRun(certvigil("reprot"), UNKNOWN, r"\A\Z",
                       r"\A.*no command \"reprot\"; did you mean "
                       r"\"report\"\?\n\Z")
        self.assertRun(certvigil("xyzzy"), UNKNOWN, r"\A\Z",
                       r"(?s)no command \"xyzzy\"\nusage: .*history")
        self.assertRun(certvigil("report", "-f", "htlm"), UNKNOWN, r"\A\Z",
                       r"--format: want one of table, .*, have \"htlm\"; "
                       r"did you mean \"html\"\?\n")

    def test_who_reads_no_further(self):
        for args in (["explain", "--list"], ["config", "keys"],
                     ["completion", "bash"]):
            with self.subTest(args=args):
                read, write = os.pipe()
                os.close(read)
                with os.fdopen(write, "wb") as pipe:
                    done = subprocess.run(
                        [support.CERTVIGIL, *args], stdout=pipe,
                        stderr=subprocess.PIPE, timeout=30)
                self.assertEqual((done.returncode, done.stderr),
                                 (UNKNOWN, b""))

    def test_explain(self):
        done = certvigil("explain", "chain.incomplete")
        self.assertRun(done, OK, r"(?s)chain\.incomplete.*intermediate")
        self.assertRun(certvigil("explain", "chain.incomplet"), UNKNOWN,
                       r"^$", r"chain\.incomplet\b")
        done = certvigil("explain", "--list")
        self.assertRun(done, OK, r"(?s)expiry\.soon.*chain\.incomplete")


if __name__ == "__main__":
    support.main()
