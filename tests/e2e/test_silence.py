"""test_silence.py - trouble that is known: told to nobody, for a while"""
import json
import os
import re
import subprocess
import time
import unittest

import support
from support import (CRITICAL, DAY, OK, UNKNOWN, ScanCase, SilentServer,
                     certvigil)
from receivers import WebhookReceiver

REASON = "the firewall moves"


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def told(request):
    """(event, finding, target's last part) of a webhook, sorted."""
    return sorted((e["event"], e.get("finding"),
                   os.path.basename(e["target"]))
                  for e in json.loads(request.body)["data"]["events"])


class Silences(ScanCase):
    def setUp(self):
        super().setUp()
        self.chat = self.own(WebhookReceiver())
        self.notify("chat", "webhook", url=self.chat.url + "/hook")
        self.watch({"file": self.path("missing.pem"), "name": "missing"})

    def silence(self, *args, **how):
        return certvigil("silence", "--config", self.write_config(), *args,
                         **how)

    def add(self, *args, status=OK, **how):
        """Silence something; returns the id."""
        args = [*args, "--reason", REASON]
        done = self.silence(*args, **how)
        self.assertRun(done, status, r"\Asil_\w+: .*\n\Z", r"\A\Z")
        return done.stdout.split(":")[0]

    def status(self, *args):
        done = certvigil("status", "--config", self.write_config(), *args)
        self.assertRun(done, OK)
        return done.stdout


class Told(Silences):
    """Who is told, and when: scans in time, by --at."""

    def setUp(self):
        super().setUp()
        targets, self.config["targets"] = self.config["targets"], []
        self.assertRun(self.scan(), OK)  # there is a state, and no more
        self.config["targets"] = targets

    def assertTold(self, at, *want):
        """What a scan of then sends: (event, finding, target)."""
        before = len(self.chat.received)
        self.assertRun(self.scan("--at", at), CRITICAL)
        have = [t for r in self.chat.received[before:] for t in told(r)]
        self.assertEqual(have, list(want), at)

    def test_not_sent_until_it_ends(self):
        self.add("missing", "--for", "7d", "--any")
        self.assertTold("+1m")
        self.assertIn("1 open incident, 1 silenced", self.status())
        self.assertTold("+6d")
        self.assertTold("+8d", ("opened", "file.missing", "missing"))
        self.assertTold("+9d")

    def test_what_was_told_is_not_told_again(self):
        self.assertTold("+0s", ("opened", "file.missing", "missing"))
        self.add("missing", "--for", "1d")
        self.assertTold("+1h")
        self.assertTold("+2d")

    def test_lifted(self):
        name = self.add("missing", "file.*", "--for", "7d", "--any")
        self.assertTold("+1m")
        done = self.silence("--remove", name)
        self.assertRun(done, OK, rf"\A{name}: lifted: file\.\* of missing "
                                 r".* covered 1 open incident\n\Z", r"\A\Z")
        self.assertRegex(self.status(),
                         r"file\.missing: .*; nobody was told\n")
        self.assertTold("+2m", ("opened", "file.missing", "missing"))
        self.assertRun(self.silence("--remove", name), UNKNOWN, r"\A\Z",
                       f'no silence "{name}"')

    def test_another_finding_or_target_is_told(self):
        self.watch({"file": self.path("gone.pem"), "name": "gone"})
        self.add("missing", "expiry.*", "--for", "7d", "--any")
        self.add("gone*", "--for", "7d", "--any")
        self.assertTold("+1m", ("opened", "file.missing", "missing"))

    def test_not_before_it_begins(self):
        self.add("missing", "--from", "+2d", "--for", "1d", "--any")
        self.assertTold("+1m", ("opened", "file.missing", "missing"))
        self.assertRegex(self.status(), r"0 silences hold, 1 begins later")

    def test_by_the_configuration(self):
        self.config["alerts"]["silences"] = [
            {"target": "missing", "finding": "file.*",
             "until": utc(time.time() + 7 * DAY), "reason": REASON}]
        self.assertTold("+1m")
        self.assertRegex(self.status(), r"(?s)1 silenced.*file\.missing: .*"
                                        r"silenced until .*: " + REASON)
        done = self.silence("--list")
        self.assertRun(done, OK, r"\Aconfiguration +until \S+Z  file\.\* of "
                                 rf"missing: {REASON} \([67] days left, covers "
                                 r"1 open incident\)\n\Z")
        self.assertTold("+8d", ("opened", "file.missing", "missing"))


class First(Silences):
    """Before any scan was made."""

    def test_a_silence_comes_first(self):
        name = self.add("missing", "--for", "7d")
        self.assertRegex(self.status(), r"\ANo scan has been made yet\.\n\n"
                                        r"1 silence holds; ")
        self.assertRun(self.scan("--at", "+1m"), CRITICAL)
        self.assertEqual(self.chat.received, [])
        self.assertIn(name, self.status("-o", "json"))

    def test_what_is_configured_is_known(self):
        os.mkdir(self.path("live"))
        self.watch({"file": self.path("live")},
                   {"file": self.path("pool/*.pem")},
                   {"endpoint": "https://www.example.com"})
        for target in ("live/a.pem", "pool/a.pem"):
            self.add(self.path(target), "--for", "7d")
        for target in ("www.example.com", "https://www.*", "*.example.com"):
            self.add(target, "--for", "7d")
        for target in ("liver/a.pem", "pool/a.crt"):
            done = self.silence(self.path(target), "--for", "7d",
                                "--reason", REASON)
            self.assertRun(done, UNKNOWN, r"\A\Z", "no target is called")
        done = self.silence("ww.example.com", "--for", "7d", "--reason", "x")
        self.assertRun(done, UNKNOWN, r"\A\Z",
                       'did you mean "www.example.com"')

    def test_nothing_is_made_to_be_read(self):
        self.config["alerts"]["silences"] = [
            {"target": "m*", "until": "2099-01-01", "reason": REASON}]
        self.assertRun(self.silence("--list"), OK,
                       r"\Aconfiguration +until 2099-.*\n\Z", r"\A\Z")
        done = self.silence("--remove", "sil_0")
        self.assertRun(done, UNKNOWN, r"\A\Z", "no scan has been made yet")
        self.assertFalse(os.path.exists(self.path("state.db")))
        done = self.silence("nonsense", "--for", "1d", "--reason", REASON)
        self.assertRun(done, UNKNOWN, r"\A\Z", "no target is called")

    def test_the_folder_is_not_there(self):
        self.config["state"] = self.path("not/there.db")
        done = self.silence("missing", "--for", "1d", "--reason", REASON)
        self.assertRun(done, UNKNOWN, r"\A\Z",
                       r"folder is not there .*; make it")
        self.assertRun(self.scan(), UNKNOWN, None, r"folder is not there ")

    @unittest.skipIf(os.geteuid() != 0, "root only")
    def test_what_root_makes_is_the_services(self):
        """Who owns the folder can write it afterwards."""
        os.chown(self.folder, 1234, 1234)
        self.add("missing", "--for", "7d")
        for name in ("state.db", "state.db.lock"):
            self.assertEqual(os.stat(self.path(name)).st_uid, 1234)


class Command(Silences):
    def setUp(self):
        super().setUp()
        self.assertRun(self.scan(), CRITICAL)

    def test_added_and_listed(self):
        before = int(time.time())
        done = self.silence("missing", "--for", "7d", "--reason", REASON,
                            env={"SUDO_USER": "alice"})
        self.assertRun(done, OK, r"\Asil_\w+: missing is silenced until "
                                 r"\S+Z \(7 days\); covers 1 open "
                                 r"incident\n\Z", r"\A\Z")
        end = re.search(r"until (\S+)", done.stdout)[1]
        self.assertIn(end, [utc(before + s + 7 * DAY) for s in range(20)])
        self.add("nothing*", "expiry.soon", "--for", "1h", "--any",
                 env={"SUDO_USER": "", "DOAS_USER": "bob"})
        first, second = self.silence("--list").stdout.splitlines()
        self.assertRegex(first, r"^sil_\w+  until \S+Z  expiry\.soon of "
                                rf"nothing\*: {REASON} \((59 minutes|1 hour) "
                                r"left, by bob, covers 0 open incidents\)$")
        self.assertRegex(second, rf"^sil_\w+  until {end}  missing: {REASON} "
                                 r"\([67] days left, by alice, covers 1 open "
                                 r"incident\)$")
        # The state alone is enough, for its silences.
        done = certvigil("silence", "--state", self.config["state"], "--list")
        self.assertEqual(done.stdout.splitlines(), [first, second])
        self.assertIn("2 silences hold; ", self.status())

    def test_none(self):
        self.assertRun(self.silence("--list"), OK,
                       r"\AThere are no silences\.\n\Z")

    def test_until(self):
        end = utc(time.time() + 3 * DAY)
        self.add("mis*", "--until", end)
        self.assertIn(f"until {end}  mis*: ", self.silence("--list").stdout)

    def test_a_configured_one_that_is_over(self):
        self.config["alerts"]["silences"] = [
            {"target": "x", "until": "2020-01-01", "reason": REASON}]
        self.add("missing", "--for", "1h")
        _, last = self.silence("--list").stdout.splitlines()
        self.assertRegex(last, r"^configuration .*\(over for \d+ days\)$")
        self.assertIn("\n1 silence holds; ", self.status())
        done = certvigil("config", "check", "--config", self.write_config())
        self.assertRun(done, OK, r"note: alerts\.silences: 1 silence is over")

    def test_unknown_target(self):
        for name, want in [("misssing", r'did you mean "missing"\?'),
                           ("*.example", r"there is missing;")]:
            with self.subTest(name=name):
                done = self.silence(name, "--for", "1h", "--reason", REASON)
                self.assertRun(done, UNKNOWN, r"\A\Z", want)
                self.assertRegex(done.stderr, "nothing is silenced")
        self.add("misssing", "--for", "1h", "--any")
        self.assertEqual(self.silence("--list").stdout.count("sil_"), 1)

    def test_by_address(self):
        self.add(self.path("missing.pem"), "--for", "1h")
        self.assertIn("covers 1 open", self.silence("--list").stdout)

    def test_unknown_finding(self):
        done = self.silence("missing", "expiry.son", "--for", "1h",
                            "--reason", REASON)
        self.assertRun(done, UNKNOWN, r"\A\Z",
                       r'"expiry\.son"; did you mean "expiry\.soon"\?')

    def test_bounds(self):
        rows = [
            (["--for", "59s"], "1m to 10y"),
            (["--for", "3651d"], "1m to 10y"),
            (["--for", "7"], "with its unit"),
            (["--for", "-7d"], "with its unit"),
            ([], "want an end"),
            (["--for", "1h", "--until", "+2h"], "want an end"),
            (["--until", "+10s"], "1 minute to 10 years after"),
            (["--until", "2020-01-01"], "1 minute to 10 years after"),
            (["--until", "+11y"], "1 minute to 10 years after"),
            (["--until", "tomorrow"], "--until: want RFC 3339"),
            (["--from", "soon", "--for", "1h"], "--from: want RFC 3339"),
            (["--from", "+11y", "--for", "1h"], "within 10 years"),
        ]
        for args, want in rows:
            with self.subTest(args=args):
                self.assertRun(self.silence("missing", *args, "--reason", "x"),
                               UNKNOWN, r"\A\Z", want)
        for reason in ("", "   ", "a\nb", "x" * 257, "\x1b[2J"):
            with self.subTest(reason=reason):
                self.assertRun(self.silence("missing", "--for", "1h",
                                            "--reason", reason),
                               UNKNOWN, r"\A\Z", "--reason: want ")
        self.assertIn("no silences", self.silence("--list").stdout)

    def test_usage(self):
        for args in (["--for", "1h", "--reason", "x"],
                     ["missing", "--for", "1h"],
                     ["a", "b", "c", "--for", "1h", "--reason", "x"],
                     ["--list", "missing"], ["--list", "--remove", "x"],
                     ["--remove", "x", "--for", "1h"], ["--remove"],
                     ["--nonsense"]):
            with self.subTest(args=args):
                self.assertRun(certvigil("silence", *args), UNKNOWN, r"\A\Z",
                               r"usage: certvigil silence TARGET")
        self.assertRun(certvigil("silence", "--help"), OK, "--reason",
                       r"\A\Z")

    def test_hostile_text(self):
        evil = "x\u202e\x1b[31m"
        self.watch({"file": self.path("other.pem"), "name": "a\u202eb"})
        self.assertRun(self.scan(), CRITICAL)
        done = self.silence("a*", "--for", "1h", "--reason", "by \u202e",
                            env={"SUDO_USER": evil})
        self.assertRun(done, OK)
        listed = self.silence("--list").stdout + self.status()
        self.assertNotRegex(done.stdout + listed, "\x1b|\u202e")
        self.assertIn(r"by \u{202e}", listed)

    def test_beside_a_scan(self):
        """A scan that takes its time keeps nobody waiting."""
        dead = self.own(SilentServer())
        self.watch({"endpoint": f"127.0.0.1:{dead.port}", "retries": 0,
                    "timeout": "30s"})
        running = subprocess.Popen(**support.command(
            support.CERTVIGIL, "scan", "--config", self.write_config()))
        try:
            dead.socket.settimeout(20)
            peer, _ = dead.socket.accept()  # the scan is under way
            name = self.add("missing", "--for", "1h")
            self.assertIn(name, self.silence("--list").stdout)
            self.assertIsNone(running.poll())
            peer.close()
            dead.socket.close()  # and no other attempt
            _, stderr = running.communicate(timeout=30)
        finally:
            running.kill()
            running.wait()
        self.assertEqual(running.returncode, CRITICAL, stderr)
        self.assertIn("missing", self.silence("--list").stdout)
        self.assertRegex(self.status(), r"file\.missing: .*silenced until")


if __name__ == "__main__":
    support.main()
