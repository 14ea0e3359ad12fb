"""file_support.py - what the end-to-end tests of certificate files share"""
import json
import os

import support
from support import Case, Pki, certvigil

PASSWORD = "correct horse"


def openssl(*args, stdin=""):
    """The distribution's own program makes what people have on disk."""
    done = support.run("openssl", *args, stdin=stdin)
    if done.status != 0:
        raise AssertionError(f"openssl {args}: {done.stderr}")
    return done.stdout


def report(done):
    return json.loads(done.stdout)["targets"]


def ids(target, worse_than_ok=True):
    return sorted({f["id"] for f in target["findings"]
                   if f["severity"] != "ok" or not worse_than_ok})


class FileCase(Case):
    def setUp(self):
        super().setUp()
        self.pki = Pki(self.folder)
        self.leaf = self.pki.leaf("www.example.com", "www.example.com",
                                  "example.com")
        self.chain = self.pki.chain(self.leaf)
        self.secret = self.write("pass", PASSWORD.encode() + b"\n", 0o600)

    def write(self, name, data, mode=None):
        with open(self.path(name), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
            if mode is not None:
                os.fchmod(f.fileno(), mode)
        return self.path(name)

    def read(self, path):
        with open(path, "rb") as f:
            return f.read()

    def look(self, path, *args):
        """The exit status and the one target of the JSON report."""
        done = certvigil("check", path, "--trust", self.pki.root.pem,
                         "--output", "json", *args)
        targets = report(done)
        self.assertEqual(len(targets), 1, done.stdout)
        return done.status, targets[0]

    def assertFinds(self, path, *args, status, found, message="", row=""):
        """Exactly these ids are worse than ok; returns their target."""
        have, target = self.look(path, *args)
        told = f"{row} {json.dumps(target['findings'], indent=1)}"
        self.assertEqual(ids(target), sorted(found), told)
        self.assertEqual(have, status, told)
        if message:
            self.assertRegex(
                " ".join(f["message"] for f in target["findings"]), message,
                told)
        return target
