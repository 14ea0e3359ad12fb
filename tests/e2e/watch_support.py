"""watch_support.py - the resident program with a service manager beside it:
a socket of the test's own takes what it says by sd_notify(3)"""
import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time

from namespace_child import TlsServer
from receivers import WebhookReceiver
from support import (CERTVIGIL, SANITIZER, ScanCase, SilentServer, certvigil,
                     command)

LIMIT_S = 30


class Resident:
    """`certvigil watch`, and all that it has told the service manager."""

    def __init__(self, folder, config, *args, env=None, watchdog_s=None,
                 before=()):
        path = os.path.join(folder, "notify")
        if os.path.exists(path):
            os.unlink(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        self.told, self.beats = [], 0
        env = {"NOTIFY_SOCKET": path, **(env or {})}
        if watchdog_s is not None:
            env["WATCHDOG_USEC"] = str(int(watchdog_s * 1000000))
        how = command(CERTVIGIL, "watch", "--config", config, *args, env=env)
        how["args"] = [*before, *how["args"]]
        # Files, for nobody reads while it runs.
        self.out = open(os.path.join(folder, "watch.out"), "w+b")
        self.err = open(os.path.join(folder, "watch.err"), "w+b")
        how.update(stdout=self.out, stderr=self.err)
        self.process = subprocess.Popen(**how)

    def take(self, limit_s=LIMIT_S):
        """The next datagram, as a dict of its lines."""
        self.socket.settimeout(limit_s)
        text = self.socket.recv(8192).decode()
        self.told.append(text)
        told = dict(line.split("=", 1) for line in text.splitlines())
        self.beats += "WATCHDOG" in told
        return told

    def wait(self, **want):
        """Until all of `want` (patterns) has come in one datagram."""
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline:
            try:
                told = self.take(max(0.01, deadline - time.monotonic()))
            except TimeoutError:
                break
            if all(re.search(v, told.get(k, "")) for k, v in want.items()):
                return told
        raise AssertionError(
            f"want {want} within {LIMIT_S} s, have {self.told[-10:]}\n"
            + self.errors())

    def status(self, pattern):
        return self.wait(STATUS=pattern)["STATUS"]

    def scanned(self):
        """Until a round is over, and what it said."""
        return self.status(r"^Last scan .*; next at")

    def reload(self):
        """Have the configuration read again; what it says once it has."""
        self.kill(signal.SIGHUP)
        self.wait(RELOADING="1")
        return self.wait(READY="1")

    def kill(self, which):
        self.process.send_signal(which)

    def errors(self):
        self.err.seek(0)
        return self.err.read().decode()

    def lines(self):
        self.out.seek(0)
        return self.out.read().decode()

    def end(self, which=signal.SIGTERM, limit_s=LIMIT_S):
        """Stop it; returns its exit status, a signal's as below 0."""
        if which is not None:
            self.kill(which)
        status = self.process.wait(limit_s)
        if SANITIZER.search(self.errors()):
            raise AssertionError(self.errors())
        return status

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.socket.close()
        self.out.close()
        self.err.close()


class Counter(TlsServer):
    """How many have come to it."""

    def __init__(self, *args):
        self.connections = 0
        super().__init__(*args)

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.socket.accept()
                self.connections += 1
                with contextlib.suppress(OSError), peer:
                    peer.settimeout(10)
                    with self.context.wrap_socket(
                            peer, server_side=True) as tls:
                        tls.recv(1)


class Hesitant(SilentServer):
    """Says nothing, and tells when somebody has come."""

    def __init__(self):
        super().__init__()
        self.peers = []
        self.come = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                self.peers.append(self.socket.accept()[0])
                self.come.set()

    def stop(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        super().stop()
        self.thread.join(10)
        for peer in self.peers:
            peer.close()


class WatchCase(ScanCase):
    def start(self, *args, **how):
        return self.own(Resident(self.folder, self.write_config(), *args,
                                 **how))

    def server(self, name, **settings):
        leaf = self.pki.leaf(name, not_after="+80d")
        server = self.own(Counter("127.0.0.1", 0, self.pki.chain(leaf),
                                  leaf.key))
        self.watch({"endpoint": f"tls://127.0.0.1:{server.port}",
                    "name": name, "sni": name, **settings})
        return server

    def silent(self, **settings):
        server = self.own(Hesitant())
        self.watch({"endpoint": f"tls://127.0.0.1:{server.port}",
                    "name": "silent", "retries": 0, **settings})
        return server

    def expired(self, name="old.example"):
        self.watch({"file": self.chain(name, "-1d", not_before="-90d"),
                    "name": name})

    def hook(self, *behaviour):
        chat = self.own(WebhookReceiver(behaviour=list(behaviour)))
        self.notify("chat", "webhook", url=chat.url)
        return chat

    def age(self, seconds):
        """As though all targets had been looked at so long ago."""
        with contextlib.closing(sqlite3.connect(self.config["state"])) as db:
            # None has a time of its own that was looked at by the last scan.
            db.execute("UPDATE target SET observed_at = "
                       "coalesce(observed_at, (SELECT time FROM scan)) - ?",
                       (seconds,))
            db.commit()

    def known(self):
        done = certvigil("status", "--state", self.config["state"],
                         "--output", "json")
        return json.loads(done.stdout)
