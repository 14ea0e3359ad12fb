"""test_files.py - certificate files in every form that openssl(1) writes,
damaged ones, and the folders they lie in"""
import gzip
import json
import os
import re
import zipfile

import support
from support import CRITICAL, OK, UNKNOWN, WARNING, Case, Pki, certvigil

PASSWORD = "correct horse"


def openssl(*args, stdin=""):
    """The distribution's own program makes what people have on disk."""
    done = support.run("openssl", *args, stdin=stdin)
    if done.status != 0:
        raise AssertionError(f"openssl {args}: {done.stderr}")
    return done.stdout


def report(done):
    return json.loads(done.stdout)["targets"]


def ids(target, worse_than_ok=True):
    return sorted({f["id"] for f in target["findings"]
                   if f["severity"] != "ok" or not worse_than_ok})


class FileCase(Case):
    def setUp(self):
        super().setUp()
        self.pki = Pki(self.folder)
        self.leaf = self.pki.leaf("www.example.com", "www.example.com",
                                  "example.com")
        self.chain = self.pki.chain(self.leaf)
        self.secret = self.write("pass", PASSWORD.encode() + b"\n", 0o600)

    def write(self, name, data, mode=None):
        with open(self.path(name), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
            if mode is not None:
                os.fchmod(f.fileno(), mode)
        return self.path(name)

    def read(self, path):
        with open(path, "rb") as f:
            return f.read()

    def look(self, path, *args):
        """The exit status and the one target of the JSON report."""
        done = certvigil("check", path, "--trust", self.pki.root.pem,
                         "--output", "json", *args)
        targets = report(done)
        self.assertEqual(len(targets), 1, done.stdout)
        return done.status, targets[0]

    def assertFinds(self, path, *args, status, found, message="", row=""):
        """Exactly these ids are worse than ok; returns their target."""
        have, target = self.look(path, *args)
        told = f"{row} {json.dumps(target['findings'], indent=1)}"
        self.assertEqual(ids(target), sorted(found), told)
        self.assertEqual(have, status, told)
        if message:
            self.assertRegex(
                " ".join(f["message"] for f in target["findings"]), message,
                told)
        return target


class Forms(FileCase):
    """What a file is, is found by looking into it."""

    def forms(self):
        leaf, chain, key = self.leaf.pem, self.chain, self.leaf.key
        p12 = ["pkcs12", "-export", "-inkey", key, "-in", chain, "-out"]
        make = {
            "DER": ["x509", "-in", leaf, "-outform", "DER", "-out"],
            "PKCS#7 in PEM": ["crl2pkcs7", "-nocrl", "-certfile", chain,
                              "-out"],
            "PKCS#7 in DER": ["crl2pkcs7", "-nocrl", "-certfile", chain,
                              "-outform", "DER", "-out"],
            "PKCS#12": p12 + [None, "-passout", "file:" + self.secret],
            "PKCS#12 with an empty password": p12 + [None, "-passout",
                                                     "pass:"],
            "PKCS#12 without a MAC": p12 + [None, "-nomac", "-passout",
                                            "pass:"],
            "PKCS#12 without encryption": p12 + [
                None, "-keypbe", "NONE", "-certpbe", "NONE", "-passout",
                "pass:"],
            "with its text": ["x509", "-in", leaf, "-text", "-out"],
            "with trust settings": ["x509", "-in", leaf, "-trustout",
                                    "-addtrust", "serverAuth", "-out"],
        }
        for form, args in make.items():
            path = self.path(re.sub(r"\W", "", form) + ".x")
            if None in args:
                args[args.index(None)] = path
            else:
                args = args + [path]
            openssl(*args)
            os.chmod(path, 0o600)
            yield form, path

    def test_every_form_is_read(self):
        with open(self.leaf.pem, encoding="ascii") as f:
            want = openssl("x509", "-noout", "-fingerprint", "-sha256",
                           stdin=f.read())
        want = want.split("=")[1].strip().replace(":", "").lower()
        for form, path in self.forms():
            with self.subTest(form):
                args = ["--finding", "chain.incomplete=off"]
                if form == "PKCS#12":
                    args += ["--passphrase-file", self.secret]
                target = self.assertFinds(path, *args, status=OK, found=[])
                self.assertEqual(target["certificates"][0]["sha256"], want)
                self.assertEqual(target["role"], "server")

    def test_pem_is_demanded(self):
        """R21, R22: PEM only, and what else it is has its name."""
        names = {"DER": "have DER", "PKCS#7 in PEM": "have PKCS#7",
                 "PKCS#7 in DER": "have PKCS#7",
                 "PKCS#12 with an empty password": "have PKCS#12"}
        for form, path in self.forms():
            if form in names:
                for args in (["--pem-only"], ["--profile", "huawei-elb"]):
                    with self.subTest(form, args=args):
                        _, target = self.look(path, *args)
                        found = [f for f in target["findings"]
                                 if f["id"] == "file.format"]
                        self.assertEqual(len(found), 1, target["findings"])
                        self.assertIn(names[form], found[0]["message"])
                        self.assertEqual(found[0]["severity"], "critical")
                        # Its dates are judged all the same.
                        self.assertTrue(target["certificates"])

    def test_what_holds_no_certificate_is_named(self):
        """R10 (a CA file that is a ZIP archive), R21 (request, key)."""
        with zipfile.ZipFile(self.path("TencentQQAuthCA.crt"), "w") as z:
            z.write(self.pki.root.pem, "TencentQQAuthCA.crt")
        openssl("req", "-new", "-key", self.leaf.key, "-subj", "/CN=x",
                "-out", self.path("request.pem"))
        rows = [
            ("TencentQQAuthCA.crt", None, "file.format", "ZIP"),
            ("a.gz", gzip.compress(b"x"), "file.format", "gzip"),
            ("page.pem", b"<!DOCTYPE html><html></html>", "file.format",
             "HTML|web page"),
            ("store.jks", b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\0",
             "file.format", "Java keystore"),
            ("request.pem", None, "file.no-certificate", "request"),
            ("key.pem", self.read(self.leaf.key), "file.no-certificate",
             "private key"),
            ("notes.pem", b"nothing of the kind\n", "file.no-certificate",
             "no"),
            ("empty.pem", b"", "file.empty", "empty"),
        ]
        for name, data, found, message in rows:
            with self.subTest(name):
                if data is not None:
                    self.write(name, data, 0o600)
                self.assertFinds(self.path(name), "--role", "client-ca",
                                 status=CRITICAL, found=[found],
                                 message=message)

    def test_missing(self):
        """R16: a configured path that is not there."""
        self.assertFinds(self.path("www.example.com.crt"), status=CRITICAL,
                         found=["file.missing"], message="not there")

    def test_passwords(self):
        """R29: wrong, missing and empty passwords, legacy encryption."""
        wrong = self.write("wrong", b"battery staple\n", 0o600)
        right = ["--passphrase-file", self.secret]
        p12 = ["pkcs12", "-export", "-inkey", self.leaf.key, "-in",
               self.chain, "-passout", "file:" + self.secret]
        openssl(*p12, "-out", self.path("new.p12"))
        openssl(*p12, "-out", self.path("old.p12"), "-legacy")
        openssl(*p12, "-out", self.path("rc2.p12"), "-legacy", "-certpbe",
                "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-RC2-40")
        openssl(*p12, "-out", self.path("3des.p12"), "-certpbe",
                "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES")
        rows = [
            ("new.p12", right, OK, [], ""),
            ("new.p12", [], CRITICAL, ["file.password"], "passphrase"),
            ("new.p12", ["--passphrase-file", wrong], CRITICAL,
             ["file.password"], "does not open|wrong"),
            ("old.p12", right, WARNING, ["file.legacy-encryption"], "RC2"),
            ("rc2.p12", right, WARNING, ["file.legacy-encryption"], "RC2"),
            ("rc2.p12", ["--passphrase-file", wrong], CRITICAL,
             ["file.password"], "does not open|wrong"),
            ("3des.p12", right, OK, [], ""),
        ]
        for name, args, status, found, message in rows:
            with self.subTest(name, args=args):
                os.chmod(self.path(name), 0o600)
                self.assertFinds(self.path(name), *args, status=status,
                                 found=found, message=message)
        # The password is nowhere in what is told.
        done = certvigil("check", self.path("new.p12"), "-vvv",
                         "--passphrase-file", wrong)
        self.assertNotIn("battery", done.stdout + done.stderr)

    def test_kubeconfig(self):
        ca, user = self.pki.root, self.pki.leaf(
            "admin", issuer=self.pki.root, not_before="-80d",
            not_after="+5d", eku="clientAuth")
        b64 = {n: openssl("base64", "-A", "-in", p).strip() for n, p in
               (("crt", user.pem), ("key", user.key))}
        config = {
            "apiVersion": "v1", "kind": "Config",
            "clusters": [{"name": "prod", "cluster": {
                "server": "https://192.0.2.1",
                "certificate-authority": os.path.basename(ca.pem)}}],
            "users": [
                {"name": "admin", "user": {
                    "client-certificate-data": b64["crt"],
                    "client-key-data": b64["key"]}},
                {"name": "robot", "user": {"token": "not-a-token"}}],
        }
        path = self.write("config", json.dumps(config), 0o600)
        target = self.assertFinds(path, status=CRITICAL,
                                  found=["expiry.soon"],
                                  message="user 'admin': .*expires in [45]")
        self.assertEqual(len(target["certificates"]), 2)
        os.chmod(path, 0o644)
        self.assertFinds(path, status=CRITICAL,
                         found=["expiry.soon", "key.permissions"])
        config["clusters"][0]["cluster"]["certificate-authority"] = "gone.crt"
        path = self.write("config", json.dumps(config), 0o600)
        self.assertFinds(path, status=CRITICAL, message="gone.crt",
                         found=["expiry.soon", "file.missing"])


class Damage(FileCase):
    """R32, R63: each block that is broken is told with its line."""

    def test_damage_in_any_block(self):
        a, b = self.read(self.leaf.pem), self.read(self.pki.intermediate.pem)
        lines = b.split(b"\n")
        after = a.count(b"\n") + 1
        rows = [
            ("cut short", a + b[:len(b) // 2], after),
            ("END and BEGIN on one line", a.rstrip(b"\n") + b, None),
            ("bad base64", a + b"\n".join([lines[0], b"!" + lines[1][1:]] +
                                          lines[2:]), after),
            ("lost line", a + b"\n".join(lines[:2] + lines[3:]), after),
            ("empty block", a + lines[0] + b"\n" + lines[-2] + b"\n", after),
            ("first block", b"\n".join(lines[:2] + lines[3:]) + a, 1),
        ]
        for name, text, line in rows:
            with self.subTest(name):
                path = self.write("damaged.pem", text)
                status, target = self.look(path)
                found = [f for f in target["findings"]
                         if f["id"] == "file.damaged"]
                self.assertEqual(status, CRITICAL)
                self.assertEqual(len(found), 1, target["findings"])
                if line is not None:
                    self.assertRegex(found[0]["message"], rf"\bline {line}\b")
                # The good ones are judged: the leaf's dates are there.
                self.assertIn("www.example.com",
                              str(target["certificates"]))

    def test_harmless_oddities(self):
        text = self.read(self.chain)
        rows = {
            "CRLF": text.replace(b"\n", b"\r\n"),
            "BOM": b"\xef\xbb\xbf" + text,
            "blank lines between": text.replace(b"-----BEGIN",
                                                b"\n\n-----BEGIN"),
            "text in front": b"Bag Attributes\n    localKeyID: 01\n" + text,
            "no line break at the end": text.rstrip(b"\n"),
            "blanks at line ends": text.replace(b"\n", b"  \n"),
        }
        for name, data in rows.items():
            with self.subTest(name):
                self.assertFinds(self.write("odd.pem", data), status=OK,
                                 found=[])


class Folders(FileCase):
    def test_the_rest_is_no_finding(self):
        """R34: what lies beside the certificates is not called damaged."""
        os.mkdir(self.path("tls"))
        for name, data in (
                ("tls/www.crt", self.read(self.chain)),
                ("tls/www.key", self.read(self.leaf.key)),
                ("tls/www.csr", b"-----BEGIN CERTIFICATE REQUEST-----\nMII\n"),
                ("tls/ca.srl", b"0A1B2C\n"), ("tls/ca.conf", b"[ req ]\n"),
                ("tls/README", b"how to renew\n"),
                ("tls/dh.pem", b"-----BEGIN DH PARAMETERS-----\nMII=\n"
                               b"-----END DH PARAMETERS-----\n")):
            self.write(name, data, 0o600)
        self.assertFinds(self.path("tls"), status=OK, found=[])

    def test_patterns(self):
        for name in ("a/one.pem", "a/b/two.pem", "a/b/c/three.pem",
                     "a/old/four.pem", "a/b/five.crt"):
            os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
            self.write(name, self.read(self.chain))
        rows = [
            ("a/*.pem", [], "one"),
            ("a/**/*.pem", [], "one two three four"),
            ("a/**", [], "one two three four five"),
            ("a/**/*.pem", ["--exclude", "old"], "one two three"),
            ("a/**/*.pem", ["--exclude", "**/old/**", "--exclude", "t*.pem"],
             "one"),
            ("a", ["--exclude", self.path("a/b")], "one four"),
        ]
        for pattern, args, want in rows:
            with self.subTest(pattern, args=args):
                done = certvigil("check", self.path(pattern), "--trust",
                                 self.pki.root.pem, "--output", "json", *args)
                names = [os.path.basename(t["name"]).split(".")[0]
                         for t in report(done)]
                self.assertEqual(sorted(names), sorted(want.split()),
                                 done.stderr)

    def test_links_as_certbot_makes_them(self):
        for folder in ("live/example.com", "archive/example.com"):
            os.makedirs(self.path(folder))
        self.write("archive/example.com/fullchain1.pem",
                   self.read(self.chain))
        self.write("archive/example.com/privkey1.pem",
                   self.read(self.leaf.key), 0o600)
        for name in ("fullchain", "privkey"):
            os.symlink(f"../../archive/example.com/{name}1.pem",
                       self.path(f"live/example.com/{name}.pem"))
        done = certvigil("check", self.path("live/*/fullchain.pem"),
                         "--key", "{dir}/privkey.pem", "--trust",
                         self.pki.root.pem)
        self.assertRun(done, OK)
        os.unlink(self.path("archive/example.com/privkey1.pem"))
        done = certvigil("check", self.path("live/*/fullchain.pem"),
                         "--key", "{dir}/privkey.pem", "--trust",
                         self.pki.root.pem)
        self.assertRun(done, CRITICAL, "privkey.pem")

    def test_distribution_store(self):
        """The distribution's CAs, as they are, are nobody's alarm."""
        if not os.path.exists("/etc/ssl/certs/ca-certificates.crt"):
            self.skipTest("no CA store on this machine")
        done = certvigil("check", "/etc/ssl/certs/ca-certificates.crt",
                         "/usr/share/ca-certificates", "--output", "json")
        bad = [(t["name"], f["message"]) for t in report(done)
               for f in t["findings"] if f["severity"] != "ok"]
        self.assertEqual(bad, [])
        self.assertEqual(done.status, OK)

    def test_hash_links_are_no_second_certificate(self):
        store = self.path("store")
        os.mkdir(store)
        self.write("store/root.pem", self.read(self.pki.root.pem))
        os.symlink("root.pem", f"{store}/0a1b2c3d.0")
        self.assertFinds(store, status=OK, found=[])

    def test_ten_thousand_files(self):
        """No false damage, and memory as results need it."""
        os.mkdir(self.path("many"))
        chain, key = self.read(self.chain), self.read(self.leaf.key)
        der = self.leaf.der()
        kinds = [("crt", chain), ("key", key), ("der", der),
                 ("csr", b"-----BEGIN CERTIFICATE REQUEST-----\n"),
                 ("txt", b"notes\n")]
        for i in range(10000):
            end, data = kinds[i % len(kinds)]
            self.write(f"many/{i:05}.{end}", data, 0o600)
        done = certvigil("check", self.path("many"), "--trust",
                         self.pki.root.pem, "--output", "json",
                         "--finding", "chain.incomplete=off", limit_s=120)
        targets = report(done)
        self.assertEqual(len(targets), 4000)
        self.assertEqual({i for t in targets for i in ids(t)}, set())
        self.assertEqual(done.status, OK)


class Keys(FileCase):
    """R7, R60: every form of key with its pair and with another's."""

    FORMS = {
        "RSA": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        "RSA-PSS": ["-algorithm", "RSA-PSS", "-pkeyopt",
                    "rsa_keygen_bits:2048"],
        "EC": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        "EC explicit": ["-algorithm", "EC", "-pkeyopt",
                        "ec_paramgen_curve:P-384", "-pkeyopt",
                        "ec_param_enc:explicit"],
        "Ed25519": ["-algorithm", "ED25519"],
        "Ed448": ["-algorithm", "ED448"],
        "DSA": None,
        "SM2": ["-algorithm", "SM2"],
    }

    def make_key(self, form, name):
        path = self.path(name)
        args = self.FORMS[form]
        if args is None:
            parameters = self.path("dsa.params")
            if not os.path.exists(parameters):
                openssl("genpkey", "-genparam", "-algorithm", "DSA",
                        "-pkeyopt", "dsa_paramgen_bits:2048", "-out",
                        parameters)
            args = ["-paramfile", parameters]
        openssl("genpkey", *args, "-out", path)
        os.chmod(path, 0o600)
        return path

    def make_pair(self, form, key):
        path = self.path("pair.crt")
        more = ["-sm3", "-sigopt", "distid:1234567812345678"] \
            if form == "SM2" else []
        openssl("req", "-x509", "-new", "-key", key, "-subj", "/CN=pair",
                "-addext", "subjectAltName=DNS:pair.example", "-days", "90",
                "-addext", "basicConstraints=critical,CA:FALSE", *more,
                "-out", path)
        return path

    def judge(self, cert, *args):
        """Findings about keys, and those about the chain's signatures."""
        done = certvigil("check", cert, "--trust", cert, "--output", "json",
                         *args)
        return report(done)[0], done.status

    def test_pairs(self):
        for form in self.FORMS:
            with self.subTest(form):
                key = self.make_key(form, "one.key")
                other = self.make_key(form, "two.key")
                cert = self.make_pair(form, key)
                target, status = self.judge(cert, "--key", key)
                # Both are refused by much software.
                weak = ["key.weak"] if form in ("EC explicit", "DSA") else []
                self.assertEqual(ids(target), weak, target["findings"])
                self.assertEqual(status, WARNING if weak else OK)
                target, status = self.judge(cert, "--key", other)
                self.assertEqual(ids(target), ["key.mismatch"] + weak)
                self.assertEqual(status, CRITICAL)
                self.assertIn("two.key", str(target["findings"]))

    def test_key_and_certificate_in_one_file(self):
        pair = self.read(self.chain) + self.read(self.leaf.key)
        self.assertFinds(self.write("both.pem", pair, 0o600), status=OK,
                         found=[])
        other = self.pki.leaf("other.example")
        pair = self.read(self.chain) + self.read(other.key)
        self.assertFinds(self.write("both.pem", pair, 0o600),
                         status=CRITICAL, found=["key.mismatch"])

    def test_encrypted(self):
        key = self.path("locked.key")
        openssl("pkey", "-in", self.leaf.key, "-aes256", "-passout",
                "file:" + self.secret, "-out", key)
        rows = [(["--passphrase-file", self.secret], OK, []),
                ([], CRITICAL, ["file.password"]),
                (["--passphrase-file", self.write("no", b"no\n", 0o600)],
                 CRITICAL, ["file.password"])]
        for args, status, found in rows:
            with self.subTest(args):
                self.assertFinds(self.chain, "--key", key, *args,
                                 status=status, found=found)

    def test_permissions(self):
        """R15: readable by its group, by others, by somebody in its ACL."""
        for mode, found in ((0o600, []), (0o400, []),
                            (0o640, ["key.permissions"]),
                            (0o604, ["key.permissions"])):
            with self.subTest(f"{mode:o}"):
                os.chmod(self.leaf.key, mode)
                self.assertFinds(self.chain, "--key", self.leaf.key,
                                 status=WARNING if found else OK,
                                 found=found,
                                 message=f"{mode:04o}" if found else "")

    def test_missing_key(self):
        """R46: the originals of what was uploaded must be kept."""
        self.assertFinds(self.chain, "--key", self.path("gone.key"),
                         status=CRITICAL, found=["file.missing"],
                         message="gone.key")

    def test_sm2_chain(self):
        """R65, MTLS.md 3: SM2 is read and verified without false alarm."""
        for distid in ([], ["-sigopt", "distid:1234567812345678"]):
            with self.subTest(distid):
                ca = self.make_key("SM2", "ca.key")
                key = self.make_key("SM2", "leaf.key")
                openssl("req", "-x509", "-new", "-key", ca, "-sm3",
                        "-subj", "/CN=SM CA", "-days", "300", "-addext",
                        "keyUsage=keyCertSign", *distid, "-out",
                        self.path("ca.crt"))
                openssl("req", "-new", "-key", key, "-sm3", "-subj",
                        "/CN=sm.example", "-addext",
                        "subjectAltName=DNS:sm.example", *distid, "-out",
                        self.path("leaf.csr"))
                vfy = ["-vfyopt", distid[1]] if distid else []
                openssl("x509", "-req", "-in", self.path("leaf.csr"), "-CA",
                        self.path("ca.crt"), "-CAkey", ca, "-sm3", "-days",
                        "90", "-copy_extensions", "copy", *vfy, *distid,
                        "-out", self.path("leaf.crt"))
                done = certvigil("check", self.path("leaf.crt"), "--trust",
                                 self.path("ca.crt"), "--key", key,
                                 "--profile", "edgeone", "--output", "json")
                self.assertEqual(ids(report(done)[0]), [], done.stdout)


if __name__ == "__main__":
    support.main()
