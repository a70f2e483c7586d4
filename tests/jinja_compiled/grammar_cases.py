"""Writes generated templates as cases, a line each: grammar_cases.py FILE SEED COUNT."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "jinja_differential"))

import grammar  # noqa: E402

path, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open(path, "w", encoding="utf-8") as file:
    for number in range(count):
        file.write(json.dumps(grammar.case(seed, number)) + "\n")
