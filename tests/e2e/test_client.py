"""test_client.py - "does my partner's server take my certificate?": what is
asked on the command line and in the configuration, and the lines that answer"""
import json
import os
import re
import shutil
import socket
import ssl

import support
from file_support import openssl
from receivers import SmtpReceiver, WebhookReceiver
from support import (CRITICAL, OK, UNKNOWN, WARNING, ClosedPort, Host, Nginx,
                     Pki, ScanCase, certvigil)

NAME = "api.example.net"
PASS = "geheim und lang"

# nginx's words
NONE = 'HTTP 400 "No required SSL certificate was sent"'
BAD = 'HTTP 400 "The SSL certificate error"'


class ClientCase(ScanCase):
    """Our PKI has the server's certificate, a partner's that of clients."""

    def setUp(self):
        super().setUp()
        self.clients = self.partner("partner")
        self.leaf = self.pki.leaf(NAME, not_after="+90d")
        self.served = shutil.copy(self.pki.chain(self.leaf),
                                  self.path("served.pem"))
        self.ours = self.client("im-client")
        self.ours.chain = self.clients.chain(self.ours)

    def partner(self, name):
        folder = self.path(name)
        os.mkdir(folder)
        return Pki(folder, name.capitalize())

    def client(self, name, issuer=None, **options):
        options = {"eku": "clientAuth", "not_after": "+60d", **options}
        return self.clients.make(name, issuer or self.clients.intermediate,
                                 cn=name, **options)

    def host(self, verify="on", cas=None):
        """A server that asks for client certificates, or not."""
        return Host(NAME, self.served, self.leaf.key, more="" if
                    verify == "off" else f"""
        ssl_client_certificate {cas or self.clients.root.pem};
        ssl_verify_client {verify};
        ssl_verify_depth 3;""")

    def nginx(self, verify="on", cas=None):
        return self.own(Nginx(self.path(verify), [self.host(verify, cas)]))

    def check(self, nginx, *args, command="check", **how):
        return certvigil(
            command, "--trust", self.pki.root.pem, "--address", "127.0.0.1",
            *args, f"https://{NAME}:{nginx.port}/im/callback", **how)

    def assertLine(self, done, status, want):
        """The line, without port, day and performance data; "N days" stands
        for any number of them."""
        line = done.stdout.split("\n", 1)[0].split(" | ")[0]
        line = re.sub(r"\d+ days? \(\d{4}-\d\d-\d\d\)", "N days", line)
        line = re.sub(rf"{re.escape(NAME)}:\d+/im/callback", NAME, line)
        self.assertEqual((line, done.status, done.stderr), (want, status, ""))


class Lines(ClientCase):
    """What a partner's engineer is shown, to the letter."""

    def test_required(self):
        nginx = self.nginx()
        ours = ["--client-cert", self.ours.chain, "--client-key",
                self.ours.key, "--expect", "required"]
        self.assertLine(
            self.check(nginx, *ours), OK,
            f"CERTVIGIL OK - {NAME}: client certificate accepted (HTTP 200); "
            f"refused without one ({NONE}) and with a stranger's ({BAD}); "
            "the server's certificate expires in N days")
        self.assertLine(
            self.check(nginx, *ours, "--no-strict"), OK,
            f"CERTVIGIL OK - {NAME}: client certificate accepted (HTTP 200); "
            f"refused without one ({NONE}); the server's certificate expires "
            "in N days")
        self.assertLine(
            self.check(nginx, "--expect", "required"), OK,
            f"CERTVIGIL OK - {NAME}: requires a client certificate (HTTP "
            "400); the server's certificate expires in N days")
        # nobody asked: the certificate is what it is about
        self.assertLine(self.check(nginx), OK,
                        f"CERTVIGIL OK - {NAME}: expires in N days")

    def test_optional(self):
        nginx = self.nginx("optional")
        ours = ["--client-cert", self.ours.chain, "--client-key",
                self.ours.key]
        want = (f"CERTVIGIL CRITICAL - {NAME}: a client certificate is asked "
                "for, but not required: without one the answer is HTTP 200")
        self.assertLine(self.check(nginx, *ours), CRITICAL,
                        want + ", as with ours")
        self.assertLine(self.check(nginx, "--expect", "required"), CRITICAL,
                        want)
        self.assertLine(
            self.check(nginx, *ours, "--expect", "optional"), OK,
            f"CERTVIGIL OK - {NAME}: client certificate accepted (HTTP 200); "
            "clients without one are taken too (HTTP 200), as they should "
            "be; the server's certificate expires in N days")

    def test_off(self):
        nginx = self.nginx("off")
        ours = ["--client-cert", self.ours.chain, "--client-key",
                self.ours.key]
        want = (f"CERTVIGIL CRITICAL - {NAME}: the server does not ask for a "
                "client certificate: without one GET /im/callback gets HTTP "
                "200")
        for args in (ours, [*ours, "--expect", "required"],
                     ["--expect", "required"], ["--expect", "optional"]):
            with self.subTest(args=args):
                self.assertLine(self.check(nginx, *args), CRITICAL, want)
        self.assertLine(
            self.check(nginx, *ours, "--expect", "none"), OK,
            f"CERTVIGIL OK - {NAME}: no client certificate is asked for, as "
            "it should be (HTTP 200); the server's certificate expires in N "
            "days")

    def test_strangers_are_locked_out(self):
        nginx = self.nginx()
        for expect in ("optional", "none"):
            done = self.check(nginx, "--expect", expect)
            self.assertLine(
                done, CRITICAL,
                f"CERTVIGIL CRITICAL - {NAME}: want clients without a "
                f"certificate to be taken, have them refused ({NONE})")

    def test_refused(self):
        nginx = self.nginx()
        other = self.partner("other")
        stray = other.make("stray", other.intermediate, cn="stray",
                           eku="clientAuth")
        rows = [
            (self.client("late", not_before="-90d", not_after="-3d"),
             r"it expired \d+ days ago"),
            (self.client("early", not_before="+3d", not_after="+90d"),
             r"it is not valid before \d{4}-"),
            (self.client("server", eku="serverAuth"),
             "its extended key usage lacks clientAuth"),
            (stray, r"no CA of its chain \(issuer '(CN=)?Other CA 1'\) is "
             "among the client CAs that the server names: 'CN=Partner Root'"),
        ]
        for cert, want in rows:
            with self.subTest(cert=cert.pem):
                pki = other if cert is stray else self.clients
                done = self.check(nginx, "--client-cert", pki.chain(cert),
                                  "--client-key", cert.key)
                self.assertRun(
                    done, CRITICAL,
                    rf"^CERTVIGIL CRITICAL - {NAME}:\d+/im/callback: client "
                    rf"certificate '{os.path.basename(cert.pem)[:-4]}' "
                    rf"refused \({BAD}, TLSv1\.3\): {want}")

    def test_without_its_chain(self):
        done = self.check(self.nginx(), "-vv", "--client-cert", self.ours.pem,
                          "--client-key", self.ours.key)
        self.assertRun(done, CRITICAL, stdout="client.rejected")
        self.assertIn("Partner CA 1", done.stdout)

    def test_both_halves(self):
        """A bad certificate of the server's stops no test of ours."""
        self.leaf = self.pki.leaf("late.example.net", NAME,
                                  not_before="-90d", not_after="-1d")
        self.served = self.pki.chain(self.leaf)
        done = self.check(self.nginx(), "-v", "--client-cert", self.ours.pem,
                          "--client-key", self.ours.key)
        self.assertRun(done, CRITICAL)
        self.assertIn("CRITICAL expiry.expired: expired", done.stdout)
        self.assertIn("CRITICAL client.rejected: client", done.stdout)
        done = self.check(self.nginx(), "-v", "--client-cert",
                          self.ours.chain, "--client-key", self.ours.key)
        self.assertIn("CRITICAL expiry.expired: expired", done.stdout)
        self.assertIn("OK client.ok: client", done.stdout)

    def test_each_connection_is_a_whole_handshake(self):
        """R70: a session of before would be taken for the certificate."""
        for version in "TLSv1.2", "TLSv1.3":
            host = self.host()
            nginx = self.own(Nginx(self.path(version), [
                host._replace(more=host.more + f"""
                ssl_protocols {version};
                ssl_session_cache shared:S{version[-1]}:1m;
                ssl_session_tickets on;
                if ($ssl_session_reused = r) {{ return 410; }}""")]))
            with self.subTest(version=version):
                self.assertEqual(self.ask_twice(nginx.port), ["200", "410"])
                done = self.check(nginx, "-v", "--client-cert",
                                  self.ours.chain, "--client-key",
                                  self.ours.key)
                self.assertRun(done, OK, stdout=r"accepted \(HTTP 200\)")
                self.assertNotIn("410", done.stdout)

    def ask_twice(self, port):
        """What a client gets that resumes its session."""
        context = ssl.create_default_context(cafile=self.pki.root.pem)
        context.load_cert_chain(self.ours.chain, self.ours.key)
        session, answers = None, []
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", port), 10) as sock, \
                    context.wrap_socket(sock, server_hostname=NAME,
                                        session=session) as tls:
                tls.sendall(b"GET / HTTP/1.0\r\n\r\n")
                answers.append(tls.recv(1000).split()[1].decode())
                session = tls.session
        return answers

    def test_application_forbids(self):
        """The certificate is good, and its owner is not."""
        host = self.host()
        nginx = self.own(Nginx(self.path("forbids"), [host._replace(
            more=host.more + "if ($ssl_client_verify = SUCCESS) "
            "{ return 403; }")]))
        self.assertLine(
            self.check(nginx, "--client-cert", self.ours.chain,
                       "--client-key", self.ours.key), CRITICAL,
            f"CERTVIGIL CRITICAL - {NAME}: client certificate 'im-client' "
            "refused (HTTP 403, TLSv1.3): it passed TLS, but the server or "
            "the application behind it forbids /im/callback; without one: "
            f"{NONE}")

    def test_near_its_end(self):
        soon = self.client("soon", not_before="-80d", not_after="+241h")
        done = self.check(self.nginx(), "--client-cert",
                          self.clients.chain(soon), "--client-key", soon.key)
        self.assertLine(done, CRITICAL,
                        f"CERTVIGIL CRITICAL - {NAME}: client certificate "
                        "'soon': expires in N days; client certificate accepted "
                        f"(HTTP 200); refused without one ({NONE}) and with a "
                        f"stranger's ({BAD})")

    def test_nobody_there(self):
        closed = self.own(ClosedPort())
        done = self.check(closed, "-v", "--client-cert", self.ours.chain,
                          "--client-key", self.ours.key)
        self.assertRun(done, CRITICAL)
        self.assertIn("endpoint.unreachable", done.stdout)
        self.assertNotIn("client.", done.stdout)


class Files(ClientCase):
    """The same certificate in all forms that it comes in."""

    def write_pass(self):
        self.write("pass", PASS.encode() + b"\n")
        return self.path("pass")

    def forms(self):
        """What to give, of which key; all but the first need no secret."""
        chain, key, ours = self.ours.chain, self.ours.key, self.path("ours")
        secret = ["--passphrase-file", self.write_pass()]
        openssl("pkcs12", "-export", "-inkey", key, "-in", chain, "-out",
                ours + ".p12", "-passout", f"pass:{PASS}")
        openssl("pkey", "-in", key, "-aes256", "-out", ours + ".enc",
                "-passout", f"pass:{PASS}")
        for path in ours + ".pem", ours + ".enc.pem":
            self.write(path, b"")
            os.chmod(path, 0o600)
        with open(ours + ".pem", "wb") as out:
            for path in chain, key:
                with open(path, "rb") as f:
                    out.write(f.read())
        with open(ours + ".enc.pem", "wb") as out:
            for path in ours + ".enc", chain:
                with open(path, "rb") as f:
                    out.write(f.read())
        return {
            "PEM": ["--client-cert", chain, "--client-key", key],
            "one PEM": ["--client-cert", ours + ".pem"],
            "encrypted key": ["--client-cert", chain, "--client-key",
                              ours + ".enc", *secret],
            "encrypted in one": ["--client-cert", ours + ".enc.pem",
                                 *secret],
            "PKCS#12": ["--client-cert", ours + ".p12", *secret],
        }

    def test_forms(self):
        nginx = self.nginx()
        for name, args in self.forms().items():
            with self.subTest(form=name):
                done = self.check(nginx, "-v", *args)
                self.assertRun(done, OK, stdout="OK client.ok: ")

    def test_what_does_not_open(self):
        nginx = self.nginx()
        forms = self.forms()
        wrong = self.write("wrong", b"something else\n")
        for name in ("encrypted key", "encrypted in one", "PKCS#12"):
            with self.subTest(form=name):
                for args in ([*forms[name][:-1], wrong], forms[name][:-2]):
                    done = self.check(nginx, "-v", *args)
                    self.assertRun(done, CRITICAL,
                                   stdout="file.password: client certificate")
                    self.assertNotIn("something else", done.stdout)
                    # The rest of the look is as good as without it.
                    self.assertIn("client.unproven: client certificate not "
                                  "tried", done.stdout)
                    self.assertNotIn("endpoint.", done.stdout)
        stray = self.client("stray")
        done = self.check(nginx, "-v", "--client-cert", self.ours.chain,
                          "--client-key", stray.key)
        self.assertRun(done, CRITICAL,
                       stdout="key.mismatch: client certificate "
                       "'im-client': ")

    def test_secrets_are_not_repeated(self):
        nginx = self.nginx()
        with open(self.ours.key, encoding="ascii") as f:
            key = f.read().splitlines()[1]
        wrong = self.write("wrong", b"aber falsch\n")
        for args in self.forms().values():
            for how in (["-vvv"], ["--output", "json"], ["--output", "table"]):
                for last in args[-1], wrong:
                    done = self.check(nginx, *how, *args[:-1], last)
                    for secret in PASS, "aber falsch", key:
                        self.assertNotIn(secret, done.stdout + done.stderr)

    def test_mistakes(self):
        key, chain = self.ours.key, self.ours.chain
        rows = [
            (["--client-key", key], "--client-key: want it with "
             "--client-cert, have none"),
            (["--client-cert", self.path("none.pem")],
             r"--client-cert: .*none\.pem: No such file"),
            (["--client-cert", chain, "--client-key", self.path("none.key")],
             r"--client-key: .*none\.key: No such file"),
            (["--client-cert", chain, "--expect", "requred"],
             '--expect: want required, optional or none, have "requred"'),
            (["--client-cert", chain, "--passphrase", "geheim"],
             "--passphrase: want --passphrase-file FILE"),
            (["--client-cert", chain, "--passphrase-file",
              self.write_pass(), self.served],
             "--passphrase-file: want it for files or for --client-cert"),
        ]
        closed = self.own(ClosedPort())
        for args, want in rows:
            with self.subTest(args=args):
                done = self.check(closed, *args)
                self.assertRun(done, UNKNOWN, stderr=want)
                self.assertNotIn("geheim", done.stderr)


class Views(ClientCase):
    def test_json(self):
        done = self.check(self.nginx(), "--output", "json", "--client-cert",
                          self.ours.chain, "--client-key", self.ours.key)
        self.assertRun(done, OK)
        client = json.loads(done.stdout)["targets"][0]["client"]
        certs = client.pop("certificates")
        self.assertEqual([c["subject"] for c in certs],
                         ["CN=im-client", "CN=Partner CA 1"])
        self.assertEqual(client.pop("verdict"), "ok")
        self.assertEqual(client["with"], "HTTP 200")
        self.assertEqual(client["without"], "HTTP 400")
        self.assertEqual(client["sent"], 2)

    def test_show(self):
        done = self.check(self.nginx(), "--client-cert", self.ours.chain,
                          "--client-key", self.ours.key, command="show")
        self.assertRun(done, OK)
        block = re.sub(r"\d{4}-\d\d-\d\d, \d+ days left", "DATE",
                       done.stdout.partition("\nClient certificate:\n")[2])
        self.assertEqual(
            block,
            " 0  im-client     DATE, EC prime256v1\n"
            " 1  Partner CA 1  DATE, EC prime256v1\n"
            "      asked for in the handshake, of 'CN=Partner Root'\n"
            "      ours      2 certificates sent: HTTP 200 OK, TLSv1.3\n"
            "      alone     1 certificate sent: HTTP 400 Bad Request, "
            "TLSv1.3\n"
            "      none      HTTP 400 Bad Request, TLSv1.3\n"
            "      stranger  1 certificate sent: HTTP 400 Bad Request, "
            "TLSv1.3\n")


class Watched(ClientCase):
    """As a target: what is told when it changes, and to whom."""

    def setUp(self):
        super().setUp()
        self.chat = self.own(WebhookReceiver())
        self.post = self.own(SmtpReceiver())
        self.notify("chat", "webhook", url=self.chat.url + "/hook")
        self.notify("mail", "email", server=self.post.url, starttls="off",
                    **{"from": "certvigil@example.com",
                       "to": ["ops@example.com"]})

    def watch_nginx(self, nginx, **client):
        self.watch({"endpoint": f"https://{NAME}:{nginx.port}/im/callback",
                    "name": NAME, "address": "127.0.0.1", "client": client})

    def told(self, n):
        """The events of the n-th webhook, as (event, finding, message)."""
        body = json.loads(self.chat.wait(n)[n - 1].body)
        return sorted((e["event"], e.get("finding"), e.get("message", ""))
                      for e in body["data"]["events"])

    def install(self, cert):
        """Put it where the configuration names our certificate."""
        shutil.copy(self.clients.chain(cert), self.path("ours.pem"))
        shutil.copy(cert.key, self.path("ours.key"))

    def test_refused_and_taken_again(self):
        """The partner changes the CAs of its server."""
        cas = shutil.copy(self.clients.root.pem, self.path("cas.pem"))
        nginx = self.nginx(cas=cas)
        self.install(self.ours)
        self.watch_nginx(nginx, certificate="ours.pem", key="ours.key",
                         expect="required")
        self.assertRun(self.scan(), OK)
        self.assertEqual(self.chat.received, [])

        shutil.copy(self.partner("new").root.pem, cas)
        nginx.reload()
        self.assertRun(self.scan(), CRITICAL)
        (event, finding, message), = self.told(1)
        self.assertEqual((event, finding), ("opened", "client.rejected"))
        self.assertRegex(message, "^client certificate 'im-client' refused")
        mail = self.post.wait(1)[0].data.decode()
        self.assertRegex(mail, rf"Subject: .*CRITICAL: {re.escape(NAME)}: "
                         "client")

        shutil.copy(self.clients.root.pem, cas)
        nginx.reload()
        self.assertRun(self.scan(), OK)
        self.assertEqual([t[:2] for t in self.told(2)],
                         [("resolved", "client.rejected")])

    def test_our_own_comes_to_its_end(self):
        """It is told like any other, and its renewal is not the server's."""
        self.install(self.client("old", not_before="-80d",
                                 not_after="+241h"))
        nginx = self.nginx()
        self.watch_nginx(nginx, certificate="ours.pem", key="ours.key")
        self.assertRun(self.scan(), CRITICAL)
        (event, finding, message), = self.told(1)
        self.assertEqual((event, finding), ("opened", "expiry.soon"))
        self.assertRegex(message, r"^client certificate 'old': expires in \d+ "
                         "days")
        self.assertRegex(
            self.post.wait(1)[0].data.decode().replace("\r\n ", " "),
            rf"Subject: .*CRITICAL: {re.escape(NAME)}: client certificate "
            r"'old': expires in \d+ days")
        done = certvigil("status", "--config", self.write_config())
        self.assertRun(done, OK, stdout=rf"{re.escape(NAME)}.*client "
                       "certificate 'old': expires")

        mail = self.post.wait(1)[0].data.decode().replace("=\r\n", "")
        self.assertIn("the server's certificate expires 20", mail)
        text = re.sub(r"\s+", " ", mail)
        self.assertIn("put it where the client reads it, and into "
                      f"{self.path('ours.pem')} here.", text)

        # Not to be read for a moment: nothing is resolved by that.
        shutil.move(self.path("ours.pem"), self.path("away.pem"))
        self.assertRun(self.scan(), CRITICAL)
        self.assertIn(("opened", "file.missing", "client certificate "
                       f"{self.path('ours.pem')}: is not there: No such file "
                       "or directory"), self.told(2))
        self.assertNotIn("resolved", [t[0] for t in self.told(2)])

        self.install(self.client("new"))
        self.assertRun(self.scan(), OK)
        self.assertEqual({t[0] for t in self.told(3)}, {"resolved"})
        self.assertIn("expiry.soon", [t[1] for t in self.told(3)])

    def test_what_is_not_tried_is_not_resolved(self):
        stray = self.partner("other")
        ours = stray.make("stray", stray.intermediate, cn="stray",
                          eku="clientAuth")
        shutil.copy(stray.chain(ours), self.path("ours.pem"))
        shutil.copy(ours.key, self.path("ours.key"))
        nginx = self.nginx()
        self.watch_nginx(nginx, certificate="ours.pem", key="ours.key")
        self.assertRun(self.scan(), CRITICAL)
        self.assertEqual([t[:2] for t in self.told(1)],
                         [("opened", "client.rejected")])
        os.remove(self.path("ours.key"))
        self.assertRun(self.scan(), CRITICAL)
        self.assertEqual([t[:2] for t in self.told(2)],
                         [("opened", "client.unproven"),
                          ("opened", "file.missing")])
        self.install(self.ours)
        self.assertRun(self.scan(), OK)
        self.assertEqual([t[:2] for t in self.told(3)],
                         [("resolved", "client.rejected"),
                          ("resolved", "client.unproven"),
                          ("resolved", "file.missing")])
        # the worst of them first
        mail = self.post.wait(3)[2].data.decode()
        self.assertRegex(mail, r"RESOLVED: [^,]+, was \"client certificate")
        self.assertLess(mail.index("was CRITICAL"),
                        mail.index("was WARNING"))

    def test_secret_of_a_credential(self):
        openssl("pkcs12", "-export", "-inkey", self.ours.key, "-in",
                self.ours.chain, "-out", self.path("ours.p12"), "-passout",
                f"pass:{PASS}")
        credentials = self.path("credentials")
        os.mkdir(credentials)
        self.write("credentials/im.pass", PASS.encode() + b"\n")
        nginx = self.nginx()
        self.watch_nginx(nginx, certificate="ours.p12",
                         passphrase_file="im.pass")
        env = {"CREDENTIALS_DIRECTORY": credentials}
        done = self.scan("-v", env=env)
        self.assertRun(done, OK, stdout="client certificate accepted")
        done = certvigil("config", "show", "--config", self.write_config(),
                         env=env)
        self.assertRun(done, OK, stdout='passphrase: "\\*{8}"')
        self.assertNotIn(PASS, done.stdout)
        # and nothing of it is remembered
        with open(self.path("state.db"), "rb") as f:
            self.assertNotIn(PASS.encode(), f.read())

        # nor of one that does not open it
        self.write("credentials/im.pass", b"aber falsch\n")
        done = self.scan("-vvv", env=env)
        self.assertRun(done, CRITICAL, stdout="client certificate .*"
                       "passphrase does not open it")
        said = done.stdout + done.stderr + \
            self.chat.wait(1)[0].body.decode() + \
            self.post.wait(1)[0].data.decode()
        for name in os.listdir(self.folder):
            if name.startswith("state.db"):
                with open(self.path(name), "rb") as f:
                    said += f.read().decode("latin-1")
        for secret in "aber falsch", PASS:
            self.assertNotIn(secret, said)

    def test_expectation_alone(self):
        nginx = self.nginx("optional")
        self.watch_nginx(nginx, expect="required")
        self.assertRun(self.scan(), CRITICAL,
                       stdout="asked for, but not required")
        nginx.hosts = [self.host()]
        nginx.reload()
        self.assertRun(self.scan(), OK)

    def test_file_of_client_cas(self):
        """The server's, where it is at hand."""
        self.install(self.ours)
        whole = self.clients.bundle("cas.pem", self.clients.intermediate,
                                    self.clients.root)
        nginx = self.nginx(cas=whole)
        self.watch_nginx(nginx, certificate="ours.pem", key="ours.key")
        self.config["targets"][0]["client_ca"] = whole
        self.assertRun(self.scan(), OK)
        late = self.clients.make("late-root", cn="Late Root", ca=True,
                                 not_before="-90d", not_after="-1d")
        for cas, want in (
                ([self.clients.root], "client CAs: .* it lacks "
                 "'Partner CA 1'"),
                ([self.clients.intermediate, self.clients.root, late],
                 "client CAs: .*expired")):
            self.clients.bundle("cas.pem", *cas)
            done = self.scan()
            self.assertIn(done.status, (WARNING, CRITICAL))
            self.assertRegex(done.stdout, want)


if __name__ == "__main__":
    support.main()
