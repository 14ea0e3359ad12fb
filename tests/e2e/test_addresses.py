"""test_addresses.py - names with several addresses, odd ones, dead ones"""
import os
import re
import socket
import sys
import time
import unittest

import support
from namespace_child import TlsServer
from namespace_support import Names, needs
from support import (CRITICAL, OK, UNKNOWN, ScanCase, SilentServer,
                     certvigil, free_port, have_ipv6)

NAME = "mail.example.net"
CHILD = [sys.executable, "-B",
         os.path.join(support.ROOT, "tests/e2e/namespace_child.py")]


class Unreachable:
    """A port whose queue is full: whoever connects gets no answer at all."""

    def __init__(self, address, port):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((address, port))
        self.socket.listen(0)
        self.filler = socket.create_connection((address, port), 5)

    def stop(self):
        self.filler.close()
        self.socket.close()


class AddressCase(ScanCase):

    def setUp(self):
        super().setUp()
        self.leaf = self.pki.leaf(NAME)
        self.port = 0

    def serve(self, address, leaf=None, chain=None, delay_s=0):
        """A server at this address, on the port of all of them."""
        leaf = leaf or self.leaf
        server = self.own(TlsServer(address, self.port,
                                    chain or self.pki.chain(leaf), leaf.key,
                                    delay_s))
        self.port = server.port
        return server

    def names(self, *addresses, **how):
        return Names(self.folder, {NAME: addresses}, **how)

    def look(self, names, *args, **how):
        return names.certvigil("check", "--trust", self.pki.root.pem,
                               f"{NAME}:{self.port}", *args, **how)

    def look_at_all(self, names, *args, **how):
        """The target's part of the JSON document."""
        done = self.look(names, "--all-addresses", "--output", "json", *args,
                         **how)
        return done, support.json_targets(done)[0]

    def told(self, target, worse_than="ok"):
        return sorted((f["id"], f["subject"]) for f in target["findings"]
                      if f["severity"] != worse_than)


@needs("mount")
class AllTest(AddressCase):

    def test_the_same_everywhere(self):
        addresses = ["127.0.0.2", "127.0.0.3"]
        if have_ipv6():
            addresses.append("::1")
        for a in addresses:
            self.serve(a)
        done, target = self.look_at_all(self.names(*addresses))
        self.assertRun(done, OK)
        first = target["handshake"]["peer"]
        self.assertEqual(first, f"127.0.0.2:{self.port}")
        others = target["other_addresses"]
        self.assertEqual(len(others), len(addresses) - 1)
        for other in others:
            self.assertEqual((other["same_as"], other["faults"]), (first, []))
            self.assertEqual(other["handshake"]["peer"], other["address"])

    def test_the_odd_one_is_named_and_judged(self):
        old = self.pki.leaf(NAME, not_before="-90d", not_after="-1d")
        new = self.pki.leaf("new", NAME)
        self.serve("127.0.0.2", new)
        self.serve("127.0.0.3", new)
        self.serve("127.0.0.4", old)
        odd = f"127.0.0.4:{self.port}"
        # However the names are shuffled, it is the same incident.
        for addresses in (["127.0.0.2", "127.0.0.3", "127.0.0.4"],
                          ["127.0.0.4", "127.0.0.3", "127.0.0.2"]):
            done, target = self.look_at_all(self.names(*addresses))
            self.assertRun(done, CRITICAL)
            self.assertEqual(target["handshake"]["peer"],
                             f"127.0.0.2:{self.port}")
            told = {f["id"]: f for f in target["findings"]}
            self.assertEqual(set(told),
                             {"endpoint.addresses", "expiry.expired"})
            self.assertEqual(told["endpoint.addresses"]["subject"], odd)
            self.assertRegex(
                told["endpoint.addresses"]["message"],
                rf"^{odd} serves '{NAME}' \(ended .*\); "
                rf"127\.0\.0\.2:{self.port} and 1 other serve 'new' \(ends ")
            self.assertRegex(told["expiry.expired"]["message"],
                             f"^{odd}: expired 1 day ago")

    def test_a_chain_without_the_intermediate(self):
        self.serve("127.0.0.2")
        self.serve("127.0.0.3")
        self.serve("127.0.0.4", chain=self.leaf.pem)
        done, target = self.look_at_all(
            self.names("127.0.0.2", "127.0.0.3", "127.0.0.4"))
        self.assertRun(done, CRITICAL)
        self.assertEqual([f["id"] for f in target["findings"]],
                         ["endpoint.addresses", "chain.incomplete"])
        self.assertIn("with a shorter chain: 1 certificate, without "
                      "'Example CA 1'", target["findings"][0]["message"])
        self.assertTrue(target["findings"][1]["message"].startswith(
            f"127.0.0.4:{self.port}: "))
        # What the operator lends, all of them have.
        done, target = self.look_at_all(
            self.names("127.0.0.2", "127.0.0.3", "127.0.0.4"),
            "--intermediates", self.pki.intermediate.pem)
        self.assertEqual([f["id"] for f in target["findings"]],
                         ["endpoint.addresses"])

    def test_one_that_refuses_and_one_that_says_nothing(self):
        silent = self.own(SilentServer())  # at 127.0.0.1
        self.port = silent.port
        self.serve("127.0.0.3")
        self.serve("127.0.0.4")
        names = self.names("127.0.0.1", "127.0.0.2", "127.0.0.3",
                           "127.0.0.4")
        began = time.monotonic()
        done, target = self.look_at_all(names, "-t", "4")
        took = time.monotonic() - began
        self.assertRun(done, CRITICAL)
        self.assertEqual(self.told(target), [
            ("endpoint.timeout", f"127.0.0.1:{self.port}"),
            ("endpoint.unreachable", f"127.0.0.2:{self.port}")])
        for f in target["findings"]:
            self.assertRegex(f["message"], "; 2 of 4 addresses answer$")
        self.assertLess(took, 8)
        self.assertEqual(target["handshake"]["peer"],
                         f"127.0.0.3:{self.port}")

    def test_a_slow_one_has_what_the_quick_ones_leave(self):
        """Its share of eight seconds would be too little."""
        self.serve("127.0.0.2", delay_s=3)
        self.serve("127.0.0.3")
        self.serve("127.0.0.4")
        done, target = self.look_at_all(
            self.names("127.0.0.2", "127.0.0.3", "127.0.0.4"), "-t", "8")
        self.assertRun(done, OK)
        self.assertEqual(target["findings"], [])

    def test_none_answers(self):
        self.port = free_port("127.0.0.2")
        done, target = self.look_at_all(self.names("127.0.0.2", "127.0.0.3"))
        self.assertRun(done, CRITICAL)
        self.assertEqual(len(target["findings"]), 1)
        for a in ("127.0.0.2", "127.0.0.3"):
            self.assertIn(f"({a}:{self.port}: Connection refused)",
                          target["findings"][0]["message"])

    def test_no_more_than_are_looked_at(self):
        self.serve("127.0.0.1")
        done, target = self.look_at_all(self.names(
            *(f"127.0.0.{i}" for i in range(1, 41))))
        self.assertRun(done, CRITICAL)
        self.assertEqual(len(target["other_addresses"]), 31)
        cut = [f for f in target["findings"]
               if f["id"] == "endpoint.addresses"]
        self.assertEqual([f["severity"] for f in cut], ["warning"])
        self.assertIn("want at most 32 addresses, have 40",
                      cut[0]["message"])

    def test_incidents_open_and_resolve(self):
        old = self.pki.leaf("old", NAME)
        self.serve("127.0.0.2")
        odd = self.serve("127.0.0.3", old)
        names = self.names("127.0.0.2", "127.0.0.3")
        self.config["defaults"]["addresses"] = "all"
        self.watch({"endpoint": f"{NAME}:{self.port}"})
        config = self.write_config()

        def scan():
            return names.certvigil("scan", "--config", config, "-o", "json")

        def open_incidents():
            done = certvigil("status", "--config", config)
            return int(re.search(r"(\d+|no) open incidents?",
                                 done.stdout)[1].replace("no", "0"))

        self.assertRun(scan(), CRITICAL)
        self.assertEqual(open_incidents(), 1)
        self.assertRun(scan(), CRITICAL)
        self.assertEqual(open_incidents(), 1)
        odd.stop()
        self.serve("127.0.0.3")
        self.assertRun(scan(), OK)
        self.assertEqual(open_incidents(), 0)


@needs("mount")
class FirstTest(AddressCase):

    @unittest.skipUnless(have_ipv6(), "needs IPv6 on loopback")
    def test_a_dead_ipv6_path_costs_little(self):
        self.serve("127.0.0.2")
        self.own(Unreachable("::1", self.port))
        began = time.monotonic()
        done = self.look(self.names("::1", "127.0.0.2"), "-t", "30", "-v")
        self.assertRun(done, OK)
        self.assertLess(time.monotonic() - began, 15)

    def test_all_failures_are_told(self):
        self.port = free_port("127.0.0.2")
        done = self.look(self.names("127.0.0.2", "127.0.0.3"))
        self.assertRun(done, CRITICAL)
        for a in ("127.0.0.2", "127.0.0.3"):
            self.assertIn(f"{a}:{self.port}: Connection refused", done.stdout)

    @unittest.skipUnless(have_ipv6(), "needs IPv6 on loopback")
    def test_one_family_alone(self):
        self.serve("127.0.0.2")
        # (For IPv4, glibc takes ::1 in /etc/hosts for 127.0.0.1.)
        self.assertRun(self.look(self.names("fd00::dead", "127.0.0.2"), "-4",
                                 "--all-addresses"), OK)
        names = self.names("::1", "127.0.0.2")
        self.assertRun(self.look(names, "-6"), CRITICAL,
                       r"cannot connect \(\[::1\]:\d+: Connection refused\)")
        self.assertRun(self.look(self.names("127.0.0.2"), "-6"), CRITICAL,
                       "it has no IPv6 address|no such host")
        # An address of one's own is all there is.
        self.assertRun(self.look(names, "--all-addresses", "--address",
                                 "127.0.0.2"), OK)


@needs("mount", "net")
class RouteTest(AddressCase):
    """A machine without IPv6: only loopback's ::1, and no route."""

    def run_there(self, names, *serve, args=()):
        port = 4433
        before = list(CHILD)
        for address in serve:
            before += ["--serve", f"{address},{port},"
                       f"{self.pki.chain(self.leaf)},{self.leaf.key}"]
        self.port = port
        return self.look(names, "--output", "json", *args, network=True,
                         before=[*before, "--"])

    def test_no_route_is_a_note_beside_others(self):
        names = self.names("2001:db8::1", "127.0.0.2")
        done = self.run_there(names, "127.0.0.2", args=["--all-addresses"])
        self.assertRun(done, OK)
        finding = support.json_targets(done)[0]["findings"][0]
        self.assertEqual(
            (finding["id"], finding["severity"], finding["subject"]),
            ("endpoint.unreachable", "ok", "[2001:db8::1]:4433"))
        self.assertRegex(finding["message"],
                         "^this machine has no route to it .*; "
                         "1 of 2 addresses answers$")
        # Nor does it matter to who looks at the first.
        self.assertRun(self.run_there(names, "127.0.0.2"), OK)

    def test_a_route_that_refuses_is_none(self):
        """Such as some installers put where they switch IPv6 off."""
        names = self.names("2001:db8::1", "127.0.0.2")
        before = [*CHILD, "--", "sh", "-c",
                  'ip -6 route add unreachable 2001:db8::/32 && exec "$@"',
                  "sh"]
        port = free_port()
        before[len(CHILD):len(CHILD)] = [
            "--serve", f"127.0.0.2,{port},{self.pki.chain(self.leaf)},"
            f"{self.leaf.key}"]
        self.port = port
        done = self.look(names, "--all-addresses", "-vv", network=True,
                         before=before)
        self.assertRun(done, OK, "no route to it .*No route to host")

    def test_no_route_at_all_is_critical(self):
        for args in ([], ["--all-addresses"]):
            done = self.run_there(self.names("2001:db8::1"), args=args)
            self.assertRun(done, CRITICAL, "this machine has no route to it")
            self.assertHint(done)

    def test_no_route_to_an_address_of_ipv4(self):
        ours = self.pki.make("ours", self.pki.intermediate, cn="ours",
                             eku="clientAuth", not_after="+90d")
        for args in ([], ["--all-addresses"],
                     ["--client-cert", self.pki.chain(ours),
                      "--client-key", ours.key]):
            done = self.run_there(self.names("192.0.2.1"), args=args)
            self.assertRun(done, CRITICAL,
                           r"this machine has no route to it \(192\.0\.2\.1:"
                           r"4433: Network is unreachable\)")
            self.assertHint(done)

    def assertHint(self, done):
        """It is told alone, and sends nobody to the server."""
        finding, = [f for f in support.json_targets(done)[0]["findings"]
                    if f["severity"] != "ok"]
        self.assertEqual(finding["id"], "endpoint.unreachable")
        self.assertIn("ip route get", finding["hint"])
        self.assertIn("`family`", finding["hint"])


@needs("mount", "net")
class ResolverTest(AddressCase):

    def test_a_name_server_that_never_answers(self):
        names = self.names("127.0.0.1", nameserver="127.0.0.1",
                           options="options timeout:30 attempts:5\n")
        before = [*CHILD, "--mute", "127.0.0.1", "--"]
        for args in ([], ["--all-addresses"]):
            began = time.monotonic()
            done = names.certvigil("check", "-t", "1", "-v",
                                   "mute.example.net", *args, network=True,
                                   before=before)
            self.assertRun(done, CRITICAL,
                           r"endpoint.timeout: the name mute.example.net was "
                           r"not resolved in time \(limit 1s\)")
            self.assertLess(time.monotonic() - began, 10)


@needs("mount")
class InternationalTest(AddressCase):

    def test_u_labels(self):
        self.leaf = self.pki.leaf("xn--bcher-kva.example")
        self.serve("127.0.0.2")
        names = Names(self.folder, {"xn--bcher-kva.example": ["127.0.0.2"]})
        for host in ("bücher.example", "BÜCHER.Example", "bücher。example",
                     "bu\u0308cher.example", "xn--bcher-kva.example"):
            with self.subTest(host=host):
                done = names.certvigil(
                    "check", "--trust", self.pki.root.pem,
                    f"{host}:{self.port}")
                self.assertRun(done, OK, "xn--bcher-kva.example")
        self.watch({"endpoint": f"https://bücher.example:{self.port}",
                    "names": ["bücher.example"]})
        self.assertRun(names.certvigil("scan", "--config",
                                       self.write_config()), OK)
        # The certificate is held against the A-label, as is what is asked.
        done = names.certvigil("check", "--trust", self.pki.root.pem,
                               "--sni", "büscher.example",
                               f"bücher.example:{self.port}")
        self.assertRun(done, CRITICAL, "xn--bscher-")

    def test_bad_ones_are_told(self):
        for host in ("b\u00fc cher.example", "\u00fc" * 64 + ".example",
                     "a.-\u00fc.example", "\u2603.example",
                     "a\u200b\u00fc..example"):
            with self.subTest(host=host):
                done = certvigil("check", host)
                self.assertRun(done, UNKNOWN, "want a host name")
        self.watch({"endpoint": "\u00fc..example"})
        done = certvigil("config", "check", "--config", self.write_config())
        self.assertRun(done, UNKNOWN, stderr="endpoint: want a host name")


if __name__ == "__main__":
    support.main()
