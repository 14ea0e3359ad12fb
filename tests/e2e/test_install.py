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

    def units(self):
        """The names of the units, from what they are made of."""
        return sorted(name[:-3] for name in os.listdir(
            f"{support.ROOT}/systemd") if name.endswith(".in"))

    def examples(self):
        return [f"examples/{name}"
                for name in self.files(f"{support.ROOT}/examples")]

    def test_destdir(self):
        dest = self.path("dest")
        self.make("install", f"DESTDIR={dest}", "PREFIX=/usr")
        self.assertEqual(self.files(dest), sorted([
            "usr/bin/certvigil",
            "usr/lib/nagios/plugins/check_certvigil",
            "usr/lib/systemd/catalog/certvigil.catalog",
            *(f"usr/lib/systemd/system/{unit}" for unit in self.units()),
            "usr/share/bash-completion/completions/certvigil",
            "usr/share/doc/certvigil/CHANGES.md",
            "usr/share/doc/certvigil/LICENSE",
            "usr/share/doc/certvigil/README.md",
            "usr/share/doc/certvigil/config.yaml.example",
            *(f"usr/share/doc/certvigil/{name}" for name in self.examples()),
            "usr/share/fish/vendor_completions.d/certvigil.fish",
            "usr/share/man/man5/certvigil.yaml.5",
            "usr/share/man/man7/certvigil-findings.7",
            "usr/share/man/man8/certvigil.8",
            "usr/share/zsh/site-functions/_certvigil",
        ]))
        self.assertLessEqual({"certvigil.service", "certvigil.timer",
                              "certvigil-watch.service"}, set(self.units()))
        for unit, line in (
                ("certvigil.service", "/usr/bin/certvigil scan --quiet"),
                ("certvigil-watch.service", "/usr/bin/certvigil watch")):
            with open(f"{dest}/usr/lib/systemd/system/{unit}",
                      encoding="utf-8") as f:
                self.assertIn(f"\nExecStart={line}", f.read())
        done = run(f"{dest}/usr/bin/certvigil", "--version")
        self.assertRun(done, 0, r"^certvigil \d")
        # Wherever it is moved to, the plugin is the program beside it.
        plugin = f"{dest}/usr/lib/nagios/plugins/check_certvigil"
        self.assertEqual(os.readlink(plugin), "../../../bin/certvigil")

        self.make("uninstall", f"DESTDIR={dest}", "PREFIX=/usr")
        self.assertEqual(self.files(dest), [])
        self.assertFalse(os.path.exists(f"{dest}/usr/share/doc/certvigil"))

    def test_completions(self):
        """Written by the program, one for each shell, and their shells read
        them."""
        dest = self.path("dest")
        self.make("install", f"DESTDIR={dest}", "PREFIX=/usr")
        for shell, path in (
                ("bash", "bash-completion/completions/certvigil"),
                ("zsh", "zsh/site-functions/_certvigil"),
                ("fish", "fish/vendor_completions.d/certvigil.fish")):
            with self.subTest(shell):
                path = f"{dest}/usr/share/{path}"
                told = support.certvigil("completion", shell)
                self.assertRun(told, 0)
                with open(path, encoding="utf-8") as f:
                    self.assertEqual(f.read(), told.stdout)
                self.assertEqual(os.stat(path).st_mode & 0o777, 0o644)
                if shutil.which(shell):
                    self.assertRun(run(shell, "-n", path), 0)

    def test_program_of_another_machine(self):
        """It cannot write the completions; that is told, and what to do."""
        build, dest = self.path("build"), self.path("dest")
        os.mkdir(build)
        with open(f"{build}/certvigil", "wb") as f:
            f.write(b"\x7fELF, of another machine\n")
        os.chmod(f"{build}/certvigil", 0o755)
        tell = ("make", "-s", "-C", support.ROOT, "-o", f"{build}/certvigil",
                "install", f"BUILD={build}", f"DESTDIR={dest}")
        done = run(*tell, env={"MAKEFLAGS": ""})
        self.assertRun(done, 2, stderr="COMPLETIONS=no")
        done = run(*tell, "COMPLETIONS=no", env={"MAKEFLAGS": ""})
        self.assertRun(done, 0)
        self.assertFalse([name for name in self.files(dest)
                          if "complet" in name or "zsh" in name])

    def test_package_has_this_version(self):
        with open(f"{support.ROOT}/Makefile", encoding="utf-8") as f:
            version = re.search(r"^VERSION = (\S+)$", f.read(), re.M).group(1)
        with open(f"{support.ROOT}/packaging/debian/changelog",
                  encoding="utf-8") as f:
            newest = re.match(r"certvigil \((\S+)-\d+\) ", f.readline())
        self.assertIsNotNone(newest)
        self.assertEqual(newest.group(1), version)

    @NEEDS_SYSTEMD
    def test_units(self):
        self.make("install", f"PREFIX={self.folder}")
        units = self.path("lib/systemd/system")
        manuals = "yes" if shutil.which("man") else "no"
        done = run("systemd-analyze", "verify", f"--man={manuals}",
                   *(f"{units}/{unit}" for unit in self.units()),
                   env={"MANPATH": self.path("share/man")})
        self.assertRun(done, 0)
        self.assertEqual((done.stdout, done.stderr), ("", ""))

    @NEEDS_SYSTEMD
    def test_exposure(self):
        self.make("install", f"PREFIX={self.folder}")
        for unit in self.units():
            if not unit.endswith(".service"):
                continue
            with self.subTest(unit):
                done = run("systemd-analyze", "security", "--offline=true",
                           "--no-pager",
                           self.path(f"lib/systemd/system/{unit}"))
                told = re.search(r"Overall exposure level for \S+: "
                                 r"([\d.]+) (\w+)", done.stdout)
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
