"""peers.py - the programs that others use for this, each as well as it can be
used, with what it does and how it tells that it found something good"""
import os
import shutil
import subprocess
import sys

import daemons
from farm import ADDRESSES, Refused, cores
from measure import Side

FULL_LIST = 2000  # for which the numbers of the slow ones are meant
PLUGINS = "/usr/lib/nagios/plugins"
LOOK = os.environ.get("PATH", "") + f":/usr/sbin:/sbin:{PLUGINS}"

# For check_ssl_cert, which asks nmap, which asks the DNS unless told not to.
NMAP_WITHOUT_DNS = '#!/bin/sh\nexec nmap -n "$@"\n'


def find(program):
    return shutil.which(program, path=LOOK)


class Place:
    """What a peer's command needs to know of the comparison."""

    def __init__(self, bed, kind, n, limit_s):
        self.bed, self.kind, self.n, self.limit_s = bed, kind, n, limit_s
        self.farm = bed.farm
        self.trust = bed.farm.trust
        self.list = bed.farm.write_list(kind, n)
        self.rows = bed.farm.lists[self.list]
        # Dead ones need slots, good ones alone need few.
        self.many = 64 if kind == "good" else 256

    def write(self, name, lines):
        path = f"{self.bed.folder}/{name}-{self.kind}-{self.n}"
        with open(path, "w", encoding="ascii") as f:
            f.writelines(line + "\n" for line in lines)
        return path

    def each(self, processes, script):
        """A shell for each, with $1 address, $2 port, $3 name."""
        return ["env", f"CA={self.trust}", f"LIMIT={self.limit_s}",
                "xargs", "-a", self.list, "-P", str(processes), "-L", "1",
                "sh", "-c", script, "sh"]


# --- one function a peer: its command, and the daemon behind it or None

def go(at):
    return [at.bed.programs.go, "endpoints", at.list, at.trust, str(at.many),
            str(at.limit_s)], None


def python(at):
    return [at.bed.programs.python, f"{os.path.dirname(__file__)}/peer.py",
            "endpoints", at.list, at.trust, str(at.many // 2),
            str(at.limit_s)], None


def blackbox(at):
    daemon = at.bed.daemon("blackbox", daemons.blackbox)
    asked = at.write("blackbox", (
        f"/probe?module=good&target={a}:{p}" for a, p, _ in at.rows))
    return [at.bed.programs.bench("ask"), "http", str(daemon.port),
            str(at.many), "\nprobe_success 1", asked], daemon


def zabbix(at):
    daemon = at.bed.daemon("zabbix", daemons.zabbix)
    asked = at.write("zabbix", (
        f"web.certificate.get[{name},{p},{a}]" for a, p, name in at.rows))
    return [at.bed.programs.bench("ask"), "zabbix", str(daemon.port),
            str(at.many), '"value":"valid"', asked], daemon


def cfssl(at):
    return ["cfssl", "scan", "-family", "PKI", "-scanner", "Chain",
            "-num-workers", str(at.many), "-max-hosts", "100000", "-timeout",
            f"{at.limit_s}s", "-ca-bundle", at.trust,
            *(f"{a}:{p}" for a, p, _ in at.rows)], None


def curl(at):
    wanted = at.write("curl", (
        f"url=https://{a}:{p}/\noutput=/dev/null" for a, p, _ in at.rows))
    return ["curl", "-sS", "-m", str(at.limit_s), "--parallel",
            "--parallel-immediate", "--parallel-max",
            str(at.many), "--cacert", at.trust, "-w",
            "verified=%{ssl_verify_result}%{http_code}\n%{certs}", "-K",
            wanted], None


def nmap(at):
    farm = at.farm
    ports = max(1, at.n // farm.names)
    return ["nmap", "-Pn", "-n", "-sT", "-T5", "--min-hostgroup", "256",
            "--min-parallelism", "100", "-p",
            f"{farm.port}-{farm.port + ports - 1}", "--script", "+ssl-cert",
            f"{ADDRESSES}.1-{min(farm.names, at.n)}"], None


def gnutls(at):
    return at.each(8 * cores(), "exec gnutls-cli --x509cafile $CA "
                   "--sni-hostname $3 --verify-hostname $3 --print-cert "
                   "-p $2 $1 </dev/null"), None


def sslscan(at):
    asked = at.write("sslscan", (f"{a}:{p}" for a, p, _ in at.rows))
    return ["sslscan", "--no-colour", "--no-ciphersuites", "--no-fallback",
            "--no-renegotiation", "--no-compression", "--no-heartbleed",
            "--no-groups", "--show-certificate", f"--targets={asked}"], None


def check_http(at):
    processes = 2 * cores() if at.kind == "good" else 64
    return at.each(processes, f"exec {PLUGINS}/check_http -H $3 -I $1 -p $2 "
                   "-S --sni -C 20,10 -t $LIMIT"), None


def check_curl(at):
    return at.each(2 * cores(), f"exec {PLUGINS}/check_curl -H $3 -I $1 "
                   "-p $2 -S --sni -C 20,10 -t $LIMIT -D --ca-cert=$CA"), None


def s_client(at):
    return at.each(1, "openssl s_client -connect $1:$2 -servername $3 "
                   "-verify_hostname $3 -CAfile $CA -verify_return_error "
                   "</dev/null 2>/dev/null | openssl x509 -noout -enddate "
                   "-checkend 864000"), None


def ssl_cert_check(at):
    asked = at.write("ssl-cert-check", (f"{a} {p}" for a, p, _ in at.rows))
    return ["ssl-cert-check", "-f", asked, "-x", "20"], None


def check_ssl_cert(at):
    wrapper = f"{at.bed.folder}/nmap"
    if not os.path.exists(wrapper):
        with open(wrapper, "w", encoding="ascii") as f:
            f.write(NMAP_WITHOUT_DNS)
            os.fchmod(f.fileno(), 0o755)
    return at.each(cores(), f"exec {PLUGINS}/check_ssl_cert -H $1 -p $2 "
                   "--sni $3 -m $3 -r $CA -w 20 -c 10 --ignore-sct "
                   f"-t $LIMIT --nmap-bin {wrapper}"), None


class Peer:
    """`n`: of how many endpoints a run is at most, it being slow; 0: all."""

    def __init__(self, make, program, name, does, good, n=0, mixed_n=None,
                 ask=("--version",)):
        self.make, self.program, self.name = make, program, name
        self.does, self.good, self.n, self.mixed_n = does, good, n, mixed_n
        self.ask = ask

    def there(self, bed):
        if self.make is go:
            return bed.programs.go is not None
        return find(self.program) is not None

    def side(self, at, expect=None):
        argv, daemon = self.make(at)
        return Side(key=self.make.__name__, name=self.name, does=self.does,
                    n=len(at.rows), argv=argv, good=self.good, expect=expect,
                    daemon=None if daemon is None else daemon.pid)


PEERS = (
    Peer(go, "go", "Go, standard library",
         "verifies chain and name, reads all certificates; what scanners in "
         "Go such as tlsx and zgrab2 do at the least", r"good=(\d+)",
         mixed_n=0, ask=("version",)),
    Peer(zabbix, "zabbix_agent2", "zabbix-agent2",
         "web.certificate.get, asked by a small program of ours; verifies "
         "chain and name, tells the leaf", r"good=(\d+)", ask=("-V",)),
    Peer(cfssl, "cfssl", "cfssl scan",
         "verifies the chain and its ends, in two handshakes",
         r'"ChainExpiration": \{\s+"grade": "Good"', ask=("version",)),
    Peer(blackbox, "prometheus-blackbox-exporter", "blackbox_exporter",
         "/probe with TLS, asked by a small program of ours; verifies chain "
         "and name, tells the earliest end", r"good=(\d+)", mixed_n=0),
    Peer(curl, "curl", "curl --parallel",
         "one thread; verifies chain and name, prints all certificates, "
         "sends a request", r"verified=0200", mixed_n=0),
    Peer(python, "python3", "Python, ssl",
         "32 threads (128 for the mixed); verifies chain and name, reads the "
         "leaf", r"good=(\d+)", mixed_n=0),
    Peer(nmap, "nmap", "nmap ssl-cert",
         "verifies nothing, prints the leaf", r"Not valid after", n=1000),
    Peer(gnutls, "gnutls-cli", "gnutls-cli, a process each",
         "verifies chain and name, prints all certificates",
         r"^- Status: The certificate is trusted", n=400),
    Peer(check_http, "check_http", "check_http, a process each",
         "verifies nothing, judges the leaf's end", r"^OK - Certificate",
         n=400, mixed_n=1000, ask=("-V",)),
    Peer(sslscan, "sslscan", "sslscan, certificate alone",
         "one after another; verifies nothing, prints the leaf",
         r"^Not valid after", n=200),
    Peer(check_curl, "check_curl", "check_curl, a process each",
         "verifies chain and name, judges the leaf's end",
         r"^OK - Certificate", n=200, ask=("-V",)),
    Peer(s_client, "openssl", "openssl s_client, a loop",
         "with openssl x509; verifies chain and name, judges the leaf's end",
         r"^notAfter=", n=100, ask=("version",)),
    Peer(ssl_cert_check, "ssl-cert-check", "ssl-cert-check",
         "one after another; verifies nothing, judges the leaf's end",
         r"\bValid\b", n=20, ask=("-V",)),
    Peer(check_ssl_cert, "check_ssl_cert", "check_ssl_cert",
         "as many as cores; verifies chain and name, and looks at much more "
         "of the server", r"^SSL_CERT OK", n=20, ask=("-V",)),
)


def endpoint_sides(bed, kind, n, limit_s):
    """The peers that are there, and that can do this at all."""
    for peer in PEERS:
        most = peer.n if kind == "good" else peer.mixed_n
        if most is None or not bed.with_peers or not peer.there(bed):
            continue
        # A small bed has the slow ones wait less, too.
        most = max(5, most * n // FULL_LIST) if most > 0 else n
        at = Place(bed, kind, min(n, most), limit_s)
        expect = sum(not name.startswith(("silent.", "closed."))
                     for _, _, name in at.rows)
        try:
            yield peer.side(at, expect)
        except Refused as e:
            print(f"{e}, and is left out", file=sys.stderr)


# --- over files

X509_LOOP = """\
while read -r file; do
	openssl x509 -in "$file" -noout -checkend 864000 -enddate
done <"$1"
"""


def has_cryptography(bed):
    return subprocess.run([bed.programs.python, "-c", "import cryptography"],
                          stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def file_sides(bed, corpus):
    if not bed.with_peers:
        return
    script = f"{os.path.dirname(__file__)}/peer.py"
    if bed.programs.go is not None:
        yield Side("go", "Go, standard library", "reads all certificates",
                   corpus.n, [bed.programs.go, "files", corpus.list,
                              str(cores())], r"good=(\d+)")
    if has_cryptography(bed):
        yield Side("cryptography", "Python, cryptography",
                   "reads all certificates; one thread", corpus.n,
                   [bed.programs.python, script, "files", "cryptography",
                    corpus.list], r"good=(\d+)")
    yield Side("python", "Python, ssl",
               "reads the first certificate of a file; one thread", corpus.n,
               [bed.programs.python, script, "files", "ssl", corpus.list],
               r"good=(\d+)")
    if find("openssl"):
        n = min(200, corpus.n)
        yield Side("x509", "openssl x509, a loop",
                   "judges the end of the first certificate of a file", n,
                   ["sh", "-c", X509_LOOP, "sh", corpus.write_part(n)[1]],
                   r"^notAfter=")
    if find("ssl-cert-check"):
        n = min(20, corpus.n)
        yield Side("ssl_cert_check", "ssl-cert-check -d",
                   "judges the end of the first certificate of a file", n,
                   ["ssl-cert-check", "-d", corpus.write_part(n)[0], "-x",
                    "20"], r"\b(?:Valid|Expiring|Expired)\b")


def missing(bed):
    """Names of those that are not installed; Go is no peer of its own."""
    return [p.program for p in PEERS
            if p.make is not go and not p.there(bed)]


def versions(bed):
    for peer in PEERS:
        program = bed.programs.python if peer.make is python else \
            find(peer.program)
        if program is not None:
            yield peer.program, [program, *peer.ask]
