"""ftp.py - ProFTPD"""
from .server import AS_ROOT, Server, me

PROFTPD = """\
ServerType standalone
ServerName mail.example.net
DefaultAddress 127.0.0.1
Port {ftp}
UseIPv6 off
UseReverseDNS off
User {user}
Group {group}
<IfModule mod_ctrls.c>
    ControlsEngine off
</IfModule>
PidFile {folder}/pid
ScoreboardFile {folder}/scoreboard
DelayEngine off
AuthOrder mod_auth_file.c
WtmpLog off
TransferLog none
SystemLog {folder}/log
"""

PROFTPD_TLS = """\
ModulePath /usr/lib/proftpd
LoadModule mod_tls.c
<Global>
    TLSEngine on
    TLSLog {folder}/tls.log
    TLSProtocol {tls}
    TLSECCertificateFile {leaf}
    TLSECCertificateKeyFile {key}
    TLSCertificateChainFile {issuers}
</Global>
<VirtualHost 127.0.0.1>
    Port {ftps}
    TLSOptions UseImplicitSSL
</VirtualHost>
"""


class Proftpd(Server):
    name, program = "ProFTPD", "proftpd"
    plain, implicit = ("ftp",), ("ftps",)

    def prepare(self):
        text = PROFTPD + (PROFTPD_TLS if self.tls else "")
        user, group = ("nobody", "nogroup") if AS_ROOT else me()
        self.write("proftpd.conf", text.format(
            **vars(self), **self.ports, user=user, group=group))

    def argv(self):
        return ["proftpd", "-n", "-c", self.path("proftpd.conf")]
