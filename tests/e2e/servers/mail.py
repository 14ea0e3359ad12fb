"""mail.py - Postfix and Dovecot"""
import os
import shutil

from .server import AS_ROOT, TLS13, Server, me

POSTFIX_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = /dev/stdout
myhostname = mail.example.net
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_tls_security_level = {level}
smtpd_tls_chain_files = {key}, {chain}
smtpd_tls_protocols = {versions}
smtpd_tls_mandatory_protocols = {versions}
smtpd_tls_loglevel = 1
"""

POSTFIX_MASTER = """\
tlsmgr     unix  -  -  n  1000?  1  tlsmgr
rewrite    unix  -  -  n  -      -  trivial-rewrite
proxymap   unix  -  -  n  -      -  proxymap
anvil      unix  -  -  n  -      1  anvil
postlog    unix-dgram n - n -    1  postlogd
{listeners}"""


class Postfix(Server):
    name, program = "Postfix", "/usr/lib/postfix/sbin/master"
    plain, implicit = ("smtp", "submission"), ("smtps", "submissions")
    needs_root = True

    def prepare(self):
        for folder in ("conf", "data", "queue/pid", "queue/private",
                       "queue/public"):
            os.makedirs(self.path(folder), exist_ok=True)
        self.write("conf/main.cf", POSTFIX_MAIN.format(
            **vars(self), level="may" if self.tls else "none",
            versions=f">={self.tls}, <={self.tls}" if self.tls else ""))
        listeners = ""
        for scheme, port in self.ports.items():
            wrapped = "yes" if scheme in self.implicit else "no"
            listeners += f"127.0.0.1:{port} inet n - n - - smtpd " \
                         f"-o smtpd_tls_wrappermode={wrapped}\n"
        self.write("conf/master.cf",
                   POSTFIX_MASTER.format(listeners=listeners))
        # Postfix waits until nobody can still be writing these.
        for name in ("conf/main.cf", "conf/master.cf"):
            os.utime(self.path(name), (0, 0))

    def hand_over(self):
        for folder in ("data", "queue/private", "queue/public"):
            shutil.chown(self.path(folder), "postfix")

    def argv(self):
        # Not `postfix start-fg`: the master would be its child, not ours. It
        # ends its process group with itself, so it gets one of its own.
        return ["setpriv", "--pdeathsig", "TERM", self.program,
                "-c", self.path("conf"), "-d"]

    def who(self):
        return dict(start_new_session=True)


DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
protocols = imap pop3 lmtp sieve
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{folder}/mail
disable_plaintext_auth = no
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
ssl = {ssl}
ssl_cert = <{chain}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
import_environment = TZ LC_ALL OPENSSL_CONF={folder}/openssl.cnf
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  {chroot}
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service managesieve-login {{
  {chroot}
  inet_listener sieve {{
    port = {sieve}
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""

# Dovecot knows only the least version; OpenSSL knows the greatest, too.
OPENSSL = """\
openssl_conf = top
[top]
ssl_conf = ssl
[ssl]
system_default = all
[all]
MinProtocol = {tls}
MaxProtocol = {tls}
"""


class Dovecot(Server):
    name, program = "Dovecot", "dovecot"
    plain = ("imap", "pop3", "lmtp", "sieve")
    implicit = ("imaps", "pop3s")

    def prepare(self):
        user, group = ("dovecot", "dovecot") if AS_ROOT else me()
        self.write("openssl.cnf", OPENSSL.format(tls=self.tls or TLS13))
        self.write("dovecot.conf", DOVECOT.format(
            **dict({"imaps": 0, "pop3s": 0}, **self.ports), **vars(self),
            user=user, group=group, login="dovenull" if AS_ROOT else user,
            uid=os.getuid() or 65534, gid=os.getgid() or 65534,
            chroot="" if AS_ROOT else "chroot =",
            ssl="yes" if self.tls else "no"))

    def argv(self):
        return ["dovecot", "-F", "-c", self.path("dovecot.conf")]
