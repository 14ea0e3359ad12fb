"""support.py - what the end-to-end tests and the demo stand on: certificates
made afresh, a real nginx on loopback, peers that misbehave, and the program"""
import collections
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("BUILD", f"{ROOT}/build/release")
CERTVIGIL = os.environ.get("CERTVIGIL", f"{BUILD}/certvigil")
MKCERT = os.environ.get("MKCERT", f"{BUILD}/mkcert")
sys.path.insert(0, f"{ROOT}/tests/support")
from waiting import wait_for  # noqa: E402

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
DAY = 86400

SANITIZER = re.compile(r"(Address|Leak|UndefinedBehavior|Thread)Sanitizer"
                       r"|runtime error:")

Done = collections.namedtuple("Done", "status stdout stderr")


def command(program, *args, env=None, cwd=None, stdin=""):
    """The arguments with which subprocess starts a program of ours."""
    full = dict(os.environ)
    full.update(env or {})
    return dict(args=[program, *map(str, args)], env=full, cwd=cwd,
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(program, *args, limit_s=30, stdin="", **how):
    """Run to the end, within the limit; a sanitizer's report is a failure."""
    p = subprocess.Popen(**command(program, *args, stdin=stdin, **how))
    try:
        out, err = p.communicate(stdin.encode() if stdin else None, limit_s)
    except subprocess.TimeoutExpired:
        p.kill()
        out, err = p.communicate()
        raise AssertionError(f"{args}: still running after {limit_s} s: "
                             f"{out!r} {err!r}") from None
    done = Done(p.returncode, out.decode(), err.decode())
    if SANITIZER.search(done.stderr) or done.status < 0:
        raise AssertionError(f"{args}: status {done.status}:\n{done.stderr}")
    return done


def certvigil(*args, **how):
    return run(CERTVIGIL, *args, **how)


# Notes on nearly every certificate, which say nothing of what is tested.
EVERYDAY = ("name.coverage", "name.internal")


def json_targets(done):
    """The targets of a JSON document, without the everyday notes."""
    targets = json.loads(done.stdout)["targets"]
    for target in targets:
        target["findings"] = [f for f in target["findings"]
                              if f["id"] not in EVERYDAY]
    return targets


class Case(unittest.TestCase):
    """A test with a folder of its own and things that end with it."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="certvigil-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def own(self, thing):
        """Have thing.stop() called when the test ends."""
        self.addCleanup(thing.stop)
        return thing

    def assertRun(self, done, status, stdout=None, stderr=None):
        told = f"\nstatus {done.status}\nstdout: {done.stdout}" \
               f"\nstderr: {done.stderr}"
        self.assertEqual(done.status, status, told)
        if stdout is not None:
            self.assertRegex(done.stdout, stdout, told)
        if stderr is not None:
            self.assertRegex(done.stderr, stderr, told)


# --- certificates

class Cert:
    """A certificate and its key on disk."""

    def __init__(self, pem, key, issuer):
        self.pem, self.key, self.issuer = pem, key, issuer

    def der(self):
        with open(self.pem, encoding="ascii") as f:
            return ssl.PEM_cert_to_DER_cert(f.read())

    def path_up(self):
        """This one and its issuers, without the root."""
        chain, c = [], self
        while c.issuer is not None:
            chain.append(c)
            c = c.issuer
        return chain or [self]


class Pki:
    """A root, an intermediate, and leaves, made on the spot."""

    def __init__(self, folder, name="Example"):
        self.folder = folder
        self.root = self.make("root", cn=f"{name} Root", ca=True,
                              not_before="2026-01-01", not_after="2046-01-01")
        self.intermediate = self.make(
            "intermediate", self.root, cn=f"{name} CA 1", ca=True,
            not_before="2026-01-01", not_after="2036-01-01")

    def make(self, name, issuer=None, cn=None, san=(), ca=False, **options):
        """mkcert's options by their names, with _ for -."""
        made = Cert(os.path.join(self.folder, name + ".pem"),
                    os.path.join(self.folder, name + ".key"), issuer)
        args = ["--out", made.pem, "--key-out", made.key, "--cn", cn or name]
        for one in san:
            args += ["--san", one]
        if issuer is not None:
            args += ["--issuer", issuer.pem, "--issuer-key", issuer.key]
        if ca:
            args.append("--ca")
        for option, value in options.items():
            args.append("--" + option.replace("_", "-"))
            if value is not True:
                args.append(value)
        done = run(MKCERT, *args)
        if done.status != 0:
            raise AssertionError(f"mkcert {args}: {done.stderr}")
        return made

    def leaf(self, name, *san, issuer=None, **options):
        """A leaf for DNS names; an address stands as IP:127.0.0.1."""
        san = [s if ":" in s else "DNS:" + s for s in san or (name,)]
        return self.make(name.replace("*", "_"), issuer or self.intermediate,
                         cn=name, san=san, **options)

    def bundle(self, name, *certs):
        """A PEM file of several, in this order; returns its path."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="ascii") as out:
            for c in certs:
                with open(c.pem, encoding="ascii") as f:
                    out.write(f.read())
        return path

    def chain(self, leaf):
        """A leaf with its intermediates, as a server should send it."""
        return self.bundle(os.path.basename(leaf.pem)[:-4] + ".chain.pem",
                           *leaf.path_up())


# --- ports and peers

def free_port(address="127.0.0.1"):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as s:
        s.bind((address, 0))
        return s.getsockname()[1]


def have_ipv6():
    try:
        free_port("::1")
        return True
    except OSError:
        return False


class ClosedPort:
    """A port that refuses: bound, so that nobody else takes it, not open."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def stop(self):
        self.socket.close()


class SilentServer:
    """Takes connections and never says a word."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def stop(self):
        self.socket.close()


class PlainServer:
    """Answers whatever it hears with a text, in the clear; `forever` again
    and again."""

    def __init__(self, text=b"HTTP/1.1 400 Bad Request\r\n\r\n",
                 forever=False):
        self.text, self.forever = text, forever
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.socket.accept()
                with peer, contextlib.suppress(OSError):
                    peer.settimeout(5)
                    peer.recv(1)
                    peer.sendall(self.text)
                    while self.forever:
                        peer.sendall(self.text)
                    peer.shutdown(socket.SHUT_WR)
                    while peer.recv(4096):
                        pass

    def stop(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(10)


Host = collections.namedtuple("Host", "name cert key port more",
                              defaults=(None, ""))

NGINX = """\
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log notice;
{user}
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    server_tokens off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    ssl_protocols TLSv1.2 TLSv1.3;
{servers}}}
"""

SERVER = """\
    server {{
        listen {address}:{port} ssl;
        server_name {name};
        ssl_certificate {cert};
        ssl_certificate_key {key};
        {more}
        return 200 "{name}\\n";
    }}
"""


class Nginx:
    """A real nginx, our child, on free ports of loopback.

    `hosts` are Host(name, chain file, key file): virtual hosts of one port,
    unless a host has its own, and what else its configuration says. The first
    of a port answers unknown names.
    """

    def __init__(self, folder, hosts, address="127.0.0.1"):
        self.folder = os.path.join(folder, "nginx")
        self.hosts, self.address = list(hosts), address
        self.program = shutil.which(
            "nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        os.makedirs(self.folder, exist_ok=True)
        # The port may be taken between finding it and nginx's own bind().
        for _ in range(5):
            self.port = free_port(address)
            if self.start():
                return
        raise AssertionError("nginx does not start:\n" + self.log())

    def log(self):
        with contextlib.suppress(FileNotFoundError):
            with open(f"{self.folder}/error.log", encoding="utf-8") as f:
                return f.read()
        return ""

    def write_config(self):
        address = f"[{self.address}]" if ":" in self.address else self.address
        servers = "".join(
            SERVER.format(address=address, port=h.port or self.port,
                          name=h.name, cert=h.cert, key=h.key, more=h.more)
            for h in self.hosts)
        with open(f"{self.folder}/nginx.conf", "w", encoding="utf-8") as f:
            f.write(NGINX.format(
                user="user root;" if os.geteuid() == 0 else "",
                # Each socket that listens is one of them.
                connections=512 + 2 * len(self.hosts),
                servers=servers))

    def start(self):
        self.write_config()
        # nginx opens its built-in log before it has read where ours is.
        with open(f"{self.folder}/stderr", "wb") as log:
            self.process = subprocess.Popen(
                [self.program, "-p", self.folder, "-c", "nginx.conf",
                 "-e", "error.log"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for("nginx", lambda: self.process.poll() is not None or
                 self.answers())
        return self.process.poll() is None

    def answers(self):
        ports = {h.port or self.port for h in self.hosts}
        try:
            for port in ports:
                socket.create_connection((self.address, port), 1).close()
            return True
        except OSError:
            return False

    def reload(self):
        """Read the files again; returns when the old worker has ended."""
        before = self.log().count("exited with code")
        self.write_config()
        self.process.send_signal(signal.SIGHUP)
        wait_for("nginx's reload",
                 lambda: self.log().count("exited with code") > before)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


# --- configurations

def write_config(path, config):
    """Write a configuration from plain Python: JSON is YAML too."""
    with open(path, "w", encoding="utf-8") as f:
        os.fchmod(f.fileno(), 0o600)  # it may hold secrets
        json.dump(config, f, indent=1)
        f.write("\n")
    return path


class ScanCase(Case):
    """A folder with certificates, a configuration and a state."""

    def setUp(self):
        super().setUp()
        self.pki = Pki(self.folder)
        self.config = {
            "defaults": {"trust": self.pki.root.pem},
            "targets": [],
            "alerts": {"confirm": 1},
            "state": self.path("state.db"),
        }

    def watch(self, *targets):
        self.config["targets"] += targets

    def chain(self, name, end, **options):
        """The chain file of a leaf, made afresh."""
        return self.pki.chain(self.pki.leaf(name, not_after=end, **options))

    def notify(self, name, kind, **settings):
        self.config.setdefault("notifiers", {})[name] = {kind: settings}

    def write_config(self):
        return write_config(self.path("config.yaml"), self.config)

    def scan(self, *args, **how):
        return certvigil("scan", "--config", self.write_config(), *args,
                         **how)

    def write(self, name, data):
        """A file of these bytes; returns its path."""
        with open(self.path(name), "wb") as f:
            f.write(data)
        return self.path(name)


def main():
    unittest.main(verbosity=2)
