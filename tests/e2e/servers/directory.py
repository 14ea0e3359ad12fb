"""directory.py - OpenLDAP's slapd"""
from .server import Server

# Debian's slapd stands on GnuTLS, whose priorities name the versions.
SLAPD = """\
pidfile slapd.pid
argsfile slapd.args
"""

SLAPD_TLS = """\
TLSCertificateFile {chain}
TLSCertificateKeyFile {key}
TLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS{version}
"""


class Slapd(Server):
    name, program = "OpenLDAP", "slapd"
    plain, implicit = ("ldap",), ("ldaps",)

    def prepare(self):
        text = SLAPD
        if self.tls:
            text += SLAPD_TLS.format(**vars(self), version=self.tls[4:])
        self.write("slapd.conf", text)

    def argv(self):
        urls = " ".join(f"{scheme}://127.0.0.1:{port}"
                        for scheme, port in self.ports.items())
        return [self.unconfined(), "-d", "0", "-f", "slapd.conf", "-h", urls]
