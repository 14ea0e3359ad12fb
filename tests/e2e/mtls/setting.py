"""setting.py - how a server is set up, in words that fit every make"""
import dataclasses

# What a server of such a setting lets in, beside clients that it knows.
NOBODY = "nobody"
CERTIFICATES = "any certificate"
STRANGERS = "who has none"
ANYONE = "anyone"
UNASKED = "anyone, unasked"

IGNORE_ALL = "crt-ignore-err all ca-ignore-err all"
IGNORE_EXPIRED = "crt-ignore-err 10"


@dataclasses.dataclass(frozen=True)
class Setting:
    verify: str = "require"  # require, optional, any (optional_no_ca), none
    cas: str = "ca"  # Certificates.ca_files
    names: str = None  # those that are announced, if it is not these
    depth: int = None
    crl: str = None  # Certificates.crls
    late: bool = False  # asked for when /secure is
    answer: str = None  # what is said to those that are not let in
    ignore: str = None  # haproxy's words for errors that it passes over
    talk: str = None  # no HTTP: "tickets", or "silent", without any
    sni: str = None  # the host of this name alone asks
    served: str = "good"  # Certificates.served

    EXTRAS = ("names", "depth", "crl", "late", "answer", "ignore", "talk",
              "sni")

    def extras(self):
        return [name for name in self.EXTRAS if getattr(self, name)]

    @property
    def name(self):
        told = [f.name + " " + str(getattr(self, f.name))
                for f in dataclasses.fields(self)
                if getattr(self, f.name) != f.default]
        return ", ".join(told) or "require"

    @property
    def path(self):
        return "/secure/hello.txt" if self.late else "/hello.txt"

    def lets_in(self, server):
        if self.answer is not None:
            return NOBODY
        if self.verify == "require" and self.ignore == IGNORE_ALL:
            return CERTIFICATES
        if self.verify == "any" and server == "openssl":
            return CERTIFICATES
        return {"require": NOBODY, "optional": STRANGERS, "any": ANYONE,
                "none": UNASKED}[self.verify]
