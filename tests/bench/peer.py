#!/usr/bin/env python3
"""peer.py - what a script of a few lines does, with Python's own means

    peer.py endpoints LIST CA THREADS LIMIT_S
    peer.py files ssl|cryptography LIST

endpoints   a verified handshake each, and the days left of the leaf
files       ssl: the first certificate of each file; cryptography: all of them

Prints good=N.
"""
import socket
import ssl
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def days_left(not_after):
    return (ssl.cert_time_to_seconds(not_after) - time.time()) // 86400


def endpoints(path, ca, threads, limit_s):
    ctx = ssl.create_default_context(cafile=ca)

    def look(line):
        address, port, name = line.split()
        try:
            with socket.create_connection((address, int(port)),
                                          float(limit_s)) as s, \
                    ctx.wrap_socket(s, server_hostname=name) as t:
                return days_left(t.getpeercert()["notAfter"]) >= 0
        except OSError:
            return False

    with open(path, encoding="ascii") as f, \
            ThreadPoolExecutor(int(threads)) as pool:
        return sum(pool.map(look, f))


def with_ssl(path):
    # Not public, but what people use: ssl reads no files of certificates.
    told = ssl._ssl._test_decode_cert(path)
    return days_left(told["notAfter"]), told["subject"], \
        told.get("subjectAltName")


def with_cryptography(path):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    end = b"-----END CERTIFICATE-----\n"
    with open(path, "rb") as f:
        parts = f.read().split(end)[:-1]
    for part in parts:
        c = x509.load_pem_x509_certificate(part + end)
        names = [e.value.get_values_for_type(x509.DNSName)
                 for e in c.extensions
                 if isinstance(e.value, x509.SubjectAlternativeName)]
        yield c.not_valid_after, c.fingerprint(hashes.SHA256()), names, \
            c.subject.rfc4514_string()


def files(how, path):
    good = 0
    with open(path, encoding="utf-8") as f:
        for name in f.read().splitlines():
            good += len(with_ssl(name)) == 3 if how == "ssl" else \
                len(list(with_cryptography(name))) > 0
    return good


if __name__ == "__main__":
    print("good=%d" % {"endpoints": endpoints, "files": files}[sys.argv[1]](
        *sys.argv[2:]))
