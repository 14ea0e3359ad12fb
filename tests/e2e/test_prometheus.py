"""test_prometheus.py - metrics as promtool, node_exporter and Prometheus read
them, and the examples that come along"""
import json
import os
import re
import shutil
import stat
import subprocess
import time
import unittest
import urllib.parse
import urllib.request

import support
from support import (CRITICAL, OK, ROOT, UNKNOWN, ClosedPort, Host, Nginx, Pki,
                     PlainServer, ScanCase, certvigil, free_port, run)

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
PROMTOOL = shutil.which("promtool", path=PATH)
PROMETHEUS = shutil.which("prometheus", path=PATH)
BLACKBOX = shutil.which("prometheus-blackbox-exporter", path=PATH)
NODE_EXPORTER = shutil.which("prometheus-node-exporter", path=PATH)
EXAMPLES = f"{ROOT}/examples/prometheus"

ALL = ["ssl_exporter", "x509_exporter", "blackbox"]

# A second series, a label's end, a terminal's colours, text that runs
# backwards, and what passes for an escape of ours.
EVIL = "evil\"} 1\nevil{x=\"\\n|\\xff\x1b[31m\u202e"

SERIES = re.compile(r'([a-z0-9_]+)(?:\{(.*)\})? (\S+)')
LABEL = re.compile(r'([a-z0-9_A-Z]+)="((?:[^"\\]|\\.)*)"(?:,|$)')


def labels_of(text):
    return {k: re.sub(r"\\(.)", lambda e: "\n" if e[1] == "n" else e[1], v)
            for k, v in LABEL.findall(text or "")}


def samples(text):
    """[(name, {label: value}, number)] of an exposition."""
    found = []
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        m = SERIES.fullmatch(line)
        if m is None:
            raise AssertionError(f"no series: {line!r}")
        found.append((m[1], labels_of(m[2]), float(m[3])))
    return found


def values(text, name, *labels):
    """{labels' values: number} of one family; of one label not a tuple."""
    found = {}
    for one, have, number in samples(text):
        if one == name:
            key = tuple(have.get(label) for label in labels)
            found[key[0] if len(labels) == 1 else key] = number
    return found


def families(text):
    return set(re.findall(r"^# HELP (\S+)", text, re.M))


class Daemon:
    """A program that serves HTTP on a free port of loopback, our child."""

    def __init__(self, folder, name, ready, command):
        self.log_path = os.path.join(folder, name + ".log")
        self.ready = ready
        # The port may be taken between finding it and its own bind().
        for _ in range(5):
            self.port = free_port()
            with open(self.log_path, "wb") as log:
                self.process = subprocess.Popen(
                    command(f"127.0.0.1:{self.port}"), cwd=folder,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            support.wait_for(name, lambda: self.process.poll() is not None or
                             self.is_ready())
            if self.process.poll() is None:
                return
        with open(self.log_path, encoding="utf-8") as f:
            raise AssertionError(f"{name} does not start:\n{f.read()}")

    def is_ready(self):
        try:
            self.get(self.ready)
            return True
        except OSError:
            return False

    def get(self, path):
        # Whatever proxy the environment names is not for loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}{path}",
                         timeout=10) as answer:
            return answer.read().decode()

    def query(self, expression):
        return json.loads(self.get("/api/v1/query?" + urllib.parse.urlencode(
            {"query": expression})))["data"]["result"]

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)


def node_exporter(folder, textfiles):
    return Daemon(folder, "node_exporter", "/metrics", lambda address: [
        NODE_EXPORTER, "--collector.disable-defaults",
        "--collector.textfile", f"--collector.textfile.directory={textfiles}",
        f"--web.listen-address={address}"])


class Metrics(ScanCase):
    """Targets in every state, and a text file."""

    def setUp(self):
        super().setUp()
        self.textfiles = self.path("textfiles")
        os.mkdir(self.textfiles)
        self.textfile = f"{self.textfiles}/certvigil.prom"
        self.config["textfile"] = self.textfile

    def serve(self):
        """One endpoint of each state; how each is called is what it is."""
        other = Pki(self.make_folder("other"), "Other")
        evil = Pki(self.make_folder("evil"), EVIL)
        leaves = {
            "good": self.pki.leaf("good.example.com", not_after="+80d"),
            "soon": self.pki.leaf("soon.example.com", not_after="+20d",
                                  not_before="-70d"),
            "expired": self.pki.leaf("expired.example.com", not_after="-1d",
                                     not_before="-91d"),
            "wrong": self.pki.leaf("elsewhere.example.com", not_after="+80d"),
            "untrusted": other.leaf("untrusted.example.com",
                                    not_after="+80d"),
            "evil": evil.leaf("evil.example.com", not_after="+80d"),
        }
        hosts = [Host(f"{name}.example.com", leaf.issuer and
                      Pki.chain(self.pki, leaf), leaf.key)
                 for name, leaf in leaves.items()]
        # The intermediate is left out; and one is there twice.
        lone = self.pki.leaf("lone.example.com", not_after="+80d")
        hosts.append(Host("lone.example.com", lone.pem, lone.key))
        twice = self.pki.leaf("twice.example.com", not_after="+80d")
        hosts.append(Host("twice.example.com", self.pki.bundle(
            "twice.all.pem", twice, self.pki.intermediate,
            self.pki.intermediate), twice.key))
        self.nginx = self.own(Nginx(self.folder, hosts))
        for host in hosts:
            self.watch({"endpoint": f"https://{host.name}:{self.nginx.port}",
                        "address": "127.0.0.1",
                        "name": host.name.split(".")[0]})
        closed = self.own(ClosedPort()).port
        plain = self.own(PlainServer()).port
        self.watch({"endpoint": f"tls://127.0.0.1:{closed}", "name": "closed"},
                   {"endpoint": f"tls://127.0.0.1:{plain}", "name": "plain"})

    def store(self):
        """Files of every kind, with names that nobody would choose."""
        folder = self.make_folder("files")
        leaf = self.pki.leaf("file.example.com", not_after="+50d")
        shutil.copy(self.pki.chain(leaf), f"{folder}/file.pem")
        for name in (b"\xff\n\"} 1\n.pem", b"\\xff.pem", "größe.pem".encode()):
            shutil.copy(self.pki.chain(leaf),
                        os.path.join(folder.encode(), name))
        with open(f"{folder}/broken.pem", "w", encoding="ascii") as f:
            f.write("-----BEGIN CERTIFICATE-----\nAAAA\n"
                    "-----END CERTIFICATE-----\n")
        self.pki.folder, ours = folder, self.pki.folder
        self.pki.bundle("roots.pem", self.pki.root, self.pki.intermediate,
                        self.pki.root)
        self.pki.folder = ours
        self.watch({"file": folder, "owner": "a \"team\"\n", "tags": ["t"]},
                   {"file": f"{folder}/file.pem", "name": "once more"},
                   {"file": f"{folder}/missing.pem", "name": "missing"})

    def make_folder(self, name):
        os.mkdir(self.path(name))
        return self.path(name)

    def read(self):
        with open(self.textfile, encoding="utf-8") as f:
            return f.read()

    def assertMetrics(self, text):
        """promtool has nothing to say of it."""
        samples(text)
        done = run(PROMTOOL, "check", "metrics", stdin=text)
        self.assertEqual((done.status, done.stdout, done.stderr), (0, "", ""))


@unittest.skipUnless(PROMTOOL, "promtool is missing")
class TestText(Metrics):
    def test_every_state(self):
        self.serve()
        self.store()
        self.assertRun(self.scan("--quiet"), CRITICAL, r"^$")
        text = self.read()
        self.assertMetrics(text)
        self.assertFalse([f for f in families(text)
                          if not f.startswith("certvigil_")])

        status = values(text, "certvigil_target_status", "target")
        up = values(text, "certvigil_target_up", "target")
        ends = values(text, "certvigil_target_not_after_timestamp_seconds",
                      "target")
        reasons = {labels["target"]: labels.get("reason", "")
                   for name, labels, _ in samples(text)
                   if name == "certvigil_target_verified"}
        for name, want, why in (
                ("good", 0, ""), ("soon", 1, ""), ("twice", 0, ""),
                ("expired", 2, "expiry.expired"), ("wrong", 2, "name.mismatch"),
                ("untrusted", 2, "chain.untrusted"),
                ("evil", 2, "chain.untrusted"),
                ("lone", 2, "chain.incomplete"), ("closed", 2, None),
                ("plain", 2, None), ("missing", 2, None)):
            with self.subTest(name):
                self.assertEqual(status[name], want)
                self.assertEqual(reasons.get(name), why)
                # Dates are told whatever else is wrong.
                self.assertEqual(up[name], why is not None)
                self.assertEqual(name in ends, why is not None)
        now = time.time()
        self.assertAlmostEqual(ends["expired"], now - 86400, delta=600)
        self.assertAlmostEqual(ends["soon"], now + 20 * 86400, delta=600)
        # All of the files, however they are called, and each apart.
        self.assertEqual(sum("file" in name or "xff" in name or "größe" in name
                             for name in ends), 5, ends.keys())
        self.assertEqual(len(values(
            text, "certvigil_certificate_not_after_timestamp_seconds",
            "target", "position")), 2 * 6 + 1 + 3 + 2 * 5 + 3)
        self.assertEqual(
            values(text, "certvigil_scan_targets", "status")["critical"],
            sum(v == 2 for v in status.values()))

        # Two looks of one moment know the same.
        now = str(int(values(text, "certvigil_last_scan_timestamp_seconds",
                             "x")[None]))
        done = certvigil("report", "--format", "prometheus", "--config",
                         self.path("config.yaml"))
        self.assertRun(done, OK)
        self.assertMetrics(done.stdout)
        self.assertEqual(values(done.stdout, "certvigil_target_status",
                                "target"), status)
        self.assertEqual(
            values(done.stdout, "certvigil_last_scan_timestamp_seconds",
                   "x")[None], int(now))
        self.assertEqual(
            values(done.stdout,
                   "certvigil_target_not_after_timestamp_seconds", "target"),
            ends)

    def test_names_of_others(self):
        self.serve()
        self.store()
        self.config["compat"] = ALL
        done = self.scan("--output", "prometheus")
        self.assertRun(done, CRITICAL)
        text = self.read()
        self.assertEqual(done.stdout, text)
        self.assertMetrics(text)
        self.assertLessEqual({
            "ssl_cert_not_after", "ssl_cert_not_before",
            "ssl_verified_cert_not_after", "ssl_file_cert_not_after",
            "ssl_probe_success", "ssl_prober", "ssl_tls_version_info",
            "x509_cert_not_after", "x509_cert_not_before",
            "x509_cert_expired", "x509_cert_error", "x509_read_errors",
            "probe_success", "probe_duration_seconds", "probe_ip_protocol",
            "probe_ssl_earliest_cert_expiry", "probe_tls_version_info",
            "probe_ssl_last_chain_expiry_timestamp_seconds",
            "probe_ssl_last_chain_info"}, families(text))
        self.assertEqual(
            {k: v for k, v in values(text, "probe_success",
                                     "instance").items()},
            {"good": 1, "soon": 1, "twice": 1, "expired": 0, "wrong": 0,
             "untrusted": 0, "evil": 0, "lone": 0, "closed": 0, "plain": 0})
        # The same certificate twice is one series of theirs.
        self.assertEqual(len([1 for name, labels, _ in samples(text)
                              if name == "ssl_cert_not_after" and
                              labels["instance"] == "twice"]), 2)
        # The state knows all but how long the looks took.
        later = certvigil("report", "--format", "prometheus", "--config",
                          self.write_config())
        self.assertRun(later, OK)
        self.assertMetrics(later.stdout)
        self.assertEqual(families(text) - families(later.stdout), {
            "certvigil_probe_duration_seconds", "probe_duration_seconds"})
        self.assertEqual(values(later.stdout, "ssl_prober", "instance"),
                         values(text, "ssl_prober", "instance"))

    def test_a_look_without_a_state(self):
        leaf = self.pki.leaf("a.example.com", not_after="+80d")
        done = certvigil("check", "--output", "prometheus",
                         "--trust", self.pki.root.pem, self.pki.chain(leaf))
        self.assertRun(done, OK)
        self.assertMetrics(done.stdout)
        self.assertNotIn("notifications", done.stdout)


class TestFile(Metrics):
    def setUp(self):
        super().setUp()
        self.watch({"file": self.chain("a.example.com", "+80d"), "name": "a"})

    def test_it_is_replaced_as_a_whole(self):
        # As its unit has it; the file is for others to read.
        self.addCleanup(os.umask, os.umask(0o077))
        self.assertRun(self.scan(), OK)
        first = os.stat(self.textfile)
        self.assertEqual(stat.S_IMODE(first.st_mode), 0o644)
        with open(self.textfile, encoding="utf-8") as old:
            self.assertRun(self.scan(), OK)
            self.assertNotEqual(os.stat(self.textfile).st_ino, first.st_ino)
            # Whoever has it open reads the old one to its end.
            self.assertTrue(old.read().endswith("\n"))
        self.assertEqual(os.listdir(self.textfiles), ["certvigil.prom"])

    def test_a_rehearsal_writes_none(self):
        self.assertRun(self.scan("--at", "+400d"), CRITICAL)
        self.assertEqual(os.listdir(self.textfiles), [])

    def test_it_cannot_be_written(self):
        os.mkdir(self.textfile)
        done = self.scan()
        self.assertRun(done, OK, stderr="certvigil.prom")
        self.assertIn("textfile: ", done.stderr)
        self.assertEqual(os.listdir(self.textfiles), ["certvigil.prom"])
        self.config["textfile"] = self.path("nowhere/x.prom")
        self.assertRun(self.scan(), OK, stderr="textfile: .*nowhere")
        done = certvigil("config", "check", "--config", self.write_config())
        self.assertRun(done, OK, "note: textfile: there is no folder "
                       f"{self.folder}/nowhere, and a scan makes none\n")

    def test_its_name(self):
        self.config["textfile"] = self.path("x.txt")
        self.config["compat"] = ["ssl_exporter", "blakbox"]
        self.assertRun(
            self.scan(), UNKNOWN, r"^$",
            'textfile: want a path that ends in .prom, or node_exporter does '
            'not read it, have "[^"]*x.txt"\n'
            '.*: compat: want ssl_exporter, x509_exporter or blackbox, have '
            '"blakbox"; did you mean "blackbox"\\?\n')

    def test_messages_and_incidents(self):
        """It is written behind the deliveries: what got through does not
        wait any more."""
        closed = self.own(ClosedPort())
        self.config["targets"] = []
        self.watch({"file": self.chain("b.example.com", "+5d",
                                       not_before="-85d"), "name": "b"})
        self.notify("hook", "webhook",
                    url=f"http://127.0.0.1:{closed.port}/", format="json")
        self.config["notifiers"]["mail"] = {"email": {
            "sendmail": "/bin/true", "from": "a@example.com",
            "to": ["b@example.com"]}}
        self.config["alerts"]["silences"] = [
            {"target": "b", "finding": "name.*", "until": "2099-01-01",
             "reason": "x"}]
        done = self.scan("--output", "prometheus")
        self.assertIn("not delivered", done.stderr)
        text = self.read()
        self.assertEqual(done.stdout, text)
        self.assertEqual(values(text, "certvigil_notifications_pending",
                                "x"), {None: 1})
        self.assertEqual(values(text, "certvigil_notifications_given_up",
                                "x"), {None: 0})
        incidents = values(text, "certvigil_incidents", "severity", "silenced")
        self.assertEqual(len(incidents), 4)
        self.assertEqual(sum(incidents.values()), len(values(
            text, "certvigil_incident_opened_timestamp_seconds", "incident")))
        self.assertIn(("b", "expiry.soon"), values(
            text, "certvigil_incident_opened_timestamp_seconds", "target",
            "finding"))


@unittest.skipUnless(NODE_EXPORTER, "prometheus-node-exporter is missing")
class TestNodeExporter(Metrics):
    def test_it_scrapes(self):
        self.serve()
        self.store()
        self.config["compat"] = ALL
        self.assertRun(self.scan("--quiet"), CRITICAL)
        told = self.own(node_exporter(
            self.folder, self.textfiles)).get("/metrics")
        self.assertRegex(told, r"(?m)^node_textfile_scrape_error 0$")
        here = {(name, tuple(sorted(labels.items())), number)
                for name, labels, number in samples(self.read())}
        # It has every label of a family, "" where there is none.
        there = {(name, tuple(sorted((k, v) for k, v in labels.items() if v)),
                  number) for name, labels, number in samples(told)
                 if re.match("certvigil_|ssl_|probe_|x509_", name)}
        self.assertEqual(sorted(here ^ there)[:5], [])


@unittest.skipUnless(BLACKBOX, "prometheus-blackbox-exporter is missing")
class TestBlackbox(Metrics):
    def test_the_same_is_told(self):
        """What is told by its names is what it tells of the same server."""
        self.serve()
        self.config["compat"] = ["blackbox"]
        self.assertRun(self.scan("--quiet"), CRITICAL)
        here = samples(self.read())
        modules = {name: {"prober": "tcp", "timeout": "10s", "tcp": {
            "tls": True, "preferred_ip_protocol": "ip4", "tls_config": {
                "ca_file": self.pki.root.pem,
                "server_name": f"{name}.example.com"}}}
            for name in ("good", "soon", "twice", "wrong", "untrusted")}
        support.write_config(self.path("blackbox.yml"), {"modules": modules})
        real = self.own(Daemon(
            self.folder, "blackbox", "/-/healthy", lambda address: [
                BLACKBOX, "--config.file=blackbox.yml",
                f"--web.listen-address={address}"]))
        for name in modules:
            there = samples(real.get(f"/probe?module={name}&target="
                                     f"127.0.0.1:{self.nginx.port}"))
            theirs = {(family, tuple(sorted(labels.items()))): number
                      for family, labels, number in there
                      if family.startswith(("probe_ssl", "probe_tls",
                                            "probe_success", "probe_ip_p"))}
            # The serial is newer than the one of the distribution.
            ours = {(family, tuple(sorted(
                (k, v) for k, v in labels.items()
                if k not in ("instance", "serialnumber")))): number
                for family, labels, number in here
                if labels.get("instance") == name}
            with self.subTest(name):
                self.assertEqual(
                    theirs["probe_success", ()], name not in
                    ("wrong", "untrusted"))
                # It tells no date of what it does not accept.
                for key, number in theirs.items():
                    if key[0] != "probe_tls_cipher_info":
                        self.assertEqual(ours.get(key), number, key)


@unittest.skipUnless(PROMTOOL, "promtool is missing")
class TestExamples(Metrics):
    """The alert rules, the dashboard, and what Prometheus is told."""

    def emitted(self):
        """The names that the program has, of our own families and others."""
        self.config["compat"] = ALL
        self.clients = Pki(self.make_folder("clients"), "Clients")
        ours = self.clients.make("ours", self.clients.intermediate,
                                 eku="clientAuth", not_after="+60d")
        leaf = self.pki.leaf("im.example.com", not_after="+5d",
                             not_before="-85d")
        nginx = self.own(Nginx(self.folder, [Host(
            "im.example.com", self.pki.chain(leaf), leaf.key, more=f"""
        ssl_client_certificate {self.clients.root.pem};
        ssl_verify_client on;
        ssl_verify_depth 3;""")]))
        self.watch({"endpoint": f"https://im.example.com:{nginx.port}",
                    "address": "127.0.0.1", "name": "im", "order_lead": 5,
                    "owner": "web",
                    "client": {"certificate": self.clients.chain(ours),
                               "key": ours.key}},
                   {"file": self.chain("a.example.com", "+80d"), "name": "a"},
                   {"file": self.path("gone.pem"), "name": "gone"})
        self.assertRun(self.scan("--quiet"), CRITICAL)
        return families(self.read())

    def test_rules(self):
        for command in (["check", "rules", "certvigil.rules.yaml"],
                        ["test", "rules", "certvigil.rules.test.yaml"],
                        ["check", "config", "prometheus.yml"]):
            done = run(PROMTOOL, *command, cwd=EXAMPLES)
            self.assertRun(done, 0, "SUCCESS")

    def dashboard(self):
        with open(f"{EXAMPLES}/grafana-dashboard.json",
                  encoding="utf-8") as f:
            return json.load(f)

    def test_the_dashboard_holds_together(self):
        board = self.dashboard()
        self.assertEqual(board["uid"], "certvigil")
        self.assertIsNone(board["id"])
        ids = [p["id"] for p in board["panels"]]
        self.assertEqual(len(set(ids)), len(ids))
        taken = set()
        for panel in board["panels"]:
            at = panel["gridPos"]
            self.assertLessEqual(at["x"] + at["w"], 24)
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                     for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells
            for one in [panel, *panel["targets"]]:
                self.assertEqual(one["datasource"]["uid"], "${datasource}")
            refs = [t["refId"] for t in panel["targets"]]
            self.assertEqual(len(set(refs)), len(refs))
        names = {v["name"] for v in board["templating"]["list"]}
        self.assertEqual(
            set(re.findall(r"\$\{?(\w+)", json.dumps(board))) - {"__all"},
            names)

    def test_every_name_is_told(self):
        told = self.emitted()
        used = set()
        for path in ("grafana-dashboard.json", "certvigil.rules.yaml",
                     "certvigil.rules.test.yaml"):
            with open(f"{EXAMPLES}/{path}", encoding="utf-8") as f:
                used |= set(re.findall(r"\bcertvigil_\w+", f.read()))
        self.assertGreater(len(used), 10)
        self.assertLessEqual(used, told)
        with open(f"{ROOT}/man/certvigil.8", encoding="utf-8") as f:
            explained = set(re.findall(r"\b(?:certvigil|ssl|x509|probe)_\w+",
                                       f.read()))
        self.assertEqual(told - explained, set())

    @unittest.skipUnless(PROMETHEUS and NODE_EXPORTER,
                         "prometheus or prometheus-node-exporter is missing")
    def test_alerts_fire(self):
        """From a certificate to an alert, by nothing but what is shipped."""
        self.emitted()
        node = self.own(node_exporter(self.folder, self.textfiles))
        with open(f"{EXAMPLES}/prometheus.yml", encoding="utf-8") as f:
            config = f.read()
        config = config.replace("localhost:9100", f"127.0.0.1:{node.port}")
        self.assertIn(f"127.0.0.1:{node.port}", config)
        self.write("prometheus.yml", (
            "global: {scrape_interval: 1s, evaluation_interval: 1s}\n" +
            config).encode())
        shutil.copy(f"{EXAMPLES}/certvigil.rules.yaml", self.folder)
        server = self.own(Daemon(
            self.folder, "prometheus", "/-/ready", lambda address: [
                PROMETHEUS, "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                f"--web.listen-address={address}"]))

        def firing():
            return {(a["labels"]["alertname"], a["labels"].get("target"))
                    for a in json.loads(server.get("/api/v1/alerts"))
                    ["data"]["alerts"] if a["state"] == "firing"}
        support.wait_for("alerts", lambda: ("CertificateEndsVerySoon", "im")
                         in firing(), limit_s=30)
        self.assertNotIn(("CertificateEndsVerySoon", "a"), firing())
        self.assertFalse([one for one in firing()
                          if one[0].startswith("Certvigil")])

        # What was written for blackbox_exporter finds its instance.
        self.assertEqual(
            [(r["metric"]["instance"], r["metric"]["job"],
              r["value"][1]) for r in server.query("probe_success")],
            [("im", "blackbox", "1")])
        self.assertEqual(server.query('{exported_instance!=""}'), [])

        # Every panel asks what Prometheus understands, and has an answer.
        quiet = {"Not seen", "Clients refuse", "Messages given up"}
        for panel in self.dashboard()["panels"]:
            for one in panel["targets"]:
                expression = re.sub(r"\$(instance|owner)", ".*", one["expr"])
                with self.subTest(panel["title"], expression=expression):
                    answer = server.query(expression)
                    if panel["title"] not in quiet:
                        self.assertTrue(answer)


class TestMany(Metrics):
    MANY = 10000

    def peak(self, args):
        """Run it; returns its status and its peak of memory in MiB."""
        with open(os.devnull, "wb") as nowhere:
            child = subprocess.Popen([support.CERTVIGIL, *args],
                                     stdin=subprocess.DEVNULL, stdout=nowhere)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return child.returncode, usage.ru_maxrss / 1024

    def test_ten_thousand_files(self):
        folder = self.make_folder("files")
        source = self.chain("a.example.com", "+80d")
        for i in range(self.MANY):
            os.link(source, f"{folder}/{i}.pem")
        self.watch({"file": folder})
        config = self.write_config()
        # The first reads them; what the second takes is the outputs' own.
        self.assertEqual(self.peak(["scan", "--quiet", "--config",
                                    config])[0], OK)
        began = time.monotonic()
        status, with_file = self.peak(["scan", "--quiet", "--config", config])
        took = time.monotonic() - began
        self.assertEqual(status, OK)
        size = os.stat(self.textfile).st_size / 2**20
        del self.config["textfile"]
        config = self.write_config()
        began = time.monotonic()
        _, without = self.peak(["scan", "--quiet", "--config", config])
        alone = time.monotonic() - began
        self.assertGreater(size, 10)
        note = f"{size:.0f} MiB in {took:.2f} s and {with_file:.0f} MiB, " \
               f"without {alone:.2f} s and {without:.0f} MiB"
        # The sanitizer keeps some of what was freed.
        self.assertLess(with_file, 1.1 * without + 8, note)
        self.assertLess(took, alone + 20, note)
        if os.environ.get("CERTVIGIL_TELL"):
            print(note)


if __name__ == "__main__":
    support.main()
