"""servers.py - the servers of the matrix: each is one process, or a few, that
listens for every setting in TLS 1.2 and in 1.3"""
import json
import os
import shutil
import sys

from servers.server import AS_ROOT, TLS12, TLS13, Server, free_ports

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE, TEXT = "/hello.txt", "hello"


class Many(Server):
    """`cells` are those of the matrix that it is to be tried with."""

    program = ""
    can = frozenset()  # what it has of the settings' extras
    verify = {}  # a setting's `verify` in its own words

    def __init__(self, folder, pki, cells):
        self.folder = os.path.join(folder, type(self).__name__.lower())
        self.pki, self.processes = pki, []
        self.listens_for = {self.key(cell): cell for cell in cells}
        os.makedirs(self.folder, exist_ok=True)
        self.write(PAGE[1:], TEXT + "\n")
        # A port may be taken between finding it and the server's own bind().
        for _ in range(3):
            self.ports = free_ports(self.listens_for)
            self.prepare()
            if self.start():
                return
        raise AssertionError(f"{self.name} does not start:\n{self.log()}")

    @classmethod
    def takes(cls, setting):
        return setting.verify in cls.verify and \
            set(setting.extras()) <= cls.can

    @staticmethod
    def key(cell):
        """Cells of one key share a port."""
        return cell.setting.name, cell.tls

    def port(self, cell):
        return self.ports[self.key(cell)]

    def each(self):
        """(setting, version, port) of all there is to listen for."""
        for key, cell in self.listens_for.items():
            yield cell.setting, cell.tls, self.ports[key]

    def served(self, setting):
        return self.pki.served[setting.served]

    def cas(self, setting):
        return self.pki.ca_files[setting.cas]


NGINX = """\
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log notice;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    root {folder};
{servers}}}
"""

NGINX_ANSWERS = {
    "444": "if ($ssl_client_verify != SUCCESS) {{ return 444; }}",
    "403": "if ($ssl_client_verify != SUCCESS) {{ return 403; }}",
    "error-page 444": "error_page 495 496 = @no;\n"
                      "location @no {{ return 444; }}",
    "error-page 302": "error_page 495 496 =302 http://127.0.0.1/login;",
    "error-page 200": "error_page 495 496 =200 /denied.txt;",
    "no handshake": "ssl_reject_handshake on;",
}


class Nginx(Many):
    name, program = "nginx", "nginx"
    can = {"names", "depth", "crl", "answer", "sni"}
    verify = {"require": "on", "optional": "optional",
              "any": "optional_no_ca", "none": "off"}

    @classmethod
    def takes(cls, setting):
        return super().takes(setting) and \
            setting.answer in (None, *NGINX_ANSWERS)

    def server(self, s, version, port):
        chain, key = self.served(s)
        lines = [f"listen 127.0.0.1:{port} ssl",
                 f"ssl_protocols {version}",
                 f"ssl_certificate {chain}", f"ssl_certificate_key {key}",
                 f"ssl_verify_client {self.verify[s.verify]}"]
        if s.names is not None:
            lines += [f"ssl_client_certificate {self.pki.ca_files[s.names]}",
                      f"ssl_trusted_certificate {self.cas(s)}"]
        elif s.verify != "none":
            lines.append(f"ssl_client_certificate {self.cas(s)}")
        if s.depth is not None:
            lines.append(f"ssl_verify_depth {s.depth}")
        if s.crl is not None:
            lines.append(f"ssl_crl {self.pki.crls[s.crl]}")
        answer = NGINX_ANSWERS.get(s.answer, "").format()
        if s.sni is not None:
            lines.append(f"server_name {s.sni}")
        made = "".join(f"{line};\n" for line in lines) + answer
        if s.sni is None:
            return f"server {{\n{made}\n}}\n"
        # Another host of the port, which comes first, asks for nothing.
        return f"server {{\n{''.join(f'{x};' for x in lines[:4])}\n}}\n" \
               f"server {{\n{made}\n}}\n"

    def prepare(self):
        self.write("denied.txt", "denied\n")
        self.write("nginx.conf", NGINX.format(
            folder=self.folder, user="user root;" if AS_ROOT else "",
            servers="".join(self.server(*each) for each in self.each())))

    def argv(self):
        return ["nginx", "-p", self.folder, "-c", "nginx.conf", "-e",
                "error.log"]


APACHE = """\
ServerRoot {folder}
ServerName mtls.example.net
PidFile httpd.pid
DefaultRuntimeDir {folder}
Mutex file:{folder}
ErrorLog {folder}/error.log
LogLevel ssl:info
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule ssl_module {modules}/mod_ssl.so
StartServers 1
ServerLimit 2
ThreadsPerChild 64
MaxRequestWorkers 128
DocumentRoot {folder}
{hosts}
"""


class Apache(Many):
    name, program = "Apache", "apache2"
    can = {"names", "depth", "crl", "late", "answer", "sni"}
    verify = {"require": "require", "optional": "optional",
              "any": "optional_no_ca", "none": "none"}

    @classmethod
    def takes(cls, setting):
        return super().takes(setting) and setting.answer in (None, "403")

    def host(self, s, version, port):
        chain, key = self.served(s)
        asks = [f"SSLVerifyClient {self.verify[s.verify]}"]
        if s.depth is not None:
            asks.append(f"SSLVerifyDepth {s.depth}")
        lines = ["SSLEngine on", f"SSLProtocol {version}",
                 f"SSLCertificateFile {chain}",
                 f"SSLCertificateKeyFile {key}"]
        if s.sni is not None:
            lines.append("ServerName other.example.net")
        first = "\n".join(lines)
        if s.verify != "none":
            lines.append(f"SSLCACertificateFile {self.cas(s)}")
        if s.names is not None:
            lines.append("SSLCADNRequestFile "
                         f"{self.pki.ca_files[s.names]}")
        if s.crl is not None:
            lines += [f"SSLCARevocationFile {self.pki.crls[s.crl]}",
                      "SSLCARevocationCheck leaf"]
        if s.answer == "403":
            asks.append("Require expr %{SSL_CLIENT_VERIFY} == 'SUCCESS'")
            asks.insert(0, f"<Location {PAGE}>")
            asks.append("</Location>")
        if s.late:
            asks = ["<Location /secure>", *asks, "</Location>"]
        listen, where = f"Listen 127.0.0.1:{port}\n", f"127.0.0.1:{port}"
        lines = [line for line in lines if not line.startswith("ServerName")]
        if s.sni is not None:
            lines.append(f"ServerName {s.sni}")
            listen += f"<VirtualHost {where}>\n{first}\n</VirtualHost>\n"
        body = "\n".join(lines + asks)
        return f"{listen}<VirtualHost {where}>\n{body}\n</VirtualHost>\n"

    def prepare(self):
        os.makedirs(self.path("secure"), exist_ok=True)
        self.write("secure" + PAGE, TEXT + "\n")
        self.write("httpd.conf", APACHE.format(
            folder=self.folder, modules="/usr/lib/apache2/modules",
            hosts="".join(self.host(*each) for each in self.each())))

    def argv(self):
        return ["apache2", "-d", self.folder, "-f", "httpd.conf", "-D",
                "FOREGROUND"]


HAPROXY = """\
global
    maxconn 500
    tune.ssl.default-dh-param 2048
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
{frontends}
"""

HAPROXY_ANSWERS = {
    "444": "http-request reject unless { ssl_c_used } { ssl_c_verify 0 }",
    "403": "http-request deny unless { ssl_c_used } { ssl_c_verify 0 }",
    "silence":
        "http-request silent-drop unless { ssl_c_used } { ssl_c_verify 0 }",
}


class Haproxy(Many):
    name, program = "haproxy", "haproxy"
    can = {"names", "crl", "answer", "ignore"}
    verify = {"require": "required", "optional": "optional",
              "any": "optional crt-ignore-err all ca-ignore-err all",
              "none": "none"}

    @classmethod
    def takes(cls, setting):
        return super().takes(setting) and \
            setting.answer in (None, *HAPROXY_ANSWERS)

    def frontend(self, n, s, version, port):
        chain, key = self.served(s)
        both = self.path(f"{s.served}.both.pem")
        with open(both, "wb") as out:
            for part in chain, key:
                with open(part, "rb") as f:
                    shutil.copyfileobj(f, out)
        bind = [f"bind 127.0.0.1:{port} ssl crt {both}",
                f"ssl-min-ver {version} ssl-max-ver {version}"]
        if s.verify != "none":
            bind.append(f"verify {self.verify[s.verify]}")
        if s.names is not None:
            bind += [f"ca-file {self.pki.ca_files[s.names]}",
                     f"ca-verify-file {self.cas(s)}"]
        elif s.verify != "none":
            bind.append(f"ca-file {self.cas(s)}")
        if s.crl is not None:
            bind.append(f"crl-file {self.pki.crls[s.crl]}")
        if s.ignore is not None:
            bind.append(s.ignore)
        lines = [f"frontend f{n}", " ".join(bind)]
        if s.answer is not None:
            lines.append(HAPROXY_ANSWERS[s.answer])
        lines.append("http-request return status 200 content-type "
                     f"text/plain string {TEXT}")
        return "\n    ".join(lines) + "\n"

    def prepare(self):
        self.write("haproxy.cfg", HAPROXY.format(frontends="".join(
            self.frontend(n, *each) for n, each in enumerate(self.each()))))

    def argv(self):
        return ["haproxy", "-db", "-f", "haproxy.cfg"]


class Openssl(Many):
    """openssl s_server, which serves one connection after the other."""

    name, program = "s_server", "openssl"
    can = {"crl"}
    verify = {"require": ["-Verify", "5", "-verify_return_error"],
              "optional": ["-verify", "5", "-verify_return_error"],
              "any": ["-Verify", "5"], "none": []}

    @staticmethod
    def key(cell):
        return cell.name

    def one(self, s, version, port):
        chain, key = self.served(s)
        argv = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}",
                "-www", "-cert", chain, "-cert_chain", chain, "-key", key,
                {TLS12: "-tls1_2", TLS13: "-tls1_3"}[version],
                *self.verify[s.verify]]
        if s.verify != "none":
            argv += ["-CAfile", self.cas(s), "-no-CAstore", "-no-CApath"]
        if s.crl is not None:
            argv += ["-CRL", self.pki.crls[s.crl], "-crl_check"]
        return argv

    def argvs(self):
        return [self.one(*each) for each in self.each()]


class Script(Many):
    """A server of a few lines, which reads the settings as JSON."""

    def prepare(self):
        hosts = []
        for s, version, port in self.each():
            chain, key = self.served(s)
            hosts.append(dict(
                port=port, version=version, cert=chain, key=key,
                verify=s.verify, answer=s.answer, talk=s.talk, text=TEXT,
                ca=self.cas(s) if s.verify != "none" else None,
                crl=self.pki.crls[s.crl] if s.crl else None))
        self.write("hosts.json", json.dumps(hosts))


class Node(Script):
    name, program = "Node", "node"
    can = {"crl", "answer"}
    verify = dict.fromkeys(("require", "any", "none"))

    @classmethod
    def takes(cls, setting):
        return super().takes(setting) and setting.answer in (None, "403")

    def argv(self):
        return ["node", os.path.join(HERE, "node_server.js"), "hosts.json"]


class Python(Script):
    name, program = "Python", "openssl"
    can = {"crl", "talk", "answer"}
    verify = dict.fromkeys(("require", "optional", "none"))

    @classmethod
    def takes(cls, setting):
        return super().takes(setting) and setting.answer in (None, "reset")

    def argv(self):
        return [sys.executable, "-B",
                os.path.join(HERE, "python_server.py"), "hosts.json"]


ALL = (Apache, Nginx, Haproxy, Openssl, Node, Python)
