#!/usr/bin/env python3
"""run.py - run each fuzzer for a while, from seeds made on the spot

    tests/fuzz/run.py --seconds N --mkcert PROGRAM BUILD

Finds BUILD/fuzz_*, keeps what they learn in BUILD/corpus/NAME and what they
say in BUILD/NAME.log, and leaves what breaks one in BUILD. A fuzzer whose name
holds a word of SEEDS begins with those seeds; tests/fuzz/NAME.dict is the
dictionary of fuzz_NAME. Exit status 1 if one broke.
"""
import argparse
import base64
import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import tempfile

import starttls_seeds

FOLDER = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(FOLDER))


def certificates(mkcert):
    """PEM and DER of a few kinds of certificate, whole and cut short."""
    with tempfile.TemporaryDirectory() as d:
        kinds = [["--cn", "www.example.com", "--san", "DNS:www.example.com"],
                 ["--cn", "Example CA", "--ca", "--pathlen", "0"],
                 ["--cn", "x", "--rsa", "--aia", "http://ca.example/ca.crt"],
                 ["--cn", "x", "--ed25519", "--san", "IP:192.0.2.1"],
                 ["--cn", "x", "--v1"]]
        for i, kind in enumerate(kinds):
            path = f"{d}/{i}.pem"
            subprocess.run([mkcert, "--out", path, "--key-out", f"{d}/key",
                            *kind], check=True)
            with open(path, "rb") as f:
                pem = f.read()
            yield pem
            yield pem[:len(pem) // 2]
            yield b"\xef\xbb\xbfa note\n" + pem.replace(b"\n", b"\r\n") + pem
            body = re.search(rb"-----\n(.*)\n-----END", pem, re.S).group(1)
            yield base64.b64decode(body)


# What openssl(1) makes of a certificate c and its key k.
FORMS = """
x509 -in c -outform DER
x509 -in c -trustout -addtrust serverAuth
crl2pkcs7 -nocrl -certfile c
crl2pkcs7 -nocrl -certfile c -certfile c -outform DER
pkcs12 -export -in c -inkey k -passout pass:secret -iter 1000
pkcs12 -export -in c -inkey k -passout pass: -iter 1000
pkcs12 -export -in c -nokeys -passout pass:secret -nomac
pkcs12 -export -in c -inkey k -passout pass:secret -legacy
pkcs12 -export -in c -inkey k -passout pass:x -certpbe NONE -keypbe NONE
pkey -in k
pkey -in k -outform DER
pkey -in k -traditional -aes128 -passout pass:secret
pkcs8 -topk8 -in k -passout pass:secret -iter 1000
pkcs8 -topk8 -in k -passout pass:secret -scrypt -scrypt_N 2 -outform DER
req -new -key k -subj /CN=www.example.com
req -new -key k -subj /CN=www.example.com -outform DER
pkey -in k -pubout
"""

KUBECONFIG = b"""apiVersion: v1
kind: Config
clusters:
- name: main
  cluster: {server: "https://192.0.2.1", certificate-authority-data: %s}
- name: other
  cluster: {certificate-authority: ca.crt}
users:
- name: admin
  user:
    client-certificate-data: %s
    client-key-data: %s
"""


def files(mkcert):
    """All that fuzz_file knows, made of one certificate and its key."""
    yield from certificates(mkcert)
    with tempfile.TemporaryDirectory() as d:
        subprocess.run([mkcert, "--out", "c", "--key-out", "k", "--cn",
                        "www.example.com"], check=True, cwd=d)
        for form in FORMS.strip().splitlines():
            made = subprocess.run(["openssl", *form.split()], cwd=d,
                                  stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL)
            # An old openssl(1) does not know them all.
            if made.returncode == 0:
                yield made.stdout
        with open(f"{d}/c", "rb") as c, open(f"{d}/k", "rb") as k:
            pem, key = c.read(), k.read()
    yield key + pem + pem
    yield KUBECONFIG % tuple(map(base64.b64encode, (pem, pem, key)))
    # BER, as programs write it that do not know how long it will be
    der = base64.b64decode(b"".join(pem.split(b"\n")[1:-2]))
    yield (bytes.fromhex("308006092a864886f70d010702a08030800201013100"
                         "308006092a864886f70d0107010000a080") + der +
           bytes.fromhex("00003100000000000000"))


def configurations(_):
    with open(f"{ROOT}/config.yaml.example", "rb") as f:
        yield f.read()
    yield b"targets:\n  - endpoint: https://www.example.com\n    names: [a, b]\n"
    yield b"defaults: {warning: 'min(30d, 33%)', findings: {name.www: off}}\n"
    yield b"include: conf.d/*.yaml\nx: &a [*a, !!int 1, \"\\u00e9\"]\n"


def dialogues(_):
    for scheme, answers in starttls_seeds.SAID.items():
        for answer in answers:
            for chunk in (0, 1, 5):
                yield scheme.encode() + bytes([0, chunk]) + answer


HEADS = [b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 2\r\n\r\nok",
         b"HTTP/1.0 404\nServer:\n\n",
         b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
         b"HTTP/1.1 503 \r\nRetry-After: 9"]


def answers(mkcert):
    """All that fuzz_answer knows: certificates of a CA, heads of HTTP."""
    for made in files(mkcert):
        yield b"c" + made
    for head in HEADS:
        yield b"h" + head


DIGEST = b"""d{"version":1,"id":"msg_0","host":"agent","time":
"2026-11-20T18:00:00Z","events":[{"event":"opened","severity":"critical",
"incident":"inc_1","target":"www.example.com","address":"",
"owner":"web","tags":["x"],"finding":"expiry.soon","message":"expires",
"hint":"renew","opened_at":"2026-11-20T18:00:00Z"},{"event":"renewed",
"severity":"ok","target":"x","address":"y","message":"z"}]}"""


def messages(_):
    """All that fuzz_digest knows: messages, their texts, what is answered."""
    yield DIGEST
    yield DIGEST.replace(b"opened", b"resolved").replace(b"ex", b"\\u2028<@")
    for kind in b"abcdef":
        yield bytes(b"sagent\n%c1\nwww\na\no\nexpiry.soon\n@here x.y\n[h](u)"
                    % kind)
    for answer in (b"ok", b'{"ok":true}', b'{"errcode":130101,"errmsg":"no"}',
                   b'{"retry_after_ms":2000}', b'{"errors":["no"],"status":0}',
                   b'{"parameters":{"retry_after":9},"ok":false', b"[" * 4000):
        yield b"a" + answer
    yield b't{"x":"{{subject}}","y":[{{#events ,}}"{{target}}"{{/events}}]}'


def texts(_):
    yield b"https://www.example.com:443/path"
    yield b"[2001:db8::1]:443"
    yield b"min(30d, 33%)"
    yield b"2026-11-20T18:00:00+01:00"
    yield "b\u00fccher.example".encode()


SEEDS = [(r"answer", answers),
         (r"digest", messages),
         (r"file|key|kube", files),
         (r"pem|cert|chain|der|judge", certificates),
         (r"config|yaml", configurations),
         (r"starttls|dialect|smtp", dialogues),
         (r"", texts)]


def seed(fuzzer, corpus, mkcert):
    os.makedirs(corpus, exist_ok=True)
    name = os.path.basename(fuzzer)
    make = next(make for words, make in SEEDS if re.search(words, name))
    for i, data in enumerate(make(mkcert)):
        with open(f"{corpus}/seed-{i}", "wb") as f:
            f.write(data)


def fuzz(fuzzer, build, args):
    name = os.path.basename(fuzzer)
    corpus = f"{build}/corpus/{name}"
    seed(fuzzer, corpus, args.mkcert)
    words = f"{FOLDER}/{name[len('fuzz_'):]}.dict"
    command = [fuzzer, f"-max_total_time={args.seconds}", "-timeout=10",
               "-rss_limit_mb=1024", "-max_len=65536", "-print_final_stats=1",
               f"-artifact_prefix={build}/{name}-"]
    if os.path.exists(words):
        command.append(f"-dict={words}")
    log = f"{build}/{name}.log"
    with open(log, "wb") as out:
        done = subprocess.run(command + [corpus], stdin=subprocess.DEVNULL,
                              stdout=out, stderr=out)
    with open(log, encoding="utf-8", errors="replace") as f:
        return name, done.returncode, f.read()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--mkcert", required=True)
    parser.add_argument("build")
    args = parser.parse_args()
    args.mkcert = os.path.abspath(args.mkcert)

    fuzzers = [f"{args.build}/{os.path.basename(path)[:-2]}"
               for path in sorted(glob.glob(f"{FOLDER}/fuzz_*.c"))]
    if not fuzzers:
        print("no fuzzers", file=sys.stderr)
        return 1
    broken = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(fuzz, f, args.build, args) for f in fuzzers]
        for job in concurrent.futures.as_completed(jobs):
            name, status, output = job.result()
            runs = re.search(r"number_of_executed_units: (\d+)", output)
            print(f"  FUZZ    {name}: {runs.group(1) if runs else 0} runs, "
                  f"{'broke' if status else 'held'}", flush=True)
            if status:
                broken += 1
                # Without the thousands of lines on its progress.
                print(re.sub(r"(?m)^#\d+\t.*\n", "", output)[-8000:],
                      flush=True)
    return broken > 0


if __name__ == "__main__":
    sys.exit(main())
