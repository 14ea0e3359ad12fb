"""machine.py - on what, and with what, it was measured"""
import os
import platform
import re
import subprocess


def first_match(path, pattern):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            found = re.search(pattern, f.read(), re.M)
    except OSError:
        return ""
    return found[1].strip() if found else ""


def version(argv):
    """The first thing like a version that a program says, or ""."""
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, timeout=20,
                              stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.STDOUT)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(rb"\d+(\.\d+)+\w*", done.stdout)
    return found[0].decode() if found else ""


def facts(programs):
    """Name and value of each fact; `programs` are (name, argv)."""
    memory = int(first_match("/proc/meminfo", r"^MemTotal:\s+(\d+)") or 0)
    yield "cores", str(len(os.sched_getaffinity(0)))
    yield "processor", first_match("/proc/cpuinfo", r"^model name\s*:(.*)") \
        or platform.machine()
    yield "memory", f"{memory / 1024 / 1024:.1f} GiB"
    yield "system", first_match("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)')
    yield "kernel", platform.release()
    yield "load", "%.2f, %.2f, %.2f" % os.getloadavg()
    for name, argv in programs:
        found = version(argv)
        if found:
            yield name, found
