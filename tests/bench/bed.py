"""bed.py - the test bed, made as far as it is asked for, and taken away"""
import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile

from corpus import Corpus
from farm import Farm
from measure import Bench, Side, median
from programs import Programs

OK, WARNING, CRITICAL = 0, 1, 2


class Bed:
    """Of `endpoints` and `files`, of which the larger sections take more."""

    def __init__(self, build, endpoints, files, port=0, with_peers=True,
                 own_limits=False):
        self.endpoints, self.files = endpoints, files
        self.port, self.with_peers = port, with_peers
        self.folder = tempfile.mkdtemp(prefix="certvigil-bench-")
        self.stack = contextlib.ExitStack()
        self.corpora, self.daemons = {}, {}
        self.made_farm = None
        try:
            self.programs = Programs(build, self.folder, own_limits)
        except BaseException:
            self.stop(keep=False)
            raise
        self.bench = Bench(self.programs.bench("timed"), self.folder)

    def stop(self, keep):
        self.stack.close()
        if keep:
            print(f"The test bed is in {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def farm(self):
        if self.made_farm is None:
            self.bench.tell("making the farm")
            # The mixed list and the large one are taken from it.
            self.made_farm = Farm(self.folder, self.programs.bench("mkbed"),
                                  5 * self.endpoints, self.port)
            self.stack.callback(self.made_farm.stop)
            self.made_farm.start()
        return self.made_farm

    def corpus(self, n):
        if n not in self.corpora:
            self.bench.tell(f"making {n} files")
            self.corpora[n] = Corpus(self.folder,
                                     self.programs.bench("mkbed"), n)
        return self.corpora[n]

    def daemon(self, name, start):
        if name not in self.daemons:
            self.daemons[name] = start(self.folder, self.farm.trust)
            self.stack.callback(self.daemons[name].stop)
        return self.daemons[name]

    # --- certvigil's side

    def write_config(self, name, trust, targets, **defaults):
        path = f"{self.folder}/{name}.yaml"
        with open(path, "w", encoding="utf-8") as f:
            os.fchmod(f.fileno(), 0o600)
            json.dump({"state": f"{self.folder}/{name}.db",
                       "defaults": {"trust": trust, **defaults},
                       "alerts": {"confirm": 1}, "targets": targets}, f)
        return path

    def config_for_endpoints(self, kind, n, limit_ms):
        path = self.farm.write_list(kind, n)
        return self.write_config(
            f"{kind}-{n}-{limit_ms}", self.farm.trust,
            [{"endpoint": f"tls://{address}:{port}", "sni": name}
             for address, port, name in self.farm.lists[path]],
            timeout=f"{limit_ms}ms", retries=0)

    def config_for_files(self, n):
        corpus = self.corpus(n)
        # Half of them are leaves alone, and meant to be.
        return self.write_config(f"files-{n}", corpus.trust,
                                 [{"file": corpus.files}],
                                 findings={"chain.incomplete": "ok"})

    def forget(self, config):
        """Take the state away, as before the first scan."""
        state = config[:-len(".yaml")] + ".db"
        for tail in ("", "-wal", "-shm", ".lock"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(state + tail)

    def scan(self, key, name, does, n, config, statuses=(OK,), fresh=False,
             **more):
        def before():
            if fresh:
                self.forget(config)
            if self.made_farm is not None:
                self.made_farm.drain()
        return Side(key=key, name=name, does=does, n=n, before=before,
                    argv=[self.programs.certvigil, "scan", "--quiet",
                          "--config", config], statuses=statuses, **more)

    def status(self, config):
        """What the state knows, as a document."""
        done = subprocess.run(
            [self.programs.certvigil, "status", "--output", "json",
             "--config", config], stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)

    def store_us(self, config, n):
        """What the state takes of a scan's CPU for each target, read and
        written, by the program's own account; None: it gives none."""
        told = []
        for _ in range(3):
            done = subprocess.run(
                [self.programs.certvigil, "scan", "--quiet",
                 "--profile-phases", "--config", config], check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True)
            # Phase, times, elapsed s, each ms, CPU s, each ms.
            found = re.findall(r"^(?:recall|store)(?: +[\d.]+){3} +([\d.]+)",
                               done.stderr, re.M)
            if not found:
                return None
            told.append(sum(map(float, found)) * 1e6 / n)
        return median(told)

    def has_command(self, name):
        done = subprocess.run([self.programs.certvigil, "--help"],
                              stdout=subprocess.PIPE, check=True)
        return f"\n  {name} ".encode() in done.stdout
