"""test_proxies.py - endpoints that are reached through a proxy"""
import json
import time
import unittest

import support
from proxy_support import HttpProxy, Proxy, SaidProxy, SocksProxy
from support import (CRITICAL, OK, UNKNOWN, ClosedPort, Host, Nginx, ScanCase,
                     certvigil, have_ipv6)
from test_endpoint import Scripted

NAME = "www.example.net"


class ProxyCase(ScanCase):

    def setUp(self):
        super().setUp()
        self.leaf = self.pki.leaf(NAME, NAME, "IP:127.0.0.1")

    def nginx(self, address="127.0.0.1"):
        return self.own(Nginx(
            self.folder, [Host(NAME, self.pki.chain(self.leaf),
                               self.leaf.key)], address))

    def look(self, proxy, target, *args, **how):
        url = proxy if isinstance(proxy, str) else proxy.url
        return certvigil("check", "--proxy", url, "--trust",
                         self.pki.root.pem, "-v", *args, target, **how)

    def handshake(self, done):
        return json.loads(done.stdout)["targets"][0]["handshake"]

    def secret(self, text):
        return self.write("secret", text.encode() + b"\n")


class GoodTest(ProxyCase):

    def test_http_and_socks(self):
        server = self.nginx()
        for kind in (HttpProxy, SocksProxy):
            with self.subTest(kind=kind.__name__):
                proxy = self.own(kind(to={NAME: "127.0.0.1"}))
                done = self.look(proxy, f"{NAME}:{server.port}",
                                 "--output", "json")
                self.assertRun(done, OK)
                # The proxy resolves the name: nobody here knows it.
                self.assertEqual(proxy.asked, [(NAME, server.port)])
                self.assertEqual(
                    self.handshake(done)["peer"],
                    f"{NAME}:{server.port} through proxy {proxy.url}")

    def test_socks5_resolves_here(self):
        server = self.nginx()
        proxy = self.own(SocksProxy())
        url = proxy.url.replace("socks5h", "socks5")
        self.assertRun(self.look(url, f"localhost:{server.port}", "-4",
                                 "--sni", NAME), OK)
        self.assertEqual(proxy.asked, [("127.0.0.1", server.port)])
        done = self.look(url, "no-such-host.invalid")
        self.assertRun(done, CRITICAL, "cannot be resolved")
        self.assertEqual(len(proxy.asked), 1)

    def test_an_address_in_place_of_the_host(self):
        server = self.nginx()
        for kind in (HttpProxy, SocksProxy):
            proxy = self.own(kind())
            self.assertRun(self.look(proxy, f"{NAME}:{server.port}",
                                     "--address", "127.0.0.1"), OK)
            self.assertEqual(proxy.asked, [("127.0.0.1", server.port)])

    @unittest.skipUnless(have_ipv6(), "needs IPv6 on loopback")
    def test_ipv6(self):
        server = self.nginx("::1")
        for kind in (HttpProxy, SocksProxy):
            proxy = self.own(kind())
            self.assertRun(self.look(proxy, f"[::1]:{server.port}",
                                     "--sni", NAME), OK)
            self.assertEqual(proxy.asked, [("::1", server.port)])

    def test_all_addresses_of_a_name_that_the_proxy_resolves(self):
        server = self.nginx()
        proxy = self.own(HttpProxy(to={NAME: "127.0.0.1"}))
        self.assertRun(self.look(proxy, f"{NAME}:{server.port}",
                                 "--all-addresses"), OK)
        self.assertEqual(len(proxy.asked), 1)

    def test_what_the_server_says_first_is_not_lost(self):
        """Its greeting comes in one packet with the proxy's answer."""
        server = self.own(Scripted(self.pki, self.leaf, [
            b"220 mail.example.net ESMTP\r\n", "EHLO",
            b"250-mail.example.net\r\n250 STARTTLS\r\n", "STARTTLS",
            b"220 go\r\n", Scripted.TLS]))
        proxy = self.own(HttpProxy(to={NAME: "127.0.0.1"}))
        proxy.greedy = True
        self.assertRun(self.look(proxy, f"smtp://{NAME}:{server.port}"), OK)

    def test_configured_for_all_or_for_one(self):
        server = self.nginx()
        proxy = self.own(HttpProxy(to={NAME: "127.0.0.1"}))
        self.config["defaults"]["proxy"] = proxy.url
        self.watch({"endpoint": f"{NAME}:{server.port}"},
                   {"endpoint": f"127.0.0.1:{server.port}",
                    "proxy": "none"})
        self.assertRun(self.scan(), OK)
        self.assertEqual(proxy.asked, [(NAME, server.port)])


class EnvironmentTest(ProxyCase):

    def test_the_environment_and_netrc_do_not_count(self):
        server = self.nginx()
        wrong = self.own(SaidProxy(b"HTTP/1.1 403 Wrong one\r\n\r\n"))
        proxy = self.own(HttpProxy(to={NAME: "127.0.0.1"}))
        self.write(".netrc", b"default login netrc password geheim\n")
        env = {k: wrong.url for k in
               ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY",
                "HTTPS_PROXY")}
        env.update(no_proxy="*", NO_PROXY="*", HOME=self.folder)
        target = f"{NAME}:{server.port}"
        self.assertRun(self.look(proxy, target, env=env), OK)
        self.assertEqual(proxy.asked, [(NAME, server.port)])
        self.assertNotIn(b"uthorization", proxy.heard)
        # Nor where no proxy is configured.
        self.assertRun(certvigil("check", "--trust", self.pki.root.pem,
                                 "--sni", NAME, f"127.0.0.1:{server.port}",
                                 env=env), OK)


class CredentialsTest(ProxyCase):

    def test_shown_to_the_proxy_and_to_nobody_else(self):
        server = self.nginx()
        for kind in (HttpProxy, SocksProxy):
            with self.subTest(kind=kind.__name__):
                proxy = self.own(kind(to={NAME: "127.0.0.1"}, user="anna",
                                      password="ge heim"))
                done = self.look(
                    proxy, f"{NAME}:{server.port}", "--proxy-user", "anna",
                    "--proxy-password-file", self.secret("ge heim"), "-vvv")
                self.assertRun(done, OK)
                self.assertNotIn("ge heim", done.stdout + done.stderr)

    def test_wrong_or_missing(self):
        for kind, missing, wrong in [
                (HttpProxy,
                 r"wants a user and a password, set proxy_user and "
                 r"proxy_password_file: it answers 407 \"Who are you\"",
                 r"does not take the user and the password it was shown: "
                 r"it answers 407 \"Who are you\""),
                (SocksProxy,
                 r"it wants a user and a password, set proxy_user",
                 r"it does not take the user and the password it was "
                 r"shown")]:
            with self.subTest(kind=kind.__name__):
                proxy = self.own(kind(user="anna", password="geheim"))
                done = self.look(proxy, NAME)
                self.assertRun(done, CRITICAL, missing)
                done = self.look(
                    proxy, NAME, "--proxy-user", "anna",
                    "--proxy-password-file", self.secret("falsch"))
                self.assertRun(done, CRITICAL, wrong)
                self.assertNotIn("falsch", done.stdout + done.stderr)

    def test_a_proxy_that_repeats_the_password(self):
        for said in ("falsch", "YW5uYTpmYWxzY2g="):
            proxy = self.own(SaidProxy(
                f"HTTP/1.1 407 Not {said}\r\nProxy-Authenticate: Basic "
                f"realm=\"x\"\r\nContent-Length: 0\r\n\r\n".encode()))
            done = self.look(proxy, NAME, "--proxy-user", "anna",
                             "--proxy-password-file", self.secret("falsch"))
            self.assertRun(done, CRITICAL, "answers 407")
            self.assertNotIn(said, done.stdout + done.stderr)

    def test_a_target_with_its_own_proxy_shows_it_nothing(self):
        server = self.nginx()
        mine = self.own(HttpProxy(to={NAME: "127.0.0.1"}, user="anna",
                                  password="geheim"))
        other = self.own(HttpProxy(to={NAME: "127.0.0.1"}))
        self.config["defaults"].update(
            proxy=mine.url, proxy_user="anna",
            proxy_password_file=self.secret("geheim"))
        self.watch({"endpoint": f"{NAME}:{server.port}"},
                   {"endpoint": f"{NAME}:{server.port}", "name": "other",
                    "proxy": other.url})
        self.assertRun(self.scan(), OK)
        self.assertEqual((len(mine.asked), len(other.asked)), (1, 1))
        self.assertIn(b"uthorization", mine.heard)
        self.assertNotIn(b"uthorization", other.heard)
        shown = certvigil("config", "show", "--config",
                          self.path("config.yaml"))
        self.assertRun(shown, OK, r"proxy_password: .\*+")
        self.assertNotIn("geheim", shown.stdout)

    def test_not_on_the_command_line(self):
        for args in (["--proxy", "http://anna:geheim@127.0.0.1:1"],
                     ["--proxy", "http://127.0.0.1:1",
                      "--proxy-password", "geheim"]):
            done = certvigil("check", *args, NAME)
            self.assertRun(done, UNKNOWN)
            self.assertNotIn("geheim", done.stdout + done.stderr)


class FailureTest(ProxyCase):
    """Each names the proxy and says what it did."""

    def expect(self, proxy, words, *args, finding="endpoint.unreachable",
               target=f"{NAME}:4433"):
        url = proxy if isinstance(proxy, str) else proxy.url
        done = self.look(proxy, target, "-t", "5", *args)
        self.assertRun(done, CRITICAL)
        line = next(x for x in done.stdout.splitlines() if finding in x)
        self.assertRegex(line, f"{finding}: no connection to {target} "
                               f"through proxy {url}: {words}")
        return done

    def test_not_found_or_refused(self):
        self.expect("http://no-such-proxy.invalid:3128",
                    "its name cannot be resolved$")
        closed = self.own(ClosedPort())
        for scheme in ("http", "socks5h"):
            self.expect(f"{scheme}://127.0.0.1:{closed.port}",
                        "cannot connect to it: Connection refused$")

    def test_silent(self):
        for scheme in ("http", "socks5h"):
            proxy = self.own(SaidProxy(None, scheme=scheme))
            began = time.monotonic()
            self.expect(proxy, r"no answer in time \(limit 1s\)$", "-t", "1",
                        finding="endpoint.timeout")
            self.assertLess(time.monotonic() - began, 4)

    def test_what_an_http_proxy_says(self):
        for answer, words in [
                ("403 Forbidden by policy",
                 'it answers 403 "Forbidden by policy"$'),
                ("502 Bad Gateway", 'it answers 502 "Bad Gateway"$'),
                ("504", "it answers 504$"),
                ("403 \x1b[1mred\x1b[0m", r'it answers 403 "\\x1b\[1mred')]:
            with self.subTest(answer=answer):
                self.expect(self.own(SaidProxy(
                    f"HTTP/1.1 {answer}\r\n\r\n<html>no</html>".encode())),
                    words)

    def test_what_a_socks_proxy_says(self):
        for reply, words in [
                (1, "general failure"), (2, "not allowed by its rules"),
                (3, "network unreachable"), (4, "host unreachable"),
                (5, "connection refused"), (6, "TTL expired"),
                (7, "CONNECT is not supported"),
                (8, "this type of address is not supported"),
                (99, "a reply that has no meaning")]:
            with self.subTest(reply=reply):
                self.expect(self.own(SocksProxy(reply)),
                            f"it answers: {words}$")

    def test_hostile(self):
        for said, words in [
                (b"", "it closed the connection$"),
                (b"220 mail.example.net ESMTP\r\n",
                 'want an answer to CONNECT, have "220 mail'),
                (b"\x16\x03\x01\x00\x05hello\r\n\r\n",
                 "want an answer to CONNECT, have"),
                # Cut off in the middle.
                (b"HTTP/1.1 403", 'it closed the connection$')]:
            with self.subTest(said=said):
                self.expect(self.own(SaidProxy(said)), words)
        for said, words in [
                (b"", "it closed the connection$"),
                (b"\5", "it closed the connection$"),
                (b"HTTP/1.1 400 Bad Request\r\n\r\n", "want a SOCKS5 reply"),
                (b"\5\1", "want a SOCKS5 reply"),
                (b"\5\xff", "it wants a user and a password")]:
            with self.subTest(said=said):
                self.expect(self.own(SaidProxy(said, scheme="socks5h")),
                            words)

    def test_endless(self):
        """Lines without end, and a line without end: bounded in both."""
        for said, more in [
                (b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 100 + b"\r\n"),
                (b"HTTP/1.1 200 ", b"x" * 4096),
                (b"", b"x" * 4096)]:
            with self.subTest(said=said, more=more[:10]):
                self.expect(self.own(SaidProxy(said, more)),
                            "want an answer to CONNECT, have one without end$")

    def test_bytes_behind_the_answer_are_the_servers(self):
        """What the proxy adds is no TLS, and told as that."""
        proxy = self.own(SaidProxy(
            b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n"))
        done = self.look(proxy, NAME)
        self.assertRun(done, CRITICAL, "endpoint.not-tls")

    def test_tls_through_a_proxy_that_hangs_up(self):
        class Cutting(Proxy):
            def talk(self, peer):
                peer.recv(4096)
                peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                peer.recv(1)

        self.assertRun(self.look(self.own(Cutting()), NAME), CRITICAL,
                       "endpoint.handshake")


class RefusedTest(ProxyCase):

    def test_urls(self):
        for url, words in [
                ("https://proxy:3128", "over TLS is not supported"),
                ("ftp://proxy:21", "want http://HOST:PORT"),
                ("proxy:3128", "want http://HOST:PORT"),
                ("http://proxy", "have no port"),
                ("http://proxy:3128/x", "without a path"),
                ("http://:3128", "want a host name"),
                ("socks5://b\u00fccher .example", "want a host name")]:
            with self.subTest(url=url):
                self.assertRun(self.look(url, NAME), UNKNOWN,
                               stdout=words)


if __name__ == "__main__":
    support.main()
