"""test_install.py - what make install puts down, and what systemd says of it"""
import os
import re
import shutil
import unittest

import support
from support import Case, run

TOO_OLD = 250  # systemd-analyze verify --man and security --offline


def systemd_version():
    if shutil.which("systemd-analyze") is None:
        return 0
    told = run("systemd-analyze", "--version").stdout
    return int(re.match(r"systemd (\d+)", told).group(1))


NEEDS_SYSTEMD = unittest.skipUnless(
    systemd_version() >= TOO_OLD,
    f"no systemd-analyze of systemd {TOO_OLD} or later")


class Install(Case):
    def make(self, target, *variables):
        """Install what was built, without building it again."""
        program = f"{support.BUILD}/certvigil"
        done = run("make", "-s", "-C", support.ROOT, "-o", program, target,
                   f"BUILD={support.BUILD}", *variables,
                   env={"MAKEFLAGS": ""}, limit_s=120)
        self.assertRun(done, 0)

    def files(self, top):
        return sorted(os.path.relpath(os.path.join(base, name), top)
                      for base, _, names in os.walk(top) for name in names)

    def test_destdir(self):
        dest = self.path("dest")
        self.make("install", f"DESTDIR={dest}", "PREFIX=/usr")
        self.assertEqual(self.files(dest), sorted([
            "usr/bin/certvigil",
            "usr/lib/systemd/catalog/certvigil.catalog",
            "usr/lib/systemd/system/certvigil.service",
            "usr/lib/systemd/system/certvigil.timer",
            "usr/share/doc/certvigil/CHANGES.md",
            "usr/share/doc/certvigil/LICENSE",
            "usr/share/doc/certvigil/README.md",
            "usr/share/doc/certvigil/config.yaml.example",
            "usr/share/man/man5/certvigil.yaml.5",
            "usr/share/man/man7/certvigil-findings.7",
            "usr/share/man/man8/certvigil.8",
        ]))
        with open(f"{dest}/usr/lib/systemd/system/certvigil.service",
                  encoding="utf-8") as f:
            self.assertIn("\nExecStart=/usr/bin/certvigil scan --quiet\n",
                          f.read())
        done = run(f"{dest}/usr/bin/certvigil", "--version")
        self.assertRun(done, 0, r"^certvigil \d")

        self.make("uninstall", f"DESTDIR={dest}", "PREFIX=/usr")
        self.assertEqual(self.files(dest), [])
        self.assertFalse(os.path.exists(f"{dest}/usr/share/doc/certvigil"))

    @NEEDS_SYSTEMD
    def test_units(self):
        self.make("install", f"PREFIX={self.folder}")
        units = self.path("lib/systemd/system")
        manuals = "yes" if shutil.which("man") else "no"
        done = run("systemd-analyze", "verify", f"--man={manuals}",
                   f"{units}/certvigil.service", f"{units}/certvigil.timer",
                   env={"MANPATH": self.path("share/man")})
        self.assertRun(done, 0)
        self.assertEqual((done.stdout, done.stderr), ("", ""))

    @NEEDS_SYSTEMD
    def test_exposure(self):
        self.make("install", f"PREFIX={self.folder}")
        done = run("systemd-analyze", "security", "--offline=true",
                   "--no-pager",
                   self.path("lib/systemd/system/certvigil.service"))
        told = re.search(r"Overall exposure level for \S+: ([\d.]+) (\w+)",
                         done.stdout)
        self.assertIsNotNone(told, done)
        self.assertLessEqual(float(told.group(1)), 2.0)
        self.assertEqual(told.group(2), "OK")

    def test_catalog(self):
        """Every id that the program logs is explained, and no other."""
        with open(f"{support.ROOT}/agent/commands/journal_ids.h",
                  encoding="utf-8") as f:
            ids = re.findall(r'"([0-9a-f]{32})"', f.read())
        with open(f"{support.ROOT}/systemd/certvigil.catalog",
                  encoding="utf-8") as f:
            told = re.findall(r"^-- ([0-9a-f]+)$", f.read(), re.M)
        self.assertEqual(len(set(ids)), len(ids))
        self.assertEqual(sorted(ids), sorted(told))
        if shutil.which("journalctl"):
            # Compiled as the journal would, into a folder of our own.
            root = self.path("root")
            catalog = f"{root}/usr/lib/systemd/catalog"
            os.makedirs(catalog)
            os.makedirs(f"{root}/var/lib/systemd/catalog")
            shutil.copy(f"{support.ROOT}/systemd/certvigil.catalog", catalog)
            done = run("journalctl", f"--root={root}", "--update-catalog")
            self.assertRun(done, 0)
            done = run("journalctl", f"--root={root}", "--list-catalog")
            self.assertRun(done, 0)
            for one in ids:
                self.assertIn(one, done.stdout)


if __name__ == "__main__":
    support.main()
