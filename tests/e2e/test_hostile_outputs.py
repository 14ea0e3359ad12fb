#!/usr/bin/env python3
"""test_hostile_outputs.py - one hostile certificate, with servers and names
to match, through every command and every output

The lists are the program's own: what is new and has no check here fails.
"""
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading

import evil_checks
from evil_support import (MARK, NAMES, TEXTS, TRICKS, Chain, moments, raw,
                          write_config)
from hostile import Hostile, close
from namespace_support import needs
from receivers import WebhookReceiver
from support import CERTVIGIL, CRITICAL, OK, UNKNOWN, Case, certvigil, main
from terminal_support import on_terminal

# Commands, and the test that they are put to.
COMMANDS = {
    "check": "test_check", "chain": "test_chain", "scan": "test_outputs",
    "show": "test_show", "status": "test_memory", "report": "test_outputs",
    "history": "test_memory", "silence": "test_memory",
    "notify": "test_refusals", "config": "test_config",
    "explain": "test_complaints", "completion": "test_completion",
    "watch": "test_watch",
}


def choices(*command):
    """The words that --help lists for --output or --format."""
    told = re.sub(r"\s+", " ", certvigil(*command, "--help").stdout)
    listed = re.search(r"--(?:output|format) FORMAT [^:]*: "
                       r"((?:\w+(?:, | or ))*\w+) ", told)
    return re.split(", | or ", listed[1])


class World(Case):
    """Made once: certificates, servers, a configuration and its state."""

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.mkdtemp(prefix="certvigil-")
        cls.addClassCleanup(shutil.rmtree, cls.kept, ignore_errors=True)
        cls.chain = Chain(cls.kept, "evil", moments(-80, 3))
        cls.config = {
            "defaults": {"trust": cls.chain.pem, "timeout": "5s",
                         "order_lead": 2},
            "targets": [*cls.files(), cls.folder_of_files(),
                        *cls.endpoints()],
            "alerts": {"confirm": 1},
            "state": f"{cls.kept}/state.db",
            "notifiers": {"hook": {"webhook": {
                "url": cls.receiver(), "format": "json"}}},
        }
        cls.config_path = write_config(f"{cls.kept}/config.yaml", cls.config)
        cls.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        cls.addClassCleanup(cls.notify.close)
        cls.notify.bind(f"{cls.kept}/notify")
        cls.scanned = certvigil(
            "scan", "-c", cls.config_path, limit_s=60,
            env={"NOTIFY_SOCKET": f"{cls.kept}/notify"})

    @classmethod
    def files(cls):
        """One of each name; owners and tags go round."""
        owners = [text[:80] for text in NAMES]
        for at, name in enumerate(NAMES):
            yield {"file": cls.chain.pem, "name": name[:1500],
                   "owner": owners[at - 1], "tags": [owners[at - 2]]}

    @classmethod
    def folder_of_files(cls):
        folder = os.path.join(cls.kept, "folder")
        os.mkdir(folder)
        for trick in TRICKS:
            name = raw(trick).replace(b"/", b"\xe2\x88\x95")[:200]
            os.link(cls.chain.pem,
                    os.path.join(folder.encode(), name + b".pem"))
        return {"file": folder}

    @classmethod
    def endpoints(cls):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.chain.pem, cls.chain.key)
        web = Hostile(
            lambda peer: web.request(peer),
            b"HTTP/1.1 403 " + raw("terminal") + raw("html") + b"\r\nServer: "
            + raw("bytes") + raw("bidi").replace(b"\n", b"") + b"\r\n"
            b"Content-Length: 0\r\n\r\n", close, context=context)
        greeting = raw("terminal") + raw("nagios") + raw("bytes") + b"\r\n"
        banners = [Hostile(greeting, close),
                   Hostile(b"220 ok\r\n", b"250 " + greeting, close)]
        for server in (web, *banners):
            cls.addClassCleanup(server.stop)
        yield {"endpoint": f"https://127.0.0.1:{web.port}/",
               "name": "web " + MARK}
        for at, banner in enumerate(banners):
            yield {"endpoint": f"smtp://127.0.0.1:{banner.port}",
                   "name": f"mail {at} " + MARK}

    @classmethod
    def receiver(cls):
        hook = WebhookReceiver(behaviour={
            "status": 500, "body": TEXTS["terminal"] + TEXTS["bidi"] +
            TEXTS["html"] + TEXTS["nagios"]})
        cls.addClassCleanup(hook.stop)
        return hook.url

    def run_plain(self, *args, status=None, **how):
        """Both streams are for a person."""
        done = certvigil(*args, **how)
        for text in (done.stdout, done.stderr):
            evil_checks.plain(text)
        if status is not None:
            self.assertRun(done, status)
        return done


class Outputs(World):
    def test_the_scan(self):
        self.assertEqual(self.scanned.status, CRITICAL)
        evil_checks.plain(self.scanned.stdout)
        evil_checks.plain(self.scanned.stderr)
        # Two of its names are one only in how they end: all are here.
        self.assertGreater(self.scanned.stdout.count(MARK), 2 * len(NAMES))
        self.assertIn("hook: message ", self.scanned.stderr)

    def test_every_command_is_here(self):
        listed = re.findall(r"^  ([a-z]+)  ", certvigil("--help").stdout,
                            re.M)
        self.assertGreater(len(listed), 8)
        for name in listed:
            self.assertIn(name, COMMANDS, f"{name}: put it to the test")
            self.assertTrue(hasattr(self, COMMANDS[name]), name)

    def each_output(self, command, args, run):
        listed = choices(command)
        self.assertIn("nagios", listed)
        for name in listed:
            with self.subTest(command=command, output=name):
                self.assertIn(name, evil_checks.FORMATS,
                              f"{name}: write a check for it")
                done = run(command, *args(name))
                evil_checks.plain(done.stderr)
                self.assertGreaterEqual(done.stdout.count(MARK), 2)
                evil_checks.FORMATS[name](done.stdout)
        return listed

    def test_outputs(self):
        """From the state, plainly and with all there is to say."""
        for more in ((), ("-v",)):
            self.each_output(
                "report", lambda name: ("--format", name, "-c", self.config_path,
                                        *more), certvigil)

    def test_outputs_of_scan(self):
        """As they are seen, in a state that is nobody's."""
        state = self.path("state.db")
        self.each_output("scan", lambda name: (
            "--output", name, "-v", "--state", state, "-c", self.config_path),
            lambda *args: certvigil(*args, limit_s=60))

    def test_check(self):
        self.each_output("check", lambda name: (
            "--output", name, "-vvv", self.chain.pem), certvigil)
        evil = self.path("x") + "\n\x1b[2J|\u202e'"
        for args in ((evil,), (self.chain.pem, "--name", TEXTS["cells"]),
                     ("-H", TEXTS["terminal"][:60]),
                     (self.chain.pem, "--" + TEXTS["terminal"]),
                     (self.chain.pem, "--output", TEXTS["lines"])):
            self.run_plain("check", *args)

    def test_no_name_is_lost(self):
        """For machines it is as it came."""
        done = certvigil("report", "-f", "json", "-c", self.config_path)
        targets = json.loads(done.stdout)["targets"]
        self.assertLessEqual({name[:1500] for name in NAMES},
                             {t["name"] for t in targets})
        self.assertEqual({t["owner"] for t in targets if "owner" in t},
                         {text[:80] for text in NAMES})

    def test_terminal(self):
        for args in (("scan", "--state", self.path("s.db")),
                     ("report", "-v"), ("status",)):
            text, _ = on_terminal(*args, "-c", self.config_path, columns=100)
            evil_checks.terminal(text.replace("\r\x1b[K", ""))
            self.assertIn(MARK, text)
            self.assertRegex(text, r"\x1b\[\d")

    def test_show(self):
        for args in ((), ("--output", "json")):
            done = self.run_plain("show", self.chain.pem, *args)
            self.assertIn(MARK, done.stdout)
        evil_checks.terminal(on_terminal("show", self.chain.pem,
                                         columns=100)[0])
        for target in self.config["targets"][-3:-1]:
            done = self.run_plain("show", target["endpoint"])
            self.assertIn(MARK, done.stdout)

    def test_chain(self):
        for file in (self.chain.pem, self.path("\x1b[2J\nx\u202e.pem")):
            if not os.path.exists(file):
                shutil.copy(self.chain.pem, file)
            done = self.run_plain("chain", file)
            self.assertIn(MARK, done.stdout + done.stderr)

    def test_memory(self):
        """status, history and silences, for people and for machines."""
        for args in (("status",), ("history", "*"),
                     ("silence", "*EVIL*", "--for", "1h", "--reason",
                      TEXTS["html"][:200]), ("silence", "--list")):
            done = self.run_plain(*args, "-c", self.config_path, status=OK)
            self.assertIn(MARK, done.stdout)
        for args in (("status",), ("history", "*")):
            done = certvigil(*args, "--output", "json", "-c", self.config_path)
            evil_checks.json_text(done.stdout)
        for name in NAMES[:4]:
            self.run_plain("history", name, "-c", self.config_path)
            self.run_plain("silence", name[:300], "--for", "1h", "--reason",
                           "x", "-c", self.config_path)

    def test_config(self):
        for what in ("check", "show"):
            self.run_plain("config", what, "-c", self.config_path)
        for at, text in enumerate(NAMES):
            config = {**self.config, text[:100]: 1, "state": text[:100],
                      "include": text[:100],
                      "targets": [{"file": "x", text: text},
                                  {"endpoint": text, "owner": [text]}]}
            path = write_config(self.path(f"{at}.yaml"), config)
            done = self.run_plain("config", "check", "-c", path)
            self.assertEqual(done.status, UNKNOWN)

    def test_completion(self):
        """Names that a shell shows while somebody types."""
        for shell in ("bash", "zsh", "fish"):
            evil_checks.no_control(
                certvigil("completion", shell).stdout, "\n\t")
        for kind in ("targets", "notifiers"):
            self.run_plain("completion", "--names", kind, "--config",
                           self.config_path, status=OK)
        names = self.run_plain("completion", "--names", "targets", "--config",
                               self.config_path).stdout
        self.assertIn(TEXTS["hebrew"], names.splitlines())
        self.assertNotIn("gpj", names)

    def test_complaints(self):
        asked = [(), ("explain",), ("show",), ("report", "--format"),
                 ("report",), ("status", "-c"), ("scan", "-c"),
                 ("scan", "--at"), ("completion",), ("history", "-c"),
                 ("notify", "--test", "-c", self.config_path)]
        for at, text in enumerate(NAMES + NAMES):
            args = asked[at % len(asked)]
            self.run_plain(*args, text[:200])

    def test_refusals(self):
        """A receiver that answers with what it would have us print."""
        done = self.run_plain("notify", "--test", "-c", self.config_path,
                              status=UNKNOWN)
        self.assertIn("HTTP 500", done.stdout)

    def test_the_status_line(self):
        """Datagrams to the service manager: one STATUS, nothing more."""
        self.notify.setblocking(False)
        said = []
        while True:
            try:
                said.append(self.notify.recv(65536).decode())
            except BlockingIOError:
                break
        self.assertGreater(len(said), 1)
        for text in said:
            self.assertRegex(text, r"\ASTATUS=[^\n]*\n?\Z")
            evil_checks.no_control(text)

    def test_watch(self):
        """One round of it; what happens it tells on stdout."""
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.bind(self.path("notify"))
        manager.settimeout(60)
        with open(self.path("said"), "wb") as log:
            watch = subprocess.Popen(
                [CERTVIGIL, "watch", "-c", self.config_path, "--state",
                 self.path("state.db")], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
                env={**os.environ, "NOTIFY_SOCKET": self.path("notify")})
            self.addCleanup(watch.kill)
            text = ""
            while "critical" not in text:
                text = manager.recv(65536).decode()
                evil_checks.no_control(text)
                for line in text.splitlines():
                    self.assertRegex(
                        line, r"\A(READY=1|WATCHDOG=1|MAINPID=\d+|"
                              r"MONOTONIC_USEC=\d+|STATUS=[^=]*)\Z")
            watch.terminate()
            self.assertEqual(watch.wait(30), OK)
        with open(self.path("said"), encoding="utf-8", newline="") as log:
            said = log.read()
        evil_checks.plain(said)
        self.assertGreater(said.count(MARK), 10)

    @needs("mount")
    def test_the_journal(self):
        """Entries as they are sent (systemd's native protocol), to a journal
        of our own in a namespace of its own."""
        journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(journal.close)
        os.mkdir(self.path("journal"))
        journal.bind(self.path("journal/socket"))
        entries = []
        reader = threading.Thread(
            target=lambda: entries.extend(iter(
                lambda: journal.recv(1 << 20), b"end")), daemon=True)
        reader.start()
        script = f"mkdir -p /run/systemd/journal && mount --bind " \
            f"'{self.path('journal')}' /run/systemd/journal && " \
            f"JOURNAL_STREAM=$(stat -Lc %d:%i /dev/stderr) exec \"$@\""
        with open(self.path("stderr"), "wb") as log:
            done = subprocess.run(
                ["unshare", "--mount", "--propagation", "private", "sh", "-c",
                 script, "sh", CERTVIGIL, "scan", "-q", "-c",
                 self.config_path, "--state", self.path("state.db")],
                stderr=log, stdin=subprocess.DEVNULL, timeout=60)
        with open(self.path("stderr"), encoding="utf-8") as log:
            self.assertEqual(done.returncode, CRITICAL, log.read())
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.connect(self.path("journal/socket"))
            end.send(b"end")
        reader.join(20)
        self.assertGreater(len(entries), 10)
        targets = 0
        for entry in entries:
            # A field with a line break has its length instead of '='.
            for line in entry.decode().splitlines():
                self.assertRegex(line, r"\A[A-Z_]+=")
                evil_checks.no_control(line, "")
                targets += line.startswith("CERTVIGIL_TARGET=")
        self.assertGreater(targets, 10)


if __name__ == "__main__":
    main()
