#!/usr/bin/env python3
"""test_checkmk.py - as a local check of Checkmk's agent"""
import os
import re

from monitoring_support import EXAMPLES, Watched
from support import (CERTVIGIL, CRITICAL, DAY, OK, UNKNOWN, WARNING, certvigil,
                     main, run)

# STATUS "SERVICE" METRICS TEXT (Checkmk's manual of local checks): one blank
# between each; a metric's levels are "upper" or "lower:upper".
LOCAL = re.compile(r"""([0123]) "([^"'\\]+)" (-|[^ ]+) (.*)""")
METRIC = re.compile(r"([a-z_]+)=(-?\d+)s?((?:;(?:\d*:)?\d*){0,2})"
                    r"((?:;\d*){0,2})")


def local_services(text):
    """{service: (state, {metric: (value, levels, bounds)}, text, details)}"""
    found = {}
    for line in text.splitlines():
        m = LOCAL.fullmatch(line)
        if m is None:
            raise AssertionError(f"no local check: {line!r}")
        metrics = {}
        for one in [] if m.group(3) == "-" else m.group(3).split("|"):
            n = METRIC.fullmatch(one)
            if n is None:
                raise AssertionError(f"no metric: {one!r}")
            metrics[n.group(1)] = (int(n.group(2)),
                                   n.group(3).split(";")[1:],
                                   n.group(4).split(";")[1:])
        summary, *details = m.group(4).split("\\n")
        found[m.group(2)] = (int(m.group(1)), metrics, summary, details)
    return found


class Checkmk(Watched):
    def test_check(self):
        names = ("good", "soon", "late", "evil")
        done = certvigil(
            "check", "--output", "checkmk", "--trust", self.pki.root.pem,
            "--address", "127.0.0.1", "-w", "30", "-c", "14",
            *(f"{name}.example.com:{self.port}" for name in names))
        found = local_services(done.stdout)
        self.assertEqual(
            {name.split()[1].split(".")[0]: told[0]
             for name, told in found.items()},
            {"good": OK, "soon": WARNING, "late": CRITICAL, "evil": CRITICAL})
        state, metrics, summary, details = found[
            f"Certificate late.example.com:{self.port}"]
        value, levels, bounds = metrics["seconds_left"]
        self.assertAlmostEqual(value, -2.5 * DAY, delta=120)
        self.assertEqual(levels, [f"{30 * DAY}:", f"{14 * DAY}:"])
        self.assertEqual(bounds[0], "0")
        self.assertRegex(summary, "^expired 2 days ago")
        self.assertRegex(details[0], r"^CRITICAL expiry\.expired: ")
        self.assertEqual(len(details), 2)  # and what to do
        state, metrics, summary, details = found[
            f"Certificate evil.example.com:{self.port}"]
        self.assertEqual(set(metrics), {"seconds_left"})
        self.assertIn("evil\\x0a/", summary)
        for told in [summary] + details:
            self.assertNotRegex(told, "[|\x1b\u202e]")
        for finding in details[::2]:
            self.assertRegex(finding, r"^(CRITICAL|WARNING) [a-z.-]+: ")

    def test_local_check(self):
        bin_folder = self.make_folder("bin")
        path = f"{bin_folder}/certvigil"
        with open(path, "w", encoding="utf-8") as f:
            f.write(f"#!/bin/sh\nexec '{CERTVIGIL}' \"$@\" "
                    f"--config '{self.path('config.yaml')}'\n")
        os.chmod(path, 0o755)
        done = run(f"{EXAMPLES}/checkmk/certvigil", env={
            "PATH": f"{bin_folder}:/usr/bin:/bin"})
        found = local_services(done.stdout)
        self.assertRun(done, 0, stderr="^$")
        state, metrics, summary, details = found.pop("Certvigil")
        self.assertEqual((state, details), (OK, []))
        self.assertRegex(summary, "^last complete scan .* ago$")
        self.assertEqual(metrics["age"][1:], (["", "0:7200"], ["0"]))
        self.assertEqual(set(metrics), {"age", "undelivered", "given_up"})
        (name, (state, metrics, summary, _)), = found.items()
        self.assertEqual(name, f"Certificate {self.pki.folder}/"
                               "soon.example.com.chain.pem")
        self.assertIn("seconds_left", metrics)

    def test_local_check_without_certvigil(self):
        found = local_services(run(
            "/bin/sh", f"{EXAMPLES}/checkmk/certvigil",
            env={"PATH": "/nowhere"}).stdout)
        self.assertEqual(found, {"Certvigil": (
            UNKNOWN, {}, "certvigil could not be run", [])})


if __name__ == "__main__":
    main()
