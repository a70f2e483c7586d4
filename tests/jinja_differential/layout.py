"""Templates that are all white space, delimiters and trimming: what a lexer can get wrong."""

import random
import typing

SPACE = [
    "", "", " ", "  ", "\t", "\n", "\n", "\n\n", " \n ", "\n  ", "\r\n", "\r", "a", "a ", " a", "b\n", "\nc",
    "\n\n\n", "\f", "\v", "\u00a0", "\u2028", "{ ", "}", "%", "#",
]
DEFAULT = {
    "block_start_string": "{%",
    "block_end_string": "%}",
    "variable_start_string": "{{",
    "variable_end_string": "}}",
    "comment_start_string": "{#",
    "comment_end_string": "#}",
}


def layout(rng: random.Random, options: dict[str, typing.Any]) -> str:
    marks = DEFAULT | {key: value for key, value in options.items() if key in DEFAULT}
    prefix, comment = options.get("line_statement_prefix"), options.get("line_comment_prefix")

    def space() -> str:
        return "".join(rng.choice(SPACE) for _ in range(rng.randint(0, 3)))

    def signs() -> tuple[str, str]:
        return rng.choice(["", "", "-", "+"]), rng.choice(["", "", "-", "+"])

    def either(*choices: str) -> str:
        return rng.choice(choices)

    def block(content: str) -> str:
        if prefix and rng.random() < 0.4:
            start = either("", "\n", "\n  ", " ") + prefix + either("", " ", "-", "+")
            return start + content + either("", " ", f" {comment or ' '}") + "\n"
        left, right = signs()
        return f"{marks['block_start_string']}{left} {content} {right}{marks['block_end_string']}"

    def output(content: str) -> str:
        start = marks["variable_start_string"] + either("", "", "-", "+")
        return start + either("", " ") + content + either("", " ", "-", " -") + marks["variable_end_string"]

    def note() -> str:
        if comment and rng.random() < 0.6:
            return comment + either(" c", "", " {% x") + either("\n", "\n", "")
        left, right = signs()
        inner = either(" c ", "\n", "", " a\nb ")
        return marks["comment_start_string"] + left + inner + right + marks["comment_end_string"]

    def raw() -> str:
        start, end = marks["block_start_string"], marks["block_end_string"]
        inner = space() + either("", "{{ x }}", "{% if %}", "{# #}") + space()
        begin = start + either("", "-", "+") + " raw " + either("", "", "-") + end
        return begin + inner + start + either("", "-", "+") + " endraw " + either("", "-", "+") + end

    def part(depth: int) -> str:
        pick = rng.random()
        if pick < 0.2:
            return output(rng.choice(["1", "'x'", "s", "{}", "'a\nb'", "n"]))
        if pick < 0.35:
            return note()
        if pick < 0.45:
            return raw()
        if pick < 0.55:
            return block("set v = 1")
        if pick < 0.75 and depth > 0:
            return (
                block(f"if {rng.choice(['true', 'false', 'b'])}")
                + parts(depth - 1)
                + (block("else") + parts(depth - 1) if rng.random() < 0.3 else "")
                + block("endif")
            )
        if pick < 0.9 and depth > 0:
            return block("for q in [1, 2]") + parts(depth - 1) + block("endfor")
        return space()

    def parts(depth: int) -> str:
        return "".join(space() + part(depth) for _ in range(rng.randint(0, 3))) + space()

    return parts(2)
