"""databases.py - PostgreSQL and MariaDB"""
import os
import signal
import subprocess

from .server import AS_ROOT, TLS13, Server, find


class Postgres(Server):
    name, program = "PostgreSQL", "/usr/lib/postgresql/*/bin/postgres"
    plain = ("postgres",)
    user = "postgres"  # it refuses to run as root
    farewell = signal.SIGINT  # do not wait for clients

    def prepare(self):
        if os.path.exists(self.path("data")):
            return
        self.hand_over()
        done = subprocess.run(
            [find("/usr/lib/postgresql/*/bin/initdb"), "-D",
             self.path("data"), "--no-sync", "--no-locale", "--auth=reject"],
            cwd=self.folder, **self.who(), timeout=60, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise AssertionError(f"initdb: {done.stdout}")

    def argv(self):
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.ports["postgres"],
            "unix_socket_directories": "", "fsync": "off",
            "shared_buffers": "1MB", "ssl": "on" if self.tls else "off",
            "ssl_cert_file": self.chain, "ssl_key_file": self.key,
            "ssl_min_protocol_version": self.tls or TLS13,
            "ssl_max_protocol_version": self.tls or TLS13,
        }
        argv = [find(self.program), "-D", self.path("data")]
        for key, value in settings.items():
            argv += ["-c", f"{key}={value}"]
        return argv


class Mariadb(Server):
    name, program = "MariaDB", "mariadbd"
    plain = ("mysql",)

    def argv(self):
        argv = ["mariadbd", "--no-defaults", f"--datadir={self.folder}/data",
                f"--socket={self.folder}/socket", f"--tmpdir={self.folder}",
                f"--pid-file={self.folder}/pid", "--bind-address=127.0.0.1",
                f"--port={self.ports['mysql']}", "--skip-grant-tables",
                "--skip-innodb", "--default-storage-engine=Aria",
                "--skip-networking=0"]
        if AS_ROOT:
            argv.append("--user=root")
        if self.tls:
            argv += [f"--ssl-cert={self.chain}", f"--ssl-key={self.key}",
                     f"--tls-version={self.tls}"]
        else:
            argv.append("--skip-ssl")
        return argv

    def prepare(self):
        os.makedirs(self.path("data"), exist_ok=True)
