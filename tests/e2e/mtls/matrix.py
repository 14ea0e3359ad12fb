"""matrix.py - which certificate meets which server, what the server does, and
what is to be found"""
import dataclasses

from servers.server import TLS12

from .setting import ANYONE, CERTIFICATES, NOBODY, STRANGERS, UNASKED, \
    Setting

NGINX_ERROR = "400 The SSL certificate error"
NGINX_WANTS = "400 No required SSL certificate was sent"
# What a bare client may see of an end without a word.
EMPTY = ("close", "eof", "reset")

NO_WORD = ("node",)  # it refuses without an alert

BY_LETS = {
    NOBODY: "client.ok",
    CERTIFICATES: "client.any-accepted",
    STRANGERS: "client.not-enforced",
    ANYONE: "client.not-enforced",
    UNASKED: "client.not-requested",
}
BY_END = {EMPTY[0]: "client.empty-reply", "timeout": "client.timeout"}


@dataclasses.dataclass(frozen=True, eq=False)
class Row:
    """One certificate before one setting, or, as client None, none at all.

    `does` is what servers do: "200", "48" for that alert, which nginx and
    Node tell in their own way, "none" for the answer to no certificate,
    "empty", "timeout", another status; `but` what single ones do instead.
    `finds` is what is found of client.* where it is not as usual: by server,
    by version of TLS, or for "all" of them.
    """

    case: str  # the letter of the case
    title: str
    setting: Setting
    client: str  # Certificates.clients, or None
    does: str
    but: dict = dataclasses.field(default_factory=dict)
    finds: dict = dataclasses.field(default_factory=dict)
    also: tuple = ()  # other findings
    cause: str = ""  # a pattern of what must be said
    expect: str = "required"
    trust: str = None  # of Certificates.trusts, where it is not the usual
    client_ca: str = None  # of Certificates.ca_files, where it is at hand
    path: str = None  # another than the setting's
    unnamed: bool = False  # without the setting's SNI


@dataclasses.dataclass(frozen=True, eq=False)
class Cell:
    """A row for one kind of server and one version of TLS."""

    row: Row
    server: str
    tls: str

    @property
    def name(self):
        r = self.row
        return f"{self.server} {self.tls[4:]} {r.case} {r.title}"

    @property
    def setting(self):
        return self.row.setting

    @property
    def does(self):
        return self.row.but.get(self.server, self.row.does)

    @property
    def path(self):
        return self.row.path or self.row.setting.path

    @property
    def sni(self):
        return None if self.row.unnamed else self.row.setting.sni

    @property
    def is_silent(self):
        """Does somebody get no answer? In TLS 1.3 the kernel may answer the
        receipt of the tickets with a reset, or not, and who is not root can
        ask it for a reset only."""
        return self.setting.answer == "silence"

    def wire(self):
        """What a bare client may see."""
        does, in_handshake = self.does, self.tls == TLS12
        if does == "none":
            if self.server == "nginx":
                return (NGINX_WANTS,)
            does = "40" if in_handshake else "116"
        elif does == "112":
            return ("c112",)
        elif does == "timeout" and self.is_silent:
            return (does, *EMPTY)
        elif does == "empty":
            return EMPTY
        elif not does.isdigit() or int(does) >= 200:
            return (does,)
        elif self.server == "nginx":
            return (NGINX_ERROR,)
        elif self.server in NO_WORD:
            return EMPTY
        if self.row.setting.late:
            in_handshake = False
        return (("c" if in_handshake else "r") + does,)

    # --- what is to be found

    @property
    def is_open(self):
        """Does it let in others than it should?"""
        return self.row.expect == "required" and (
            self.row.path is not None or self.row.unnamed or
            self.setting.lets_in(self.server) != NOBODY)

    @property
    def is_healthy(self):
        """Is nothing wrong with the server, nor with our certificate?"""
        return not self.is_open and self.row.expect == "required" and \
            (self.accepted or self.row.client is None) and \
            self.setting.served == "good" and \
            not set(self.row.also) - {"client.ca-list"} and \
            self.setting.names is None and self.row.client_ca != "all"

    @property
    def accepted(self):
        return self.does == "200"

    @property
    def usual(self):
        """What is found of client.* as a rule."""
        lets = self.setting.lets_in(self.server)
        if self.row.client is None:
            return [] if self.accepted else ["client.required"]
        if self.accepted:
            return [BY_LETS[lets]]
        found = [BY_END.get(self.wire()[0], "client.rejected")]
        return found + [BY_LETS[lets]] * (lets in (STRANGERS, ANYONE))

    def settle(self, ids):
        """What luck decides is told as one."""
        if self.is_silent:
            return {{"client.empty-reply": "client.timeout"}.get(i, i)
                    for i in ids} - {"endpoint.no-answer"}
        return set(ids)

    def finds(self):
        """The ids of all findings of client.*, and of the worse others."""
        for which in self.server, self.tls, "all":
            if which in self.row.finds:
                return set(self.row.finds[which]) | set(self.row.also)
        return set(self.usual) | set(self.row.also)
