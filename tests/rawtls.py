#!/usr/bin/env python3
"""rawtls.py - answer the program with what fuzzers of TLS clients came upon

    tests/rawtls.py [--all]

The answers lie beside the project where there are any, as ../shared/conformance
with their own runner; without them this is skipped. Each is one server: the
program must neither crash nor hang, nor take it for a good one. A part of them
is enough for each run, all take some minutes with sanitizers. Speaks TAP.
"""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RUNNER = os.path.join(ROOT, "..", "shared", "conformance", "run.py")
PROGRAM = os.environ.get("CERTVIGIL", os.path.join(ROOT, "build", "release",
                                                   "certvigil"))
LOOK = PROGRAM + " check tls://127.0.0.1:{port} --sni localhost -t 5"
A_PART = 60
# Every one of them fails, after the second try if not after the first.
MAX_SECONDS = 5


def main():
    if not os.path.exists(RUNNER):
        print("1..1\nok 1 # skip no answers beside the project")
        return 0
    bound = [] if "--all" in sys.argv else ["--limit", str(A_PART)]
    done = subprocess.run([sys.executable, "-B", RUNNER, "rawtls", "--cmd",
                           LOOK, *bound], check=False, capture_output=True,
                          text=True)
    told = re.search(r"(\d+) files, outcomes (\{.*\}), slowest ([\d.]+) s",
                     done.stdout)
    good = told is not None and int(told.group(1)) > 0 and \
        told.group(2) == f"{{'exit2': {told.group(1)}}}"
    print(f"{'ok' if good else 'not ok'} 1 - every answer is told as a fault")
    soon = told is not None and float(told.group(3)) < MAX_SECONDS
    print(f"{'ok' if soon else 'not ok'} 2 - within {MAX_SECONDS} s each")
    for line in (done.stdout + done.stderr).splitlines():
        print("#", line)
    print("1..2")
    return 0 if good and soon else 1


if __name__ == "__main__":
    sys.exit(main())
