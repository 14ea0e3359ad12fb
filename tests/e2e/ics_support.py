"""ics_support.py - read a calendar with two parsers that are not ours

Debian's python3-icalendar and python3-vobject may belong to another Python
than the one that runs the tests: this file, run by it, is the reader.
"""
import json
import shutil
import subprocess
import sys
import unittest

PYTHONS = (sys.executable, "/usr/bin/python3", "python3")


def reader():
    """A Python that has both parsers, or None."""
    for python in PYTHONS:
        python = shutil.which(python)
        if python and subprocess.run(
                [python, "-c", "import icalendar, vobject"],
                stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


def read(text):
    """What the calendar holds, as two parsers agree: {"head": {...},
    "events": [{NAME: text}], "zones": number}."""
    python = reader()
    if python is None:
        raise unittest.SkipTest("want python3-icalendar and python3-vobject")
    done = subprocess.run([python, "-B", __file__], input=text.encode(),
                          capture_output=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode() + text)
    return json.loads(done.stdout)


def plain(component):
    """Properties as text; of a date that has no time, the date."""
    out = {}
    for name, value in component.property_items(recursive=False):
        if name in ("BEGIN", "END"):
            continue
        if name in out:
            raise ValueError(f"{name} stands twice")
        if name == "CATEGORIES":
            out[name] = [str(c) for c in value.cats]
        elif hasattr(value, "dt"):
            out[name] = str(value.dt)
        else:
            out[name] = str(value)
    return out


def squeeze(text):
    """python3-icalendar loses backslashes that are part of the text."""
    return text.replace("\\", "")


def by_icalendar(data):
    import icalendar
    calendar = icalendar.Calendar.from_ical(data)
    for component in calendar.walk():
        if component.errors:
            raise ValueError(f"{component.name}: {component.errors}")
    again = icalendar.Calendar.from_ical(calendar.to_ical())
    both = [{"head": plain(c),
             "events": [plain(e) for e in c.walk("VEVENT")],
             "zones": len(c.walk("VTIMEZONE"))} for c in (calendar, again)]
    first, second = (squeeze(json.dumps(c)) for c in both)
    if first != second:
        raise ValueError("written again, it is another calendar")
    return both[0]


def by_vobject(data):
    import vobject
    calendar, = vobject.readComponents(data.decode())
    calendar.validate(raiseException=True)
    again, = vobject.readComponents(calendar.serialize())
    texts = [[{child.name: child.value for child in event.getChildren()
               if isinstance(child.value, str)}
              for event in getattr(c, "vevent_list", [])]
             for c in (calendar, again)]
    if texts[0] != texts[1]:
        raise ValueError("written again, it is another calendar")
    return texts[0]


def main():
    data = sys.stdin.buffer.read()
    seen, others = by_icalendar(data), by_vobject(data)
    for one, other in zip(seen["events"], others, strict=True):
        for name, text in other.items():
            if name != "CATEGORIES" and name in one and \
                    squeeze(one[name]) != squeeze(text):
                raise ValueError(f"{name}: {one[name]!r} and {text!r}")
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main()
