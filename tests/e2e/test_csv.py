#!/usr/bin/env python3
"""test_csv.py - the table for spreadsheets, as Python's reader has it"""
import csv
import hashlib
import io
import time

from support import CRITICAL, DAY, OK, ScanCase, certvigil, json_targets, main

NUMBERS = ("position", "days_left")
WORDS = ("status", "kind")
TIMES = ("not_before", "not_after", "warning_at", "critical_at", "order_by",
         "observed_at")


def table(text):
    """The rows by the names of their columns; RFC 4180, to the letter."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert all(len(row) == len(rows[0]) for row in rows), rows
    return [dict(zip(rows[0], row)) for row in rows[1:]]


class Table(ScanCase):
    def look(self, *args, status=OK):
        done = self.scan("--output", "csv", *args)
        self.assertRun(done, status, stderr=r"\A\Z")
        return done.stdout

    def test_a_certificate_a_row(self):
        leaf = self.pki.leaf("shop.example.com", "shop.example.com",
                             "IP:192.0.2.1", not_before="-30d",
                             not_after="+1443h", serial="10e1")
        self.watch({"file": self.pki.chain(leaf), "name": "shop",
                    "owner": "web-team", "tags": ["web", "prod"]})
        text = self.look()
        first, second = table(text)
        want = json_targets(self.scan("--output", "json"))[0]
        for at, row in enumerate((first, second)):
            cert = want["certificates"][at]
            self.assertEqual((row["target"], row["status"], row["owner"],
                              row["tags"], row["kind"], row["position"]),
                             ("shop", "ok", "web-team", "web prod", "file",
                              str(at)))
            for key in ("subject", "issuer", "signature", "not_before",
                        "not_after"):
                self.assertEqual(row[key], cert[key])
            self.assertEqual(row["names"], " ".join(cert["names"]))
            for key in ("serial", "sha256"):
                self.assertEqual(row[key], "0x" + cert[key])
        self.assertEqual(first["sha256"], "0x" + hashlib.sha256(
            leaf.der()).hexdigest())
        self.assertEqual(first["names"], "shop.example.com 192.0.2.1")
        self.assertEqual((first["serial"], first["days_left"],
                          first["key"]), ("0x10e1", "60", "EC 256"))
        self.assertRegex(first["warning_at"], r"\A2\d{3}-[\d-]+T[\d:]+Z\Z")
        self.assertEqual(second["warning_at"], "")
        self.assertIn("expires in 60 days", first["message"])

    def test_the_bytes(self):
        """CRLF, no byte order mark, numbers and dates as they are."""
        self.watch({"file": self.chain("shop.example.com", "+1443h"),
                    "name": "m\u00fcnchen, \"altes\" Rathaus"})
        text = self.look()
        self.assertTrue(text.startswith("status,target,owner,"))
        self.assertTrue(text.endswith("\r\n"))
        self.assertNotIn("\n", text.replace("\r\n", ""))
        self.assertIn('"m\u00fcnchen, ""altes"" Rathaus"', text)
        self.assertIn(",60,", text)

    def test_a_target_without(self):
        self.watch({"file": self.path("missing.pem"), "name": "gone"})
        row, = table(self.look(status=CRITICAL))
        self.assertEqual((row["target"], row["status"], row["findings"]),
                         ("gone", "critical", "file.missing"))
        self.assertIn("missing.pem", row["address"] + row["message"])
        for key in (*TIMES[:-1], *NUMBERS, "subject", "sha256", "key"):
            self.assertEqual(row[key], "")

    def test_order_by(self):
        leaf = self.pki.leaf("shop.example.com", not_after="+60d")
        self.watch({"file": self.pki.chain(leaf), "order_lead": "7bd"})
        row = table(self.look())[0]
        self.assertRegex(row["order_by"], r"\A\d{4}-\d\d-\d\d\Z")
        end = time.time() + 60 * DAY
        self.assertLess(time.strftime("%Y-%m-%d", time.gmtime(end -
                                                              20 * DAY)),
                        row["order_by"])
        self.assertLess(row["order_by"], row["not_after"])

    def test_check(self):
        """It stands in the table of outputs: no configuration is needed."""
        done = certvigil("check", self.chain("a.example.com", "+60d"),
                         "--trust", self.pki.root.pem, "--output", "csv")
        self.assertRun(done, OK)
        self.assertEqual(len(table(done.stdout)), 2)


if __name__ == "__main__":
    main()
