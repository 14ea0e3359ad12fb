"""corpus.py - the files of the test bed"""
import os
import shutil
import subprocess

from farm import Refused, cores

BYTES_EACH = 8192  # on disk, with its inode


class Corpus:
    """`n` certificate files below `files`, their paths in `list`."""

    def __init__(self, folder, mkbed, n):
        self.n = n
        self.folder = f"{folder}/corpus-{n}"
        self.files = f"{self.folder}/files"
        self.list = f"{self.folder}/list.txt"
        self.trust = f"{self.folder}/trust.pem"
        room = os.statvfs(folder)
        if room.f_bavail * room.f_frsize < 2 * n * BYTES_EACH or \
                0 < room.f_favail < n:
            raise Refused(f"{folder}: no room for {n} files of "
                          f"{BYTES_EACH} bytes; set TMPDIR to another folder")
        subprocess.run([mkbed, "files", self.folder, str(n), str(cores())],
                       check=True)

    def paths(self, n):
        with open(self.list, encoding="utf-8") as f:
            return f.read().splitlines()[:n]

    def write_part(self, n):
        """A folder with the first n, and the list of them."""
        folder = f"{self.folder}/part-{n}"
        if not os.path.exists(folder):
            os.mkdir(folder)
            for path in self.paths(n):
                shutil.copy(path, folder)
            with open(folder + ".txt", "w", encoding="utf-8") as f:
                f.writelines(f"{folder}/{name}\n"
                             for name in sorted(os.listdir(folder)))
        return folder, folder + ".txt"

    def touch(self, one_in):
        """Give every so-manyth file another time of change."""
        for path in self.paths(self.n)[::one_in]:
            os.utime(path)
