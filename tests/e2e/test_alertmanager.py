"""test_alertmanager.py - incidents as a real Alertmanager keeps them"""
import datetime
import json
import os
import shutil
import subprocess
import unittest
import urllib.error
import urllib.request

import support
from support import CRITICAL, OK, WARNING, ScanCase, certvigil, free_port

PROGRAM = shutil.which("prometheus-alertmanager",
                       path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")

CONFIG = """\
route:
  receiver: nobody
receivers:
- name: nobody
"""

EVIL = "\"}},{{ .x }}<b>\r\nX-Evil: 1\r\n\r\n@here\u202e\u00fc"


class Alertmanager:
    """Our child on loopback, without a cluster."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "alertmanager")
        os.makedirs(self.folder)
        self.config = os.path.join(self.folder, "config.yml")
        with open(self.config, "w", encoding="ascii") as f:
            f.write(CONFIG)
        # The port may be taken between finding it and its own bind().
        for _ in range(5):
            self.url = f"http://127.0.0.1:{free_port()}"
            if self.start():
                return
        raise AssertionError("it does not start:\n" + self.log())

    def start(self):
        with open(f"{self.folder}/log", "wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, f"--config.file={self.config}",
                 f"--storage.path={self.folder}/data",
                 "--web.listen-address=" + self.url[len("http://"):],
                 "--cluster.listen-address="],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        support.wait_for("Alertmanager", lambda: self.process.poll()
                         is not None or self.is_ready())
        return self.process.poll() is None

    def is_ready(self):
        try:
            with self.open("/-/ready") as answer:
                return answer.status == 200
        except OSError:
            return False

    def open(self, path):
        # Whatever proxy the environment names is not for loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return opener.open(self.url + path, timeout=5)

    def log(self):
        with open(f"{self.folder}/log", encoding="utf-8") as f:
            return f.read()

    def firing(self):
        with self.open("/api/v2/alerts") as answer:
            return json.load(answer)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)


@unittest.skipUnless(PROGRAM, "prometheus-alertmanager is not installed")
class Incidents(ScanCase):
    def setUp(self):
        super().setUp()
        self.manager = self.own(Alertmanager(self.folder))
        self.notify("am", "webhook", format="alertmanager",
                    url=self.manager.url)

    def put(self, end, **options):
        shutil.copy(self.chain("shop.example.com", end, **options),
                    self.path("live.pem"))

    def tell(self, status, *args):
        """A scan, all of whose messages arrive."""
        done = self.scan(*args, env={"no_proxy": "127.0.0.1"})
        self.assertRun(done, status, None, r"\A\Z")

    def assertFiring(self, *severities):
        def found():
            have = self.manager.firing()
            return sorted(a["labels"]["severity"] for a in have) \
                == sorted(severities) and [have]

        return support.wait_for(f"{severities} firing", found)[0]

    def test_from_opened_to_resolved(self):
        self.watch({"file": self.path("live.pem"), "name": "shop",
                    "owner": "web-team"})
        self.put("+20d", not_before="-60d")
        self.tell(WARNING)
        opened, = self.assertFiring("warning")
        self.assertEqual(
            {k: v for k, v in opened["labels"].items() if k != "incident"},
            {"alertname": "CertificateExpiry", "job": "certvigil",
             "severity": "warning", "target": "shop", "instance": "shop",
             "owner": "web-team"})
        self.assertEqual(opened["status"]["state"], "active")
        self.assertRegex(opened["annotations"]["summary"],
                         r"\Ashop: expires in (19|20) days")
        self.assertEqual(opened["annotations"]["finding"], "expiry.soon")
        self.assertIn("hint", opened["annotations"])

        # It does not end by itself: more than any resolve_timeout away.
        end = datetime.datetime.fromisoformat(
            opened["endsAt"].replace("Z", "+00:00"))
        left = end - datetime.datetime.now(datetime.timezone.utc)
        self.assertGreater(left.days, 360)

        # Worse now: another severity, and the first alert is over.
        self.tell(CRITICAL, "--at", "+15d")
        worse, = self.assertFiring("critical")
        self.assertEqual(worse["labels"]["incident"],
                         opened["labels"]["incident"])
        self.assertEqual(worse["labels"]["alertname"], "CertificateExpiry")

        # Expired: another finding, the same alert.
        self.tell(CRITICAL, "--at", "+21d")
        expired, = self.assertFiring("critical")
        self.assertEqual(expired["fingerprint"], worse["fingerprint"])
        self.assertEqual(expired["annotations"]["finding"], "expiry.expired")

        self.put("+85d")
        self.tell(OK, "--at", "+22d")
        self.assertFiring()

    def test_milder_at_the_end(self):
        """Told as critical, seen as a warning last: it is over all the same.
        """
        self.watch({"file": self.path("live.pem"), "name": "shop"})
        self.put("+3d", not_before="-80d")
        self.tell(CRITICAL)
        self.assertFiring("critical")
        self.config["defaults"]["critical"] = "1d"
        self.tell(WARNING)
        self.put("+80d")
        self.tell(OK)
        self.assertFiring()

    def test_hostile_text(self):
        """It is taken, and is text there: no label of its own, no line."""
        ca = self.pki.make("evil", self.pki.root, cn=EVIL, ca=True)
        leaf = self.pki.leaf("a.example", issuer=ca)
        self.watch({"file": leaf.pem, "name": "<b>{{ .x }}\" a\u00fc",
                    "owner": "@here\", x=\"y"})
        self.tell(CRITICAL)
        alert, = self.assertFiring("critical")
        self.assertEqual(sorted(alert["labels"]), [
            "alertname", "incident", "instance", "job", "owner", "severity",
            "target"])
        self.assertEqual(alert["labels"]["target"], "<b>{{ .x }}\" a\u00fc")
        self.assertEqual(alert["labels"]["owner"], "@here\", x=\"y")
        text = json.dumps(alert["annotations"], ensure_ascii=False)
        self.assertIn("X-Evil: 1", text)
        self.assertNotIn("\u202e", text)
        self.assertNotIn("\\r", text.replace("\\\\", ""))

    def test_many(self):
        self.watch(*({"file": self.path(f"{i}.pem")} for i in range(500)))
        self.tell(CRITICAL)
        self.assertEqual(len(self.assertFiring(*["critical"] * 500)), 500)

    def test_test_message(self):
        done = certvigil("notify", "--test", "--config", self.write_config())
        self.assertRun(done, OK, r"\Aam\b.*: delivered \(HTTP 200")
        alert, = self.assertFiring("info")
        self.assertEqual(alert["labels"]["alertname"], "CertificateTest")

    def test_another_path(self):
        """The URL may name the API's own path, and a prefix is kept."""
        self.notify("am", "webhook", format="alertmanager",
                    url=self.manager.url + "/api/v2/alerts")
        done = certvigil("notify", "--test", "--config", self.write_config())
        self.assertRun(done, OK, "delivered")
        self.notify("am", "webhook", format="alertmanager",
                    url=self.manager.url + "/elsewhere")
        done = certvigil("notify", "--test", "--config", self.write_config())
        self.assertRun(done, support.UNKNOWN, "refused: HTTP 404")


if __name__ == "__main__":
    support.main()
