"""table.py - the matrix as a person reads it"""
from .world import KINDS

# What would make the table too wide.
SHORT = {"ca-list": None, "server-ca-incomplete": "short"}


def short(told):
    """What was found of client.*, in a word or two."""
    words = [i.removeprefix("client.") for i in told.ids
             if i.startswith("client.")]
    words = [SHORT.get(w, w) for w in words]
    return "+".join(w for w in words if w) or "-"


def entry(pair):
    """Of both versions of TLS."""
    words = {cell.tls: short(told) for cell, told in pair}
    if len(set(words.values())) == 1:
        return next(iter(words.values()))
    return " ".join(f"{tls[4:]} {word}" for tls, word in words.items())


def table(results):
    """The lines; each begins with a bar."""
    rows = {}
    for cell, told in results.items():
        by_server = rows.setdefault((cell.row.case, cell.row.title), {})
        by_server.setdefault(cell.server, []).append((cell, told))
    names = [kind.name for kind in KINDS.values()]
    lines = [["", "case"] + names]
    lines += [[case, title] + [entry(row.get(k, [])) if k in row else ""
                               for k in KINDS]
              for (case, title), row in rows.items()]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return ["| " + "  ".join(f"{word:{width}}" for word, width
                             in zip(line, widths)).rstrip()
            for line in lines]
