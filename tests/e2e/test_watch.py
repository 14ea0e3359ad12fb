"""test_watch.py - the resident agent: what it tells the service manager, what
it looks at when, and that nothing is lost when it is stopped"""
import contextlib
import fcntl
import os
import re
import shutil
import signal
import sqlite3
import time

import support
from support import (BUILD, CRITICAL, OK, ROOT, certvigil)
from watch_support import WatchCase

MINUTE, HOUR = 60, 3600


def sanitized():
    with open(f"{BUILD}/flags", encoding="utf-8") as f:
        return "-fsanitize" in f.read()


class Watch(WatchCase):
    # --- life

    def test_life(self):
        self.watch({"file": self.chain("x.example", "+80d")},
                   {"file": self.path("missing.pem")})
        w = self.start()
        self.assertIn("READY", w.take())
        self.assertEqual(w.take(), {"STATUS": "Scanning 2 targets"})
        self.assertRegex(w.scanned(),
                         r"^Last scan \d\d:\d\d: 1 critical, 0 warning, 1 ok; "
                         r"next at \d\d:\d\d$")
        w.kill(signal.SIGTERM)
        w.wait(STOPPING="1", STATUS="; stopping$")
        self.assertEqual(w.end(None), OK, w.errors())
        self.assertEqual(w.errors(), "")
        self.assertRegex(w.lines(), r"(?m)^\d{4}-\S+Z \S+missing.pem: opened: ")
        self.assertRegex(w.lines(), r"(?m)^\S+Z scan complete: 2 targets, 1 ")

    def test_interrupt_and_quiet(self):
        self.expired()
        w = self.start("--quiet")
        w.scanned()
        self.assertEqual(w.end(signal.SIGINT), OK)
        self.assertEqual((w.lines(), w.errors()), ("", ""))

    def test_cannot_begin(self):
        path = self.write("bad.yaml", b"targets: [{file: x}]\nx: 1\ny: 2\n")
        done = certvigil("watch", "--config", path)
        self.assertRun(done, support.UNKNOWN, r"^$",
                       r"bad.yaml:2:1: .*\n.*bad.yaml:3:1: ")
        self.config["state"] = self.path("none/state.db")
        done = certvigil("watch", "--config", self.write_config())
        self.assertRun(done, support.UNKNOWN, r"^$", "folder is not there")
        for option, say in (("--every=0s", "1s to 30d"), ("x", "no targets")):
            self.assertRun(certvigil("watch", option), support.UNKNOWN, None,
                           say)

    def test_watchdog(self):
        """A probe that waits for its time is progress; it is for us alone."""
        self.silent(timeout="2s")
        w = self.start(watchdog_s=0.4)
        w.status("^Scanning 1 target$")
        before = w.beats
        w.scanned()
        self.assertGreaterEqual(w.beats - before, 5)
        before = w.beats
        while w.beats < before + 3:
            w.take()
        w.end()
        w = self.start(watchdog_s=0.2, env={"WATCHDOG_PID": "1"})
        w.scanned()
        w.end()
        self.assertEqual(w.beats, 0)

    # --- its configuration

    def test_reload(self):
        first = self.server("first.example")
        w = self.start()
        w.scanned()
        second = self.server("second.example")
        self.write_config()
        w.kill(signal.SIGHUP)
        told = w.wait(RELOADING="1")
        now = time.clock_gettime(time.CLOCK_MONOTONIC) * 1e6
        self.assertLess(abs(now - int(told["MONOTONIC_USEC"])), 30e6)
        w.wait(READY="1")
        self.assertIn("2 ok; next", w.scanned())
        self.assertEqual(second.connections, 1)
        seen = first.connections
        # What has not changed gives no reason to look.
        w.reload()
        w.scanned()
        self.assertEqual((first.connections, second.connections), (seen, 1))
        self.assertEqual(w.end(), OK)
        self.assertRegex(w.lines(), "config.yaml: the configuration is taken "
                         "up: 2 targets")

    def test_bad_reload(self):
        self.server("first.example")
        w = self.start()
        w.scanned()
        self.write("config.yaml", b"targets: [{file: x}]\nfoo: 1\nbar: 2\n")
        told = w.reload()["STATUS"]
        self.assertRegex(told, "1 ok; .*is refused, the one before stays in "
                         r"force: \S+config.yaml:2:1: ")
        self.assertRegex(w.errors(), r"config.yaml:2:1: .*foo.*\n"
                         r".*config.yaml:3:1: .*bar.*\n"
                         r"certvigil: \S+config.yaml: the configuration is "
                         "refused, the one before stays in force\n$")
        # It is so until there is a good one, and the old one is in force.
        w.kill(signal.SIGUSR1)
        self.assertRegex(w.scanned(), "1 ok; .* refused")
        self.write_config()
        self.assertNotIn("refused", w.reload()["STATUS"])
        self.assertEqual(w.end(), OK)

    def test_reload_in_a_scan(self):
        """It is answered at once, and taken up when the scan has ended."""
        slow = self.silent(timeout="3s")
        w = self.start()
        self.assertTrue(slow.come.wait(20))
        late = self.server("late.example")
        self.write_config()
        self.assertIn("scanning", w.reload()["STATUS"])
        self.assertEqual(late.connections, 0)
        w.status("^Last scan .*1 critical, 0 warning, 1 ok; next")
        self.assertEqual(late.connections, 1)
        self.assertEqual(w.end(), OK)

    # --- who is looked at when

    def test_intervals(self):
        often = self.server("often.example", interval="10m")
        seldom = self.server("seldom.example")
        w = self.start()
        w.scanned()
        w.end()
        # Begun again and again, it does not look again and again.
        w = self.start()
        self.assertRegex(w.scanned(), "2 ok; next")
        w.end()
        self.assertEqual((often.connections, seldom.connections), (1, 1))
        before = {t["name"]: t for t in self.known()["targets"]}
        self.age(20 * MINUTE)
        w = self.start()
        w.status("^Scanning 1 target$")
        self.assertRegex(w.scanned(), "0 critical, 0 warning, 2 ok; next")
        w.end()
        self.assertEqual((often.connections, seldom.connections), (2, 1))
        # Who was not looked at is known as before.
        after = {t["name"]: t for t in self.known()["targets"]}
        self.assertEqual(set(after), set(before))
        with contextlib.closing(sqlite3.connect(self.config["state"])) as db:
            rows = dict(db.execute("SELECT name, observed_at FROM target"))
            last, = db.execute("SELECT time FROM scan").fetchone()
        self.assertIn(rows["often.example"], (None, last))
        self.assertLess(rows["seldom.example"], last - 19 * MINUTE)
        self.age(HOUR)
        w = self.start()
        w.status("^Scanning 2 targets$")
        w.scanned()
        w.end()
        self.assertEqual((often.connections, seldom.connections), (3, 2))

    def test_every(self):
        """By its own clock, and a new file is found by the next round."""
        os.mkdir(self.path("certs"))
        self.watch({"file": self.path("certs")})
        server = self.server("x.example")
        shutil.copy(self.chain("a.example", "+80d"), self.path("certs/a.pem"))
        w = self.start("--every", "1s")
        w.status("2 ok; next")
        shutil.copy(self.chain("b.example", "+80d"), self.path("certs/b.pem"))
        w.status("3 ok; next")
        os.unlink(self.path("certs/a.pem"))
        w.status("2 ok; next")
        w.end()
        self.assertGreaterEqual(server.connections, 3)

    def test_now(self):
        server = self.server("x.example", interval="10d")
        w = self.start()
        w.scanned()
        w.kill(signal.SIGUSR1)
        w.status("^Scanning 1 target$")
        w.scanned()
        self.assertEqual(server.connections, 2)
        w.end()

    def test_changed_file(self):
        """It is looked at with whatever is looked at next."""
        live = self.path("live.pem")
        shutil.copy(self.chain("x.example", "+80d"), live)
        self.watch({"file": live, "interval": "10d"})
        often = self.server("often.example", interval="10m")
        w = self.start()
        self.assertIn("2 ok; next", w.scanned())
        w.end()
        shutil.copy(self.chain("y.example", "-1d", not_before="-90d"), live)
        self.age(20 * MINUTE)
        w = self.start()
        self.assertRegex(w.scanned(), "1 critical, 0 warning, 1 ok; next")
        w.end()
        self.assertEqual(often.connections, 2)

    # --- messages

    def test_retry(self):
        """A message is tried again between the rounds, by its own time."""
        self.expired()
        server = self.server("x.example")
        chat = self.hook({"status": 500}, {})
        w = self.start()
        self.assertRegex(w.scanned(), "; 1 message waits; next at")
        w.status("^Last scan .* ok; next at")
        w.end()
        first, second = chat.received
        self.assertEqual(first.headers["webhook-id"],
                         second.headers["webhook-id"])
        self.assertEqual(server.connections, 1)
        self.assertRegex(w.errors(), "^certvigil: chat: message msg_.* is not "
                         r"delivered: .*; it will be tried again\n$")

    def test_stop_in_a_delivery(self):
        """It is waited for, and noted: nobody is told twice."""
        self.expired()
        chat = self.hook({"delay": 1.5})
        w = self.start()
        chat.wait(1)
        self.assertEqual(w.end(), OK)
        w = self.start()
        w.scanned()
        w.end()
        done = self.scan("--quiet", "--at", "+1h")
        self.assertRun(done, CRITICAL)
        self.assertEqual(len(chat.received), 1)

    def test_stop_with_messages(self):
        """What is not delivered is there for the next start."""
        self.expired()
        chat = self.hook({"status": 503}, {})
        w = self.start()
        w.status("1 message waits")
        self.assertEqual(w.end(), OK)
        with contextlib.closing(sqlite3.connect(self.config["state"])) as db:
            db.execute("UPDATE outbox SET next_at = 1")
            db.commit()
        w = self.start()
        chat.wait(2)
        w.scanned()
        self.assertEqual(w.end(), OK)
        first, second = chat.received
        self.assertEqual(first.headers["webhook-id"],
                         second.headers["webhook-id"])

    # --- the end

    def test_stop_in_a_scan(self):
        """Half a scan is none: the next one finds all of it."""
        self.expired()
        chat = self.hook({})
        slow = self.silent(timeout="60s")
        w = self.start()
        self.assertTrue(slow.come.wait(20))
        began = time.monotonic()
        self.assertEqual(w.end(limit_s=20), OK)
        self.assertLess(time.monotonic() - began, 15)
        self.assertEqual(self.known()["targets"], [])
        self.assertEqual(chat.received, [])
        self.config["targets"].pop()
        w = self.start()
        w.scanned()
        w.end()
        self.assertEqual(len(chat.received), 1)

    def test_second_signal(self):
        slow = self.silent(timeout="60s")
        w = self.start()
        self.assertTrue(slow.come.wait(20))
        w.kill(signal.SIGTERM)
        w.wait(STOPPING="1")
        self.assertEqual(w.end(limit_s=4), -signal.SIGTERM)

    def test_failed_round(self):
        """It is told, and tried again; the process stays."""
        self.expired()
        os.mkdir(self.path("var"))
        self.config["state"] = self.path("var/state.db")
        w = self.start()
        w.scanned()
        os.rename(self.path("var"), self.path("away"))
        w.kill(signal.SIGUSR1)
        self.assertRegex(w.status("failed"), r"1 critical.*; failed: .*folder "
                         r"is not there.*; again at \d\d:\d\d$")
        os.rename(self.path("away"), self.path("var"))
        w.status("^Scanning 1 target$")
        w.scanned()
        self.assertEqual(w.end(), OK)
        self.assertRegex(w.errors(), "^certvigil: .*folder is not there.*\n$")

    def test_locked(self):
        """Another scan is no reason not to begin, nor not to end."""
        self.expired()
        with open(self.config["state"] + ".lock", "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            w = self.start()
            w.wait(READY="1")
            self.assertEqual(w.end(limit_s=20), OK)
            w = self.start()
            w.wait(READY="1")
        w.scanned()
        self.assertEqual(w.end(), OK)

    # --- what it takes

    def usage(self, w):
        """(kilobytes in memory, open descriptors)"""
        pid = w.process.pid
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            rss = int(re.search(r"VmRSS:\s+(\d+)", f.read())[1])
        return rss, len(os.listdir(f"/proc/{pid}/fd"))

    def test_flat(self):
        os.mkdir(self.path("certs"))
        for i in range(8):
            self.chain(f"{i}.example", "+80d")
            shutil.copy(self.path(f"{i}.example.chain.pem"),
                        self.path(f"certs/{i}.pem"))
        self.watch({"file": self.path("certs")})
        for i in range(3):
            self.server(f"live{i}.example")
        chat = self.hook({"status": 500})
        self.expired()
        w = self.start("--quiet")
        w.scanned()
        sizes = []
        for _ in range(60):
            w.kill(signal.SIGUSR1)
            w.status("^Scanning")
            w.scanned()
            sizes.append(self.usage(w))
        self.assertEqual(w.end(), OK)
        self.assertGreater(len(chat.received), 0)
        rss, fds = zip(*sizes[10:])
        # A thread that has just ended may still have one of its own: chance
        # raises the ceiling, and only a leak the floor.
        self.assertLessEqual(min(fds[25:]), min(fds[:25]), sizes)
        self.assertLessEqual(max(fds), min(fds) + 1, sizes)
        if not sanitized():
            # What is freed lies in quarantine there.
            self.assertLess(max(rss), 1.05 * rss[0] + 512, sizes)


class Units(support.Case):
    def test_same_sandbox(self):
        """The resident service may do what a scan's may, and no more."""
        # How it runs, and what belongs to that.
        own = {"Type", "ExecStart", "ExecReload", "NotifyAccess",
               "WatchdogSec", "Restart", "RestartSec", "TimeoutStopSec",
               "TimeoutStartSec", "SuccessExitStatus", "User"}

        def settings(name):
            with open(f"{ROOT}/systemd/{name}.in", encoding="utf-8") as f:
                part = f.read().split("[Service]\n")[1].split("\n[")[0]
            return sorted(line for line in part.splitlines()
                          if "=" in line and not line.startswith("#")
                          and line.split("=")[0] not in own)

        self.assertEqual(settings("certvigil-watch.service"),
                         settings("certvigil.service"))


if __name__ == "__main__":
    support.main()
