"""test_failures.py - every way in which an endpoint fails, told exactly"""
import json
import resource
import shutil
import subprocess
import tempfile
import time

import support
from hostile import (Hostile, SServer, alert, certificate,
                     certificate_request, close, drip, forever, hello,
                     hello_done, message, record, reset, server_hello, silence)
from support import CRITICAL, OK, WARNING, Case, Pki, certvigil

NAME = "www.example.net"
CLOSED, RESET = r"the server closed the connection ", \
    r"the server reset the connection "
BEFORE, AFTER = "in the handshake, before its certificate", \
    "in the handshake, after its certificate"
# Debian's openssl.cnf wants level 2 of servers, too.
WEAK = ("-cipher", "ALL:@SECLEVEL=0")


def garbage(length):
    """DER as far as the outermost header, then nothing that is."""
    return b"\x30\x82" + length.to_bytes(2, "big") + b"\xff" * length


class FailureCase(Case):
    limit = "5"

    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.mkdtemp(prefix="certvigil-")
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.pki = Pki(cls.shared)
        cls.leaf = cls.pki.leaf(NAME, NAME, "example.net", rsa=True)
        cls.chain = [c.der() for c in cls.leaf.path_up()]

    def check(self, address, *args, **how):
        return certvigil("check", address, "--sni", NAME, "--trust",
                         self.pki.root.pem, "-w", "0", "-c", "0", "-t",
                         self.limit, *args, **how)

    def look(self, server, *args, scheme="tls", **how):
        """The first target of the JSON document."""
        done = self.check(f"{scheme}://127.0.0.1:{server.port}", "--output",
                          "json", *args, **how)
        self.assertIn(done.status, (OK, WARNING, CRITICAL), done.stderr)
        return json.loads(done.stdout)["targets"][0]

    def find(self, target, finding):
        found = {f["id"]: f for f in target["findings"]}
        self.assertIn(finding, found, target["findings"])
        return found[finding]

    def expect(self, script, finding, words, hint=".", certs=0, args=(),
               **details):
        """One server that plays `script`: what must be told of it."""
        server = Hostile(*script)
        try:
            target = self.look(server, *args)
        finally:
            server.stop()
        f = self.find(target, finding)
        self.assertRegex(f["message"], words)
        self.assertRegex(f["hint"], hint)
        self.assertEqual(len(target["certificates"]), certs)
        for key, value in details.items():
            self.assertEqual(f["details"].get(key), value, f)
        # All the rest is judged, and this chain is good.
        if certs > 0:
            self.assertEqual([g["id"] for g in target["findings"]
                              if g["severity"] != "ok" and g is not f], [])
        return target


class Endings(FailureCase):
    def setUp(self):
        super().setUp()
        self.hello = [hello, server_hello()]
        self.sent = [hello, server_hello(), certificate(*self.chain)]

    def test_closed_and_reset(self):
        n = len(self.chain)
        rows = [
            ([close], CLOSED + "instead of answering", "PROXY protocol", 0,
             "hello", "closed"),
            ([hello, close], CLOSED + "instead of answering", "load balancer",
             0, "hello", "closed"),
            ([hello, reset], RESET + "instead of answering", "firewall", 0,
             "hello", "reset"),
            ([*self.hello, close], CLOSED + BEFORE, "log", 0, "handshake",
             "closed"),
            ([*self.hello, reset], RESET + BEFORE, "log", 0, "handshake",
             "reset"),
            ([*self.sent, close], CLOSED + AFTER, "log", n, "handshake",
             "closed"),
            ([*self.sent, hello_done(), close], CLOSED + AFTER, "log", n,
             "handshake", "closed"),
            # close_notify, a warning, ends it in order
            ([*self.hello, alert(0, 1), close], CLOSED + BEFORE, "log", 0,
             "handshake", "closed"),
        ]
        for script, words, hint, certs, step, ending in rows:
            with self.subTest(words=words, step=step):
                self.expect(script, "endpoint.handshake", words, hint, certs,
                            step=step, ending=ending)

    def test_a_reset_right_behind_the_certificate(self):
        """What had come before it may be lost with it."""
        server = self.own(Hostile(*self.sent, reset))
        f = self.find(self.look(server), "endpoint.handshake")
        self.assertRegex(f["message"], RESET)

    def test_alerts(self):
        rows = [
            (10, "unexpected_message", "did not understand"),
            (40, "handshake_failure", "no certificate for this name"),
            (47, "illegal_parameter", "did not understand"),
            (50, "decode_error", "did not understand"),
            (70, "protocol_version", "SSL 3.0"),
            (71, "insufficient_security", "stronger ciphers"),
            (80, "internal_error", "trouble of its own"),
            (112, "unrecognized_name", "correct the host, or name another"),
            (120, "no_application_protocol", "ALPN"),
            (199, "unknown", "log"),
        ]
        for number, name, hint in rows:
            words = rf"alert {number} \({name}\)"
            with self.subTest(alert=number):
                self.expect([hello, alert(number), close],
                            "endpoint.handshake",
                            words + " in answer to our ClientHello", hint,
                            step="handshake", ending="alert", alert=number)
                self.expect([*self.sent, alert(number), close],
                            "endpoint.handshake", words + " " + AFTER, hint,
                            len(self.chain), alert=number)
        target = self.expect([hello, alert(112), close], "endpoint.handshake",
                             f"does not know the name {NAME}")
        self.assertEqual(target["certificates"], [])

    def test_without_a_name(self):
        """Nobody sends an address as the server name; that is the reason."""
        for number in (40, 80, 112):
            with self.subTest(alert=number):
                server = self.own(Hostile(hello, alert(number), close))
                done = certvigil("check", f"tls://127.0.0.1:{server.port}",
                                 "-vv")
                self.assertRun(done, CRITICAL, "No server name was sent")
                self.assertRegex(done.stdout, "--sni")

    def test_refused_without_a_client_certificate(self):
        asked = [*self.sent, certificate_request(), hello_done()]
        rows = [
            ([*asked, alert(40), close], "alert 40 handshake_failure"),
            ([*asked, alert(42), close], "alert 42 bad_certificate"),
            ([*asked, close], "closes the connection without one"),
        ]
        for script, words in rows:
            with self.subTest(words=words):
                target = self.expect(script, "client.required", words,
                                     certs=len(self.chain))
                self.assertEqual(target["status"], "ok")

    def test_nobody_there(self):
        closed = self.own(support.ClosedPort())
        f = self.find(self.look(closed), "endpoint.unreachable")
        self.assertRegex(f["message"], "Connection refused")
        self.assertRegex(f["hint"], "Nothing listens there")
        self.assertEqual(f["details"],
                         {"step": "connect", "ending": "refused"})


class Slow(FailureCase):
    """The deadline holds whatever a server does, and the step is told."""

    limit = "0.5"

    def expect_late(self, script, words, finding="endpoint.timeout", **how):
        began = time.monotonic()
        target = self.expect(script, finding, words, **how)
        # Room for a machine that is busy with other tests.
        self.assertLess(time.monotonic() - began, 10)
        return target

    def test_silent(self):
        late = r"in time \(limit 500ms\)"
        before = late + ": it stopped before the server's certificate"
        after = late + ": it stopped after the server's certificate"
        whole = [hello, server_hello(), certificate(*self.chain)]
        rows = [
            ([silence], f"did not answer our ClientHello {late}$", 0,
             "hello"),
            ([hello, server_hello(), silence], before, 0, "handshake"),
            ([hello, server_hello()[:20], silence], before, 0, "handshake"),
            ([hello, server_hello(), certificate(*self.chain)[:300], silence],
             before, 0, "handshake"),
            ([*whole, silence], after, len(self.chain), "handshake"),
            ([*whole, hello_done(), silence], after, len(self.chain),
             "handshake"),
        ]
        for script, words, certs, step in rows:
            with self.subTest(words=words, step=step, certs=certs):
                self.expect_late(script, words, certs=certs, step=step,
                                 ending="timeout")

    def test_dripping(self):
        data = server_hello() + certificate(*self.chain)
        self.expect_late([hello, drip(data)], "did not end in time")

    def test_never_ending(self):
        """Until the deadline, or a bound of its own or of OpenSSL's."""
        rows = [
            ("HelloRequests", message(0) * 1000),
            ("warnings", alert(112, 1) * 1000),
            ("records of nothing", record(22, b"") * 1000),
            ("one message", message(2, b"x" * 0xffffff)),
            ("one list", b"\x16\x03\x03\x40\x00\x0b\xff\xff\xff" +
             b"x" * 16380 + record(22, b"x" * 16384) * 16),
        ]
        for name, data in rows:
            with self.subTest(name):
                server = self.own(Hostile(hello, forever(data)))
                began = time.monotonic()
                target = self.look(server)
                self.assertEqual(target["status"], "critical")
                self.assertIn(target["findings"][0]["id"],
                              ("endpoint.timeout", "endpoint.handshake"))
                self.assertLess(time.monotonic() - began, 10)

    def test_a_certificate_that_comes_late_is_judged(self):
        pem = self.pki.leaf("late.example.net", NAME, rsa=True,
                            not_before="2026-01-01", not_after="2026-01-02")
        chain = [c.der() for c in pem.path_up()]
        server = self.own(Hostile(hello, server_hello(), certificate(*chain),
                                  silence))
        target = self.look(server)
        self.find(target, "endpoint.timeout")
        self.find(target, "expiry.expired")


class Chains(FailureCase):
    def serve(self, *ders, **how):
        return [hello, server_hello(), certificate(*ders, **how),
                hello_done(), close]

    def test_damaged(self):
        leaf, issuer = self.chain
        bad = garbage(300)
        rows = [
            ((leaf, bad, issuer), "certificate 2 of 3 .* is damaged", 2),
            ((leaf, issuer, bad), "certificate 3 of 3 .* is damaged", 2),
            ((leaf, issuer, b""), "certificate 3 of 3 .* is damaged", 2),
            # bytes behind it
            ((leaf, issuer + b"\0"), "certificate 2 of 2 .* is damaged", 1),
            ((bad, leaf, issuer), "own certificate .* is damaged", 0),
            ((leaf[:-1], issuer), "own certificate .* is damaged", 0),
        ]
        for ders, words, certs in rows:
            with self.subTest(words=words):
                server = self.own(Hostile(*self.serve(*ders)))
                target = self.look(server)
                f = self.find(target, "endpoint.handshake")
                self.assertRegex(f["message"], words)
                self.assertRegex(f["hint"], "certificate file in order")
                self.assertEqual(f["details"]["ending"], "damaged")
                self.assertEqual(len(target["certificates"]), certs)

    def test_a_list_that_does_not_fit(self):
        for declared in (0, 7, 0xffffff):
            with self.subTest(declared=declared):
                self.expect(self.serve(*self.chain, declared=declared),
                            "endpoint.handshake", "lengths do not fit",
                            ending="damaged")

    def test_none(self):
        self.expect(self.serve(), "endpoint.handshake",
                    "an empty list of certificates",
                    "Configure a certificate", ending="no-certificate")

    def test_many(self):
        leaf, issuer = self.chain
        n = 200 * 1024 // len(issuer)
        rows = [(150, 150), (n, n)]
        for extra, _ in rows:
            with self.subTest(extra=extra):
                server = self.own(Hostile(
                    *self.serve(leaf, *[issuer] * extra)))
                target = self.look(server)
                f = self.find(target, "endpoint.handshake")
                self.assertRegex(f["message"], "want at most 100 .*have "
                                 f"{extra + 1}: the first 100 are judged")
                self.assertEqual(len(target["certificates"]), 100)

    def test_more_than_we_read(self):
        n = 1100 * 1024 // len(self.chain[1])
        self.expect(self.serve(self.chain[0], *[self.chain[1]] * n),
                    "endpoint.handshake", "1 MiB of certificates",
                    "trust store", ending="too-long")

    def forge(self, name, san, public):
        """A leaf with a public key whose private half nobody has."""
        ext, out = self.path(name + ".ext"), self.path(name + ".pem")
        with open(ext, "w", encoding="ascii") as f:
            f.write(f"subjectAltName={san}\nbasicConstraints=CA:FALSE\n"
                    "extendedKeyUsage=serverAuth\n")
        subprocess.run(
            ["openssl", "x509", "-new", "-force_pubkey", public, "-CA",
             self.pki.intermediate.pem, "-CAkey", self.pki.intermediate.key,
             "-subj", "/CN=" + name, "-extfile", ext, "-days", "30", "-out",
             out], check=True, capture_output=True)
        return support.Cert(out, None, self.pki.intermediate)

    def public(self):
        path = self.path("leaf.pub")
        subprocess.run(["openssl", "x509", "-in", self.leaf.pem, "-noout",
                        "-pubkey", "-out", path], check=True)
        return path

    def cost(self, server):
        """Seconds of CPU and bytes of memory at most, of one look."""
        began = resource.getrusage(resource.RUSAGE_CHILDREN)
        target = self.look(server)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return target, ended.ru_utime - began.ru_utime, ended.ru_maxrss * 1024

    def test_ten_thousand_names(self):
        san = ",".join(["DNS:" + NAME, "DNS:example.net"] +
                       [f"DNS:host{i}.example.net" for i in range(10000)])
        leaf = self.forge("names", san, self.public())
        server = self.own(Hostile(*self.serve(leaf.der(), self.chain[1])))
        target, seconds, memory = self.cost(server)
        self.find(target, "endpoint.handshake")
        self.assertEqual(len(target["certificates"]), 2)
        self.assertEqual(len(target["certificates"][0]["names"]), 10002)
        self.assertNotIn("name.mismatch",
                         [f["id"] for f in target["findings"]])
        # Sanitizers want their share.
        self.assertLess(seconds, 5)
        self.assertLess(memory, 400 * 1024 * 1024)

    def test_a_huge_key(self):
        """RSA of 16384 bits: the modulus is odd, more is not looked at."""
        conf, der = self.path("rsa.cnf"), self.path("rsa.der")
        modulus = "C1" + "5A" * 2046 + "01"
        with open(conf, "w", encoding="ascii") as f:
            f.write("asn1=SEQUENCE:spki\n[spki]\na=SEQUENCE:alg\n"
                    "k=BITWRAP,SEQUENCE:rsa\n[alg]\n"
                    "o=OID:rsaEncryption\np=NULL\n[rsa]\n"
                    f"n=INTEGER:0x{modulus}\ne=INTEGER:0x010001\n")
        subprocess.run(["openssl", "asn1parse", "-genconf", conf, "-noout",
                        "-out", der], check=True)
        leaf = self.forge("huge", "DNS:" + NAME + ",DNS:example.net", der)
        server = self.own(Hostile(*self.serve(leaf.der(), self.chain[1])))
        target, seconds, _ = self.cost(server)
        self.assertEqual(target["certificates"][0]["key"],
                         {"type": "RSA", "bits": 16384})
        self.assertLess(seconds, 5)


class OtherProtocols(FailureCase):
    def test_greetings(self):
        """What it says first, what it looks like, by what scheme to look."""
        rows = [
            (b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n",
             'says "HTTP/1.1 400 Bad Request", which looks like HTTP without',
             None),
            (b"<html>\r\n<head><title>400 Bad Request", "HTTP without", None),
            (b"<!DOCTYPE HTML PUBLIC", "HTTP without", None),
            (b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64", "HTTP/2 without TLS",
             None),
            (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH", None),
            (b"220 mail.example.net ESMTP\r\n", "SMTP", "smtp"),
            (b"220-mail\r\n", "SMTP or FTP", "smtp"),
            (b"554 go away\r\n", "SMTP", "smtp"),
            (b"220 mail LMTP\r\n", "LMTP", "lmtp"),
            (b"220 ProFTPD Server\r\n", "FTP", "ftp"),
            (b"* OK [CAPABILITY IMAP4rev1] Dovecot\r\n", "IMAP", "imap"),
            (b"+OK Dovecot\r\n", "POP3", "pop3"),
            (b"200 news\r\n", "NNTP", "nntp"),
            (b"\"IMPLEMENTATION\" \"Dovecot\"\r\n", "ManageSieve", "sieve"),
            (b"<?xml version='1.0'?><stream:stream", "XMPP", "xmpp"),
            (b":irc.example.net NOTICE * :hello\r\n", "IRC", "irc"),
            (b"-ERR unknown command\r\n", "Redis", None),
            (b"ERROR\r\n", "memcached", None),
            (b"AMQP\0\0\x09\x01", "AMQP", None),
            (b"RFB 003.008\n", "VNC", None),
            (b"@RSYNCD: 31.0\n", "rsync", None),
            (b"\x4a\0\0\0\x0a8.0.36\0abcdefgh", "MySQL or MariaDB", "mysql"),
            (b"\x45\0\0\0\xff\x6a\x04Host is not allowed", "MySQL", "mysql"),
            (b"E\0\0\0\x8bSFATAL\0", "PostgreSQL", "postgres"),
            (b"\x30\x24\x02\x01\0\x78\x1f", "LDAP", "ldap"),
            (b"\x30\x84\0\0\0\x24\x02\x01\0\x78", "LDAP", "ldap"),
            (b"\x03\0\0\x0b\x06\xd0\0\0\x12\x34\0", "RDP", None),
            (b"\xff\xfd\x18\xff\xfd\x20", "Telnet", None),
        ]
        for answer, words, scheme in rows:
            with self.subTest(answer=answer[:20]):
                self.expect([answer, close], "endpoint.not-tls", words,
                            rf"write {scheme}://127.0.0.1:\d+;"
                            if scheme else "Correct the port",
                            ending="not-tls")

    def test_words_are_quoted_with_care(self):
        self.expect([b"hey \x1b[31m\xff there\r\nmore", close],
                    "endpoint.not-tls",
                    r'says "hey \\x1b\[31m\\xff there"$')
        self.expect([b"x" * 4000, close], "endpoint.not-tls",
                    r'says "x{80}"$')
        self.expect([b"\0" * 10, close], "endpoint.not-tls",
                    r"other bytes \(00 00 00 00 00 00 00 00\)$")

    def test_in_pieces(self):
        self.expect([b"220 ma", lambda peer: time.sleep(0.1),
                     b"il ESMTP Postfix\r\n", silence], "endpoint.not-tls",
                    '"220 mail ESMTP Postfix"')

    def test_ssl3(self):
        self.expect([hello, server_hello(0x0300), close],
                    "endpoint.handshake", "speaks SSL 3.0",
                    "No client of today", ending="too-old")


class RealServers(FailureCase):
    """What only a whole handshake shows, with s_server."""

    def serve(self, *args, leaf=None):
        leaf = leaf or self.leaf
        return self.own(SServer(
            "-cert", leaf.pem, "-key", leaf.key, "-cert_chain",
            self.pki.intermediate.pem, *args))

    def expect_good(self, server, *args):
        done = self.check(f"tls://127.0.0.1:{server.port}", "-vvv", *args)
        self.assertRun(done, OK)

    def test_weak_ones_are_read(self):
        small = self.path("dh.pem")
        subprocess.run(["openssl", "dhparam", "-dsaparam", "-out", small,
                        "512"], check=True, capture_output=True)
        dhe = "DHE-RSA-AES128-SHA:@SECLEVEL=0"
        rows = [
            ("DH of 512 bits", "-tls1_2", "-dhparam", small, "-cipher", dhe),
            ("SHA-1", "-tls1_2", *WEAK, "-sigalgs", "RSA+SHA1"),
            ("RSA key exchange", "-tls1_2", "-cipher", "AES128-SHA"),
            ("ChaCha only", "-tls1_3", "-ciphersuites",
             "TLS_CHACHA20_POLY1305_SHA256"),
            ("HelloRetryRequest", "-tls1_3", "-groups", "P-521"),
            ("brainpool", "-tls1_2", "-groups", "brainpoolP256r1",
             "-cipher", "ECDHE-RSA-AES128-SHA"),
        ]
        for name, *args in rows:
            with self.subTest(name):
                self.expect_good(self.serve(*args))

    def test_anonymous_only(self):
        server = self.own(SServer("-nocert", "-tls1_2", "-cipher",
                                  "aNULL:@SECLEVEL=0"))
        f = self.find(self.look(server), "endpoint.handshake")
        self.assertRegex(f["message"], "alert 40")


if __name__ == "__main__":
    support.main()
