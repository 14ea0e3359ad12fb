#!/usr/bin/env python3
"""test_completion.py - what bash, zsh and fish complete, in those shells"""
import os
import pty
import re
import select
import shlex
import shutil
import signal
import stat
import subprocess
import time

import support
from support import OK, UNKNOWN, certvigil

# What the table of commands says, as its help texts tell it.
OPTION = re.compile(r"(?m)^  (?:-(\w)|   )(?:,| )?(?: --([a-z-]+))?(?: [A-Z]|  )")


def commands():
    told = certvigil("--help").stdout
    return re.findall(r"(?m)^  ([a-z]+)  ", told)


def options(command):
    """Of each option its long name, or its letter where it has none."""
    told = certvigil(command, "--help").stdout
    found = {f"--{name}" if name else f"-{letter}"
             for letter, name in OPTION.findall(told) if name or letter}
    assert "--help" in found, told
    return found


def findings():
    told = certvigil("explain", "--list").stdout
    return {line.split()[0] for line in told.splitlines()}


# A line up to the cursor, and all that is offered for the word at its end.
WORDS = [
    ("certvigil sc", {"scan"}),
    ("certvigil comp", {"completion"}),
    ("certvigil config ", {"check", "show", "keys"}),
    ("certvigil config s", {"show"}),
    ("certvigil config check ", set()),
    ("certvigil completion ", {"bash", "zsh", "fish"}),
    ("certvigil explain expiry.s", {"expiry.soon"}),
    ("certvigil explain expiry.soon ", set()),
    ("certvigil silence shop expiry.s", {"expiry.soon"}),
    ("certvigil silence --for 3d shop expiry.s", {"expiry.soon"}),
    ("certvigil silence --reason x --any shop expiry.s", {"expiry.soon"}),
    ("certvigil status -o ", {"text", "json"}),
    ("certvigil status --output j", {"json"}),
    ("certvigil check --role cl", {"client", "client-ca"}),
    ("certvigil check -4v --role cl", {"client", "client-ca"}),
    ("certvigil check --expect ", {"required", "optional", "none"}),
    ("certvigil check --at --expect --role cl", {"client", "client-ca"}),
    ("certvigil check --profile edge", {"edgeone"}),
    ("certvigil check --pass", {"--passphrase-file"}),
    ("certvigil check --proxy-pass", {"--proxy-password-file"}),
    ("certvigil check xmpps-", {"xmpps-server://"}),
    ("certvigil check -- --ro", set()),
    ("certvigil nonsense --", set()),
    ("check_certvigil --profile edge", {"edgeone"}),
    ("check_certvigil --client-k", {"--client-key"}),
]


class Shell(support.Case):
    """The script for one shell, which finds the program in its PATH."""

    shell = None

    def setUp(self):
        super().setUp()
        self.program = shutil.which(self.shell)
        if self.program is None:
            self.skipTest(f"there is no {self.shell}")
        self.script = self.path("script")
        done = certvigil("completion", self.shell)
        self.assertRun(done, OK, r".", r"\A\Z")
        with open(self.script, "w", encoding="ascii") as f:
            f.write(done.stdout)
        self.bin = self.path("bin")
        os.mkdir(self.bin)
        self.work = self.path("work")
        os.mkdir(self.work)
        for name in ("plain.pem", "two words.pem", "xx$(touch pwned).pem"):
            with open(os.path.join(self.work, name), "w", encoding="ascii"):
                pass
        for name in ("certvigil", "check_certvigil"):
            os.symlink(support.CERTVIGIL, os.path.join(self.bin, name))
        self.env = {"PATH": f"{self.bin}:{os.environ['PATH']}",
                    "HOME": self.folder, "ZDOTDIR": self.folder,
                    "XDG_CONFIG_HOME": self.folder,
                    "XDG_DATA_HOME": self.folder, "TERM": "xterm",
                    "LC_ALL": "C.UTF-8"}

    def name(self, *names):
        """Have the program know these targets and notifiers."""
        fake = os.path.join(self.bin, "certvigil")
        os.unlink(fake)
        with open(fake, "w", encoding="utf-8") as f:
            f.write("#!/bin/sh\n[ \"$2\" = --names ] || exit 3\n"
                    f"printf '%s\\n' {shlex.join(names)}\n")
        os.chmod(fake, stat.S_IRWXU)

    def run_shell(self, text):
        done = subprocess.run(
            [self.program, *self.quiet, "-c", text], cwd=self.work,
            env=self.env, capture_output=True, timeout=60, check=False,
            text=True)
        self.assertEqual(done.stderr, "", text)
        return done.stdout

    def assertNothingRan(self):
        self.assertNotIn("pwned", os.listdir(self.work))


HOSTILE = ["$(touch pwned)", "`touch pwned`", "x;touch pwned", "a b",
           "it's", 'say "x"', "*", "~root", "-n", "plain"]


class Offers:
    """What is offered, by the words alone; the shells' classes ask."""

    def test_words(self):
        for (line, want), have in zip(WORDS, self.ask([w[0] for w in WORDS])):
            with self.subTest(line=line):
                self.assertEqual(have, want)

    def test_all_commands(self):
        have, = self.ask(["certvigil "])
        self.assertEqual(have, set(commands()))
        self.assertIn("scan", have)

    def test_all_options(self):
        """Whatever stands in a help text, and what is hidden not."""
        names = commands()
        asked = self.ask([f"certvigil {name} --" for name in names])
        for name, have in zip(names, asked):
            with self.subTest(command=name):
                want = {o for o in options(name) if o.startswith("--")}
                self.assertEqual(have, want)
        self.assertNotIn("--passphrase", asked[names.index("check")])

    def test_all_findings(self):
        have, = self.ask(["certvigil explain "])
        self.assertEqual(have, findings())

    def test_outputs(self):
        have, = self.ask(["certvigil check --output "])
        told = certvigil("check", "--output", "x", "x").stderr
        want = re.search(r"want one of (.*), have", told).group(1)
        self.assertEqual(have, set(want.split(", ")))
        self.assertIn("nagios", have)

    def test_files(self):
        have = self.ask(["certvigil check --key pl", "certvigil check pl",
                         "certvigil scan -c pl", "certvigil check --sni pl",
                         "certvigil scan pl"])
        self.assertEqual(have, [{"plain.pem"}, {"plain.pem"}, {"plain.pem"},
                                set(), set()])


class Bash(Offers, Shell):
    shell = "bash"
    quiet = ("--norc", "--noprofile")

    # Sets what readline would, and for files asks as `-o default` does.
    ASK = r"""
source {script}
compopt() {{ [[ $* == *+o\ default* ]] && files=no; return 0; }}
ask()
{{
	local files=yes
	COMP_LINE=$1 COMP_POINT=${{#1}}
	shift
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	$(complete -p "$1" | sed 's/.*-F \([^ ]*\) .*/\1/')
	if [[ ${{#COMPREPLY[@]}} -eq 0 && $files == yes ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "${{COMP_WORDS[COMP_CWORD]}}")
	fi
	printf '%s\n' "${{COMPREPLY[@]}}"
	echo .
}}
set -u
"""

    def ask(self, lines):
        text = [self.ASK.format(script=shlex.quote(self.script))]
        for line in lines:
            # As readline parts them.
            words = re.findall(r"[=:]+|[^ =:]+", line)
            if line.endswith(" "):
                words.append("")
            text.append(" ".join(["ask", shlex.quote(line)] +
                                 [shlex.quote(w) for w in words]))
        told = re.split(r"(?m)^\.\n", self.run_shell("\n".join(text)))[:-1]
        self.assertEqual(len(told), len(lines))
        return [set(t.split("\n")) - {""} for t in told]

    def test_parted_words(self):
        """Of a word at whose '=' and ':' readline parts, the last part."""
        rows = [
            ("certvigil check --output=", None),
            ("certvigil check --output=pro", {"prometheus"}),
            ("certvigil check --role=client-", {"client-ca"}),
            ("certvigil check https:", {"//"}),
            ("certvigil check --finding chain.ord", {"chain.order="}),
            ("certvigil check --finding chain.order=",
             {"off", "ok", "warning", "critical"}),
            ("certvigil check --finding chain.order=w", {"warning"}),
            ("certvigil check --finding=chain.order=w", {"warning"}),
            ("certvigil check --key=pl", {"plain.pem"}),
        ]
        asked = self.ask([line for line, _ in rows])
        self.assertEqual(asked[0], self.ask(["certvigil check --output "])[0])
        for (line, want), have in list(zip(rows, asked))[1:]:
            with self.subTest(line=line):
                self.assertEqual(have, want)

    def test_within_a_line(self):
        """What stands behind the cursor makes no difference."""
        text = self.ASK.format(script=shlex.quote(self.script)) + """
COMP_LINE='certvigil expXX --list' COMP_POINT=13
COMP_WORDS=(certvigil expXX --list) COMP_CWORD=1
_certvigil
echo "${COMPREPLY[@]}"
"""
        self.assertEqual(self.run_shell(text), "explain\n")

    def test_hostile_names(self):
        self.name(*HOSTILE)
        have = self.run_shell(
            self.ASK.format(script=shlex.quote(self.script)) + """
ask 'certvigil history ' certvigil history ''
""").splitlines()[:-1]
        read = self.run_shell("printf '%s\\n' " + " ".join(have))
        self.assertEqual(read.splitlines(), HOSTILE)
        self.assertNothingRan()

    def test_shellcheck(self):
        if shutil.which("shellcheck") is None:
            self.skipTest("there is no shellcheck")
        done = support.run("shellcheck", "-s", "bash", self.script)
        self.assertRun(done, 0, r"\A\Z")


class Fish(Offers, Shell):
    shell = "fish"
    quiet = ("--no-config",)

    def ask(self, lines):
        text = [f"source {shlex.quote(self.script)}"]
        for line in lines:
            text += [f"complete -C {shlex.quote(line)}", "echo ."]
        told = re.split(r"(?m)^\.\n", self.run_shell("\n".join(text)))[:-1]
        self.assertEqual(len(told), len(lines))
        return [{t.split("\t")[0] for t in one.splitlines()} for one in told]

    def test_help(self):
        told = self.run_shell(f"source {self.script}\n"
                              "complete -C 'certvigil scan --fr'")
        self.assertEqual(told, "--fresh\tread files that are unchanged since "
                               "the last scan too\n")

    def test_pairs(self):
        have, = self.ask(["certvigil check --finding chain.order="])
        self.assertEqual(have, {f"chain.order={word}" for word in (
            "off", "ok", "warning", "critical")})

    def test_hostile_names(self):
        self.name(*HOSTILE)
        have, = self.ask(["certvigil history "])
        self.assertEqual(have, set(HOSTILE))
        self.assertNothingRan()

    def test_syntax(self):
        done = support.run(self.program, "-n", self.script)
        self.assertRun(done, 0, r"\A\Z", r"\A\Z")


class Terminal:
    """A shell at a terminal, at which keys are pressed."""

    SHOW = b"\x0f"  # has the line printed, and emptied
    TOLD = re.compile(r"<<\|(.*?)\|>>", re.S)

    def __init__(self, program, args, env, cwd):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(cwd)
                os.execvpe(program, [program, *args], env)
            finally:
                os._exit(127)
        self.seen = ""

    def stop(self):
        os.close(self.fd)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def press(self, keys):
        data = keys if isinstance(keys, bytes) else keys.encode()
        while data:
            data = data[os.write(self.fd, data):]

    def wait_for(self, pattern, limit_s=30):
        """Read on until it is there; what came with it is forgotten."""
        end = time.monotonic() + limit_s
        while True:
            found = re.search(pattern, self.seen)
            if found:
                self.seen = self.seen[found.end():]
                return found
            left = end - time.monotonic()
            ready = left > 0 and select.select([self.fd], [], [], left)[0]
            try:
                data = os.read(self.fd, 65536) if ready else b""
            except OSError:
                data = b""
            if not data:
                raise AssertionError(f"no {pattern!r} in {self.seen!r}")
            self.seen += data.decode(errors="replace")

    def complete(self, line):
        """The line, once the key for completion was pressed behind it."""
        self.press(line.encode() + b"\t" + self.SHOW)
        return self.wait_for(self.TOLD).group(1)


# At a terminal: what is typed, and the line once TAB was pressed.
LINES = [
    ("certvigil comp", "certvigil completion "),
    ("certvigil scan --fre", "certvigil scan --fresh "),
    ("certvigil scan --profile-ph", "certvigil scan --profile-phases "),
    ("certvigil scan -o js", "certvigil scan -o json "),
    ("certvigil check --output=js", "certvigil check --output=json "),
    ("certvigil check --finding chain.ord",
     "certvigil check --finding chain.order="),
    ("certvigil check --finding chain.order=w",
     "certvigil check --finding chain.order=warning "),
    ("certvigil check xmpps-", "certvigil check xmpps-server://"),
    ("certvigil check plain", "certvigil check plain.pem "),
    ("certvigil check two", r"certvigil check two\ words.pem "),
    ("certvigil check --key xx", r"certvigil check --key xx\$\(touch\ pwned"
                                 r"\).pem "),
    ("certvigil silence x expiry.so", "certvigil silence x expiry.soon "),
    ("certvigil config ke", "certvigil config keys "),
    ("certvigil config keys pl", "certvigil config keys pl"),
    ("certvigil explain nonsense", "certvigil explain nonsense"),
    ("check_certvigil --rol", "check_certvigil --role"),
]


class AtTerminal(Shell):
    def assertEnd(self, have, want):
        # Shells part an option and its value by a blank, '=' or later.
        self.assertEqual(have.rstrip(" ="), want.rstrip(" ="))

    def lines(self):
        terminal = self.terminal()
        for line, want in LINES:
            with self.subTest(line=line):
                have = terminal.complete(line)
                self.assertEnd(have, want)

    def hostile(self):
        for name, want in (("$(touch pwned)", "$(touch"), ("a b", "a"),
                           ("x;touch pwned", "x;touch"), ("`id`", "`id`")):
            self.name(name)
            terminal = self.terminal()
            with self.subTest(name=name):
                have = terminal.complete("certvigil history ")
                self.assertEqual(shlex.split(have),
                                 ["certvigil", "history", name])
        self.assertNothingRan()


class BashTerminal(AtTerminal):
    shell = "bash"

    def terminal(self, load=None):
        t = self.own(Terminal(self.program, ["--norc", "--noprofile", "-i"],
                              self.env, self.work))
        load = load or f"source {self.script}"
        t.press("bind -x '\"\\C-o\": echo \"<<|$READLINE_LINE|>>\"; "
                "READLINE_LINE=; READLINE_POINT=0'\n"
                "bind 'set enable-bracketed-paste off'\n"
                f"{load}; echo rea''dy\n")
        t.wait_for("ready")
        return t

    def test_lines(self):
        self.lines()

    def test_hostile_names(self):
        self.hostile()

    def test_with_bash_completion(self):
        """Which loads it by itself, from where it looks for it."""
        loader = "/usr/share/bash-completion/bash_completion"
        if not os.path.exists(loader):
            self.skipTest("there is no bash-completion")
        place = self.path("bash-completion/completions")
        os.makedirs(place)
        for name in ("certvigil", "check_certvigil"):
            shutil.copy(self.script, os.path.join(place, name))
        terminal = self.terminal(f". {loader}")
        for line, want in LINES:
            with self.subTest(line=line):
                self.assertEnd(terminal.complete(line), want)


class ZshTerminal(AtTerminal):
    shell = "zsh"

    def terminal(self, load=None):
        t = self.own(Terminal(self.program, ["-f", "-i"], self.env,
                              self.work))
        load = load or f"compinit -u -D; source {self.script}"
        t.press("unsetopt beep prompt_cr prompt_sp; PS1='> '\n"
                "show() { zle -I; print -r -- \"<<|$BUFFER|>>\"; BUFFER= }\n"
                "zle -N show; bindkey '^O' show\n"
                f"autoload -Uz compinit; {load}; echo rea''dy\n")
        t.wait_for("ready")
        return t

    def test_syntax(self):
        self.assertRun(support.run(self.program, "-n", self.script), 0,
                       r"\A\Z", r"\A\Z")

    def test_lines(self):
        self.lines()

    def test_from_fpath(self):
        """Where zsh finds it by itself, as the function's own file."""
        os.rename(self.script, self.path("_certvigil"))
        t = self.terminal(f"fpath=({self.folder} $fpath); compinit -u -D")
        for line, want in LINES[:2] + LINES[-1:]:
            with self.subTest(line=line):
                self.assertEnd(t.complete(line), want)

    def test_help(self):
        """A list has the help beside each."""
        t = self.terminal()
        t.press("certvigil s\t")
        t.wait_for("scan +-- look at all that is configured")
        t.press(Terminal.SHOW)
        t.wait_for(Terminal.TOLD)
        t.press("certvigil check --proxy-\t")
        t.wait_for("--proxy-user +-- to log in")

    def test_hostile_names(self):
        self.hostile()


class Command(support.Case):
    def test_usage(self):
        for args in ([], ["csh"], ["bash", "zsh"], ["--names", "all"]):
            with self.subTest(args=args):
                self.assertRun(certvigil("completion", *args), UNKNOWN,
                               r"\A\Z", "usage: certvigil completion bash")

    def test_names(self):
        """Of what is known; and silence where nothing is."""
        self.assertRun(certvigil("completion", "--names", "targets",
                                 "--state", self.path("none")),
                       UNKNOWN, r"\A\Z", r"\A\Z")
        with open(self.path("c.yaml"), "w", encoding="utf-8") as f:
            f.write(f"state: {self.path('state.db')}\n"
                    "targets: [{file: %s, name: \"a b\"}]\n"
                    "notifiers: {chat: {webhook: {url: "
                    "\"http://127.0.0.1:1/\"}}}\n" % self.path("no.pem"))
        os.chmod(self.path("c.yaml"), stat.S_IRUSR)
        certvigil("scan", "-q", "--config", self.path("c.yaml"))
        for what, want in (("targets", "a b\n"), ("notifiers", "chat\n")):
            done = certvigil("completion", "--names", what,
                             "--config", self.path("c.yaml"))
            self.assertRun(done, OK, rf"\A{want}\Z", r"\A\Z")


if __name__ == "__main__":
    support.main()
