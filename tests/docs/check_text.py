"""Checks without running anything that links lead somewhere, and that the tutorial shows files as they are."""

import re
import sys
import textwrap

import markdown
from markdown import ROOT, Block


def bad_links(page) -> list[str]:
    problems = []
    for number, target in markdown.links(page):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.is_relative_to(ROOT) or not file.exists():
            problems.append(f"{markdown.name_of(page)}:{number}: there is no {target}")
        elif anchor and (file.suffix != ".md" or anchor not in markdown.anchors(file)):
            problems.append(f"{markdown.name_of(page)}:{number}: {path or 'this page'} has no heading #{anchor}")
    return problems


def is_part(part: str, text: str) -> bool:
    """Whether the lines stand in the text one after another, all of them indented as much as you like."""
    wanted = textwrap.dedent(part).splitlines()
    lines = text.splitlines()
    return any(
        textwrap.dedent("\n".join(lines[start : start + len(wanted)])).splitlines() == wanted
        for start in range(len(lines) - len(wanted) + 1)
    )


def bad_quotation(block: Block) -> str | None:
    """What is wrong with a block of the tutorial that shows a file of this repository, or that nothing checks."""
    name = block.directives.get("excerpt")
    whole = block.directives.get("file", "").partition(" = ")[2]
    if not name and not whole:
        checked = block.language == "console" or {"file", "insert"} & block.directives.keys()
        return None if checked else f"{block.where}: nothing says what this block is, so nothing checks it"
    file = ROOT / (name or whole)
    if not file.is_file():
        return f"{block.where}: there is no {name or whole}"
    if whole and file.read_text() != block.text:
        return f"{block.where}: this is not {whole} as it is"
    if name and not is_part(block.text, file.read_text()):
        return f"{block.where}: this is not in {name} as it is"
    return None


def missing_tests(page) -> list[str]:
    """Names of tests that a page lists, `Suite.Name`, and no source declares."""
    sources = [file for folder in ("hxx", "examples", "tests") for file in (ROOT / folder).rglob("*_test.cpp")]
    declared = {
        f"{suite}.{name}"
        for file in sources
        for suite, name in re.findall(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", file.read_text(), re.MULTILINE)
    }
    listed = re.findall(r"`([A-Z]\w+\.[A-Z]\w+)`", page.read_text())
    return [f"{markdown.name_of(page)}: there is no test {name}" for name in listed if name not in declared]


def main() -> None:
    pages = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
    problems = [problem for page in pages for problem in bad_links(page)]
    tutorial = markdown.blocks(markdown.TUTORIAL)
    problems += [problem for block in tutorial if (problem := bad_quotation(block))]
    problems += missing_tests(ROOT / "docs" / "security.md")
    links = sum(len(markdown.links(page)) for page in pages)
    print(f"{len(pages)} pages, {links} links, {len(tutorial)} blocks in the tutorial")
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    try:
        main()
    except markdown.DocsError as error:
        sys.exit(str(error))
