#!/usr/bin/env python3
"""conformance.py - put the program before certificates that others made

The suites lie beside the project where there are any, as ../shared/conformance
with their own runner; without them this is skipped. --lint puts zlint's
certificates to it as well, which takes a minute. Speaks TAP. Here stand the
numbers that were reached, and every case in which we differ, with its reason.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RUNNER = os.path.join(ROOT, "..", "shared", "conformance", "run.py")
PROGRAM = os.environ.get("CERTVIGIL", os.path.join(ROOT, "build", "release",
                                                   "certvigil"))
CHAINS = (PROGRAM + " check {leaf} [--intermediates {chain}] --trust {roots}"
          " --at {time} [--name {name}] --role {purpose} -w 0 -c 0"
          " --output json")
ONE = PROGRAM + " check {file} --output json"

# What is expected, what the program says, and why it does.
OPENSSL_REFUSES = "OpenSSL refuses it, and so do the clients that use it"
DEVIATIONS = {
    "limbo/rfc5280::nc::invalid-dnsname-leading-period":
        "OpenSSL, Go and browsers take the dot for 'what is below', and CAs "
        "have it: a warning (certificate.malformed)",
    "limbo/pathlen::validation-ignores-pathlen-in-leaf": OPENSSL_REFUSES,
    "limbo/rfc5280::ca-as-leaf": OPENSSL_REFUSES,
    "boringssl/intermediate-eku-any-and-clientauth/serverauth":
        OPENSSL_REFUSES,
    "boringssl/target-not-end-entity/main": OPENSSL_REFUSES,
    "boringssl/target-serverauth-various-keyusages/ec-decipherOnly":
        OPENSSL_REFUSES,
    "boringssl/target-serverauth-various-keyusages/rsa-decipherOnly":
        OPENSSL_REFUSES,
    "pkits/4.1.5": "OpenSSL has no DSA keys without parameters",
    "boringssl/many-names/ok-all-types":
        "OpenSSL gives up on so many names: " + OPENSSL_REFUSES,
}
# Seconds for one answer.
MAX_SECONDS = 2
# Verdicts of zlint's in which no alarm of ours may be false.
QUIET = ("weak_key", "weak_signature", "wildcard_malformed",
         "wildcard_public_suffix")


class Tap:
    """Lines of TAP; the plan comes last."""

    def __init__(self):
        self.n = self.failed = 0

    def tell(self, good, name, causes=()):
        self.n += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.n} - {name}")
        for cause in causes:
            print(f"# {cause}")

    def end(self):
        print(f"1..{self.n}")
        return 1 if self.failed else 0


def chains(*args):
    """One row a case, as the runner writes them."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        path = os.path.join(folder, "rows.json")
        subprocess.run([sys.executable, "-B", RUNNER, "chains", "--cmd",
                        CHAINS, "--json", path, *args], check=False,
                       stdout=subprocess.DEVNULL)
        with open(path, encoding="utf-8") as f:
            return json.load(f)


def lint():
    """By finding: how many were named, missed, false and quiet."""
    done = subprocess.run([sys.executable, "-B", RUNNER, "lint", "--cmd",
                           ONE], check=False, capture_output=True, text=True)
    table = collections.defaultdict(lambda: [0, 0, 0, 0])
    for line in done.stdout.splitlines():
        words = line.split()
        if len(words) == 5 and words[1].isdigit():
            table[words[0]] = [int(word) for word in words[1:]]
    return table


def coverage():
    """How many facts of real leaves were told right, of how many; and those
    that were not."""
    done = subprocess.run([sys.executable, "-B", RUNNER, "coverage", "--wrong",
                           "--cmd", ONE], check=False, capture_output=True,
                          text=True)
    *wrong, last = done.stdout.splitlines() or [""]
    found = re.match(r"coverage facts: (\d+) of (\d+) as expected, 0 ", last)
    return (*map(int, found.groups()), wrong) if found else (0, 1, [last])


def main():
    if not os.path.exists(RUNNER):
        print("1..1\nok 1 # skip no suites beside the project")
        return 0
    tap = Tap()
    rows = chains("--tier", "core,policy,dos")

    wrong = [r for r in rows if r["tier"] in ("core", "dos")
             and not r["agree"] and r["id"] not in DEVIATIONS]
    tap.tell(rows and not wrong, "core and dos: as every validator has it",
             [f"{r['id']}: want {r['expected']}, have {r['verdict']}"
              for r in wrong])
    wrong = [r for r in rows if r["tier"] == "policy" and not r["agree"]
             and r["expected"] == "valid" and r["id"] not in DEVIATIONS]
    tap.tell(not wrong, "policy: no false alarm", [r["id"] for r in wrong])
    slow = [r for r in rows if r["seconds"] > MAX_SECONDS]
    tap.tell(not slow, f"every answer within {MAX_SECONDS} s",
             [f"{r['id']}: {r['seconds']} s" for r in slow])
    mended = [r["id"] for r in rows if r["agree"] and r["id"] in DEVIATIONS]
    tap.tell(not mended, "the list of deviations is no longer than it must be",
             mended)

    # Any status will do here: what counts is that it is told.
    rows = [r for r in chains("--tier", "policy", "--accept-exit", "9",
                              "--reject-exit", "0,1,2")
            if r["expected"] == "invalid"]
    untold = [r["id"] for r in rows if not r["reason"]]
    named = sum(bool(r["reason"]) for r in rows)
    tap.tell(not untold, f"policy: {named} of {len(rows)} faults are named",
             untold)

    right, facts, wrong = coverage()
    tap.tell(right == facts and facts > 0, f"coverage: {right} of {facts} "
             "facts about www and wildcards", wrong)

    # It takes its time; run by hand.
    if "--lint" in sys.argv:
        table = lint()
        for finding in QUIET:
            named, missed, false, _ = table[finding]
            tap.tell(named > 0 and false == 0, f"lint {finding}: {named} "
                     f"named, {missed} missed, {false} false")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
