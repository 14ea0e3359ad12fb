"""test_kill.py - SIGKILL at any moment loses no alert and invents none"""
import collections
import contextlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time

import support
from support import BUILD, CERTVIGIL, CRITICAL, OK, ScanCase, command
from receivers import WebhookReceiver

KILLS = 200
KILLS_SANITIZED = 60  # each scan takes several times as long

# What a scan does to its state and its receivers, one call after the other.
CALLS = ("openat", "fcntl", "flock", "pread64", "pwrite64", "fsync",
         "fdatasync", "ftruncate", "unlink", "mmap", "close", "connect",
         "poll", "sendto", "recvfrom", "futex")

BEFORE, COMMITTED, SENT, NOTED = (
    "before the commit", "committed, not sent", "sent, not noted", "noted")


def sanitized():
    with contextlib.suppress(OSError):
        with open(f"{BUILD}/flags", encoding="utf-8") as f:
            return "-fsanitize" in f.read()
    return False


def can_trace():
    """strace is there, and the machine lets it do its work."""
    with contextlib.suppress(OSError):
        return subprocess.run(
            ["strace", "-qq", "-o", "/dev/null", "true"],
            stderr=subprocess.DEVNULL, timeout=10, check=False).returncode == 0
    return False


class Executioner(WebhookReceiver):
    """Has `kill` called before or after it answers, if `when` says so."""

    when = kill = None

    def answer(self, peer, does, status):
        when = self.when
        if when == "before":
            self.kill()
        super().answer(peer, does, status)
        if when == "after":
            self.kill()


class Kill(ScanCase):
    def setUp(self):
        super().setUp()
        # It takes its time, so that some kills come between its having the
        # message and the agent's having its answer.
        self.chat = self.own(Executioner(behaviour={"delay": 0.02}))
        self.pager = self.own(Executioner())
        self.notify("chat", "webhook", url=self.chat.url)
        self.notify("pager", "webhook", url=self.pager.url)
        self.chance = random.Random()
        self.kills = collections.Counter()  # by the step that they met
        self.rounds = 0
        self.live = shutil.copy(self.chain("old.example", "-1d",
                                           not_before="-90d"),
                                self.path("live.pem"))

    def add_target(self):
        """One more incident to come: the target's certificate is expired."""
        self.rounds += 1
        name = f"round-{self.rounds:04}"
        self.watch({"file": self.live, "name": name})
        return name

    def start(self, *before, env=None):
        how = command(CERTVIGIL, "scan", "--quiet", "--config",
                      self.write_config(), env=env)
        how["args"] = [*before, *how["args"]]
        return subprocess.Popen(**how)

    def end(self, p):
        """Wait for the end; says whether it was killed."""
        _, err = p.communicate(timeout=60)
        if p.returncode == -signal.SIGKILL:
            return True
        self.assertEqual(p.returncode, CRITICAL, err)
        return False

    # Three ways to choose the moment.

    def kill_at_random(self, whole_s):
        p = self.start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            p.wait(self.chance.uniform(0, 1.1 * whole_s))
        p.kill()
        return self.end(p)

    def kill_by_receiver(self, when):
        begun = threading.Event()
        receiver = self.chance.choice([self.chat, self.pager])

        def kill():
            receiver.when = None
            begun.wait(10)
            p.kill()

        receiver.kill, receiver.when = kill, when
        p = self.start()
        begun.set()
        return self.end(p)

    def kill_at_call(self, call, nth):
        """As it begins its `nth` call of that name; strace does it."""
        return self.end(self.start(
            "strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
            "-e", f"inject={call}:signal=KILL:when={nth}",
            env={"ASAN_OPTIONS": "detect_leaks=0"}))

    def calls_of_a_scan(self):
        """[(name, how often until then)] from the opening of the state on."""
        log = self.path("calls")
        self.add_target()
        self.assertFalse(self.end(self.start(
            "strace", "-f", "-qq", "-o", log, "-e",
            "trace=" + ",".join(CALLS), env={
                "ASAN_OPTIONS": "detect_leaks=0"})))
        counts, found, opened = collections.Counter(), [], False
        with open(log, encoding="utf-8", errors="replace") as f:
            for line in f:
                m = re.match(r"(\d+) +(\w+)\(", line)
                if not m:
                    continue
                counts[m.groups()] += 1
                opened = opened or "state.db" in line
                if opened:
                    found.append((m[2], counts[m.groups()]))
        return found

    def spread(self, calls, n):
        """n of them, from beginning to end, and some more of the end."""
        part = len(calls) / n
        return [calls[int((i + self.chance.random()) * part)]
                for i in range(n)] + calls[-8:]

    # Which step it was, from what is left behind.

    def step(self, name):
        os.makedirs(self.path("copy"), exist_ok=True)
        for end in ("", "-wal"):
            # Looked at in a copy: to open it would mend it.
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(self.config["state"] + end,
                            self.path(f"copy/state.db{end}"))
        with contextlib.closing(
                sqlite3.connect(self.path("copy/state.db"))) as db:
            known, = db.execute("SELECT count(*) FROM target "
                                "WHERE name = ?", (name,)).fetchone()
            waiting, = db.execute("SELECT count(*) FROM outbox "
                                  "WHERE body LIKE ?",
                                  (f"%{name}%",)).fetchone()
        shutil.rmtree(self.path("copy"))
        if known == 0:
            return BEFORE
        if waiting == 0:
            return NOTED
        sent = any(name.encode() in r.body for r in
                   self.chat.received + self.pager.received)
        return SENT if sent else COMMITTED

    def one(self, how, *args):
        name = self.add_target()
        if how(*args):
            self.kills[self.step(name)] += 1

    # What the receivers were told.

    def events(self, receiver):
        """[(message, event)] of each message once."""
        bodies = collections.defaultdict(set)
        for request in receiver.received:
            bodies[request.headers["webhook-id"]].add(request.body)
        for one, same in bodies.items():
            self.assertEqual(len(same), 1, f"{one} is always the same message")
        return [(one, event) for one, (body,) in bodies.items()
                for event in json.loads(body)["data"]["events"]]

    def account(self, receiver):
        """(lost, invented, doubled under another id), and that all ended."""
        want = {t["name"] for t in self.config["targets"]}
        opened = collections.defaultdict(set)
        invented, incidents, over = 0, {}, collections.Counter()
        for message, e in self.events(receiver):
            kind = (e["event"], e.get("finding"))
            if kind == ("opened", "expiry.expired") and e["target"] in want:
                opened[e["target"]].add(message)
                incidents[e["target"]] = e["incident"]
            elif kind == ("resolved", "expiry.expired"):
                over[e["incident"]] += 1
            elif kind != ("renewed", None):
                invented += 1
        self.assertEqual(over, collections.Counter(incidents.values()),
                         "each is resolved once, by the id it was opened by")
        return (len(want - set(opened)), invented,
                sum(len(ids) - 1 for ids in opened.values()))

    def test_kill(self):
        trace = can_trace()
        want = KILLS_SANITIZED if sanitized() else KILLS
        # Some of them come when all is over.
        n_random, n_receiver, n_call = (
            want * share // 100 for share in (35, 12, 60))
        if not trace:
            n_random, n_call = n_random + n_call, 0

        self.add_target()
        began = time.monotonic()
        self.assertFalse(self.end(self.start()))
        whole_s = time.monotonic() - began
        plan = [(self.kill_at_random, whole_s)] * n_random
        for when in ("before", "after"):
            plan += [(self.kill_by_receiver, when)] * n_receiver
        if trace:
            plan += [(self.kill_at_call, *call) for call in self.spread(
                self.calls_of_a_scan(), n_call)]
        self.chance.shuffle(plan)
        for how in plan:
            self.one(*how)
        while self.kills.total() < want:
            self.one(self.kill_by_receiver,
                     self.chance.choice(["before", "after"]))

        # What the last kill left in the outbox may wait for its next try.
        self.assertRun(self.scan("--quiet"), CRITICAL, "^$", "^$")
        self.assertRun(self.scan("--quiet", "--at", "+1h"), CRITICAL, "^$",
                       "^$")
        shutil.copy(self.chain("new.example", "+80d"), self.live)
        self.assertRun(self.scan("--quiet", "--at", "+2h"), OK, "^$", "^$")
        for step in (BEFORE, COMMITTED, SENT, NOTED) if trace else (SENT,):
            self.assertGreater(self.kills[step], 0, f"{step}: {self.kills}")

        steps = ", ".join(f"{self.kills[s]} {s}" for s in
                          (BEFORE, COMMITTED, SENT, NOTED))
        print(f"\n| kills {self.kills.total()} of {self.rounds} scans: {steps}")
        for name, receiver in (("chat", self.chat), ("pager", self.pager)):
            receiver.stop()
            lost, invented, doubled = self.account(receiver)
            again = len(receiver.received) - len(
                {r.headers["webhook-id"] for r in receiver.received})
            print(f"| {name}: lost {lost}, invented {invented}, doubled with "
                  f"another id {doubled}; {again} sent again with the same id")
            self.assertEqual((lost, invented, doubled), (0, 0, 0))
            self.assertGreater(again, 0, "no message was ever repeated")
        self.assertGreaterEqual(self.kills.total(), want)


if __name__ == "__main__":
    support.main()
