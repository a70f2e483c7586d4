"""Expressions: mostly of the kind that is asked for, sometimes of another, so that errors are compared too."""

import random
import typing

from filters import PLAIN_TESTS, VALUE_TESTS, list_expression, string_expression

Make = typing.Callable[[], str]

# Variables of the context by kind; see values.py.
NAMES = {
    "str": ["s", "t", "html", "m", "s", "t"],
    "int": ["n", "i", "k", "n", "k"],
    "num": ["x", "y", "n", "k"],
    "bool": ["b"],
    "list": ["words", "nums", "mixed", "users", "pairs", "tup", "nums", "words"],
    "dict": ["d", "cfg", "u", "d"],
    "any": ["any", "no", "tree", "b", "y", "s", "users", "d", "words", "n", "t", "any", "undef"],
}
KINDS = list(NAMES)
TEXTS = [
    "", "a", "b", "foo", "a b", "Hello", "<b>", "&", "%s", "%d-%s", "%5.2f|", "%(a)s", "x,y", "\\n", "\\t",
    "\\u00e9", "ä", "{} {}", "{0!r:>4}|", "0x1f", "12", " 7 ", "3.50", "ab cd ef", "it\\'s", '\\"', "-", ", ", "%%",
    "a\\\nb", "1e2", "ß", "ab", "AB", "Foo Bar", "a'b", "日本語",
]
INTEGERS = [
    "0", "1", "2", "3", "4", "5", "7", "10", "12", "100", "1_000", "0x1F", "0b101", "0o17", "255", "-1", "-2",
    "1000000",
]
REALS = [
    "0.5", "1.0", "2.5", "1e3", "1.5e-3", "3.14", "10.25", "0.1", "1_0.2_5", "2.675", "1E2", "1e16", "123456789.125",
]
ATTRIBUTES = ["name", "age", "on", "tags", "at.city", "a", "b", "nope", "0", "1", "kids"]
GROWING_METHODS = ["append(1)", "extend(nums)", "insert(0, 'i')", "insert(-1, n)", "append()"]
LIST_METHODS = [
    "pop()", "pop(0)", "remove(n)", "sort()", "sort(reverse=true)", "reverse()", "count(1)", "index(s)", "copy()",
    "clear()", "pop(9)", "index(2, 1)",
]
DICT_METHODS = [
    "get('a')", "get('zz', 5)", "items()|list", "keys()|list", "values()|list", "pop('a')", "pop('a', 0)",
    "update({'a': 2})", "update(b=3)", "setdefault('q', [])", "setdefault('a')", "copy()", "clear()", "popitem()",
    "update(pairs)", "fromkeys(words, 1)", "get()", "items()|sort",
]
TESTS_AFTER_OPERATORS = ["none", "string", "number", "defined", "even", "true", "sequence", "in [1]", "divisibleby 2", "eq 3"]
MEMBERS = ["a", "b", "key", "nope", "a.b", "items", "list", "name"]
OPERATORS = ["+", "-", "*", "~", "/", "//", "%", "<", "==", "in"]
ROUNDING = ["", "(1)", "(2)", "(-1)", "(1, 'floor')", "(method='ceil')", "(0, 'common')"]
QUESTIONS = ["isdigit", "isalpha", "isupper", "islower", "isspace", "isalnum", "istitle", "isnumeric", "isidentifier"]


class Expressions:
    """What may stand in an expression grows and shrinks with scope: loop variables, macros, namespaces."""

    def __init__(self, rng: random.Random, wild: bool) -> None:
        self.rng = rng
        self.wild = wild  # with expressions of the wrong kind, and names that nothing defines
        self.loops = 0  # for loops around this place
        self.locals: list[str] = []  # names that the template has set
        self.macros: list[tuple[str, list[str]]] = []  # with their parameters
        self.callers = 0  # macros around this place
        self.blocks: list[str] = []

    # ── Small choices ──────────────────────────────────────────────────────────────────────────────────────────

    def pick(self, *choices: typing.Any) -> typing.Any:
        """One of the arguments, or of the only argument."""
        return self.rng.choice(choices[0] if len(choices) == 1 else choices)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def one_of(self, *makers: Make) -> str:
        return self.pick(makers)()

    def space(self) -> str:
        return self.pick("", "", "", "", " ", "\n", "  ")

    def text(self) -> str:
        quote = self.pick("'\"")
        body = self.pick(TEXTS)
        if quote in body and "\\" not in body:
            quote = "'" if quote == '"' else '"'
        return quote + body + quote

    def integer(self) -> str:
        return self.pick(INTEGERS)

    def small(self) -> str:
        """What may multiply, repeat or pad without making a rendering too long."""
        return self.pick("0", "1", "2", "3", "4", "7", "-1", "-2", "12", "k", "true")

    def attribute(self) -> str:
        name = self.pick(ATTRIBUTES)
        return name if name in ("0", "1") else repr(name)

    # ── Expressions ────────────────────────────────────────────────────────────────────────────────────────────

    def expression(self, kind: str = "any", depth: int = 3) -> str:
        if self.wild and self.chance(0.03):
            kind = self.pick(KINDS)
        if depth <= 0:
            return self.leaf(kind)
        if self.chance(0.12):
            return self.common(kind, depth - 1)
        make = {
            "str": self.string,
            "int": self.int_,
            "num": self.num,
            "bool": self.bool_,
            "list": self.list_,
            "dict": self.dict_,
            "any": self.any_,
        }[kind]
        return make(depth - 1)

    def operand(self, kind: str, depth: int) -> str:
        """An expression to which a postfix can be added."""
        text = self.expression(kind, depth)
        return f"({text})" if self.chance(0.35) or not text.isidentifier() else text

    def name(self, kind: str) -> str:
        name = self.pick(NAMES[kind])
        return name if self.wild or name != "undef" else "s"

    def sliceable(self, kind: str, depth: int) -> str:
        """What is sliced: no constant that cannot be, which Jinja2 folds to an undefined value where it can."""
        if self.chance(0.5):
            return self.pick(NAMES[self.pick(kind, kind, "any")])
        return f"({self.operand(kind, depth)}|{'string' if kind == 'str' else 'list'})"

    def leaf(self, kind: str) -> str:
        if self.locals and self.chance(0.3):
            return self.pick(self.locals)
        if self.loops and self.chance(0.2):
            return self.loop_variable()
        if self.chance(0.55):
            return self.name(kind)
        literals: dict[str, list[Make]] = {
            "str": [self.text],
            "int": [self.integer],
            "num": [self.integer, lambda: self.pick(REALS)],
            "bool": [lambda: self.pick("true", "false", "True", "False")],
            "list": [
                lambda: "[]",
                lambda: "[1, 2, 3]",
                lambda: "['b', 'a', 'B']",
                lambda: "(1, 'x')",
                lambda: "()",
                lambda: "(1,)",
            ],
            "dict": [
                lambda: "{}",
                lambda: "{'a': 1}",
                lambda: "{'b': 'x', 'a': [1]}",
                lambda: "{1: 2}",
                lambda: "dict(a=1, b='<')",
            ],
            "any": [
                lambda: "none",
                lambda: "None",
                lambda: self.pick("nope", "d.nope", "true"),
                self.text,
                self.integer,
                self.text,
            ],
        }
        return self.one_of(*literals[kind])

    def loop_variable(self) -> str:
        """Not the loop itself, over which Jinja2 can iterate, at the cost of the loop's own items."""
        return self.pick(
            [
                "loop.index", "loop.index0", "loop.revindex", "loop.revindex0", "loop.first", "loop.last",
                "loop.length", "loop.depth", "loop.depth0", "loop.previtem", "loop.nextitem", "loop.cycle('a', 'b')",
                "loop.cycle(1, 2, 3)", "loop.changed(n)", "loop.changed(loop.index0 // 2)",
            ]
        )

    def common(self, kind: str, depth: int) -> str:
        """What has the kind of its parts."""
        e, o = self.expression, self.operand
        return self.one_of(
            lambda: f"({e(kind, depth)})",
            lambda: f"{e(kind, depth)} if {e('bool', depth)} else {e(kind, depth)}",
            lambda: f"{e(kind, depth)} if {e('bool', depth)}",
            lambda: f"{e('any', depth)} or {e(kind, depth)}",
            lambda: f"{e('any', depth)} and {e(kind, depth)}",
            lambda: f"{o(kind, depth)}|default({e(kind, depth)}{self.pick('', ', true', ', boolean=false')})",
            lambda: f"{o('any', depth)}|d({e(kind, depth)})",
            lambda: f"[{e(kind, depth)}, {e(kind, depth)}]|{self.pick('first', 'last', 'min', 'max', 'first')}",
            lambda: f"{{'q': {e(kind, depth)}}}{self.pick(['.q', '[' + repr('q') + ']', '.get(' + repr('q') + ')'])}",
            lambda: f"(({e(kind, depth)}),)[0]",
        )

    def any_(self, depth: int) -> str:
        e, o = self.expression, self.operand
        return self.one_of(
            *[lambda kind=kind: e(kind, depth) for kind in KINDS[:-1]],
            lambda: f"{self.pick(NAMES['dict'])}.{self.pick(MEMBERS)}",
            lambda: f"{o('dict', depth)}[{e('str', depth)}]",
            lambda: f"{o('list', depth)}[{e('int', depth)}]",
            lambda: f"{o('any', depth)}.{self.pick('name', 'age', 'nope', 'tags', '0', 'a', 'b')}",
            lambda: f"{o('any', depth)}|attr({self.attribute()})",
            lambda: f"{o('list', depth)}|{self.pick('first', 'last', 'min', 'max', 'sum', 'length')}",
            lambda: f"{o('dict', depth)}." + self.pick(f"get({self.text()})", "get('a', 7)", "pop('zz', 1)"),
            lambda: f"{e('any', depth)} {self.pick(OPERATORS)} {e('any', depth)}",
            self.call,
            self.precedence,
            self.list_method,
            lambda: f"{self.pick(NAMES['dict'])}.{self.pick(DICT_METHODS)}",
        )

    def list_method(self) -> str:
        # A list that grows in a loop over it never ends.
        methods = LIST_METHODS if self.loops or self.callers else GROWING_METHODS + LIST_METHODS
        return f"{self.pick(NAMES['list'])}.{self.pick(methods)}"

    def precedence(self) -> str:
        """Operators side by side without parentheses."""
        operand = lambda: self.pick(
            [
                "n", "k", "2", "3", "s", "'a'", "true", "x", "words", "-n", "-2", "not b", "n|abs", "-k|abs",
                "s.upper()", "nums[0]", "(1, 2)", "'a' 'b'", "none",
            ]
        )
        operators = ["+", "-", "*", "//", "%", "~", "**", "==", "<", "in", "not in", "and", "or", "is not", "is"]
        parts = [operand()]
        for _ in range(self.rng.randint(1, 3)):
            operator = self.pick(operators[:6] * 3 + operators)
            if operator == "**":
                parts.append("** 2")
            elif operator.startswith("is"):
                parts.append(
                    f"{operator} {self.pick(TESTS_AFTER_OPERATORS)}"
                )
            elif operator in ("*", "%"):
                parts.append(f"{operator} {self.pick('2', '3', 'k')}")
            else:
                parts.append(f"{operator} {operand()}")
        return " ".join(parts)

    def call(self) -> str:
        """A macro's call, or the caller's."""
        if self.callers and self.chance(0.4):
            return self.pick("caller()", "caller(1)", "varargs", "kwargs", "caller('x', 2)", "caller is defined")
        if self.blocks and self.chance(0.3):
            return f"self.{self.pick(self.blocks)}()"
        if not self.macros:
            return self.pick(
                "range(3)|list", "dict(a=n)", "cycler('a', 'b').next()", "joiner(', ')()", "namespace(a=1).a",
                "nope()" if self.wild else "joiner()()",
            )
        name, parameters = self.pick(self.macros)
        return f"{name}({self.arguments(parameters)})"

    def arguments(self, parameters: list[str]) -> str:
        given = [self.expression("any", 1) for _ in parameters[: self.rng.randint(0, len(parameters))]]
        if self.chance(0.12):
            given.append(self.expression("any", 0))
        given += [f"{name}={self.expression('any', 1)}" for name in parameters[len(given) :] if self.chance(0.5)]
        if self.chance(0.05):
            given.append(f"extra={self.expression('any', 0)}")
        if self.chance(0.04):
            given.append(self.pick("*words", "**d", "*tup", "**{'a': 1}"))
        return ", ".join(given)

    def int_(self, depth: int) -> str:
        e, o = self.expression, self.operand
        return self.one_of(
            lambda: f"{e('int', depth)} {self.pick('+', '-', '+', '-', '//', '%')} {e('int', depth)}",
            lambda: f"{e('int', depth)} * {self.small()}",
            lambda: f"{self.pick('n', 'k', '2', '-2', '3', '10')}**{self.pick('2', '3', '0', '1', '-1', '20')}",
            lambda: f"{self.pick('-+')}{o('int', depth)}",
            lambda: f"{o('any', depth)}|int{self.pick('', '(5)', '(default=3)', '(0, 16)', '(base=8)')}",
            lambda: f"{o('list', depth)}|" + self.pick("length", "count", "sum", "sum(start=10)", "sum('age')", "min", "max"),
            lambda: f"{o('str', depth)}|{self.pick('length', 'wordcount', 'count')}",
            lambda: f"{o('str', depth)}.{self.pick('count', 'find', 'rfind', 'index')}({self.text()})",
            lambda: f"{o('num', depth)}|{self.pick('abs', 'round|int', 'int', 'abs')}",
            lambda: f"{o('list', depth)}.{self.pick('index', 'count')}({e('any', 0)})",
        )

    def num(self, depth: int) -> str:
        e, o = self.expression, self.operand
        return self.one_of(
            lambda: f"{e('num', depth)} {self.pick('+', '-', '*', '/', '//', '%')} {e('num', depth)}",
            lambda: f"{o('any', depth)}|float{self.pick('', '(1.5)', '(default=none)')}",
            lambda: f"{o('num', depth)}|round" + self.pick(ROUNDING),
            lambda: f"-{o('num', depth)}",
            lambda: f"{o('num', depth)}|abs",
            lambda: e("int", depth),
            # No root of a negative number, which Python has complex numbers for.
            lambda: f"{self.pick('x', '1.5', 'k', '2.0')} ** {self.pick('2', '-1', '3')}",
            lambda: f"{self.pick('1.5', '2', '2.0')} ** {self.pick('0.5', '-0.5', 'x')}",
        )

    def bool_(self, depth: int) -> str:
        e, o = self.expression, self.operand
        compare = lambda: self.pick("==", "!=", "<", ">", "<=", ">=", "==")
        return self.one_of(
            lambda: f"{e('int', depth)} {compare()} {e('num', depth)}",
            lambda: f"{e('str', depth)} {compare()} {e('str', depth)}",
            lambda: f"{e('any', depth)} {self.pick('==', '!=')} {e('any', depth)}",
            lambda: f"{e('int', depth)} < {e('int', depth)} {compare()} {e('int', depth)}",
            lambda: f"{e('bool', depth)} {self.pick('and', 'or')} {e('bool', depth)}",
            lambda: f"not {e('bool', depth)}",
            lambda: f"{e('any', depth)} {self.pick('in', 'not in')} {e('list', depth)}",
            lambda: f"{e('str', depth)} in {e('str', depth)}",
            lambda: f"{o('any', depth)} {self.pick('is', 'is not')} {self.test(depth)}",
            lambda: f"{o('any', depth)} is {self.test(depth)}",
            lambda: f"{o('str', depth)}.{self.pick(QUESTIONS)}()",
            lambda: f"{o('str', depth)}.{self.pick('startswith', 'endswith')}({self.text()})",
        )

    def test(self, depth: int) -> str:
        return self.one_of(
            lambda: self.pick(PLAIN_TESTS),
            lambda: self.pick(PLAIN_TESTS),
            lambda: f"divisibleby({self.integer()})",
            lambda: f"divisibleby {self.pick('2', '3', 'n')}",
            lambda: f"{self.pick(VALUE_TESTS[:9])}({self.expression('any', depth)})",
            lambda: f"{self.pick('filter', 'test')}({self.text()})",
        )

    def list_(self, depth: int) -> str:
        return list_expression(self, depth)

    def string(self, depth: int) -> str:
        return string_expression(self, depth)

    def dict_(self, depth: int) -> str:
        e, o = self.expression, self.operand
        return self.one_of(
            lambda: "{"
            + ", ".join(
                f"{self.pick(self.text(), self.text(), self.integer())}: {e('any', depth)}"
                for _ in range(self.rng.randint(0, 2))
            )
            + "}",
            lambda: f"dict({self.pick('a', 'b')}={e('any', depth)})",
            lambda: f"dict({self.pick('d', 'cfg', 'pairs', 'd, z=1', 'words')})",
            lambda: f"{o('list', depth)}|first",
            lambda: f"{o('dict', depth)}.copy()",
            lambda: self.pick(NAMES["dict"]),
        )
