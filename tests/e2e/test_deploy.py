"""test_deploy.py - a renewed file under a running server: who has to reload"""
import os
import shutil
import time

import support
from support import CRITICAL, OK, UNKNOWN, WARNING, Host, ScanCase, certvigil
from receivers import WebhookReceiver
from test_alerts import told

# Past what a file is given to be loaded.
LATER = ("--at", "+10m")


def by_name(done):
    """The targets of a JSON document, by their names."""
    return {t["name"]: t for t in support.json_targets(done)}


def stale(target):
    """Its deploy.stale, or None."""
    found = [f for f in target["findings"] if f["id"] == "deploy.stale"]
    return found[0] if found else None


class DeployCase(ScanCase):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("live"))
        self.keys = {}

    def install(self, name, end="+80d", where="live", **options):
        """A new certificate for the host, with its first key; its path."""
        key = self.keys.get(name)
        if key:
            options["key"] = key
        leaf = self.pki.leaf(name, not_after=end, **options)
        if not key:
            self.keys[name] = shutil.copy(leaf.key,
                                          self.path(f"{name}.live.key"))
        return shutil.copy(self.pki.chain(leaf),
                           self.path(f"{where}/{name}.pem"))

    def serve(self, *names, **how):
        return self.own(support.Nginx(self.folder, [
            Host(n, self.path(f"live/{n}.pem"), self.keys[n])
            for n in names], **how))

    def endpoint(self, name, server, **more):
        return {"endpoint": f"https://{name}:{server.port}", "name": name,
                "address": server.address, **more}

    def targets(self, *args, status=OK):
        done = self.scan("--output", "json", *args)
        self.assertRun(done, status, stderr=r"^$")
        return by_name(done)


class Named(DeployCase):
    """`deployed: FILE`"""

    NAME = "shop.example.com"

    def setUp(self):
        super().setUp()
        self.file = self.install(self.NAME, not_before="-10d")
        self.server = self.serve(self.NAME)
        self.watch(self.endpoint(self.NAME, self.server, deployed=self.file))

    def message(self, *args, status=WARNING):
        """The finding and what is said, after a scan that has one."""
        finding = stale(self.targets(*args, status=status)[self.NAME])
        self.assertIsNotNone(finding)
        return finding, finding["message"]

    def test_renewed_and_not_reloaded(self):
        chat = self.own(WebhookReceiver())
        self.notify("chat", "webhook", url=chat.url + "/hook")
        target = self.targets()[self.NAME]
        self.assertIsNone(stale(target))
        self.assertEqual(target["deployed"], self.file)

        self.install(self.NAME, "+90d")
        # Somebody may be about to reload it.
        finding, message = self.message(status=OK)
        self.assertEqual(finding["severity"], "ok")
        self.assertRegex(message, "it has 5 minutes to be loaded$")
        self.assertEqual(told(chat.received[-1])
                         if chat.received else [], [])

        finding, message = self.message(*LATER)
        pid = self.server.process.pid
        self.assertRegex(
            message, r"^serves the old certificate \(ends \d{4}-\d\d-\d\d\); "
            + self.file + r" holds a newer one \(ends \d{4}-\d\d-\d\d\), "
            r"changed \d+ minutes ago; "
            rf"nginx \(pid {pid}\) has the old one loaded: reload it$")
        details = finding["details"]
        self.assertEqual((details["process"], details["pid"],
                          details["file"]), ("nginx", pid, self.file))
        self.assertIn("process_started_at", details)
        self.assertEqual(told(chat.received[-1]),
                         [("opened", "deploy.stale", "warning")])

        self.server.reload()
        target = self.targets("--at", "+20m")[self.NAME]
        self.assertIsNone(stale(target))
        self.assertEqual(told(chat.received[-1]), [
            ("renewed", None, "ok"),
            ("resolved", "deploy.stale", "warning")])

    def test_critical_near_the_end(self):
        self.install(self.NAME, "+5d", not_before="-85d")
        self.server.reload()
        self.install(self.NAME, "+90d")
        finding, _ = self.message(*LATER, status=CRITICAL)
        self.assertEqual(finding["severity"], "critical")

    def test_started_since(self):
        """A server that began after the change reads something else."""
        other = self.install(self.NAME, "+90d", where=".")
        hour_ago = time.time() - 3600
        os.utime(other, (hour_ago, hour_ago))
        self.config["targets"][0]["deployed"] = other
        finding, message = self.message()
        self.assertRegex(message, r"changed 1 hour ago; nginx \(pid \d+\) was "
                         r"started since, and seems to read another file$")
        self.assertRegex(finding["hint"], "which file")

    def test_the_reverse(self):
        """A failed copy: the file is older than what is served."""
        with open(self.file, "rb") as f:
            old = f.read()
        self.install(self.NAME, "+90d")
        self.server.reload()
        self.write(f"live/{self.NAME}.pem", old)
        finding, message = self.message(*LATER)
        self.assertRegex(message, r"^serves a newer certificate \(ends .*\) "
                         rf"than {self.file} holds \(ends .*\), changed \d+ "
                         r"minutes ago; nginx \(pid \d+\) serves it$")
        self.assertRegex(finding["hint"], "^Find out where")

    def test_no_file(self):
        os.unlink(self.file)
        target = self.targets(status=CRITICAL)[self.NAME]
        self.assertEqual([f["id"] for f in target["findings"]],
                         ["file.missing"])

    def test_on_the_command_line(self):
        self.install(self.NAME, "+90d")
        args = ("--trust", self.pki.root.pem, "--sni", self.NAME, "--deployed")
        target = f"127.0.0.1:{self.server.port}"
        self.assertRun(certvigil("check", *args, self.file, target, *LATER),
                       WARNING, r"WARNING.*old certificate.*nginx \(pid")
        self.assertRun(certvigil("check", *args, "none", target, *LATER), OK)

    def test_ipv6(self):
        if not support.have_ipv6():
            self.skipTest("no IPv6 here")
        os.mkdir(self.path("six"))
        server = self.own(support.Nginx(self.path("six"), [
            Host(self.NAME, self.file, self.keys[self.NAME])],
            address="::1"))
        self.config["targets"] = [
            self.endpoint(self.NAME, server, deployed=self.file)]
        self.install(self.NAME, "+90d")
        finding, _ = self.message(*LATER)
        self.assertEqual(finding["details"]["pid"], server.process.pid)


class Pair(DeployCase):
    """RSA and EC in files of their own, under one nginx"""

    NAME = "shop.example.com"

    def test_the_other_kind_is_no_alarm(self):
        ec = self.pki.leaf(self.NAME)
        rsa = self.pki.leaf("rsa", self.NAME, rsa=True)
        files = {c: self.pki.chain(c) for c in (ec, rsa)}
        server = self.own(support.Nginx(self.folder, [Host(
            self.NAME, files[rsa], rsa.key,
            more=f"ssl_certificate {files[ec]}; "
                 f"ssl_certificate_key {ec.key};")]))
        target = self.endpoint(self.NAME, server)
        self.watch(target)
        for cert, severity in ((ec, None), (rsa, "ok")):
            with self.subTest(file=files[cert]):
                target["deployed"] = files[cert]
                finding = stale(self.targets(*LATER)[self.NAME])
                self.assertEqual(finding and finding["severity"], severity)
        self.assertRegex(finding["message"],
                         r"certificate .*\(EC, ends .* holds .*\(RSA, ends ")


class Auto(DeployCase):
    """`deployed: auto`"""

    NAMES = ("a.example.com", "b.example.com", "c.example.com")

    def setUp(self):
        super().setUp()
        os.mkdir(self.path("archive"))
        for name in self.NAMES:
            self.install(name, not_before="-10d")
            self.install(name, "+20d", "archive", not_before="-70d")
        self.server = self.serve(*self.NAMES)
        self.config["defaults"]["deployed"] = "auto"
        self.watch(*[self.endpoint(n, self.server) for n in self.NAMES])

    def states(self, *args, status=OK):
        """The severities of deploy.stale, and the files, by endpoint."""
        targets = self.targets(*args, status=status)
        found = {n: stale(targets[n]) for n in self.NAMES}
        return ({n: f["severity"] for n, f in found.items() if f},
                {n: os.path.relpath(targets[n]["deployed"], self.folder)
                 for n in self.NAMES if "deployed" in targets[n]})

    def files(self, *names):
        return {n: f"live/{n}.pem" for n in names or self.NAMES}

    def test_without_a_file_it_is_noted(self):
        note = r"note: deployed: auto compares 3 endpoints with nothing"
        done = certvigil("config", "check", "-c", self.write_config())
        self.assertRun(done, OK, note)
        self.watch({"file": self.path("live")})
        done = certvigil("config", "check", "-c", self.write_config())
        self.assertRun(done, OK, "ok, 4 targets")
        self.assertNotIn("note: deployed", done.stdout)

    def test_with_folders(self):
        self.watch({"file": self.path("live")}, {"file": self.path("archive"),
                                                 "warning": "1d"})
        self.assertEqual(self.states(), ({}, self.files()))
        self.install("b.example.com", "+90d")
        self.assertEqual(self.states(),
                         ({"b.example.com": "ok"}, self.files()))
        self.assertEqual(self.states(*LATER, status=WARNING),
                         ({"b.example.com": "warning"}, self.files()))
        # The table names the file and the process, and the sum counts it.
        done = self.scan(*LATER)
        self.assertRun(done, WARNING, r"(?s)live/b\.example\.com\.pem holds a "
                       r"newer one.*nginx \(pid")
        self.server.reload()
        self.assertEqual(self.states(*LATER), ({}, self.files()))

    def test_copies_alone_are_no_alarm(self):
        """Older files of the same names, and nothing that is served."""
        self.watch({"file": self.path("archive"), "warning": "1d"})
        self.assertEqual(self.states(*LATER), ({}, {}))

    def test_opt_out_and_severity(self):
        self.watch({"file": self.path("live")})
        self.config["targets"][0]["deployed"] = "none"
        self.config["targets"][1]["findings"] = {"deploy.stale": "critical"}
        self.config["targets"][2]["findings"] = {"deploy.stale": "off"}
        for name in self.NAMES:
            self.install(name, "+90d")
        self.assertEqual(
            self.states(*LATER, status=CRITICAL),
            ({"b.example.com": "critical"}, self.files(*self.NAMES[1:])))

    def test_opened_and_resolved(self):
        chat = self.own(WebhookReceiver())
        self.notify("chat", "webhook", url=chat.url + "/hook")
        self.watch({"file": self.path("live")})
        self.assertRun(self.scan(), OK)
        self.install("a.example.com", "+90d")
        self.assertRun(self.scan(*LATER), WARNING)
        self.assertIn(("opened", "deploy.stale", "warning"),
                      told(chat.received[-1]))
        self.server.reload()
        self.assertRun(self.scan("--at", "+20m"), OK)
        self.assertIn(("resolved", "deploy.stale", "warning"),
                      told(chat.received[-1]))

    def test_on_the_command_line(self):
        self.install("a.example.com", "+90d")
        target = f"127.0.0.1:{self.server.port}"
        args = ("check", "--trust", self.pki.root.pem, "--sni",
                "a.example.com", "--deployed", "auto", *LATER, target)
        self.assertRun(certvigil(*args, self.path("live")), WARNING,
                       r"live/a\.example\.com\.pem holds a newer one")
        self.assertRun(certvigil(*args), UNKNOWN, None,
                       "--deployed auto: want it with a file, have no file")


if __name__ == "__main__":
    support.main()
