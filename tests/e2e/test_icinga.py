#!/usr/bin/env python3
"""test_icinga.py - a real Icinga 2 runs the example's command, and reads its
performance data"""
import json
import os
import unittest

from monitoring_support import GROUP, USER, Watched, example, find
from support import CERTVIGIL, main, run

# Icinga itself reads the performance data: what it made of them is told by a
# service of its own, as JSON. Debian's templates are for its own user to read.
ICINGA = """\
include <itl>
const PluginDir = "{folder}/plugins"
const NodeName = "here"
const ZoneName = "here"
object Endpoint NodeName {{ }}
object Zone ZoneName {{ endpoints = [ NodeName ] }}
object CheckerComponent "checker" {{ }}
template Service "generic-service" {{ }}
include "{folder}/certvigil.conf"
object Host "here" {{
	check_command = "dummy"
	address = "127.0.0.1"
	vars.certvigil_max_age = "2h"
	vars.certificates = {certificates}
}}
object CheckCommand "tell" {{
	command = [ "/bin/sh", "-c",
		"cd {folder} && printf %s \\"$$1\\" >told.new && mv told.new told",
		"tell", "$told$" ]
	vars.told = {{{{
		var all = []
		for (s in get_objects(Service)) {{
			var cr = s.last_check_result
			if (s.check_command == "tell" || !cr) {{ continue }}
			var perf = []
			for (p in cr.performance_data) {{
				var v = parse_performance_data(p)
				perf.add([ v.label, v.value, v.unit, v.min,
					v.max ])
			}}
			all.add([ s.name, s.state, cr.output, perf ])
		}}
		return Json.encode(all)
	}}}}
}}
object Service "tell" {{
	host_name = "here"
	check_command = "tell"
	check_interval = 200ms
}}
"""


def dsl(value):
    """A value in the language of Icinga's configuration."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {dsl(v)}"
                               for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(dsl, value)) + "]"
    return json.dumps(value)


@unittest.skipUnless(find("icinga2"), "there is no icinga2")
class Icinga(Watched):
    def certificates(self):
        trust = {"certvigil_trust": self.pki.root.pem}
        for name in ("good", "soon", "late", "evil"):
            yield name, {
                "certvigil_target": f"{name}.example.com:{self.port}",
                "certvigil_address": "$address$",
                "certvigil_names": [f"{name}.example.com"],
                "certvigil_warning": "30", "certvigil_critical": "14d",
                "certvigil_timeout": 10, **trust}
        yield "away", {"certvigil_target": f"tls://127.0.0.1:{self.closed}",
                       "certvigil_ipv4": True, "certvigil_verbose": False}
        yield "wrong", {"certvigil_target": f"tls://127.0.0.1:{self.closed}",
                        "certvigil_findings": ["name.wat=off"]}
        yield "files", {
            "certvigil_target": [f"{self.files}/a::b.pem",
                                 f"{self.files}/c.pem"],
            "certvigil_key": "{dir}/{stem}.key",
            "certvigil_findings": ["name.www=off", "name.apex=off"],
            "certvigil_pem_only": True, **trust}
        yield "client", {
            "certvigil_target": f"https://client.example.com:{self.port}",
            "certvigil_address": "$address$",
            "certvigil_client_cert": self.clients.chain(self.ours),
            "certvigil_client_key": self.ours.key,
            "certvigil_expect": "required", **trust}

    def write_example(self):
        """With checks by the second, for the first is at a time by chance."""
        text = example("icinga2/certvigil.conf")
        for there, here in (
                ("check_interval = 1h", "check_interval = 200ms"),
                ("check_interval = 10m", "check_interval = 200ms"),
                ("retry_interval = 5m", "retry_interval = 200ms"),
                ('"sudo", "-n", "/usr/bin/certvigil", "status"',
                 f'"{CERTVIGIL}", "status", "--state", '
                 f'"{self.path("state.db")}"')):
            self.assertIn(there, text)
            text = text.replace(there, here)
        self.write("certvigil.conf", text.encode())

    def command(self, *args):
        for name in ("data", "log", "run/icinga2", "cache", "spool"):
            os.makedirs(self.path(name), exist_ok=True)
        constants = {
            "DataDir": "data", "LogDir": "log", "InitRunDir": "run",
            "CacheDir": "cache", "SpoolDir": "spool",
            "StatePath": "data/icinga2.state",
            "PidPath": "run/icinga2.pid", "ModAttrPath": "data/modified",
            "ObjectsPath": "cache/objects", "VarsPath": "cache/vars"}
        given = {"RunAsUser": USER, "RunAsGroup": GROUP,
                 **{k: self.path(v) for k, v in constants.items()}}
        return [find("icinga2"), "daemon", *args,
                "-c", self.path("icinga2.conf"),
                *(f"-D{k}={v}" for k, v in given.items())]

    def told(self):
        """{service: (state, output, long output, perfdata)}"""
        try:
            with open(self.path("told"), encoding="utf-8") as f:
                told = json.load(f)
        except FileNotFoundError:
            return {}
        return {name.replace("certificate ", "").replace(
            "certvigil", "agent"): (
                int(state), *(output + "\n").split("\n", 1), perf)
            for name, state, output, perf in told}

    def test_states(self):
        certificates = dict(self.certificates())
        self.write_example()
        self.write("icinga2.conf", ICINGA.format(
            folder=self.folder, certificates=dsl(certificates)).encode())
        done = run(*self.command("-C"))
        self.assertRun(done, 0, "Finished validating")
        self.assertNotIn("warning/", done.stdout)
        child = self.daemon(self.command())
        found = self.await_all(child, self.told, [*certificates, "agent"])
        self.assertStates(found)
        for name, lifetime, left in (("good", 90.5, 80.5),
                                     ("late", 7.5, -2.5)):
            self.assertMeasures(name, {
                label: (value, ["", "", low, high])
                for label, value, unit, low, high in found[name][3]},
                lifetime, left, ["", ""])
        self.assertEqual({m[0]: m[2] for m in found["evil"][3]},
                         {f"evil.example.com:{self.port}": "seconds",
                          "time": "seconds"})
        self.assertEqual([m[0] for m in found["files"][3]],
                         [f"{self.files}/a:_:b.pem", f"{self.files}/c.pem"])
        self.assertEqual(found["away"][3], [])
        self.assertEqual(found["away"][2], "")
        self.assertEqual([m[0] for m in found["agent"][3]],
                         ["age", "undelivered", "given_up"])
        for line in found["evil"][2].split("\n"):
            self.assertRegex(line, r"^$|^\[CRITICAL\] |^  [A-Z]+ [a-z.-]+: ")


if __name__ == "__main__":
    main()
