"""measure.py - run commands in turn, and take what each of them took"""
import contextlib
import dataclasses
import os
import re
import statistics
import subprocess
import sys

from farm import unbroken

TICKS = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass
class Side:
    """One command of a comparison.

    `n` are the endpoints or files of one run, `expect` how many of them it
    should find good. `good` is a regular expression: its number in the output,
    or how often it is found there; without one the exit status tells.
    """

    key: str
    name: str
    does: str
    n: int
    argv: list
    good: str = None
    expect: int = None
    statuses: tuple = (0,)
    daemon: int = None  # a process that does the work for it
    limit_s: int = 300
    before: object = None  # called before each run, not measured
    more: object = None  # output -> dict, after each run, not measured

    def wanted(self):
        return self.n if self.expect is None else self.expect


@dataclasses.dataclass
class Run:
    wall_s: float
    cpu_s: float  # all of it
    daemon_s: float  # of it, the daemon's
    peak_mb: float
    good: int
    over: bool  # it was ended at its limit
    said: str  # the end of what it complained of
    more: dict


def median(values):
    return statistics.median(values)


def stat_cpu_s(pid):
    """User and system time of a process and of those it waited for."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as f:
        fields = f.read().rsplit(") ", 1)[1].split()
    return sum(map(int, fields[11:15])) / TICKS


def peak_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as f:
        return int(re.search(r"^VmHWM:\s+(\d+)", f.read(), re.M)[1])


def count_good(side, status, output):
    if side.good is None:
        return side.wanted() if status in side.statuses else 0
    found = re.findall(side.good, output, re.M)
    if re.compile(side.good).groups:
        return sum(map(int, found))
    return len(found)


class Bench:
    """Runs sides by way of timed.c; whatever runs ends with this one."""

    def __init__(self, timed, folder):
        self.timed = timed
        self.report = f"{folder}/report"
        self.output = f"{folder}/output"
        self.errors = f"{folder}/errors"
        self.telling = sys.stderr.isatty()

    def tell(self, text):
        if self.telling:
            print(f"\r\033[K{text[:78]}", end="", file=sys.stderr, flush=True)

    def start(self, side):
        """The status of `timed`, once it has ended."""
        p = None
        with open(self.output, "wb") as out, open(self.errors, "wb") as err:
            try:
                with unbroken():
                    p = subprocess.Popen(
                        [self.timed, str(side.limit_s), self.report,
                         *side.argv],
                        stdin=subprocess.DEVNULL, stdout=out, stderr=err)
                return p.wait()
            finally:
                if p is not None and p.poll() is None:
                    p.terminate()
                    p.wait()

    def run(self, side):
        if side.before is not None:
            side.before()
        daemon_s = 0
        if side.daemon is not None:
            daemon_s = -stat_cpu_s(side.daemon)
        if self.start(side) != 0:
            raise RuntimeError(f"{side.name}: {self.read(self.errors)}")
        if side.daemon is not None:
            daemon_s += stat_cpu_s(side.daemon)
        wall, user, system, peak, status = self.read(self.report).split()
        output = self.read(self.output)
        peak = int(peak)
        if side.daemon is not None:
            peak += peak_kb(side.daemon)
        return Run(
            wall_s=float(wall),
            cpu_s=float(user) + float(system) + daemon_s,
            daemon_s=daemon_s,
            peak_mb=peak / 1024,
            good=count_good(side, int(status), output),
            over=int(status) > 1000,
            said=self.read(self.errors).strip()[-200:] or
            f"exit status {status}",
            more=side.more(output) if side.more is not None else {})

    @staticmethod
    def read(path):
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def in_turn(self, title, sides, rounds):
        """A B C A B C ...; what is good for nothing is not run again."""
        runs = {side.key: [] for side in sides}
        for i in range(rounds):
            for side in sides:
                done = runs[side.key]
                if done and (done[-1].good == 0 or done[-1].over):
                    continue
                self.tell(f"{title}, round {i + 1} of {rounds}: {side.name}")
                done.append(self.run(side))
        self.tell("")
        return Comparison(title, sides, runs, rounds)


class Comparison:
    """What was measured, and its figures."""

    def __init__(self, title, sides, runs, rounds):
        self.title, self.sides, self.runs = title, sides, runs
        self.rounds = rounds
        self.by_key = {side.key: side for side in sides}

    def has(self, key):
        return bool(self.runs.get(key)) and not self.failed(key)

    def failed(self, key):
        """Why its figures say nothing, or ""."""
        side, last = self.by_key[key], self.runs[key][-1]
        if last.over:
            return f"ended after {side.limit_s} s"
        if last.good == 0 and side.wanted() > 0:
            return f"nothing good: {last.said}"
        return ""

    def each(self, key, take):
        n = self.by_key[key].n
        return [take(run, n) for run in self.runs[key]]

    def wall_s(self, key):
        return median(self.each(key, lambda run, n: run.wall_s))

    def rate(self, key):
        return median(self.each(key, lambda run, n: n / run.wall_s))

    def cpu_us(self, key):
        return median(self.each(key, lambda run, n: run.cpu_s / n * 1e6))

    def daemon_us(self, key):
        return median(self.each(key, lambda run, n: run.daemon_s / n * 1e6))

    def peak_mb(self, key):
        return max(self.each(key, lambda run, n: run.peak_mb))

    def good(self, key):
        return min(self.each(key, lambda run, n: run.good))

    def ratio(self, one, other, take):
        """The median of the ratios of each round."""
        pairs = zip(self.each(one, take), self.each(other, take))
        with contextlib.suppress(ZeroDivisionError):
            return median([a / b for a, b in pairs])
        return float("nan")

    def x_rate(self, one, other):
        return self.ratio(one, other, lambda run, n: n / run.wall_s)

    def x_cpu(self, one, other):
        return self.ratio(one, other, lambda run, n: run.cpu_s / n)

    def to_json(self):
        return {"title": self.title, "rounds": self.rounds, "sides": [
            {"key": s.key, "name": s.name, "does": s.does, "n": s.n,
             "expect": s.wanted(),
             "runs": [dataclasses.asdict(run) for run in self.runs[s.key]]}
            for s in self.sides]}
