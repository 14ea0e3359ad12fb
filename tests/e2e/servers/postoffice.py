"""postoffice.py - a Postfix that takes mail, lets in whom Dovecot knows, and
puts it in mailboxes that the tests read"""
import email
import email.policy
import os
import pwd
import shutil
import socket

from support import wait_for

from .server import Server

PASSWORD = "correct horse battery"
USER = "certvigil"
DOMAIN = "example.com"

MAIN = """\
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
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
smtpd_peername_lookup = no
message_size_limit = 2000000
virtual_transport = virtual
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{{boxes}}}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_recipient_restrictions =
    check_recipient_access inline:{{
        {{later@{domain} = 450 4.2.0 Greylisted, come back later}}}}
    permit
smtpd_relay_restrictions = permit_auth_destination reject
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_received_header = yes
smtpd_tls_chain_files = {key}, {chain}
smtpd_tls_CAfile = {clients}
smtpd_tls_ask_ccert = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_security_options = noanonymous
"""

# What each port is for; the others of a Postfix are not needed.
# A process that has served one client does not outlive the doorkeeper whom it
# knows.
LISTENERS = {
    "submission": "-o max_use=1 -o smtpd_tls_security_level=encrypt "
                  "-o smtpd_sasl_auth_enable=yes "
                  "-o {login}",
    "smtps": "-o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes "
             "-o {login}",
    "plain": "-o smtpd_tls_security_level=none",
    "certificate": "-o smtpd_tls_wrappermode=yes -o smtpd_tls_req_ccert=yes",
}
LOGIN = "smtpd_client_restrictions=permit_sasl_authenticated,reject"

MASTER = """\
tlsmgr     unix  -  -  n  1000?  1  tlsmgr
rewrite    unix  -  -  n  -      -  trivial-rewrite
proxymap   unix  -  -  n  -      -  proxymap
anvil      unix  -  -  n  -      1  anvil
postlog    unix-dgram n - n -    1  postlogd
pickup     unix  n  -  n  60     1  pickup
cleanup    unix  n  -  n  -      0  cleanup
qmgr       unix  n  -  n  300    1  qmgr
bounce     unix  -  -  n  -      0  bounce
defer      unix  -  -  n  -      0  bounce
trace      unix  -  -  n  -      0  bounce
flush      unix  n  -  n  1000?  0  flush
showq      unix  n  -  n  -      -  showq
error      unix  -  -  n  -      -  error
retry      unix  -  -  n  -      -  error
virtual    unix  -  n  n  -      -  virtual
"""

# As `postfix set-permissions` has it.
QUEUE = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold",
         "incoming", "private", "saved", "trace", "maildrop", "public")


class PostOffice(Server):
    name, program = "Postfix", "/usr/lib/postfix/sbin/master"
    plain = tuple(LISTENERS)
    needs_root = True

    def __init__(self, folder, served, clients, boxes=("ops", "night")):
        """`clients` is the bundle of CAs whose client certificates count."""
        self.clients = clients
        who = pwd.getpwnam("nobody")
        self.uid, self.gid, self.domain = who.pw_uid, who.pw_gid, DOMAIN
        self.names = boxes
        self.boxes = " ".join(f"{{{b}@{DOMAIN} = {b}/}}"
                              for b in (*boxes, "later"))
        super().__init__(folder, served)

    def prepare(self):
        for name in ("conf", "data", "mail", "queue/pid",
                     *(f"queue/{q}" for q in QUEUE)):
            os.makedirs(self.path(name), exist_ok=True)
        self.write("conf/main.cf", MAIN.format(**vars(self)))
        listeners = "".join(
            f"127.0.0.1:{port} inet n - n - - smtpd "
            f"{LISTENERS[name].format(login=LOGIN)}\n"
            for name, port in self.ports.items())
        self.write("conf/master.cf", MASTER + listeners)
        # Postfix waits until nobody can still be writing these.
        for name in ("conf/main.cf", "conf/master.cf"):
            os.utime(self.path(name), (0, 0))
        self.sendmail = self.write(
            "sendmail", "#!/bin/sh\nexec /usr/sbin/sendmail -C "
                        f"{self.path('conf')} \"$@\"\n")
        os.chmod(self.sendmail, 0o755)

    def hand_over(self):
        # It delivers as nobody, who has to get to the mailboxes.
        for folder in (os.path.dirname(self.folder), self.folder):
            os.chmod(folder, 0o711)
        os.chown(self.path("mail"), self.uid, self.gid)
        shutil.chown(self.path("data"), "postfix")
        for name in QUEUE:
            shutil.chown(self.path(f"queue/{name}"), "postfix")
            os.chmod(self.path(f"queue/{name}"), 0o700)
        for name, mode in (("maildrop", 0o730), ("public", 0o710)):
            shutil.chown(self.path(f"queue/{name}"), "postfix", "postdrop")
            os.chmod(self.path(f"queue/{name}"), mode)

    def argv(self):
        return ["setpriv", "--pdeathsig", "TERM", self.program,
                "-c", self.path("conf"), "-d"]

    def who(self):
        # It ends its process group with itself.
        return dict(start_new_session=True)

    # --- the mailboxes

    def files(self, box):
        new = self.path(f"mail/{box}/new")
        if not os.path.isdir(new):
            return []
        return sorted((os.path.join(new, f) for f in os.listdir(new)),
                      key=lambda path: os.stat(path).st_mtime_ns)

    def read(self, box, n=1):
        """The raw mails of a mailbox, once there are `n`."""
        wait_for(f"{n} mails for {box}", lambda: len(self.files(box)) >= n)
        mails = []
        for path in self.files(box):
            with open(path, "rb") as f:
                mails.append(f.read())
        return mails

    def mails(self, box, n=1):
        return [email.message_from_bytes(raw, policy=email.policy.default)
                for raw in self.read(box, n)]


AUTH = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
protocols =
ssl = no
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={folder}
}}
auth_mechanisms = {mechanisms}
service auth {{
  unix_listener {socket} {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


class Doorkeeper(Server):
    """Dovecot, for nothing but asking who somebody is."""

    name, program = "Dovecot", "dovecot"
    needs_root = True

    def __init__(self, office, served, mechanisms="plain login"):
        self.socket = office.path("queue/private/auth")
        self.mechanisms = mechanisms
        super().__init__(os.path.dirname(office.folder), served)

    def prepare(self):
        os.chmod(self.folder, 0o711)
        self.write("users", f"{USER}:{{PLAIN}}{PASSWORD}\n")
        self.write("dovecot.conf", AUTH.format(**vars(self)))

    def argv(self):
        return ["dovecot", "-F", "-c", self.path("dovecot.conf")]

    def answers(self):
        """An end of a former one may still lie there: it has to speak."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(1)
            try:
                s.connect(self.socket)
                said = b""
                while b"\nDONE\n" not in said:
                    more = s.recv(4096)
                    if not more:
                        return False
                    said += more
            except OSError:
                return False
        return all(f"\nMECH\t{m.upper()}\t".encode() in said
                   for m in self.mechanisms.split())
