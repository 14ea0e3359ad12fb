"""test_endpoint.py - dialogues before TLS, and servers that do it wrong"""
import contextlib
import shutil
import socket
import ssl
import tempfile
import threading
import warnings

import support
from support import (CRITICAL, OK, WARNING, Case, Pki, certvigil)


class Scripted:
    """A server that follows a script: b"..." is sent, "..." is expected to
    begin the next line, TLS starts TLS, None hangs up."""

    TLS = object()

    def __init__(self, pki, leaf, script):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pki.chain(leaf), leaf.key)
        self.script = script
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def play(self, peer):
        lines = peer.makefile("rb", buffering=0)
        for step in self.script:
            if step is self.TLS:
                with self.context.wrap_socket(peer, server_side=True) as tls:
                    tls.recv(1)
            elif isinstance(step, bytes):
                peer.sendall(step)
            elif not lines.readline().decode().startswith(step):
                return

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.socket.accept()
                with peer, contextlib.suppress(OSError):
                    peer.settimeout(5)
                    self.play(peer)

    def stop(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(10)


TLS = Scripted.TLS
EHLO = b"250-mail.example greets you\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"


class Dialogues(Case):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.mkdtemp(prefix="certvigil-")
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.pki = Pki(cls.shared)
        cls.leaf = cls.pki.leaf("mail.example")

    def look(self, scheme, script, *args):
        server = self.own(Scripted(self.pki, self.leaf, script))
        return certvigil("check", f"{scheme}://mail.example:{server.port}",
                         "--address", "127.0.0.1", "-w", "0", "-c", "0",
                         "--trust", self.pki.root.pem, "-t", "5", "-v", *args)

    # What each scheme says until TLS; the words of real servers are in
    # test_servers.py, all that they may say wrong in tests/unit.
    AGREED = {
        "smtp": [b"220-hello\r\n220 mail\r\n", "EHLO [127.0.0.1]", EHLO,
                 "STARTTLS", b"220 go on\r\n"],
        "submission": [b"220 mail\r\n", "EHLO ", EHLO, "STARTTLS",
                       b"220 go on\r\n"],
        "lmtp": [b"220 mail\r\n", "LHLO ", EHLO, "STARTTLS",
                 b"220 go on\r\n"],
        "imap": [b"* OK hello\r\n", "a CAPABILITY",
                 b"* CAPABILITY STARTTLS\r\na OK\r\n", "b STARTTLS",
                 b"* something\r\nb OK go on\r\n"],
        "pop3": [b"+OK hello\r\n", "CAPA", b"+OK\r\nSTLS\r\n.\r\n", "STLS",
                 b"+OK go on\r\n"],
        "sieve": [b'"STARTTLS"\r\nOK\r\n', "STARTTLS", b"OK\r\n"],
        "ftp": [b"220-hello\r\nyou\r\n220 ftp\r\n", "AUTH TLS",
                b"234 go on\r\n"],
        "nntp": [b"200 news\r\n", "CAPABILITIES",
                 b"101 so\r\nSTARTTLS\r\n.\r\n", "STARTTLS",
                 b"382 go on\r\n"],
        "irc": ["CAP LS 302", "STARTTLS", b"NOTICE * :hello\r\nPING :1\r\n",
                "PONG :1", b":irc 670 * :go on\r\n"],
        "smtps": [], "submissions": [], "imaps": [], "pop3s": [], "ftps": [],
        "nntps": [], "ldaps": [], "xmpps": [], "xmpps-server": [],
        "ircs": [], "tls": [],
    }

    def test_agreed(self):
        for scheme, script in self.AGREED.items():
            with self.subTest(scheme=scheme):
                self.assertRun(self.look(scheme, script + [TLS]), OK)

    def test_injected(self):
        """Bytes in the clear behind the go-ahead."""
        for scheme, script in self.AGREED.items():
            if not script:
                continue
            with self.subTest(scheme=scheme):
                done = self.look(scheme, script[:-1] + [script[-1] + b"*", TLS])
                self.assertRun(done, CRITICAL, "endpoint.starttls")
                self.assertIn("want nothing between the go-ahead and TLS, "
                              "have 1 bytes in the clear", done.stdout)

    def test_refused(self):
        long_line = b"220 " + b"x" * 9000 + b"\r\n"
        rows = [
            ("smtp", [b"220 a\r\n", "EHLO ", b"250-a\r\n250 SIZE 1\r\n"],
             'does not offer STARTTLS; it says "SIZE 1"'),
            ("smtp", [b"554 go away\r\n"], 'have "554 go away"'),
            ("smtp", [b"220 a\r\n", "EHLO ", EHLO, "STARTTLS",
                      b"454 not now\r\n"],
             'refused for now: want 220 to STARTTLS, have "454 not now"'),
            ("smtp", [b"220 a\r\n", "EHLO "],
             "no answer to EHLO: the server closed the connection"),
            ("smtp", [long_line], "8 KiB"),
            ("smtp", [b"220-again\r\n" * 200], "at most 100 lines"),
            ("imap", [b"* BYE no\r\n"], r'have "\* BYE no"'),
            ("pop3", [b"+OK a\r\n", "CAPA", b"-ERR\r\n", "STLS",
                      b"-ERR no \x1b[31m\r\n"],
             r'have "-ERR no \\x1b\[31m"'),
            ("imap", [TLS], "the server says nothing.*imaps://"),
            # it hangs up, before or after an alert
            ("ldap", [TLS], "speaks TLS at once.* (it is|is it) ldaps://"),
        ]
        for scheme, script, words in rows:
            with self.subTest(scheme=scheme, words=words):
                done = self.look(scheme, script, "-t", "1")
                self.assertRun(done, CRITICAL,
                               "endpoint.timeout" if "nothing" in words
                               else "endpoint.starttls")
                self.assertRegex(done.stdout, words)

    def test_silent_in_the_dialogue(self):
        server = self.own(support.SilentServer())
        done = certvigil("check", f"smtp://127.0.0.1:{server.port}", "-t",
                         "0.3", "-v")
        self.assertRun(done, CRITICAL, "endpoint.timeout")

    def test_a_server_that_never_pauses(self):
        """HelloRequests without end, which OpenSSL skips by itself."""
        record = b"\x16\x03\x03\x40\x00" + b"\0" * 0x4000
        server = self.own(support.PlainServer(record * 64, forever=True))
        done = certvigil("check", f"tls://127.0.0.1:{server.port}", "-t",
                         "0.5", "-v")
        # its bound or the deadline, whichever is first
        self.assertRun(done, CRITICAL, "endpoint.(timeout|handshake): ")

    def test_garbage_in_the_handshake(self):
        rows = [
            (b"SSH-2.0-OpenSSH_9.2\r\n", "endpoint.not-tls", "looks like SSH"),
            (b"220 mail ESMTP\r\n", "endpoint.not-tls", "looks like SMTP"),
            (b"\x16\x03\x01\xff\xff" + b"\0" * 70000, "endpoint.handshake",
             "the handshake failed: "),
            (b"\x15\x03\x03\x00\x02\x02\x28", "endpoint.handshake",
             r"alert 40 \(handshake_failure\)"),
            (b"\x15\x03\x03\x00\x02\x02\x46", "endpoint.handshake",
             r"alert 70 \(protocol_version\)"),
            (b"\0" * 10, "endpoint.not-tls", "answers with other bytes"),
            (b"", "endpoint.handshake", "closed the connection"),
        ]
        for answer, finding, words in rows:
            with self.subTest(answer=answer[:20]):
                server = self.own(support.PlainServer(answer))
                done = certvigil("check", f"tls://127.0.0.1:{server.port}",
                                 "-t", "5", "-v")
                self.assertRun(done, CRITICAL, finding)
                self.assertRegex(done.stdout, words)


class Handshakes(Case):
    """What only shows in the handshake: old protocols, client certificates."""

    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.mkdtemp(prefix="certvigil-")
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.pki = Pki(cls.shared)
        cls.leaf = cls.pki.leaf("www.example.net", "www.example.net",
                                "example.net")

    def serve(self, version, **settings):
        server = Scripted(self.pki, self.leaf, [TLS])
        context = server.context
        context.minimum_version = context.maximum_version = version
        for name, value in settings.items():
            setattr(context, name, value)
        if version < ssl.TLSVersion.TLSv1_2:
            context.set_ciphers("ALL:@SECLEVEL=0")
        if settings:
            context.load_verify_locations(self.pki.root.pem)
        return self.own(server)

    def look(self, server):
        return certvigil("check", "-H", "127.0.0.1", "-p", server.port,
                         "--sni", "www.example.net", "--trust",
                         self.pki.root.pem, "-w", "0", "-c", "0", "-v")

    def test_protocols(self):
        v = ssl.TLSVersion
        warnings.simplefilter("ignore", DeprecationWarning)
        for version, status in [(v.TLSv1, WARNING), (v.TLSv1_1, WARNING),
                                (v.TLSv1_2, OK), (v.TLSv1_3, OK)]:
            with self.subTest(version=version.name):
                done = self.look(self.serve(version))
                self.assertRun(done, status)
                self.assertEqual("endpoint.protocol" in done.stdout,
                                 status == WARNING, done.stdout)

    def test_a_server_that_refuses_strangers_is_healthy(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version=version.name):
                server = self.serve(version, verify_mode=ssl.CERT_REQUIRED)
                self.assertRun(self.look(server), OK, "^CERTVIGIL OK")


if __name__ == "__main__":
    support.main()
