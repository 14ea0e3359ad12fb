"""proxy_support.py - proxies of our own: CONNECT and SOCKS5, good and hostile"""
import base64
import contextlib
import socket
import struct
import threading


def pump(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def relay(a, b):
    other = threading.Thread(target=pump, args=(a, b), daemon=True)
    other.start()
    pump(b, a)
    other.join(10)


class Proxy:
    """A listener on loopback whose connections `talk` serves.

    `asked` holds what was asked for, (host, port), and `heard` all bytes of
    the dialogues. `to` maps a name to where it really is.
    """

    scheme = "http"

    def __init__(self, to=None, user=None, password=None):
        self.to, self.user, self.password = to or {}, user, password
        self.asked, self.heard = [], b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"{self.scheme}://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.socket.accept()
                threading.Thread(target=self.handle, args=(peer,),
                                 daemon=True).start()

    def handle(self, peer):
        with peer, contextlib.suppress(OSError):
            peer.settimeout(20)
            self.talk(peer)

    def read(self, peer, n):
        data = b""
        while len(data) < n:
            more = peer.recv(n - len(data))
            if not more:
                raise OSError("closed")
            data += more
        self.heard += data
        return data

    def connect(self, host, port):
        self.asked.append((host, port))
        return socket.create_connection((self.to.get(host, host), port), 10)

    def stop(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(10)


class HttpProxy(Proxy):
    """CONNECT, with Basic where it has a user. `first` goes out in the packet
    of the answer, before what the server says."""

    greedy = False  # have the server's first bytes in the answer's packet

    def request(self, peer):
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.read(peer, 1)
        return head.decode()

    def allows(self, head):
        if self.user is None:
            return True
        token = base64.b64encode(
            f"{self.user}:{self.password}".encode()).decode()
        return f"Proxy-Authorization: Basic {token}\r\n" in head

    def talk(self, peer):
        while not self.allows(head := self.request(peer)):
            peer.sendall(b"HTTP/1.1 407 Who are you\r\n"
                         b"Proxy-Authenticate: Basic realm=\"x\"\r\n"
                         b"Content-Length: 0\r\n\r\n")
        host, port = head.split()[1].rsplit(":", 1)
        try:
            server = self.connect(host.strip("[]"), int(port))
        except OSError:
            peer.sendall(b"HTTP/1.1 502 Bad Gateway\r\n"
                         b"Content-Length: 0\r\n\r\n")
            return
        with server:
            answer = b"HTTP/1.1 200 Connection established\r\n\r\n"
            if self.greedy:
                answer += server.recv(4096)
            peer.sendall(answer)
            relay(peer, server)


class SaidProxy(Proxy):
    """Takes a request, says one thing, and hangs up; `forever` is said then
    again and again; None: says nothing."""

    def __init__(self, said, forever=b"", scheme="http"):
        self.said, self.forever, self.scheme = said, forever, scheme
        super().__init__()

    def talk(self, peer):
        peer.recv(4096)
        if self.said is None:
            while peer.recv(4096):
                pass
            return
        peer.sendall(self.said)
        while self.forever:
            peer.sendall(self.forever)
        # Closing with bytes unread would reset what was just said.
        peer.shutdown(socket.SHUT_WR)
        while peer.recv(4096):
            pass


class SocksProxy(Proxy):
    """SOCKS5 (RFC 1928), with user and password (RFC 1929) where it has them.
    `reply` is what it answers in place of connecting, 0 for connecting."""

    scheme = "socks5h"

    def __init__(self, reply=0, **how):
        self.reply = reply
        super().__init__(**how)

    def log_in(self, peer):
        _, n = self.read(peer, 2)
        methods = self.read(peer, n)
        want = 0 if self.user is None else 2
        if want not in methods:
            peer.sendall(b"\5\xff")
            return False
        peer.sendall(bytes((5, want)))
        if want == 0:
            return True
        _, n = self.read(peer, 2)
        user = self.read(peer, n).decode()
        password = self.read(peer, self.read(peer, 1)[0]).decode()
        good = (user, password) == (self.user, self.password)
        peer.sendall(b"\1\0" if good else b"\1\1")
        return good

    def address(self, peer):
        _, _, _, kind = self.read(peer, 4)
        if kind == 1:
            host = socket.inet_ntop(socket.AF_INET, self.read(peer, 4))
        elif kind == 4:
            host = socket.inet_ntop(socket.AF_INET6, self.read(peer, 16))
        else:
            host = self.read(peer, self.read(peer, 1)[0]).decode()
        return host, struct.unpack("!H", self.read(peer, 2))[0]

    def talk(self, peer):
        if not self.log_in(peer):
            return
        host, port = self.address(peer)
        end = b"\0\1\0\0\0\0\0\0"
        if self.reply != 0:
            self.asked.append((host, port))
            peer.sendall(bytes((5, self.reply)) + end)
            return
        try:
            server = self.connect(host, port)
        except OSError:
            peer.sendall(b"\5\5" + end)
            return
        with server:
            peer.sendall(b"\5\0" + end)
            relay(peer, server)
