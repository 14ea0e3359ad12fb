"""bootstrap.py - the root of a small system of this machine's own release

Its packages come from where apt on this machine gets its own.
"""
import os
import re
import shutil
import subprocess

DEBOOTSTRAP_S = 600

# Beside what the package depends on: an init, and what the driver needs.
PACKAGES = ["systemd", "systemd-sysv", "dbus", "libnss-systemd", "python3",
            "openssl"]


class Failure(Exception):
    """No root; the text says why."""


def output(*argv):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise Failure(f"{' '.join(argv)}: exit status {done.returncode}: "
                      f"{done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode(errors="replace")


def release():
    """The codename of this machine's release, such as bookworm."""
    with open("/etc/os-release", encoding="utf-8") as f:
        told = re.search(r'^VERSION_CODENAME="?(\w+)"?$', f.read(), re.M)
    if told is None:
        raise Failure("/etc/os-release: want VERSION_CODENAME")
    return told.group(1)


def mirror(codename):
    """Where apt gets this release from."""
    ask = ["apt-get", "indextargets", "--format",
           "$(CODENAME) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"]
    rows = output(*ask)
    if not rows.strip():
        # Nothing was asked for on this machine yet.
        output("apt-get", "update", "-qq")
        rows = output(*ask)
    for row in rows.splitlines():
        name, component, uri = row.split(" ", 2)
        if name == codename and component == "main" and \
                re.match(r"(https?|file):", uri):
            return uri
    raise Failure(f"apt-get indextargets: want a source of {codename}, "
                  f"component main, have:\n{rows}")


def proxies():
    """What apt is told to go through, for who does not ask apt."""
    env = {}
    for scheme in ("http", "https"):
        told = re.search(r'"(.*)"', output(
            "apt-config", "dump", f"Acquire::{scheme}::Proxy"))
        if told and told.group(1) not in ("", "DIRECT"):
            env[f"{scheme}_proxy"] = told.group(1)
    return env


def depends(deb):
    """The names of what a package depends on, the first of alternatives."""
    field = output("dpkg-deb", "-f", deb, "Depends")
    return [re.match(r"\s*([a-z0-9.+-]+)", one).group(1)
            for one in field.split(",") if one.strip()]


def make(root, deb, log):
    """Make it; what debootstrap says goes to the file `log`."""
    codename = release()
    remove(root)
    os.makedirs(root)
    # In a mount namespace: however it ends, nothing stays mounted.
    argv = ["unshare", "--mount", "debootstrap", "--variant=minbase",
            "--include=" + ",".join(PACKAGES + depends(deb)),
            codename, root, mirror(codename)]
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive",
               PATH=os.environ.get("PATH", "") + ":/usr/sbin:/sbin",
               **proxies())
    with open(log, "wb") as out:
        try:
            done = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL,
                                  stdout=out, stderr=subprocess.STDOUT,
                                  timeout=DEBOOTSTRAP_S)
            how = f"exit status {done.returncode}"
            if done.returncode == 0:
                return
        except subprocess.TimeoutExpired:
            how = f"not done within {DEBOOTSTRAP_S} s"
    with open(log, encoding="utf-8", errors="replace") as f:
        tail = "".join(f.readlines()[-15:])
    raise Failure(f"debootstrap: {how}:\n{tail}")


def copy(root, source):
    """One that was made before, and is clean."""
    remove(root)
    output("cp", "-a", source, root)


def remove(root):
    """Remove it, and nothing that is mounted in it."""
    with open("/proc/self/mounts", encoding="utf-8") as f:
        inside = [line.split()[1] for line in f
                  if line.split()[1].startswith(root + "/")]
    if inside:
        raise Failure(f"{root}: still mounted: {' '.join(inside)}")
    shutil.rmtree(root, ignore_errors=True)
