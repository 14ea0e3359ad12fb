"""The page of report --format html: from a real scan, held against an HTML
validator, and read in headless Chromium at three widths."""
import os
import re
import shutil

import browser
from support import CRITICAL, MKCERT, ScanCase, main, run

# What a folder may hold, and a certificate may say.
HOSTILE = ("<script>alert(1)<", '"><img src=x onerror=alert(2)>', "'--><!--",
           "\u202egnp.exe", "b\u00fccher & s\u00f6hne",
           "\u05d3\u05d5\u05d2\u05de\u05d4", "\u4f8b\u3048", "x" * 180)
TARGETS = 200
WIDTHS = (390, 1024, 1920)

ROWS = "Array.from(document.querySelectorAll('.inventory tbody tr'))"
SHOWN = f"{ROWS}.filter(r => r.offsetHeight > 0)"
# innerText knows nothing of rows that are not on the screen.
NAMES = f"{SHOWN}.map(r => r.querySelector('summary').textContent)"

# WCAG 2.2, 1.4.3: text of less than 4.5 to 1 against what lies below it.
CONTRAST = """(() => {
    const canvas = document.createElement("canvas").getContext("2d",
        { willReadFrequently: true });
    const rgb = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return Array.from(canvas.getImageData(0, 0, 1, 1).data);
    };
    const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) =>
        v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = (e) => {
        for (; e; e = e.parentElement) {
            const c = rgb(getComputedStyle(e).backgroundColor);
            if (c[3] === 255)
                return c;
        }
        return [255, 255, 255, 255];
    };
    const found = new Set();
    for (const e of document.querySelectorAll("body *")) {
        if (!Array.from(e.childNodes).some((n) => n.nodeType === 3 &&
                n.data.trim()) || !e.checkVisibility() ||
                parseFloat(getComputedStyle(e).fontSize) === 0)
            continue;
        const [a, b] = [light(rgb(getComputedStyle(e).color)),
            light(ground(e))].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < 4.5)
            found.add(`${e.tagName}.${e.className}`);
    }
    return Array.from(found);
})()"""

FIND = """(async (text) => {
    const field = document.getElementById("find");
    field.value = text;
    field.dispatchEvent(new Event("input"));
    await new Promise((done) => setTimeout(done, 50));
})"""


class Page(ScanCase):

    @classmethod
    def setUpClass(cls):
        cls.kept = None

    @classmethod
    def tearDownClass(cls):
        if cls.kept is not None:
            shutil.rmtree(cls.kept, ignore_errors=True)

    def setUp(self):
        """One page for all tests: they only read it."""
        if Page.kept is None:
            super().setUp()
            page = self.make_page()
            Page.kept = self.folder + "-kept"
            os.mkdir(Page.kept)
            shutil.copy(page, Page.kept)
        self.page = f"{Page.kept}/page.html"

    def make_page(self):
        """Files by the hundred, of certificates in every state."""
        ends = ["-20d", "-1d", "+3d", "+9d", "+20d", "+28d", "+60d", "+89d"]
        os.mkdir(self.path("files"))
        chains = []
        for i in range(24):
            leaf = self.pki.leaf(f"host{i}.example.com",
                                 not_before="-30d",
                                 not_after=ends[i % 8] if i < 12 else
                                 f"+{12 * i}d")
            chains.append(self.pki.chain(leaf) if i % 5 else leaf.pem)
        made = run(MKCERT, "--out", self.path("odd.pem"), "--key-out",
                   self.path("odd.key"), "--cn", HOSTILE[0], "--san",
                   "DNS:" + HOSTILE[1])
        self.assertEqual(made.status, 0, made.stderr)
        chains.append(self.path("odd.pem"))
        names = [f"{name}.pem" for name in HOSTILE]
        names += [f"host{i}.pem" for i in range(TARGETS - len(names))]
        for i, name in enumerate(names):
            shutil.copy(chains[i % len(chains)], f"{self.path('files')}/"
                        f"{name}")
        shutil.copy(self.path("odd.pem"), self.path("files/host0.pem"))
        self.watch({"file": self.path("files"), "owner": "<b>web</b>"})
        done = self.scan("--output", "html")
        self.assertRun(done, CRITICAL, f"<caption>{TARGETS} targets")
        with open(self.path("page.html"), "w", encoding="utf-8") as f:
            f.write(done.stdout)
        return self.path("page.html")

    def look(self, *jobs):
        results = browser.look(*({"url": self.page, **job} for job in jobs))
        for job, result in zip(jobs, results):
            self.assertEqual(result["complaints"], [], job)
            # Nothing from outside, nor from beside it.
            self.assertEqual(len(result["requests"]), 1, result["requests"])
        return [result["values"] for result in results]

    def test_valid(self):
        self.assertEqual(browser.validate(self.page), "")

    def test_no_style_or_handler_in_the_markup(self):
        with open(self.page, encoding="utf-8") as f:
            text = f.read()
        body = text[text.index("<body"):text.rindex("<script>")]
        self.assertEqual(re.findall(r"<[^>]*\s(?:style|on\w+)=", body), [])
        self.assertNotIn("http:", body)
        self.assertNotIn("https:", body)

    def test_widths_and_colours(self):
        jobs = [{"width": width, "dark": dark, "evaluate":
                 ["document.documentElement.scrollWidth", CONTRAST,
                  "getComputedStyle(document.body).backgroundColor"]}
                for width in WIDTHS for dark in (False, True)]
        grounds = set()
        for job, (wide, faint, ground) in zip(jobs, self.look(*jobs)):
            self.assertLessEqual(wide, job["width"])
            self.assertEqual(faint, [], job)
            grounds.add(ground)
        self.assertEqual(len(grounds), 2)

    def test_open_at_390(self):
        """Nothing that a row opens is wider than a phone."""
        wide, = self.look({"width": 390, "evaluate": [
            "document.getElementById('open').click()",
            "document.documentElement.scrollWidth",
            f"{ROWS}.every(r => r.querySelector('details').open)"]})
        self.assertEqual(wide[1:], [390, True])

    def test_search(self):
        values, = self.look({"evaluate": [
            f"{FIND}('/host17')", NAMES,
            "document.getElementById('found').textContent",
            f"{FIND}('HOST1 expire')", f"{SHOWN}.length",
            f"{FIND}('nowhere to be found')", f"{SHOWN}.length",
            f"{FIND}('')", f"{SHOWN}.length",
            "(() => { const f = document.getElementById('only');"
            "f.value = 'critical'; f.dispatchEvent(new Event('change'));"
            f"return {SHOWN}.every(r => r.className === 'critical'); }})()",
        ]})
        self.assertTrue(any("host17." in name for name in values[1]))
        self.assertFalse(any("host16." in name for name in values[1]))
        self.assertRegex(values[2], rf"^\d+ of {TARGETS} targets$")
        self.assertTrue(0 < values[4] < TARGETS, values[4])
        self.assertEqual(values[6], 0)
        self.assertEqual(values[8], TARGETS)
        self.assertTrue(values[9])

    def test_sort(self):
        click = "document.querySelector('th[data-key=%s] button').click()"
        sorted_by = "Array.from(document.querySelectorAll('th[aria-sort]'))" \
            ".map(t => t.dataset.key + ' ' + t.getAttribute('aria-sort'))"
        ends = f"{ROWS}.map(r => Number(r.dataset.end))"
        values, = self.look({"evaluate": [
            sorted_by, click % "end", sorted_by, ends, click % "end",
            sorted_by, ends, click % "name", NAMES]})
        self.assertEqual(values[0], ["status descending"])
        self.assertEqual(values[2], ["end ascending"])
        self.assertEqual(values[3], sorted(values[3]))
        self.assertEqual(values[5], ["end descending"])
        self.assertEqual(values[6], sorted(values[3], reverse=True))
        hosts = [int(n) for n in
                 re.findall(r"/host(\d+)\.pem", "\n".join(values[8]))]
        self.assertEqual(hosts, list(range(TARGETS - len(HOSTILE))))

    def test_link_opens_its_row(self):
        values, = self.look({"evaluate": [
            f"{FIND}('nowhere to be found')",
            "document.querySelector('.todo a').click()",
            "new Promise((done) => setTimeout(done, 50))",
            f"{SHOWN}.length",
            f"{SHOWN}[0].querySelector('details').open"]})
        self.assertEqual(values[3:], [1, True])

    def test_age(self):
        """A page that is read days later says so."""
        with open(self.page, encoding="utf-8") as f:
            text = f.read()
        old = f"{Page.kept}/old.html"
        with open(old, "w", encoding="utf-8") as f:
            f.write(re.sub(r'data-written="\d+"', 'data-written="86400"', text))
        new, aged = self.look(*({"url": page, "evaluate": [
            "document.getElementById('aged').innerText"]}
            for page in (self.page, old)))
        self.assertEqual(new, [""])
        self.assertRegex(aged[0], "^This page was written on 1970-01-02:")

    def test_without_script(self):
        off = {"script": False, "evaluate": [
            f"{SHOWN}.length",
            "document.querySelector('.controls').checkVisibility()",
            "document.querySelectorAll('thead button').length",
            "document.querySelector('.todo').innerText",
            "document.querySelector('details').open = true,"
            "document.querySelector('.inventory details').open = true,"
            "document.querySelector('.inventory .facts').textContent"]}
        values, = self.look(off)
        self.assertEqual(values[:3], [TARGETS, False, 0])
        self.assertIn("To do:", values[3])
        self.assertIn("Looked at", values[4])

    def test_hostile_text_is_text(self):
        values, = self.look({"evaluate": [
            "document.scripts.length", "document.images.length",
            f"{NAMES}.join('\\n')",
            "document.querySelector('.inventory tbody').textContent"]})
        self.assertEqual(values[:2], [1, 0])
        self.assertIn("<script>alert(1)<.pem", values[2])
        self.assertIn('"><img src=x onerror=alert(2)>.pem', values[2])
        self.assertIn("\\u{202e}gnp.exe", values[2])
        self.assertIn("b\u00fccher & s\u00f6hne", values[2])
        self.assertIn("<b>web</b>", values[3])

    def test_paper(self):
        """No controls, nothing that is wider than a sheet, nothing hidden."""
        width = 718  # A4 between margins of a centimetre
        values, = self.look({"print": True, "width": width, "evaluate": [
            "document.querySelector('.controls').checkVisibility()",
            "document.querySelector('nav').checkVisibility()",
            "document.documentElement.scrollWidth", f"{SHOWN}.length"]})
        self.assertEqual(values, [False, False, width, TARGETS])


if __name__ == "__main__":
    main()
