"""test_sandbox.py - what the unit keeps the agent from, and the drop-ins of
the manual that let it"""
import grp
import json
import os
import stat
import time

from world import (CONFIG, Case, certificate, configure, drop_in, run, show,
                   write)

FOLDER = "/var/lib/prometheus/node-exporter"

# As the comment in the unit has it.
WRITABLE = f"""\
[Service]
ReadWritePaths={FOLDER}
SupplementaryGroups=prometheus
"""

# As certvigil.yaml(5) has it, of "deployed".
LOOKING = """\
[Service]
AmbientCapabilities=CAP_SYS_PTRACE
CapabilityBoundingSet=CAP_SYS_PTRACE
ProtectProc=default
"""


class Sandbox(Case):
    def scan(self, **more):
        """A scan by the service with another configuration, for once."""
        with open(CONFIG, encoding="utf-8") as f:
            self.addCleanup(write, CONFIG, f.read())
        configure(self.config(**more))
        run("systemctl", "daemon-reload")
        run("systemctl", "start", "certvigil.service")
        self.assertEqual(show("certvigil.service", "Result"), "success")

    def test_textfile_for_node_exporter(self):
        run("groupadd", "--system", "prometheus")
        os.makedirs(FOLDER)
        os.chown(FOLDER, 0, grp.getgrnam("prometheus").gr_gid)
        os.chmod(FOLDER, 0o2775)
        drop_in("certvigil.service", "textfile", WRITABLE)
        self.scan(textfile=f"{FOLDER}/certvigil.prom")
        with open(f"{FOLDER}/certvigil.prom", encoding="utf-8") as f:
            self.assertIn("certvigil_certificate_not_after_timestamp_seconds{",
                          f.read())
        self.assertEqual(os.listdir(FOLDER), ["certvigil.prom"])
        # node_exporter runs as another user.
        held = os.stat(f"{FOLDER}/certvigil.prom")
        self.assertTrue(stat.S_IMODE(held.st_mode) & 0o004)

    def test_process_to_reload_is_named(self):
        """That is this one, whose server has another certificate than the
        file that it should serve."""
        drop_in("certvigil.service", "looking", LOOKING)
        path, _ = certificate("/etc/portal/renewed.pem", "portal.test", 60)
        # One of this minute might be about to be loaded.
        os.utime(path, times=(time.time() - 3600,) * 2)
        before = len(self.receiver().received)
        self.scan(targets=[{
            "endpoint": f"tls://portal.test:{self.portal().port}",
            "deployed": path}])
        told = json.dumps(self.alert(before + 1))
        self.assertIn("deploy.stale", told)
        self.assertIn("systemctl reload drive", told)
