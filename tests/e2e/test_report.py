"""test_report.py - what the last scans know, printed without looking again"""
import contextlib
import json
import os
import shutil
import sqlite3
import stat

import support
from support import CRITICAL, OK, UNKNOWN, ClosedPort, certvigil
from test_client import NAME, ClientCase

# What a look has and nobody remembers: how long it took, and which of all
# ways up was chosen.
OF_THE_MOMENT = ("duration_ms", "paths")


def lasting(document):
    for target in document["targets"]:
        for key in OF_THE_MOMENT:
            target.pop(key, None)
    document["targets"].sort(key=lambda t: t["name"])
    return document


class Report(ClientCase):
    def report(self, *args, **how):
        return certvigil("report", "--config", self.write_config(), *args,
                         **how)

    def populate(self):
        """Targets of every kind, good and bad."""
        mtls = self.nginx()
        closed = self.own(ClosedPort())
        self.watch(
            {"endpoint": f"https://{NAME}:{mtls.port}/im/callback",
             "address": "127.0.0.1", "owner": "im-team",
             "client": {"certificate": self.ours.chain,
                        "key": self.ours.key}},
            {"endpoint": f"tls://localhost:{mtls.port}", "addresses": "all",
             "deployed": self.pki.root.pem},
            {"endpoint": f"tls://127.0.0.1:{closed.port}"},
            {"file": self.chain("soon", "+5d"), "order_lead": "7bd"},
            {"file": self.pki.leaf("alone", not_before="-90d",
                                   not_after="-2d").pem,
             "name": "alone \u202e|<b>"},
            {"file": self.path("missing.pem")},
            {"file": self.write("damaged.pem", b"-----BEGIN CERTIFICATE-----\n"
                                b"AAAA\n-----END CERTIFICATE-----\n")})

    def test_the_same_as_the_scan(self):
        """Whatever a scan told, the state tells again: JSON has it all."""
        self.populate()
        for _ in range(2):
            done = self.scan("--output", "json")
            self.assertEqual(done.status, CRITICAL, done)
            told = lasting(json.loads(done.stdout))
            self.assertEqual(len(told["targets"]), 7)
            again = self.report("--format", "json")
            self.assertRun(again, OK, stderr=r"\A\Z")
            self.assertEqual(lasting(json.loads(again.stdout)), told)
        mtls = next(t for t in told["targets"] if t.get("owner"))
        self.assertEqual(mtls["client"]["verdict"], "ok")
        soon = next(t for t in told["targets"] if "soon.chain" in t["name"])
        self.assertLess(soon["order_by"], soon["certificates"][0]["not_after"])

    def test_unchanged_rows_stay(self):
        """What reads the same costs the state no write."""
        mtls = self.nginx()
        self.watch({"endpoint": f"https://{NAME}:{mtls.port}/",
                    "address": "127.0.0.1"})
        self.scan()
        with self.state() as db:
            db.execute("CREATE TABLE writes (id)")
            db.execute("CREATE TRIGGER written AFTER INSERT ON sight BEGIN "
                       "INSERT INTO writes VALUES (NEW.id); END")
        self.scan()
        with self.state() as db:
            self.assertEqual(db.execute("SELECT * FROM writes").fetchall(), [])

    @contextlib.contextmanager
    def state(self):
        with contextlib.closing(sqlite3.connect(self.path("state.db"))) as db:
            with db:
                yield db

    def seen(self):
        done = self.report("--format", "json")
        self.assertRun(done, OK, stderr=r"\A\Z")
        return [len(t["certificates"]) for t in
                json.loads(done.stdout)["targets"]]

    def test_damaged_rows(self):
        """They are no crash, show but the status, and the next scan mends
        them although nothing has changed."""
        mtls = self.nginx()
        self.watch({"endpoint": f"https://{NAME}:{mtls.port}/",
                    "address": "127.0.0.1"})
        self.scan()
        whole = self.seen()
        self.assertGreater(whole[0], 0)
        for damage in ("result = x'00'", "result = x''", "name = 'other'",
                       "sum = 1, result = 'text'",
                       "result = substr(result, 1, length(result) - 1)"):
            with self.state() as db:
                db.execute("UPDATE sight SET " + damage)
            self.assertEqual(self.seen(), [0], damage)
            self.scan()
            self.assertEqual(self.seen(), whole, damage)

    def test_clock_ahead_for_once(self):
        """What was seen in the future is seen again, and so is known now."""
        mtls = self.nginx()
        self.watch({"endpoint": f"https://{NAME}:{mtls.port}/",
                    "address": "127.0.0.1"})
        self.scan("--at", "+1d")
        whole = self.seen()
        self.scan()
        self.assertEqual(self.seen(), whole)

    def test_departed_targets_leave(self):
        self.populate()
        self.scan()
        del self.config["targets"][1:]
        self.scan()
        told = json.loads(self.report("--format", "json").stdout)
        self.assertEqual(len(told["targets"]), 1)
        with sqlite3.connect(self.path("state.db")) as db:
            count = db.execute("SELECT count(*) FROM sight").fetchone()[0]
        self.assertEqual(count, 1)

    def test_formats(self):
        """Each of the table prints something of the same targets."""
        self.populate()
        self.scan()
        wrong = self.report("--format", "?")
        self.assertRun(wrong, UNKNOWN)
        formats = certvigil("report", "--help").stdout
        for name in ("table", "nagios", "json"):
            self.assertIn(name, formats)
            done = self.report("--format", name)
            self.assertRun(done, OK, r"soon\.chain\.pem", r"\A\Z")
        # As of the last scan, thresholds and all.
        self.assertRegex(self.report("--format", "nagios").stdout,
                         r"soon\.chain\.pem'=\d+s;143748:;65340:;")

    def test_write(self):
        self.populate()
        self.scan()
        page = self.path("page.json")
        done = self.report("--format", "json", "--write", page)
        self.assertRun(done, OK, r"\A\Z", r"\A\Z")
        self.assertEqual(stat.S_IMODE(os.stat(page).st_mode), 0o644)
        with open(page, encoding="utf-8") as f:
            self.assertEqual(len(json.load(f)["targets"]), 7)
        before = sorted(os.listdir(self.folder))
        done = self.report("--format", "json", "--write",
                           self.path("nowhere/page.json"))
        self.assertRun(done, UNKNOWN, r"\A\Z",
                       r"nowhere/page\.json: no new file beside it: No such")
        self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_write_as_a_shell_would(self):
        """Through links, with the mode that was there, and into what is no
        file; what may not be written stays."""
        self.watch({"file": self.chain("x.example", "+80d")})
        self.scan()
        page, link = self.write("page.json", b"old"), self.path("link.json")
        os.chmod(page, 0o640)
        os.symlink("page.json", link)
        self.assertRun(self.report("--format", "json", "--write", link), OK)
        self.assertTrue(os.path.islink(link))
        self.assertEqual(stat.S_IMODE(os.stat(page).st_mode), 0o640)
        with open(page, encoding="utf-8") as f:
            json.load(f)
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        self.assertRun(self.report("--format", "json", "--write", fifo), OK)
        self.assertIn(b"x.example", os.read(reader, 65536))
        os.close(reader)
        self.assertTrue(stat.S_ISFIFO(os.stat(fifo).st_mode))
        os.symlink("/dev/null", self.path("null"))
        done = self.report("--format", "json", "--write", self.path("null"))
        self.assertRun(done, OK, r"\A\Z", r"\A\Z")
        self.assertTrue(os.path.islink(self.path("null")))
        for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            done = self.report("--format", "json", "--write", name)
            self.assertRun(done, OK, r'"x\.example|x\.example', r"\A\Z")
        os.symlink("nowhere", self.path("dangling"))
        for name, why in (("dangling", "the link leads nowhere"),
                          ("", "want a file to replace, have a folder")):
            done = self.report("--format", "json", "--write", self.path(name))
            self.assertRun(done, UNKNOWN, r"\A\Z", why)

    def test_full_disk(self):
        """The old page stays, and nothing lies beside it."""
        folder = self.path("many")
        os.mkdir(folder)
        for i in range(60):
            shutil.copy(self.leaf.pem, f"{folder}/{i}.pem")
        self.watch({"file": folder})
        self.scan()
        page = self.write("page.json", b"old")
        done = support.run("sh", "-c", 'ulimit -f 80; trap "" XFSZ; exec "$@"',
                           "sh", support.CERTVIGIL, "report", "--config",
                           self.write_config(), "--format", "json", "--write",
                           page)
        self.assertRun(done, UNKNOWN, r"\A\Z",
                       r"page\.json: cannot be written: File too large")
        with open(page, "rb") as f:
            self.assertEqual(f.read(), b"old")
        self.assertEqual([name for name in os.listdir(self.folder)
                          if "page" in name], ["page.json"])

    def test_usage(self):
        self.assertRun(self.report("--write", ""), UNKNOWN, r"\A\Z",
                       "--write: want a path")
        self.assertRun(self.report("page.html"), UNKNOWN, r"\A\Z",
                       'want options alone, have "page.html"')
        self.assertRun(self.report(), UNKNOWN, r"\A\Z",
                       "not there: no scan has been made yet")


if __name__ == "__main__":
    support.main()
