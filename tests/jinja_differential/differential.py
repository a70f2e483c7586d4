"""Renders generated templates with Jinja2 and with hxx, and prints where they disagree, made as small as they get.

A case depends on the seed and its number alone, so `--seed 7 --first 4711 --count 1` is one again.
"""

import argparse
import collections
import json
import sys
import time
import typing

import grammar
from engines import Case, Hxx, Jinja2, Reply
from minimise import minimised

BATCH = 1000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hxx", help="the program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--most", type=int, default=20, help="disagreements after which it ends")
    parser.add_argument(
        "--messages", action="store_true", help="compare the messages of errors too, not only kinds and lines"
    )
    parser.add_argument("--show", action="store_true", help="print the cases and both replies")
    return parser.parse_args()


def difference(expected: Reply, reply: Reply, messages: bool) -> str | None:
    """How the replies differ, or None."""
    if expected["ok"] != reply["ok"] or not expected["ok"] and expected["kind"] != reply["kind"]:
        return f"{expected.get('kind', 'output')} became {reply.get('kind', 'output')}"
    if expected["ok"]:
        return None if expected["output"] == reply["output"] else "output"
    if expected["line"] is not None and expected["line"] != reply.get("line"):
        return "line"
    if messages and expected["message"] != reply["message"]:
        return "message"
    return None


class Comparison:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.jinja2, self.hxx = Jinja2(), Hxx(options.hxx)
        self.count: collections.Counter[str] = collections.Counter()
        self.disagreements = 0

    def run(self) -> None:
        first, last = self.options.first, self.options.first + self.options.count
        for start in range(first, last, BATCH):
            cases = [grammar.case(self.options.seed, number) for number in range(start, min(start + BATCH, last))]
            for number, case, reply in zip(range(start, last), cases, self.hxx.ask_all(cases)):
                self.compare(number, case, reply)
                if self.disagreements >= self.options.most:
                    return

    def compare(self, number: int, case: Case, reply: Reply) -> None:
        expected = self.jinja2.ask(case)
        if self.options.show:
            print(json.dumps({"case": case, "jinja2": expected, "hxx": reply}, ensure_ascii=False))
        if reply.get("kind") == "CRASH":  # is never right, even where there is nothing to compare with
            expected = expected or {"ok": True, "output": ""}
        if expected is None or reply.get("kind") == "LimitError":  # hxx has limits, Jinja2 has none
            self.count["without comparison"] += 1
            return
        self.count["rendered" if expected["ok"] else expected["kind"]] += 1
        how = difference(expected, reply, self.options.messages)
        if how is None:
            return
        self.disagreements += 1

        def disagrees(candidate: Case) -> bool:
            wanted = self.jinja2.ask(candidate)
            return wanted is not None and difference(wanted, self.hxx.ask(candidate), self.options.messages) == how

        small = minimised(case, disagrees) if disagrees(case) else case
        self.report(number, how, small)

    def report(self, number: int, how: str, case: Case) -> None:
        print(f"disagreement {self.disagreements}, --seed {self.options.seed} --first {number} --count 1: {how}")
        shown: dict[str, typing.Any] = {
            key: case[key] for key in ("templates", "options", "globals", "context") if case.get(key)
        }
        for key, value in shown.items():
            print(f"  {key}: {json.dumps(value, ensure_ascii=False)}")
        print(f"  Jinja2: {json.dumps(self.jinja2.ask(case), ensure_ascii=False)}")
        print(f"  hxx:    {json.dumps(self.hxx.ask(case), ensure_ascii=False)}", flush=True)


def main() -> None:
    options = arguments()
    comparison = Comparison(options)
    began = time.monotonic()
    comparison.run()
    comparison.hxx.end()
    total = sum(comparison.count.values())
    kinds = ", ".join(f"{count} {kind}" for kind, count in comparison.count.most_common())
    print(f"seed {options.seed}: {total} templates in {time.monotonic() - began:.0f} s: {kinds}")
    print(f"{comparison.disagreements} disagreements")
    sys.exit(comparison.disagreements > 0)


main()
