"""tables.py - what was measured, for a person and for README.md"""
import textwrap

HEAD = ("n", "wall s", "per s", "CPU us", "peak MB")
RATIOS = ("rate", "CPU") * 2
OVER = ("of the limit", "certvigil ahead")

EXPLAINED = """\
n: endpoints or files of one run. CPU us: user and system time for each of them,
of the process, its children and the daemon behind it. peak MB: the largest
resident set of one process, and of the daemon. Of the limit: rate and CPU over
those of the bare limit in the first line. certvigil ahead: its rate over this
one's, and this one's CPU over its own; above 1, certvigil is ahead."""


def number(value):
    """Three figures, and no more noise than that."""
    if value is None or value != value:
        return ""
    if value == 0:
        return "0"
    if value >= 100:
        return f"{value:.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def ratios(found, key, limit, own):
    """Against the limit, and of certvigil against it; `own` are the keys of
    certvigil's sides, with whose first the others are compared."""
    if found.has(limit):
        yield found.x_rate(key, limit)
        yield found.x_cpu(key, limit)
    else:
        yield from (None, None)
    if key not in own and found.has(own[0]):
        yield found.x_rate(own[0], key)
        yield found.x_cpu(key, own[0])
    else:
        yield from (None, None)


def cells(found, key, limit, own):
    """The figures of a side, in the order of HEAD and RATIOS."""
    values = [found.wall_s(key), found.rate(key), found.cpu_us(key),
              found.peak_mb(key)]
    if limit is not None:
        values += ratios(found, key, limit, own)
    return [str(found.by_key[key].n)] + [number(v) for v in values]


def remarks(found, key):
    """What a side does, and what it did not do."""
    text = found.by_key[key].does
    if found.failed(key):
        return text
    if found.daemon_us(key) > 0:
        text += f"; {found.daemon_us(key):.0f} us of its CPU are the daemon's"
    if found.good(key) != found.by_key[key].wanted():
        text += (f"; IT FOUND {found.good(key)} OF "
                 f"{found.by_key[key].wanted()} GOOD")
    return text


def title(found):
    return f"{found.title}, medians of {found.rounds} in turn"


def print_text(found, limit, own):
    width = max(len(side.name) for side in found.sides) + 2
    head = HEAD + (RATIOS if limit is not None else ())
    print(f"\n{title(found)}\n")
    if limit is not None:
        print(" " * (width + 9 * len(HEAD)) +
              "".join(f"{over:>18}" for over in OVER))
    print(" " * width + "".join(f"{h:>9}" for h in head))
    for side in found.sides:
        why = found.failed(side.key)
        print(f"{side.name:<{width}}" + (why or "".join(
            f"{v:>9}" for v in cells(found, side.key, limit, own))))
    print()
    for side in found.sides:
        print(textwrap.fill(f"{side.name}: {remarks(found, side.key)}", 78,
                            initial_indent="  ", subsequent_indent="    "))


def print_markdown(found, limit, own):
    head = list(HEAD)
    if limit is not None:
        head += [f"{over}: {h}" for over in OVER for h in RATIOS[:2]]
    print(f"\n{title(found)}\n")
    print(f"| | {' | '.join(head)} | what it does |")
    print(f"|---|{'---:|' * len(head)}---|")
    for side in found.sides:
        why = found.failed(side.key)
        values = [why] + [""] * (len(head) - 1) if why else \
            cells(found, side.key, limit, own)
        print(f"| {side.name} | {' | '.join(values)} | "
              f"{remarks(found, side.key)} |")
