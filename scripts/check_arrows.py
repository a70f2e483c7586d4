"""Checks that each room includes only itself and the rooms below it.

What a room may use is what its CMakeLists.txt declares as DEPENDS, and what those depend on; its tests may use what
TEST_LINKS adds. Prints each include that breaks this, and exits with 1 if there is one.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "hxx"
KEYWORDS = {"DEPENDS", "LINKS", "PUBLIC_LINKS", "TEST_LINKS", "TEST_LABELS"}


def declared(text: str) -> dict[str, set[str]]:
    """The lists of a hxx_room(...) call by keyword."""
    call = re.search(r"hxx_room\(\s*(\w+)([^)]*)\)", text)
    lists: dict[str, set[str]] = {keyword: set() for keyword in KEYWORDS}
    current = None
    for word in call.group(2).split() if call else []:
        if word in KEYWORDS:
            current = word
        elif current:
            lists[current].add(word)
    return lists


def closure(rooms: set[str], depends: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    todo = list(rooms)
    while todo:
        room = todo.pop()
        if room not in reached:
            reached.add(room)
            todo.extend(depends.get(room, set()))
    return reached


def main() -> int:
    lists = {path.parent.name: declared(path.read_text()) for path in ROOT.glob("*/CMakeLists.txt")}
    depends = {room: entry["DEPENDS"] for room, entry in lists.items()}
    faults = 0
    for room in sorted(lists):
        if room in closure(depends[room], depends):
            print(f"hxx/{room}/CMakeLists.txt: {room} depends on itself")
            faults += 1
        allowed = closure({room}, depends)
        for_tests = {link.removeprefix("hxx::") for link in lists[room]["TEST_LINKS"] if link.startswith("hxx::")}
        allowed_in_tests = allowed | closure(for_tests, depends)
        for path in sorted((ROOT / room).rglob("*.[hc]pp")):
            rooms = allowed_in_tests if path.stem.endswith("_test") else allowed
            for number, line in enumerate(path.read_text().splitlines(), 1):
                include = re.match(r'\s*#\s*include\s*["<]hxx/(\w+)/', line)
                if include and include.group(1) not in rooms:
                    where = path.relative_to(ROOT.parent)
                    print(f"{where}:{number}: {room} includes {include.group(1)}, which it does not depend on")
                    faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
