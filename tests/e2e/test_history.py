"""test_history.py - what was seen at a target, and when"""
import json
import re
import shutil
import time

import support
from support import (CRITICAL, DAY, OK, UNKNOWN, WARNING, ScanCase,
                     certvigil)

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def utc(seconds_from_now):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ",
                         time.gmtime(time.time() + seconds_from_now))


def days(n):
    """The dates of n days from when the test began, which was just now."""
    return {utc(n * DAY)[:10], utc(n * DAY - 60)[:10]}


class History(ScanCase):
    def setUp(self):
        super().setUp()
        self.live = self.path("live.pem")
        shutil.copy(self.chain("shop.example.com", "+20d",
                               not_before="-70d"), self.live)
        self.watch({"file": self.live, "name": "shop"})

    def history(self, *args):
        return certvigil("history", "--config", self.write_config(), *args)

    def live_through(self):
        """Opened, escalated, renewed and resolved, in eleven days."""
        self.assertRun(self.scan("--at", utc(-DAY)), WARNING)
        self.assertRun(self.scan("--at", utc(9 * DAY)), CRITICAL)
        shutil.copy(self.chain("shop.example.com", "+85d"), self.live)
        self.assertRun(self.scan("--at", utc(10 * DAY)), OK)

    def test_a_life(self):
        self.live_through()
        done = self.history("shop")
        self.assertRun(done, OK, None, r"\A\Z")
        lines = done.stdout.splitlines()
        rows = [re.match(rf"({MOMENT}) +\d+[smhd]  (\w+) +(\w+) +(.*)$",
                         line).groups()
                for line in lines]
        self.assertEqual([r[0] for r in rows],
                         sorted([r[0] for r in rows], reverse=True))
        self.assertEqual(
            sorted(r[1:3] for r in rows),
            [("escalated", "critical"), ("opened", "warning"),
             ("renewed", "ok"), ("resolved", "critical")])
        told = {r[1]: r[3] for r in rows}
        self.assertRegex(told["opened"], r"^expiry\.soon: expires in 20 days|"
                                         r"^expiry\.soon: expires in 21 days")
        dates = re.match(r"valid until (\S+), the one before until (\S+)$",
                         told["renewed"]).groups()
        self.assertIn(dates[0], days(85))
        self.assertIn(dates[1], days(20))
        # Columns stand below one another.
        self.assertEqual({line.index(r[2], 41) for line, r in
                          zip(lines, rows)}, {41})

    def test_limit(self):
        self.live_through()
        done = self.history("shop", "--limit", "1")
        self.assertRun(done, OK, rf"\A{MOMENT}  [^\n]*\nand 3 older; --limit "
                                 r"N shows more\n\Z")
        whole = self.history("shop", "--limit", "4").stdout
        self.assertTrue(whole.startswith(done.stdout.splitlines()[0]))
        self.assertNotIn("older", whole)

    def test_json(self):
        self.live_through()
        done = self.history("sh*", "--output", "json", "--limit", "3")
        self.assertRun(done, OK, None, r"\A\Z")
        j = json.loads(done.stdout)
        self.assertEqual((j["version"], j["asked"], j["left_out"],
                          len(j["events"])), (1, "sh*", 1, 3))
        renewed = next(e for e in j["events"] if e["event"] == "renewed")
        self.assertEqual((renewed["target"], renewed["finding"]),
                         ("shop", None))
        self.assertIn(renewed["not_after"][:10], days(85))
        self.assertIn(renewed["old_not_after"][:10], days(20))
        resolved = next(e for e in j["events"] if e["event"] == "resolved")
        self.assertRegex(resolved["incident"], r"^inc_")
        self.assertEqual((resolved["finding"], resolved["severity"]),
                         ("expiry.soon", "critical"))
        self.assertRegex(resolved["subject"], r"^[0-9a-f]{64}$")

    def test_several_targets_are_named(self):
        self.watch({"file": self.path("missing.pem"), "name": "a\u202e\nb"})
        self.assertRun(self.scan(), CRITICAL)
        told = self.history("*").stdout
        self.assertRegex(told, r"(?m)opened +critical +a\\u\{202e\}\\x0ab  "
                               r"file\.missing: ")
        self.assertRegex(told, r"(?m)opened +warning +shop +expiry\.soon: ")
        self.assertNotIn("\u202e", told)
        self.assertEqual(told.count("\n"), 2)

    def test_silenced(self):
        self.assertRun(self.scan(), WARNING)
        done = certvigil("silence", "--config", self.write_config(), "shop",
                         "--for", "1h", "--reason", "it moves")
        self.assertRun(done, OK)
        self.assertRun(self.scan(), WARNING)
        self.assertRegex(self.history("shop").stdout,
                         r"\A\S+ +\d+[sm]  silenced +warning +expiry\.soon: "
                         r".*it moves")

    def test_by_address(self):
        self.assertRun(self.scan(), WARNING)
        self.assertRun(self.history(self.live), OK, "opened")

    def test_a_target_that_is_gone(self):
        self.assertRun(self.scan(), WARNING)
        self.config["targets"] = []
        self.assertRun(self.scan(), OK)
        self.assertRun(self.history("shop"), OK, "opened")

    def test_nothing_happened(self):
        shutil.copy(self.chain("shop.example.com", "+85d"), self.live)
        self.assertRun(self.scan(), OK)
        self.assertRun(self.history("shop"), OK,
                       r"\Ashop: nothing has happened so far\n\Z")
        j = json.loads(self.history("shop", "-o", "json").stdout)
        self.assertEqual(j["events"], [])

    def test_unknown(self):
        self.assertRun(self.scan(), WARNING)
        for name, want in (("shopp", r'did you mean "shop"\?'),
                           ("*.example", "there is shop\n")):
            with self.subTest(name=name):
                self.assertRun(self.history(name), UNKNOWN, r"\A\Z", want)

    def test_usage(self):
        for args in ([], ["a", "b"], ["a", "--limit", "0"],
                     ["a", "--limit", "1e3"], ["a", "--limit", "100001"],
                     ["a", "--limit", "-1"], ["a", "-o", "csv"],
                     ["a", "--nonsense"]):
            with self.subTest(args=args):
                self.assertRun(certvigil("history", *args), UNKNOWN, r"\A\Z",
                               r"usage: certvigil history ")
        self.assertRun(certvigil("history", "--help"), OK, "--limit", r"\A\Z")
        self.assertRun(self.history("shop"), UNKNOWN, r"\A\Z", "no scan has")


if __name__ == "__main__":
    support.main()
