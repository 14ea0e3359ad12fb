"""test_status.py - what the agent knows, and whether it is at work at all"""
import contextlib
import json
import os
import re
import sqlite3
import time

import support
from support import (CRITICAL, DAY, OK, UNKNOWN, WARNING, ClosedPort,
                     ScanCase, certvigil)
from receivers import WebhookReceiver

HOUR = 3600
EVIL = "no | \u202e\x1b[2J' way"


def utc(seconds_from_now):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ",
                         time.gmtime(time.time() + seconds_from_now))


class Status(ScanCase):
    def status(self, *args):
        return certvigil("status", "--config", self.write_config(), *args)

    def scan_at(self, seconds_from_now, status=CRITICAL):
        self.assertRun(self.scan("--at", utc(seconds_from_now)), status)

    def chat(self, **behaviour):
        chat = self.own(WebhookReceiver(behaviour=behaviour))
        self.notify("chat", "webhook", url=chat.url + "/SECRET")
        self.watch({"file": self.path("missing.pem"), "name": "missing"})
        return chat


class MaxAge(Status):
    """One line for Nagios, and its exit status."""

    def assertLine(self, status, pattern, *args):
        """One line, with performance data; what stands before them fits."""
        done = self.status("--max-age", *(args or ["2h"]))
        self.assertRun(done, status, r"\ACERTVIGIL [^\n]*\n\Z", r"\A\Z")
        self.assertEqual(done.stdout.count("|"), 1)
        self.assertRegex(done.stdout, pattern)
        return done.stdout

    def test_recent(self):
        self.scan_at(-20 * 60, OK)
        self.assertLine(OK, r"OK - last complete scan 20 minutes ago \| "
                            r"age=12\d\ds;;0:7200;0 undelivered=0;;;0 "
                            r"given_up=0;0:0;;0$")

    def test_too_old(self):
        self.scan_at(-3 * HOUR, OK)
        self.assertLine(CRITICAL, r"CRITICAL - last complete scan 3 hours ago "
                                  r"\(want within 2 hours\) \| age=108\d\ds;")
        self.assertLine(OK, "OK - ", "4h")
        self.assertLine(CRITICAL, r"3 hours ago \(want within 2 hours 50 "
                                  r"minutes\)", "170m")

    def test_none_yet(self):
        self.assertLine(CRITICAL, r"CRITICAL - no complete scan yet \(want "
                                  r"one within 2 hours\) \| age=U;;0:7200;0 ")
        self.assertFalse(os.path.exists(self.path("state.db")))

    def test_an_incomplete_scan_does_not_count(self):
        self.scan_at(-3 * HOUR, OK)
        self.config["state"] = self.path("state.db")
        done = certvigil("scan", "--config", self.write_config(), "--nonsense")
        self.assertRun(done, UNKNOWN)
        self.assertLine(CRITICAL, "3 hours ago")

    def test_problems_found_are_no_problem_of_the_agent(self):
        self.watch({"file": self.path("missing.pem")})
        self.scan_at(0)
        self.assertLine(OK, "OK - ")

    def test_clock_that_was_set_back(self):
        """A little ahead is now; far ahead is not known to be young."""
        self.scan_at(HOUR, OK)
        self.assertLine(OK, r"OK - last complete scan 0 seconds ago \| "
                            r"age=0s;")
        self.scan_at(3 * DAY, OK)
        self.assertLine(WARNING, r"WARNING - last complete scan is dated "
                                 r"\d{4}-\S+Z, (3 days|2 days 23 hours) ahead "
                                 r"of the clock; .* \| age=0s;")
        self.assertRun(self.status(), OK, r"(3|2) days ahead of the clock\n")
        self.scan_at(0, OK)
        self.assertLine(OK, "OK - ")

    def test_undelivered(self):
        """A warning, once it has waited for as long as a scan may."""
        self.chat(status=500, body=EVIL)
        self.scan_at(-HOUR)
        self.assertLine(OK, r"undelivered=1;;;0 given_up=0")
        self.config["alerts"]["give_up"] = "30d"
        self.scan_at(0)
        with contextlib.closing(sqlite3.connect(self.config["state"])) as db:
            db.execute("UPDATE outbox SET created_at = created_at - 86400")
            db.commit()
        line = self.assertLine(
            WARNING, r"WARNING - last complete scan \d+ seconds? ago; 1 "
                     r"message not delivered for long \(chat: HTTP 500: no / ")
        self.assertNotRegex(line, "\x1b|\u202e|SECRET")

    def test_given_up(self):
        self.chat(status=500)
        self.config["alerts"]["give_up"] = "1h"
        self.scan_at(-2 * HOUR)
        self.scan_at(0)
        self.assertLine(WARNING, r"WARNING - .* ago; 1 message given up "
                                 r"\(chat: HTTP 500\) \| .* undelivered=0;;;0 "
                                 r"given_up=1;0:0;;0$")

    def test_the_worst_counts(self):
        self.chat(status=500)
        self.config["alerts"]["give_up"] = "1h"
        self.scan_at(-9 * HOUR)
        self.scan_at(-3 * HOUR)
        self.assertLine(CRITICAL, r"CRITICAL - .* 3 hours ago \(want within 2 "
                                  r"hours\); 1 message given up")

    def test_unreadable(self):
        """Unknown, and said where Nagios reads it."""
        self.write("state.db", b"this is no database" * 100)
        done = self.status("--max-age", "2h")
        self.assertRun(done, UNKNOWN, r"\ACERTVIGIL UNKNOWN - .*state\.db.*\n"
                                      r"\Z", r"state\.db")
        self.config["nonsense"] = 1
        done = self.status("--max-age", "2h")
        self.assertRun(done, UNKNOWN, r"\ACERTVIGIL UNKNOWN - .*nonsense.*\n"
                                      r"\Z", "nonsense")

    def test_usage(self):
        for args in (["2"], ["59s"], ["11y"], ["soon"], ["-1h"],
                     ["2h", "--output", "json"], ["2h", "x"]):
            with self.subTest(args=args):
                done = certvigil("status", "--max-age", *args)
                self.assertRun(done, UNKNOWN, r"\ACERTVIGIL UNKNOWN - .*\n\Z",
                               "usage: certvigil status")


class Text(Status):
    def test_open_incidents(self):
        """The worst first, with since when and for how long."""
        self.watch({"file": self.chain("www.example.com", "+20d",
                                       not_before="-70d"), "name": "www"},
                   {"file": self.path("missing.pem"), "name": "mail"})
        self.scan_at(-3 * DAY)
        done = certvigil("silence", "--config", self.write_config(), "www",
                         "--for", "7d", "--reason", "it goes")
        self.assertRun(done, OK)
        self.scan_at(0)
        done = self.status()
        self.assertRun(done, OK, None, r"\A\Z")
        told = re.sub(r"\d{4}-\d\d-\d\d(T[\d:]+Z)?", "DATE", done.stdout)
        told = re.sub(r"(expires in|Z?,) \d+ (days|seconds?)\b", r"\1 N \2",
                      told)
        self.assertEqual(told.replace("seconds", "second"), """\
Last scan: DATE, N second ago
2 targets: 1 critical, 1 warning; 2 open incidents, 1 silenced

Open incidents:
  critical  mail  file.missing: is not there: No such file or directory; \
open for 3 days, since DATE
  warning   www   expiry.soon: expires in N days (DATE); \
open for 3 days, since DATE; silenced until DATE: it goes

No notifier is configured: nobody is told.

1 silence holds; `certvigil silence --list` tells which
""")

    def test_nobody_is_told(self):
        """Where all seems well because there is nothing to do."""
        def check():
            done = certvigil("config", "check", "-c", self.write_config())
            self.assertRun(done, OK, None, r"\A\Z")
            return [line for line in done.stdout.splitlines()
                    if line.startswith("note: there is no")]

        self.assertEqual(check(), [
            "note: there is no target: nothing is looked at",
            "note: there is no notifier: nobody is told"])
        chat = self.chat()
        self.assertEqual(check(), [])
        self.scan()
        self.assertEqual(len(chat.wait(1)), 1)
        self.assertNotIn("No notifier", self.status().stdout)
        self.config["notifiers"] = {}
        self.assertIn("\nNo notifier is configured: nobody is told.\n",
                      self.status().stdout)

    def test_not_confirmed(self):
        """What no incident tells yet is told by itself."""
        self.config["alerts"]["confirm"] = 2
        port = self.own(ClosedPort()).port
        self.watch({"file": self.path("missing.pem"), "name": "mail"},
                   {"endpoint": f"tls://127.0.0.1:{port}", "name": "www"})
        self.scan_at(-60)
        told = self.status().stdout
        self.assertRegex(told, r"1 open incident\n\nOpen incidents:\n"
                               r"  critical  mail  file\.missing: .*\n\n"
                               r"Not ok, and no incident until it is "
                               r"confirmed:\n  critical  www  cannot connect "
                               r"\(.*\)\n\nNo notifier is configured: .*\n\Z")
        self.scan_at(0)
        told = self.status().stdout
        self.assertIn("2 open incidents\n", told)
        self.assertNotIn("Not ok", told)

    def test_undelivered_and_given_up(self):
        self.chat(status=503, body=EVIL)
        self.config["alerts"]["give_up"] = "1h"
        self.scan_at(-2 * HOUR)
        told = self.status().stdout
        self.assertRegex(told, r"\nNot delivered:\n  chat: msg_\w+, 1 try in "
                               r"2 hours, next .*: HTTP 503: no \| \\u")
        self.scan_at(0)
        told = self.status().stdout
        self.assertRegex(told, r"\nGiven up, not tried again:\n  chat: msg_"
                               r"\w+, 2 tries in 2 hours, given up: HTTP 503")
        self.assertNotIn("Not delivered", told)
        self.assertNotRegex(told, "\x1b|\u202e|SECRET")


class Json(Status):
    def test_document(self):
        self.chat(status=503)
        self.watch({"file": self.chain("www.example.com", "+80d"),
                    "name": "www", "owner": "web"})
        self.config["alerts"]["silences"] = [
            {"target": "w*", "until": "2099-01-01", "reason": "x"}]
        self.scan_at(0)
        before = time.time()
        done = self.status("--output", "json")
        self.assertRun(done, OK, None, r"\A\Z")
        j = json.loads(done.stdout)
        self.assertEqual(
            sorted(j), ["incidents", "last_scan", "program", "silences",
                        "status", "summary", "targets", "time",
                        "undelivered", "version"])
        self.assertEqual((j["version"], j["status"], j["summary"]),
                         (1, "critical", {"ok": 1, "warning": 0,
                                          "critical": 1, "unknown": 0}))
        self.assertEqual([(t["name"], t["status"], t["owner"])
                          for t in j["targets"]],
                         [("missing", "critical", None),
                          ("www", "ok", "web")])
        incident, = j["incidents"]
        self.assertEqual(
            (incident["target"], incident["finding"], incident["silenced"],
             incident["silenced_until"], incident["severity"]),
            ("missing", "file.missing", False, None, "critical"))
        self.assertRegex(incident["id"], r"^inc_")
        self.assertRegex(incident["opened_at"], r"^\d{4}-.*Z$")
        silence, = j["silences"]
        self.assertEqual((silence["id"], silence["holds"], silence["covers"],
                          silence["until"]),
                         (None, True, 0, "2099-01-01T00:00:00Z"))
        message, = j["undelivered"]
        self.assertEqual((message["notifier"], message["attempts"],
                          message["given_up"], message["answer"]),
                         ("chat", 1, False, "HTTP 503"))
        self.assertGreater(message["next_at"], utc(before - time.time() - 60))

    def test_nothing_yet(self):
        self.scan_at(0, OK)
        j = json.loads(self.status("-o", "json").stdout)
        self.assertEqual([j[k] for k in ("targets", "incidents", "silences",
                                         "undelivered", "status")],
                         [[], [], [], [], "ok"])

    def test_usage(self):
        self.assertRun(certvigil("status", "-o", "yaml"), UNKNOWN, r"\A\Z",
                       'want text or json, have "yaml"')


if __name__ == "__main__":
    support.main()
