"""pki.py - the certificates of clients and of their CAs, the good and the bad,
what servers know of them, and what servers show themselves"""
import hashlib
import os
import ssl
import subprocess

from support import Pki, run

# name: common name, issuer, and mkcert's options
CAS = {
    "ca": ("Client CA", None, {}),
    "other-ca": ("Other CA", None, {}),
    # The name of the first and another key, told apart by their key ids.
    "twin-ca": ("Client CA", None, {}),
    # The same without key ids, and as Huawei's guide makes them.
    "v1-first": ("Old CA", None, dict(v1=True, rsa=True)),
    "v1-second": ("Old CA", None, dict(v1=True, rsa=True)),
    "top": ("Client Root", None, {}),
    "middle-ca": ("Issuing CA", "top", {}),
    "deep-ca": ("Issuing CA 2", "middle-ca", {}),
    "old-ca": ("Expired CA", None,
               dict(not_before="-800d", not_after="-3d")),
}

CLIENT = dict(eku="clientAuth")

LEAVES = {
    "good": ("ca", CLIENT),
    "expired": ("ca", dict(CLIENT, not_before="-90d", not_after="-2d")),
    "early": ("ca", dict(CLIENT, not_before="+2d", not_after="+90d")),
    "no-eku": ("ca", dict(eku="")),
    "server-eku": ("ca", dict(eku="serverAuth")),
    "no-signing": ("ca", dict(CLIENT, key_usage="critical,keyEncipherment")),
    "agreeing": ("ca", dict(CLIENT, key_usage="critical,keyAgreement")),
    "revoked": ("ca", dict(CLIENT, serial="0bad")),
    "sha1": ("ca", dict(CLIENT, sha1=True)),
    "rsa1024": ("ca", dict(CLIENT, key="rsa1024.small")),
    "other": ("other-ca", CLIENT),
    "self-signed": (None, CLIENT),
    "twin": ("twin-ca", CLIENT),
    "of-v1-first": ("v1-first", dict(CLIENT, v1=True)),
    "of-v1-second": ("v1-second", dict(CLIENT, v1=True)),
    "middle": ("middle-ca", CLIENT),
    "deep": ("deep-ca", CLIENT),
    "of-old-ca": ("old-ca", CLIENT),
}

# What a server is given as its CAs: files of these, in this order.
CA_FILES = {
    "ca": ["ca"],
    "other": ["other-ca"],
    "v1": ["v1-first"],
    "v1-both": ["v1-first", "v1-second"],
    "top": ["top"],
    "middle+top": ["middle-ca", "top"],
    "top+middle": ["top", "middle-ca"],
    "middle": ["middle-ca"],
    "deep": ["deep-ca", "middle-ca", "top"],
    "old": ["old-ca"],
    "all": ["ca", "other-ca"],
}

CA_CONFIG = """\
[ca]
default_ca = this
[this]
database = {folder}/index.txt
default_md = sha256
"""


class Certificates(Pki):
    """`clients` are the certificate files by name, `keys` their keys,
    `ca_files` and `crls` what servers read, `trusts` our own; the root and the
    intermediate of support.Pki are those of the servers."""

    def __init__(self, folder):
        super().__init__(folder, "Server")
        self.certs, self.clients, self.keys = {}, {}, {}
        self.small_key("rsa1024.small")
        for name, (cn, issuer, options) in CAS.items():
            self.certs[name] = self.make(
                name, self.certs.get(issuer), cn=cn, ca=True,
                **dict(not_before="-800d", not_after="+2000d") | options)
        for name, (issuer, options) in LEAVES.items():
            self.client(name, self.certs.get(issuer), dict(options))
        self.ca_files = {
            name: self.bundle(f"{name}.cas.pem",
                              *(self.certs[c] for c in cas))
            for name, cas in CA_FILES.items()}
        self.crls = {
            "fresh": self.crl("fresh", "20250101000000Z", "20400101000000Z"),
            "old": self.crl("old", "20250101000000Z", "20250201000000Z")}
        self.served = self.servers()
        # Some know more of the clients' CAs than the server.
        self.trusts = {
            "usual": self.root.pem,
            "issuing": self.bundle("issuing.trust.pem", self.root,
                                   self.certs["middle-ca"])}

    def sha256(self, served):
        """Of the leaf that a server shows."""
        with open(self.served[served][0], encoding="ascii") as f:
            first = f.read().partition("-----END")[0] + \
                "-----END CERTIFICATE-----\n"
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()

    def small_key(self, name):
        """mkcert makes no key as weak."""
        run("openssl", "genrsa", "-out", self.file(name), "1024")

    def file(self, name):
        return os.path.join(self.folder, name)

    def client(self, name, issuer, options):
        if "key" in options:
            options["key"] = self.file(options["key"])
        cert = self.make(name, issuer, cn=f"client {name}",
                         **dict(not_after="+300d") | options)
        self.certs[name] = cert
        self.clients[name], self.keys[name] = cert.pem, cert.key
        if issuer is not None and issuer.issuer is not None:
            self.clients[name + "+chain"] = self.chain(cert)
            self.keys[name + "+chain"] = cert.key

    def crl(self, name, last, following):
        """A CRL of "ca" that holds the revoked one."""
        self.write("index.txt", "R\t400101000000Z\t250101000000Z\t0BAD\t"
                   "unknown\t/CN=revoked\n")
        self.write("index.txt.attr", "")
        config = self.write("ca.conf", CA_CONFIG.format(folder=self.folder))
        out = self.file(f"{name}.crl")
        ca = self.certs["ca"]
        subprocess.run(
            ["openssl", "ca", "-config", config, "-gencrl", "-out", out,
             "-cert", ca.pem, "-keyfile", ca.key, "-crl_lastupdate", last,
             "-crl_nextupdate", following],
            check=True, capture_output=True, timeout=30)
        return out

    def write(self, name, text):
        with open(self.file(name), "w", encoding="ascii") as f:
            f.write(text)
        return self.file(name)

    def servers(self):
        """The certificate files of servers, (chain, key) by name."""
        names = ("IP:127.0.0.1", "DNS:mtls.example.net")
        good = self.leaf("server", *names, not_after="+300d")
        late = self.leaf("server-expired", *names, not_before="-90d",
                         not_after="-1d")
        return {
            "good": (self.chain(good), good.key),
            "expired": (self.chain(late), late.key),
            "leaf-alone": (good.pem, good.key),
        }
