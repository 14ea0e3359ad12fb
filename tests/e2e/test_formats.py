"""test_formats.py - every format of the webhook, as its receiver sees it:
those that `certvigil config keys` lists, so a new one is here by itself"""
import json
import os
import re
import shutil
import stat
import urllib.parse

import support
from support import CRITICAL, OK, UNKNOWN, ScanCase, certvigil
from receivers import WebhookReceiver

HOOK = "/hook/T0KEN-0123456789"

# Where any word will not do.
SHAPES = {
    "pagerduty": {"token": "0123456789abcdef0123456789abcdef"},
    "pushover": {"token": "azGDORePK8gMaC0QOYAMyEEuzJnyUi",
                 "to": "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"},
    "telegram": {"token": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
                 "to": "-1001234567890"},
    "matrix": {"token": "syt_b3BlcmF0b3I_0123456789", "to": "!room:e.org"},
}
ANY = {"token": "any-token-0123456789", "to": "certificates",
       "secret": "whsec_YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcyAuLi4="}

# What says yes to all who look for it in the body, and the exceptions.
YES = {"ok": True, "success": True, "errcode": 0, "code": 0, "status": 1,
       "StatusCode": 0, "id": 1, "event_id": "$1", "message_id": "1",
       "name": "spaces/A/messages/B"}
YES_OF = {"slack": "ok", "mattermost": "ok", "teams": "",
          "ntfy": "{\"id\": \"1\"}"}
RAW = ("json",)  # data for programs, text as it came
PATHS = {"ntfy": ""}  # the topic is in `to`

TEMPLATE = """{"text": "{{text}}", "head": "{{subject}}", "events": [
{{#events ,}}{"name": "{{target}}", "what": "{{event}}"}{{/events}}]}
"""

EVIL = "\"}]<!channel> @here\r\nX-Evil: 1\r\n\r\n<at>all</at>\u202e\u00fc"


def formats():
    """Read from the key table: "json, a, b or c"."""
    for line in certvigil("config", "keys").stdout.splitlines():
        if line.startswith("notifiers.NAME.webhook.format "):
            choices = re.split(r"\s{2,}", line)[1]
            return re.split(r", | or ", choices)
    raise AssertionError("config keys lists no formats")


class Formats(ScanCase):
    known = {}  # the settings of a format, less its URL

    def account(self, name, url):
        """The settings that this format asks for, found by asking it."""
        settings = {"format": name, "url": url, **self.known.get(name, {})}
        self.config["notifiers"] = {"one": {"webhook": settings}}
        self.write("body.json", TEMPLATE.encode())
        if name in self.known:
            return settings
        given = {**ANY, **SHAPES.get(name, {}), "template": "body.json"}
        for _ in given:
            self.config["notifiers"] = {"one": {"webhook": settings}}
            done = certvigil("config", "check", "--config",
                             self.write_config())
            needs = re.search(r"(\w+): the format \w+ needs it",
                              done.stdout + done.stderr)
            if not needs:
                break
            settings[needs[1]] = given[needs[1]]
        self.assertRun(done, OK)
        # Secrets that it takes but could do without.
        for key in ("token", "secret"):
            if key not in settings:
                trial = {**settings, key: given[key]}
                self.config["notifiers"] = {"one": {"webhook": trial}}
                if certvigil("config", "check", "--config",
                             self.write_config()).status == OK:
                    settings = trial
        self.config["notifiers"] = {"one": {"webhook": settings}}
        self.known[name] = {k: v for k, v in settings.items() if k != "url"}
        return settings

    def receiver(self, name, **behaviour):
        body = YES_OF.get(name, json.dumps(YES))
        behaviour = behaviour or {"body": body}
        receiver = self.own(WebhookReceiver(behaviour=behaviour))
        self.settings = self.account(
            name, receiver.url + PATHS.get(name, HOOK))
        return receiver

    def assertSilent(self, done):
        """No secret is told, be it as it is or as it stands in a URL."""
        told = done.stdout + done.stderr
        for key in ("token", "secret"):
            if key in self.settings:
                for form in (self.settings[key],
                             urllib.parse.quote(self.settings[key], "")):
                    self.assertNotIn(form, told)
        self.assertNotIn("T0KEN", told)

    def assertSound(self, request):
        """A request that is what its headers say, and hides nothing."""
        self.assertIn(request.method, ("POST", "PUT"))
        self.assertNotIn("x-evil", request.headers)
        kind = request.headers["content-type"]
        text = request.body.decode("utf-8")
        if kind.startswith("application/json"):
            json.loads(text)
        self.assertNotIn("\r", text)
        if self.settings["format"] not in RAW:
            self.assertNotIn("\u202e", text)
            self.assertNotRegex(text, r"\\u202[eE]")
        self.assertNotRegex(urllib.parse.unquote(request.path), r"[\r\n]")

    def each(self, test):
        for name in formats():
            with self.subTest(format=name):
                if os.path.exists(self.path("state.db")):
                    os.remove(self.path("state.db"))
                self.config["targets"] = []
                test(name)

    def tell(self, status, pattern):
        """notify --test, which says nothing but its one line."""
        done = certvigil("notify", "--test", "--config", self.write_config())
        self.assertRun(done, status, rf"\Aone\b[^\n]*: {pattern}[^\n]*\n\Z",
                       r"\A\Z")
        self.assertSilent(done)


class Test(Formats):
    def test_a_test_message(self):
        self.each(self.a_test_message)

    def a_test_message(self, name):
        receiver = self.receiver(name)
        self.tell(OK, r"delivered \(HTTP 200")
        self.assertTrue(receiver.received)
        self.assertIn("test", " ".join(
            r.body.decode() for r in receiver.received).lower())
        for request in receiver.received:
            self.assertSound(request)

    def test_a_refusal_that_quotes_us(self):
        self.each(self.a_refusal_that_quotes_us)

    def a_refusal_that_quotes_us(self, name):
        """The receiver says no and repeats all that it was told."""
        self.receiver(name)
        secrets = [self.settings.get(key, "") for key in ("token", "secret")]
        echo = " ".join([PATHS.get(name, HOOK), *secrets])
        receiver = self.receiver(name, status=403, body=echo)
        self.tell(UNKNOWN, "refused: HTTP 403")
        self.assertEqual(len(receiver.received), 1)

    def test_what_may_work_later(self):
        self.each(self.what_may_work_later)

    def what_may_work_later(self, name):
        self.receiver(name, status=429, body="slower")
        self.tell(UNKNOWN, "failed: HTTP 429")


class Life(Formats):
    def test_opened_and_resolved(self):
        """With a certificate that tries to say more than it should."""
        ca = self.pki.make("evil", self.pki.root, cn=EVIL, ca=True)
        self.bad = self.pki.leaf("late.example.com", issuer=ca,
                                 not_before="-80d", not_after="+1d").pem
        self.good = self.chain("shop.example.com", "+80d")
        self.each(self.opened_and_resolved)

    def look(self, chain, status):
        shutil.copy(chain, self.path("live.pem"))
        done = self.scan()
        self.assertRun(done, status, None, r"\A\Z")
        self.assertSilent(done)

    def opened_and_resolved(self, name):
        receiver = self.receiver(name)
        self.watch({"file": self.path("live.pem"), "name": "shop",
                    "owner": "web-team"})
        self.look(self.bad, CRITICAL)
        opened = len(receiver.received)
        self.assertGreater(opened, 0)
        self.assertIn("shop", receiver.received[0].body.decode())
        self.look(self.good, OK)
        self.assertGreater(len(receiver.received), opened)
        for request in receiver.received:
            self.assertSound(request)
        done = certvigil("status", "--config", self.path("config.yaml"))
        self.assertSilent(done)
        self.assertNotIn("not delivered", done.stdout)


    PAGERS = ("pagerduty", "opsgenie", "alertmanager")

    def test_one_alert_an_incident(self):
        """It is resolved under the name under which it was opened."""
        receiver = self.receiver("pagerduty")
        self.watch({"file": self.path("live.pem")})
        done = self.scan()
        self.assertRun(done, CRITICAL, None, r"\A\Z")
        self.look(self.chain("shop.example.com", "+80d"), OK)
        first, last = (json.loads(r.body) for r in receiver.received)
        self.assertEqual((first["event_action"], last["event_action"]),
                         ("trigger", "resolve"))
        self.assertEqual(first["dedup_key"], last["dedup_key"])
        self.assertRegex(first["dedup_key"], r"\Ainc_[0-9a-f]{32}\Z")

    def test_nobody_is_paged_for_a_renewal(self):
        before = self.chain("one.example.com", "+80d")
        after = self.chain("two.example.com", "+85d")
        for name in self.PAGERS:
            with self.subTest(format=name):
                self.config["targets"] = []
                receiver = self.receiver(name)
                self.config["state"] = self.path(name + ".db")
                self.watch({"file": self.path("live.pem")})
                self.look(before, OK)
                self.look(after, OK)
                self.assertEqual(receiver.received, [])
                done = certvigil("status", "--config",
                                 self.path("config.yaml"))
                self.assertNotIn("not delivered", done.stdout)


class Settings(Formats):
    def test_a_template_has_its_place(self):
        rows = [("{\n  \"a\": \"{{nonsense}}\"}", r"2:9: want one of subject"),
                ("{\"a\": {{subject}}}", r"1: want JSON"),
                ("x" * 65537, r"at most 65536 bytes")]
        for text, want in rows:
            with self.subTest(want=want):
                path = self.write("bad.json", text.encode())
                self.config["notifiers"] = {"one": {"webhook": {
                    "format": "template", "url": "http://127.0.0.1:1/",
                    "template": path}}}
                done = certvigil("config", "check", "--config",
                                 self.write_config())
                self.assertEqual(done.status, UNKNOWN)
                self.assertRegex(done.stdout + done.stderr,
                                 r"config\.yaml:\d+:\d+: .*" + want)

    def manual(self):
        """What certvigil.yaml(5) says of templates."""
        with open(f"{support.ROOT}/man/certvigil.yaml.5",
                  encoding="utf-8") as f:
            return re.search(r"^\.Ss Templates\n(.*?)^\.Sh ", f.read(),
                             re.M | re.S)[1]

    def test_the_manuals_example(self):
        example = re.search(r"^\.Bd -literal.*?\n(.*?)^\.Ed", self.manual(),
                            re.M | re.S)[1]
        receiver = self.receiver("template")
        self.write("body.json", example.encode())
        self.tell(OK, "delivered")
        body = json.loads(receiver.received[0].body)
        self.assertRegex(body["title"], r"\ATEST: certvigil on ")
        self.assertEqual([i["state"] for i in body["items"]], ["test"])
        self.assertEqual(body["left_out"], 0)

    def test_the_manuals_notifiers(self):
        with open(f"{support.ROOT}/man/certvigil.yaml.5",
                  encoding="utf-8") as f:
            example = re.search(r"^Some of them.*?^\.Bd.*?\n(.*?)^\.Ed",
                                f.read(), re.M | re.S)[1]
        for name in re.findall(r"_file: ([\w.]+)", example):
            text = {"slack.url": "https://a.example/1",
                    "robot.url": "https://b.example/1",
                    "bot.token": SHAPES["telegram"]["token"]}
            os.chmod(self.write(name, text.get(
                name, SHAPES["pagerduty"]["token"]).encode()), 0o600)
        path = self.write("manual.yaml", example.encode())
        self.assertRun(certvigil("config", "check", "-c", path), OK,
                       "4 notifiers")

    def test_the_manual_lists_all_places(self):
        self.receiver("template")
        self.write("body.json", b"{{#events}}{{nonsense}}{{/events}}")
        done = certvigil("config", "check", "--config", self.write_config())
        known = re.search(r"want one of ([\w ]+),", done.stdout +
                          done.stderr)[1].split()
        told = re.findall(r"\{\{(\w+)\}\}", self.manual().split("\n.Bd")[0])
        self.assertEqual(sorted(told), sorted(known))

    def test_from_files(self):
        """Secrets may stand in files, relative to the configuration."""
        receiver = self.own(WebhookReceiver(behaviour={"body": "{}"}))
        self.settings = {"format": "template", "token": ANY["token"]}
        for name, text in (("u", receiver.url), ("t", ANY["token"])):
            os.chmod(self.write(name, text.encode() + b"\n"), stat.S_IRUSR)
        self.write("body.json", TEMPLATE.encode())
        self.notify("one", "webhook", format="template", url_file="u",
                    token_file="t", template="body.json")
        self.tell(OK, "delivered")
        request, = receiver.received
        self.assertEqual(request.headers["authorization"],
                         "Bearer " + ANY["token"])
        event, = json.loads(request.body)["events"]
        self.assertEqual(event, {"name": "test", "what": "test"})


if __name__ == "__main__":
    support.main()
