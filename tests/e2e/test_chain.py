"""test_chain.py - the corrected chain, from real servers into real servers"""
import http.server
import os
import re
import ssl
import subprocess
import threading

import support
from support import (OK, UNKNOWN, Case, ClosedPort, Host, Nginx, Pki,
                     SilentServer, certvigil)

BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----\n.*?"
                   r"-----END CERTIFICATE-----\n", re.S)


class Web:
    """What a CA hands out: pages of bytes, each as it was last set."""

    def __init__(self, tls=None):
        """`tls`: the certificate for https."""
        self.pages, self.asked = {}, []
        self.scheme = "http" if tls is None else "https"
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                web.asked.append(self.path)
                page = web.pages.get(self.path)
                if isinstance(page, str):
                    self.send_response(302)
                    self.send_header("Location", page)
                    page = b""
                else:
                    self.send_response(404 if page is None else 200)
                self.end_headers()
                self.wfile.write(page or b"not here")

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls.pem, tls.key)
            self.server.socket = context.wrap_socket(self.server.socket,
                                                     server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever,
                                       kwargs={"poll_interval": 0.05})
        self.thread.start()

    def url(self, path):
        return f"{self.scheme}://127.0.0.1:{self.server.server_port}{path}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


def openssl(*args):
    done = subprocess.run(["openssl", *map(str, args)], check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise AssertionError(f"openssl {args}: {done.stderr.decode()}")
    return done.stdout


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


class ChainCase(Case):
    def setUp(self):
        super().setUp()
        self.pki = Pki(self.folder)
        self.web = self.own(Web())
        self.web.pages["/ca.der"] = self.pki.intermediate.der()
        self.leaf = self.pki.leaf("www.example.com",
                                  aia=self.web.url("/ca.der"))
        self.good = read(self.leaf.pem) + read(self.pki.intermediate.pem)

    def chain(self, *args, **how):
        return certvigil("chain", "--trust", self.pki.root.pem, *args,
                         env={"no_proxy": "*"}, **how)

    def nginx(self, cert, key):
        return self.own(Nginx(self.folder,
                              [Host("www.example.com", cert, key)]))

    def assertChain(self, done, *pems):
        self.assertRun(done, OK)
        self.assertEqual(BLOCK.findall(done.stdout), [read(p) for p in pems])

    def assertNothing(self, done, *words):
        self.assertRun(done, UNKNOWN)
        self.assertEqual(done.stdout, "")
        for word in words:
            self.assertIn(word, done.stderr)


class Endpoints(ChainCase):
    def test_mend_nginx(self):
        """Incomplete, mended, read by nginx, found good."""
        served = self.pki.bundle("served.pem", self.leaf)
        nginx = self.nginx(served, self.leaf.key)
        target = f"127.0.0.1:{nginx.port}"
        check = ("check", "--sni", "www.example.com", "--trust",
                 self.pki.root.pem, target)
        self.assertRun(certvigil(*check), support.CRITICAL,
                       r"issuer 'Example CA 1' .* is missing")
        done = self.chain("--sni", "www.example.com", target, "--write",
                          served)
        self.assertRun(done, OK, r"^$",
                       r"(?m)^keep +'www\.example\.com', expires in \d+ days "
                       r"\([-\d]+\)\nadd +'Example CA 1', .*, from "
                       + re.escape(self.web.url("/ca.der")) +
                       r"\nwritten +" + re.escape(served) + r"\n$")
        self.assertEqual(read(served), self.good)
        self.assertEqual(self.web.asked, ["/ca.der"])
        nginx.reload()
        self.assertRun(certvigil(*check), OK)
        done = self.chain("--sni", "www.example.com", target)
        self.assertChain(done, self.leaf.pem, self.pki.intermediate.pem)
        self.assertIn("it was complete and in order already", done.stderr)
        self.assertEqual(self.web.asked, ["/ca.der"])

    def test_nginx_reads_remarks(self):
        done = self.chain(self.pki.chain(self.leaf))
        self.assertRegex(done.stdout,
                         r"^# CN=www\.example\.com, [-\d]{10} to [-\d]{10}\n"
                         r"-----BEGIN")
        path = write(self.path("remarks.pem"), done.stdout)
        nginx = self.nginx(path, self.leaf.key)
        self.assertRun(certvigil(
            "check", "--sni", "www.example.com", "--trust",
            self.pki.root.pem, f"127.0.0.1:{nginx.port}"), OK)

    def test_too_much(self):
        """Root and strangers go, and what is out of order is put right."""
        os.mkdir(self.path("other"))
        other = Pki(self.folder + "/other", "Other")
        served = self.pki.bundle("served.pem", self.leaf, self.pki.root,
                                 other.root, self.pki.intermediate)
        nginx = self.nginx(served, self.leaf.key)
        done = self.chain(f"127.0.0.1:{nginx.port}")
        self.assertRun(done, OK)
        self.assertEqual(len(BLOCK.findall(done.stdout)), 2)
        for line in (r"drop +'Example Root': the root, which clients have",
                     r"drop +'Other Root': not needed"):
            self.assertRegex(done.stderr, line)

    def test_unreachable(self):
        closed = self.own(ClosedPort())
        self.assertNothing(self.chain(f"127.0.0.1:{closed.port}"),
                           "cannot connect")
        silent = self.own(SilentServer())
        self.assertNothing(self.chain("-t", "300ms",
                                      f"127.0.0.1:{silent.port}"))


class Fetches(ChainCase):
    def test_forms(self):
        ca = self.pki.intermediate.pem
        pem = openssl("crl2pkcs7", "-nocrl", "-certfile", ca, "-certfile",
                      self.pki.root.pem)
        p7 = write(self.path("ca.p7.pem"), pem.decode())
        forms = {
            "/pkcs7": openssl("pkcs7", "-in", p7, "-outform", "DER"),
            "/pkcs7.pem": pem,
            "/ca.pem": read(ca).encode(),
        }
        for path, body in forms.items():
            with self.subTest(path=path):
                self.web.pages["/ca.der"] = body
                done = self.chain("--allow-private", self.leaf.pem)
                self.assertChain(done, self.leaf.pem, ca)

    def test_redirects(self):
        self.web.pages["/old"] = self.web.url("/ca.der")
        leaf = self.pki.leaf("old", aia=self.web.url("/old"))
        self.assertChain(self.chain("--allow-private", leaf.pem), leaf.pem,
                         self.pki.intermediate.pem)
        self.web.pages["/old"] = "file://" + self.pki.intermediate.pem
        self.assertNothing(self.chain("--allow-private", leaf.pem),
                           "want http or https, have file")

    def test_https(self):
        """Nobody vouches for the server: the signature counts."""
        web = self.own(Web(self.pki.make("alone", cn="alone")))
        web.pages["/ca.der"] = self.pki.intermediate.der()
        self.web.pages["/moved"] = web.url("/ca.der")
        for url in (web.url("/ca.der"), self.web.url("/moved")):
            leaf = self.pki.leaf("x", aia=url)
            self.assertChain(self.chain("--allow-private", leaf.pem),
                             leaf.pem, self.pki.intermediate.pem)

    def test_proxy(self):
        """The environment's proxy is asked, as for webhooks."""
        leaf = self.pki.leaf("x", aia="http://ca.test/ca.der")
        self.web.pages["http://ca.test/ca.der"] = \
            self.pki.intermediate.der()
        done = certvigil("chain", "--trust", self.pki.root.pem, leaf.pem,
                         env={"http_proxy": self.web.url(""),
                              "no_proxy": ""})
        self.assertChain(done, leaf.pem, self.pki.intermediate.pem)

    def test_private(self):
        """A file's certificates do not make us ask this machine."""
        done = self.chain(self.leaf.pem)
        self.assertNothing(done, "127.0.0.1 is loopback, so it is not asked",
                           "--allow-private")
        self.assertEqual(self.web.asked, [])

    def test_in_vain(self):
        twin = self.pki.make("twin", self.pki.root, cn="Example CA 1",
                             ca=True)
        closed = self.own(ClosedPort())
        silent = self.own(SilentServer())
        self.web.pages.update({
            "/html": b"<!DOCTYPE html><p>Sign in", "/long": b"x" * 70000,
            "/twin": twin.der(), "/other": self.pki.root.der()})
        rows = {
            self.web.url("/gone"): "HTTP 404",
            self.web.url("/html"): "want a certificate in DER, PKCS#7 or "
                                   "PEM, have an HTML page",
            self.web.url("/long"): "want at most 64 KiB, have more",
            self.web.url("/twin"): "have 'Example CA 1', which did not sign "
                                   "it",
            self.web.url("/other"): "want the issuer of 'x', have 'Example "
                                    "Root'",
            f"http://127.0.0.1:{closed.port}/": "Connection refused",
            f"http://127.0.0.1:{silent.port}/": "no answer in time",
        }
        out = self.path("out.pem")
        for url, why in rows.items():
            with self.subTest(url=url):
                leaf = self.pki.leaf("x", aia=url)
                done = self.chain("--allow-private", "-t", "500ms",
                                  "--write", out, leaf.pem)
                self.assertNothing(done, f"failed   {url}: ", why,
                                   "the chain ends at 'x', the leaf")
                self.assertFalse(os.path.exists(out))

    def test_loop(self):
        """A names B as its issuer, B names A."""
        b1 = self.pki.make("b", cn="B", ca=True)
        a = self.pki.make("a", b1, cn="A", ca=True, aia=self.web.url("/b"))
        b2 = self.pki.make("b2", a, cn="B", ca=True, key=b1.key,
                           aia=self.web.url("/a"))
        leaf = self.pki.leaf("x", issuer=a, aia=self.web.url("/a"))
        self.web.pages.update({"/a": a.der(), "/b": b2.der()})
        self.assertNothing(self.chain("--allow-private", leaf.pem))
        self.assertEqual(self.web.asked, ["/a", "/b"])

    def test_sources(self):
        """What is named comes before what is fetched."""
        done = self.chain("--intermediates", self.pki.intermediate.pem,
                          self.leaf.pem)
        self.assertChain(done, self.leaf.pem, self.pki.intermediate.pem)
        self.assertIn(", from " + self.pki.intermediate.pem, done.stderr)
        both = self.pki.bundle("both.pem", self.pki.root,
                               self.pki.intermediate)
        done = certvigil("chain", "--trust", both, self.leaf.pem)
        self.assertChain(done, self.leaf.pem, self.pki.intermediate.pem)
        self.assertIn("from the trust store", done.stderr)
        done = certvigil("chain", "--trust", self.pki.intermediate.pem,
                         self.leaf.pem)
        self.assertChain(done, self.leaf.pem)
        self.assertEqual(self.web.asked, [])


class Files(ChainCase):
    def setUp(self):
        super().setUp()
        self.whole = self.pki.chain(self.leaf)
        self.out = self.path("out.pem")

    def write(self, *args, **how):
        return self.chain(self.whole, "--write", self.out, *args, **how)

    def leftovers(self):
        return [n for n in os.listdir(self.folder) if n.startswith(".")]

    def test_new(self):
        old = os.umask(0o077)
        try:
            self.assertRun(self.write(), OK, r"^$", r"written +")
        finally:
            os.umask(old)
        self.assertEqual(read(self.out), self.good)
        self.assertEqual(os.stat(self.out).st_mode & 0o7777, 0o644)
        self.assertEqual(self.leftovers(), [])

    def test_replaced(self):
        """It is another file, of the old one's owner and permissions."""
        write(self.out, read(self.leaf.pem))
        owner = os.getuid(), os.getgid()
        if os.getuid() == 0:
            owner = 12345, 54321
            os.chown(self.out, *owner)
        os.chmod(self.out, 0o4640)
        with open(self.out, encoding="ascii") as before:
            self.assertRun(self.write(), OK)
            self.assertEqual(before.read(), read(self.leaf.pem))
        st = os.stat(self.out)
        self.assertEqual(read(self.out), self.good)
        self.assertEqual((st.st_mode & 0o7777, st.st_uid, st.st_gid),
                         (0o640, *owner))
        self.assertEqual(self.leftovers(), [])

    def test_empty(self):
        write(self.out, "")
        self.assertRun(self.write(), OK)
        self.assertEqual(read(self.out), self.good)

    def test_unchanged(self):
        """The same certificates are the same file, remarks or not."""
        write(self.out, "# ours\n" + self.good.replace("\n", "\r\n"))
        before = os.stat(self.out)
        self.assertRun(self.write(), OK, r"^$", r"unchanged")
        after = os.stat(self.out)
        self.assertEqual((before.st_ino, before.st_mtime_ns),
                         (after.st_ino, after.st_mtime_ns))
        # More, less, or damaged is not the same.
        for text in (self.good * 2, self.good + "-----BEGIN CERTIFICATE-----"
                     "\nAA\n-----END CERTIFICATE-----\n"):
            write(self.out, text)
            self.assertRun(self.write(), OK, r"^$", r"written")
            self.assertEqual(read(self.out), self.good)

    def test_in_place(self):
        write(self.out, read(self.pki.intermediate.pem) +
              read(self.leaf.pem) + read(self.pki.root.pem))
        done = self.chain(self.out, "--write", self.out)
        self.assertRun(done, OK, r"^$", r"the order was wrong")
        self.assertEqual(read(self.out), self.good)
        self.assertRun(self.chain(self.out, "--write", self.out), OK, r"^$",
                       r"already(.|\n)*unchanged")

    def test_refused(self):
        """What would be lost is not written over."""
        key = read(self.leaf.key)
        rows = {
            "combined": (read(self.leaf.pem) + key, "private key"),
            "key": (key, "private key"),
            "odd key": (self.good + "  " + key, "private key"),
            "text": ("ssl_certificate x;\n", "something else"),
            "request": ("-----BEGIN CERTIFICATE REQUEST-----\nAA\n"
                        "-----END CERTIFICATE REQUEST-----\n",
                        'have "CERTIFICATE REQUEST" in it'),
            "parameters": (self.good + "-----BEGIN DH PARAMETERS-----\nAA\n"
                           "-----END DH PARAMETERS-----\n",
                           'have "DH PARAMETERS" in it'),
        }
        for name, (text, why) in rows.items():
            with self.subTest(name=name):
                write(self.out, text)
                os.chmod(self.out, 0o600)
                self.assertNothing(self.write(), self.out, why)
                self.assertEqual(read(self.out), text)
        self.assertEqual(self.leftovers(), [])

    def test_links(self):
        real = write(self.path("real.pem"), read(self.leaf.pem))
        os.symlink(real, self.out)
        self.assertNothing(self.write(), f"is a link to {real}")
        self.assertEqual(read(real), read(self.leaf.pem))
        os.remove(real)
        self.assertNothing(self.write(), f"is a link to {real}")
        self.assertFalse(os.path.exists(real))

    def test_places(self):
        self.out = self.folder
        self.assertNothing(self.write(), "have a folder")
        self.out = self.path("no/such/folder.pem")
        self.assertNothing(self.write(), "No such file or directory")
        self.out = "here.pem"
        self.assertRun(self.write(cwd=self.folder), OK)
        self.assertEqual(read(self.path("here.pem")), self.good)

    def test_full_disk(self):
        """Nobody reads half of it, and the old one stays."""
        write(self.out, read(self.leaf.pem))
        done = subprocess.run(
            ["sh", "-c", 'ulimit -f 1; trap "" XFSZ; exec "$@"', "sh",
             support.CERTVIGIL, "chain", "--trust", self.pki.root.pem,
             self.whole, "--write", self.out],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, UNKNOWN, done.stderr)
        self.assertIn(b"File too large", done.stderr)
        self.assertEqual(read(self.out), read(self.leaf.pem))
        self.assertEqual(self.leftovers(), [])

    def test_formats(self):
        p12 = self.path("leaf.p12")
        secret = write(self.path("pass"), "secret\n")
        openssl("pkcs12", "-export", "-in", self.leaf.pem, "-inkey",
                self.leaf.key, "-certfile", self.pki.intermediate.pem,
                "-passout", "pass:secret", "-out", p12)
        done = self.chain("--passphrase-file", secret, p12)
        self.assertChain(done, self.leaf.pem, self.pki.intermediate.pem)
        self.assertNotIn("PRIVATE KEY", done.stdout)
        self.assertNotIn("secret", done.stdout + done.stderr)
        # A combined file is read like any other.
        both = write(self.path("both.pem"),
                     read(self.leaf.key) + self.good)
        self.assertChain(self.chain(both), self.leaf.pem,
                         self.pki.intermediate.pem)

    def test_damaged(self):
        """What cannot be read is told, and fetched anew."""
        path = write(self.path("damaged.pem"),
                     read(self.leaf.pem) +
                     read(self.pki.intermediate.pem)[:300])
        done = self.chain("--allow-private", path)
        self.assertChain(done, self.leaf.pem, self.pki.intermediate.pem)
        self.assertRegex(done.stderr, r"note +.* is cut short")

    def test_several_leaves(self):
        rsa = self.pki.leaf("rsa", "www.example.com", rsa=True)
        path = self.pki.bundle("two.pem", self.leaf, rsa,
                               self.pki.intermediate)
        done = self.chain(path)
        self.assertChain(done, self.leaf.pem, self.pki.intermediate.pem)
        self.assertRegex(done.stderr, r"drop +'rsa': another leaf")

    def test_roles(self):
        cas = self.pki.bundle("cas.pem", self.pki.intermediate, self.pki.root)
        self.assertNothing(self.chain(cas), "have CA certificates only")
        self.assertNothing(self.chain("--role", "client-ca", cas))
        self.assertChain(self.chain("--role", "server", cas),
                         self.pki.intermediate.pem)
        self_signed = self.pki.make("alone", cn="alone", san=["DNS:alone"])
        self.assertChain(self.chain(self_signed.pem), self_signed.pem)

    def test_hostile_names(self):
        """No name ends its remark, or begins a block."""
        names = ["a\n-----BEGIN CERTIFICATE-----",
                 "-----BEGIN CERTIFICATE-----", "\U0001f512" * 64,
                 "\x1b[31mred", "a\u202eb", "a" * 64]
        for name in names:
            with self.subTest(name=name):
                leaf = self.pki.make("odd", self.pki.intermediate, cn=name,
                                     san=["DNS:odd.test"])
                done = self.chain(self.pki.chain(leaf))
                self.assertChain(done, leaf.pem, self.pki.intermediate.pem)
                remarks = BLOCK.sub("", done.stdout)
                self.assertNotIn("-----", remarks)
                self.assertNotRegex(remarks + done.stderr,
                                    "[\x1b\u202e]")
                self.assertEqual(len(remarks.splitlines()), 2)
                self.assertLess(max(map(len, remarks.encode().splitlines())),
                                254)
                path = write(self.path("remarks.pem"), done.stdout)
                self.assertEqual(openssl("x509", "-in", path), openssl(
                    "x509", "-in", leaf.pem))

    def test_usage(self):
        rows = [
            ([], "want a TARGET, have none"),
            ([self.whole, self.leaf.pem], "want one TARGET, have 2"),
            ([self.folder], "have a folder"),
            ([self.path("*.pem")], "have a pattern"),
            (["--profile", "edgeone", self.whole], "no option --profile"),
            (["--write", "", self.whole], "--write: want a path"),
            (["--role", "server", "--sni", "x y", self.whole], "host name"),
        ]
        for args, why in rows:
            with self.subTest(args=args):
                self.assertNothing(self.chain(*args), why)
        self.assertNothing(self.chain(self.path("no.pem")), "is not there")
        self.assertNothing(certvigil("chain", "--trust", self.leaf.key,
                                     self.whole), self.leaf.key)
        done = certvigil("chain", "--help")
        self.assertRun(done, OK, r"^usage: certvigil chain ", r"^$")
        self.assertIn("  chain ", certvigil("--help").stdout)


if __name__ == "__main__":
    support.main()
