"""test_watch_rough.py - the resident agent when the world about it changes:
its clock, its state, its configuration, and who else is at work"""
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time

import support
from support import CERTVIGIL, OK, certvigil
from watch_support import WatchCase


class Rough(WatchCase):
    def report(self):
        done = certvigil("report", "--state", self.config["state"],
                         "--format", "json")
        self.assertRun(done, OK)
        return {t["name"]: t for t in json.loads(done.stdout)["targets"]}

    def execute(self, *statements):
        with contextlib.closing(sqlite3.connect(self.config["state"])) as db:
            with db:
                for one in statements:
                    db.execute(one)

    def test_nothing_left(self):
        """Without a target there is nothing to do, and nothing is done."""
        self.expired()
        w = self.start("--every", "1s")
        w.scanned()
        self.config["targets"] = []
        self.write_config()
        w.kill(signal.SIGHUP)
        w.wait(RELOADING="1")
        w.status("^Last scan .*0 critical, 0 warning, 0 ok; next at")
        # Longer than it took to be due.
        before, deadline = len(w.told), time.monotonic() + 1.5
        with contextlib.suppress(TimeoutError):
            while (left_s := deadline - time.monotonic()) > 0:
                w.take(left_s)
        self.assertLess(len(w.told) - before, 5, w.told[-5:])
        self.assertEqual(w.end(), OK)

    def test_reload_is_never_before_its_signal(self):
        """systemd takes no notice of one that is dated earlier."""
        self.expired()
        w = self.start()
        w.scanned()
        for _ in range(5):
            before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            w.kill(signal.SIGHUP)
            told = w.wait(RELOADING="1")
            self.assertGreaterEqual(int(told["MONOTONIC_USEC"]), before)
            w.wait(READY="1")
            w.scanned()
        self.assertEqual(w.end(), OK)

    def test_signal_while_it_begins(self):
        """Its configuration is a pipe: it waits there to be read."""
        self.expired()
        with open(self.write_config(), "rb") as f:
            text = f.read()
        os.unlink(self.path("config.yaml"))
        os.mkfifo(self.path("config.yaml"))
        p = subprocess.Popen([CERTVIGIL, "watch", "--config",
                              self.path("config.yaml")],
                             stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(p.kill)
        # Opened once it reads.
        with open(self.path("config.yaml"), "wb") as pipe:
            p.send_signal(signal.SIGHUP)
            p.send_signal(signal.SIGTERM)
            pipe.write(text)
        os.unlink(self.path("config.yaml"))
        with open(self.path("config.yaml"), "wb") as f:
            f.write(text)
        _, err = p.communicate(timeout=20)
        self.assertEqual((p.returncode, err), (OK, b""))

    def test_clock_set_back(self):
        """A day ahead for once: all is looked at again, and then at rest."""
        server = self.server("x.example", interval="10m")
        self.scan("--at", "+1d")
        w = self.start()
        w.scanned()
        self.assertEqual(server.connections, 2)
        w.reload()
        w.scanned()
        w.end()
        self.assertEqual(server.connections, 2)
        self.assertTrue(self.report()["x.example"]["certificates"])

    def test_carried_pairing(self):
        """What an endpoint was paired with is known while it rests."""
        server = self.server("x.example", deployed="auto", interval="10d")
        self.watch({"file": self.path("x.example.chain.pem")})
        self.server("often.example", interval="10m")
        w = self.start()
        w.scanned()
        w.end()
        told = self.report()["x.example"]
        self.assertTrue(told["deployed"])
        self.age(1200)
        w = self.start()
        w.scanned()
        w.end()
        self.assertEqual(server.connections, 1)
        self.assertEqual(self.report()["x.example"].get("deployed"),
                         told["deployed"])

    def test_unreadable_messages_stop_no_scan(self):
        """A delivery that fails for ever is no reason not to look."""
        server = self.server("x.example")
        self.hook({"status": 500})
        self.expired()
        w = self.start("--every", "2s")
        w.scanned()
        self.execute("ALTER TABLE outbox RENAME COLUMN last_answer TO gone")
        w.status("failed")
        seen = server.connections
        deadline = time.monotonic() + 25
        while server.connections < seen + 2 and time.monotonic() < deadline:
            with contextlib.suppress(TimeoutError):
                w.take(0.5)
        self.assertGreaterEqual(server.connections, seen + 2)
        w.end()

    def alarm_s(self, w):
        """In how many seconds it will wake up by itself."""
        folder = f"/proc/{w.process.pid}/fdinfo"
        for fd in os.listdir(folder):
            with open(f"{folder}/{fd}", encoding="ascii") as f:
                told = dict(line.split(":", 1) for line in f if ":" in line)
            if told.get("clockid", "").strip() == "7":
                return int(told["it_value"].split("(")[1].split(",")[0])
        return None

    def test_receiver_is_left_alone(self):
        """It has said for how long; messages behind the first one are no
        reason to come back sooner."""
        chat = self.hook({"status": 503, "headers": {"Retry-After": "1800"}})
        self.config["alerts"]["group"] = "target"
        self.server("x.example", names=["a.example"], interval="10d")
        self.server("y.example", names=["a.example"], interval="10d")
        w = self.start()
        self.assertIn("2 messages wait", w.scanned())
        self.assertEqual(chat.requests, 1)
        self.assertGreaterEqual(self.alarm_s(w), 1700)
        w.end()

    def test_scan_beside(self):
        """A scan by hand is taken for what it is: nothing is told twice."""
        chat = self.hook()
        server = self.server("x.example", names=["other.example"])
        w = self.start()
        w.scanned()
        for _ in range(3):
            self.scan()
        self.assertEqual(server.connections, 4)
        w.reload()
        w.scanned()
        self.assertEqual(w.end(), OK)
        self.assertEqual(server.connections, 4)
        self.assertEqual(chat.requests, 1)

    def test_carried_incident(self):
        """It is told once, stays open while its target rests, and ends when a
        look says so; who joins and leaves meanwhile changes nothing."""
        chat = self.hook()
        self.server("often.example", interval="10m")
        bad = self.server("bad.example", interval="10d",
                          names=["other.example"])
        w = self.start()
        w.scanned()
        w.end()
        told = chat.requests
        self.assertEqual(told, 1)
        shutil.copy(self.chain("new.example", "+80d"), self.path("new.pem"))
        for _ in range(4):
            self.age(1200)
            w = self.start()
            w.scanned()
            w.end()
        self.assertEqual((chat.requests, bad.connections), (told, 1))
        status = {t["name"]: t["status"] for t in self.known()["targets"]}
        self.assertEqual(status["bad.example"], "critical")
        # A target joins: the configuration is another, and all are looked at.
        self.watch({"file": self.path("new.pem")})
        w = self.start()
        w.scanned()
        self.assertEqual((chat.requests, bad.connections), (told, 2))
        self.config["targets"][1]["names"] = ["bad.example"]
        self.write_config()
        w.reload()
        w.scanned()
        w.end()
        self.assertEqual((chat.requests, bad.connections),
                         (told + 1, 3))


if __name__ == "__main__":
    support.main()
