"""chat.py - Prosody and InspIRCd"""
import os
import signal

from .server import TLS13, Server

PROSODY = """\
run_as_root = true
daemonize = false
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
log = {{ {{ levels = {{ min = "info" }}, to = "console" }} }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {xmpp} }}
s2s_ports = {{ {xmpp-server} }}
c2s_direct_tls_ports = {{ {xmpps} }}
s2s_direct_tls_ports = {{ {xmpps-server} }}
modules_enabled = {{ {modules} }}
modules_disabled = {{ "http", "offline", "posix" }}
c2s_require_encryption = {required}
s2s_require_encryption = {required}
allow_unencrypted_plain_auth = true
ssl = {{
    certificate = "{chain}";
    key = "{key}";
    protocol = "{version}";
}}
VirtualHost "mail.example.net"
"""


class Prosody(Server):
    name, program = "Prosody", "prosody"
    plain = ("xmpp", "xmpp-server")
    implicit = ("xmpps", "xmpps-server")

    def prepare(self):
        os.makedirs(self.path("data"), exist_ok=True)
        modules = ["saslauth", "dialback"] + (["tls"] if self.tls else [])
        version = (self.tls or TLS13).lower().replace(".", "_")
        self.write("prosody.cfg.lua", PROSODY.format_map(dict(
            {scheme: "" for scheme in self.implicit}, **self.ports,
            **vars(self), version=version,
            required="true" if self.tls else "false",
            modules=", ".join(f'"{m}"' for m in modules))))

    def argv(self):
        return ["prosody", "-F", "--config", self.path("prosody.cfg.lua")]


INSPIRCD = """\
<server name="irc.example.net" description="irc" network="Example" id="0AA">
<admin name="admin" nick="admin" email="admin@example.net">
<bind address="127.0.0.1" port="{irc}" type="clients">
<connect allow="*" timeout="60" resolvehostnames="no">
<dns server="127.0.0.1" timeout="1">
<pid file="{folder}/pid">
<path configdir="{folder}" datadir="{folder}" logdir="{folder}">
<log method="file" type="*" level="default" target="{folder}/log">
"""

INSPIRCD_TLS = """\
<bind address="127.0.0.1" port="{ircs}" type="clients" sslprofile="tls">
<module name="ssl_gnutls">
<module name="starttls">
<sslprofile name="tls" provider="gnutls" certfile="{chain}" keyfile="{key}"
 priority="NORMAL:-VERS-ALL:+VERS-TLS{version}">
"""


class Inspircd(Server):
    name, program = "InspIRCd", "inspircd"
    plain, implicit = ("irc",), ("ircs",)
    farewell = signal.SIGKILL  # when asked to end, it crashes

    def prepare(self):
        text = INSPIRCD + (INSPIRCD_TLS if self.tls else "")
        self.write("inspircd.conf", text.format(
            **vars(self), **self.ports, version=(self.tls or "")[4:]))

    def argv(self):
        return [self.unconfined(), "--nofork", "--runasroot",
                "--config", self.path("inspircd.conf")]
