"""test_servers.py - every scheme against a real server that speaks it: the
chain is read in TLS 1.2 and 1.3, and a server without STARTTLS is told"""
import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import unittest

import servers
import support
from servers import TLS12, TLS13
from support import CRITICAL, OK, Case, Pki, certvigil

NAME = "mail.example.net"  # Prosody's host, too


class Look:
    """What one target's JSON says, in short."""

    def __init__(self, target):
        self.status = target["status"]
        self.chain = [c["sha256"] for c in target["certificates"]]
        self.protocol = target.get("handshake", {}).get("protocol")
        self.findings = {f["id"]: f["message"] for f in target["findings"]}


def sha256(cert):
    return hashlib.sha256(cert.der()).hexdigest()


class ServerCase(Case):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.mkdtemp(prefix="certvigil-")
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        # Servers that root starts as somebody else look in here.
        os.chmod(cls.shared, 0o755)
        cls.pki = Pki(cls.shared)
        cls.leaf = cls.pki.leaf(NAME)

    @contextlib.contextmanager
    def serve(self, kind, leaf=None, tls=TLS13):
        server = kind(self.shared, leaf or self.leaf, tls)
        try:
            yield server
        finally:
            server.stop()

    def look(self, server, *args):
        """At all its ports at once; returns the status and {scheme: Look}."""
        done = certvigil(
            "check",
            *(f"{s}://127.0.0.1:{p}" for s, p in server.ports.items()),
            "--sni", NAME, "--trust", self.pki.root.pem, "-t", "10",
            "--output", "json", *args)
        looks = map(Look, support.json_targets(done))
        return done.status, dict(zip(server.ports, looks, strict=True))


# What each says when its TLS is switched off, told as endpoint.starttls.
REFUSALS = {
    "smtp": 'smtp: .*not offer STARTTLS; it says "PIPELINING, SIZE',
    "submission": 'submission: .*not offer STARTTLS; it says "PIPELINING',
    "imap": 'imap: .*not offer STARTTLS; it says "IMAP4rev1 ',
    "pop3": 'pop3: .*not offer STLS; it says "CAPA, ',
    "lmtp": 'lmtp: .*not offer STARTTLS; it says ".*PIPELINING',
    "sieve": 'sieve: .*not offer STARTTLS; it says ".*IMPLEMENTATION',
    "ftp": 'ftp: .*not offer AUTH TLS; it says "500 AUTH not understood',
    "ldap": 'ldap: .*not offer StartTLS; it says "protocolError ',
    "xmpp": 'xmpp: .*not offer STARTTLS; it says "mechanisms"',
    "xmpp-server": 'xmpp-server: .*not offer STARTTLS; it says "dialback"',
    "nntp": 'nntp: .* have "580 Error initializing TLS"',
    "postgres": "postgres: .*not offer TLS: it answers N",
    "mysql": 'mysql: .*not offer TLS; it says ".*MariaDB',
}


class Reads:
    """The tests of one `kind` of server."""

    kind = None

    def setUp(self):
        super().setUp()
        self.kind.require()

    def test_chain_is_read(self):
        want = [sha256(c) for c in self.leaf.path_up()]
        self.assertEqual(len(want), 2)
        for tls in (TLS12, TLS13):
            with self.serve(self.kind, tls=tls) as server:
                status, looks = self.look(server)
                for scheme, look in looks.items():
                    with self.subTest(tls=tls, scheme=scheme):
                        self.assertEqual(look.chain, want, look.findings)
                        self.assertEqual(look.protocol, tls)
                        self.assertEqual(look.status, "ok", look.findings)
                self.assertEqual(status, OK)


class Dialogues(Reads):
    """The same of one that does not begin with TLS."""

    def test_without_tls(self):
        with self.serve(self.kind, tls=None) as server:
            status, looks = self.look(server)
            for scheme, look in looks.items():
                with self.subTest(scheme=scheme):
                    self.assertRegex(
                        look.findings.get("endpoint.starttls", ""),
                        REFUSALS[scheme], look.findings)
                    self.assertEqual(look.chain, [])
                    self.assertEqual(look.status, "critical")
            self.assertEqual(status, CRITICAL)


class NginxTest(Reads, ServerCase):
    kind = servers.Nginx


class ApacheTest(Reads, ServerCase):
    kind = servers.Apache


class HaproxyTest(Reads, ServerCase):
    kind = servers.Haproxy


class PostfixTest(Dialogues, ServerCase):
    kind = servers.Postfix


class DovecotTest(Dialogues, ServerCase):
    kind = servers.Dovecot

    def test_expired_leaf(self):
        """The dialogue keeps nothing from being judged."""
        expired = self.pki.make("expired", self.pki.intermediate, cn=NAME,
                                san=["DNS:" + NAME], not_before="-90d",
                                not_after="-1d")
        with self.serve(self.kind, expired) as server:
            status, looks = self.look(server)
            for scheme, look in looks.items():
                with self.subTest(scheme=scheme):
                    self.assertEqual(look.chain[0], sha256(expired))
                    self.assertEqual(list(look.findings), ["expiry.expired"],
                                     look.findings)
            self.assertEqual(status, CRITICAL)

    def test_intermediate_that_is_not_sent(self):
        alone = support.Cert(self.leaf.pem, self.leaf.key, None)
        with self.serve(self.kind, alone) as server:
            _, looks = self.look(server)
            for scheme, look in looks.items():
                with self.subTest(scheme=scheme):
                    self.assertEqual(look.chain, [sha256(self.leaf)])
                    self.assertIn("chain.incomplete", look.findings)


class ProftpdTest(Dialogues, ServerCase):
    kind = servers.Proftpd


class SlapdTest(Dialogues, ServerCase):
    kind = servers.Slapd


class ProsodyTest(Dialogues, ServerCase):
    kind = servers.Prosody


class NnrpdTest(Dialogues, ServerCase):
    kind = servers.Nnrpd


class PostgresTest(Dialogues, ServerCase):
    kind = servers.Postgres


class MariadbTest(Dialogues, ServerCase):
    kind = servers.Mariadb


class InspircdTest(Dialogues, ServerCase):
    kind = servers.Inspircd

    def test_without_tls(self):
        """Before a client has logged in, it answers no unknown command."""
        with self.serve(self.kind, tls=None) as server:
            status, looks = self.look(server, "-t", "1")
            self.assertEqual(status, CRITICAL)
            self.assertRegex(looks["irc"].findings["endpoint.timeout"],
                             "no answer to STARTTLS in time")


class Table(unittest.TestCase):
    """The schemes, the servers here and the table in certvigil(8) agree."""

    maxDiff = None

    def setUp(self):
        self.tried = {}
        for kind in servers.ALL:
            for scheme in kind.plain + kind.implicit:
                self.tried.setdefault(scheme, []).append(kind.name)

    def test_all_schemes_are_tried(self):
        done = certvigil("check", "nosuch://127.0.0.1")
        known = re.search(r"want one of the schemes (.*), have",
                          done.stdout).group(1).split(", ")
        self.assertEqual(sorted(self.tried), sorted(known))

    def test_manual_page(self):
        with open(f"{support.ROOT}/man/certvigil.8", encoding="utf-8") as f:
            rows = re.findall(r"(?m)^\.It Cm (\S+) Ta .* Ta (.+)$", f.read())
        self.assertEqual(dict(rows), {
            scheme: ", ".join(names) for scheme, names in self.tried.items()})


if __name__ == "__main__":
    support.main()
