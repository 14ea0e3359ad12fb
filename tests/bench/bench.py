#!/usr/bin/env python3
"""bench.py - certvigil beside loops of openssl(1), on this machine, now

    tests/bench/bench.py [--files N] [--endpoints N] [--rounds N] BUILD

Both sides get the same fresh certificates and the same nginx, in turn. They do
not do the same work: certvigil judges names and the chain as well, the loops
verify the chain and print the end date. Times are the median of the rounds;
rely on the ratio, for the machine may be busy with other things.
"""
import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "e2e"))

FILES_LOOP = """
for f in "$1"/*.pem; do
    openssl x509 -in "$f" -noout -enddate || exit 1
    openssl verify -CAfile "$2" -untrusted "$f" "$f" || exit 1
done >/dev/null
"""

ENDPOINTS_LOOP = """
ca=$1; shift
for port; do
    openssl s_client -connect 127.0.0.1:"$port" -CAfile "$ca" \\
        -verify_return_error </dev/null 2>/dev/null |
        openssl x509 -noout -enddate || exit 1
done >/dev/null
"""


def measure(command):
    """Wall-clock and CPU seconds of one run, which must succeed."""
    before, began = os.times(), time.monotonic()
    done = subprocess.run(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL)
    wall, after = time.monotonic() - began, os.times()
    if done.returncode != 0:
        sys.exit(f"{command[0]}: exit status {done.returncode}")
    return wall, (after.children_user - before.children_user +
                  after.children_system - before.children_system)


def compare(what, n, sides, rounds):
    """Run the sides in turn; print rates, and ratios to the first."""
    told = {name: [] for name in sides}
    for _ in range(rounds):
        for name, command in sides.items():
            told[name].append(measure(command))
    print(f"\n{n} {what}, median of {rounds} rounds\n"
          f"  {'':<16}{'wall s':>9}{'per s':>9}{'cpu ms each':>13}"
          f"{'x wall':>9}{'x cpu':>8}")
    first = None
    for name, runs in told.items():
        wall = statistics.median(w for w, _ in runs)
        cpu = statistics.median(c for _, c in runs)
        first = first or (wall, cpu)
        print(f"  {name:<16}{wall:>9.3f}{n / wall:>9.0f}"
              f"{cpu / n * 1000:>13.2f}{wall / first[0]:>9.1f}"
              f"{cpu / first[1]:>8.1f}")


def many_free_ports(n):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--endpoints", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("build")
    args = parser.parse_args()
    os.environ["BUILD"] = os.path.abspath(args.build)
    from support import CERTVIGIL, Host, Nginx, Pki

    with tempfile.TemporaryDirectory() as folder:
        pki = Pki(folder)
        files = f"{folder}/files"
        os.mkdir(files)
        print(f"making {args.files + args.endpoints} certificates", flush=True)
        for i in range(args.files):
            pki.bundle(f"files/{i}.pem",
                       *pki.leaf(f"www{i}.example.com").path_up())
        hosts = []
        for i, port in enumerate(many_free_ports(args.endpoints)):
            leaf = pki.leaf(f"host{i}", "IP:127.0.0.1")
            hosts.append(Host(f"host{i}", pki.chain(leaf), leaf.key, port))
        root = pki.root.pem

        compare("files", args.files, {
            "certvigil": [CERTVIGIL, "check", "--trust", root, files],
            "openssl loop": ["sh", "-c", FILES_LOOP, "sh", files, root],
        }, args.rounds)

        nginx = Nginx(folder, hosts)
        try:
            ports = [str(h.port) for h in hosts]
            compare("endpoints, nginx on the same machine", len(ports), {
                "certvigil": [CERTVIGIL, "check", "--trust", root,
                              *("127.0.0.1:" + p for p in ports)],
                # Without the request that https sends.
                "certvigil tls://": [CERTVIGIL, "check", "--trust", root,
                                     *("tls://127.0.0.1:" + p
                                       for p in ports)],
                "openssl loop": ["sh", "-c", ENDPOINTS_LOOP, "sh", root,
                                 *ports],
            }, args.rounds)
        finally:
            nginx.stop()


if __name__ == "__main__":
    main()
