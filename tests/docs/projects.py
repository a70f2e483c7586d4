"""The tutorial's projects: the folders that its reader makes, put together from its blocks.

    <!-- project: form from list -->            a project begins, empty or with the files of another
    <!-- file: main.cpp -->                     the block is a whole file of the project
    <!-- file: main.cpp = examples/… -->        the same, and it is that file of this repository
    <!-- insert: main.cpp before: int main -->  the block goes before the line that has this text
    <!-- excerpt: examples/… -->                the block is a part of that file of this repository

    projects.py DIRECTORY    writes all projects, and the program of README.md, for the build; names the sources
"""

import pathlib
import sys

import markdown
from markdown import ROOT, Block, DocsError


class Projects:
    def __init__(self) -> None:
        self.name = ""  # of the project that the tutorial is at
        self.origin = ""  # of the one whose files it began with
        self.files: dict[str, dict[str, str]] = {}

    def apply(self, block: Block) -> str | None:
        """Does what a block's directives say; the name of the file that has changed, if one has."""
        directives = block.directives
        if begins := directives.get("project"):
            self.name, _, self.origin = begins.partition(" from ")
            self.files[self.name] = dict(self.files[self.origin]) if self.origin else {}
        if file := directives.get("file"):
            name = file.partition(" = ")[0]
            self.files[self.name][name] = block.text
            return name
        if insertion := directives.get("insert"):
            name, _, mark = insertion.partition(" before: ")
            self.files[self.name][name] = inserted(block, self.files[self.name][name], mark)
            return name
        return None


def inserted(block: Block, text: str, mark: str) -> str:
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        if mark in line:
            return "".join(lines[:index]) + block.text + "".join(lines[index:])
    raise DocsError(f"{block.where}: no line has {mark!r}")


def readme_program() -> str:
    """The program that README.md begins with: its only block of C++."""
    programs = [block for block in markdown.blocks(ROOT / "README.md") if block.language == "cpp"]
    if len(programs) != 1 or "int main(" not in programs[0].text:
        raise DocsError("README.md: tests/docs expects one block of C++, a whole program, which it compiles")
    return programs[0].text


def write_if_changed(path: pathlib.Path, text: str) -> None:
    """Leaves a file's time alone when nothing is new, so that nothing is compiled again."""
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def main() -> None:
    projects = Projects()
    for block in markdown.blocks(markdown.TUTORIAL):
        projects.apply(block)
    projects.files["readme"] = {"main.cpp": readme_program()}
    for project, files in projects.files.items():
        for name, text in files.items():
            write_if_changed(pathlib.Path(sys.argv[1]) / project / name, text)


if __name__ == "__main__":
    try:
        main()
    except DocsError as error:
        sys.exit(str(error))
