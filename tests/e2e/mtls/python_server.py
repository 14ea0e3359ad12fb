"""python_server.py - https of Python's ssl, for each setting of a file; or
what is no HTTP and says nothing, with session tickets or without"""
import contextlib
import http.server
import json
import socket
import ssl
import struct
import sys
import threading

VERIFY = {"require": ssl.CERT_REQUIRED, "optional": ssl.CERT_OPTIONAL,
          "none": ssl.CERT_NONE}


def context(host):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = made.maximum_version = \
        getattr(ssl.TLSVersion, host["version"].replace(".", "_"))
    made.load_cert_chain(host["cert"], host["key"])
    made.verify_mode = VERIFY[host["verify"]]
    if host["ca"]:
        made.load_verify_locations(host["ca"])
    if host["crl"]:
        made.load_verify_locations(host["crl"])
        made.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    if host["talk"] == "silent":
        made.num_tickets = 0
    return made


class Server(http.server.ThreadingHTTPServer):
    """Its handshakes are those of the threads, so that none holds up the
    next."""

    request_queue_size = 64

    def __init__(self, host):
        self.host, self.context = host, context(host)
        super().__init__(("127.0.0.1", host["port"]), Handler)

    def finish_request(self, request, client_address):
        with contextlib.suppress(OSError):
            request.settimeout(30)
            request = self.context.wrap_socket(request, server_side=True)
            if self.host["answer"] == "reset" and not request.getpeercert():
                request.recv(4096)
                request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                   struct.pack("ii", 1, 0))
            elif self.host["talk"] is None:
                super().finish_request(request, client_address)
            else:
                while request.recv(4096):
                    pass
            request.close()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        data = self.server.host["text"].encode() + b"\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        servers = [Server(host) for host in json.load(f)]
    threads = [threading.Thread(target=s.serve_forever) for s in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
