"""programs.py - where the programs of the comparison are, and the commands of
those that are the bare limit"""
import os
import shutil
import subprocess

from farm import cores
from measure import Side

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHARED = os.path.join(ROOT, "..", "shared", "bench")

# Of the programs beside the project, where there are any, and of our own.
LIMITS = {
    "shared": {
        "tls": "{bin}/limit_tls -m epoll -T {cores} -K {flying} -i "
               "-t {limit_ms} -n {n} -a {trust} -f {list}",
        "d2i": "{bin}/limit_files -m own -T {cores} -l {list}",
        "template": "{bin}/limit_files -m tmpl -T {cores} -l {list}",
        "stat": "{bin}/limit_files -m stat -T 1 -l {list}",
    },
    "own": {
        "tls": "{bin}/limit_tls -T {cores} -K {flying} -t {limit_ms} -n {n} "
               "-a {trust} {list}",
        "d2i": "{bin}/limit_files -m d2i -T {cores} {list}",
        "template": "{bin}/limit_files -m template -T {cores} {list}",
        "stat": "{bin}/limit_files -m stat -T 1 {list}",
    },
}
VERIFY = "{bin}/limit_files -m verify -T {cores} -a {trust} {list}"

NOTHING_MORE = "judges, stores and tells nothing"
LIMIT_DOES = {
    "tls": "an event loop for each core, one SSL_CTX; verifies chain and "
           "name, reads all certificates; " + NOTHING_MORE,
    "d2i": "d2i_X509() of every certificate, a library context for each "
           "thread; " + NOTHING_MORE,
    "template": "parses every certificate by a template that leaves the key "
                "as it is; " + NOTHING_MORE,
    "stat": "lstat() of every file; reads none",
}


def quiet_environment():
    """Without what the make that started us says to its children."""
    return {k: v for k, v in os.environ.items()
            if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}


class Programs:
    """certvigil and what is beside it, of one build."""

    def __init__(self, build, folder, own_limits=False):
        self.certvigil = os.path.abspath(f"{build}/certvigil")
        self.own = os.path.abspath(f"{build}/bench")
        self.folder = f"{folder}/bin"
        os.mkdir(self.folder)
        self.limits = \
            "shared" if not own_limits and self.build_shared() else "own"
        self.limit_bin = self.folder if self.limits == "shared" else self.own
        self.python = "/usr/bin/python3" if os.access(
            "/usr/bin/python3", os.X_OK) else "python3"
        self.go = self.build_go()

    def bench(self, name):
        return f"{self.own}/{name}"

    def build_shared(self):
        names = ("limit_tls", "limit_files")
        if not os.path.exists(f"{SHARED}/Makefile"):
            return False
        done = subprocess.run(
            ["make", "-s", "-C", SHARED, f"O={self.folder}",
             *(f"{self.folder}/{name}" for name in names)],
            env=quiet_environment(), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=False)
        return done.returncode == 0

    def build_go(self):
        """The path of peer.go's program, or None."""
        if shutil.which("go") is None:
            return None
        env = dict(quiet_environment(), GO111MODULE="off", GOPROXY="off",
                   GOFLAGS="", GOTOOLCHAIN="local",
                   GOCACHE=f"{self.folder}/cache")
        done = subprocess.run(
            ["go", "build", "-o", f"{self.folder}/peer_go",
             f"{HERE}/peer.go"], env=env, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=False)
        return f"{self.folder}/peer_go" if done.returncode == 0 else None

    def limit(self, kind, name, n, expect=None, **given):
        """The side of a bare limit; `list` is in `given`."""
        counted = {"tls": r"\bok=(\d+)"}.get(kind, r"\bfiles=(\d+)")
        command = LIMITS[self.limits][kind].format(
            bin=self.limit_bin, cores=cores(), n=n, **given)
        return Side(key=kind, name=name, does=LIMIT_DOES[kind], n=n,
                    argv=command.split(), good=counted, expect=expect)

    def verify(self, n, **given):
        """The d2i limit with the signatures besides."""
        return Side(
            key="verify", name="limit: d2i, chain verified", n=n,
            does="the same as d2i, and X509_verify_cert(); " + NOTHING_MORE,
            argv=VERIFY.format(bin=self.own, cores=cores(), **given).split(),
            good=r"\bfiles=(\d+)")
