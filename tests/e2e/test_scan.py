"""test_scan.py - scans of a configuration: results, mistakes, state, alerts"""
import contextlib
import fcntl
import json
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess

import support
from support import (CRITICAL, OK, UNKNOWN, WARNING, Host, Nginx, ScanCase,
                     certvigil)
from receivers import WebhookReceiver

SECRET = "whsec_" + "c2VjcmV0" * 6


class Results(ScanCase):
    def test_status_of_the_worst(self):
        rows = [("+80d", OK), ("+20d", WARNING), ("+5d", CRITICAL)]
        for end, status in rows:
            self.watch({"file": self.chain(f"x{end[1:]}.example", end,
                                           not_before="-80d")})
            with self.subTest(end=end):
                done = self.scan()
                self.assertRun(done, status)
                self.assertEqual(done.stderr, "")

    def test_outputs(self):
        good = self.chain("good.example", "+80d")
        www = self.pki.leaf("www.example.com", not_before="-70d",
                            not_after="+20d")
        nginx = self.own(Nginx(self.folder, [
            Host("www.example.com", self.pki.chain(www), www.key)]))
        self.watch(
            {"file": good, "owner": "web-team"},
            {"endpoint": f"https://www.example.com:{nginx.port}",
             "address": "127.0.0.1", "name": "shop"},
            {"file": self.path("missing.pem")})

        done = self.scan("--output", "json")
        self.assertRun(done, CRITICAL)
        document = json.loads(done.stdout)
        self.assertEqual(document["summary"], {
            "ok": 1, "warning": 1, "critical": 1, "unknown": 0})
        self.assertEqual([t["name"] for t in document["targets"]],
                         [good, "shop", self.path("missing.pem")])
        self.assertEqual(document["targets"][0]["owner"], "web-team")
        self.assertEqual(document["targets"][1]["certificates"][0]["subject"],
                         "CN=www.example.com")

        table = self.scan().stdout
        order = [table.index(word) for word in
                 ("missing.pem", "shop", "good.example")]
        self.assertEqual(order, sorted(order), "worst first")
        self.assertRegex(table, r"3 targets: 1 critical, 1 warning, 1 ok")
        self.assertRun(self.scan("--output", "nagios"), CRITICAL,
                       r"^CERTVIGIL CRITICAL - 3 targets")
        done = self.scan("--quiet")
        self.assertRun(done, CRITICAL, r"^$", r"^$")

    def test_patterns(self):
        os.mkdir(self.path("some"))
        for name in "abc":
            shutil.copy(self.chain(f"{name}.example", "+80d"),
                        self.path(f"some/{name}.pem"))
        for pattern in ("some", "some/*.pem", "some/[a-c].pem"):
            with self.subTest(pattern=pattern):
                self.config["targets"] = [{"file": pattern}]
                document = json.loads(self.scan("--output", "json").stdout)
                self.assertEqual(
                    [os.path.basename(t["name"])
                     for t in document["targets"]],
                    ["a.pem", "b.pem", "c.pem"])

    def test_settings_of_one_target(self):
        chain = self.chain("x.example", "+20d",
                           not_before="-70d")
        self.watch({"file": chain, "warning": "10d", "critical": "5d"})
        self.assertRun(self.scan(), OK)
        self.config["targets"][0]["findings"] = {"name.missing": "warning"}
        self.config["targets"][0]["names"] = ["y.example"]
        self.assertRun(self.scan(), WARNING)

    def test_at(self):
        self.watch({"file": self.chain("x.example", "+80d")})
        self.assertRun(self.scan("--at", "+70d"), CRITICAL)

    def test_service_manager(self):
        """What `systemctl status` shows while it works, and afterwards."""
        self.watch({"file": self.chain("x.example", "+80d")},
                   {"file": self.path("missing.pem")})
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.bind(self.path("notify"))
        manager.settimeout(10)
        self.assertRun(self.scan(env={"NOTIFY_SOCKET": self.path("notify")}),
                       CRITICAL)
        self.assertEqual(manager.recv(1024), b"STATUS=Scanning 2 targets")
        self.assertEqual(manager.recv(1024), b"STATUS=Last scan: 1 critical, "
                                             b"0 warning, 1 ok")

    def test_unwritable_output(self):
        self.watch({"file": self.chain("x.example", "+80d")})
        path = self.write_config()
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [support.CERTVIGIL, "scan", "--config", path], stdout=full,
                stderr=subprocess.PIPE, timeout=30)
        self.assertIn(b"output", done.stderr)
        self.assertEqual(done.returncode, UNKNOWN)


class Mistakes(ScanCase):
    """What is wrong with a configuration is told with its place."""

    def check(self, text, *args):
        path = self.write("config.yaml", text.encode())
        return certvigil("scan", "--config", path, *args)

    def test_all_are_told(self):
        done = self.check("targets:\n"
                          "  - endpoit: https://www.example.com\n"
                          "    file: x.pem\n"
                          "defaults:\n"
                          "  retries: many\n"
                          "  timeout: 0s\n"
                          "  timeout: 5s\n")
        self.assertRun(done, UNKNOWN, r"^$")
        path = re.escape(self.path("config.yaml"))
        for place in ('2:5: .*"endpoit"; did you mean "endpoint"',
                      "5:12: .*want a number.*many", "6:12: .*timeout.*0s",
                      "7:3: .*timeout.*again"):
            self.assertRegex(done.stderr, rf"(?m)^{path}:{place}")

    def test_include(self):
        os.mkdir(self.path("conf.d"))
        self.write("conf.d/a.yaml", b"targets:\n  - fil: x.pem\n")
        done = self.check("include: conf.d/*.yaml\n"
                          f"state: {self.path('state.db')}\n")
        self.assertRun(done, UNKNOWN, r"^$", r'conf\.d/a\.yaml:2:5: .*"fil"')

    def test_unreadable_files(self):
        rows = [
            ("missing", None),
            ("empty", b""),
            ("binary", bytes(range(256)) * 4),
            ("not UTF-8", b"state: \xff\xfe\n"),
            ("no map", b"- 1\n- 2\n"),
            ("broken", b"targets: [\n"),
            ("tab", b"targets:\n\t- file: x\n"),
        ]
        for name, data in rows:
            with self.subTest(name=name):
                path = self.path(name + ".yaml")
                if data is not None:
                    self.write(name + ".yaml", data)
                done = certvigil("scan", "--config", path)
                self.assertRun(done, UNKNOWN, r"^$")
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertIn(path, done.stderr)
        done = certvigil("scan", "--config", self.folder)
        self.assertRun(done, UNKNOWN, r"^$", re.escape(self.folder))

    def test_config_commands(self):
        self.watch({"file": self.chain("x.example", "+80d")})
        self.notify("chat", "webhook", url="https://hooks.example/T0K3N",
                    secret=SECRET)
        path = self.write_config()
        os.chmod(path, 0o600)
        self.assertRun(certvigil("config", "check", "--config", path), OK)
        done = certvigil("config", "show", "--config", path)
        self.assertRun(done, OK, r"x\.example")
        self.assertNotIn("T0K3N", done.stdout)
        self.assertNotIn(SECRET[6:], done.stdout)
        self.assertRun(certvigil("config", "keys"), OK,
                       r"(?m)^.*alerts\.repeat")
        # What it shows is a configuration again.
        self.write("bad.yaml", b"stat: x\n")
        self.assertRun(certvigil("config", "check", "--config",
                                 self.path("bad.yaml")), UNKNOWN)

    def test_secret_that_others_can_read(self):
        self.notify("chat", "webhook", url="https://hooks.example/T0K3N")
        path = self.write_config()
        os.chmod(path, 0o644)
        done = certvigil("config", "check", "--config", path)
        self.assertRun(done, UNKNOWN, None, r"config\.yaml:\d+:\d+: ")
        self.assertNotIn("T0K3N", done.stderr + done.stdout)

    def test_trust_bundle_that_is_none(self):
        self.watch({"file": self.chain("x.example", "+80d")})
        self.config["defaults"]["trust"] = self.path("nothing.pem")
        self.assertRun(self.scan(), CRITICAL, r"CRITICAL.*nothing\.pem")


class State(ScanCase):
    """Whatever is wrong with the state: a clear line, 3, nothing lost."""

    def setUp(self):
        super().setUp()
        self.watch({"file": self.path("missing.pem")})
        self.state = self.config["state"]

    def test_other_files_are_left_alone(self):
        newer = self.path("newer.db")
        self.assertRun(self.scan("--state", newer), CRITICAL)
        with contextlib.closing(sqlite3.connect(newer)) as db:
            db.execute("PRAGMA user_version = 999")
            db.execute("PRAGMA journal_mode = DELETE")
        other = self.path("other.db")
        with contextlib.closing(sqlite3.connect(other)) as db:
            db.execute("CREATE TABLE address_book (name TEXT)")
        rows = [
            (self.write("noise.db", b"no database at all\n" * 400), "no data"),
            (self.write("short.db", b"SQLite format 3\0"), "no data"),
            (other, "another program"),
            (newer, "newer"),
        ]
        for path, word in rows:
            with self.subTest(path=path):
                with open(path, "rb") as f:
                    before = f.read()
                done = self.scan("--state", path)
                self.assertRun(done, UNKNOWN, r"^$", word)
                self.assertIn(path, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1)
                with open(path, "rb") as f:
                    self.assertEqual(f.read(), before)

    def test_damaged(self):
        self.assertRun(self.scan(), CRITICAL)
        size = os.path.getsize(self.state)
        with open(self.state, "r+b") as f:
            f.seek(100)
            f.write(b"\xa5" * (size - 100))
        self.assertRun(self.scan(), UNKNOWN, r"^$", re.escape(self.state))

    def test_locked(self):
        """By another scan, and by somebody who holds the database."""
        first, second = self.path("first.db"), self.path("second.db")
        for path in (first, second):
            self.assertRun(self.scan("--state", path), CRITICAL)
        with open(first + ".lock", "r+b") as lock, \
                contextlib.closing(sqlite3.connect(second)) as db:
            fcntl.flock(lock, fcntl.LOCK_EX)
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            config = self.path("config.yaml")
            waiting = [subprocess.Popen(**support.command(
                support.CERTVIGIL, "scan", "--config", config, "--state", p))
                for p in (first, second)]
            for p, word in zip(waiting, ("another scan", "locked")):
                out, err = p.communicate(timeout=60)
                self.assertEqual((p.returncode, out), (UNKNOWN, b""), err)
                self.assertIn(word, err.decode())
        for path in (first, second):
            self.assertRun(self.scan("--state", path), CRITICAL)

    def test_no_place(self):
        rows = [self.path("no/such/folder/state.db"), self.folder,
                self.path("config.yaml") + "/state.db"]
        for path in rows:
            with self.subTest(path=path):
                self.assertRun(self.scan("--state", path), UNKNOWN, r"^$",
                               re.escape(path))

    def test_no_right_to_write(self):
        """As somebody else than root, who may write anything."""
        config = self.write_config()
        self.assertRun(self.scan(), CRITICAL)
        program = shutil.copy(support.CERTVIGIL, self.path("certvigil"))
        os.chmod(self.folder, 0o755)
        for name in os.listdir(self.folder):
            os.chmod(self.path(name), 0o555)
        who = {"user": 65534, "group": 65534, "extra_groups": []} \
            if os.geteuid() == 0 else {}
        done = subprocess.run(
            [program, "scan", "--config", config], capture_output=True,
            timeout=30, **who)
        self.assertEqual(done.returncode, UNKNOWN, done.stderr)
        self.assertRegex(done.stderr.decode(), r"state\.db")
        os.chmod(config, 0o000)
        done = subprocess.run(
            [program, "scan", "--config", config], capture_output=True,
            timeout=30, **who)
        self.assertEqual(done.returncode, UNKNOWN, done.stderr)
        self.assertRegex(done.stderr.decode(), r"config\.yaml: .*denied")

    def test_full_disk(self):
        """What could not be stored is told by the next scan."""
        chat = self.own(WebhookReceiver())
        self.config["targets"] = []
        self.notify("chat", "webhook", url=f"http://127.0.0.1:{chat.port}/")
        self.assertRun(self.scan(), OK)
        self.watch({"file": self.path("missing.pem")})
        config = self.write_config()

        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        done = subprocess.run([support.CERTVIGIL, "scan", "--config", config],
                              capture_output=True, timeout=30,
                              preexec_fn=small_files)
        self.assertEqual(done.returncode, UNKNOWN, done)
        self.assertIn(b"state.db", done.stderr)
        self.assertEqual(len(chat.received), 0)
        self.assertRun(self.scan(), CRITICAL)
        self.assertEqual(len(chat.received), 1)

    def test_status(self):
        self.assertRun(certvigil("status", "--config", self.write_config()),
                       UNKNOWN, None, "no scan")
        self.watch({"file": self.chain("x.example", "+80d")})
        self.assertRun(self.scan(), CRITICAL)
        done = certvigil("status", "--config", self.path("config.yaml"))
        self.assertRun(done, OK, r"(?s)2 targets: 1 critical, 1 ok;"
                       r" 1 open incident.*missing\.pem")

    def test_state_directory(self):
        del self.config["state"]
        os.mkdir(self.path("var"))
        done = self.scan(env={"STATE_DIRECTORY": self.path("var")})
        self.assertRun(done, CRITICAL)
        self.assertEqual(os.stat(self.path("var/state.db")).st_mode & 0o777,
                         0o600)


if __name__ == "__main__":
    support.main()
