#!/usr/bin/env python3
"""make_corpus.py DIRECTORY: what the fuzzers start from, DIRECTORY/TARGET/NAME.

Templates of the conformance cases, a few of each kind, and fuzz/corpus/TARGET/, which has what the fuzzers have found.
DIRECTORY/TARGET.list names them all, separated by commas, as libFuzzer's -seed_inputs=@FILE takes them."""

import json
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
CASES = HERE.parent / "tests/jinja_conformance/cases.jsonl"
A_KIND = 3  # more add little that is new


def templates():
    """Pairs of name and text; the longest of each kind, which do most."""
    kinds = {}
    for line in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        kind = case["id"].rsplit(".", 1)[0]
        kinds.setdefault(kind, []).append((case["id"], case["templates"].get(case["name"], "")))
    for cases in kinds.values():
        yield from sorted(cases, key=lambda case: (-len(case[1]), case[0]))[:A_KIND]


def main() -> None:
    root = pathlib.Path(sys.argv[1]).resolve()
    seeds = list(templates())
    for target, prefix in ("fuzz_lexer", " "), ("fuzz_parser", " "), ("fuzz_render", ""):
        directory = root / target
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        for name, text in seeds:
            (directory / name).write_bytes((prefix + text).encode("utf-8", "surrogatepass"))
        for found in sorted((HERE / "corpus" / target).glob("*")):
            shutil.copy(found, directory)
        files = sorted(map(str, directory.iterdir()))
        (root / f"{target}.list").write_text(",".join(files), encoding="utf-8")


main()
