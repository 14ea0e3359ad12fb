"""journal_support.py - a journal of the test's own: systemd-journald in a mount
namespace, and the program with its output connected to it"""
import json
import os
import re
import shutil
import subprocess
import unittest

from namespace_support import may_unshare
from support import CERTVIGIL, run, wait_for

JOURNALD = "/lib/systemd/systemd-journald"

# What is there of the machine's own journal is out of sight, and nothing is
# written to its disk.
SCRIPT = f"""set -e
mount -t tmpfs none /run
mount -t tmpfs none /var/log
mkdir -p /run/systemd/journal /run/log/journal
exec {JOURNALD}
"""

# JOURNAL_STREAM as the service manager would set it, for whatever stderr is.
STREAM = ('export JOURNAL_STREAM="$(stat -Lc %d:%i /proc/self/fd/2)"\n'
          'exec "$@"\n')


def as_service(argv):
    """The command line that takes its stderr, a pipe maybe, for a journal."""
    return ["sh", "-c", STREAM, "sh", *argv]


def have_journal():
    return may_unshare("mount") and os.path.exists(JOURNALD) and all(
        map(shutil.which, ("journalctl", "systemd-cat", "nsenter"))) and \
        os.path.exists("/etc/machine-id")


NEEDS_JOURNAL = unittest.skipUnless(
    have_journal(), "needs root, unshare --mount and systemd-journald")


class Journal:
    def __init__(self):
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c",
             SCRIPT], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        # Until then it is the machine's own that is to be seen there.
        wait_for("journald", lambda: self.comm() == "systemd-journal" and all(
            os.path.exists(f"/proc/{self.process.pid}/root/run/systemd/"
                           f"journal/{name}") for name in
            ("socket", "stdout", "io.systemd.journal")))

    def comm(self):
        with open(f"/proc/{self.process.pid}/comm", encoding="ascii") as f:
            return f.read().strip()

    def within(self, *argv):
        # Its root too: ours may be another than that of the namespace.
        return ["nsenter", "--mount", "--root", "--wd=/", "--target",
                str(self.process.pid), *argv]

    def wrap(self, *argv):
        """The command, with its output going to the journal."""
        return self.within("systemd-cat", *as_service(argv))

    def certvigil(self, *args, **how):
        argv = self.wrap(CERTVIGIL, *map(str, args))
        return run(argv[0], *argv[1:], **how)

    def entries(self, *args):
        """What the program has logged so far, as dicts."""
        argv = self.within("journalctl", "--sync")
        run(*argv)
        argv = self.within("journalctl", "--no-pager", "--quiet", "--output",
                           "json", *args, "_COMM=certvigil")
        done = run(*argv)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def messages(entries):
    """Their texts, without what differs from run to run."""
    return [re.sub(r"msg_[0-9a-f]+", "MSG", e["MESSAGE"]) for e in entries]
