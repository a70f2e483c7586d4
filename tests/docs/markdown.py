"""What the checks read from Markdown: fenced blocks with the directives before them, headings, and links."""

import pathlib
import re
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TUTORIAL = ROOT / "docs" / "tutorial.md"

FENCE = re.compile(r"^(`{3,})(\w*)$")
DIRECTIVE = re.compile(r"^<!-- (\w+): (.+) -->$")
LINK = re.compile(r"(?<!\\)!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^()\s]+)\)")


class DocsError(Exception):
    """A mistake in a page, with its place."""


@dataclass
class Block:
    """A fenced block. Directives are the HTML comments right before it, which GitHub does not show."""

    page: str
    line: int  # of the opening fence
    language: str
    text: str  # ends with a line end
    directives: dict[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"


def name_of(path: pathlib.Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(path: pathlib.Path) -> list[Block]:
    """All fenced blocks of a page, in order."""
    found: list[Block] = []
    directives: dict[str, str] = {}
    fence, block = "", None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if block is not None:
            if line == fence:
                found.append(block)
                block = None
            else:
                block.text += line + "\n"
        elif match := FENCE.match(line):
            fence = match.group(1)
            block = Block(name_of(path), number, match.group(2), "", directives)
            directives = {}
        elif match := DIRECTIVE.match(line):
            directives[match.group(1)] = match.group(2)
        elif line:
            if directives:
                raise DocsError(f"{name_of(path)}:{number}: {', '.join(directives)}: no block follows")
    if block is not None:
        raise DocsError(f"{block.where}: the block has no end")
    return found


def prose(path: pathlib.Path) -> list[tuple[int, str]]:
    """The numbered lines outside fenced blocks."""
    lines, fence = [], ""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = FENCE.match(line)
        if fence:
            fence = "" if line == fence else fence
        elif match:
            fence = match.group(1)
        else:
            lines.append((number, line))
    return lines


def anchors(path: pathlib.Path) -> set[str]:
    """The names that GitHub gives to a page's headings."""
    found: set[str] = set()
    for _, line in prose(path):
        if match := re.match(r"#{1,6} (.+?)\s*#*$", line):
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match.group(1)).lower()
            slug = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
            unique, count = slug, 0
            while unique in found:
                count += 1
                unique = f"{slug}-{count}"
            found.add(unique)
    return found


def links(path: pathlib.Path) -> list[tuple[int, str]]:
    """Each link's line and target."""
    return [
        (number, target)
        for number, line in prose(path)
        for target in LINK.findall(re.sub(r"`[^`]*`", "``", line))
    ]
