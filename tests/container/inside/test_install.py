"""test_install.py - what the package does when it is installed"""
import os

from world import CONFIG, Case, run, show


class Install(Case):
    def test_installs(self):
        run("dpkg", "-i", "/tests/certvigil.deb", limit_s=120)
        self.assertRegex(run("certvigil", "--version"), r"^certvigil \d")

    def test_timer_is_enabled_and_waits(self):
        self.assertEqual(show("certvigil.timer", "UnitFileState"), "enabled")
        self.assertEqual(show("certvigil.timer", "ActiveState"), "active")
        self.assertEqual(show("certvigil.timer", "SubState"), "waiting")

    def test_resident_service_is_for_who_chooses_it(self):
        self.assertEqual(show("certvigil-watch.service", "UnitFileState"),
                         "disabled")
        self.assertEqual(show("certvigil-watch.service", "ActiveState"),
                         "inactive")

    def test_not_configured_is_no_failure(self):
        self.assertFalse(os.path.exists(CONFIG))
        run("systemctl", "start", "certvigil.service")
        self.assertEqual(show("certvigil.service", "ConditionResult"), "no")
        self.assertEqual(show("certvigil.service", "Result"), "success")
        self.assertEqual(run("systemctl", "--failed", "--plain",
                             "--no-legend").strip(), "")

    def test_plugin_and_completions(self):
        self.assertEqual(
            os.path.realpath("/usr/lib/nagios/plugins/check_certvigil"),
            "/usr/bin/certvigil")
        for path in ("/usr/share/bash-completion/completions/certvigil",
                     "/usr/share/zsh/vendor-completions/_certvigil",
                     "/usr/share/fish/vendor_completions.d/certvigil.fish"):
            with self.subTest(path):
                with open(path, encoding="utf-8") as f:
                    self.assertIn("check", f.read())
