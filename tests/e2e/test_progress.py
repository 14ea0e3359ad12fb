#!/usr/bin/env python3
"""test_progress.py - what somebody sees who waits for a scan, and where the
time went afterwards"""
import json
import os
import pty
import re
import subprocess

from support import CERTVIGIL, CRITICAL, ScanCase, SilentServer, main
from terminal_support import read_all

PHASES = ["connect", "handshake", "read", "judge", "recall", "store"]


class Progress(ScanCase):
    def setUp(self):
        super().setUp()
        silent = self.own(SilentServer())
        for name, limit in (("first", "1s"), ("last", "2s")):
            self.watch({"name": name, "timeout": limit,
                        "endpoint": f"tls://127.0.0.1:{silent.port}"})
        self.watch({"file": self.path("missing.pem")})

    def test_on_a_terminal(self):
        """When the first one is given up, the other one is waited for."""
        ours, its = pty.openpty()
        scan = subprocess.Popen(
            [CERTVIGIL, "scan", "--config", self.write_config()],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=its)
        os.close(its)
        said = read_all(ours)
        self.assertEqual(scan.wait(), CRITICAL)
        lines = said.decode().split("\r\033[K")
        self.assertEqual((lines[0], lines[-1]), ("", ""))
        told = [re.sub(r"\b[12] a second, \d+ (minute|second)s?", "RATE", s)
                for s in lines[1:-1]]
        self.assertEqual(told[0], "scanning: 2 of 3, RATE left; "
                                  "1 in the TLS handshake")

    def test_no_terminal(self):
        done = self.scan()
        self.assertRun(done, CRITICAL, stderr=r"\A\Z")

    def test_phases(self):
        done = self.scan("--profile-phases")
        lines = [line.split() for line in done.stderr.splitlines()]
        self.assertEqual(lines[0], "phase times elapsed s each ms CPU s "
                                   "each ms".split())
        self.assertEqual([line[0] for line in lines[1:]],
                         ["resolve", *PHASES])
        by_name = {line[0]: line[1:] for line in lines}
        self.assertEqual(by_name["handshake"][0], "2")
        # Of one and of two seconds, less what came before the handshakes.
        self.assertGreater(float(by_name["handshake"][1]), 2.5)
        self.assertEqual(by_name["judge"][0], "3")
        self.assertEqual(by_name["store"][0], "1")

    def test_phases_for_machines(self):
        done = self.scan("--profile-phases", "--output", "json")
        self.assertEqual(done.stderr, "")
        phases = json.loads(done.stdout)["phases"]
        self.assertEqual([p["name"] for p in phases], ["resolve", *PHASES])
        self.assertEqual([sorted(p) for p in phases],
                         [["cpu_ms", "name", "times", "wall_ms"]] * 7)
        # Nobody asked.
        done = self.scan("--output", "json")
        self.assertNotIn("phases", json.loads(done.stdout))


if __name__ == "__main__":
    main()
