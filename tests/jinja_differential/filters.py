"""Strings and lists: most of what filters and methods make."""

import typing

if typing.TYPE_CHECKING:
    from expressions import Expressions

# Tests by what they take: nothing, an integer, anything.
PLAIN_TESTS = [
    "defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "mapping", "sequence",
    "iterable", "callable", "upper", "lower", "true", "false", "escaped", "even", "odd",
]
VALUE_TESTS = ["eq", "ne", "lt", "le", "gt", "ge", "equalto", "sameas", "in", "==", "!=", "<", "<=", ">", ">="]

STRING_FILTERS = [
    "upper", "lower", "title", "capitalize", "trim", "e", "escape", "forceescape", "safe", "striptags", "string",
    "reverse", "urlencode", "urlize", "tojson", "indent", "pprint", "trim('a')", "trim(chars=' x')",
    "replace('a', 'b')", "replace('a', '<', 1)", "replace('', '-')", "center(9)", "center(width=4)", "indent(2)",
    "indent(1, true)", "indent('> ', blank=true)", "indent(first=true)", "truncate(5)", "truncate(4, true)",
    "truncate(3, end='')", "truncate(5, false, '..', 0)", "truncate(2, true, '…', 1)", "wordwrap(4)",
    "wordwrap(5, false)", "wordwrap(3, true, '|')", "wordwrap(6, wrapstring='/', break_on_hyphens=false)",
    "urlize(10)", "urlize(nofollow=true)", "urlize(target='_blank')", "urlize(8, true, rel='x')", "tojson(2)",
    "tojson(indent=1)", "default('x')", "format('a')", "format(n, s)", "format(a=1)", "replace(s, t)",
    "wordcount|string", "e|e", "safe|e", "upper|lower",
]
ANY_TO_STRING = [
    "string", "tojson", "pprint", "e", "escape", "urlencode", "forceescape", "safe", "upper", "trim", "title",
    "capitalize", "lower", "striptags", "urlize",
]
STRING_METHODS = [
    "upper()", "lower()", "title()", "capitalize()", "swapcase()", "strip()", "lstrip()", "rstrip('b')",
    "strip('ab ')", "replace('a', 'bb')", "replace('a', 'b', 1)", "center(8)", "center(7, '*')", "ljust(6)",
    "rjust(6, '.')", "zfill(5)", "join(words)", "join(['x', 'y'])", "format(1, 'a')", "format(a=s)", "expandtabs(4)",
    "casefold()", "removeprefix('a')", "removesuffix('b')", "partition(' ')|join('|')", "split()|join('/')",
    "split('a')|join('-')", "splitlines()|join('+')", "rsplit(None, 1)|join('^')", "split(',', 1)|last",
    "rpartition('b')|first", "splitlines(true)|string",
]
FORMATS = [
    "%s", "%d", "%5d", "%-6s|", "%05.1f", "%x", "%r", "%+d", "%e", "%g", "%%", "%c", "%3s", "%.2s", "%o", "%X", "%i",
    "%#x", "% d", "%a", "%G",
]
SPECS = [
    "", ">6", "<5", "^7", "05d", ".2f", "x", "*^9", "+d", ",", "e", "%", "s", "_", "b", "#x", "g", "=+6d", "6.1f",
    "c", ".3", "n",
]


def string_expression(g: "Expressions", depth: int) -> str:
    e = g.expression
    pick = g.pick
    return g.one_of(
        lambda: f"{e('str', depth)} ~ {e('any', depth)}",
        lambda: f"{e('str', depth)} + {e('str', depth)}",
        lambda: f"{g.operand('str', depth)} * {g.small()}",
        lambda: f"{g.operand('str', depth)}|{pick(STRING_FILTERS)}",
        lambda: f"{g.operand('str', depth)}|{pick(STRING_FILTERS)}",
        lambda: f"{g.operand('str', depth)}|{pick(STRING_FILTERS)}",
        lambda: f"{g.operand('any', depth)}|{pick(ANY_TO_STRING)}",
        lambda: f"{g.operand('str', depth)}.{pick(STRING_METHODS)}",
        lambda: f"{g.operand('str', depth)}.{pick(STRING_METHODS)}",
        lambda: f"{g.sliceable('str', depth)}[{slice_of(g, depth)}]",
        lambda: f"{g.operand('str', depth)}[{pick('0', '-1', '1', 'k', 'n')}]",
        lambda: f"{g.operand('list', depth)}|join"
        + pick("", f"({g.text()})", f"(', ', attribute={g.attribute()})", "(d=s)", "(html)"),
        lambda: f"'{pick(FORMATS)}'|format({e(pick('any', 'num', 'int', 'str'), depth)})",
        lambda: f"'{pick(FORMATS)} {pick(FORMATS)}' % ({e('num', depth)}, {e('any', depth)})",
        lambda: f"'{pick(FORMATS)}' % {g.operand(pick('num', 'int', 'any'), depth)}",
        # Never the field alone: if it needs no padding CPython takes Markup over as it is, by accident.
        lambda: f"'{{:{pick(SPECS)}}}|'.format({e(pick('num', 'int', 'str', 'any'), depth)})",
        lambda: f"'{{0}}{{1!r}}{{a}}{{0[0]}}'.format({e('str', depth)}, {e('any', depth)}, a={e('any', depth)})",
        lambda: f"{g.operand('num', depth)}|filesizeformat{pick('', '(true)', '(binary=true)')}",
        lambda: f"{g.operand('dict', depth)}|xmlattr{pick('', '(false)', '(autospace=false)')}",
        lambda: f"{g.operand('dict', depth)}|urlencode",
        g.call,
    )


def slice_of(g: "Expressions", depth: int) -> str:
    bound = lambda: g.pick("", "", "0", "1", "2", "-1", "-2", "k", "5", "none")
    step = g.pick("", "", "", ":", ":2", ":-1", ":1", ":-2", ":k")
    return f"{bound()}:{bound()}{step}"


def subject(g: "Expressions", depth: int) -> str:
    """A sequence with attributes, more often than not."""
    return g.pick(["users", "users", "pairs", "[u, u]", "[d, cfg]"]) if g.chance(0.6) else g.operand("list", depth)


def test_arguments(g: "Expressions") -> str:
    """A test's name and arguments for select and its like."""
    return g.one_of(
        lambda: f"'{g.pick(PLAIN_TESTS)}'",
        lambda: f"'{g.pick(VALUE_TESTS)}', {g.expression('any', 1)}",
        lambda: f"'divisibleby', {g.pick('2', '3', 'n')}",
    )


def map_arguments(g: "Expressions") -> str:
    return g.one_of(
        lambda: g.pick(
            [
                "'upper'", "'string'", "'int'", "'e'", "'length'", "'abs'", "'float'", "'tojson'", "'first'",
                "'list'", "'title'", "'default', 'x'", "'replace', 'a', 'b'", "'round', 1", "'center', 5",
                "'join', '-'", "'int', default=2", "'nope'", "'truncate', 3, true", "'sum'", "'trim'", "'striptags'",
            ]
        ),
        lambda: f"attribute={g.attribute()}",
        lambda: f"attribute={g.attribute()}, default={g.expression('any', 0)}",
    )


def list_expression(g: "Expressions", depth: int) -> str:
    e = g.expression
    pick = g.pick
    flags = lambda *names: "".join(f", {name}={pick('true', 'false')}" for name in names if g.chance(0.3))[2:]
    return g.one_of(
        lambda: "[" + ", ".join(e("any", depth) for _ in range(g.rng.randint(0, 3))) + "]",
        lambda: "(" + ", ".join(e("any", depth) for _ in range(g.rng.randint(2, 3))) + ")",
        lambda: f"{e('list', depth)} + {e('list', depth)}",
        lambda: f"{g.operand('list', depth)} * {pick('0', '1', '2', '-1', 'k')}",
        lambda: f"{g.sliceable('list', depth)}[{slice_of(g, depth)}]",
        lambda: f"{g.operand('list', depth)}|sort({flags('reverse', 'case_sensitive')})",
        lambda: f"{subject(g, depth)}|sort(attribute={g.attribute()}{pick('', ', reverse=true')})",
        lambda: f"users|sort(attribute='age,name')",
        lambda: f"{g.operand('list', depth)}|unique({flags('case_sensitive')})|list",
        lambda: f"{subject(g, depth)}|unique(attribute={g.attribute()})|list",
        lambda: f"{g.operand('list', depth)}|reverse|list",
        lambda: f"{g.operand('any', depth)}|list",
        lambda: f"{subject(g, depth)}|map({map_arguments(g)})|" + pick("list", "list", "join(',')", "first", "sum"),
        lambda: f"{g.operand('list', depth)}|{pick('select', 'reject')}({pick('', test_arguments(g))})|list",
        lambda: f"{subject(g, depth)}|{pick('selectattr', 'rejectattr')}({g.attribute()}"
        + f"{pick('', ', ' + test_arguments(g))})|list",
        lambda: f"{g.operand('list', depth)}|batch({pick('1', '2', '3', 'n')}{pick('', ', ' + e('any', 0))})|list",
        lambda: f"{g.operand('list', depth)}|slice({pick('1', '2', '3')}{pick('', ', ' + e('any', 0))})|list",
        lambda: f"{subject(g, depth)}|groupby({g.attribute()}"
        + f"{pick('', ', default=' + e('any', 0), ', case_sensitive=true')})|"
        + pick("list", "map('list')|list", "map(attribute='grouper')|list"),
        lambda: f"{g.operand('dict', depth)}|dictsort({flags('case_sensitive', 'reverse')}{pick('', '')})",
        lambda: f"{g.operand('dict', depth)}|dictsort(by={pick(repr('value'), repr('key'), repr('x'))})",
        lambda: f"{g.operand('dict', depth)}{pick('|items', '.items()', '.keys()', '.values()')}|list",
        lambda: f"{g.operand('str', depth)}."
        + pick("split()", f"split({g.text()})", "splitlines()", "partition('a')", "rsplit(' ', 1)"),
        lambda: f"range({pick('3', 'n % 5', '1, 4', '5, 0, -2', 'k', '0, 6, k')})|list",
        lambda: f"{g.operand('str', depth)}|list",
    )
