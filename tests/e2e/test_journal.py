"""test_journal.py - what stands in the journal: fields, priorities, and each
complaint once"""
import re
import shutil

import support
from journal_support import Journal, NEEDS_JOURNAL, messages
from receivers import WebhookReceiver
from support import CRITICAL, OK, ROOT, UNKNOWN, ClosedPort, ScanCase
from watch_support import Resident

ERR, WARNING, NOTICE, INFO = "3", "4", "5", "6"


def message_ids():
    with open(f"{ROOT}/agent/commands/journal_ids.h", encoding="utf-8") as f:
        return {i: name.lower() for name, i in re.findall(
            r'JOURNAL_(\w+)_ID "([0-9a-f]{32})"', f.read())}


@NEEDS_JOURNAL
class Entries(ScanCase):
    def setUp(self):
        super().setUp()
        self.journal = self.own(Journal())

    def scan_into(self, *args, **how):
        return self.journal.certvigil("scan", "--quiet", "--config",
                                      self.write_config(), *args, **how)

    def new(self):
        """[(kind, priority, entry)] since the last time."""
        ids, all_of = message_ids(), self.journal.entries()
        have = all_of[getattr(self, "read", 0):]
        self.read = len(all_of)
        return [(ids.get(e.get("MESSAGE_ID")), e["PRIORITY"], e)
                for e in have]

    def kinds(self, new):
        return [(kind, priority) for kind, priority, _ in new]

    def test_events(self):
        live = self.path("live.pem")
        shutil.copy(self.chain("x.example", "-1d", not_before="-90d"), live)
        self.watch({"file": live, "name": "shop\x1b[31m\nx", "owner": "web"})
        self.assertRun(self.scan_into(), CRITICAL, "^$", "^$")
        opened, scanned = self.new()
        self.assertEqual(opened[:2], ("opened", ERR))
        e = opened[2]
        self.assertEqual(e["CERTVIGIL_EVENT"], "opened")
        self.assertEqual(e["CERTVIGIL_TARGET"], "shop\\x1b[31m\\x0ax")
        self.assertEqual(e["CERTVIGIL_ADDRESS"], live)
        self.assertEqual(e["CERTVIGIL_OWNER"], "web")
        self.assertEqual(e["CERTVIGIL_FINDING"], "expiry.expired")
        self.assertEqual(e["CERTVIGIL_SEVERITY"], "critical")
        self.assertRegex(e["CERTVIGIL_SUBJECT"], "^[0-9a-f]{64}$")
        self.assertRegex(e["CERTVIGIL_INCIDENT"], "^inc_[0-9a-f]+$")
        self.assertRegex(e["CERTVIGIL_NOT_AFTER"], r"^\d{4}-\d\d-\d\dT.*Z$")
        self.assertRegex(e["MESSAGE"], r"^shop\\x1b\[31m\\x0ax: opened: ")
        self.assertEqual(e["SYSLOG_IDENTIFIER"], "certvigil")
        self.assertNotIn("CERTVIGIL_SHA256", e)
        self.assertEqual(scanned[:2], ("scanned", INFO))
        self.assertEqual(
            {k: v for k, v in scanned[2].items() if k.startswith("CERTV")},
            {"CERTVIGIL_STATUS": "critical", "CERTVIGIL_TARGETS": "1",
             "CERTVIGIL_CRITICAL": "1", "CERTVIGIL_WARNING": "0",
             "CERTVIGIL_UNKNOWN": "0", "CERTVIGIL_OK": "0"})

        self.config["alerts"]["repeat"] = "1d"
        self.assertRun(self.scan_into("--at", "+2d"), CRITICAL)
        self.assertEqual(self.kinds(self.new()),
                         [("repeated", ERR), ("scanned", INFO)])
        shutil.copy(self.chain("x.example", "+80d"), live)
        self.assertRun(self.scan_into("--at", "+3d"), OK)
        new = self.new()
        self.assertEqual(sorted(self.kinds(new)), [
            ("renewed", NOTICE), ("resolved", NOTICE), ("scanned", INFO)])
        renewed, = (e for kind, _, e in new if kind == "renewed")
        for key in ("SHA256", "OLD_SHA256", "NOT_AFTER", "OLD_NOT_AFTER"):
            self.assertTrue(renewed[f"CERTVIGIL_{key}"])
        self.assertNotIn("CERTVIGIL_FINDING", renewed)

    def test_what_needs_a_person(self):
        """-p warning shows it, once, and nothing else."""
        self.watch({"file": self.chain("x.example", "+20d",
                                       not_before="-70d")})
        chat = self.own(WebhookReceiver(behaviour={"status": 500}))
        self.notify("chat", "webhook", url=chat.url)
        closed = self.own(ClosedPort())
        self.config["alerts"]["heartbeat"] = f"http://127.0.0.1:{closed.port}/"
        self.assertRun(self.scan_into(), support.WARNING, "^$", "^$")
        self.assertEqual(self.kinds(self.new()), [
            ("opened", WARNING), ("scanned", INFO), ("undelivered", WARNING),
            ("heartbeat", WARNING)])
        told = messages(self.journal.entries("--priority", "warning"))
        self.assertEqual(len(told), 3)
        self.assertRegex(told[1], "^chat: message MSG is not delivered: .*; "
                         "it will be tried again$")

    def test_what_is_wrong(self):
        """Complaints on stderr are errors, one a line."""
        path = self.write("bad.yaml", b"targets: [{file: x}]\nfoo: 1\nbar: 2\n")
        done = self.journal.certvigil("scan", "--config", path)
        self.assertRun(done, UNKNOWN, "^$", "^$")
        new = self.new()
        self.assertEqual(self.kinds(new), [(None, ERR)] * 2)
        self.assertRegex(new[0][2]["MESSAGE"], r"bad.yaml:2:1: .*foo")
        self.config["state"] = self.path("none/state.db")
        self.assertRun(self.scan_into(), UNKNOWN)
        (kind, priority, e), = self.new()
        self.assertEqual((kind, priority), ("failed", ERR))
        self.assertRegex(e["MESSAGE"], "folder is not there")

    def test_resident(self):
        self.watch({"file": self.chain("x.example", "+80d")})
        config = self.write_config()
        w = self.own(Resident(self.folder, config,
                              before=self.journal.wrap()))
        w.scanned()
        self.assertEqual(self.kinds(self.new()), [("scanned", INFO)])
        w.reload()
        w.scanned()
        kinds = self.kinds(self.new())
        self.assertEqual(kinds[0], ("taken_up", NOTICE))
        self.write("config.yaml", b"targets: [{file: x}]\nfoo: 1\n")
        w.reload()
        self.assertEqual(w.end(), OK)
        new = self.new()
        self.assertEqual(self.kinds(new), [(None, ERR), ("refused", ERR)])
        self.assertRegex(new[0][2]["MESSAGE"], "config.yaml:2:1: ")
        self.assertEqual(new[1][2]["CERTVIGIL_CONFIG"], config)


class Elsewhere(ScanCase):
    def test_inherited(self):
        """A variable of somebody else's stderr makes no journal of ours."""
        path = self.write("bad.yaml", b"targets: [{file: x}]\nfoo: 1\n")
        done = support.certvigil("scan", "--config", path,
                                 env={"JOURNAL_STREAM": "1:1"})
        self.assertRun(done, UNKNOWN, "^$", r"^\S+bad.yaml:2:1: ")


if __name__ == "__main__":
    support.main()
