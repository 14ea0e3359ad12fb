"""server.py - what the real servers have in common: each is our child on free
ports of loopback, in a folder of its own, ready when it returns"""
import contextlib
import glob
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import unittest

from support import wait_for

TLS12, TLS13 = "TLSv1.2", "TLSv1.3"

# Debian keeps daemons where a user's PATH does not look.
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"

AS_ROOT = os.geteuid() == 0


def find(program):
    """A program by its name, or by a pattern of paths; None if missing."""
    if "/" in program:
        return max(glob.glob(program), default=None)
    return shutil.which(program, path=PATH)


def free_ports(names):
    """A port for each name, no two the same."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0)))
                   for _ in names]
        return dict(zip(names, (s.getsockname()[1] for s in sockets)))


def me():
    """The names of our user and its group."""
    return (pwd.getpwuid(os.geteuid()).pw_name,
            grp.getgrgid(os.getegid()).gr_name)


class Server:
    """One server for all its schemes.

    `served` is a support.Cert, sent with its issuers; `tls` the only version
    that is spoken, or None to have TLS and STARTTLS switched off: there are
    the `plain` ports alone then.
    """

    name = ""  # as the table in certvigil(8) calls it
    program = ""  # for find()
    plain = ()  # schemes that begin in the clear
    implicit = ()  # schemes of TLS from the first byte
    needs_root = False
    user = None  # who it runs as when root starts it
    farewell = signal.SIGTERM

    @classmethod
    def require(cls):
        """Skip the test where this server cannot be had."""
        if find(cls.program) is None:
            raise unittest.SkipTest(f"{cls.name} is not installed")
        if cls.needs_root and not AS_ROOT:
            raise unittest.SkipTest(f"{cls.name} is started by root only")

    def __init__(self, folder, served, tls=TLS13):
        self.folder = os.path.join(folder, type(self).__name__.lower())
        self.tls = tls
        self.processes = []
        os.makedirs(self.folder, exist_ok=True)
        self.chain = self.copy("chain.pem", served.path_up())
        self.leaf = self.copy("leaf.pem", [served])
        self.issuers = self.copy("issuers.pem", served.path_up()[1:])
        self.key = self.path("key.pem")
        shutil.copyfile(served.key, self.key)
        os.chmod(self.key, 0o600)
        # A port may be taken between finding it and the server's own bind().
        for _ in range(3):
            self.ports = free_ports(self.listens())
            self.prepare()
            self.hand_over()
            if self.start():
                return
        raise AssertionError(f"{self.name} does not start:\n{self.log()}")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def copy(self, name, certs):
        texts = []
        for c in certs:
            with open(c.pem, encoding="ascii") as f:
                texts.append(f.read())
        return self.write(name, "".join(texts))

    def listens(self):
        """The schemes that get a port."""
        return self.plain + (self.implicit if self.tls else ())

    def unconfined(self):
        """A copy of the program: AppArmor knows it by its path, and lets it
        into none but the system's folders."""
        return shutil.copy(find(self.program), self.path("program"))

    # --- what the servers fill in

    def prepare(self):
        """Write the configuration for self.ports and self.tls."""

    def argv(self):
        """What to start; it stays in the foreground."""
        raise NotImplementedError

    def argvs(self):
        """The same, for a server that needs several."""
        return [self.argv()]

    def env(self):
        return {}

    # --- the process

    def hand_over(self):
        """Give the folder to whom the server runs as."""
        if self.user is None or not AS_ROOT:
            return
        who = pwd.getpwnam(self.user)
        os.chown(self.folder, who.pw_uid, who.pw_gid)
        for here, folders, files in os.walk(self.folder):
            for name in folders + files:
                os.lchown(os.path.join(here, name), who.pw_uid, who.pw_gid)

    def who(self):
        if self.user is None or not AS_ROOT:
            return {}
        who = pwd.getpwnam(self.user)
        return dict(user=who.pw_uid, group=who.pw_gid, extra_groups=[])

    def start(self):
        """True when it takes connections, False when it has ended."""
        env = dict(os.environ, PATH=PATH, HOME=self.folder,
                   TMPDIR=self.folder, **self.env())
        with open(self.path("output"), "wb") as log:
            self.processes = [subprocess.Popen(
                argv, cwd=self.folder, env=env, **self.who(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
                for argv in self.argvs()]
        try:
            wait_for(self.name, lambda: self.ended() or self.answers(), 30)
        except AssertionError as e:
            self.stop()
            raise AssertionError(f"{e}\n{self.log()}") from None
        if self.ended():
            self.stop()
            return False
        return True

    def ended(self):
        return any(p.poll() is not None for p in self.processes)

    def answers(self):
        try:
            for port in self.ports.values():
                socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            return False

    def log(self):
        with contextlib.suppress(FileNotFoundError):
            with open(self.path("output"), errors="replace",
                      encoding="utf-8") as f:
                return f.read()[-8000:]
        return ""

    def stop(self):
        for p in self.processes:
            if p.poll() is None:
                p.send_signal(self.farewell)
        for p in self.processes:
            try:
                p.wait(20)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()
