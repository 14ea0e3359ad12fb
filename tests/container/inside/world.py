"""world.py - what the tests in the container stand on: systemd and the journal
asked, certificates made afresh, a receiver of alerts, a name server"""
import base64
import contextlib
import hashlib
import hmac
import json
import os
import re
import socket
import ssl
import struct
import subprocess
import threading
import unittest

from receivers import WebhookReceiver

CONFIG = "/etc/certvigil/config.yaml"
SECRET = base64.b64encode(os.urandom(32)).decode()

# Of users that systemd makes up: UIDS-GIDS.md of systemd.
DYNAMIC_UIDS = range(61184, 65520)

OPENED_ID = "633db704e6ba45f18d1c3c04b80ed9b8"
SCANNED_ID = "65b026213b1d45959119fe3d944ee904"


def run(*argv, limit_s=60, status=0):
    """What it printed; another exit status than `status` is a failure."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=limit_s)
    text = done.stdout.decode(errors="replace")
    if status is not None and done.returncode != status:
        raise AssertionError(f"{' '.join(argv)}: exit status "
                             f"{done.returncode}, want {status}:\n{text}")
    return text


def show(unit, name):
    """A property of a unit."""
    return run("systemctl", "show", "--value", "-p", name, unit).strip()


def drop_in(unit, name, text):
    """Add to a unit, as "systemctl edit" does."""
    folder = f"/etc/systemd/system/{unit}.d"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{name}.conf", "w", encoding="utf-8") as f:
        f.write(text)


def journal(*more):
    """The entries of a unit, as dicts."""
    run("journalctl", "--sync")
    told = run("journalctl", "-q", "-b", "--no-pager", "-o", "json", *more)
    return [json.loads(line) for line in told.splitlines()]


def message(entry):
    """An entry's text; what is no text comes as a list of bytes."""
    text = entry.get("MESSAGE") or ""
    return text if isinstance(text, str) else bytes(text).decode(
        errors="replace")


def write(path, text, mode=0o600):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as f:
        os.fchmod(f.fileno(), mode)
        f.write(text)
    os.rename(path + ".new", path)


def configure(config):
    """Write the configuration, readable by root alone: JSON is YAML too."""
    write(CONFIG, json.dumps(config, indent=1) + "\n")


def certificate(path, name, days):
    """A certificate that names itself as its issuer, and its key."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    key = re.sub(r"\.pem$", ".key", path)
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
        "-addext", f"subjectAltName=DNS:{name}", "-days", str(days),
        "-out", path, "-keyout", key)
    for one in (path, key):
        os.chmod(one, 0o600)
    return path, key


class NameServer:
    """Answers for one name with 127.0.0.1, and for no other."""

    def __init__(self, name):
        self.name = b"".join(bytes([len(label)]) + label.encode()
                             for label in name.split(".")) + b"\0"
        self.asked = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                query, peer = self.socket.recvfrom(512)
                self.asked += 1
                self.socket.sendto(self.answer(query), peer)

    def answer(self, query):
        """RFC 1035, 4.1: the question again, and an A record or none."""
        end = query.index(b"\0", 12) + 5
        question, (kind,) = query[12:end], struct.unpack(
            ">H", query[end - 4:end - 2])
        ours = question.lower().startswith(self.name)
        record = b""
        if ours and kind == 1:
            record = struct.pack(">HHHLH4s", 0xc00c, 1, 1, 60, 4,
                                 b"\x7f\0\0\1")
        return query[:2] + struct.pack(
            ">HHHHH", 0x8180 if ours else 0x8183, 1, bool(record), 0, 0) + \
            question + record


class TlsServer:
    """Shakes hands, and says no more."""

    def __init__(self, cert, key):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(cert, key)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.socket.accept()
                peer.settimeout(5)
                with peer, contextlib.suppress(OSError):
                    self.context.wrap_socket(peer, server_side=True).close()


class Case(unittest.TestCase):
    """Tests that go on where the last one ended. What outlives a test is
    kept in `things`, the same for all."""

    maxDiff = None
    things = {}

    def receiver(self):
        if "receiver" not in self.things:
            self.things["receiver"] = WebhookReceiver()
        return self.things["receiver"]

    def portal(self):
        """A TLS server behind a name that only a name server knows."""
        if "portal" not in self.things:
            cert = certificate("/etc/portal/portal.pem", "portal.test", 5)
            self.things["names"] = NameServer("portal.test")
            self.things["portal"] = TlsServer(*cert)
        return self.things["portal"]

    def alert(self, n):
        """The events of the n-th message, its signature verified."""
        request = self.receiver().wait(n, 30)[n - 1]
        h = request.headers
        signed = f"{h['webhook-id']}.{h['webhook-timestamp']}.".encode()
        mac = hmac.new(base64.b64decode(SECRET), signed + request.body,
                       hashlib.sha256).digest()
        self.assertEqual(h["webhook-signature"],
                         "v1," + base64.b64encode(mac).decode())
        return json.loads(request.body)["data"]["events"]

    def config(self, **more):
        """A configuration of two targets whose certificates end soon."""
        made = {
            "defaults": {"warning": "30d", "critical": "2d",
                         "findings": {"chain.self-signed": "off",
                                      "chain.untrusted": "off"}},
            "targets": [
                {"file": "/etc/portal/secret.pem"},
                {"endpoint": f"tls://portal.test:{self.portal().port}"},
            ],
            "notifiers": {"ops": {"webhook": {
                "url": self.receiver().url + "/hook",
                "secret_file": "hook.secret"}}},
            "alerts": {"confirm": 1},
        }
        made.update(more)
        return made
