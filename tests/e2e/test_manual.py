#!/usr/bin/env python3
"""test_manual.py - certvigil(8) and the table of options, held together"""
import re

import support
from support import certvigil

MANUAL = f"{support.ROOT}/man/certvigil.8"

# An option's names on a line of a help text.
NAMES = re.compile(r"(?m)^  (?:-(\w),? +|    )(?:--([a-z-]+))?")

# A section that a command's own text speaks of in passing.
BORROWED = {"show": ["OPTIONS OF CHECK"]}

# What all commands take stands before their list.
EVERYWHERE = {"-h", "--help"}


def commands():
    return re.findall(r"(?m)^  ([a-z]+)  ", certvigil("--help").stdout)


def options_in_help(command):
    found = set()
    for letter, name in NAMES.findall(certvigil(command, "--help").stdout):
        found |= {f"-{letter}"} if letter else set()
        found |= {f"--{name}"} if name else set()
    return found


def options_in(text):
    """What the macro Fl marks: "Fl c , -config Ar file" is -c and --config."""
    found = set()
    for line in text.splitlines():
        if not line.startswith("."):
            continue
        flags = False
        for word in line[1:].split():
            if re.fullmatch(r"[A-Z][a-z]", word):
                flags = word == "Fl"
            elif flags and word.startswith("-"):
                found.add(f"-{word}")
            elif flags and word.isalnum():
                found |= {f"-{letter}" for letter in word}
    return found


def sections(manual):
    parts = re.split(r"(?m)^\.Sh (.*)\n", manual)
    return dict(zip(parts[1::2], parts[2::2]))


def texts_of(command, parts):
    """Its entries in the list of commands, and the sections they name."""
    entries = re.split(r"(?m)^\.It Cm ", parts["DESCRIPTION"].split(".Ss")[0])
    own = "\n".join(".It Cm " + e for e in entries[1:]
                    if e.split()[0] == command)
    named = re.findall(r"(?m)^\.Sx (.*?)(?: [.,;])?$", own)
    return own, "\n".join(parts.get(name, "") for name in
                          named + BORROWED.get(command, []))


class Manual(support.Case):
    def setUp(self):
        super().setUp()
        with open(MANUAL, encoding="utf-8") as f:
            self.manual = f.read()
        self.parts = sections(self.manual)

    def test_reading(self):
        self.assertEqual(
            options_in(".It Fl c , -config Ar file , Fl -state Ar file\n"
                       "Fl -no\n.Op Fl qv\n.Fl 4 , 6 , -sni ,\n"),
            {"-c", "--config", "--state", "-q", "-v", "-4", "-6", "--sni"})
        told = options_in_help("check")
        self.assertLessEqual({"-w", "--warning", "-4", "--sni", "-V"}, told)
        self.assertNotIn("--passphrase", told)

    def test_every_option(self):
        """Each letter and name of a command, in what is said of it."""
        for command in commands():
            own, named = texts_of(command, self.parts)
            with self.subTest(command=command):
                self.assertTrue(own, "want it in the list of commands")
                self.assertEqual(
                    options_in_help(command) - options_in(own + named) -
                    EVERYWHERE, set())

    def test_no_other(self):
        """What is said of a command, and nowhere else, is an option of it."""
        known = set()
        for command in commands():
            known |= options_in_help(command)
            own, _ = texts_of(command, self.parts)
            with self.subTest(command=command):
                self.assertEqual(options_in(own) - options_in_help(command),
                                 set())
        self.assertEqual(options_in(self.manual) - known, set())

    def test_references(self):
        """A section that is named is there."""
        there = set(re.findall(r"(?m)^\.S[hs] (.*)", self.manual))
        named = set(re.findall(r"(?m)^\.Sx (.*?)(?: [.,;)]+)?$", self.manual))
        self.assertEqual(named - there, set())

    def test_synopsis(self):
        synopsis = self.parts["SYNOPSIS"]
        for command in commands():
            with self.subTest(command=command):
                self.assertRegex(synopsis, rf"(?m)^\.Cm {command}\b")


if __name__ == "__main__":
    support.main()
