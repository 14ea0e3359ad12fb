#!/usr/bin/env python3
"""run.py - run the tests of one or more builds, and sum them up

    tests/run.py [--unit] [--only WORD] BUILD...

A part is a unit program, a script that speaks TAP, or a unittest file; --unit
leaves the last kind out, --only keeps parts whose name holds WORD. Two parts
run side by side. The last line is "N passed, N failed[, N skipped]", and the
exit status 1 if any failed or none ran.
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import re
import signal
import subprocess
import sys
import time

TESTS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(TESTS)

UNIT_S, SCRIPT_S, E2E_S = 120, 60, 300

Part = collections.namedtuple("Part", "name build argv limit_s count")
Counts = collections.namedtuple("Counts", "passed failed skipped")


def count_tap(output):
    """TAP, as cmocka and our scripts speak it."""
    passed = failed = skipped = 0
    planned = None
    for line in output.splitlines():
        # cmocka says "not ok" of what it skips.
        if re.match(r"(?:not )?ok\b.*#\s*skip", line, re.I):
            skipped += 1
        elif re.match(r"ok\b", line):
            passed += 1
        elif re.match(r"not ok\b", line):
            failed += 1
        elif planned is None and re.match(r"1\.\.\d+", line):
            planned = int(line.split()[0][3:])
    if planned is not None:
        # What was announced and not told did not pass.
        failed += max(0, planned - passed - failed - skipped)
    return Counts(passed, failed, skipped)


def count_unittest(output):
    """The last two lines of Python's unittest."""
    ran = re.findall(r"^Ran (\d+) tests? in", output, re.M)
    verdict = re.findall(r"^(?:OK|FAILED)(?: \((.*)\))?$", output, re.M)
    if not ran or not verdict:
        return Counts(0, 0, 0)
    told = dict(re.findall(r"([a-z ]+)=(\d+)", verdict[-1]))
    told = {word.strip(): int(n) for word, n in told.items()}
    failed = sum(told.get(word, 0) for word in
                 ("failures", "errors", "unexpected successes"))
    skipped = told.get("skipped", 0)
    return Counts(max(0, int(ran[-1]) - failed - skipped), failed, skipped)


def failed_names(output):
    """The tests that a part says have failed, in either language."""
    names = re.findall(r"^(?:FAIL|ERROR): (\w+)", output, re.M)
    names += [name for name in re.findall(
        r"^not ok\b[\s\d]*-?[ ]*(.*)$", output, re.M)
        if not re.search(r"#\s*skip", name, re.I)]
    # A test and each of its subtests have one name.
    return list(dict.fromkeys(names))


def unit_parts(build):
    for source in sorted(glob.glob(f"{TESTS}/unit/test_*.c")):
        name = os.path.basename(source)[:-2]
        yield Part(f"unit/{name}", build, [f"{build}/unit/{name}"], UNIT_S,
                   count_tap)


def script_parts(build):
    yield Part("layers", build, [sys.executable, f"{TESTS}/layers.py"],
               SCRIPT_S, count_tap)
    yield Part("conformance", build,
               [sys.executable, "-B", f"{TESTS}/conformance.py"], SCRIPT_S,
               count_tap)
    if os.path.exists(f"{TESTS}/keys.sh"):
        yield Part("keys", build, [f"{TESTS}/keys.sh"], SCRIPT_S, count_tap)


def e2e_parts(build):
    for path in sorted(glob.glob(f"{TESTS}/e2e/test_*.py")):
        yield Part("e2e/" + os.path.basename(path)[:-3], build,
                   [sys.executable, "-B", path], E2E_S, count_unittest)
    yield Part("e2e/demo", build,
               [sys.executable, "-B", f"{TESTS}/demo/demo.py"], E2E_S,
               count_unittest)


def environment(build):
    env = dict(os.environ)
    env.update(
        BUILD=build,
        CERTVIGIL=f"{build}/certvigil",
        MKCERT=f"{build}/mkcert",
        CMOCKA_MESSAGE_OUTPUT="TAP",
        PYTHONPATH=f"{TESTS}/e2e:{TESTS}/support",
        ASAN_OPTIONS="detect_leaks=1:detect_stack_use_after_return=1",
        UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1",
        LC_ALL="C.UTF-8",
        TZ="UTC",
    )
    # What a developer has set must not change what is tested.
    for name in ("STATE_DIRECTORY", "CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET",
                 "WATCHDOG_USEC", "WATCHDOG_PID", "JOURNAL_STREAM",
                 "http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY",
                 "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        env.pop(name, None)
    return env


def run_part(part):
    """Run one part; returns (part, counts, seconds, output)."""
    began = time.monotonic()
    try:
        p = subprocess.Popen(part.argv, cwd=ROOT, env=environment(part.build),
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, start_new_session=True)
    except OSError as e:
        return part, Counts(0, 1, 0), 0, str(e)
    try:
        output, _ = p.communicate(timeout=part.limit_s)
        output = output.decode(errors="replace")
        status = p.returncode
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        output, _ = p.communicate()
        output = output.decode(errors="replace") + \
            f"\nstopped after {part.limit_s} s"
        status = None

    counts = part.count(output)
    if status == 0 and counts == (0, 0, 0):
        counts = Counts(1, 0, 0)  # a plain script: its status is its word
    elif status != 0 and counts.failed == 0:
        counts = counts._replace(failed=1)
        output += f"\nexit status {status}"
    return part, counts, time.monotonic() - began, output


tables = set()


def tell_table(output):
    """What a part shows on lines that begin with a bar; a second build that
    has the same does not show it again."""
    lines = [line for line in output.splitlines() if line.startswith("| ")]
    if lines and "\n".join(lines) not in tables:
        tables.add("\n".join(lines))
        print("".join(f"    {line}\n" for line in lines), end="", flush=True)


def tell(part, counts, seconds, output):
    words = f"{counts.passed} passed"
    if counts.failed:
        words += f", {counts.failed} FAILED"
    if counts.skipped:
        words += f", {counts.skipped} skipped"
    label = f"{os.path.basename(part.build)}: {part.name}"
    print(f"  {label:<36} {words} ({seconds:.1f} s)", flush=True)
    if counts.failed:
        print("".join(f"    | {line}\n" for line in output.splitlines()),
              end="", flush=True)
        return
    tell_table(output)
    if counts.skipped:
        for line in re.findall(r"skipped '(.*)'|#\s*skip\s+(.*)", output):
            print(f"    skipped: {''.join(line)}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--unit", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("builds", nargs="+", metavar="BUILD")
    args = parser.parse_args()

    parts = []
    for i, build in enumerate(map(os.path.abspath, args.builds)):
        parts += unit_parts(build)
        # The scripts look at the sources and the command line: once will do.
        parts += script_parts(build) if i == 0 else []
        # A sanitizer sees what the others do not.
        parts.append(Part("rawtls", build,
                          [sys.executable, "-B", f"{TESTS}/rawtls.py"],
                          SCRIPT_S, count_tap))
        parts += [] if args.unit else e2e_parts(build)
    parts = [p for p in parts if args.only in p.name]

    total = Counts(0, 0, 0)
    failed = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for part, counts, seconds, output in pool.map(run_part, parts):
            tell(part, counts, seconds, output)
            total = Counts(*map(sum, zip(total, counts)))
            if counts.failed:
                label = f"{os.path.basename(part.build)}: {part.name}"
                # What broke off has no name of a test, but a last word.
                names = failed_names(output) or output.splitlines()[-1:]
                failed += [f"{label}: {name}" for name in names]

    # Again at the end, where whoever has no more than that finds them.
    for name in failed:
        print(f"failed: {name}")
    skipped = f", {total.skipped} skipped" if total.skipped else ""
    print(f"{total.passed} passed, {total.failed} failed{skipped}")
    return total.failed > 0 or total.passed == 0


if __name__ == "__main__":
    sys.exit(main())
