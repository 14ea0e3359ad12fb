"""test_scan.py - the timer, the scan that it starts, and what the journal has
of it"""
import os
import pwd
import stat

from waiting import wait_for
from world import (CONFIG, DYNAMIC_UIDS, OPENED_ID, SCANNED_ID, SECRET, Case,
                   certificate, configure, drop_in, journal, message, run,
                   show, write)

SOON = """\
[Timer]
OnCalendar=
OnActiveSec=500ms
RandomizedDelaySec=0
AccuracySec=10ms
"""

CREDENTIAL = """\
[Service]
LoadCredential=hook.secret:/etc/certvigil/hook.secret
"""


def scanned():
    """How many scans have come to their end."""
    return len(journal("-u", "certvigil.service",
                       f"MESSAGE_ID={SCANNED_ID}"))


def finished():
    """Whether the last run of the service is over, after one began."""
    return show("certvigil.service", "ExecMainExitTimestampMonotonic") \
        not in ("", "0") and \
        show("certvigil.service", "ActiveState") == "inactive"


class Timer(Case):
    def test_fires_by_itself(self):
        certificate("/etc/portal/secret.pem", "secret.test", 5)
        write("/etc/certvigil/hook.secret", "whsec_" + SECRET + "\n")
        configure(self.config())
        drop_in("certvigil.timer", "soon", SOON)
        drop_in("certvigil.service", "secret", CREDENTIAL)
        self.assertIn(show("certvigil.service",
                           "ExecMainStartTimestampMonotonic"), ("", "0"))
        run("systemctl", "daemon-reload")
        run("systemctl", "restart", "certvigil.timer")
        wait_for("the timer's scan", finished)
        self.assertNotIn(show("certvigil.timer", "LastTriggerUSec"),
                         ("", "n/a", "0"))

    def test_finding_is_no_failed_unit(self):
        self.assertEqual(show("certvigil.service", "ExecMainStatus"), "1")
        self.assertEqual(show("certvigil.service", "Result"), "success")
        self.assertEqual(scanned(), 1)


class Scan(Case):
    def test_runs_as_a_dynamic_user(self):
        entries = journal("-u", "certvigil.service", "_COMM=certvigil")
        self.assertTrue(entries)
        for entry in entries:
            self.assertIn(int(entry["_UID"]), DYNAMIC_UIDS)
        held = os.stat("/var/lib/certvigil/state.db")
        self.assertIn(held.st_uid, DYNAMIC_UIDS)
        self.assertEqual(stat.S_IMODE(held.st_mode) & 0o077, 0)
        folder = os.stat("/var/lib/certvigil")
        self.assertEqual(stat.S_IMODE(folder.st_mode), 0o700)

    def test_reads_what_only_root_can_read(self):
        for path in ("/etc/portal/secret.pem", CONFIG):
            held = os.stat(path)
            self.assertEqual((held.st_uid, stat.S_IMODE(held.st_mode)),
                             (0, 0o600), path)
        found = [e["CERTVIGIL_FINDING"] for e in journal(
            "-u", "certvigil.service",
            "CERTVIGIL_TARGET=/etc/portal/secret.pem")]
        self.assertEqual(found, ["expiry.soon"])

    def test_resolves_names(self):
        found = [e["CERTVIGIL_FINDING"] for e in journal(
            "-u", "certvigil.service", "CERTVIGIL_EVENT=opened")
            if e["CERTVIGIL_TARGET"].startswith("portal.test")]
        self.assertEqual(found, ["expiry.soon"])
        self.assertGreater(self.things["names"].asked, 0)

    def test_alert_is_signed_with_the_credential(self):
        """Which only LoadCredential= can have given it: the path is
        relative, and the file is root's."""
        events = self.alert(1)
        self.assertEqual({e["finding"] for e in events}, {"expiry.soon"})
        self.assertIn("/etc/portal/secret.pem",
                      {e["target"] for e in events})
        self.assertEqual(len(events), 2)

    def test_status_line_is_there(self):
        self.assertRegex(show("certvigil.service", "StatusText"),
                         r"2 warning")

    def test_root_and_the_service_share_the_state(self):
        """A scan by hand in between is no hindrance to the next one."""
        before = scanned()
        run("certvigil", "scan", "--quiet", status=1)
        held = os.stat("/var/lib/certvigil/state.db")
        self.assertIn(held.st_uid, DYNAMIC_UIDS)
        run("systemctl", "start", "certvigil.service")
        self.assertEqual(show("certvigil.service", "Result"), "success")
        self.assertEqual(scanned(), before + 1)

    def test_nothing_is_told_twice(self):
        self.assertEqual(len(self.receiver().received), 1)

    def test_broken_configuration_is_a_failed_unit(self):
        with open(CONFIG, encoding="utf-8") as f:
            good = f.read()
        write(CONFIG, "targets: [{endpoin: x}]\n")
        run("systemctl", "start", "certvigil.service", status=1)
        self.assertEqual(show("certvigil.service", "ExecMainStatus"), "3")
        self.assertEqual(show("certvigil.service", "ActiveState"), "failed")
        told = "".join(map(message, journal("-u", "certvigil.service",
                                            "_TRANSPORT=stdout")))
        self.assertIn(f"{CONFIG}:1:", told)
        write(CONFIG, good)
        run("systemctl", "start", "certvigil.service")
        self.assertEqual(show("certvigil.service", "Result"), "success")

    def test_user_has_a_name(self):
        """Who looks at processes while it runs sees certvigil, not a
        number; nobody else keeps the name."""
        with self.assertRaises(KeyError):
            pwd.getpwnam("certvigil")
        self.assertEqual(show("certvigil.service", "DynamicUser"), "yes")


class Journal(Case):
    def test_fields(self):
        entries = journal("-u", "certvigil", f"MESSAGE_ID={OPENED_ID}")
        self.assertEqual(len(entries), 2)
        for entry in entries:
            self.assertEqual(entry["CERTVIGIL_FINDING"], "expiry.soon")
            self.assertEqual(entry["CERTVIGIL_EVENT"], "opened")
            self.assertEqual(entry["CERTVIGIL_SEVERITY"], "warning")
            self.assertEqual(entry["PRIORITY"], "4")
            self.assertTrue(entry["CERTVIGIL_TARGET"])
        scans = journal("-u", "certvigil", f"MESSAGE_ID={SCANNED_ID}")
        self.assertEqual(scans[0]["PRIORITY"], "6")

    def test_warnings_are_the_incidents(self):
        told = [e for e in journal("-p", "warning", "-u", "certvigil")
                if e.get("_COMM") == "certvigil"]
        ids = {e.get("MESSAGE_ID") for e in told}
        self.assertIn(OPENED_ID, ids)
        self.assertNotIn(SCANNED_ID, ids)
        for entry in told:
            self.assertNotRegex(message(entry), "scan complete")

    def test_catalog_explains(self):
        told = run("journalctl", "-q", "--no-pager", "-x", "-u", "certvigil",
                   f"MESSAGE_ID={OPENED_ID}")
        self.assertIn("A certificate problem was found: "
                      "/etc/portal/secret.pem", told)
        self.assertIn("certvigil explain expiry.soon", told)
        self.assertIn("man:certvigil(8)", told)

    def test_complaint_on_stderr_is_no_info(self):
        """What the broken configuration was told for."""
        told = [e for e in journal("-p", "warning", "-u", "certvigil")
                if f"{CONFIG}:1:" in message(e)]
        self.assertTrue(told)
