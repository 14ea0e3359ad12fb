#!/usr/bin/env python3
"""layers.py - hold the direction in which the rooms include one another

    tests/layers.py [TREE]

Reads every #include "room/file.h" of the program and tells those that a room
may not have (README.md, "How it is built"). Speaks TAP.
"""
import os
import re
import sys
import tempfile

GROUND = {"model"}
EVERYTHING = None

# A room, where it is, and the other rooms that it may include.
ROOMS = {
    "model": ("agent/model", set()),
    "checks": ("agent/checks", GROUND),
    "report": ("agent/report", GROUND),
    "state": ("agent/state", GROUND),
    "config": ("agent/config", GROUND),
    "probes": ("probes", GROUND),
    "notifiers": ("notifiers", GROUND),
    "scan": ("agent/scan",
             GROUND | {"probes", "checks", "state", "notifiers"}),
    "commands": ("agent/commands", EVERYTHING),
}
MAIN = ("agent/main.c", {"commands"})

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def includes(path):
    """Yield (line number, quote, name) of each #include of a file."""
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            m = INCLUDE.match(line)
            if m:
                yield number, m.group(1), m.group(2)


def complaints_of(path, shown, room, allowed):
    """What is wrong with the includes of one file of `room`."""
    found = []
    for number, quote, name in includes(path):
        other = name.split("/")[0] if "/" in name else None
        place = f"{shown}:{number}: "
        if quote == "<":
            if other in ROOMS:
                found.append(place + f"want \"{name}\", have <{name}>")
        elif other not in ROOMS:
            found.append(place + f"want \"room/file.h\", have \"{name}\"")
        elif other != room and allowed is not EVERYTHING \
                and other not in allowed:
            want = ", ".join(sorted(allowed | ({room} if room else set())))
            found.append(place + f"want only {want}, have \"{name}\"")
    return found


def sources(tree, folder):
    top = os.path.join(tree, folder)
    for base, _, names in sorted(os.walk(top)):
        for name in sorted(names):
            if name.endswith((".c", ".h")):
                yield os.path.join(base, name)


def judge(tree):
    """Return (room, complaints) for each room and for main.c."""
    verdicts = []
    for room, (folder, allowed) in ROOMS.items():
        found = []
        files = list(sources(tree, folder))
        if not files:
            found.append(f"{folder}: no sources")
        for path in files:
            found += complaints_of(path, os.path.relpath(path, tree), room,
                                   allowed)
        verdicts.append((room, found))

    path, allowed = MAIN
    if os.path.exists(os.path.join(tree, path)):
        found = complaints_of(os.path.join(tree, path), path, None, allowed)
    else:
        found = [f"{path}: missing"]
    verdicts.append(("main.c", found))

    # A room may have rooms of its own, which keep to its rules.
    known = tuple(os.path.join(tree, folder) + os.sep
                  for folder, _ in ROOMS.values())
    strangers = [os.path.relpath(p, tree) for p in sources(tree, "agent")
                 if not p.startswith(known)
                 and p != os.path.join(tree, MAIN[0])]
    verdicts.append(("no other room", [f"{p}: in no room" for p in strangers]))
    return verdicts


# A made-up tree: what is added to it, and what must be told of it.
FAULTS = [
    ("agent/model/a.c", '#include "state/state.h"',
     'agent/model/a.c:1: want only model, have "state/state.h"'),
    ("agent/checks/a.c", '\n  #  include "report/report.h"',
     'agent/checks/a.c:2: want only checks, model, have "report/report.h"'),
    ("agent/checks/path/a.c", '#include "probes/probe.h"',
     'agent/checks/path/a.c:1: want only checks, model, have '
     '"probes/probe.h"'),
    ("probes/a.h", '#include "notifiers/notifier.h"',
     'probes/a.h:1: want only model, probes, have "notifiers/notifier.h"'),
    ("agent/scan/a.c", '#include "config/config.h"',
     'agent/scan/a.c:1: want only checks, model, notifiers, probes, scan, '
     'state, have "config/config.h"'),
    ("agent/main.c", '#include "scan/scan.h"',
     'agent/main.c:1: want only commands, have "scan/scan.h"'),
    ("agent/state/a.c", '#include "../model/a.h"',
     'agent/state/a.c:1: want "room/file.h", have "../model/a.h"'),
    ("agent/state/a.c", '#include "state.h"',
     'agent/state/a.c:1: want "room/file.h", have "state.h"'),
    ("agent/state/a.c", '#include <config/config.h>',
     'agent/state/a.c:1: want "config/config.h", have <config/config.h>'),
    ("agent/attic/a.c", '#include <stdio.h>',
     'agent/attic/a.c: in no room'),
]


def write(tree, path, text):
    path = os.path.join(tree, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text + "\n")


def judge_made_up(fault):
    """The complaints about a sound little tree with one fault added."""
    with tempfile.TemporaryDirectory() as tree:
        for room, (folder, _) in ROOMS.items():
            write(tree, f"{folder}/sound.c",
                  f'#include <stdio.h>\n#include <openssl/ssl.h>\n'
                  f'#include "model/a.h"\n#include "{room}/a.h"')
        write(tree, MAIN[0], '#include "commands/command.h"')
        if fault:
            write(tree, fault[0], fault[1])
        return [c for _, found in judge(tree) for c in found]


def main():
    tree = sys.argv[1] if len(sys.argv) > 1 else \
        os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    tests = [(f"includes of {room}", found) for room, found in judge(tree)]

    told = judge_made_up(None)
    tests.append(("a sound tree is sound", told))
    for fault in FAULTS:
        told = judge_made_up(fault)
        tests.append((f"tells {fault[2]}", [] if told == [fault[2]] else
                      [f"want {fault[2]!r}, have {told!r}"]))

    print(f"1..{len(tests)}")
    for i, (name, found) in enumerate(tests, 1):
        print("not ok" if found else "ok", i, "-", name)
        for complaint in found:
            print("  #", complaint)
    return any(found for _, found in tests)


if __name__ == "__main__":
    sys.exit(main())
