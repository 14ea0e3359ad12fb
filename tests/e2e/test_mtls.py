"""test_mtls.py - client certificates of every kind before servers of every
make, in TLS 1.2 and 1.3, near and far: what is found, and that it is found
again

    test_mtls.py [--runs N] [--delay MS]

With these the whole matrix is run so many times near and so many times that
far away, there and back, and any two results that differ are told.
"""
import argparse
import os
import re
import shutil
import socket
import sys
import tempfile
import time
import unittest

from mtls import Relay, World, missing, table
from support import BUILD, Case

FAR_S = 0.150  # each way

# Before any far away these tell the most: what is found in a hurry, or late.
FAR = "abcdfim"


def differences(results):
    """What was found otherwise than the matrix has it, a line each."""
    for cell, told in results.items():
        want, have = cell.finds(), cell.settle(told.ids)
        if want != have:
            yield f"{cell.name}: want {sorted(want)}, have {sorted(have)}:" \
                  f"\n{told.words}"
        elif not re.search(cell.row.cause, told.words):
            yield f"{cell.name}: want {cell.row.cause!r} in:\n{told.words}"


def changes(before, now):
    for cell, told in now.items():
        if cell.settle(told.ids) != cell.settle(before[cell].ids):
            yield f"{cell.name}: {before[cell].ids}, then {told.ids}:\n" \
                  f"{before[cell].words}\nthen\n{told.words}"


class MatrixTest(Case):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.mkdtemp(prefix="certvigil-")
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        os.chmod(cls.shared, 0o755)
        cls.world = World(cls.shared)
        cls.addClassCleanup(cls.world.stop)
        cls.near = None

    def look_near(self):
        if MatrixTest.near is None:
            MatrixTest.near = self.world.scan()
        return MatrixTest.near

    def test_all_servers(self):
        if missing():
            self.skipTest(f"not installed: {', '.join(missing())}")

    def test_servers_are_as_measured(self):
        """Else it is no wonder if the program finds something else."""
        wrong = [f"{cell.name}: want {cell.wire()}, have {seen}"
                 for cell, (seen, _) in self.world.bare_all().items()
                 if seen not in cell.wire()]
        self.assertEqual(wrong, [])

    def test_near(self):
        results = self.look_near()
        lines = table(results)
        with open(f"{BUILD}/mtls.txt", "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        print("\n" + "\n".join(lines), flush=True)
        wrong = list(differences(results))
        self.assertFalse(wrong, "\n".join(wrong))

    def test_the_other_half(self):
        """Whatever becomes of the client, the server's chain is judged."""
        for cell, told in self.look_near().items():
            if "endpoint.handshake" in told.ids:
                continue
            with self.subTest(cell=cell.name):
                self.assertEqual(told.json["certificates"][0]["sha256"],
                                 self.world.pki.sha256(cell.setting.served))

    def test_no_false_alarm(self):
        """Nor a false comfort, whatever the matrix has."""
        alarmed = comforted = 0
        for cell, told in self.look_near().items():
            with self.subTest(cell=cell.name, told=told.words):
                if cell.is_healthy:
                    self.assertEqual(told.status, "ok")
                    comforted += 1
                if cell.is_open and cell.row.client is not None:
                    self.assertEqual(told.status, "critical")
                    self.assertNotIn("client.ok", told.ids)
                    alarmed += 1
        self.assertGreater(min(alarmed, comforted), 20)

    def test_far(self):
        some = [c for c in self.world.cells if c.row.case[0] in FAR]
        relay = self.own(Relay(FAR_S))
        wrong = list(differences(self.world.scan(some, relay)))
        self.assertFalse(wrong, "\n".join(wrong))


class RelayTest(Case):
    """The line itself: what comes through it, and when."""

    def setUp(self):
        super().setUp()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        relay = self.own(Relay(0.05))
        port = relay.to(self.listener.getsockname()[1])
        self.near = socket.create_connection(("127.0.0.1", port), 10)
        self.addCleanup(self.near.close)
        self.far = self.listener.accept()[0]
        self.addCleanup(self.far.close)
        self.far.settimeout(10)

    def test_takes_its_time(self):
        data = os.urandom(1 << 20)
        began = time.monotonic()
        self.near.sendall(b"?")
        self.assertEqual(self.far.recv(10), b"?")
        self.assertGreaterEqual(time.monotonic() - began, 0.05)
        self.far.sendall(data)
        self.far.close()
        self.assertEqual(b"".join(iter(lambda: self.near.recv(65536), b"")),
                         data)

    def test_half_an_end(self):
        self.near.shutdown(socket.SHUT_WR)
        self.assertEqual(self.far.recv(10), b"")
        self.far.sendall(b"still here")
        self.assertEqual(self.near.recv(100), b"still here")

    def test_reset(self):
        self.near.sendall(b"unread")
        self.far.recv(1)
        self.far.sendall(b"last words")
        self.far.close()  # with bytes unread: a reset
        self.assertEqual(self.near.recv(100), b"last words")
        with self.assertRaises(ConnectionResetError):
            self.near.recv(100)

    def test_reset_after_the_end(self):
        self.far.close()
        self.assertEqual(self.near.recv(10), b"")
        self.near.sendall(b"too late")
        with self.assertRaises(OSError):
            for _ in range(100):
                self.near.sendall(b"again")
                time.sleep(0.01)


def again_and_again(runs, delay_ms):
    """The whole matrix, near and far by turns; returns the exit status."""
    folder = tempfile.mkdtemp(prefix="certvigil-")
    relay, world, wrong = Relay(delay_ms / 2000), World(folder), []
    try:
        first = world.scan()
        print("\n".join(table(first)))
        wrong += differences(first)
        for run in range(runs):
            for far in (relay, None):
                results = world.scan(relay=far)
                changed = list(changes(first, results))
                print(f"run {run + 1}, {'far' if far else 'near'}: "
                      f"{len(changed)} of {len(first)} differ", flush=True)
                wrong += changed + list(differences(results))
    finally:
        world.stop()
        relay.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(wrong) or "all as it should be")
    return bool(wrong)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--delay", type=int, default=300)
    args, rest = parser.parse_known_args()
    if args.runs:
        sys.exit(again_and_again(args.runs, args.delay))
    unittest.main(argv=sys.argv[:1] + rest, verbosity=2)
