"""test_folders.py - folders and patterns of certificate files"""
import os

import support
from file_support import FileCase, ids, report
from support import CRITICAL, OK, ScanCase, certvigil


class Folders(FileCase):
    def test_the_rest_is_no_finding(self):
        """R34: what lies beside the certificates is not called damaged."""
        os.mkdir(self.path("tls"))
        for name, data in (
                ("tls/www.crt", self.read(self.chain)),
                ("tls/www.key", self.read(self.leaf.key)),
                ("tls/www.csr", b"-----BEGIN CERTIFICATE REQUEST-----\nMII\n"),
                ("tls/ca.srl", b"0A1B2C\n"), ("tls/ca.conf", b"[ req ]\n"),
                ("tls/README", b"how to renew\n"),
                ("tls/dh.pem", b"-----BEGIN DH PARAMETERS-----\nMII=\n"
                               b"-----END DH PARAMETERS-----\n")):
            self.write(name, data, 0o600)
        self.assertFinds(self.path("tls"), status=OK, found=[])

    def test_patterns(self):
        for name in ("a/one.pem", "a/b/two.pem", "a/b/c/three.pem",
                     "a/old/four.pem", "a/b/five.crt"):
            os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
            self.write(name, self.read(self.chain))
        rows = [
            ("a/*.pem", [], "one"),
            ("a/**/*.pem", [], "one two three four"),
            ("a/**", [], "one two three four five"),
            ("a/**/*.pem", ["--exclude", "old"], "one two three"),
            ("a/**/*.pem", ["--exclude", "**/old/**", "--exclude", "t*.pem"],
             "one"),
            ("a", ["--exclude", self.path("a/b")], "one four"),
        ]
        for pattern, args, want in rows:
            with self.subTest(pattern, args=args):
                done = certvigil("check", self.path(pattern), "--trust",
                                 self.pki.root.pem, "--output", "json", *args)
                names = [os.path.basename(t["name"]).split(".")[0]
                         for t in report(done)]
                self.assertEqual(sorted(names), sorted(want.split()),
                                 done.stderr)

    def test_links_as_certbot_makes_them(self):
        for folder in ("live/example.com", "archive/example.com"):
            os.makedirs(self.path(folder))
        self.write("archive/example.com/fullchain1.pem",
                   self.read(self.chain))
        self.write("archive/example.com/privkey1.pem",
                   self.read(self.leaf.key), 0o600)
        for name in ("fullchain", "privkey"):
            os.symlink(f"../../archive/example.com/{name}1.pem",
                       self.path(f"live/example.com/{name}.pem"))
        done = certvigil("check", self.path("live/*/fullchain.pem"),
                         "--key", "{dir}/privkey.pem", "--trust",
                         self.pki.root.pem)
        self.assertRun(done, OK)
        os.unlink(self.path("archive/example.com/privkey1.pem"))
        done = certvigil("check", self.path("live/*/fullchain.pem"),
                         "--key", "{dir}/privkey.pem", "--trust",
                         self.pki.root.pem)
        self.assertRun(done, CRITICAL, "privkey.pem")

    def test_distribution_store(self):
        """The distribution's CAs, as they are, are nobody's alarm."""
        if not os.path.exists("/etc/ssl/certs/ca-certificates.crt"):
            self.skipTest("no CA store on this machine")
        done = certvigil("check", "/etc/ssl/certs/ca-certificates.crt",
                         "/usr/share/ca-certificates", "--output", "json")
        bad = [(t["name"], f["message"]) for t in report(done)
               for f in t["findings"] if f["severity"] != "ok"]
        self.assertEqual(bad, [])
        self.assertEqual(done.status, OK)

    def test_hash_links_are_no_second_certificate(self):
        store = self.path("store")
        os.mkdir(store)
        self.write("store/root.pem", self.read(self.pki.root.pem))
        os.symlink("root.pem", f"{store}/0a1b2c3d.0")
        self.assertFinds(store, status=OK, found=[])

    def test_ten_thousand_files(self):
        """No false damage, and memory as results need it."""
        os.mkdir(self.path("many"))
        chain, key = self.read(self.chain), self.read(self.leaf.key)
        der = self.leaf.der()
        kinds = [("crt", chain), ("key", key), ("der", der),
                 ("csr", b"-----BEGIN CERTIFICATE REQUEST-----\n"),
                 ("txt", b"notes\n")]
        for i in range(10000):
            end, data = kinds[i % len(kinds)]
            self.write(f"many/{i:05}.{end}", data, 0o600)
        done = certvigil("check", self.path("many"), "--trust",
                         self.pki.root.pem, "--output", "json",
                         "--finding", "chain.incomplete=off", limit_s=120)
        targets = report(done)
        self.assertEqual(len(targets), 4000)
        self.assertEqual({i for t in targets for i in ids(t)}, set())
        self.assertEqual(done.status, OK)


class Watched(ScanCase):
    """A folder of pairs, as a configuration names it."""

    def test_a_renewal_that_forgot_the_key(self):
        os.mkdir(self.path("tls"))
        leaf = self.pki.leaf("www.example.com", "www.example.com",
                             "example.com")

        def install(chain_of, key_of):
            for source, name in ((self.pki.chain(chain_of), "www.crt"),
                                 (key_of.key, "www.key"),
                                 (self.pki.root.pem, "ca.crt")):
                with open(source, "rb") as f:
                    self.write(f"tls/{name}", f.read())
            os.chmod(self.path("tls/www.key"), 0o600)

        self.watch({"file": self.path("tls"), "owner": "web-team",
                    "key": self.path("tls/{stem}.key"),
                    "exclude": ["*.bak"]})
        install(leaf, leaf)
        # The CA beside it needs no key.
        self.assertRun(self.scan(), OK)
        new = self.pki.leaf("www2.example.com", "www.example.com",
                            "example.com")
        install(new, leaf)
        done = self.scan()
        self.assertRun(done, CRITICAL, r"www\.key")
        self.assertRun(certvigil("status", "--config",
                                 self.path("config.yaml")), OK, "1 open")
        install(new, new)
        self.assertRun(self.scan(), OK)

    def test_a_passphrase_of_its_own(self):
        leaf = self.pki.leaf("www.example.com", "www.example.com",
                             "example.com")
        self.write("pass", b"not-a-good-one\n")
        os.chmod(self.path("pass"), 0o600)
        done = support.run("openssl", "pkcs12", "-export", "-in",
                           self.pki.chain(leaf), "-inkey", leaf.key, "-out",
                           self.path("www.p12"), "-passout",
                           "file:" + self.path("pass"))
        self.assertEqual(done.status, 0, done.stderr)
        os.chmod(self.path("www.p12"), 0o600)
        self.watch({"file": self.path("www.p12"), "role": "server",
                    "passphrase_file": self.path("pass")})
        self.assertRun(self.scan(), OK)
        # It is nowhere in what was remembered or shown.
        shown = certvigil("config", "show", "--config",
                          self.path("config.yaml"))
        with open(self.path("state.db"), "rb") as f:
            self.assertNotIn(b"not-a-good-one", f.read())
        self.assertNotIn("not-a-good-one", shown.stdout)


if __name__ == "__main__":
    support.main()
