"""world.py - all servers of the matrix at once, and the program before them"""
import collections
import concurrent.futures
import itertools
import json
import os

from servers.server import TLS12, TLS13, find
from support import SANITIZER, certvigil, write_config

from .bare import bare
from .matrix import Cell
from .pki import Certificates
from .rows import ROWS
from .servers import Apache, Haproxy, Nginx, Node, Openssl, Python

KINDS = {"apache": Apache, "nginx": Nginx, "haproxy": Haproxy,
         "openssl": Openssl, "node": Node, "python": Python}

# What nobody answers is over soon, and all else long before.
SOON_S, TIMEOUT_S = 3, 20

Told = collections.namedtuple("Told", "status verdict ids words json")


def cells():
    """All cells of the servers that can be had."""
    return [Cell(row, server, tls)
            for row, (server, kind) in itertools.product(ROWS, KINDS.items())
            for tls in (TLS12, TLS13)
            if kind.takes(row.setting) and find(kind.program)]


def missing():
    return [server for server, kind in KINDS.items()
            if not find(kind.program)]


def tell(target):
    """What is compared of a target's JSON."""
    findings = [f for f in target["findings"]
                if f["severity"] != "ok" or f["id"].startswith("client.")]
    client = target.get("client") or {}
    return Told(target["status"], client.get("verdict"),
                tuple(sorted({f["id"] for f in findings})),
                "\n".join(f"{f['id']}: {f['message']}; {f.get('hint')}"
                          for f in findings), target)


class World:
    def __init__(self, folder):
        self.folder = folder
        self.pki = Certificates(folder)
        self.cells = cells()
        self.servers, self.runs = {}, 0
        try:
            for name, kind in KINDS.items():
                mine = [c for c in self.cells if c.server == name]
                if mine:
                    self.servers[name] = kind(folder, self.pki, mine)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        for server in self.servers.values():
            server.stop()

    def port(self, cell, relay=None):
        port = self.servers[cell.server].port(cell)
        return port if relay is None else relay.to(port)

    def bare(self, cell):
        """What a bare client sees, and whether it was asked."""
        client = cell.row.client
        return bare(self.port(cell), cell.path,
                    self.pki.clients.get(client), self.pki.keys.get(client),
                    cell.sni)

    def bare_all(self):
        with concurrent.futures.ThreadPoolExecutor(24) as pool:
            return dict(zip(self.cells, pool.map(self.bare, self.cells)))

    def target(self, cell, relay):
        row, scheme = cell.row, "tls" if cell.setting.talk else "https"
        target = {
            "name": cell.name,
            "endpoint": f"{scheme}://{cell.sni or '127.0.0.1'}"
                        f":{self.port(cell, relay)}"
                        f"{'' if cell.setting.talk else cell.path}",
            "timeout": f"{SOON_S if cell.is_silent else TIMEOUT_S}s",
        }
        if cell.sni:
            target["address"] = "127.0.0.1"
        client = target["client"] = {"expect": row.expect}
        if row.client is not None:
            client.update(certificate=self.pki.clients[row.client],
                          key=self.pki.keys[row.client])
        if row.expect == "required" and row.client is None:
            del target["client"]
        if row.trust:
            target["trust"] = self.pki.trusts[row.trust]
        if row.client_ca:
            target["client_ca"] = self.pki.ca_files[row.client_ca]
        return target

    def scan(self, some=None, relay=None):
        """Look at these cells, or at all, behind a relay or not; returns
        {cell: Told}."""
        some = self.cells if some is None else some
        self.runs += 1
        config = write_config(
            os.path.join(self.folder, f"config{self.runs}.yaml"), {
                "defaults": {"trust": self.pki.trusts["usual"],
                             "retries": 0},
                "workers": 32,
                "state": os.path.join(self.folder, f"state{self.runs}.db"),
                "targets": [self.target(c, relay) for c in some]})
        done = certvigil("scan", "--config", config, "--output", "json",
                         limit_s=280)
        if SANITIZER.search(done.stderr) or not done.stdout:
            raise AssertionError(done.stderr)
        told = {t["name"]: tell(t)
                for t in json.loads(done.stdout)["targets"]}
        return {c: told[c.name] for c in some}
