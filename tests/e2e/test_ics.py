#!/usr/bin/env python3
"""test_ics.py - the calendar, as parsers read it that are not ours"""
import re
import shutil
import time
import unittest

import ics_support
from support import CRITICAL, DAY, OK, ScanCase, main

KINDS = ("expiry", "warning", "order-by")


@unittest.skipUnless(ics_support.reader(),
                     "want python3-icalendar and python3-vobject")
class Calendar(ScanCase):
    def setUp(self):
        super().setUp()
        self.now = time.time()
        self.end = self.day(60) + "T12:00:00Z"

    def day(self, offset):
        """The day, in UTC, in so many days."""
        return time.strftime("%Y-%m-%d",
                             time.gmtime(self.now + offset * DAY))

    def target(self, name="shop", end=None, **more):
        leaf = self.pki.leaf(f"{name}.example.com", not_before="-30d",
                             not_after=end or self.end)
        self.watch({"file": self.pki.chain(leaf), "name": name, **more})
        return leaf

    def calendar(self, status=OK):
        done = self.scan("--output", "ics")
        self.assertRun(done, status, stderr=r"\A\Z")
        return ics_support.read(done.stdout)

    def kinds(self, calendar):
        """{kind: event} of a calendar with one target."""
        by_kind = {}
        for event in calendar["events"]:
            word, kind, severity = event["CATEGORIES"]
            self.assertEqual(word, "certificate")
            self.assertIn(severity, ("ok", "warning", "critical"))
            self.assertNotIn(kind, by_kind)
            by_kind[kind] = event
        return by_kind

    def test_events(self):
        self.target(owner="web-team", order_lead="7bd")
        calendar = self.calendar()
        self.assertEqual(calendar["head"]["NAME"], "Certificates")
        events = self.kinds(calendar)
        self.assertEqual(sorted(events), sorted(KINDS))
        expiry = events["expiry"]
        self.assertEqual(expiry["DTSTART"], f"{self.day(60)} 12:00:00+00:00")
        self.assertEqual(expiry["SUMMARY"], "shop: certificate expires")
        self.assertEqual((expiry["TRANSP"], expiry["STATUS"],
                          expiry["CLASS"]),
                         ("TRANSPARENT", "CONFIRMED", "PUBLIC"))
        lines = expiry["DESCRIPTION"].split("\n")
        for line in ("Target: shop", "Owner: web-team",
                     f"At: {self.path('shop.example.com.chain.pem')}",
                     "Certificate: CN=shop.example.com",
                     "Names: shop.example.com", "Issuer: CN=Example CA 1",
                     f"Have: one that ends {self.end}"):
            self.assertIn(line, lines)
        # A third of 90 days, of which 30 are over; a whole day.
        self.assertRegex(events["warning"]["DTSTART"],
                         rf"\A({self.day(30)}|{self.day(31)})\Z")
        self.assertRegex(events["order-by"]["DTSTART"],
                         r"\A\d{4}-\d\d-\d\d\Z")
        self.assertLess(self.day(45), events["order-by"]["DTSTART"])
        self.assertLess(events["order-by"]["DTSTART"], self.day(54))
        self.assertIn("Order the new certificate",
                      events["order-by"]["DESCRIPTION"])

    def test_the_same_again(self):
        """As long as nothing was looked at, not a byte is another one."""
        self.target()
        self.target("mail")
        at = f"@{int(time.time())}"
        told = [self.scan("--output", "ics", "--at", at).stdout
                for _ in range(2)]
        self.assertEqual(told[0], told[1])
        self.assertNotIn("\n", told[0].replace("\r\n", ""))
        for line in told[0].encode().split(b"\r\n"):
            self.assertLessEqual(len(line), 75)
            line.decode()

    def test_a_renewal_moves_it(self):
        """The same UIDs, a higher SEQUENCE, the new dates."""
        old = self.pki.leaf("old.example.com", not_before="-80d",
                            not_after="+10d")
        live = self.path("live.pem")
        shutil.copy(self.pki.chain(old), live)
        self.watch({"file": live, "name": "shop", "order_lead": "2bd"})
        before = self.kinds(self.calendar(status=CRITICAL))
        new = self.pki.leaf("new.example.com", not_before="-1d",
                            not_after="+89d")
        shutil.copy(self.pki.chain(new), live)
        after = self.kinds(self.calendar())
        self.assertEqual(sorted(before), sorted(KINDS))
        self.assertEqual(sorted(after), sorted(KINDS))
        for kind, event in after.items():
            was = before[kind]
            self.assertEqual(event["UID"], was["UID"])
            self.assertGreater(int(event["SEQUENCE"]), int(was["SEQUENCE"]))
            self.assertGreater(event["DTSTART"], was["DTSTART"])
            self.assertGreaterEqual(event["DTSTAMP"], was["DTSTAMP"])

    def test_uids(self):
        """Nothing of the target is in it, and nobody has another's."""
        for name in ("shop", "mail", "chat"):
            self.target(name, order_lead="1bd")
        events = self.calendar()["events"]
        self.assertEqual(len(events), 9)
        self.assertEqual(len({e["UID"] for e in events}), 9)
        for event in events:
            self.assertRegex(event["UID"], r"\A[0-9a-f]{32}@certvigil\Z")

    def test_no_dates(self):
        """What could not be read has none; a calendar it is all the same."""
        self.watch({"file": self.path("missing.pem")})
        calendar = self.calendar(status=CRITICAL)
        self.assertEqual((calendar["events"], calendar["zones"]), ([], 1))

    def test_it_never_ends(self):
        """RFC 5280, 4.1.2.5; and ends that no clock of 32 bits has."""
        self.target("never", end="9999-12-31T23:59:59Z")
        self.target("late", end="2199-12-31T23:59:59Z")
        done = self.scan("--output", "ics")
        events = ics_support.read(done.stdout)["events"]
        self.assertEqual({e["DTSTART"] for e in events
                          if e["CATEGORIES"][1] == "expiry"},
                         {"2199-12-31 23:59:59+00:00"})
        self.assertNotRegex(done.stdout, "never")

    def test_what_else_is_wrong(self):
        """It is told with what to do; and no span, which would grow old."""
        leaf = self.pki.leaf("late.example.com", not_before="-80d",
                             not_after="+5d")
        self.watch({"file": leaf.pem, "name": "shop"})
        events = self.kinds(self.calendar(status=CRITICAL))
        for event in events.values():
            text = event["DESCRIPTION"]
            self.assertRegex(text, r"\nTo do: \w.+\.\nAlso: chain\.")
            self.assertEqual(event["COLOR"], "crimson")
            self.assertFalse(re.search(r"\bin \d+ (day|hour)", text), text)


if __name__ == "__main__":
    main()
