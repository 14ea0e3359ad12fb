#!/usr/bin/env python3
"""test_nagios.py - a real Nagios 4 runs the example's commands"""
import os
import re
import unittest

from monitoring_support import (EXAMPLES, GROUP, USER, Watched, example, find,
                                measures)
from support import CERTVIGIL, DAY, main, run

NAGIOS_OBJECTS = "/etc/nagios4/objects"

NAGIOS = """\
{objects}
resource_file={folder}/resource.cfg
log_file={folder}/nagios.log
object_cache_file={folder}/objects.cache
precached_object_file={folder}/objects.precache
status_file={folder}/status.dat
status_update_interval=1
query_socket={folder}/nagios.qh
lock_file={folder}/nagios.lock
temp_file={folder}/nagios.tmp
temp_path={folder}
check_result_path={folder}/spool
state_retention_file={folder}/retention.dat
command_file={folder}/nagios.cmd
check_external_commands=0
enable_notifications=0
use_syslog=0
check_workers=2
interval_length=1
service_inter_check_delay_method=n
illegal_macro_output_chars=`~$&|"<>
nagios_user={user}
nagios_group={group}
"""

NAGIOS_SERVICE = """\
define service {{
	use			certvigil-service
	host_name		here
	service_description	{name}
	check_command		{command}
}}
"""

NAGIOS_HOST = """\
define host {
	host_name		here
	use			generic-host
	address			127.0.0.1
	max_check_attempts	1
	contact_groups		admins
}
"""


@unittest.skipUnless(find("nagios4"), "there is no nagios4")
@unittest.skipUnless(os.path.isdir(NAGIOS_OBJECTS),
                     "there are no objects of Debian's nagios4")
class Nagios(Watched):
    def main_config(self, *objects):
        """A main configuration of Debian's templates and these files."""
        given = [f"{NAGIOS_OBJECTS}/{name}.cfg" for name in
                 ("commands", "contacts", "templates", "timeperiods")]
        os.makedirs(self.path("spool"), exist_ok=True)
        self.write("resource.cfg", f"$USER1$={self.plugins}\n".encode())
        return self.write("nagios.cfg", NAGIOS.format(
            folder=self.folder, user=USER, group=GROUP,
            objects="\n".join(f"cfg_file={p}" for p in
                              (*given, *objects))).encode())

    def services(self):
        trust = f"--trust {self.pki.root.pem}"
        yield from (
            (name, f"check_certvigil_host!{name}.example.com!{self.port}"
                   f"!-w 30 -c 14 {trust}")
            for name in ("good", "soon", "late", "evil"))
        yield "away", f"check_certvigil!tls://127.0.0.1:{self.closed}"
        yield "wrong", f"check_certvigil!tls://127.0.0.1:{self.closed}!--wat"
        yield "files", (f"check_certvigil_files!{self.files}/*.pem"
                        f"!{{dir}}/{{stem}}.key!{trust}")
        yield "client", (
            f"check_certvigil_client!https://client.example.com:{self.port}"
            f"!{self.clients.chain(self.ours)}!{self.ours.key}"
            f"!--address 127.0.0.1 {trust}")
        yield "agent", "check_certvigil_agent!2h"

    def ours_of_the_example(self):
        """Its commands and its template, for services on loopback."""
        kept = [block for block in
                re.findall(r"define \w+ \{.*?\n\}\n", example(
                    "nagios/certvigil.cfg"), re.S)
                if "command_line" in block or "register" in block]
        self.assertEqual(len(kept), 6)
        text = "".join(kept)
        sudo = "sudo -n /usr/bin/certvigil status"
        self.assertIn(sudo, text)
        return text.replace(
            sudo, f"{CERTVIGIL} status --state {self.path('state.db')}")

    def told(self):
        """{service: (state, output, long output, perfdata)} of status.dat"""
        try:
            with open(self.path("status.dat"), encoding="utf-8") as f:
                text = f.read()
        except FileNotFoundError:
            return {}
        found = {}
        for block in re.findall(r"servicestatus \{\n(.*?)\n\t\}", text, re.S):
            s = dict(line.strip().split("=", 1)
                     for line in block.split("\n"))
            if s["has_been_checked"] == "1":
                found[s["service_description"]] = (
                    int(s["current_state"]), s["plugin_output"],
                    s["long_plugin_output"], s["performance_data"])
        return found

    def test_the_example_is_a_configuration(self):
        done = run(find("nagios4"), "-v", self.main_config(
            f"{EXAMPLES}/nagios/certvigil.cfg"))
        self.assertRun(done, 0, r"Total Warnings: 0\nTotal Errors:   0")

    def test_states(self):
        services = dict(self.services())
        objects = self.write("objects.cfg", "".join([
            self.ours_of_the_example(), NAGIOS_HOST,
            *(NAGIOS_SERVICE.format(name=name, command=command)
              for name, command in services.items())]).encode())
        child = self.daemon([find("nagios4"), self.main_config(objects)])
        found = self.await_all(child, self.told, services)
        self.assertStates(found)
        self.assertMeasures("good", measures(found["good"][3]), 90.5, 80.5,
                            [f"{30 * DAY}:", f"{14 * DAY}:"])
        self.assertMeasures("late", measures(found["late"][3]), 7.5, -2.5,
                            [f"{30 * DAY}:", f"{14 * DAY}:"])
        self.assertEqual(set(measures(found["evil"][3])),
                         {f"evil.example.com:{self.port}", "time"})
        self.assertEqual(set(measures(found["files"][3])),
                         {f"{self.files}/a:_:b.pem", f"{self.files}/c.pem"})
        self.assertEqual(found["away"][3], "")
        self.assertRegex(found["agent"][3], r"^age=\d+s;;0:7200;0 ")
        # -v: each line its own, and none of the certificate's making
        self.assertRegex(found["late"][2], r"^\[CRITICAL\] .*\\n  CRITICAL "
                                           r"expiry\.expired: expired")
        for line in found["evil"][2].split("\\n"):
            self.assertRegex(line, r"^$|^\[CRITICAL\] |^  [A-Z]+ [a-z.-]+: ")


if __name__ == "__main__":
    main()
