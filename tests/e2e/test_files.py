"""test_files.py - certificate files in every form that openssl(1) writes, and
damaged ones"""
import gzip
import json
import os
import re
import zipfile

import support
from file_support import FileCase, openssl
from support import CRITICAL, OK, WARNING, certvigil


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


if __name__ == "__main__":
    support.main()
