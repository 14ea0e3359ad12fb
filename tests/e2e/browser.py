"""browser.py - pages in a headless Chromium, and a validator from npm, both
driven from tests/html"""
import json
import os
import shutil
import subprocess
import unittest

import support

HTML = f"{support.ROOT}/tests/html"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
LIMIT_S = 60


def look(*jobs):
    """What browser.mjs found out of each job; a page may be a file's path."""
    if CHROMIUM is None:
        raise unittest.SkipTest("chromium is not installed")
    if shutil.which("node") is None:
        raise unittest.SkipTest("nodejs is not installed")
    for job in jobs:
        if job["url"].startswith("/"):
            job["url"] = "file://" + job["url"]
        job.setdefault("width", 1024)
        job.setdefault("height", 900)
    done = support.run("node", f"{HTML}/browser.mjs", CHROMIUM, LIMIT_S,
                       stdin=json.dumps(jobs), limit_s=LIMIT_S + 10)
    if done.status != 0:
        raise AssertionError(f"browser.mjs: {done.stderr}")
    return json.loads(done.stdout)


def validator():
    """The path of html-validate, installed below the build."""
    if shutil.which("npm") is None:
        raise unittest.SkipTest("npm is not installed")
    folder = f"{support.BUILD}/html"
    program = f"{folder}/node_modules/.bin/html-validate"
    os.makedirs(folder, exist_ok=True)
    wanted = {}
    for name in ("package.json", "package-lock.json"):
        with open(f"{HTML}/{name}", "rb") as f:
            wanted[name] = f.read()
    stamp = f"{folder}/installed"
    if os.path.exists(program) and os.path.exists(stamp):
        with open(stamp, "rb") as f:
            if f.read() == wanted["package-lock.json"]:
                return program
    for name, text in wanted.items():
        with open(f"{folder}/{name}", "wb") as f:
            f.write(text)
    # What it runs is what the lock file has the digests of, and no script.
    # Where the registry is not to be had, that is soon known.
    try:
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund",
             "--fetch-retries=1", "--fetch-retry-mintimeout=1000",
             "--fetch-timeout=20000"],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        raise unittest.SkipTest("npm does not come to an end") from None
    if done.returncode != 0:
        words = done.stdout.decode(errors="replace").strip().split("\n")
        raise unittest.SkipTest(f"npm cannot install html-validate: "
                                f"{words[0]}")
    with open(stamp, "wb") as f:
        f.write(wanted["package-lock.json"])
    return program


def validate(*pages):
    """What the validator has to say of them; "" when all is well."""
    done = support.run(validator(), "--config", f"{HTML}/.htmlvalidate.json",
                       "--formatter", "text", *pages, limit_s=60)
    return done.stdout + done.stderr if done.status != 0 else ""
