"""daemons.py - peers that stay and answer questions, on loopback"""
import contextlib
import os
import random
import shutil
import socket
import subprocess
import time

from farm import Refused, end, held, is_free

BLACKBOX = """\
modules:
  good:
    prober: tcp
    timeout: 5s
    tcp:
      preferred_ip_protocol: ip4
      tls: true
      tls_config: {{ca_file: {trust}}}
"""

ZABBIX = """\
LogFile={folder}/zabbix.log
PidFile={folder}/zabbix.pid
ControlSocket={folder}/zabbix.sock
Server=127.0.0.1
ListenIP=127.0.0.1
ListenPort={port}
Hostname=bench
Timeout=5
"""


def free_port():
    """Below 32768, where Zabbix wants it."""
    while True:
        port = random.randrange(10000, 32000)
        if is_free("127.0.0.1", port):
            return port


class Daemon:
    """A process on a port of its own; ready when it takes connections."""

    def __init__(self, name, folder, argv, port, env=None):
        self.port = port
        with open(f"{folder}/{name}.out", "wb") as log:
            self.process = subprocess.Popen(
                held(argv), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=dict(os.environ, **(env or {})))
        self.pid = self.process.pid
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            if self.process.poll() is not None or \
                    time.monotonic() > deadline:
                self.stop()
                raise Refused(f"{name} does not start")
            time.sleep(0.02)

    def stop(self):
        end(self.process)


def write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)
    return path


def blackbox(folder, trust):
    port = free_port()
    config = write(f"{folder}/blackbox.yml", BLACKBOX.format(trust=trust))
    return Daemon("blackbox", folder, [
        shutil.which("prometheus-blackbox-exporter"),
        f"--config.file={config}", "--log.level=error",
        f"--web.listen-address=127.0.0.1:{port}"], port)


def zabbix(folder, trust):
    port = free_port()
    config = write(f"{folder}/zabbix.conf",
                   ZABBIX.format(folder=folder, port=port))
    program = shutil.which("zabbix_agent2", path=os.environ.get("PATH", "") +
                           ":/usr/sbin:/sbin")
    return Daemon("zabbix", folder, [program, "-f", "-c", config], port,
                  {"SSL_CERT_FILE": trust, "SSL_CERT_DIR": "/nonexistent"})
