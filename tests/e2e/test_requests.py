"""test_requests.py - what https asks once TLS stands, and who is refused then"""
import re
import ssl
import threading
import time

import support
from hostile import Hostile, SServer, close, forever, reset, silence
from support import OK, Host, Nginx, certvigil
from test_failures import NAME, FailureCase

GOOD = b"HTTP/1.1 200 OK\r\nServer: test/1\r\nContent-Length: 0\r\n\r\n"
V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
REFUSED = b"HTTP/1.1 %d x\r\nContent-Length: 44\r\n\r\n" + \
    b"<p>No required SSL certificate was sent</p>\n"


class RequestCase(FailureCase):
    def context(self, version=V13, ask=False, require=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pki.chain(self.leaf), self.leaf.key)
        context.minimum_version = context.maximum_version = version
        if ask or require:
            context.load_verify_locations(self.pki.root.pem)
            context.verify_mode = ssl.CERT_REQUIRED if require \
                else ssl.CERT_OPTIONAL
        return context

    def serve(self, *script, **how):
        """`script` is played once a request has been read."""
        server = Hostile(context=self.context(**how))
        server.script = (server.request, *script)
        return self.own(server)

    def ids(self, target):
        return [f["id"] for f in target["findings"]
                if f["severity"] != "ok"]


class Requests(RequestCase):
    def test_what_is_asked(self):
        server = self.serve(GOOD, close)
        port = server.port
        rows = [
            ([f"https://127.0.0.1:{port}"], "/", f"{NAME}:{port}"),
            ([f"https://127.0.0.1:{port}/a/b?c=d"], "/a/b?c=d",
             f"{NAME}:{port}"),
            ([f"https://other.test:{port}", "--address", "127.0.0.1"], "/",
             f"{NAME}:{port}"),
        ]
        for args, path, host in rows:
            with self.subTest(args=args):
                self.assertRun(self.check(*args), OK)
                self.assertRegex(
                    server.heard.decode(),
                    rf"^GET {re.escape(path)} HTTP/1\.1\r\n"
                    rf"Host: {re.escape(host)}\r\n"
                    r"User-Agent: certvigil/\d+\.\d+\.\d+\r\n"
                    r"Accept: \*/\*\r\nConnection: close\r\n\r\n$")

    def test_host_of_an_address(self):
        server = self.serve(GOOD, close)
        for args, host in [(["https://127.0.0.1:%d"], "127.0.0.1:%d"),
                           (["https://[::1]:%d", "--address", "127.0.0.1"],
                            "[::1]:%d")]:
            certvigil("check", args[0] % server.port, *args[1:])
            self.assertIn(f"\r\nHost: {host % server.port}\r\n",
                          server.heard.decode())

    def test_answers(self):
        """Any HTTP is an answer; its status is shown."""
        long = b"X-%d: y\r\n"
        rows = [
            (GOOD, {"status": 200, "reason": "OK", "server": "test/1"}),
            (b"HTTP/1.1 404 Not Found\r\n\r\nno such page",
             {"status": 404, "reason": "Not Found"}),
            (b"HTTP/1.0 500 Oh\x1b[31m\r\n\r\n",
             {"status": 500, "reason": "Oh\x1b[31m"}),
            (b"HTTP/1.1 301 Moved\nLocation: /x\n\n",
             {"status": 301, "reason": "Moved"}),
            (b"HTTP/1.1 204\r\n\r\n", {"status": 204, "reason": ""}),
            (b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + GOOD,
             {"status": 200, "reason": "OK", "server": "test/1"}),
            # no end of the head, or none that comes soon
            (b"HTTP/1.1 200 OK\r\nServer: cut",
             {"status": 200, "reason": "OK", "server": "cut"}),
            (b"HTTP/1.1 200 OK\r\n" + b"".join(long % i for i in range(900)) +
             b"\r\n", {"status": 200, "reason": "OK"}),
            (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70000 + b"\r\n\r\n",
             {"status": 200, "reason": "OK"}),
            # no HTTP, and no fault
            (b"SSH-2.0-OpenSSH\r\n", None),
            (b"HTTP/1.1 abc\r\n\r\n", None),
            (b"\0\0\0\0\0", None),
            (b"H", None),
        ]
        for answer, http in rows:
            with self.subTest(answer=answer[:40]):
                target = self.look(self.serve(answer, close), scheme="https")
                self.assertEqual(target.get("http"), http)
                self.assertEqual(target["status"], "ok")

    def test_an_answer_that_never_ends(self):
        for head in (GOOD[:-2], b"HTTP/1.1 100 x\r\n\r\n",
                     b"HTTP/1.1 200 OK\r\n\r\nbody"):
            with self.subTest(head=head):
                server = self.serve(head, forever(head))
                self.assertEqual(
                    self.look(server, scheme="https")["status"], "ok")

    def test_no_answer(self):
        rows = [
            (silence, "did not answer in time", "timeout"),
            (close, "closed the connection", "closed"),
            (reset, "(reset|closed) the connection", None),
        ]
        for step, words, ending in rows:
            for version in (V12, V13):
                with self.subTest(words=words, version=version.name):
                    self.limit = "1"
                    target = self.look(self.serve(step, version=version),
                                       scheme="https")
                    self.assertEqual(target["status"], "warning")
                    f = self.find(target, "endpoint.no-answer")
                    self.assertRegex(f["message"],
                                     "^the handshake went well, but there is "
                                     "no answer to GET /: the server .*" +
                                     words)
                    if ending:
                        self.assertEqual(f["details"]["ending"], ending)
                    # The certificate is judged all the same.
                    self.assertEqual(len(target["certificates"]), 2)

    def test_no_answer_and_expired(self):
        old = self.leaf
        self.leaf = self.pki.leaf("old.example.net", NAME, rsa=True,
                                  not_before="2026-01-01",
                                  not_after="2026-01-02")
        self.limit = "1"
        target = self.look(self.serve(silence), scheme="https")
        self.leaf = old
        self.find(target, "expiry.expired")
        self.find(target, "endpoint.no-answer")

    def test_only_where_http_is_meant(self):
        """A bare HOST:PORT may be anything; it is not waited for long."""
        server = self.serve(silence)
        began = time.monotonic()
        self.limit = "20"
        self.assertRun(self.check(f"127.0.0.1:{server.port}"), OK)
        self.assertLess(time.monotonic() - began, 10)

    def test_nothing_is_said_in_other_schemes(self):
        server = self.own(Hostile(context=self.context()))
        heard = []
        server.script = (lambda peer: heard.append(peer.recv(4096)),)
        for scheme in ("tls", "smtps", "imaps", "ldaps"):
            self.assertEqual(self.look(server, scheme=scheme)["status"], "ok")
        support.wait_for("the servers' ends", lambda: len(heard) == 4)
        self.assertEqual(heard, [b""] * 4)


class ClientCertificates(RequestCase):
    """Without one: who requires it is healthy, and says so in many ways."""

    schemes = ("https", "tls", "smtps", "imaps", "pop3s", "ldaps", "ftps")

    def expect_required(self, server, scheme, words):
        target = self.look(server, scheme=scheme)
        self.assertEqual(target["status"], "ok", target["findings"])
        f = self.find(target, "client.required")
        self.assertRegex(f["message"], words)
        self.assertEqual(len(target["certificates"]), 2)
        self.assertTrue(target["handshake"]["client_certificate_requested"])

    def test_openssl(self):
        for version, words in (("-tls1_2", "alert 40 handshake_failure"),
                               ("-tls1_3", "alert 116 certificate_required")):
            server = self.own(SServer(
                "-cert", self.leaf.pem, "-key", self.leaf.key, "-cert_chain",
                self.pki.intermediate.pem, "-CAfile", self.pki.root.pem,
                "-Verify", "3", "-verify_return_error", version))
            for scheme in self.schemes:
                with self.subTest(version=version, scheme=scheme):
                    self.expect_required(server, scheme, words)

    def test_nginx(self):
        nginx = self.own(StrictNginx(self.folder, [Host(
            NAME, self.pki.chain(self.leaf), self.leaf.key)],
            self.pki.root.pem))
        for scheme in self.schemes:
            with self.subTest(scheme=scheme):
                target = self.look(nginx, scheme=scheme)
                self.assertEqual(target["status"], "ok")
                self.assertEqual(
                    target["handshake"]["client_cas"], ["CN=Example Root"])
                # nginx refuses in HTTP's words, which only https asks for.
                self.assertEqual(
                    "client.required" in
                    [f["id"] for f in target["findings"]], scheme == "https")
        f = self.find(self.look(nginx, scheme="https"), "client.required")
        self.assertEqual(f["message"],
                         "requires a client certificate (HTTP 400)")

    def test_in_http(self):
        rows = [
            (REFUSED % 400, True, True), (REFUSED % 496, True, True),
            (REFUSED % 495, True, True),
            # of others nobody was asked, or they mean something else
            (REFUSED % 400, False, False), (REFUSED % 200, True, False),
            (b"HTTP/1.1 400 Bad Request\r\n\r\nno", True, False),
        ]
        for version in (V12, V13):
            for answer, ask, required in rows:
                with self.subTest(answer=answer[:20], ask=ask):
                    server = self.serve(answer, close, version=version,
                                        ask=ask)
                    target = self.look(server, scheme="https")
                    self.assertEqual(target["status"], "ok")
                    self.assertEqual(
                        "client.required" in
                        [f["id"] for f in target["findings"]], required)

    def test_closed_without_a_word(self):
        """As Node and Java do, and nginx's 444."""
        for version in (V12, V13):
            with self.subTest(version=version.name):
                self.expect_required(
                    self.serve(close, version=version, ask=True), "https",
                    "closes the connection without one")

    def test_asked_for_later(self):
        """By a new handshake, page by page, as Apache does; RFC 8446, 4.6.2
        in TLS 1.3."""
        rows = [("-tls1_2", b"R\n",
                 rb"(?s)CertificateRequest.*>>> [^>]*, Finished"),
                ("-tls1_3", b"c\n",
                 rb"(?s)CertificateRequest.*<<< [^>]*, Finished")]
        for version, command, words in rows:
            with self.subTest(version=version):
                server = self.own(SServer(
                    "-cert", self.leaf.pem, "-key", self.leaf.key,
                    "-cert_chain", self.pki.intermediate.pem, "-CAfile",
                    self.pki.root.pem, version, "-msg",
                    "-no_resumption_on_reneg"))
                thread = threading.Thread(target=self.ask_later, daemon=True,
                                          args=(server, command, words))
                thread.start()
                target = self.look(server, scheme="https")
                thread.join(20)
                self.assertEqual(target["status"], "ok", target["findings"])
                self.assertEqual(target["http"]["status"], 200)
                self.assertTrue(
                    target["handshake"]["client_certificate_requested"])
                self.assertEqual(len(target["certificates"]), 2)

    @staticmethod
    def ask_later(server, command, words):
        server.until(rb"GET / HTTP")
        server.typed(command)
        server.until(words)
        server.typed(b"HTTP/1.1 200 OK\n\n")


class StrictNginx(Nginx):
    """An nginx that requires a client certificate."""

    def __init__(self, folder, hosts, ca):
        self.ca = ca
        super().__init__(folder, hosts)

    def write_config(self):
        super().write_config()
        path = f"{self.folder}/nginx.conf"
        with open(path, encoding="utf-8") as f:
            text = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(
                "return 200", f"ssl_client_certificate {self.ca};\n"
                "        ssl_verify_client on;\n        return 200"))


if __name__ == "__main__":
    support.main()
