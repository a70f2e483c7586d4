"""Cases: requests of the protocol (docs/jinja-protocol.md), each made of the seed and its number alone."""

import random
import re
import typing

import values
from layout import layout
from statements import Statements

Case = dict[str, typing.Any]

DELIMITERS = [
    {
        "block_start_string": "<%",
        "block_end_string": "%>",
        "variable_start_string": "${",
        "variable_end_string": "}",
        "comment_start_string": "<!--",
        "comment_end_string": "-->",
    },
    {"variable_start_string": "[[", "variable_end_string": "]]"},
    {
        "block_start_string": "(%",
        "block_end_string": "%)",
        "variable_start_string": "((",
        "variable_end_string": "))",
        "comment_start_string": "(#",
        "comment_end_string": "#)",
    },
    {"block_start_string": "[%", "block_end_string": "%]"},
]
POLICIES = [
    {"truncate.leeway": 0},
    {"urlize.rel": "nofollow"},
    {"urlize.target": "_top"},
    {"json.dumps_kwargs": {"sort_keys": False}},
    {"urlize.rel": None},
]


def options(rng: random.Random) -> dict[str, typing.Any]:
    made: dict[str, typing.Any] = {}
    for name, probability in (("trim_blocks", 0.25), ("lstrip_blocks", 0.25), ("keep_trailing_newline", 0.2)):
        if rng.random() < probability:
            made[name] = True
    if rng.random() < 0.4:
        made["autoescape"] = True
    elif rng.random() < 0.1:
        made["autoescape"] = {"main": True, "inc": rng.random() < 0.5, "base": False}
    if rng.random() < 0.35:
        made["undefined"] = rng.choice(["strict", "chainable", "debug"])
    if rng.random() < 0.08:
        made |= rng.choice(DELIMITERS)
    if rng.random() < 0.12:
        made["line_statement_prefix"] = rng.choice(["#", "%%", "//"])
    if rng.random() < 0.12:
        made["line_comment_prefix"] = rng.choice(["##", "--", "//!"])
    if rng.random() < 0.05:
        made["newline_sequence"] = rng.choice(["\r\n", "\r"])
    if rng.random() < 0.5:
        made["extensions"] = rng.sample(["do", "loopcontrols"], k=rng.choice([1, 2, 2]))
    if rng.random() < 0.1:
        made["policies"] = rng.choice(POLICIES)
    return made


class Maker:
    """The templates of one case."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.options = options(rng)
        self.sources: dict[str, str] = {}
        self.wild = rng.random() < 0.5

    def statements(self) -> Statements:
        return Statements(self.rng, self.options, list(self.sources), self.wild)

    def library(self) -> str:
        made = self.statements()
        macro = (
            made.tag("macro m0(p0, p1='d')")
            + made.body(2)
            + "{p0}".replace("{p0}", made.output_of("p0"))
            + made.tag("endmacro")
        )
        return (
            made.tag(f"set z0 = {made.e.expression('any', 1)}")
            + macro
            + made.tag("set _hidden = 1")
            + (made.body(1) if self.rng.random() < 0.3 else "")
        )

    def base(self) -> str:
        made = self.statements()
        out = made.body(2)
        for name in ("b0", "b1"):
            scoped = self.rng.choice(["", "", "", "", " scoped", " required"])
            inner = "" if scoped == " required" else made.body(2)
            out += made.tag(f"block {name}{scoped}") + inner + made.tag("endblock") + made.text()
        return out

    def child(self, parent: str) -> str:
        made = self.statements()
        out = (
            (made.body(1) if self.rng.random() < 0.2 else "")
            + made.tag(f"extends {parent}")
            + (made.text() if self.rng.random() < 0.4 else "")
        )
        if self.rng.random() < 0.3:
            out += made.set_()
        for name in self.rng.choice([["b0"], ["b1"], ["b0", "b1"], ["b0", "b2"], []]):
            out += made.tag(f"block {name}{self.rng.choice(['', '', ' scoped'])}")
            out += made.body(2) + (
                made.output_of(self.rng.choice(["super()", "super()|upper", "super()", "super.super()", "self.b1()"]))
                if self.rng.random() < 0.5
                else ""
            )
            out += made.tag("endblock")
        return out + (made.body(1) if self.rng.random() < 0.2 else "")

    def case(self) -> Case:
        rng = self.rng
        if rng.random() < 0.15:
            self.sources["main"] = layout(rng, self.options)
            return self.request()
        if rng.random() < 0.3:
            self.sources["inc"] = self.statements().body(2)
            if rng.random() < 0.6:
                self.sources["lib"] = self.library()
        inherits = rng.random() < 0.15
        if inherits:
            self.sources["base"] = self.base()
            if rng.random() < 0.3:
                self.sources["mid"] = self.child("'base'")
            parent = rng.choice(
                [
                    "'base'",
                    "'mid'" if "mid" in self.sources else "'base'",
                    "'base' if b else 'missing'" if rng.random() < 0.3 else "'base'",
                ]
            )
            self.sources["main"] = self.child(parent)
        else:
            self.sources["main"] = self.statements().body(5)
        if rng.random() < 0.05:
            self.sources["main"] = mutated(rng, self.sources["main"])
        return self.request()

    def request(self) -> Case:
        rng = self.rng
        made: Case = {
            "name": "main",
            "templates": self.sources,
            "options": self.options,
            "context": values.context(rng, self.wild),
        }
        if rng.random() < 0.1:
            made["globals"] = {"undef": values.anything(rng)} if rng.random() < 0.5 else {"n": 77}
        return made


TOKENS = re.compile(r"\s+|\w+|.", re.DOTALL)


def tokens(source: str) -> list[str]:
    return TOKENS.findall(source)


def mutated(rng: random.Random, source: str) -> str:
    """The source with a mistake or two of a person in a hurry."""
    parts = tokens(source)
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(len(parts) + 1)
        if not parts or at == len(parts) or rng.random() < 0.3:
            parts.insert(
                at,
                rng.choice(
                    [
                        "(", ")", "]", "}", "{%", "%}", "{{", "}}", "|", ".", ",", "=", "if", "endif", "else", "'",
                        "1", "~", "is", "not", "in", "-", "{#", "!", "$", "@", "\\", "?", ";", ":", "endfor", "loop",
                        "é", "²",
                    ]
                ),
            )
        elif rng.random() < 0.6:
            del parts[at]
        else:
            parts[at] = rng.choice(parts)
    return "".join(parts)


def case(seed: int, number: int) -> Case:
    return Maker(random.Random(f"{seed}:{number}")).case()
