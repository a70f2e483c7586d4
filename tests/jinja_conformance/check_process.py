"""Sends every case of cases.jsonl and found.jsonl to one process of `hxx render --json-lines`, and broken requests too.

usage: check_process.py HXX
"""

import json
import pathlib
import subprocess
import sys
import typing

DEPARTURES = {"esc.111"}  # as in conformance_test.cpp
BROKEN = ["{", "[]", "{}", '{"name": 1}', '{"name": "x", "action": "dance"}', '{"name": "x", "options": {"colour": 1}}']


class Engine:
    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen(
            [program, "render", "--json-lines"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def ask(self, line: str) -> dict[str, typing.Any]:
        self.process.stdin.write(line.rstrip("\n") + "\n")
        self.process.stdin.flush()
        reply = self.process.stdout.readline()
        if not reply:
            sys.exit(f"the process ended with status {self.process.wait()} at the request {line}")
        return json.loads(reply)

    def end(self) -> int:
        self.process.stdin.close()
        return self.process.wait(10)


def same(expected: dict[str, typing.Any], reply: dict[str, typing.Any]) -> bool:
    keys = ("ok", "output") if expected["ok"] else ("ok", "kind", "line", "templates")
    return all(expected[key] == reply.get(key) for key in keys if key in expected)


def main() -> None:
    engine = Engine(sys.argv[1])
    folder = pathlib.Path(__file__).parent
    lines = [line for name in ("cases.jsonl", "found.jsonl") for line in open(folder / name, encoding="utf-8")]
    faults = count = 0
    for line in lines:
        case = json.loads(line)
        broken = engine.ask(BROKEN[count % len(BROKEN)])
        if broken["ok"] or not broken["message"].startswith("bad request"):
            sys.exit(f"a broken request was answered with {broken}")
        reply = engine.ask(line)
        if same(case["expect"], reply) == (case["id"] in DEPARTURES):
            print(f"{case['id']}: {case['templates']}\n  expected: {case['expect']}\n  answered: {reply}")
            faults += 1
        count += 1
    status = engine.end()
    print(f"{count} cases, {faults} of them answered otherwise than expected, status {status}")
    sys.exit(faults > 0 or count < 1900 or status != 0)


main()
