"""hostile.py - TLS servers made by hand, record by record, that go wrong

A server plays one script to each client. In a script b"..." is sent, a
function is called with the socket; the constants below do what they are
called. Records are of TLS 1.2, where all up to the client's key is in the
clear, and whose handshake a server can take so far without any cipher.
"""
import contextlib
import os
import re
import select
import socket
import struct
import subprocess
import threading
import time

RECORD = 16384

ALERT, HANDSHAKE = 21, 22
HELLO_REQUEST, SERVER_HELLO, CERTIFICATE, CERTIFICATE_REQUEST, HELLO_DONE = \
    0, 2, 11, 13, 14


def record(kind, data, version=0x0303):
    """As many records as it takes."""
    out = b""
    for at in range(0, max(len(data), 1), RECORD):
        part = data[at:at + RECORD]
        out += struct.pack("!BHH", kind, version, len(part)) + part
    return out


def length24(n):
    return struct.pack("!I", n)[1:]


def message(kind, body=b"", version=0x0303):
    """One message of a handshake (RFC 5246, 7.4)."""
    return record(HANDSHAKE, bytes([kind]) + length24(len(body)) + body,
                  version)


def server_hello(version=0x0303, cipher=0x002f):
    """TLS_RSA_WITH_AES_128_CBC_SHA, and no extension at all: a server that
    knows nothing of secure renegotiation either."""
    return message(SERVER_HELLO, struct.pack("!H", version) + b"r" * 32 +
                   b"\0" + struct.pack("!HB", cipher, 0), version)


def certificate(*ders, declared=None):
    """The list; `declared` is a length of it that does not fit."""
    body = b"".join(length24(len(der)) + der for der in ders)
    n = len(body) if declared is None else declared
    return message(CERTIFICATE, length24(n) + body)


def certificate_request():
    """RFC 5246, 7.4.4: RSA, SHA-256, no CA named."""
    return message(CERTIFICATE_REQUEST, b"\x01\x01\0\x02\x04\x01\0\0")


def hello_done():
    return message(HELLO_DONE)


def alert(number, level=2):
    return record(ALERT, bytes([level, number]))


def hello(peer):
    """Read the ClientHello."""
    peer.recv(1)
    # What is left unread would make a reset of the end.
    drain(peer, 0)


def drain(peer, limit_s):
    while select.select([peer], [], [], limit_s)[0] and peer.recv(65536):
        pass


def close(peer):
    """An end in order: the client gets all that was sent."""
    peer.shutdown(socket.SHUT_WR)
    with contextlib.suppress(OSError):
        drain(peer, 5)
    raise EOFError


def reset(peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))
    peer.close()
    raise EOFError


def silence(peer):
    """Until the client has had enough."""
    with contextlib.suppress(OSError):
        drain(peer, 20)
    raise EOFError


def drip(data, every_s=0.1):
    def step(peer):
        for i in range(len(data)):
            peer.sendall(data[i:i + 1])
            time.sleep(every_s)
        silence(peer)
    return step


def forever(data):
    def step(peer):
        while True:
            peer.sendall(data)
    return step


class Hostile:
    """A server on a free port; `context` (ssl.SSLContext): the script is
    played within TLS."""

    def __init__(self, *script, context=None):
        self.script, self.context = script, context
        self.heard = b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def play(self, peer):
        for step in self.script:
            if isinstance(step, bytes):
                peer.sendall(step)
            else:
                step(peer)

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.socket.accept()
                with peer, contextlib.suppress(OSError, EOFError):
                    peer.settimeout(20)
                    if self.context is None:
                        self.play(peer)
                    else:
                        with self.context.wrap_socket(
                                peer, server_side=True) as tls:
                            self.play(tls)

    def request(self, peer):
        """Within TLS: read an HTTP request."""
        self.heard = b""
        while b"\r\n\r\n" not in self.heard:
            data = peer.recv(4096)
            if not data:
                raise EOFError
            self.heard += data

    def stop(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(10)


class SServer:
    """A real `openssl s_server`, which speaks what others have left off;
    `typed()` is sent to the client, or are its commands."""

    def __init__(self, *args):
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", *args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        self.port = int(self.until(rb"ACCEPT \S+:(\d+)\s").group(1))

    def until(self, words, limit_s=20):
        """Read what it prints up to these words; returns their match."""
        said, out = b"", self.process.stdout.fileno()
        while select.select([out], [], [], limit_s)[0]:
            more = os.read(out, 4096)
            said += more
            found = re.search(words, said)
            if found:
                return found
            if not more:
                break
        self.stop()
        raise AssertionError(f"s_server: {said.decode()}")

    def typed(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
