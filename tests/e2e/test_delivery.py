"""test_delivery.py - receivers that are slow, dead, rude or full of lies, and
what comes of the messages for them: at least once, one id, never too late"""
import contextlib
import email.utils
import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import threading
import time

import support
from support import (CERTVIGIL, CRITICAL, OK, UNKNOWN, ClosedPort, ScanCase,
                     SilentServer, certvigil, command)
from journal_support import as_service
from namespace_support import needs
from receivers import WebhookReceiver

TOKEN = "/hook/T0KEN-0123456789"
HOUR, DAY = 3600, 86400
# For starting, recording and ending, on a machine with much to do.
LEEWAY_S = 4


def date(seconds):
    """So many seconds from now, as HTTP has it."""
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


def ids(receiver):
    return {r.headers["webhook-id"] for r in receiver.received}


def events(receiver):
    """[(event, target)] of all that was received, each message once."""
    messages = {r.headers["webhook-id"]: r.body for r in receiver.received}
    return [(e["event"], e["target"]) for body in messages.values()
            for e in json.loads(body)["data"]["events"]]


class Hooked(WebhookReceiver):
    """Calls `hook` between a message's arrival and its answer."""

    hook = None

    def answer(self, peer, does, status):
        if self.hook is not None:
            self.hook()
        super().answer(peer, does, status)


class DeliveryCase(ScanCase):
    def setUp(self):
        super().setUp()
        leaf = self.pki.leaf("localhost", "IP:127.0.0.1")
        self.tls = (self.pki.chain(leaf), leaf.key)
        self.miss("first")

    def miss(self, name):
        """One incident: a file that is not there."""
        self.watch({"file": self.path(f"{name}.pem"), "name": name})

    def hook(self, name, behaviour=None, tls=None, kind=WebhookReceiver,
             **settings):
        receiver = self.own(kind(tls, behaviour))
        self.notify(name, "webhook", url=receiver.url + TOKEN, **settings)
        return receiver

    def scan(self, *args, status=CRITICAL, **how):
        """A scan that shows no secret; returns its complaints."""
        done = super().scan("--quiet", *args, **how)
        self.assertRun(done, status, r"\A\Z")
        self.assertNotIn("T0KEN", done.stderr)
        return done.stderr

    def outbox(self):
        """{notifier: [(id, attempts, next_at, gave_up_at)]}"""
        with contextlib.closing(sqlite3.connect(self.config["state"])) as db:
            rows = {}
            for name, *row in db.execute(
                    "SELECT notifier, id, attempts, next_at, gave_up_at "
                    "FROM outbox ORDER BY seq"):
                rows.setdefault(name, []).append(tuple(row))
        return rows

    def status(self, *args):
        done = certvigil("status", "--config", self.path("config.yaml"),
                         *args)
        self.assertNotIn("T0KEN", done.stdout + done.stderr)
        return done


class Receivers(DeliveryCase):
    """All of them in one scan: none delays or spoils another."""

    # What it does, what is said of it (None: it is delivered), and when the
    # next try is due: seconds, or None.
    ROWS = {
        "good": ({}, None, None),
        "slow": ({"delay": 0.7}, None, None),
        "never": ({"never": True}, "no answer within 2s", 5),
        "drop": ({"dribble": 0.5}, "no answer within 2s", 5),
        "busy": ({"status": 429, "headers": {"Retry-After": "1200"}},
                 "HTTP 429", 1200),
        "busy-until": ({"status": 503,
                        "headers": {"Retry-After": date(1800)}},
                       "HTTP 503", (1700, 1980)),
        "busy-since": ({"status": 503,
                        "headers": {"Retry-After": date(-1800)}},
                       "HTTP 503", 5),
        "busy-for-ever": ({"status": 429,
                           "headers": {"Retry-After": "9" * 12}},
                          "HTTP 429", (6 * HOUR, DAY)),
        "busy-till-then": ({"status": 429,
                            "headers": {"Retry-After": date(4000 * DAY)}},
                           "HTTP 429", (6 * HOUR, DAY)),
        "busy-soon": ({"status": 503, "headers": {"Retry-After": "soon"}},
                      "HTTP 503", 5),
        "broken": ({"status": 500, "body": "stack\ntrace"},
                   "HTTP 500: stack trace", 5),
        "gone": ({"status": 410, "reason": "Gone"},
                 "HTTP 410 Gone: the receiver is gone", 5),
        "unknown": ({"status": 404, "body": f"no {TOKEN}"},
                    r"HTTP 404: nothing is at that url: no \*\*\*", 5),
        "deaf": ({"close": True}, "http://127", 5),
        "babble": ({"raw": "220 mail ESMTP\r\n"}, "http://127", 5),
        "head": ({"raw": "HTTP/1.1 500 No\r\n", "endless": "X: y\r\n" * 99},
                 "HTTP 500 No", 5),
        "header": ({"raw": "HTTP/1.1 500 No\r\nX: ", "endless": True},
                   "HTTP 500 No", 5),
        "continue": ({"endless": "HTTP/1.1 100 Continue\r\n\r\n", "raw": ""},
                     "http://127", 5),
        "body": ({"status": 500, "body": "no",
                  "headers": {"Content-Length": 10 ** 12}, "endless": True},
                 "HTTP 500: noxxx", 5),
        "more": ({"status": 500, "body": "no",
                  "headers": {"Content-Length": 1000}}, "HTTP 500: no", 5),
        "less": ({"status": 500, "body": "no and no",
                  "headers": {"Content-Length": 2}}, "HTTP 500: no(?! and)", 5),
        "elsewhere": ({"status": 307,
                       "headers": {"Location": "http://127.0.0.1:9/T0KEN"}},
                      r"redirects are not followed \(to http://127.0.0.1:9\)",
                      5),
        "taken": ({"status": 200, "body": "ok",
                   "headers": {"Content-Length": 1000}}, None, None),
        "pushed": ({"status": 200, "endless": True,
                    "headers": {"Content-Length": 10 ** 12}}, None, None),
    }

    def test_all_at_once(self):
        self.config["alerts"]["notify_timeout"] = "20s"
        hooks = {name: self.hook(name, behaviour, timeout="2s")
                 for name, (behaviour, _, _) in self.ROWS.items()}
        began, wall = time.monotonic(), time.time()
        told = self.scan()
        self.assertLess(time.monotonic() - began, 2 + LEEWAY_S)
        left = self.outbox()
        for name, (_, said, wait_s) in self.ROWS.items():
            with self.subTest(name=name):
                self.assertEqual(len(hooks[name].received), 1)
                if said is None:
                    self.assertNotIn(f"certvigil: {name}: ", told)
                    self.assertNotIn(name, left)
                    continue
                self.assertRegex(told, rf"(?m)^certvigil: {name}: message "
                                       rf"msg_\w+ is not delivered: .*{said}"
                                       ".*; it will be tried again$")
                (one, attempts, next_at, gave_up), = left[name]
                self.assertEqual((one, attempts, gave_up),
                                 (*ids(hooks[name]), 1, None))
                least, most = wait_s if isinstance(wait_s, tuple) else (
                    wait_s, wait_s * 1.1)
                self.assertGreaterEqual(next_at - wall, least - 3)
                self.assertLessEqual(next_at - wall, most + LEEWAY_S)
        self.assertEqual(told.count("\n"), sum(
            said is not None for _, said, _ in self.ROWS.values()))

    def test_200_that_means_no(self):
        chat = self.hook("chat", {"status": 200, "body": "no_such_channel"},
                         format="slack")
        self.assertRegex(self.scan(), "chat: .*HTTP 200, but: .*no_such_chan")
        chat.behaviour = [{"status": 200, "body": "ok"}]
        self.assertEqual(self.scan("--at", "+1h"), "")
        self.assertEqual((len(chat.received), self.outbox()), (2, {}))

    def test_the_end_of_the_time(self):
        """notify_timeout ends all, whatever each notifier may take."""
        self.config["alerts"]["notify_timeout"] = "2s"
        silent, closed = self.own(SilentServer()), self.own(ClosedPort())
        how = {"timeout": "5m"}
        good = self.hook("good", **how)
        dead = [self.hook("never", {"never": True}, **how),
                self.hook("drop", {"dribble": 1}, **how),
                self.hook("late", {"delay": 60}, **how),
                self.hook("crawl", {"raw": "HTTP/1.1 200 OK\r\nX: " +
                                    "y" * 1000, "dribble": 1}, **how),
                self.hook("tls", {"dribble": 1}, tls=self.tls,
                          ca=self.pki.root.pem, **how)]
        self.notify("mute", "webhook", **how,
                    url=f"https://127.0.0.1:{silent.port}{TOKEN}")
        self.notify("closed", "webhook", **how,
                    url=f"http://127.0.0.1:{closed.port}{TOKEN}")
        self.notify("post", "email", **how, to="b@example.com", **{
            "from": "a@example.com"},
            server=f"smtps://127.0.0.1:{silent.port}")
        # Two more wait behind the first: they have no time of their own.
        for n, at in enumerate(("+0s", "+1h", "+2h")):
            self.miss(f"more-{n}")
            began = time.monotonic()
            told = self.scan("--at", at)
            self.assertLess(time.monotonic() - began, 2 + LEEWAY_S)
            self.assertEqual(told.count("\n"), 8, told)
        self.assertEqual(len(good.received), 3)
        for receiver in dead:
            self.assertEqual((len(receiver.received), len(ids(receiver))),
                             (3, 1))

    def test_only_one_is_refused(self):
        """What a receiver cannot read does not hold up what comes behind."""
        chat = self.hook("chat", [{"status": 503}, {"status": 400}, {}])
        self.scan()
        first, = ids(chat)
        self.miss("second")
        self.assertRegex(self.scan("--at", "+1h"),
                         rf"\A[^\n]*{first} [^\n]*HTTP 400;[^\n]*\n\Z")
        self.assertEqual(len(chat.received), 3)
        (left, attempts, *_), = self.outbox()["chat"]
        self.assertEqual((left, attempts), (first, 2))


class Tries(DeliveryCase):
    def test_until_it_is_given_up(self):
        """The schedule of Standard Webhooks, with one id, and its end."""
        chat = self.hook("chat", {"status": 503})
        good = self.hook("good")
        self.config["alerts"]["repeat"] = "0s"
        base, tries = int(time.time()), 0
        at, waits = base, []
        while at < base + 3 * DAY:
            told = self.scan("--at", str(at))
            tries += 1
            self.assertIn("it will be tried again", told)
            (_, attempts, next_at, gave_up), = self.outbox()["chat"]
            self.assertEqual((attempts, gave_up), (tries, None))
            # Before it is due, nothing is sent.
            if next_at - at > LEEWAY_S:
                self.assertEqual(self.scan("--at", str(next_at - LEEWAY_S)),
                                 "")
            waits.append(next_at - at)
            at = next_at
        self.assertEqual(len(chat.received), tries)
        for have, want in zip(waits, (5, 300, 1800, 2 * HOUR, 5 * HOUR,
                                      10 * HOUR, 14 * HOUR, 20 * HOUR, DAY)):
            self.assertGreaterEqual(have, want)
            self.assertLessEqual(have, want * 1.1 + LEEWAY_S)
        self.assertGreaterEqual(tries, 8)

        self.assertRegex(self.scan("--at", str(at)),
                         r"chat: .*503.*; it is given up\n\Z")
        self.assertRegex(self.status().stdout, r"(?m)^.*chat.*given up")
        for later in (at + HOUR, at + 10 * DAY):
            self.assertEqual(self.scan("--at", str(later)), "")
        self.assertEqual(len(chat.received), tries + 1)
        self.assertEqual(len(ids(chat)), 1)
        self.assertEqual(len({r.body for r in chat.received}), 1)
        self.assertEqual(len(good.received), 1)

    @needs("mount")
    def test_journal(self):
        """What is given up is an error there, by its own id."""
        journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(journal.close)
        os.mkdir(self.path("journal"))
        journal.bind(self.path("journal/socket"))
        journal.setblocking(False)
        self.hook("chat", {"status": 410})
        closed = self.own(ClosedPort())
        self.config["alerts"]["heartbeat"] = \
            f"http://127.0.0.1:{closed.port}{TOKEN}"
        seen = {}
        for at in ([], *(["--at", f"+{h}h"] for h in (24, 48, 73))):
            argv = ["unshare", "--mount", "--propagation", "private", "sh",
                    "-c", "mount -t tmpfs none /run && "
                    "mkdir -p /run/systemd/journal && mount --bind "
                    f"{self.path('journal')} /run/systemd/journal && "
                    'exec "$@"', "sh", *as_service([
                        CERTVIGIL, "scan", "--config", self.write_config(),
                        *at])]
            self.assertRun(support.run(*argv), CRITICAL, None, "^$")
            while True:
                try:
                    entry = journal.recv(1 << 16).decode()
                except BlockingIOError:
                    break
                self.assertNotIn("T0KEN", entry)
                fields = dict(line.split("=", 1) for line in
                              entry.splitlines() if "=" in line)
                seen.setdefault(fields["MESSAGE"].split(":")[0], []).append(
                    (fields["PRIORITY"], fields["MESSAGE"]))
        self.assertEqual([p for p, _ in seen["chat"]], ["4", "4", "4", "3"])
        self.assertIn("it is given up", seen["chat"][-1][1])
        (priority, text), = seen["heartbeat"]
        self.assertEqual(priority, "4")
        self.assertIn(f"http://127.0.0.1:{closed.port}: ", text)

    def test_until_the_configuration_is_right(self):
        """A private CA, then a certificate of our own: one message, late."""
        mine = self.pki.leaf("agent", eku="clientAuth")
        chat = self.hook("chat", tls=self.tls)
        chat.tls.load_verify_locations(self.pki.root.pem)
        chat.tls.verify_mode = ssl.CERT_REQUIRED
        settings = self.config["notifiers"]["chat"]["webhook"]
        self.assertRegex(self.scan(), "chat: .*certificate")
        settings["ca"] = self.pki.root.pem
        self.assertRegex(self.scan("--at", "+1h"), "chat: ")
        self.assertEqual(chat.received, [])
        (waiting, attempts, *_), = self.outbox()["chat"]
        self.assertEqual(attempts, 2)
        settings.update(certificate=self.pki.chain(mine), key=mine.key)
        self.assertEqual(self.scan("--at", "+2h"), "")
        self.assertEqual((ids(chat), self.outbox()), ({waiting}, {}))

    def test_until_the_proxy_is_back(self):
        proxy = self.own(WebhookReceiver(behaviour=[{"status": 502}, {}]))
        closed = self.own(ClosedPort())
        chat = self.hook("chat", proxy="http://u:T0KEN-pw@127.0.0.1:"
                                       f"{closed.port}")
        self.assertRegex(self.scan(), "chat: ")
        self.config["notifiers"]["chat"]["webhook"]["proxy"] = \
            proxy.url.replace("//", "//u:T0KEN-pw@")
        self.assertRegex(self.scan("--at", "+1h"), "chat: .*HTTP 502")
        self.assertEqual(self.scan("--at", "+3h"), "")
        self.assertEqual((len(proxy.received), len(ids(proxy)),
                          chat.connections), (2, 1, 0))


class Machine(DeliveryCase):
    """The machine fails: the disk, the clock, a second scan."""

    def start(self, **how):
        how = {**command(CERTVIGIL, "scan", "--quiet", "--config",
                         self.write_config()), **how}
        return subprocess.Popen(**how)

    def test_the_disk_is_full_once_it_is_sent(self):
        """It cannot be noted, so it is sent again, with its id."""
        chat = self.hook("chat", kind=Hooked)
        begun = threading.Event()

        def fill():
            chat.hook = None
            begun.wait(10)
            resource.prlimit(p.pid, resource.RLIMIT_FSIZE, (1, 1))

        chat.hook = fill
        p = self.start(preexec_fn=lambda: signal.signal(signal.SIGXFSZ,
                                                        signal.SIG_IGN))
        begun.set()
        out, err = p.communicate(timeout=60)
        self.assertEqual((p.returncode, out), (UNKNOWN, b""), err)
        self.assertIn(b"state.db", err)
        self.assertEqual(len(chat.received), 1)
        self.assertEqual(self.scan(), "")
        self.assertEqual((len(chat.received), len(ids(chat))), (2, 1))
        self.assertEqual((self.scan(), self.outbox()), ("", {}))
        self.assertEqual(len(chat.received), 2)

    def test_the_state_cannot_be_written(self):
        """Nothing is told that would be forgotten, and nothing is lost."""
        chat = self.hook("chat")
        targets, self.config["targets"] = self.config["targets"], []
        self.scan(status=OK)
        self.config["targets"] = targets
        config = self.write_config()
        program = shutil.copy(CERTVIGIL, self.path("certvigil"))
        files = [self.folder, *map(self.path, os.listdir(self.folder))]
        modes = {f: os.stat(f).st_mode & 0o777 for f in files}
        for f in files:
            os.chmod(f, 0o555)
        # As somebody else than root, who may write anything.
        who = {"user": 65534, "group": 65534, "extra_groups": []} \
            if os.geteuid() == 0 else {}
        done = subprocess.run(
            [program, "scan", "--quiet", "--config", config], timeout=60,
            capture_output=True, check=False, **who)
        for f, mode in modes.items():
            os.chmod(f, mode)
        self.assertEqual(done.returncode, UNKNOWN, done.stderr)
        self.assertEqual(chat.received, [])
        self.assertEqual(self.scan(), "")
        self.assertEqual(events(chat), [("opened", "first")])

    def test_two_scans_at_once(self):
        """The second waits, and finds that all is told."""
        chat = self.hook("chat", {"delay": 0.5})
        both = [self.start(), self.start()]
        for p in both:
            out, err = p.communicate(timeout=60)
            self.assertEqual((p.returncode, out, err), (CRITICAL, b"", b""))
        self.assertEqual(len(chat.received), 1)

    def test_the_clock_jumps(self):
        """Forward and back, by days and years: nothing lost, no storm."""
        chat = self.hook("chat", {"status": 503})
        base = int(time.time())

        def at(seconds, status=CRITICAL):
            return self.scan("--at", str(base + seconds), status=status)

        # While the receiver is down ...
        self.config["alerts"]["repeat"] = "0s"
        for seconds in (0, 2 * DAY, -DAY, 30, -400 * DAY, 60, HOUR):
            at(seconds)
        self.assertEqual(len(ids(chat)), 1)
        waiting, = self.outbox()["chat"]
        self.assertIsNone(waiting[3], "it is not given up by a clock")
        # ... and once it is back.
        chat.behaviour = [{}]
        for seconds in (2 * HOUR, 12 * HOUR):
            at(seconds)
        self.assertEqual((self.outbox(), len(ids(chat))), ({}, 1))
        self.assertEqual(events(chat), [("opened", "first")])

        # A reminder is due once a week: at most one for each jump ahead.
        self.config["alerts"]["repeat"] = "7d"
        received = len(chat.received)
        for seconds in (13 * HOUR, 10 * DAY, DAY, 10 * DAY, DAY,
                        10 * DAY + 1, -30 * DAY, 10 * DAY + 2):
            at(seconds)
        told = events(chat)
        self.assertLessEqual(len(chat.received) - received, 5, told)
        self.assertIn(("repeated", "first"), told)
        self.assertEqual(told.count(("opened", "first")), 1)

        shutil.copy(self.chain("x.example", "+80d", not_before="-80d"),
                    self.path("first.pem"))
        at(-5 * DAY, OK)
        at(DAY, OK)
        self.assertEqual(events(chat).count(("resolved", "first")), 1)
        self.assertEqual(self.outbox(), {})


class Heartbeat(DeliveryCase):
    def heartbeat(self, behaviour=None, end=TOKEN):
        receiver = self.own(WebhookReceiver(behaviour=behaviour))
        self.config.setdefault("alerts", {})["heartbeat"] = receiver.url + end
        return receiver

    def test_after_each_complete_scan(self):
        beat = self.heartbeat(
            end=TOKEN + "/{code}?status=up&msg={status}&on={host}")
        name = support.run("uname", "-n").stdout.strip()
        good = self.chain("x.example", "+80d", not_before="-80d")
        for n, (target, status, words) in enumerate((
                ("gone.pem", CRITICAL, "2?status=up&msg=critical"),
                (good, OK, "0?status=up&msg=ok"))):
            self.config["targets"] = [{"file": target}]
            self.assertEqual(self.scan(status=status), "")
            self.assertEqual(len(beat.received), n + 1)
            request = beat.received[n]
            self.assertEqual(
                (request.method, request.path, request.body),
                ("GET", f"{TOKEN}/{words}&on={name}", b""))
            self.assertRegex(request.headers["user-agent"], "^certvigil/")

        # By a file, which need not be in the configuration's.
        url = self.config["alerts"].pop("heartbeat")
        path = self.write("beat.url", url.encode() + b"\n")
        os.chmod(path, 0o600)
        self.config["alerts"]["heartbeat_file"] = path
        self.assertEqual(self.scan(status=OK), "")
        self.assertEqual(len(beat.received), 3)

    def test_not_then(self):
        """A rehearsal, a mistake, a state that fails: silence."""
        beat = self.heartbeat()
        self.assertEqual(self.scan("--at", "+1d"), "")
        self.assertRegex(self.scan("--state", self.folder, status=UNKNOWN),
                         "certvigil: ")
        self.write("noise.db", b"no database at all\n" * 400)
        self.assertRegex(self.scan("--state", self.path("noise.db"),
                                   status=UNKNOWN), "no database")
        self.config["defaults"]["nonsense"] = 1
        self.assertRegex(self.scan(status=UNKNOWN), "nonsense")
        self.assertEqual(beat.connections, 0)

    def test_impossible_urls(self):
        for end, want in (("/{state}", r"want \{status\}, \{code\}"),
                          ("/{host", r"want \{status\}, \{code\}")):
            self.heartbeat(end=TOKEN + end)
            self.assertRegex(self.scan(status=UNKNOWN),
                             r"config\.yaml:\d+:\d+: alerts\.heartbeat: "
                             + want)
        self.config["alerts"]["heartbeat"] = "ftp://example.com" + TOKEN
        self.assertRegex(self.scan(status=UNKNOWN),
                         r"alerts\.heartbeat: want http://")

    def test_failures_change_no_status(self):
        for behaviour, said, tries in (
                ({"status": 404, "body": f"no {TOKEN}"},
                 r"HTTP 404: nothing is at that url: no \*\*\*", 1),
                ({"status": 500}, "HTTP 500", 2),
                ({"close": True}, "http://127", 2),
                ([{"status": 500}, {}], None, 2),
                ({"status": 302, "headers": {"Location": "http://h/T0KEN"}},
                 "redirects are not followed", 1)):
            with self.subTest(behaviour=behaviour):
                beat = self.heartbeat(behaviour)
                told = self.scan()
                if said is None:
                    self.assertEqual(told, "")
                else:
                    self.assertRegex(told, r"\Acertvigil: heartbeat: .*"
                                           rf"{said}.*\n\Z")
                self.assertEqual(len(beat.received), tries)

    def test_beside_the_deliveries(self):
        """It has ten seconds of its own, and they are the same ten."""
        self.config["alerts"]["notify_timeout"] = "9s"
        self.hook("chat", {"never": True}, timeout="5m")
        self.heartbeat({"never": True})
        began = time.monotonic()
        told = self.scan()
        self.assertLess(time.monotonic() - began, 10 + LEEWAY_S)
        self.assertRegex(told, "heartbeat: http://.*no answer within 10s")
        self.assertRegex(told, "chat: .*no answer within")


if __name__ == "__main__":
    support.main()
