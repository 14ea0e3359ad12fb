"""test_endpoint_scale.py - many endpoints, some of which never answer: those
wait side by side, so a scan ends one timeout after the rest"""
import json
import time

import support
from support import (CRITICAL, OK, ClosedPort, Host, Nginx, ScanCase,
                     SilentServer)

ENDPOINTS, SILENT = 500, 25
TIMEOUT_S = 4


class Scale(ScanCase):
    def setUp(self):
        super().setUp()
        self.config["defaults"]["timeout"] = f"{TIMEOUT_S}s"
        leaf = self.pki.leaf("*.example.net", "*.example.net", "example.net")
        self.nginx = self.own(Nginx(self.folder, [
            Host("_", self.pki.chain(leaf), leaf.key)]))
        self.silent = self.own(SilentServer())

    def endpoint(self, i, port):
        return {"endpoint": f"https://host{i}.example.net:{port}",
                "address": "127.0.0.1"}

    def timed(self, targets, status):
        """A scan of these; returns its document and how long it took."""
        self.config["targets"] = targets
        began = time.monotonic()
        done = self.scan("--output", "json", limit_s=120)
        took = time.monotonic() - began
        # The whole document would be too much to read in a failure.
        document = json.loads(done.stdout)
        self.assertEqual(done.status, status, document["summary"])
        return document, took

    def test_one_timeout_for_all(self):
        # Every twentieth is silent; one is the last to be looked at.
        targets = [self.endpoint(i, self.silent.port
                                 if i % (ENDPOINTS // SILENT) == 19
                                 else self.nginx.port)
                   for i in range(ENDPOINTS)]
        port = f":{self.silent.port}"
        rest = [t for t in targets if not t["endpoint"].endswith(port)]
        self.assertEqual(len(targets) - len(rest), SILENT)
        self.assertIs(rest[-1], targets[-2])

        _, before = self.timed(rest, OK)
        document, took = self.timed(targets, CRITICAL)
        # How fast the machine is may change, so it is asked twice.
        _, after = self.timed(rest, OK)

        self.assertEqual(document["summary"], {
            "ok": ENDPOINTS - SILENT, "warning": 0, "critical": SILENT,
            "unknown": 0})
        for t in document["targets"]:
            found = [f["id"] for f in t["findings"]]
            self.assertEqual(found, ["endpoint.timeout"]
                             if t["address"].endswith(port) else [],
                             t["address"])
        self.assertGreater(took, TIMEOUT_S)
        self.assertLess(took, max(before, after) + 2 * TIMEOUT_S,
                        f"the rest alone: {before:.1f} s, {after:.1f} s")

    def test_few_slots_and_many_dead(self):
        """Whoever waits for a slot, or beside many that say nothing, has all
        of his time still before him."""
        self.config["defaults"]["timeout"] = "1s"
        self.config["workers"] = 40
        targets = [self.endpoint(i, self.silent.port if i % 2 == 0 or i < 80
                                 else self.nginx.port) for i in range(240)]
        document, _ = self.timed(targets, CRITICAL)
        for t in document["targets"]:
            silent = t["address"].endswith(f":{self.silent.port}")
            self.assertEqual([f["id"] for f in t["findings"]],
                             ["endpoint.timeout"] if silent else [],
                             t["address"])
        self.assertEqual(document["summary"]["ok"], 80)

    def test_all_fail_at_once(self):
        """Then none of them ever waits."""
        self.config["defaults"]["retries"] = 0
        port = self.own(ClosedPort()).port
        document, _ = self.timed([self.endpoint(i, port)
                                  for i in range(300)], CRITICAL)
        self.assertEqual(document["summary"]["critical"], 300)
        for t in document["targets"]:
            self.assertEqual([f["id"] for f in t["findings"]],
                             ["endpoint.unreachable"])


if __name__ == "__main__":
    support.main()
