"""test_chains.py - chains and names as they are met: cross-signs, gaps that
the machine's own store hides, name constraints, and what a name covers"""
import os
import shutil

import support
from file_support import FileCase, ids, openssl, report
from support import CRITICAL, OK, WARNING, certvigil


def told(target, finding):
    """The findings of an id."""
    return [f for f in target["findings"] if f["id"] == finding]


class Store(FileCase):
    """With a system store of our own."""

    def look_by(self, env, path, *args):
        done = certvigil("check", path, "--output", "json", *args, env=env)
        return done.status, report(done)[0]

    def stores(self, *certs):
        """The same store as a file and as a folder."""
        one = self.pki.bundle("store.pem", *certs)
        folder = self.path("store.d")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for c in certs:
            shutil.copy(c.pem, folder)
        openssl("rehash", folder)
        empty = self.path("empty.d")
        os.makedirs(empty, exist_ok=True)
        yield {"SSL_CERT_FILE": one, "SSL_CERT_DIR": empty}
        yield {"SSL_CERT_FILE": self.path("none.pem"), "SSL_CERT_DIR": folder}

    def test_a_gap_that_the_store_hides(self):
        """The intermediate lies in the store; clients will not have it."""
        pki = self.pki
        for env in self.stores(pki.root, pki.intermediate):
            with self.subTest(env):
                status, target = self.look_by(env, self.leaf.pem)
                self.assertEqual(ids(target), ["chain.incomplete"])
                self.assertEqual(status, CRITICAL)
                self.assertIn("Example CA 1", told(
                    target, "chain.incomplete")[0]["message"])
                status, target = self.look_by(env, self.chain)
                self.assertEqual((status, ids(target)), (OK, []))

    def cross_signs(self):
        """The root's key, signed by an older root: both have expired."""
        pki = self.pki
        old = pki.make("old", cn="Old Root", ca=True, not_before="-4000d",
                       not_after="-20d")
        return old, pki.make("cross", old, cn="Example Root", ca=True,
                             key=pki.root.key, not_before="-2000d",
                             not_after="-10d")

    def test_an_expired_cross_sign(self):
        """With another way to the root it is surplus, and a note."""
        pki = self.pki
        old, cross = self.cross_signs()
        path = pki.bundle("crossed.pem", self.leaf, pki.intermediate, cross)
        first = pki.bundle("first.pem", self.leaf, cross, pki.intermediate)
        for roots in ([pki.root], [pki.root, old], [old, pki.root]):
            for env in self.stores(*roots):
                for file in (path, first):
                    with self.subTest(file, roots=[r.pem for r in roots]):
                        status, target = self.look_by(env, file)
                        self.assertEqual((status, ids(target)), (OK, []))
                        self.assertIn("chain.surplus", ids(target, False))
            _, target = self.look(path)
            self.assertEqual(ids(target), [])
        # And where there is no other way it counts.
        for env in self.stores(old):
            status, target = self.look_by(env, path)
            self.assertEqual(status, CRITICAL)
            self.assertIn("expiry.expired", ids(target))

    def test_notes_are_quiet(self):
        """They stand in JSON and after -v, and cost no status."""
        old, cross = self.cross_signs()
        del old
        path = self.pki.bundle("bundle.pem", self.leaf,
                               self.pki.intermediate, cross)
        args = ("check", path, "--trust", self.pki.root.pem)
        done = certvigil(*args)
        self.assertRun(done, OK, stdout=r"^CERTVIGIL OK - .* expires in")
        self.assertNotRegex(done.stdout, "more|cross|covers|surplus")
        done = certvigil(*args, "-v")
        self.assertRun(done, OK, stdout="OK chain.surplus: ")
        self.assertRegex(done.stdout, "OK name.coverage: of example.com it "
                         "covers the domain itself and www, but not its "
                         "wildcard")


class Names(FileCase):
    """What is covered, and what is not."""

    def serve(self, *san):
        leaf = self.pki.leaf(san[0], *san)
        chain = self.pki.chain(leaf)
        server = self.own(support.Nginx(self.folder, [
            support.Host("_", chain, leaf.key)]))
        return server, chain

    def test_the_wildcard_and_its_apex(self):
        """R50: forgotten is a warning, asked for in vain is critical."""
        server, chain = self.serve("*.example.com")
        self.assertFinds(chain, status=WARNING, found=["name.apex"])
        self.assertFinds(chain, "--name", "example.com", status=CRITICAL,
                         found=["name.missing"],
                         message=r"want example.com, have \*.example.com")
        at = f"127.0.0.1:{server.port}"
        self.assertFinds(at, "--sni", "a.example.com", status=WARNING,
                         found=["name.apex"])
        target = self.assertFinds(at, "--sni", "example.com", status=CRITICAL,
                                  found=["name.mismatch"])
        self.assertEqual(told(target, "name.apex"), [])
        self.assertFinds(at, "--sni", "a.b.example.com", status=CRITICAL,
                         found=["name.apex", "name.mismatch"])

    def test_spellings_of_a_host(self):
        """R47: U-labels are compared as A-labels; case and dot are free."""
        server, chain = self.serve("xn--bcher-kva.example.com", "IP:127.0.0.1")
        at = f"127.0.0.1:{server.port}"
        for name in ("bücher.example.com", "BÜCHER.Example.COM",
                     "xn--bcher-kva.example.com", "bücher.example.com."):
            with self.subTest(name):
                self.assertFinds(at, "--sni", name, status=OK, found=[])
                self.assertFinds(chain, "--name", name, status=OK, found=[])
        self.assertFinds(at, status=OK, found=[])
        # Octet for octet: RFC 9525, 6.4 knows of no mapping.
        self.assertFinds(chain, "--name", "::ffff:127.0.0.1",
                         status=CRITICAL, found=["name.missing"])

    def test_internal_names(self):
        """A private CA issues for them; they are noted and no more."""
        leaf = self.pki.leaf("db.corp.internal", "db.corp.internal",
                             "router1", "IP:10.1.2.3", "www.example.com",
                             "example.com")
        target = self.assertFinds(self.pki.chain(leaf), status=OK, found=[])
        self.assertRegex(told(target, "name.internal")[0]["message"],
                         "db.corp.internal, router1, 10.1.2.3$")

    def test_a_host_below_its_domain(self):
        """R52: no www is wanted; what is not covered is a note."""
        leaf = self.pki.leaf("shop.example.com")
        target = self.assertFinds(self.pki.chain(leaf), status=OK, found=[])
        note = told(target, "name.coverage")[0]
        self.assertEqual((note["severity"], note["subject"]),
                         ("ok", "example.com"))
        self.assertIs(note["details"]["www"], False)
        # Who has name.www raised does not hear of shops.
        self.assertFinds(self.pki.chain(leaf), "--finding",
                         "name.www=critical", status=OK, found=[])


class Constraints(FileCase):
    """Which name lies on the wrong side of whose fence."""

    def issue(self, name, fence, *san):
        """A leaf of a CA with such name constraints; their file."""
        pki = self.pki
        fenced = pki.make("fenced", cn="Fenced", ca=True)
        leaf = pki.leaf(name, *san)
        conf = self.write("fence.conf", f"""\
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = keyCertSign
nameConstraints = critical,{fence}
[leaf]
subjectAltName = {",".join("DNS:" + s for s in san)}
[inside]
O = Inside
""")
        for made, section, subject, issuer in (
                (fenced, "ca", "/CN=Fenced", pki.root),
                (leaf, "leaf", f"/O=Outside/CN={name}", fenced)):
            openssl("req", "-new", "-key", made.key, "-subj", subject,
                    "-out", self.path("req"))
            openssl("x509", "-req", "-in", self.path("req"), "-CA",
                    issuer.pem, "-CAkey", issuer.key, "-CAcreateserial",
                    "-days", "80", "-extfile", conf, "-extensions", section,
                    "-out", made.pem)
        return pki.bundle("fenced.chain.pem", leaf, fenced)

    def test_the_culprit_is_named(self):
        rows = [
            ("permitted;DNS:example.com",
             ["www.example.com", "www.evil.example"],
             r"^'a': www.evil.example is outside what 'Fenced' may issue for "
             r"\(permitted: example.com\)$"),
            ("excluded;DNS:secret.example.com",
             ["www.example.com", "*.example.com", "example.com"],
             r"^'a': \*.example.com reaches into what 'Fenced' may not issue "
             r"for \(excluded: secret.example.com\)$"),
            ("permitted;dirName:inside", ["www.example.com"],
             r"^'a': CN=a,O=Outside is outside what 'Fenced' may issue for "
             r"\(permitted: O=Inside\)$"),
        ]
        for fence, san, message in rows:
            with self.subTest(fence):
                _, target = self.look(self.issue("a", fence, *san))
                self.assertIn("chain.invalid", ids(target))
                self.assertRegex(
                    told(target, "chain.invalid")[0]["message"], message)


if __name__ == "__main__":
    support.main()
