"""namespace_support.py - the program where names resolve as a test wants: a
mount namespace of its own, and with it /etc/hosts and /etc/resolv.conf"""
import os
import shutil
import subprocess
import unittest

import support


def may_unshare(*what):
    """Can this user have namespaces of these kinds, such as "mount"?"""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    return subprocess.run(
        ["unshare", *(f"--{w}" for w in what), "true"], check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL).returncode == 0


def needs(*what):
    return unittest.skipUnless(
        may_unshare(*what), f"needs unshare --{' --'.join(what)} (root)")


class Names:
    """What /etc/hosts, /etc/resolv.conf and nsswitch.conf say.

    `hosts` maps a name to its addresses, in their order.
    """

    def __init__(self, folder, hosts, nameserver=None, options=""):
        self.folder = os.path.join(folder, "etc")
        os.makedirs(self.folder, exist_ok=True)
        self.write("hosts", "127.0.0.1 localhost\n" + "".join(
            f"{address} {name}\n"
            for name, addresses in hosts.items() for address in addresses))
        self.write("nsswitch.conf",
                   f"hosts: files{' dns' if nameserver else ''}\n")
        self.write("resolv.conf",
                   f"nameserver {nameserver or '127.0.0.1'}\n{options}")

    def write(self, name, text):
        with open(f"{self.folder}/{name}", "w", encoding="utf-8") as f:
            f.write(text)

    def wrap(self, command, network=False):
        """The command line that runs `command` there."""
        script = "set -e\n" + "".join(
            f"test ! -e /etc/{name} || "
            f"mount --bind '{self.folder}/{name}' /etc/{name}\n"
            for name in ("hosts", "nsswitch.conf", "resolv.conf")
        ) + 'exec "$@"\n'
        flags = ["--mount", "--propagation", "private"]
        if network:
            flags.append("--net")
        return ["unshare", *flags, "sh", "-c", script, "sh", *command]

    def certvigil(self, *args, network=False, before=(), **how):
        """Run the program there; `before` is a command that is given it."""
        argv = self.wrap([*before, support.CERTVIGIL, *map(str, args)],
                         network)
        return support.run(argv[0], *argv[1:], **how)
