"""Template sources: text, statements around expressions, white space and delimiters."""

import random
import typing

from expressions import NAMES, Expressions

TEXTS = [
    "a", "x y", "\n", " ", "\n\n", "  \n", "<p>", "</p>\n", "\t", "&", "{ ", "} ", "%", "# ", "text.", "é", "\n  ",
    "  ", "}}", "%}", "\r\n", "a\n", "{ { ", "line\nline\n",
]
DEFAULT = {
    "block_start_string": "{%",
    "block_end_string": "%}",
    "variable_start_string": "{{",
    "variable_end_string": "}}",
    "comment_start_string": "{#",
    "comment_end_string": "#}",
}


class Statements:
    def __init__(self, rng: random.Random, options: dict, templates: list[str], wild: bool) -> None:
        self.rng = rng
        self.e = Expressions(rng, wild)
        self.wild = wild
        self.delimiters = DEFAULT | {key: value for key, value in options.items() if key in DEFAULT}
        self.line_prefix = options.get("line_statement_prefix")
        self.line_comment = options.get("line_comment_prefix")
        self.templates = templates  # that may be included, imported or extended
        self.extensions = options.get("extensions", [])
        self.names = 0
        self.budget = rng.choice([1, 2, 4, 8, 16])  # statements that may still be written
        self.depth = 0
        self.buffered = 0  # bodies around this place whose output is kept

    def pick(self, *choices: typing.Any) -> typing.Any:
        return self.e.pick(*choices)

    # ── Delimiters ─────────────────────────────────────────────────────────────────────────────────────────────

    def sign(self) -> str:
        return self.pick("", "", "", "", "", "-", "-", "+")

    def gap(self) -> str:
        return self.pick(" ", " ", " ", "", "\n", "  ", "\t")

    def tag(self, content: str) -> str:
        if self.line_prefix and self.rng.random() < 0.4 and "\n" not in content:
            colon = (
                ":" if content.split()[0] in ("if", "for", "macro", "block", "else", "call", "filter", "with") else ""
            )
            return f"\n{self.pick('', '  ')}{self.line_prefix} {content}{self.pick('', colon, '  ')}\n"
        # A sign is taken from the name beside it only if no white space is between it and the delimiter.
        start, end = self.delimiters["block_start_string"], self.delimiters["block_end_string"]
        return f"{start}{self.sign()}{self.gap()}{content}{self.gap() or ' '}{self.pick('', '', '', '-', '+')}{end}"

    def output(self, kind: str = "any") -> str:
        depth = self.pick(0, 1, 1, 1, 2, 3)
        start, end = self.delimiters["variable_start_string"], self.delimiters["variable_end_string"]
        text = self.e.expression(self.pick(kind, "str", "int", "list", "bool", "num", "any"), depth)
        # A name of the delimiter's own kind ("}" of a dict) needs the blank between.
        return f"{start}{self.pick('', '', '-')} {text} {self.pick('', '', '', '-')}{end}"

    def text(self) -> str:
        return "".join(self.pick(TEXTS) for _ in range(self.rng.randint(1, 3)))

    def name(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    def condition(self, kind: str = "bool", depth: int = 2) -> str:
        """An expression where an inline if needs parentheses."""
        text = self.e.expression(kind, depth)
        return f"({text})" if " if " in text else text

    # ── Bodies ─────────────────────────────────────────────────────────────────────────────────────────────────

    def body(self, most: int = 3) -> str:
        self.depth += 1
        kept = len(self.e.locals), len(self.e.macros)
        parts = []
        for _ in range(self.rng.randint(1, most)):
            pick = self.rng.random()
            if pick < 0.25:
                parts.append(self.text())
            elif pick < 0.6 or self.budget <= 0 or self.depth > 4:
                parts.append(self.output())
            else:
                self.budget -= 1
                parts.append(self.statement())
        self.depth -= 1
        if self.depth > 0 and self.rng.random() < 0.8:  # names of an inner scope are sometimes used outside of it
            del self.e.locals[kept[0] :], self.e.macros[kept[1] :]
        return "".join(parts)

    def kept_body(self, most: int = 3) -> str:
        self.buffered += 1
        out = self.body(most)
        self.buffered -= 1
        return out

    def statement(self) -> str:
        makers = [
            self.if_, self.for_, self.for_, self.set_, self.set_, self.set_block, self.with_, self.filter_block,
            self.macro, self.macro, self.call_block, self.autoescape, self.raw, self.comment, self.namespace,
            self.block, self.print_, self.cycler, self.nested_set,
        ]
        if self.templates:
            makers += [self.include, self.import_, self.from_import]
        if "do" in self.extensions:
            makers.append(
                lambda: self.tag(f"do {self.e.expression('list', 1)}{self.pick('', '.sort()', '.pop()', '.reverse()')}")
            )
        if "loopcontrols" in self.extensions and self.e.loops:
            makers += [lambda: self.tag(self.pick("break", "continue"))] * 2
        return self.pick(makers)()

    def if_(self) -> str:
        out = self.tag(f"if {self.condition()}") + self.body()
        if self.rng.random() < 0.3:
            out += self.tag(f"elif {self.condition('any', 1)}") + self.body()
        if self.rng.random() < 0.5:
            out += self.tag("else") + self.body()
        return out + self.tag("endif")

    def for_(self) -> str:
        e = self.e
        pair = self.rng.random() < 0.25
        target = self.name("v")
        names = [target, target + "b"] if pair else [target]
        source = (
            self.pick(
                "pairs", "d.items()", "d|dictsort", "cfg|items", "users|groupby('age')", self.condition("list", 1)
            )
            if pair
            else self.pick(
                [
                    self.condition("list", 2),
                    self.pick(NAMES["list"]),
                    f"range({self.pick('3', 'n', '0')})",
                    "d",
                    "s",
                    self.condition("any", 1),
                    "words|batch(2)",
                    "nums|select('odd')",
                    "words|map('upper')",
                ]
            )
        )
        recursive = not pair and self.rng.random() < 0.12
        if recursive:
            source = self.pick(["tree", "[1, [2, [3]], []]", "users"])
        condition = ""
        if self.rng.random() < 0.2:
            e.locals += names
            condition = f" if {self.condition('bool', 1)}"
            del e.locals[-len(names) :]
        if self.rng.random() < 0.03:
            names = [f"({', '.join(names)})", "w"] if pair else names
        head = self.tag(f"for {', '.join(names)} in {source}{condition}{' recursive' if recursive else ''}")
        e.locals += [target, target + "b"] if pair else [target]
        e.loops += 1
        body = self.kept_body() if recursive else self.body()
        if recursive:
            body += self.output_of(
                self.pick(
                    [
                        f"loop({target}.kids)",
                        f"loop({target}) if {target} is sequence and {target} is not string",
                        f"loop({target}.kids or [])",
                        "loop([])",
                    ]
                )
            )
        e.loops -= 1
        del e.locals[-len(names) if not pair else -2 :]
        out = head + body
        if self.rng.random() < 0.3:
            out += self.tag("else") + self.body()
        return out + self.tag("endfor")

    def output_of(self, expression: str) -> str:
        return f"{self.delimiters['variable_start_string']} {expression} {self.delimiters['variable_end_string']}"

    def set_(self) -> str:
        name = self.pick([self.name("z"), self.pick("n", "s", "words", "z1", "z2")])
        if self.rng.random() < 0.15:
            other = self.name("z" if name not in ("z1", "z2") else "zz")  # CPython 3.11 mistakes (a, a) = (1, 2)
            out = self.tag(
                f"set {name}, {other} = {self.pick(['1, 2', 'pairs[0]', self.e.expression('list', 1), '(s, n)'])}"
            )
            self.e.locals.append(other)
        else:
            out = self.tag(f"set {name} = {self.e.expression(self.pick('any', 'str', 'int', 'list'), 2)}")
        self.e.locals.append(name)
        return out

    def set_block(self) -> str:
        name = self.name("z")
        out = (
            self.tag(
                f"set {name}{self.pick('', '', ' | upper', '|trim|e', '|replace(' + repr('a') + ', s)', '|length')}"
            )
            + self.kept_body()
            + self.tag("endset")
        )
        self.e.locals.append(name)
        return out

    def namespace(self) -> str:
        name = self.name("ns")
        out = self.tag(f"set {name} = namespace({self.pick(['a=1', 'a=[], b=n', '', 'd', 'a=s'])})")
        loop = self.rng.random() < 0.5
        if loop:
            out += self.tag(f"for q in {self.pick(NAMES['list'])}")
        out += self.tag(
            f"set {name}.a = {self.pick(name + '.a', self.e.expression('any', 1), name + '.a + 1', 'loop.index')}"
        )
        if loop:
            out += self.tag("endfor")
        self.e.locals.append(name + ".a")
        return out

    def with_(self) -> str:
        kept = len(self.e.locals)
        pairs = [f"{self.name('w')} = {self.e.expression('any', 1)}" for _ in range(self.rng.randint(0, 2))]
        self.e.locals += [pair.partition(" ")[0] for pair in pairs]
        out = self.tag(f"with {', '.join(pairs)}") + self.body() + self.tag("endwith")
        del self.e.locals[kept:]
        return out

    def filter_block(self) -> str:
        # Only filters that make text: of anything else Jinja2 says that it cannot join it, and not where.
        name = self.pick(
            "upper", "e", "trim", "replace('a', 'b')", "indent(2)", "upper|lower", "title|e", "wordwrap(5)",
            "truncate(6)", "safe", "list|join('.')",
        )
        return self.tag(f"filter {name}") + self.kept_body() + self.tag("endfilter")

    def macro(self) -> str:
        name = self.name("m")
        parameters = [f"p{index}" for index in range(self.rng.randint(0, 3))]
        defaults = self.rng.randint(0, len(parameters))
        signature = [
            p if index < defaults else f"{p}={self.e.expression('any', 1)}" for index, p in enumerate(parameters)
        ]
        kept, loops = list(self.e.locals), self.e.loops
        self.e.locals = kept + parameters
        self.e.loops = 0 if self.rng.random() < 0.9 else loops
        self.e.callers += 1
        out = self.tag(f"macro {name}({', '.join(signature)})") + self.kept_body()
        if self.rng.random() < 0.3:
            out += self.output_of(
                self.pick(
                    "caller()", "caller(1, x=2)", "varargs", "kwargs|dictsort", name + ".name", name + ".arguments"
                )
            )
        out += self.tag("endmacro")
        self.e.callers -= 1
        self.e.locals, self.e.loops = kept, loops
        self.e.macros.append((name, parameters))
        if self.rng.random() < 0.7:
            out += self.output_of(f"{name}({self.e.arguments(parameters)})")
        return out

    def call_block(self) -> str:
        parameters = self.pick("", "", "(c)", "(c, e=1)")
        name, signature = self.pick(self.e.macros) if self.e.macros else ("nope", [])
        kept = len(self.e.locals)
        self.e.locals += ["c"] if parameters else []
        out = (
            self.tag(f"call{parameters} {name}({self.e.arguments(signature)})")
            + self.kept_body(2)
            + self.tag("endcall")
        )
        del self.e.locals[kept:]
        return out

    def autoescape(self) -> str:
        # No undefined value: that it is one, a strict one tells only where something is escaped.
        return (
            self.tag(f"autoescape {self.pick(['true', 'false', 'true', 'b is true', '0', '[1]'])}")
            + self.body()
            + self.tag("endautoescape")
        )

    def raw(self) -> str:
        inner = self.pick("{{ x }}", "{% if %}", " {# c #} ", "\n{{\n", "a")
        start, end = self.delimiters["block_start_string"], self.delimiters["block_end_string"]
        begin = f"{start}{self.sign()} raw {self.pick('', '', '-')}{end}"
        return f"{begin}{inner}{start}{self.sign()} endraw {self.pick('', '-', '+')}{end}"

    def comment(self) -> str:
        if self.line_comment and self.rng.random() < 0.5:
            return f"{self.pick('', ' ', chr(10))}{self.line_comment} comment\n"
        start, end = self.delimiters["comment_start_string"], self.delimiters["comment_end_string"]
        return f"{start}{self.sign()}{self.pick(' c ', chr(10), ' {{ x }} ', '{% if %}')}{self.pick('', '-', '+')}{end}"

    def cycler(self) -> str:
        name = self.name("cy")
        kind = self.rng.random()
        made = "cycler('a', n, 'c')" if kind < 0.5 else f"joiner({self.e.text()})"
        used = self.pick("next()", "next()", "current", "reset()") if kind < 0.5 else None
        loop = self.tag(f"for q in {self.pick('nums', 'words', 'range(4)')}")
        return (
            self.tag(f"set {name} = {made}")
            + loop
            + self.output_of(f"{name}.{used}" if used else f"{name}()")
            + self.output_of("q")
            + self.tag("endfor")
        )

    def nested_set(self) -> str:
        """A name that is set in an inner scope, and used there and outside."""
        name = self.pick("n", "s", self.name("z"))
        inner = self.tag(f"set {name} = {self.pick(name + ' ~ 1', '9', self.e.expression('any', 1))}") + self.output_of(
            name
        )
        around = self.pick(
            [
                ("if true", "endif"),
                ("for q in [1, 2]", "endfor"),
                ("with", "endwith"),
                (f"with {name} = 5", "endwith"),
                ("for q in nums if q", "endfor"),
                ("filter upper", "endfilter"),
                ("set zz", "endset"),
                ("if n", "endif"),
                ("block " + self.name("b"), "endblock"),
                ("autoescape true", "endautoescape"),
            ]
        )
        return self.tag(around[0]) + inner + self.tag(around[1]) + self.output_of(f"{name}|d('none')")

    def print_(self) -> str:
        return self.tag(f"print {self.e.expression('any', 1)}{self.pick('', ', ' + self.e.expression('any', 0))}")

    # ── Templates ──────────────────────────────────────────────────────────────────────────────────────────────

    def template(self) -> str:
        """A name, as an expression."""
        if not self.wild:
            return repr(self.pick(self.templates))
        # Never a mapping of names, over which Jinja2 itself stumbles.
        return self.pick(
            [repr(name) for name in self.templates] * 6 + ["'missing'", self.pick("s", "none", "no", "'main'", "t")]
        )

    def block(self) -> str:
        if self.wild and self.rng.random() < 0.1:
            name = self.pick("b0", "b1")
        else:
            name = self.name("b")
        mode = self.pick(
            ["", "", "", "", "", "", "", " scoped", " scoped"]
            + ([" required", " scoped required"] if self.wild else [])
        )
        kept, loops, buffered = list(self.e.locals), self.e.loops, self.buffered
        self.buffered = 0  # a function of its own
        inner = self.pick("", " ", "\n") if "required" in mode and self.rng.random() < 0.8 else self.body()
        self.e.locals, self.e.loops, self.buffered = kept, loops, buffered
        out = self.tag(f"block {name}{mode}") + inner + self.tag("endblock" + self.pick("", "", " " + name))
        self.e.blocks.append(name)
        return out

    def include(self) -> str:
        target = self.pick(
            [self.template(), self.template(), f"[{self.template()}, {self.template()}]", f"({self.template()},)"]
        )
        # Within a macro and the like, Jinja2 writes an include without context beside what it keeps.
        context = ["", "", " with context"] + ([] if self.buffered else [" without context"])
        return self.tag(f"include {target}{self.pick('', '', ' ignore missing')}{self.pick(context)}")

    def import_(self) -> str:
        name = self.name("lib")
        out = self.tag(f"import {self.template()} as {name}{self.pick('', '', ' with context', ' without context')}")
        self.e.macros += [(f"{name}.m0", ["p0", "p1"]), (f"{name}.nope", [])]
        self.e.locals.append(f"{name}.z0")
        return out

    def from_import(self) -> str:
        names = self.pick("m0", "m0 as q0, z0", "z0", "nope", "m0, z0 as q1", "_hidden")
        out = self.tag(f"from {self.template()} import {names}{self.pick('', '', ' with context', ' without context')}")
        self.e.macros.append(("q0" if "q0" in names else "m0", ["p0", "p1"]))
        self.e.locals += ["z0", "q1"]
        return out
