"""test_purge.py - what is left when the package is gone"""
import glob
import os

from world import CONFIG, DYNAMIC_UIDS, Case, configure, run, show


class Purge(Case):
    def test_removed(self):
        """The program and its units are gone, what it remembers is not."""
        run("dpkg", "-r", "certvigil", limit_s=120)
        self.assertFalse(os.path.exists("/usr/bin/certvigil"))
        self.assertTrue(os.path.exists("/var/lib/certvigil/state.db"))
        for unit in ("certvigil.timer", "certvigil.service",
                     "certvigil-watch.service"):
            self.assertEqual(show(unit, "ActiveState"), "inactive", unit)

    def test_purged(self):
        run("dpkg", "-P", "certvigil", limit_s=120)
        left = [path for where in (
            "/etc/**/*certvigil*", "/usr/**/*certvigil*",
            "/lib/systemd/**/*certvigil*", "/var/lib/*certvigil*",
            "/var/lib/private/*certvigil*", "/var/lib/dpkg/info/certvigil*",
            "/var/lib/systemd/**/*certvigil*", "/run/**/*certvigil*")
            for path in glob.glob(where, recursive=True)]
        # What the operator wrote, and nothing else.
        self.assertEqual(sorted(left), [
            "/etc/certvigil",
            "/etc/systemd/system/certvigil-watch.service.d",
            "/etc/systemd/system/certvigil.service.d",
            "/etc/systemd/system/certvigil.timer.d"])
        self.assertTrue(os.path.exists(CONFIG))

    def test_first_scan_by_hand(self):
        """As root, before the service ever ran: it tells what is not there
        yet, and the service takes over what was made by hand."""
        run("dpkg", "-i", "/tests/certvigil.deb", limit_s=120)
        configure(self.config())
        told = run("certvigil", "scan", "--quiet", status=3)
        self.assertIn("/var/lib/certvigil", told)
        self.assertIn("systemctl start certvigil", told)
        os.mkdir("/var/lib/certvigil", 0o700)
        run("certvigil", "scan", "--quiet", status=1)
        self.assertEqual(os.stat("/var/lib/certvigil").st_uid, 0)
        before = len(self.receiver().received)
        run("systemctl", "start", "certvigil.service")
        self.assertEqual(show("certvigil.service", "Result"), "success")
        for name in glob.glob("/var/lib/certvigil/*"):
            self.assertIn(os.stat(name).st_uid, DYNAMIC_UIDS, name)
        # And knows what it had told.
        self.assertEqual(len(self.receiver().received), before)
        run("dpkg", "-P", "certvigil", limit_s=120)

    def test_journal_is_explained_no_more(self):
        self.assertNotIn("633db704e6ba45f18d1c3c04b80ed9b8",
                         run("journalctl", "--list-catalog"))
