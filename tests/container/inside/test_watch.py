"""test_watch.py - the resident service, in place of the timer"""
import os
import signal

from waiting import wait_for
from world import (CONFIG, DYNAMIC_UIDS, SCANNED_ID, Case, certificate,
                   configure, drop_in, journal, message, run, show, write)

UNIT = "certvigil-watch.service"

SHORT = """\
[Service]
LoadCredential=hook.secret:/etc/certvigil/hook.secret
WatchdogSec=3s
RestartSec=100ms
"""


def scanned():
    return len(journal("-u", UNIT, f"MESSAGE_ID={SCANNED_ID}"))


def main_pid():
    """Never 0, which kill(2) takes for more than one process."""
    pid = int(show(UNIT, "MainPID"))
    if pid <= 1:
        raise AssertionError(f"{UNIT}: want a running process, have none")
    return pid


def told(text):
    return any(text in message(entry) for entry in journal("-u", UNIT))


class Watch(Case):
    def test_takes_the_timers_place(self):
        # What the timer's scans know is not looked at again at once.
        certificate("/etc/portal/new.pem", "new.test", 5)
        new = self.config()
        new["targets"].append({"file": "/etc/portal/new.pem"})
        configure(new)
        drop_in(UNIT, "short", SHORT)
        run("systemctl", "daemon-reload")
        run("systemctl", "disable", "--now", "certvigil.timer")
        # Type=notify: it comes back when the service says that it is ready.
        run("systemctl", "enable", "--now", UNIT)
        self.assertEqual(show(UNIT, "Type"), "notify")
        self.assertEqual(show(UNIT, "ActiveState"), "active")
        self.assertEqual(show("certvigil.timer", "ActiveState"), "inactive")
        wait_for("the first scan", scanned)

    def test_runs_as_a_dynamic_user(self):
        self.assertIn(os.stat(f"/proc/{main_pid()}").st_uid, DYNAMIC_UIDS)

    def test_status_line_tells_the_last_scan(self):
        wait_for("the status", lambda: "3 warning" in show(UNIT, "StatusText"))

    def test_reload_takes_up_the_configuration(self):
        before = main_pid()
        certificate("/etc/portal/later.pem", "later.test", 5)
        new = self.config()
        new["targets"].append({"file": "/etc/portal/later.pem"})
        configure(new)
        run("systemctl", "reload", UNIT)
        wait_for("the new target", lambda: journal(
            "-u", UNIT, "CERTVIGIL_TARGET=/etc/portal/later.pem"))
        self.assertEqual(main_pid(), before)
        self.assertEqual(show(UNIT, "ActiveState"), "active")

    def test_broken_configuration_is_told_and_the_old_one_stays(self):
        with open(CONFIG, encoding="utf-8") as f:
            good = f.read()
        self.addCleanup(write, CONFIG, good)
        before = main_pid()
        write(CONFIG, "targets: [{endpoin: x}]\n")
        run("systemctl", "reload", UNIT, status=None)
        wait_for("the complaint", lambda: told(f"{CONFIG}:1:"))
        self.assertEqual(show(UNIT, "ActiveState"), "active")
        self.assertEqual(main_pid(), before)

    def test_watchdog_restarts_what_hangs(self):
        restarts = int(show(UNIT, "NRestarts"))
        before = main_pid()
        os.kill(before, signal.SIGSTOP)
        wait_for("the restart", lambda: int(
            show(UNIT, "NRestarts")) > restarts, 40)
        wait_for("it to be active again", lambda: show(
            UNIT, "ActiveState") == "active")
        self.assertNotEqual(main_pid(), before)

    def test_upgrade_leaves_the_choice(self):
        """And starts what runs anew, with the program that is new."""
        before = main_pid()
        run("dpkg", "-i", "/tests/certvigil.deb", limit_s=120)
        self.assertEqual(show("certvigil.timer", "UnitFileState"), "disabled")
        self.assertEqual(show("certvigil.timer", "ActiveState"), "inactive")
        self.assertEqual(show(UNIT, "UnitFileState"), "enabled")
        self.assertEqual(show(UNIT, "ActiveState"), "active")
        self.assertNotEqual(main_pid(), before)

    def test_stops_cleanly(self):
        run("systemctl", "stop", UNIT)
        self.assertEqual(show(UNIT, "ActiveState"), "inactive")
        self.assertEqual(show(UNIT, "Result"), "success")
        self.assertEqual(show(UNIT, "ExecMainStatus"), "0")

    def test_timer_comes_back(self):
        run("systemctl", "disable", "--now", UNIT)
        run("systemctl", "enable", "--now", "certvigil.timer")
        self.assertEqual(show("certvigil.timer", "ActiveState"), "active")
