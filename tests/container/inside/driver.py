#!/usr/bin/env python3
"""driver.py - all tests of the package, in their order, in the container

    driver.py [WORD]...

Runs as a unit of the system that it tries. With WORDs, classes and tests that
hold one of them, and those that lay the ground for all.
"""
import sys
import unittest

import test_install
import test_purge
import test_sandbox
import test_scan
import test_watch

ORDER = (test_install.Install, test_scan.Timer, test_scan.Scan,
         test_scan.Journal, test_sandbox.Sandbox, test_watch.Watch,
         test_purge.Purge)
GROUND = ("test_installs",)


def wanted(test, words):
    name = test.id()
    return not words or any(word in name for word in words) or \
        any(name.endswith(ground) for ground in GROUND)


class Result(unittest.TextTestResult):
    """Tells why at once, for what comes later may hang; names at the end."""

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.stream.writeln(self._exc_info_to_string(err, test))

    def addError(self, test, err):
        super().addError(test, err)
        self.stream.writeln(self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.stream.writeln(self._exc_info_to_string(err, test))

    def printErrors(self):
        self.stream.writeln()
        for word, told in (("ERROR", self.errors), ("FAIL", self.failures)):
            for test, _ in told:
                self.stream.writeln(f"{word}: {test}")


def main():
    words = sys.argv[1:]
    suite = unittest.TestSuite()
    for case in ORDER:
        # As they stand in the file: each goes on where the last one ended.
        names = [name for name in vars(case) if name.startswith("test_")]
        suite.addTests(test for test in map(case, names)
                       if wanted(test, words))
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2,
                                     descriptions=False,
                                     resultclass=Result)
    return not runner.run(suite).wasSuccessful()


if __name__ == "__main__":
    sys.exit(main())
