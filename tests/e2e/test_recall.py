"""test_recall.py - a file that is unchanged since the last scan is not read"""
import ctypes
import json
import os
import shutil
import struct
import time

import support
from support import CRITICAL, OK, UNKNOWN, WARNING, ScanCase, wait_for

IN_OPEN = 0x20
IN_NONBLOCK = os.O_NONBLOCK
EVENT = struct.Struct("iIII")

# What has changed within so many seconds is looked at again (stamp.h).
SETTLED_S = 2


class Opened:
    """Who opens which of the files of a folder, as inotify(7) tells it. No
    privileges are needed, and none spoil it."""

    def __init__(self, folder):
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(IN_NONBLOCK)
        if self.fd == -1 or libc.inotify_add_watch(
                self.fd, os.fsencode(folder), IN_OPEN) == -1:
            raise OSError(ctypes.get_errno(), "inotify")

    def names(self):
        """Those opened since the last call."""
        found = set()
        while True:
            try:
                data = os.read(self.fd, 65536)
            except BlockingIOError:
                return found
            while data:
                _, _, _, length = EVENT.unpack_from(data)
                name = data[EVENT.size:EVENT.size + length]
                found.add(name.rstrip(b"\0").decode())
                data = data[EVENT.size + length:]
            found.discard("")

    def stop(self):
        os.close(self.fd)


class Recall(ScanCase):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("files"))
        for name in "abc":
            self.put(name, f"{name}.example", "+80d")
        shutil.copy(self.pki.leaf("k.example", not_after="+80d").key,
                    self.path("files/a.key"))
        self.write("files/note.txt", b"nothing of ours\n")
        self.watch({"file": self.path("files/*.{pem,txt}"),
                    "key": "{dir}/a.key"})
        self.opened = self.own(Opened(self.path("files")))
        self.settle()

    def put(self, name, host, end):
        shutil.copy(self.chain(host, end, not_before="-70d"),
                    self.path(f"files/{name}.pem"))

    def settle(self):
        """Wait until all has been as it is for long enough to be kept."""
        paths = [self.pki.root.pem] + [
            self.path(f"files/{n}") for n in os.listdir(self.path("files"))]
        latest = max(max(os.stat(p).st_ctime, os.stat(p).st_mtime)
                     for p in paths)
        wait_for("the clock",
                 lambda: time.time() > latest + SETTLED_S + 1.1)

    def results(self, *args):
        """What a scan shows, but for how long it took."""
        done = self.scan("--output", "json", *args)
        self.assertNotEqual(done.status, UNKNOWN, done.stderr)
        document = json.loads(done.stdout)
        for target in document["targets"]:
            del target["duration_ms"]
        return done.status, document

    def assertOpened(self, *names):
        self.assertEqual(self.opened.names(), set(names))

    ALL = ("a.pem", "b.pem", "c.pem", "note.txt", "a.key")

    def test_unchanged_files_are_not_opened(self):
        now = int(time.time())
        self.results("--at", str(now))
        self.assertOpened(*self.ALL)
        second = self.results("--at", str(now + 60))
        self.assertOpened()
        fresh = self.results("--at", str(now + 60), "--fresh")
        self.assertOpened(*self.ALL)
        self.assertEqual(second, fresh)

        # One that has changed is read, and its key; no other is.
        self.put("b", "b.example", "+10d")
        status, document = self.results("--at", str(now + 120))
        self.assertOpened("b.pem", "a.key")
        self.assertEqual(status, CRITICAL)
        self.assertEqual(len(document["targets"]), 3)

    def test_dates_move_all_the_same(self):
        self.put("a", "a.example", "+40d")
        self.settle()
        now = int(time.time())
        for days, status in (0, OK), (9, OK), (11, WARNING), (30, CRITICAL), \
                (41, CRITICAL), (0, OK):
            with self.subTest(days=days):
                at = str(now + days * support.DAY)
                have = self.results("--at", at)
                # The key fits none of them: that is told each time.
                self.assertEqual(have, self.results("--at", at, "--fresh"))
                leaf = [f for t in have[1]["targets"] for f in t["findings"]
                        if f["id"].startswith("expiry.")
                        and t["name"].endswith("/a.pem")]
                self.assertEqual([f["severity"] for f in leaf] or ["ok"],
                                 [["ok", "warning", "critical"][status]])

    def test_what_it_rests_on_has_changed(self):
        self.results()
        self.opened.names()
        self.config["defaults"]["warning"] = "85d"
        self.results()
        self.assertOpened(*self.ALL)
        self.results()
        self.assertOpened()
        # The bundle, too: now it is another root.
        other = support.Pki(os.path.join(self.folder, "files"), "Other")
        shutil.copy(other.root.pem, self.pki.root.pem)
        for pem in ("root", "intermediate"):
            os.unlink(self.path(f"files/{pem}.pem"))
            os.unlink(self.path(f"files/{pem}.key"))
        self.opened.names()
        _, document = self.results()
        self.assertTrue(self.opened.names() >= set(self.ALL))
        self.assertIn("chain.untrusted",
                      [f["id"] for t in document["targets"]
                       for f in t["findings"]])

    def test_check_reads_what_there_is(self):
        self.results()
        self.opened.names()
        support.certvigil("check", "--trust", self.pki.root.pem,
                          self.path("files/a.pem"))
        self.assertOpened("a.pem")
        support.certvigil("show", "--trust", self.pki.root.pem,
                          self.path("files/a.pem"))
        self.assertOpened("a.pem")

    def test_incidents_live_on(self):
        """What was not read again is neither resolved nor told anew."""
        self.put("a", "a.example", "+10d")
        self.settle()
        self.results()
        first = support.certvigil("status", "--config", self.write_config(),
                                  "--output", "json").stdout
        self.opened.names()
        self.results()
        self.assertNotIn("a.pem", self.opened.names())
        again = support.certvigil("status", "--config", self.write_config(),
                                  "--output", "json").stdout
        self.assertEqual(*[[(i["id"], i["message"]) for i in
                            json.loads(s)["incidents"]]
                           for s in (first, again)])


if __name__ == "__main__":
    support.main()
