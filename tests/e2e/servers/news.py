"""news.py - INN's nnrpd, the part of it that readers speak to"""
from .server import Server

INN = """\
mta: /bin/false
domain: example.net
pathhost: news.example.net
pathnews: /usr/lib/news
pathbin: /usr/lib/news/bin
pathetc: {folder}
pathdb: {folder}
pathrun: {folder}
pathlog: {folder}
pathspool: {folder}
pathtmp: {folder}
ovmethod: tradindexed
hismethod: hisv6
enableoverview: true
pathoverview: {folder}
runasuser: news
runasgroup: news
"""

INN_TLS = """\
tlscertfile: {chain}
tlskeyfile: {key}
tlsprotocols: [ {tls} ]
"""

# Whoever comes may read, and there is nothing to read.
READERS = """\
auth all {
    default: "<anyone>"
}
access all {
    newsgroups: "*"
}
"""

STORAGE = """\
method trash {
    newsgroups: *
    class: 0
}
"""


class Nnrpd(Server):
    name, program = "INN (nnrpd)", "/usr/lib/news/bin/nnrpd"
    plain, implicit = ("nntp",), ("nntps",)
    needs_root = True  # nobody else but news may start its innbind
    user = "news"

    def prepare(self):
        text = INN + (INN_TLS if self.tls else "")
        self.write("inn.conf", text.format(**vars(self)))
        self.write("readers.conf", READERS)
        self.write("storage.conf", STORAGE)
        for name in ("active", "newsgroups", "history", "group.index"):
            self.write(name, "")

    def env(self):
        return {"INNCONF": self.path("inn.conf")}

    def argvs(self):
        return [[self.program, "-D", "-f", "-b", "127.0.0.1", "-p", str(port),
                 "-c", "readers.conf"] + (["-S"] if scheme == "nntps" else [])
                for scheme, port in self.ports.items()]
