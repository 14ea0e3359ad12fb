"""test_vendors.py - what the services ask of certificate files, with the
commands that their own manuals give; R-numbers are those of the requirements"""
import datetime
import os

import support
from support import CRITICAL, OK, WARNING
from file_support import FileCase, ids, openssl, report


class Tencent(FileCase):
    """Webhooks of the IM service, on an Apache with mutual TLS."""

    PROFILE = ("--profile", "tencent-im")

    def test_expiry_in_file_and_chain(self):
        """R1, R2: expired; noticed before."""
        for end, status, found in (("-1d", CRITICAL, "expiry.expired"),
                                   ("+20d", WARNING, "expiry.soon"),
                                   ("+5d", CRITICAL, "expiry.soon")):
            leaf = self.pki.leaf("r1.example", not_before="-80d",
                                 not_after=end)
            with self.subTest(end):
                self.assertFinds(self.pki.chain(leaf), *self.PROFILE,
                                 status=status, found=[found])

    def test_reload(self):
        """R3: replacing the file is not enough."""
        old = self.pki.leaf("www.example.com", not_after="+80d")
        chain = self.pki.chain(old)
        server = self.own(support.Nginx(self.folder, [
            support.Host("www.example.com", chain, old.key)]))
        target = f"127.0.0.1:{server.port}"
        # A file that has just changed is given a while to be loaded.
        args = ["--sni", "www.example.com", "--deployed", chain,
                "--finding", "name.apex=off", "--at", "+1h"]
        self.assertFinds(target, *args, status=OK, found=[])
        with open(chain, encoding="ascii") as f:
            served = f.read()
        new = self.pki.leaf("www.example.com", not_after="+90d")
        self.pki.chain(new)
        self.assertFinds(target, *args, status=WARNING, found=["deploy.stale"],
                         message="newer.*reload|reload.*newer")
        # The reverse: an older file than what is served.
        server.reload()
        self.assertFinds(target, *args, status=OK, found=[])
        self.write(chain, served)
        self.assertFinds(target, *args, status=WARNING, found=["deploy.stale"],
                         message="serves a newer")

    def test_reload_of_an_expired_one(self):
        """R3: critical once what is served has expired."""
        old = self.pki.leaf("www.example.com", not_before="-90d",
                            not_after="-1d")
        chain = self.pki.chain(old)
        server = self.own(support.Nginx(self.folder, [
            support.Host("www.example.com", chain, old.key)]))
        self.pki.chain(self.pki.leaf("www.example.com"))
        target = self.assertFinds(
            f"127.0.0.1:{server.port}", "--sni", "www.example.com",
            "--deployed", chain, "--finding", "name.apex=off",
            status=CRITICAL, found=["deploy.stale", "expiry.expired"])
        stale = [f for f in target["findings"] if f["id"] == "deploy.stale"]
        self.assertEqual(stale[0]["severity"], "critical")

    def test_authority(self):
        """R4, R5: an authoritative issuer, or one that is configured."""
        args = ("check", self.chain, "--output", "json", *self.PROFILE)
        done = support.certvigil(*args)
        self.assertEqual(ids(report(done)[0]), ["chain.untrusted"])
        self.assertFinds(self.chain, *self.PROFILE, status=OK, found=[])

    def test_name(self):
        """R6: the certificate is for the webhook's name."""
        self.assertFinds(self.chain, "--name", "callback.example.com",
                         status=CRITICAL, found=["name.missing"])

    def test_requester_ca(self):
        """R8: TencentQQAuthCA.crt: PEM, a CA, complete, inside its dates."""
        pki = self.pki
        ca = ("--role", "client-ca", *self.PROFILE)
        whole = pki.bundle("AuthCA.crt", pki.intermediate, pki.root)
        old = pki.make("old", cn="Old CA", ca=True, not_before="-900d",
                       not_after="-1d")
        soon = pki.make("soon", cn="Soon CA", ca=True, not_before="-900d",
                        not_after="+9d")
        rows = [
            (whole, OK, [], ""),
            (pki.root.pem, OK, [], ""),
            (pki.intermediate.pem, CRITICAL, ["chain.incomplete"],
             "Example Root"),
            (pki.bundle("leaf.crt", self.leaf, pki.root), CRITICAL,
             ["chain.not-ca"], "www.example.com"),
            (old.pem, CRITICAL, ["expiry.expired"], "Old CA"),
            (soon.pem, CRITICAL, ["expiry.soon"], "Soon CA"),
        ]
        for path, status, found, message in rows:
            with self.subTest(path):
                target = self.assertFinds(path, *ca, status=status,
                                          found=found, message=message)
                self.assertEqual(target["role"], "client-ca")
        der = self.path("AuthCA.der")
        openssl("x509", "-in", pki.root.pem, "-outform", "DER", "-out", der)
        self.assertFinds(der, *ca, status=CRITICAL, found=["file.format"],
                         message="DER")

    def test_naming_rules(self):
        """R12: plain names in the profile, DNS syntax always."""
        rows = [("www.example.com", []), ("a-b.example.com", []),
                ("a--b.example.com", ["name.invalid"]),
                ("xn--bcher-kva.example", ["name.invalid"]),
                ("x" * 60 + ".example.com", ["name.invalid"])]
        for name, found in rows:
            leaf = self.pki.leaf("r12.example", "r12.example", name)
            path = self.pki.chain(leaf)
            with self.subTest(name):
                self.assertFinds(path, "--name", name, *self.PROFILE,
                                 status=WARNING if found else OK, found=found)
                self.assertFinds(path, "--name", name, status=OK, found=[])

    def test_client_certificate_of_ones_own(self):
        """R14: it has a life of its own."""
        client = self.pki.leaf("partner", not_before="-80d", not_after="+9d",
                               eku="clientAuth")
        target = self.assertFinds(self.pki.chain(client), "--role", "client",
                                  status=CRITICAL, found=["expiry.soon"])
        self.assertEqual(target["role"], "client")
        self.assertFalse(target["role_inferred"])


class Huawei(FileCase):
    """The load balancer's manual: files made by its own commands."""

    CA = "[ req ]\ndistinguished_name = n\nprompt = no\n[ n ]\nO = ELB\n"
    SERVER = CA + "CN = www.test.com\n"

    def make(self, folder, conf):
        """A CA, and a certificate from it, in a folder of their own."""
        os.makedirs(self.path(folder), exist_ok=True)
        at = lambda name: self.path(f"{folder}/{name}")
        self.write(f"{folder}/ca_cert.conf", self.CA)
        self.write(f"{folder}/own_cert.conf", conf)
        for name in ("ca", "own"):
            openssl("genrsa", "-out", at(f"{name}.key"), "2048")
            openssl("req", "-out", at(f"{name}.req"), "-key",
                    at(f"{name}.key"), "-new", "-config",
                    at(f"{name}_cert.conf"))
        # A day more than the manual's, lest it end a second before the other.
        openssl("x509", "-req", "-in", at("ca.req"), "-out", at("ca.crt"),
                "-sha1", "-days", "5001", "-signkey", at("ca.key"))
        openssl("x509", "-req", "-in", at("own.req"), "-out", at("own.crt"),
                "-sha1", "-CAcreateserial", "-days", "5000", "-CA",
                at("ca.crt"), "-CAkey", at("ca.key"))
        return at

    def test_the_manuals_commands(self):
        """R23 to R27, R30, R31, R33: SHA-1, 5000 days, no SAN, version 1,
        no EKU, a CA of one's own."""
        at = self.make("server", self.SERVER)
        target = self.assertFinds(
            at("own.crt"), "--key", at("own.key"), "--trust", at("ca.crt"),
            "--role", "server", "--profile", "huawei-elb", status=WARNING,
            found=["expiry.too-long", "key.signature", "name.no-san"])
        self.assertEqual(target["certificates"][0]["not_after"][:4], str(
            (datetime.datetime.now(datetime.timezone.utc) +
             datetime.timedelta(days=5000)).year))
        # R25, R26: the common name matches nothing.
        self.assertFinds(
            at("own.crt"), "--trust", at("ca.crt"), "--name", "www.test.com",
            status=CRITICAL, found=["expiry.too-long", "key.signature",
                                    "name.missing", "name.no-san"])
        # R27, R31: the CA by itself; its own signature counts for nothing.
        self.assertFinds(at("ca.crt"), "--role", "client-ca", status=WARNING,
                         found=["chain.no-constraints"])
        # R31: without its CA as trust.
        done = support.certvigil("check", at("own.crt"), "--output", "json")
        self.assertIn("chain.incomplete", ids(report(done)[0]))

    def test_two_cas_of_one_name(self):
        """R28: names fit, signatures do not."""
        server, client = (self.make("server", self.SERVER),
                          self.make("client", self.SERVER))
        self.assertFinds(
            client("own.crt"), "--trust", server("ca.crt"), status=CRITICAL,
            found=["chain.signature", "expiry.too-long", "key.signature",
                   "name.no-san"])
        both = self.write("both.crt", self.read(server("ca.crt")) +
                          self.read(client("ca.crt")))
        self.assertFinds(both, "--role", "client-ca", status=WARNING,
                         found=["chain.no-constraints", "chain.same-name"],
                         message="ELB")

    def test_client_p12(self):
        """R29: client.p12 with an export password, without its CA."""
        at = self.make("client", self.SERVER)
        openssl("pkcs12", "-export", "-clcerts", "-in", at("own.crt"),
                "-inkey", at("own.key"), "-out", at("client.p12"),
                "-passout", "file:" + self.secret)
        os.chmod(at("client.p12"), 0o600)
        target = self.assertFinds(
            at("client.p12"), "--passphrase-file", self.secret, "--trust",
            at("ca.crt"), "--role", "client", status=WARNING,
            found=["key.signature"])
        self.assertEqual(len(target["certificates"]), 1)

    def test_small_keys(self):
        """R30: RSA 2048; below it is weak."""
        key, crt = self.path("small.key"), self.path("small.crt")
        openssl("req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout",
                key, "-subj", "/CN=small", "-days", "90", "-addext",
                "subjectAltName=DNS:small.example", "-out", crt)
        self.assertFinds(crt, "--trust", crt, status=WARNING,
                         found=["key.weak"], message="1024")

    def test_purposes(self):
        """R33: no EKU is any purpose; one without clientAuth is no client."""
        rows = [("", "client", OK, []), ("", "server", OK, []),
                ("serverAuth", "client", CRITICAL, ["key.purpose"]),
                ("serverAuth,clientAuth", "client", OK, []),
                ("clientAuth", "server", CRITICAL, ["key.purpose"]),
                ("clientAuth", "client", OK, [])]
        for eku, role, status, found in rows:
            leaf = self.pki.leaf("r33.example", eku=eku)
            with self.subTest(eku, role=role):
                self.assertFinds(self.pki.chain(leaf), "--role", role,
                                 status=status, found=found,
                                 message="clientAuth" if found else "")

    def test_pasted(self):
        """R32: a pair pasted wrongly."""
        other = self.pki.leaf("other.example")
        self.assertFinds(self.chain, "--key", other.key, "--profile",
                         "huawei-elb", status=CRITICAL,
                         found=["key.mismatch"])


class Entrust(FileCase):
    """Certificates that are ordered, and take their time."""

    def test_order_by(self):
        """R43: five to seven business days, weekends and holidays apart."""
        leaf = self.pki.leaf("order.example", not_before="2026-01-01",
                             not_after="2026-12-18T12:00:00Z")
        path = self.pki.chain(leaf)
        quiet = ["--profile", "entrust", "-w", "0", "-c", "0",
                 "--finding", "expiry.too-long=off"]
        rows = [
            ("2026-12-01T23:00:00Z", [], OK, ""),
            ("2026-12-02T12:00:00Z", ["--holiday", "2026-12-15"], WARNING,
             "2026-12-08"),
            ("2026-12-09T12:00:00Z", [], WARNING, "2026-12-09"),
            # Eight calendar days never hold seven business days.
            ("2026-12-10T12:00:00Z", [], CRITICAL, "2026-12-09"),
            ("2026-12-10T12:00:00Z", ["--order-lead", "3bd"], WARNING,
             "2026-12-15"),
        ]
        for at, args, status, day in rows:
            with self.subTest(at, args=args):
                self.assertFinds(
                    path, *quiet, *args, "--at", at, status=status,
                    found=["expiry.order-by"] if status != OK else [],
                    message=day)


class EdgeOne(FileCase):
    """server.pem, server.key, client.pem, client.key and CA.pem."""

    PROFILE = ("--profile", "edgeone")

    def test_pairs(self):
        """R60: either pair."""
        client = self.pki.leaf("client", eku="clientAuth")
        rows = [(self.leaf, self.leaf, "server", OK),
                (client, client, "client", OK),
                (self.leaf, client, "server", CRITICAL),
                (client, self.leaf, "client", CRITICAL)]
        for cert, key, role, status in rows:
            with self.subTest(cert.pem, key=key.key):
                self.assertFinds(
                    self.pki.chain(cert), "--key", key.key, "--role", role,
                    *self.PROFILE, status=status,
                    found=["key.mismatch"] if status else [])

    def test_ca_file(self):
        """R61, R62, R64: complete, in order, one CA."""
        pki = self.pki
        other = pki.make("other", cn="Other Root", ca=True,
                         not_after="+3000d")
        rows = [
            ([pki.intermediate, pki.root], OK, []),
            ([pki.root], OK, []),
            ([pki.intermediate], CRITICAL, ["chain.incomplete"]),
            ([pki.root, pki.intermediate], CRITICAL, ["chain.order"]),
            ([pki.root, other], WARNING, ["chain.several-roots"]),
        ]
        for certs, status, found in rows:
            with self.subTest([c.pem for c in certs]):
                path = pki.bundle("CA.pem", *certs)
                self.assertFinds(path, "--role", "client-ca", *self.PROFILE,
                                 status=status, found=found)
        # Without the profile the order is a warning.
        path = pki.bundle("CA.pem", pki.root, pki.intermediate)
        self.assertFinds(path, "--role", "client-ca", status=WARNING,
                         found=["chain.order"])

    def test_layout(self):
        """R63: no blank lines, 64 a line; told in the profile alone."""
        text = self.read(self.chain)
        head = b"-----BEGIN CERTIFICATE-----\n"
        rows = [text.replace(b"-----BEGIN", b"\n-----BEGIN"),
                text.replace(b"\n", b"\r\n"), b"a note\n" + text,
                head + one_line(text) + text[text.index(b"-----END"):]]
        for data in rows:
            path = self.write("server.pem", data)
            with self.subTest(data[:60]):
                self.assertFinds(path, *self.PROFILE, status=WARNING,
                                 found=["file.layout"], message="line 1|line")
                self.assertFinds(path, status=OK, found=[])

    def test_algorithms(self):
        """R65: RSA, ECC or SM2."""
        leaf = self.pki.leaf("ed.example", ed25519=True)
        self.assertFinds(self.pki.chain(leaf), *self.PROFILE, status=WARNING,
                         found=["key.algorithm"], message="ED25519|Ed25519")

    def test_families(self):
        """R66: SM2 is not mixed with others."""
        openssl("genpkey", "-algorithm", "SM2", "-out", self.path("sm.key"))
        openssl("req", "-x509", "-new", "-key", self.path("sm.key"), "-sm3",
                "-subj", "/CN=SM CA", "-days", "300", "-out",
                self.path("sm.crt"))
        both = self.write("CA.pem", self.read(self.path("sm.crt")) +
                          self.read(self.pki.root.pem))
        target = self.assertFinds(
            both, "--role", "client-ca", *self.PROFILE, status=CRITICAL,
            found=["chain.several-roots", "key.family"])
        self.assertTrue(target["certificates"])


def one_line(text):
    """The first block's base64 on one line."""
    lines = text.split(b"\n")
    return b"".join(lines[1:lines.index(b"-----END CERTIFICATE-----")]) + b"\n"


if __name__ == "__main__":
    support.main()
