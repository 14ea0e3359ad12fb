"""web.py - nginx, Apache and HAProxy: https and tls"""
from .server import AS_ROOT, Server

NGINX = """\
daemon off;
worker_processes 1;
pid nginx.pid;
{user}
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{https} ssl;
        listen 127.0.0.1:{tls} ssl;
        ssl_certificate {chain};
        ssl_certificate_key {key};
        ssl_protocols {version};
        return 200 "hello\\n";
    }}
}}
"""


class Web(Server):
    implicit = ("https", "tls")
    config = ""  # the text of config_name, for format()
    config_name = ""

    def settings(self):
        return dict(vars(self), version=self.tls) | self.ports

    def prepare(self):
        self.write(self.config_name, self.config.format(**self.settings()))


class Nginx(Web):
    name, program = "nginx", "nginx"
    config, config_name = NGINX, "nginx.conf"

    def settings(self):
        return dict(super().settings(), user="user root;" if AS_ROOT else "")

    def argv(self):
        return ["nginx", "-p", self.folder, "-c", self.config_name,
                "-e", "error.log"]


APACHE = """\
ServerRoot {folder}
ServerName mail.example.net
PidFile httpd.pid
DefaultRuntimeDir {folder}
Mutex file:{folder}
ErrorLog /dev/stderr
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule ssl_module {modules}/mod_ssl.so
Listen 127.0.0.1:{https}
Listen 127.0.0.1:{tls}
DocumentRoot {folder}
SSLEngine on
SSLProtocol {version}
SSLCertificateFile {chain}
SSLCertificateKeyFile {key}
"""


class Apache(Web):
    name, program = "Apache", "apache2"
    config, config_name = APACHE, "httpd.conf"

    def settings(self):
        return dict(super().settings(), modules="/usr/lib/apache2/modules")

    def argv(self):
        return ["apache2", "-d", self.folder, "-f", self.config_name,
                "-D", "FOREGROUND"]


HAPROXY = """\
global
    maxconn 100
defaults
    mode http
    timeout connect 5s
    timeout client 5s
    timeout server 5s
frontend web
    bind 127.0.0.1:{https} ssl crt {both} {versions}
    bind 127.0.0.1:{tls} ssl crt {both} {versions}
    http-request return status 200 content-type text/plain string hello
"""


class Haproxy(Web):
    name, program = "HAProxy", "haproxy"
    config, config_name = HAPROXY, "haproxy.cfg"

    def settings(self):
        with open(self.key, encoding="ascii") as f:
            key = f.read()
        with open(self.chain, encoding="ascii") as f:
            both = self.write("both.pem", f.read() + key)
        versions = f"ssl-min-ver {self.tls} ssl-max-ver {self.tls}"
        return dict(super().settings(), both=both, versions=versions)

    def argv(self):
        return ["haproxy", "-db", "-f", self.config_name]
