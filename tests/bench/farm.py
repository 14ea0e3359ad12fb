"""farm.py - the endpoints of the test bed: one nginx on thousands of ports of
loopback, and some that never answer or refuse"""
import contextlib
import errno
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time

ADDRESSES = "127.0.11"  # .1 and on: the good ones, a certificate each
DEAD_ADDRESSES = "127.0.12"
MAX_NAMES, MAX_PORTS, DEAD = 200, 50, 200
SPARE_FILES = 4096  # open at once, besides what listens

# Where nobody else looks for a port: below what the kernel hands out.
PORTS = range(10000, 32000, 100)
DEFAULT_PORT = 24000

NGINX = """\
daemon off;
worker_processes {workers};
worker_rlimit_nofile {files};
pid nginx.pid;
error_log nginx.log crit;
{user}
events {{ worker_connections {files}; }}
http {{
    access_log off;
    keepalive_timeout 0;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    ssl_session_cache none;
    ssl_protocols TLSv1.2 TLSv1.3;
{servers}}}
"""

SERVER = """\
    server {{
        server_name {name};
        ssl_certificate certificates/{n}.pem;
        ssl_certificate_key certificates/{n}.key;
{listens}
        return 200 "{name}\\n";
    }}
"""


class Refused(Exception):
    """The bed cannot be made here; the text says why, and what to do."""


def cores():
    return len(os.sched_getaffinity(0))


def held(argv):
    """The command, so that it ends when this process does."""
    if shutil.which("setpriv"):
        return ["setpriv", "--pdeathsig", "TERM", *argv]
    return argv


@contextlib.contextmanager
def unbroken():
    """Signals that come meanwhile are answered at its end: what was started
    while one was answered would be known to nobody, and ended by nobody."""
    late = []
    before = {number: signal.signal(number, lambda n, _: late.append(n))
              for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number in late:
        signal.raise_signal(number)


def end(process):
    """Have it end, if it has not yet, and wait until it has."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def raise_open_files():
    """As many open files as are allowed; returns how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 1 << 20 if hard == resource.RLIM_INFINITY else min(hard, 1 << 20)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most


def is_free(address, port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind((address, port))
            s.listen(1)
        except OSError as e:
            if e.errno == errno.EADDRINUSE:
                return False
            raise Refused(f"{address}:{port}: {e.strerror}") from None
    return True


class Farm:
    """`endpoints` of them on ports from `port` on (0: wherever there is
    room), with certificates made by `mkbed`."""

    def __init__(self, folder, mkbed, endpoints, port):
        self.folder = f"{folder}/farm"
        self.names = min(MAX_NAMES, endpoints)
        self.ports = min(MAX_PORTS, -(-endpoints // self.names))
        self.lists = {}
        self.silent, self.closed, self.process = [], [], None
        self.fit_open_files()
        self.port = self.find_port(port)
        os.mkdir(self.folder)
        subprocess.run([mkbed, "farm", f"{self.folder}/certificates",
                        str(self.names), ADDRESSES], check=True)
        self.trust = f"{self.folder}/certificates/root.pem"

    def fit_open_files(self):
        most = raise_open_files() - SPARE_FILES
        if self.names * self.ports > most:
            self.ports = max(1, most // self.names)
            print(f"The limit of open files leaves room for "
                  f"{self.size()} endpoints (ulimit -Hn).", file=sys.stderr)
        self.files = 2 * self.size() + SPARE_FILES

    def size(self):
        return self.names * self.ports

    def taken(self, port):
        """The first of the addresses that somebody has, or None."""
        for i in range(DEAD):
            for p in (port, port + 1):
                if not is_free(f"{DEAD_ADDRESSES}.{i + 1}", p):
                    return f"{DEAD_ADDRESSES}.{i + 1}:{p}"
        for p in range(port, port + self.ports):
            for i in range(self.names):
                if not is_free(f"{ADDRESSES}.{i + 1}", p):
                    return f"{ADDRESSES}.{i + 1}:{p}"
        return None

    def find_port(self, port):
        if port != 0:
            taken = self.taken(port)
            if taken is not None:
                raise Refused(
                    f"{taken} is taken; the farm needs the ports {port} to "
                    f"{port + self.ports - 1} of {ADDRESSES}.1 to "
                    f".{self.names}, and {port} and {port + 1} of "
                    f"{DEAD_ADDRESSES}.1 to .{DEAD}: give another --port, or "
                    f"0 for wherever there is room")
            return port
        # Not all that run at once shall look in the same order.
        first = os.getpid() % len(PORTS)
        for i in range(len(PORTS)):
            port = PORTS[(first + i) % len(PORTS)]
            if self.taken(port) is None:
                return port
        raise Refused(f"no {self.ports} ports in a row are free on "
                      f"{ADDRESSES}.1 to .{self.names}")

    def write_config(self):
        servers = ""
        for i in range(1, self.names + 1):
            listens = "\n".join(
                f"        listen {ADDRESSES}.{i}:{p} ssl backlog=1024;"
                for p in range(self.port, self.port + self.ports))
            servers += SERVER.format(n=i, name=f"h{i}.bench.test",
                                     listens=listens)
        with open(f"{self.folder}/nginx.conf", "w", encoding="ascii") as f:
            f.write(NGINX.format(
                workers=cores(), files=self.files, servers=servers,
                user="user root;" if os.geteuid() == 0 else ""))

    def start(self):
        self.write_config()
        nginx = shutil.which("nginx", path=os.environ.get("PATH", "") +
                             ":/usr/sbin:/sbin")
        if nginx is None:
            raise Refused("nginx is missing: make deps DEPS=bench")
        with open(f"{self.folder}/stderr", "wb") as log, unbroken():
            self.process = subprocess.Popen(
                held([nginx, "-p", self.folder, "-c", "nginx.conf", "-e",
                      "nginx.log"]),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wait_until_ready()
        for i in range(1, DEAD + 1):
            address = f"{DEAD_ADDRESSES}.{i}"
            s = socket.create_server((address, self.port), backlog=4096)
            s.setblocking(False)
            self.silent.append(s)
            # Bound, so that nobody else takes it, and not open.
            s = socket.socket()
            self.closed.append(s)
            s.bind((address, self.port + 1))

    def wait_until_ready(self):
        last = (f"{ADDRESSES}.{self.names}", self.port + self.ports - 1)
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(last, 1).close()
                return
            if self.process.poll() is not None or \
                    time.monotonic() > deadline:
                with open(f"{self.folder}/stderr", encoding="utf-8") as f:
                    raise Refused(f"nginx does not start: {f.read()}")
            time.sleep(0.02)

    def drain(self):
        """Let go of those who gave up waiting."""
        for s in self.silent:
            with contextlib.suppress(BlockingIOError):
                while True:
                    s.accept()[0].close()

    def stop(self):
        for s in self.silent + self.closed:
            s.close()
        if self.process is not None:
            end(self.process)

    # --- lists of endpoints: (address, port, name)

    def good(self, n):
        """Every address once before one comes again."""
        return [(f"{ADDRESSES}.{i % self.names + 1}",
                 self.port + i // self.names,
                 f"h{i % self.names + 1}.bench.test")
                for i in range(min(n, self.size()))]

    def mixed(self, n):
        """Of a hundred 95 are good, 4 silent, 1 refuses."""
        rows = self.good(n)
        for i in range(len(rows)):
            address = f"{DEAD_ADDRESSES}.{i // 25 % DEAD + 1}"
            if i % 25 == 12:
                rows[i] = (address, self.port, "silent.bench.test")
            elif i % 100 == 49:
                rows[i] = (address, self.port + 1, "closed.bench.test")
        return rows

    def write_list(self, kind, n):
        """The path of a list with a line "address port name" each."""
        path = f"{self.folder}/{kind}-{n}.txt"
        if path not in self.lists:
            rows = self.good(n) if kind == "good" else self.mixed(n)
            with open(path, "w", encoding="ascii") as f:
                f.writelines("%s %d %s\n" % row for row in rows)
            self.lists[path] = rows
        return path
