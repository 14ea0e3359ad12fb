#!/usr/bin/env python3
"""container.py - the Debian package, installed in a container that is booted

    tests/container/container.py [--keep] [--deb FILE] [--root FOLDER] [WORD]...

Builds the package (or takes FILE), makes a root of this machine's own release
with the packages that it depends on (or copies FOLDER), boots it with systemd,
and has inside/driver.py install the package and try it there.
With WORDs, only the tests that hold one of them, and those that lay the
ground. --keep leaves build/container as it is at the end.

Needs root. The last line is "N passed, N failed[, N skipped]".
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
TOP = os.path.dirname(TESTS)
sys.path[:0] = [HERE, TESTS]

import bootstrap  # noqa: E402
import run as tests_run  # noqa: E402  tests/run.py, which counts

WORK = f"{TOP}/build/container"
DEB_S, BOOT_S, STOP_S = 600, 240, 20

NSPAWN = ["systemd-nspawn", "--quiet", "--boot", "--register=no",
          "--keep-unit", "--private-network", "--link-journal=no",
          "--resolv-conf=off", "--timezone=off", "--settings=no",
          "--hostname=watcher"]

UNIT = """\
[Unit]
Description=Try the certvigil package
After=multi-user.target
FailureAction=poweroff-force
SuccessAction=poweroff

[Service]
Type=exec
Environment=PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
ExecStart=/usr/bin/python3 /tests/driver.py {words}
StandardOutput=file:/tests/output
StandardError=inherit
TimeoutStopSec=5
"""


def fail(text):
    """Nothing could be tried: that is a failure, for nobody else tells."""
    print(f"container: {text}")
    print("failed: container: " + text.splitlines()[0])
    print("0 passed, 1 failed")
    sys.exit(1)


def say(what, began):
    print(f"  container: {what} ({time.monotonic() - began:.1f} s)",
          flush=True)


def build_deb():
    """The package's path."""
    began = time.monotonic()
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")
           and k != "MFLAGS"}
    try:
        done = subprocess.run(["make", "-s", "-C", TOP, "deb"], env=env,
                              stdin=subprocess.DEVNULL, timeout=DEB_S,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        fail(f"make deb: not done within {DEB_S} s")
    if done.returncode != 0:
        fail("make deb: exit status "
             f"{done.returncode}:\n{done.stdout.decode(errors='replace')}")
    found = [f"{TOP}/build/deb/{name}" for name in os.listdir(
        f"{TOP}/build/deb") if name.startswith("certvigil_")
        and name.endswith(".deb")]
    if len(found) != 1:
        fail(f"make deb: want one package in build/deb, have {found}")
    say("the package is built", began)
    return found[0]


def lint(deb):
    """What Debian's own judge says of the package; 0, or 1 if it fails."""
    began = time.monotonic()
    if shutil.which("lintian") is None:
        fail("lintian is missing; try: tests/deps.sh install test")
    done = subprocess.run(
        ["lintian", "--allow-root", "--fail-on", "error,warning", deb],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    if done.returncode == 0:
        say("lintian: no errors, no warnings", began)
        return 0
    print(done.stdout.decode(errors="replace"), end="")
    print(f"failed: container: lintian: exit status {done.returncode}")
    return 1


def furnish(root, deb, words):
    """Lay the package, the driver and its unit into the root."""
    tests = f"{root}/tests"
    shutil.rmtree(tests, ignore_errors=True)
    shutil.copytree(f"{HERE}/inside", tests,
                    ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("receivers.py", "waiting.py"):
        shutil.copy(f"{TESTS}/support/{name}", tests)
    shutil.copy(deb, f"{tests}/certvigil.deb")
    units = f"{root}/etc/systemd/system"
    with open(f"{units}/drive.service", "w", encoding="utf-8") as f:
        f.write(UNIT.format(words=" ".join(words)))
    # The last to start: multi-user.target must not wait for it.
    wants = f"{units}/multi-user.target.wants"
    os.makedirs(wants, exist_ok=True)
    if not os.path.islink(f"{wants}/drive.service"):
        os.symlink("../drive.service", f"{wants}/drive.service")
    # A journal that is still there when the container is not.
    os.makedirs(f"{root}/var/log/journal", exist_ok=True)
    for name in ("machine-id", "hostname"):
        open(f"{root}/etc/{name}", "w", encoding="utf-8").close()
    with open(f"{root}/etc/resolv.conf", "w", encoding="utf-8") as f:
        f.write("nameserver 127.0.0.1\noptions timeout:2 attempts:1\n")


def boot(root):
    """Boot it until it powers itself off; returns what its console said."""
    console = f"{WORK}/console"
    # A session of its own, but no process group that is shot blindly: who
    # ends nspawn ends all that runs in its namespaces.
    with open(console, "wb") as out:
        p = subprocess.Popen(
            NSPAWN + [f"--directory={root}",
                      f"--machine=watcher-{os.getpid()}"],
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            start_new_session=True)
    try:
        p.wait(BOOT_S)
        late = False
    except subprocess.TimeoutExpired:
        late = True
    finally:
        if p.poll() is None:
            p.send_signal(signal.SIGTERM)  # nspawn shuts the container down
            try:
                p.wait(STOP_S)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()
    with open(console, encoding="utf-8", errors="replace") as f:
        text = f.read()
    if late:
        text += f"\nnot done within {BOOT_S} s"
    return text


def tell(root, console):
    """What the driver wrote, counted; returns the counts."""
    try:
        with open(f"{root}/tests/output", encoding="utf-8",
                  errors="replace") as f:
            output = f.read()
    except FileNotFoundError:
        tail = "\n".join(console.splitlines()[-40:])
        fail(f"the container did not boot; its console:\n{tail}")
    print("".join(f"  | {line}\n" for line in output.splitlines()), end="")
    counts = tests_run.count_unittest(output)
    if counts == (0, 0, 0):
        print("\n".join(console.splitlines()[-40:]))
        fail("the driver came to no end")
    if counts.failed:
        journal = subprocess.run(
            ["journalctl", "-q", "--no-pager", "-n", "80", "-D",
             f"{root}/var/log/journal"], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        print("the end of its journal:\n"
              + journal.stdout.decode(errors="replace"))
    for name in tests_run.failed_names(output):
        print(f"failed: container: {name}")
    return counts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--deb")
    parser.add_argument("--root")
    parser.add_argument("words", nargs="*", metavar="WORD")
    args = parser.parse_args()

    if os.geteuid() != 0:
        print("container: skipped: only root can boot a container")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    for tool in ("debootstrap", "systemd-nspawn"):
        if shutil.which(tool, path=os.environ.get("PATH", "")
                        + ":/usr/sbin:/sbin") is None:
            fail(f"{tool} is missing; try: tests/deps.sh install test")
    os.makedirs(WORK, exist_ok=True)
    root = f"{WORK}/root"
    deb = args.deb or build_deb()
    bad = lint(deb)
    try:
        began = time.monotonic()
        try:
            if args.root:
                bootstrap.copy(root, args.root)
            else:
                bootstrap.make(root, deb, f"{WORK}/debootstrap.log")
        except bootstrap.Failure as e:
            fail(str(e))
        say("the root is made", began)
        furnish(root, deb, args.words)
        began = time.monotonic()
        console = boot(root)
        counts = tell(root, console)
        say("booted, tried and shut down", began)
    finally:
        if not args.keep:
            bootstrap.remove(root)
    skipped = f", {counts.skipped} skipped" if counts.skipped else ""
    passed, failed = counts.passed + (not bad), counts.failed + bad
    print(f"{passed} passed, {failed} failed{skipped}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
