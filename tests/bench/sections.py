"""sections.py - what is compared with what, and what is wanted of it"""
import re

from bed import CRITICAL
from farm import DEAD_ADDRESSES
from goals import ahead, at_least, at_most
from measure import Side
from peers import endpoint_sides, file_sides

JUDGES = "verifies chain and name, reads and judges all certificates, stores"
JUDGES_FILES = "verifies the chain, reads and judges all certificates, stores"
UNCHANGED = "judges all and stores, reads no more than it must"
ROUNDS_OF_THE_LARGE = 3


class Section:
    """The tables and goals of one section, and lines to say besides."""

    def __init__(self, name):
        self.name, self.tables, self.goals, self.notes = name, [], [], []

    def add(self, found, limit=None):
        self.tables.append((found, limit, ("first", "again")))
        return found


# --- endpoints

def good_endpoints(bed, n, rounds, peers):
    config = bed.config_for_endpoints("good", n, 5000)
    sides = [
        bed.programs.limit("tls", "limit: event loops", n, flying=256,
                           limit_ms=5000, trust=bed.farm.trust,
                           list=bed.farm.write_list("good", n)),
        bed.scan("first", "certvigil scan", JUDGES, n, config, fresh=True),
        bed.scan("again", "certvigil scan, again", JUDGES, n, config)]
    sides += endpoint_sides(bed, "good", n, 5) if peers else []
    return bed.bench.in_turn(f"{n} good endpoints", sides, rounds)


def endpoints(bed, rounds):
    out = Section("endpoints")
    found = out.add(good_endpoints(bed, bed.endpoints, rounds, True), "tls")
    if found.has("tls") and found.has("first"):
        out.goals += [
            at_most(1, "CPU", found.x_cpu("first", "tls"), " of the limit",
                    1.15),
            at_least(1, "rate", found.x_rate("first", "tls"),
                     " of the limit", 0.8)]
        out.goals += [ahead(1, found, "first", key, times)
                      for key, times in (("blackbox", 1), ("zabbix", 1),
                                         ("cfssl", 1), ("check_ssl_cert", 100),
                                         ("ssl_cert_check", 100))
                      if found.has(key)]
    return out


def false_timeouts(bed, config):
    """What a scan's state says of good endpoints and of dead ones."""
    def look(_):
        status = bed.status(config)
        late = [i["target"] for i in status["incidents"]
                if i["finding"] == "endpoint.timeout"]
        return {"ok": status["summary"]["ok"],
                "false": sum(DEAD_ADDRESSES + "." not in t for t in late)}
    return look


def mixed_sides(bed, n, limit_ms):
    """The limit and certvigil over a mixed list."""
    path = bed.farm.write_list("mixed", n)
    rows = bed.farm.lists[path]
    silent = sum(name.startswith("silent.") for _, _, name in rows)
    good = len(rows) - silent - sum(
        name.startswith("closed.") for _, _, name in rows)
    config = bed.config_for_endpoints("mixed", n, limit_ms)

    def count_limit(output):
        told = {k: int(v) for k, v in re.findall(r"\b(\w+)=(\d+)\b", output)}
        return {"ok": told["ok"], "false": told["timeout"] - silent}

    limit = bed.programs.limit(
        "tls", "limit: event loops", len(rows), expect=good, flying=512,
        limit_ms=limit_ms, trust=bed.farm.trust, list=path)
    limit.more = count_limit
    limit.before = bed.farm.drain
    return [limit, bed.scan(
        "first", "certvigil scan", JUDGES, len(rows), config, (CRITICAL,),
        True, expect=good, more=false_timeouts(bed, config))]


def count_false(out, found, limit_s):
    """Tell what was found and what was not, at the worst of the rounds."""
    for key in ("tls", "first"):
        ok = min(run.more["ok"] for run in found.runs[key])
        false = max(run.more["false"] for run in found.runs[key])
        out.notes.append(
            f"limit {limit_s} s, {found.by_key[key].name}: {ok} of "
            f"{found.by_key[key].wanted()} good ones found, {false} false "
            f"time-outs")
    out.goals.append(at_most(2, "false time-outs", false,
                             f" at a limit of {limit_s} s", 0))


def mixed(bed, rounds):
    out = Section("mixed")
    rounds = min(rounds, ROUNDS_OF_THE_LARGE)
    n = bed.endpoints
    found = out.add(bed.bench.in_turn(
        f"{n} mixed endpoints (4 % silent, 1 % refused), limit 5 s",
        mixed_sides(bed, n, 5000) + list(endpoint_sides(bed, "mixed", n, 5)),
        rounds), "tls")
    out.goals.append(at_most(2, "wall", found.wall_s("first"),
                             " s at a limit of 5 s", 6.5))
    count_false(out, found, 5)

    found = out.add(bed.bench.in_turn(
        f"{2 * n} mixed endpoints, limit 1 s", mixed_sides(bed, 2 * n, 1000),
        rounds), "tls")
    count_false(out, found, 1)
    return out


# --- files

def file_limits(bed, n):
    corpus = bed.corpus(n)
    return [bed.programs.limit("d2i", "limit: d2i", n, list=corpus.list),
            bed.programs.verify(n, trust=corpus.trust, list=corpus.list),
            bed.programs.limit("template", "limit: template", n,
                               list=corpus.list),
            bed.programs.limit("stat", "limit: stat", n, list=corpus.list)]


def file_scans(bed, n):
    config = bed.config_for_files(n)
    return [bed.scan("first", "certvigil scan, first", JUDGES_FILES, n,
                     config, (CRITICAL,), True),
            bed.scan("again", "certvigil scan, unchanged", UNCHANGED, n,
                     config, (CRITICAL,))]


def signatures_us(found):
    """What the verification of all signatures takes, for each file."""
    return max(0, found.cpu_us("verify") - found.cpu_us("d2i"))


def first_scan_goals(of, found):
    """All checks are done, so the signatures are taken out."""
    without = found.cpu_us("first") - signatures_us(found)
    note = (f"{number_of(found.cpu_us('first'))} us with signatures, which "
            f"take {number_of(signatures_us(found))} us; "
            f"{number_of(without / found.cpu_us('template'))} of the template")
    return [at_most(of, "first scan without signatures: CPU",
                    without / found.cpu_us("d2i"), " of d2i", 1.5, note)]


def number_of(value):
    return f"{value:.3g}"


def second_scan_goals(bed, of, found, n):
    store_us = bed.store_us(bed.config_for_files(n), n)
    have, stat = found.cpu_us("again"), found.cpu_us("stat")
    note = (f"{number_of(have)} us a file, stat {number_of(stat)} us, the "
            f"store " + ("not known" if store_us is None
                         else f"{number_of(store_us)} us"))
    return [at_most(of, "second scan without the store: CPU",
                    max(0, have - (store_us or 0)) / stat, " of stat", 3,
                    note)]


def files(bed, rounds):
    out = Section("files")
    n = bed.files
    sides = file_limits(bed, n) + file_scans(bed, n)
    sides += file_sides(bed, bed.corpus(n))
    found = out.add(bed.bench.in_turn(f"{n} certificate files", sides,
                                      rounds), "d2i")
    if all(map(found.has, ("d2i", "verify", "template", "stat", "first",
                           "again"))):
        out.goals += first_scan_goals(3, found)
        out.goals += second_scan_goals(bed, 3, found, n)
    return out


# --- a great many

def scale(bed, rounds):
    out = Section("scale")
    rounds = min(rounds, ROUNDS_OF_THE_LARGE)
    n = 10 * bed.files
    of_files = out.add(bed.bench.in_turn(
        f"{n} certificate files", file_limits(bed, n) + file_scans(bed, n),
        rounds), "d2i")
    n = bed.farm.size()
    of_endpoints = out.add(good_endpoints(bed, n, rounds, False), "tls")
    for found, what in ((of_files, "files"), (of_endpoints, "endpoints")):
        peak = max(found.peak_mb("first"), found.peak_mb("again"))
        out.goals.append(at_most(4, "peak", peak,
                                 f" MB with {found.sides[0].n} {what}", 150))
    return out


def state(bed, rounds):
    out = Section("state")
    rounds = min(rounds, ROUNDS_OF_THE_LARGE)
    n = 10 * bed.files
    corpus, config = bed.corpus(n), bed.config_for_files(n)
    bed.bench.tell(f"scanning {n} files")
    bed.bench.run(bed.scan("", "scan", "", n, config, (CRITICAL,), True))

    def ask(key, name, *args):
        return Side(key=key, name=f"certvigil {name}", does="reads the state",
                    n=n, argv=[bed.programs.certvigil, *name.split(), *args,
                               "--config", config])

    touched = bed.scan("touched", "certvigil scan, 1 % touched",
                       "reads one file of a hundred again", n, config,
                       (CRITICAL,))
    touched.before = lambda: corpus.touch(100)
    sides = [ask("status", "status"),
             ask("status-json", "status --output json"),
             ask("history", "history", corpus.paths(8)[7])]
    if bed.has_command("report"):
        sides += [ask(f, f"report --format {f}")
                  for f in ("html", "json", "prometheus", "csv")]
    sides += [bed.scan("again", "certvigil scan, unchanged", UNCHANGED, n,
                       config, (CRITICAL,)), touched]
    known = bed.status(config)
    out.add(bed.bench.in_turn(
        f"a state of {n} targets and {len(known['incidents'])} open incidents",
        sides, rounds))
    return out


SECTIONS = {"endpoints": endpoints, "mixed": mixed, "files": files,
            "scale": scale, "state": state}
