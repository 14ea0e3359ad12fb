"""evil_checks.py - what is no escape from its destination, one function each

Each is given the text of an output as it was written, and fails where
something from outside has become more than text.
"""
import csv
import html.parser
import io
import json
import re
import unicodedata

import ics_support

SGR = re.compile(r"\x1b\[[0-9;]*m")
FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")


def no_control(text, allowed="\n"):
    """Neither a control character nor what reorders or hides text."""
    for at, c in enumerate(text):
        if c not in allowed and (
                unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
                or c in "\u034f\u115f\u3164\uffa0\ufffe\uffff"):
            raise AssertionError(f"U+{ord(c):04X} in "
                                 f"{text[max(0, at - 60):at + 20]!r}")


def plain(text):
    """For a person, on a pipe."""
    no_control(text)


def terminal(text):
    """For a person who sees colours: what a pty handed on."""
    no_control(SGR.sub("", text.replace("\r\n", "\n")))


def nagios(text):
    """One bar, at the end of the first line; none below it (guidelines,
    section 2); labels between quotes."""
    no_control(text)
    first, _, rest = text.partition("\n")
    said, bar, perfdata = first.partition(" | ")
    assert bar and "|" not in said + perfdata + rest, text
    # What passes on a result writes it so.
    assert "\\n" not in text, text
    value = r"-?[\d.]+[a-z]*(;[\d.:]*){0,4}"
    want = rf"('([^'=]|'')+'={value})( '([^'=]|'')+'={value})*"
    assert re.fullmatch(want, perfdata), perfdata
    assert re.match(r"CERTVIGIL (OK|WARNING|CRITICAL|UNKNOWN) - ", said)


def checkmk(text):
    """A line a service: status, name in quotes, metric, text."""
    no_control(text)
    for line in text.splitlines():
        m = re.fullmatch(r'([0-3]) "([^"]+)" (\S+) (.*)', line)
        assert m, line
        assert not re.search(r"['`;~!$%^&*<>?,=\\]", m[2]), line
        assert m[3] == "-" or re.fullmatch(
            r"seconds_left=-?\d+(;[\d:]*){4}", m[3]), line
        assert "|" not in line, line


def once(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), keys
    return dict(pairs)


def json_text(text):
    no_control(text)
    json_keys(text)


def json_keys(text):
    """None stands twice in an object, and none is the outside's."""
    document = json.loads(text, object_pairs_hook=once)
    seen = []

    def walk(value):
        if isinstance(value, dict):
            seen.extend(value)
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                walk(one)
    walk(document)
    assert not any("evil" in key.lower() for key in seen), seen


LABEL = r'[a-zA-Z_]\w*="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"([a-zA-Z_:][\w:]*)(?:\{{({LABEL}(?:,{LABEL})*),?\}})?"
                    r" (\S+)( \d+)?")


def prometheus(text):
    """The exposition format, version 0.0.4: nothing but what it has."""
    no_control(text)
    typed = set()
    assert text.endswith("\n")
    for line in text.splitlines():
        m = re.fullmatch(r"# (HELP|TYPE) (\w+) (.*)", line)
        if m:
            assert "evil" not in line.lower(), line
            if m[1] == "TYPE":
                assert m[2] not in typed, line
                typed.add(m[2])
            continue
        m = SAMPLE.fullmatch(line)
        assert m, line
        assert m[1] in typed, line
        float(m[m.lastindex] if not m[m.lastindex].startswith(" ")
              else m[m.lastindex - 1])
        for label in re.finditer(LABEL, m[2] or ""):
            value = re.sub(r"\\(.)", lambda e: "\n" if e[1] == "n" else e[1],
                           label[1])
            no_control(value, "")


class Page(html.parser.HTMLParser):
    FORBIDDEN = {"iframe", "object", "embed", "link", "base", "img", "image",
                 "audio", "video", "frame", "form", "foreignobject", "animate"}
    URLS = {"href", "src", "action", "formaction", "data", "xlink:href",
            "poster", "background", "srcset"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.text, self.scripts = [], [], []

    def handle_starttag(self, tag, attrs):
        assert re.fullmatch(r"[a-z][a-z0-9]*", tag), tag
        assert tag not in self.FORBIDDEN, tag
        once(attrs)
        for name, value in attrs:
            assert re.fullmatch(r"[a-z][a-z-]*[0-9a-z:]*", name), (tag, name)
            assert not name.startswith("on"), (tag, name)
            no_control(value or "", "\n\t")
            if name in self.URLS:
                assert re.match(r"#|data:,|https?://", value or ""), value
            if name == "style":
                assert "EVIL" not in value, value
            if name == "http-equiv":
                assert value.lower() == "content-security-policy", value
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag in self.open, tag
        while self.open.pop() != tag:
            pass

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        if inside in ("script", "style"):
            assert "EVIL" not in data, data[:2000]
            return
        self.text.append(data)

    def handle_comment(self, data):
        assert "EVIL" not in data, data

    def handle_pi(self, data):
        raise AssertionError(data)

    def unknown_decl(self, data):
        raise AssertionError(data)


def html_text(text):
    no_control(text, "\n\t")
    page = Page()
    page.feed(text)
    page.close()
    # As text it is there, whole.
    assert "<script>alert(1)</script>" in "".join(page.text)


ICS_NAMES = """BEGIN END VERSION PRODID CALSCALE NAME X-WR-CALNAME COLOR
REFRESH-INTERVAL X-PUBLISHED-TTL UID DTSTAMP LAST-MODIFIED SEQUENCE DTSTART
SUMMARY DESCRIPTION CATEGORIES CLASS STATUS TRANSP""".split()


def ics(text):
    """Lines that begin with a known property, or go on with one."""
    assert "\n" not in text.replace("\r\n", "")
    no_control(text, "\r\n")
    for line in text.split("\r\n")[:-1]:
        assert len(line.encode()) <= 75, line
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    events = 0
    for line in lines:
        name, value = re.fullmatch(r"([A-Z-]+)(?:;VALUE=\w+)?:(.*)",
                                   line).groups()
        assert name in ICS_NAMES, line
        if name in ("BEGIN", "END"):
            assert value in ("VCALENDAR", "VEVENT"), line
            events += value == "VEVENT"
        if name in ("SUMMARY", "DESCRIPTION"):
            assert re.fullmatch(r"([^\\;,]|\\[\\;,n])*", value), line
            # Google's calendar shows it as HTML.
            assert "<" not in value, line
    assert events > 0
    if ics_support.reader():
        assert len(ics_support.read(text)["events"]) == events / 2


def csv_text(text):
    """RFC 4180, and no cell that a spreadsheet takes for a formula, be it
    that a comma or a semicolon parts them."""
    assert "\n" not in text.replace("\r\n", "")
    no_control(text, "\r\n")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1, rows
    cells = [cell for row in rows for cell in row]
    for line in text.split("\r\n"):
        cells += line.split(";")[1:]
    for cell in cells:
        if not NUMBER.match(cell):
            shown = cell.lstrip(" \"\u00a0\u3000")
            assert not shown or shown[0] not in FORMULA, cell


# --output and --format, by name. What has none here fails the test.
FORMATS = {
    "table": plain,
    "nagios": nagios,
    "json": json_text,
    "checkmk": checkmk,
    "prometheus": prometheus,
    "html": html_text,
    "ics": ics,
    "csv": csv_text,
}
