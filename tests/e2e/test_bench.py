"""test_bench.py - the benchmark runs at all: a tiny bed, whatever the figures"""
import json
import os
import signal
import socket
import subprocess
import sys

import support
from support import BUILD, ROOT, Case, wait_for

BENCH = [sys.executable, "-B", "-W", "error", f"{ROOT}/tests/bench/bench.py",
         "--endpoints", "20", "--files", "50", "--rounds", "2", "--no-peers",
         "--own-limits"]


class Bench(Case):
    def setUp(self):
        super().setUp()
        # All that it makes lies below, and names all that it starts.
        self.env = dict(os.environ, TMPDIR=self.folder)

    def start(self, *args):
        p = subprocess.Popen(
            [*BENCH, *args, BUILD], env=self.env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(p.kill)
        return p

    def processes(self):
        """Command lines that name the test's folder."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as f:
                    line = f.read().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if self.folder in line:
                found.append(line)
        return found

    def assertEnded(self, left=()):
        wait_for("the end of what it started",
                 lambda: not self.processes())
        self.assertCountEqual(os.listdir(self.folder), left)

    def test_tables(self):
        p = self.start("--port", "0", "--json", self.path("out.json"),
                       "--section", "endpoints", "--section", "files",
                       "--section", "state")
        out, err = p.communicate(timeout=120)
        self.assertEqual((p.returncode, err), (0, ""), out)
        for line in (r"^20 good endpoints, medians of 2",
                     r"^limit: event loops +20 ", r"^certvigil scan +20 ",
                     r"^certvigil scan, again +20 ",
                     r"^50 certificate files, medians ", r"^limit: d2i +50 ",
                     r"^limit: template +50 ", r"^limit: stat +50 ",
                     r"^certvigil scan, unchanged +50 ",
                     r"^goal 1: CPU [\d.]+ of the limit \(want 1.15 or less",
                     r"^goal 3: first scan without signatures: CPU [\d.]+",
                     r"^a state of 500 targets and 25 open incidents, ",
                     r"^certvigil status +500 ", r"^processor +\S"):
            self.assertRegex(out, f"(?m){line}")
        # What was found is what is there.
        self.assertNotIn("IT FOUND", out)
        self.assertNotIn("nothing good", out)
        with open(self.path("out.json"), encoding="utf-8") as f:
            told = json.load(f)
        sides = [side for section in told["sections"]
                 for table in section["tables"] for side in table["sides"]]
        self.assertEqual({len(side["runs"]) for side in sides}, {2})
        for run in (run for side in sides for run in side["runs"]):
            self.assertGreater(run["wall_s"], 0)
            self.assertGreater(run["peak_mb"], 1)
        self.assertEnded(["out.json"])

    def test_dead_endpoints(self):
        p = self.start("--port", "0", "--rounds", "1", "--markdown",
                       "--section", "mixed")
        out, err = p.communicate(timeout=120)
        self.assertEqual((p.returncode, err), (0, ""), out)
        for line in (r"^\| certvigil scan \| 40 \| 1",
                     r"^\* limit 1 s, certvigil scan: 38 of 38 good ones",
                     r"^\* goal 2: false time-outs 0 at a limit of 1 s"):
            self.assertRegex(out, f"(?m){line}")
        self.assertEnded()

    def test_told_to_end(self):
        p = self.start("--port", "0", "--section", "mixed")
        wait_for("a scan", lambda: any("limit_tls" in line for line in
                                       self.processes()))
        p.send_signal(signal.SIGTERM)
        p.communicate(timeout=30)
        self.assertEqual(p.returncode, 128 + signal.SIGTERM)
        self.assertEnded()

    def test_killed(self):
        p = self.start("--port", "0", "--section", "mixed")
        wait_for("a scan", lambda: any("limit_tls" in line for line in
                                       self.processes()))
        p.kill()
        p.communicate(timeout=30)
        wait_for("the end of what it started", lambda: not self.processes())

    def test_taken_port(self):
        with socket.create_server(("127.0.11.7", 0)) as taken:
            port = taken.getsockname()[1]
            p = self.start("--port", str(port), "--section", "endpoints")
            out, err = p.communicate(timeout=60)
        self.assertEqual(p.returncode, 1, out)
        self.assertIn(f"127.0.11.7:{port} is taken", err)
        self.assertIn("give another --port", err)
        self.assertEnded()


if __name__ == "__main__":
    support.main()
