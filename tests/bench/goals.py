"""goals.py - what is wanted, what was reached"""
from tables import number


class Goal:
    def __init__(self, of, what, have, want, met, note=""):
        self.of, self.what, self.have = of, what, have
        self.want, self.met, self.note = want, met, note

    def __str__(self):
        return (f"goal {self.of}: {self.what} {self.have} (want {self.want})"
                f": {'met' if self.met else 'MISSED'}"
                f"{'; ' + self.note if self.note else ''}")

    def to_json(self):
        return dict(vars(self))


def at_most(of, what, have, unit, want, note=""):
    return Goal(of, what, number(have) + unit, f"{want:g} or less",
                have <= want, note)


def at_least(of, what, have, unit, want, note=""):
    return Goal(of, what, number(have) + unit, f"{want:g} or more",
                have >= want, note)


def ahead(of, found, own, key, times=1):
    """Is the side `own` ahead of another, in rate and in CPU?"""
    rate, cpu = found.x_rate(own, key), found.x_cpu(key, own)
    met = min(rate, cpu) > 1 if times == 1 else min(rate, cpu) >= times
    return Goal(of, f"ahead of {found.by_key[key].name}",
                f"{number(rate)} times in rate and {number(cpu)} in CPU",
                "more than 1" if times == 1 else f"{times} or more", met)
