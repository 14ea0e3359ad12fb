"""test_keys.py - private keys of every form beside their certificates"""
import os

import support
from file_support import FileCase, ids, openssl, report
from support import CRITICAL, OK, WARNING, certvigil


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
