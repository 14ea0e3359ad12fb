"""test_flapping.py - what comes and goes is told a few times, and to whom"""
import json
import shutil
import time

import support
from support import CRITICAL, OK, ScanCase
from receivers import WebhookReceiver

HOUR = 3600


def events(request):
    return json.loads(request.body)["data"]["events"]


def told(receiver):
    """What each message says, such as ["opened expiry.expired", ...]."""
    return [[f"{e['event']} {e.get('finding', '')}".strip()
             for e in events(request)] for request in receiver.received]


class Flapping(ScanCase):
    def chat(self, name="chat"):
        receiver = self.own(WebhookReceiver())
        self.notify(name, "webhook", url=receiver.url + "/hook")
        return receiver

    def at(self, hours):
        return self.scan("--at", f"@{self.start + int(hours * HOUR)}")

    def setUp(self):
        super().setUp()
        self.start = int(time.time())
        self.chat_receiver = self.chat()

    def serve(self, chain):
        shutil.copy(chain, self.path("live.pem"))

    def own_chain(self, to, end, **options):
        """That of another leaf of the same name does not take its place."""
        return shutil.copy(self.chain("www.example.com", end, **options),
                           self.path(to))

    def test_two_certificates_by_turns(self):
        """Behind one name two servers have two certificates, one of them
        expired: three messages, and the third certificate ends it."""
        good = self.own_chain("good.pem", "+80d")
        bad = self.own_chain("bad.pem", "-2d", not_before="-90d")
        self.watch({"file": self.path("live.pem"), "name": "www"})
        for turn in range(20):
            self.serve(bad if turn % 2 else good)
            self.assertRun(self.at(turn / 2), CRITICAL if turn % 2 else OK)
        have = told(self.chat_receiver)
        self.assertEqual(have, [["opened expiry.expired", "renewed"],
                                ["resolved expiry.expired"],
                                ["opened expiry.expired"]])
        self.serve(self.chain("www.example.com", "+90d"))
        self.assertRun(self.at(11), OK)
        self.assertEqual(told(self.chat_receiver)[3:],
                         [["resolved expiry.expired", "renewed"]])
        incidents = {e["incident"] for request in self.chat_receiver.received
                     for e in events(request) if "incident" in e}
        self.assertEqual(len(incidents), 1)

    def test_a_message_each_target(self):
        self.config["alerts"]["group"] = "target"
        soon = self.chain("soon.example.com", "+20d", not_before="-70d")
        self.watch({"file": soon, "name": "a"},
                   {"file": self.path("missing.pem"), "name": "b"})
        self.assertRun(self.scan(), CRITICAL)
        # The worst of them first.
        self.assertEqual([e["target"] for r in self.chat_receiver.received
                          for e in events(r)], ["b", "a"])
        self.assertEqual(len(self.chat_receiver.received), 2)

    def test_tags_and_the_default(self):
        other = self.chat("other")
        self.watch({"file": self.path("a.pem"), "tags": ["prod", "web"]},
                   {"file": self.path("b.pem"), "tags": "test"})
        self.config["alerts"]["routes"] = [
            {"default": True, "notify": "other"},
            {"tags": ["web", "db"], "notify": "chat"}]
        self.assertRun(self.scan(), CRITICAL)
        event, = events(self.chat_receiver.received[0])
        self.assertEqual(event["tags"], ["prod", "web"])
        event, = events(other.received[0])
        self.assertEqual(event["tags"], ["test"])


if __name__ == "__main__":
    support.main()
