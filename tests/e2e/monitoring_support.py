"""monitoring_support.py - servers in every state, and what a monitoring system
is to make of them by the definitions under examples/"""
import getpass
import grp
import os
import re
import shutil
import subprocess

from support import (CERTVIGIL, CRITICAL, DAY, OK, ROOT, UNKNOWN, WARNING,
                     ClosedPort, Host, Nginx, Pki, ScanCase, wait_for)

EXAMPLES = f"{ROOT}/examples"
SBIN = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
USER = getpass.getuser()
GROUP = grp.getgrgid(os.getegid()).gr_name

# What an attacker may call himself: a second line, perfdata, a terminal's
# colours, text that runs backwards, and what passive results have for a line.
HOSTILE = "evil\n|'fake'=1s;;;0 \x1b[31m\u202e\\nCERTVIGIL OK - $HOSTNAME$"

# 'label'=value[UOM];[warn];[crit];[min];[max] (Monitoring Plugins, 2.6)
MEASURE = re.compile(r"'((?:[^'=]|'')+)'=(-?\d+(?:\.\d+)?)(s?)"
                     r"((?:;[0-9:.]*){0,4})(?: |$)")


def measures(perfdata):
    """{label: (value, [warn, crit, min, max])}; all of it must be such."""
    found, at = {}, 0
    while at < len(perfdata):
        m = MEASURE.match(perfdata, at)
        if m is None:
            raise AssertionError(f"no perfdata: {perfdata[at:]!r}")
        found[m.group(1)] = (float(m.group(2)), m.group(4).split(";")[1:])
        at = m.end()
    return found


def example(path):
    with open(f"{EXAMPLES}/{path}", encoding="utf-8") as f:
        return f.read()


def find(program):
    return shutil.which(program, path=SBIN)


class Watched(ScanCase):
    """Servers of every state, and certvigil where a monitoring system looks
    for its plugins."""

    def setUp(self):
        super().setUp()
        self.clients = Pki(self.make_folder("clients"), "Clients")
        self.ours = self.clients.make("ours", self.clients.intermediate,
                                      eku="clientAuth", not_after="+60d")
        self.evil = Pki(self.make_folder("evil"), HOSTILE)
        # at noon, so that a second more or less is no other day
        ends = {"good": "+1932h", "soon": "+492h", "late": "-60h"}
        leaves = {name: self.pki.leaf(f"{name}.example.com", not_after=end,
                                      not_before="-10d")
                  for name, end in ends.items()}
        evil = self.evil.leaf("evil.example.com", not_after="+80d")
        hosts = [Host(f"{name}.example.com", self.pki.chain(leaf), leaf.key)
                 for name, leaf in leaves.items()]
        # the issuer, whose name is told, is left out
        hosts.append(Host("evil.example.com", evil.pem, evil.key))
        hosts.append(Host(
            "client.example.com", self.pki.chain(
                self.pki.leaf("client.example.com", not_after="+70d")),
            f"{self.folder}/client.example.com.key", more=f"""
        ssl_client_certificate {self.clients.root.pem};
        ssl_verify_client on;
        ssl_verify_depth 3;"""))
        self.port = self.own(Nginx(self.folder, hosts)).port
        self.closed = self.own(ClosedPort()).port
        self.plugins = self.make_folder("plugins")
        os.symlink(CERTVIGIL, f"{self.plugins}/check_certvigil")
        self.files = self.make_folder("files")
        # Icinga has a use of its own for "::" in a label.
        for name in ("a::b", "c"):
            leaf = self.pki.leaf(f"{name[0]}.example.com", not_after="+50d")
            shutil.copy(self.pki.chain(leaf), f"{self.files}/{name}.pem")
            shutil.copy(leaf.key, f"{self.files}/{name}.key")
        self.watch({"file": self.pki.chain(leaves["soon"])})
        self.scan("--quiet")

    def make_folder(self, name):
        os.mkdir(self.path(name))
        return self.path(name)

    def daemon(self, args):
        """A child that ends with the test; its output is in `output`."""
        with open(self.path("output"), "wb") as log:
            child = subprocess.Popen(args, stdin=subprocess.DEVNULL,
                                     stdout=log, stderr=log)

        def stop():
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

        self.addCleanup(stop)
        return child

    def await_all(self, child, told, names):
        """What `told()` tells of each, once it tells of all."""
        def ready():
            if child.poll() is not None:
                with open(self.path("output"), encoding="utf-8") as f:
                    raise AssertionError(f"it has ended: {f.read()}")
            found = told()
            return found if set(names) <= set(found) else None

        return wait_for("the checks of all services", ready, 60)

    # by its service: the state, and a part of the line
    WANT = {
        "good": (OK, "CERTVIGIL OK - good.example.com:PORT: expires in 80 "
                     "days"),
        "soon": (WARNING, "CERTVIGIL WARNING - soon.example.com:PORT: expires "
                          "in 20 days"),
        "late": (CRITICAL, "CERTVIGIL CRITICAL - late.example.com:PORT: "
                           "expired"),
        "away": (CRITICAL, "CERTVIGIL CRITICAL - 127.0.0.1:CLOSED: "
                           "cannot connect"),
        "wrong": (UNKNOWN, "CERTVIGIL UNKNOWN - "),
        "files": (OK, "CERTVIGIL OK - 2 targets: 2 ok"),
        "client": (OK, "client certificate accepted"),
        "evil": (CRITICAL, "CERTVIGIL CRITICAL - evil.example.com:PORT: "),
        "agent": (OK, "CERTVIGIL OK - last complete scan "),
    }

    def assertStates(self, found):
        """`found`: {service: (state, output, ...)}"""
        for name, (state, text) in self.WANT.items():
            text = text.replace("PORT", str(self.port)).replace(
                "CLOSED", str(self.closed))
            self.assertEqual(found[name][0], state, f"{name}: {found[name]}")
            self.assertIn(text, found[name][1], name)
        for name, told in found.items():
            self.assertNotRegex(told[1], "[|\n\x1b\u202e]", name)

    def assertMeasures(self, name, found, lifetime_days, days, ranges):
        """`found`: {label: (value, [warn, crit, min, max])}"""
        label = f"{name}.example.com:{self.port}"
        self.assertEqual(set(found), {label, "time"})
        value, levels = found[label]
        self.assertAlmostEqual(value, days * DAY, delta=120)
        self.assertEqual(levels[:2], ranges)
        self.assertEqual(float(levels[2]), 0)
        self.assertAlmostEqual(float(levels[3]), lifetime_days * DAY,
                               delta=120)
        value, levels = found["time"]
        self.assertTrue(0 <= value < 10, value)
        self.assertEqual([float(x) for x in levels[2:]], [0, 10])
