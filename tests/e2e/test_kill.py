"""test_kill.py - SIGKILL at any moment loses no alert and invents none"""
import collections
import json
import random
import shutil
import subprocess
import time

import support
from support import CERTVIGIL, CRITICAL, ScanCase, command
from receivers import WebhookReceiver

ROUNDS = 40


class Kill(ScanCase):
    def setUp(self):
        super().setUp()
        # It takes its time, so that some kills come between its having the
        # message and the agent's having its answer.
        self.chat = self.own(WebhookReceiver(behaviour={"delay": 0.03}))
        self.notify("chat", "webhook", url=self.chat.url)
        self.expired = self.chain("old.example", "-1d", not_before="-90d")

    def add_target(self, name):
        """One more incident to come: the target's certificate is expired."""
        self.watch({"file": shutil.copy(self.expired, self.path(name)),
                    "name": name})

    def kill_scan(self, after_s):
        """Start a scan and kill it; says whether it was still running."""
        p = subprocess.Popen(**command(
            CERTVIGIL, "scan", "--config", self.write_config()))
        try:
            _, err = p.communicate(timeout=after_s)
        except subprocess.TimeoutExpired:
            p.kill()
            p.communicate()
            return True
        self.assertEqual(p.returncode, CRITICAL, err)
        return False

    def test_kill(self):
        self.add_target("first")
        began = time.monotonic()
        self.assertRun(self.scan(), CRITICAL)
        whole_s = time.monotonic() - began

        chance = random.Random()
        killed = 0
        for i in range(ROUNDS):
            self.add_target(f"round-{i}")
            killed += self.kill_scan(chance.uniform(0, 1.1 * whole_s))
        self.assertRun(self.scan("--quiet"), CRITICAL, "^$", "^$")
        # What the last kill left in the outbox may wait for its next try.
        self.assertRun(self.scan("--quiet", "--at", "+1h"), CRITICAL, "^$",
                       "^$")
        self.assertGreater(killed, ROUNDS // 4)

        self.chat.stop()
        bodies = collections.defaultdict(set)
        for request in self.chat.received:
            bodies[request.headers["webhook-id"]].add(request.body)
        for one, same in bodies.items():
            self.assertEqual(len(same), 1, f"{one} is always the same message")

        self.assertGreater(len(self.chat.received), len(bodies),
                           "no message was ever repeated")

        opened = collections.Counter()
        for (body,) in bodies.values():
            for event in json.loads(body)["data"]["events"]:
                self.assertEqual((event["event"], event["finding"]),
                                 ("opened", "expiry.expired"))
                opened[event["target"]] += 1
        want = {t["name"]: 1 for t in self.config["targets"]}
        self.assertEqual(dict(opened), want, "each once, none invented")


if __name__ == "__main__":
    support.main()
