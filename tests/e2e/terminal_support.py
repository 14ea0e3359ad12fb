"""terminal_support.py - the program on a terminal of the test's own"""
import os
import pty
import subprocess
import termios

from support import CERTVIGIL


def read_all(terminal):
    """All bytes, until the other side is closed; so is this one then."""
    said = b""
    try:
        while more := os.read(terminal, 65536):
            said += more
    except OSError:  # the other side is closed
        pass
    os.close(terminal)
    return said


def on_terminal(*args, columns=80, env=None, limit_s=60):
    """What it prints on a terminal, both streams, and its exit status."""
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (40, columns))
    full = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    full.pop("NO_COLOR", None)
    with subprocess.Popen([CERTVIGIL, *map(str, args)],
                          env={**full, **(env or {})},
                          stdin=subprocess.DEVNULL, stdout=its,
                          stderr=its) as process:
        os.close(its)
        said = read_all(ours)
        status = process.wait(limit_s)
    return said.decode().replace("\r\n", "\n"), status
