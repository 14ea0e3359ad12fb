#!/usr/bin/env python3
"""bench.py - certvigil beside its peers and the bare limit, on this machine

    tests/bench/bench.py [OPTIONS] BUILD

Makes a test bed in a temporary folder: one nginx with a certificate for each of
200 addresses of loopback on 50 ports each, endpoints that never answer and
others that refuse, and folders of certificate files, all made afresh. Then it
runs certvigil, two programs that do what no program can do without, and those
of the peers that are installed, in turn (A B C A B C ...), and prints the
medians. Nothing leaves the machine, nothing is installed, and what was started
ends with it.

Sections:
  endpoints   2,000 good ones
  mixed       2,000 of which some are dead, 4,000 at a limit of one second
  files       10,000 files, first scan and second
  scale       100,000 files; 10,000 endpoints
  state       what reading a state of 100,000 targets takes

All of them take about half an hour on two cores. Servers and clients share the
machine, and it may be busy with other things: rely on the ratios.
"""
import argparse
import json
import os
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import machine
import peers
import tables
from bed import Bed
from farm import Refused
from sections import SECTIONS

FULL, QUICK = (2000, 10000), (100, 500)  # endpoints and files


def parse_arguments():
    parser = argparse.ArgumentParser(
        usage="bench.py [OPTIONS] BUILD", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--section", action="append", choices=list(SECTIONS), metavar="NAME",
        help="this one alone; may be given again")
    add("--rounds", type=int, metavar="N",
        help="5, or 1 with --quick; of the long ones 3 at the most")
    add("--quick", action="store_true",
        help="a twentieth of all, in about two minutes: does it work?")
    add("--endpoints", type=int, metavar="N",
        help="in place of 2,000; mixed takes twice as many, scale five times")
    add("--files", type=int, metavar="N",
        help="in place of 10,000; scale and state take ten times as many")
    add("--no-peers", action="store_true",
        help="certvigil and the bare limit alone")
    add("--own-limits", action="store_true",
        help="the project's own bare limits, even where others lie beside it")
    add("--port", type=int, metavar="N", default=24000,
        help="the first of the farm's ports (24000); 0: wherever there is "
        "room")
    add("--json", metavar="FILE", help="write all that was measured")
    add("--markdown", action="store_true", help="tables as README.md has them")
    add("--keep", action="store_true", help="keep the test bed's folder")
    add("build", metavar="BUILD", help="folder of the built program")
    args = parser.parse_args()
    size = QUICK if args.quick else FULL
    args.endpoints = args.endpoints or size[0]
    args.files = args.files or size[1]
    args.rounds = args.rounds or (1 if args.quick else 5)
    if min(args.endpoints, args.files, args.rounds) < 1 or \
            not 0 <= args.port <= 65000 or args.files > 100000:
        parser.error("want numbers above 0, at most 100,000 files, and ports "
                     "up to 65000")
    return args


def end_on_signals():
    """So that whatever was started is ended on the way out."""
    def end(number, _):
        sys.exit(128 + number)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def print_missing(bed):
    missing = peers.missing(bed)
    if missing and bed.with_peers:
        print(f"\nNot installed, and left out: {', '.join(missing)}\n"
              f"To have them: make deps DEPS=bench")


def print_facts(facts, markdown):
    print()
    if markdown:
        print("; ".join(f"{name} {value}" for name, value in facts.items()))
        return
    for name, value in facts.items():
        print(f"{name:<30}{value}")


def print_section(section, markdown):
    show = tables.print_markdown if markdown else tables.print_text
    for found, limit, own in section.tables:
        show(found, limit, own)
    print()
    for line in section.notes + section.goals:
        print(f"* {line}" if markdown else line)
    sys.stdout.flush()


def run(args, bed):
    facts = dict(machine.facts([
        ("certvigil", [bed.programs.certvigil, "--version"]),
        ("openssl", ["openssl", "version"]),
        ("nginx", [peers.find("nginx") or "nginx", "-v"]), *peers.versions(bed)]))
    facts["limit programs"] = bed.programs.limits
    print_facts(facts, args.markdown)
    print_missing(bed)
    print("\n" + tables.EXPLAINED, flush=True)
    sections = []
    for name in args.section or SECTIONS:
        sections.append(SECTIONS[name](bed, args.rounds))
        print_section(sections[-1], args.markdown)
    if args.json:
        with open(args.json, "w", encoding="utf-8") as f:
            json.dump({"machine": facts, "sections": [{
                "name": s.name, "notes": s.notes,
                "goals": [goal.to_json() for goal in s.goals],
                "tables": [found.to_json() for found, _, _ in s.tables],
            } for s in sections]}, f, indent=1)
            f.write("\n")


def main():
    args = parse_arguments()
    end_on_signals()
    bed = None
    try:
        bed = Bed(args.build, args.endpoints, args.files, args.port,
                  not args.no_peers, args.own_limits)
        run(args, bed)
    except (Refused, OSError, RuntimeError,
            subprocess.CalledProcessError) as e:
        sys.exit(f"bench.py: {e}")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        if bed is not None:
            bed.stop(args.keep)


if __name__ == "__main__":
    main()
