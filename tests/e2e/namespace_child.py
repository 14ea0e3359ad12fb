"""namespace_child.py - what a test needs inside a network namespace

    namespace_child.py [--serve ADDRESS,PORT,CHAIN,KEY]... [--mute ADDRESS]...
        -- COMMAND

Brings loopback up, serves TLS, has a name server that never answers on port
53, and runs the command; ends with its status.
"""
import contextlib
import fcntl
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def bring_up(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sh14x", name, 0)
        flags = struct.unpack("16sh14x",
                              fcntl.ioctl(s, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(s, SIOCSIFFLAGS,
                    struct.pack("16sh14x", name, flags | IFF_UP))


def answer(context, peer, delay_s):
    with contextlib.suppress(OSError), peer:
        peer.settimeout(10)
        time.sleep(delay_s)
        with context.wrap_socket(peer, server_side=True) as tls:
            tls.recv(4096)
            tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
                        b"Connection: close\r\n\r\n")


class TlsServer:
    """Serves a chain at one address; the port is found if it is 0. Each
    handshake waits `delay_s` first."""

    def __init__(self, address, port, chain, key, delay_s=0):
        self.delay_s = delay_s
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain, key)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = socket.create_server((address, port), family=family)
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.socket.accept()
                threading.Thread(target=answer, daemon=True, args=(
                    self.context, peer, self.delay_s)).start()

    def stop(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(10)


def main():
    args, kept = sys.argv[1:], []
    bring_up(b"lo")
    while args and args[0] != "--":
        option, value = args.pop(0), args.pop(0)
        if option == "--mute":
            mute = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            mute.bind((value, 53))
            kept.append(mute)
        elif option == "--serve":
            address, port, chain, key = value.split(",")
            kept.append(TlsServer(address, int(port), chain, key))
        else:
            sys.exit(f"namespace_child: want an option, have {option!r}")
    return subprocess.run(args[1:], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
