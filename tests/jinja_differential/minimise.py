"""Makes a case smaller as long as the two engines disagree in the same way."""

import copy
import typing

from grammar import Case, tokens

MOST_TRIES = 3000


def minimised(case: Case, disagrees: typing.Callable[[Case], bool]) -> Case:
    best = copy.deepcopy(case)
    tries = 0

    def better(candidate: Case) -> bool:
        nonlocal best, tries
        tries += 1
        if tries > MOST_TRIES or not disagrees(candidate):
            return False
        best = candidate
        return True

    before = None
    while before != best and tries <= MOST_TRIES:
        before = copy.deepcopy(best)
        for part in ("globals", "options", "context", "templates"):
            for key in list(best.get(part, {})):
                if part == "templates" and key == best["name"]:
                    continue
                smaller = copy.deepcopy(best)
                del smaller[part][key]
                better(smaller)
        for name in list(best["templates"]):
            shrink(best["templates"][name], lambda source: better(with_source(best, name, source)))
    return best


def with_source(case: Case, name: str, source: str) -> Case:
    made = copy.deepcopy(case)
    made["templates"][name] = source
    return made


def shrink(source: str, accept: typing.Callable[[str], bool]) -> None:
    """Leaves out ever smaller runs of tokens."""
    parts = tokens(source)
    size = max(len(parts) // 2, 1)
    while size >= 1:
        at = 0
        while at < len(parts):
            shorter = parts[:at] + parts[at + size :]
            if accept("".join(shorter)):
                parts = shorter
            else:
                at += size
        size //= 2
