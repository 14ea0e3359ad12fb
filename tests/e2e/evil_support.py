"""evil_support.py - what a certificate, a server and a file name may say to
break out of each place where the program repeats it

The certificates are put together byte by byte: no tool would make them.
"""
import json
import os
import re
import ssl
import subprocess
import time

MARK = "EVIL"

# Each begins with what a spreadsheet, a shell or a line might take for more
# than text, and holds a mark by which it is found again.
TRICKS = {
    "terminal": "EVIL\x1b[2J\x1b]0;title\x07\x1b]52;c;ZXZpbA==\x1b\\\x9b31m"
                "\x08\x7f\x0e",
    "bidi": "EVIL\u202egpj.exe\u2066\u200b\u2069\ufeff\u2028\u2029\u00ad"
            "\U000e0041\u061c",
    "lines": "EVIL\r\nX-Evil: 1\r\nBcc: evil@example.net\r\n\r\n.\r\nQUIT\n"
             "\x0b\x0c\x85\tSTATUS=EVIL\nREADY=1\nCERTVIGIL_TARGET=EVIL",
    "ics": "EVIL\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\n "
           ";VALUE=URI:http://evil.example/,\\;\\n\\N",
    "nagios": "EVIL | 'EVIL'=1s;2;3;4;5\n| x=1 \\n\\n'=''::",
    "html": "EVIL</title></style></script><script>alert(1)</script>"
            "<img src=x onerror=alert(1)>\"' onmouseover=alert(1) x='"
            "--><!--]]><![CDATA[&lt;&#60;<a href=javascript:alert(1)>x</a>",
    "label": "EVIL\"} 1\nevil_metric{a=\"\\\\\",b='\\\n# TYPE evil counter\n",
    "formula": "=HYPERLINK(\"http://evil.example\",\"EVIL\")",
    "plus": " +EVIL|' /C calc'!A0",
    "cells": "EVIL;=1+1;\"@SUM(1)\";-2+3\n=4",
    "wide": "\uff1dEVIL",
    "json": "EVIL\"}],\"evil\":[{\"a\":\"\\u0000\\ud800\\",
    "format": "%s%n%5000d$(touch EVIL)`touch EVIL`${EVIL}{{EVIL}}{EVIL}",
    "mention": "<!channel> @here @everyone <at>all</at> EVIL*_~`[x](http://e)",
    "bytes": b"EVIL\xff\xfe\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe2\x80",
    "hebrew": "EVIL \u05e9\u05dc\u05d5\u05dd e\u0301\u0301\u0301 \U0001f525",
    "long": "EVIL" + "x" * 4000,
}

TEXTS = {name: text for name, text in TRICKS.items() if isinstance(text, str)}
NAMES = list(TEXTS.values())


def raw(trick):
    trick = TRICKS[trick]
    return trick if isinstance(trick, bytes) else trick.encode()


def write_config(path, config):
    """JSON is YAML but for a character beyond U+FFFF, which JSON has as a
    pair of surrogates."""
    text = re.sub(r"\\u(d[89ab]..)\\u(d[c-f]..)", lambda m: "\\U" + "%08x" % (
        0x10000 + (int(m[1], 16) - 0xd800 << 10) + int(m[2], 16) - 0xdc00),
        json.dumps(config, indent=1))
    with open(path, "w", encoding="ascii") as f:
        os.fchmod(f.fileno(), 0o600)  # it holds what looks like secrets
        f.write(text + "\n")
    return path


def moments(*days):
    """As GeneralizedTime has them, in so many days."""
    return [time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() +
                                                       d * 86400))
            for d in days]


# --- DER

SEQUENCE, SET, UTF8, T61, IA5, BMP = 0x30, 0x31, 0x0c, 0x14, 0x16, 0x1e
SHA256_RSA = "1.2.840.113549.1.1.11"
CN, O, OU, L, EMAIL = ("2.5.4.3", "2.5.4.10", "2.5.4.11", "2.5.4.7",
                       "1.2.840.113549.1.9.1")


def tlv(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    if n < 128:
        return bytes([tag, n]) + body
    size = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def oid(text):
    first, second, *rest = map(int, text.split("."))
    out = bytes([first * 40 + second])
    for n in rest:
        groups = [n & 127]
        while n := n >> 7:
            groups.append(n & 127 | 128)
        out += bytes(reversed(groups))
    return tlv(6, out)


def name(*attributes):
    """(OID, tag, bytes), each a set of its own."""
    return tlv(SEQUENCE, *(
        tlv(SET, tlv(SEQUENCE, oid(kind), tlv(tag, value)))
        for kind, tag, value in attributes))


def extension(kind, value, critical=False):
    return tlv(SEQUENCE, oid(kind), b"\x01\x01\xff" if critical else b"",
               tlv(4, value))


def openssl(*args, data=b""):
    return subprocess.run(["openssl", *args], input=data, check=True,
                          capture_output=True).stdout


class Key:
    def __init__(self, path):
        self.path = path
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt",
                "rsa_keygen_bits:2048", "-out", path)
        self.public = openssl("pkey", "-in", path, "-pubout", "-outform",
                              "DER")

    def sign(self, data):
        return openssl("dgst", "-sha256", "-sign", self.path, data=data)


def certificate(subject, issuer, key, signer, dates, extensions, serial):
    """DER; `dates` are two moments, as GeneralizedTime has them."""
    algorithm = tlv(SEQUENCE, oid(SHA256_RSA), b"\x05\0")
    tbs = tlv(SEQUENCE, tlv(0xa0, b"\x02\x01\x02"), tlv(2, serial),
              algorithm, issuer,
              tlv(SEQUENCE, *(tlv(0x18, d.encode()) for d in dates)),
              subject, key.public,
              tlv(0xa3, tlv(SEQUENCE, *extensions)))
    return tlv(SEQUENCE, tbs, algorithm, tlv(3, b"\0", signer.sign(tbs)))


def attributes(kind, *tricks):
    """Of these tricks; invalid UTF-8 stands as what may have any byte, for
    OpenSSL takes no name of UTF8String whose bytes are none."""
    return [(kind, T61 if trick == "bytes" else UTF8, raw(trick))
            for trick in tricks]


def evil_name(lead):
    """All tricks, the CN last as it is usual: RFC 2253 turns that round, and
    what is too long is cut at the end."""
    return name(*attributes(OU, *reversed(TRICKS)), *attributes(O, "html"),
                (L, BMP, TRICKS["bidi"].encode("utf-16-be")[:36]),
                (EMAIL, IA5, raw("lines")), (O, UTF8, b"a\0EVIL"),
                *attributes(CN, lead))


class Chain:
    """A hostile leaf and its hostile CA: `.pem` is the chain, `.key` the
    leaf's. `dates` as certificate() has them; `lead` begins the subject."""

    def __init__(self, folder, stem, dates, lead="terminal"):
        self.pem = os.path.join(folder, stem + ".pem")
        ca_key = Key(os.path.join(folder, stem + ".ca.key"))
        key = Key(os.path.join(folder, stem + ".key"))
        self.key = key.path
        ca = evil_name("html")
        basic = extension("2.5.29.19", tlv(SEQUENCE, b"\x01\x01\xff"), True)
        # dNSName, rfc822Name, URI, and an address of no known length
        sans = tlv(SEQUENCE, *(tlv(tag, raw(trick)) for trick in TRICKS
                               for tag in (0x82, 0x81, 0x86)),
                   tlv(0x87, b"\x1b\x9b\0"))
        access = tlv(SEQUENCE, tlv(SEQUENCE, oid("1.3.6.1.5.5.7.48.2"),
                                   tlv(0x86, b"http://127.0.0.1:1/" +
                                       raw("html"))))
        leaf = certificate(
            evil_name(lead), ca, key, ca_key, dates,
            [extension("2.5.29.17", sans),
             extension("1.3.6.1.5.5.7.1.1", access),
             # of no known kind: its OID is all there is to tell
             extension("1.3.6.1.4.1.99999.27", b"\x1b[2J", True)],
            b"\x10\xe1")
        signer = certificate(ca, ca, ca_key, ca_key, dates, [basic], b"\x01")
        with open(self.pem, "w", encoding="ascii") as f:
            f.write(ssl.DER_cert_to_PEM_cert(leaf) +
                    ssl.DER_cert_to_PEM_cert(signer))
