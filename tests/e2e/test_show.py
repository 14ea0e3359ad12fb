"""test_show.py - the view of a chain, of a real nginx and of files"""
import base64
import json

import support
from support import (OK, UNKNOWN, Case, ClosedPort, Host, Nginx, Pki,
                     certvigil)
from terminal_support import on_terminal

AT = "2026-11-20"
DATES = {"not_before": "2026-11-01", "not_after": "2027-01-30"}


class Show(Case):
    def setUp(self):
        super().setUp()
        self.pki = Pki(self.folder)
        self.leaf = self.pki.leaf("www.example.com", "www.example.com",
                                  "example.com",
                                  aia="http://ca.test/ca1.der", **DATES)

    def options(self, *args):
        return ["show", "--at", AT, "--trust", self.pki.root.pem, *args]

    def show(self, *args, status=OK, **how):
        done = certvigil(*self.options(*args), **how)
        self.assertRun(done, status)
        return done.stdout

    def assertHas(self, text, *wanted):
        at = 0
        for want in wanted:
            found = text.find(want, at)
            self.assertNotEqual(found, -1, f"want {want!r}, in order, in\n"
                                f"{text}")
            at = found + len(want)

    def cross_signed(self):
        """The leaf, its CA, and an expired cross-sign of the root."""
        old = self.pki.make("old", cn="Old Root", ca=True,
                            not_before="2000-01-01", not_after="2026-09-30")
        cross = self.pki.make("cross", old, cn="Example Root", ca=True,
                              key=self.pki.root.key,
                              not_before="2020-01-01",
                              not_after="2026-09-30")
        return self.pki.bundle("crossed.pem", self.leaf,
                               self.pki.intermediate, cross)


class Endpoint(Show):
    def nginx(self, pem):
        return self.own(Nginx(self.folder, [
            Host("www.example.com", pem, self.leaf.key)]))

    def test_view(self):
        nginx = self.nginx(self.cross_signed())
        text = self.show("--sni", "www.example.com",
                         f"127.0.0.1:{nginx.port}")
        self.assertHas(
            text, "ok        www.example.com\n",
            "expires in 71 days (2027-01-30)\n",
            f"https://127.0.0.1:{nginx.port} at 127.0.0.1:{nginx.port}, "
            "TLSv1.3, ",
            "\n\n 0  www.example.com\n",
            "      names     www.example.com, example.com\n",
            "      valid     2026-11-01 to 2027-01-30, 71 days left of 90 "
            "days\n",
            "      signed    by 'Example CA 1', ",
            "\n\n 1  Example CA 1\n",
            "      not taken 'Example Root' (2): the issuer of 'Example "
            "Root', 'Old Root', is missing; 'Example Root' expired on "
            "2026-09-30\n",
            "\n    Example Root  trust anchor, from "
            f"{self.pki.root.pem}, not sent\n",
            "\n\nAlso sent:\n 2  Example Root  surplus\n",
            "is not needed; it expired 51 days ago (2026-09-30) "
            "(chain.surplus)\n")
        self.assertNotIn("\033", text)
        self.assertTrue(text.isascii())

    def test_gap(self):
        nginx = self.nginx(self.leaf.pem)
        args = ["--sni", "www.example.com", f"127.0.0.1:{nginx.port}"]
        gap = "issuer 'Example CA 1' of 'www.example.com' is missing"
        self.assertHas(
            self.show(*args), "CRITICAL  www.example.com\n", gap, "\n 0  ",
            "      CRITICAL  " + gap,
            "    Example CA 1  missing: neither sent nor in ",
            "      fetch it  http://ca.test/ca1.der\n")
        text = self.show("--intermediates", self.pki.intermediate.pem, *args)
        self.assertHas(
            text, "ok        www.example.com\n",
            "    Example CA 1  not sent, lent by --intermediates\n",
            "    Example Root  trust anchor, ")
        self.assertNotIn("missing", text)

    def test_what_fails(self):
        # What could not be looked at is shown, and the work was done.
        closed = self.own(ClosedPort())
        text = self.show(f"127.0.0.1:{closed.port}", self.path("none.pem"))
        self.assertHas(text, "CRITICAL  cannot connect",
                       "(endpoint.unreachable)\n", "(file.missing)\n",
                       "\n\n2 targets: 2 critical\n")
        for args, want in [([], "want a TARGET, have none"),
                           (["-H", "x"], "there is no option -H"),
                           (["--key", "x", "localhost"],
                            "--key: want it with a file"),
                           (["--at", "when", "x"], "--at: want RFC 3339")]:
            with self.subTest(args=args):
                done = certvigil("show", *args)
                self.assertRun(done, UNKNOWN, stderr=want)
                self.assertEqual(done.stdout, "")
        done = certvigil("show", "--help")
        self.assertRun(done, OK, stdout="^usage: certvigil show ")

    def test_what_cannot_be_done(self):
        # The agent itself could not do its work.
        lent = self.path("empty.pem")
        with open(lent, "w", encoding="ascii"):
            pass
        text = self.show("--intermediates", lent, self.leaf.pem,
                         status=UNKNOWN)
        self.assertHas(text, "UNKNOWN   ", "(agent.failed)")


class Terminal(Show):
    def test_lines_and_colours(self):
        pem = self.cross_signed()
        text, status = on_terminal(*self.options(pem))
        self.assertEqual(status, OK)
        self.assertHas(text, "\033[32mok\033[0m", "\n 0 ●  ",
                       "\n   \033[2m│\033[0m  ", "\n   \033[2m├─\033[0m ",
                       "\n   ◆  ", "\n 2 ○  ")

        text, _ = on_terminal(*self.options(pem), columns=60,
                              env={"NO_COLOR": "1", "LC_ALL": "C"})
        self.assertNotIn("\033", text)
        self.assertHas(text, "\n 0 o  ", "\n   |  ", "\n   +- not taken ",
                       "\n   #  ")
        # what can be broken is broken, but for a fingerprint and a path
        for line in text.splitlines():
            if len(line) > 60:
                self.assertRegex(line, r"sha256 +[0-9a-f]{64}$|/")


class Files(Show):
    def test_order_and_surplus(self):
        pem = self.pki.bundle("all.pem", self.pki.root, self.pki.intermediate,
                              self.leaf, self.pki.intermediate)
        self.assertHas(
            self.show("--role", "server", pem), "the order is wrong",
            "\n 2  www.example.com (line ", "(chain.order)\n",
            "\n 1  Example CA 1 (line ",
            "\n 0  Example Root (line 1)  trust anchor, and root in the "
            "file\n",
            "\nAlso in the file:\n 3  Example CA 1 (line ",
            ")  duplicate of 1\n")

    def test_leaves_share_issuers(self):
        second = self.pki.leaf("second.example.com", **DATES)
        pem = self.pki.bundle("two.pem", self.leaf, second,
                              self.pki.intermediate)
        text = self.show(pem)
        self.assertHas(text, " 0  www.example.com", " 2  Example CA 1",
                       " 1  second.example.com", " 2  Example CA 1",
                       "see above\n")
        self.assertEqual(text.count("sha256    "), 4)

    def test_wrong_turn(self):
        twin = self.pki.make("twin", self.pki.root, cn="Example CA 1",
                             ca=True, not_before="2026-01-01",
                             not_after="2036-01-01")
        pem = self.pki.bundle("turn.pem", self.leaf, twin,
                              self.pki.intermediate)
        self.assertHas(
            self.show(pem),
            "not taken 'Example CA 1' (1): it has the name of the issuer of "
            "'www.example.com', but its key did not sign it\n",
            "\n 2  Example CA 1", "\n 1  Example CA 1", "surplus\n")

    def test_store(self):
        many = [self.pki.make(f"ca{i}", cn=f"CA {i}", ca=True,
                              not_before="2026-01-01",
                              not_after="2036-01-01") for i in range(12)]
        text = self.show("--role", "ca", self.pki.bundle("cas.pem", *many))
        self.assertHas(text, "role: ca, PEM\n", "\n  0  CA 0   ",
                       "\n 11  CA 11  ")
        self.assertNotIn("surplus", text)

    def test_kubeconfig(self):
        def data(path):
            with open(path, "rb") as f:
                return base64.b64encode(f.read()).decode()

        path = self.path("kubeconfig")
        with open(path, "w", encoding="ascii") as f:
            json.dump({
                "apiVersion": "v1", "kind": "Config",
                "clusters": [{"name": "c", "cluster": {
                    "certificate-authority-data": data(self.pki.root.pem)}}],
                "users": [{"name": "u", "user": {
                    "client-certificate-data": data(self.leaf.pem),
                    "client-key-data": data(self.leaf.key)}}]}, f)
        self.assertHas(self.show(path), "\n\ncluster 'c' (ca)\n\n 0  ",
                       "\n\nuser 'u' (client)\n\n 1  www.example.com")

    def test_json(self):
        done = certvigil(*self.options("--output", "json",
                                       self.cross_signed()))
        self.assertRun(done, OK)
        target, = json.loads(done.stdout)["targets"]
        chosen, other = target["paths"]
        self.assertEqual((chosen["chosen"], chosen["end"]), (True, "anchored"))
        self.assertEqual([c.get("position") for c in chosen["certificates"]],
                         [0, 1, None])
        self.assertEqual((other["chosen"], other["end"]), (False, "gap"))
        self.assertEqual(other["issuer"], "CN=Old Root")
        self.assertIn("expired on 2026-09-30", other["reason"])
        # check is asked for none of it
        done = certvigil("check", "--at", AT, "--trust", self.pki.root.pem,
                         "--output", "json", self.leaf.pem)
        self.assertNotIn("paths", done.stdout)

    def test_hostile(self):
        names = [f"h{i}.example.com" for i in range(1000)]
        leaf = self.pki.leaf("\033[2Jevil\rok", *names, **DATES)
        text, _ = on_terminal(*self.options(leaf.pem))
        self.assertHas(text, "\\x1b[2Jevil\\x0dok", "h7.example.com", "and 992 more\n")
        self.assertNotIn("\033[2J", text)
        self.assertLess(len(text), 10000)


if __name__ == "__main__":
    support.main()
