"""Contexts: JSON with the protocol's forms for what JSON lacks, and the same as Python's values."""

import random
import typing

from markupsafe import Markup

Json = typing.Any

WORDS = [
    "", "a", "b", "Ab", "foo", "bar", "foo bar", "Hello World", "  padded ", "x y z", "1", "42", "-7", "3.5", "1e3",
    "nan", "0x1f", "<b>", "a&b", '"q"', "it's", "a\nb", "line one\nline two\n", "\ttab", "%s", "{}", "100%", "äöü",
    "ß", "日本", "e\u0301", "🙂", "İ", "ǆ", "http://example.org/a?b=c&d=e", "see www.example.org, ok", "me@example.org",
    "a-b_c", "CamelCase", "under_score", "true", "None", "a,b,,c", "<i>x</i> y", "zz", "Z", "aa", "&lt;",
]
INTS = [
    0, 1, 2, 3, 4, 5, 7, 10, 12, 100, 255, 1000, 1024, 123456, -1, -2, -3, -10, 1000000, 2**31, 2**53, -(2**63),
    2**63 - 1,
]
FLOATS = [
    0.0, 1.0, 0.5, 1.5, 2.5, -0.5, 3.14159, 0.1, 1e3, 1e16, 1e17, 1e22, 1e-5, 123456.789, -2.75, 1e100, 5e-324,
    2.675, 0.125,
]
SPECIAL = ["nan", "inf", "-inf"]
NAMES = ["ada", "Bob", "cy", "Dee", "eve", "Ann", "bob", ""]


def word(rng: random.Random) -> str:
    return rng.choice(WORDS)


def number(rng: random.Random) -> Json:
    pick = rng.random()
    if pick < 0.7:
        return rng.choice(INTS[:14]) if rng.random() < 0.8 else rng.choice(INTS)
    if pick < 0.96:
        return rng.choice(FLOATS)
    if pick < 0.98:
        return {"$float": rng.choice(SPECIAL)}
    return {"$int": str(rng.choice([2**64, -(2**64), 10**25, 2**70 + 1]))}


def scalar(rng: random.Random) -> Json:
    return rng.choice(
        [
            lambda: word(rng),
            lambda: number(rng),
            lambda: rng.random() < 0.5,
            lambda: None,
            lambda: {"$markup": word(rng)},
            lambda: word(rng),
            lambda: number(rng),
        ]
    )()


def anything(rng: random.Random, depth: int = 2) -> Json:
    if depth == 0 or rng.random() < 0.5:
        return scalar(rng)
    size = rng.choice([0, 1, 2, 2, 3])
    shape = rng.random()
    if shape < 0.4:
        return [anything(rng, depth - 1) for _ in range(size)]
    if shape < 0.55:
        return {"$tuple": [anything(rng, depth - 1) for _ in range(size)]}
    if shape < 0.65:
        keys = rng.sample([1, 2, None, True, 2.5, "k", {"$tuple": [1, 2]}], k=size)
        if 1 in keys and True in keys:  # one key in Python
            keys.remove(True)
        return {"$dict": [[key, anything(rng, depth - 1)] for key in keys]}
    return {key: anything(rng, depth - 1) for key in rng.sample(["a", "b", "c", "key", "name", "items", "x y"], k=size)}


def user(rng: random.Random) -> Json:
    fields = {
        "name": rng.choice(NAMES),
        "age": rng.choice([1, 5, 30, 30, 41, 99]),
        "on": rng.random() < 0.5,
        "tags": [word(rng) for _ in range(rng.randint(0, 2))],
        "at": {"city": rng.choice(["Rome", "oslo", ""])},
    }
    for key in list(fields):
        if rng.random() < 0.04:
            del fields[key]
    if rng.random() < 0.3:
        return {"$object": {"class": "User", "attrs": fields, "str": "user " + rng.choice(NAMES), "repr": "<User>"}}
    return fields


def many(rng: random.Random, make: typing.Callable[[random.Random], Json], most: int = 4) -> list[Json]:
    return [make(rng) for _ in range(rng.randint(0, most))]


# Every variable's maker by its name; grammar.py knows what kind each is.
VARIABLES: dict[str, typing.Callable[[random.Random], Json]] = {
    "s": word,
    "t": word,
    "html": lambda rng: rng.choice(["<b>x</b>", "a & b", '<a href="x">y</a> <!-- c --> z', "'q'", "1 < 2"]),
    "m": lambda rng: {"$markup": rng.choice(["<em>x</em>", "a &amp; b", "", "<br>"])},
    "n": lambda rng: rng.choice(INTS[:12]),
    "i": lambda rng: rng.choice(INTS),
    "k": lambda rng: rng.randint(-3, 6),
    "x": lambda rng: rng.choice(FLOATS),
    "y": number,
    "b": lambda rng: rng.random() < 0.5,
    "no": lambda rng: None,
    "words": lambda rng: many(rng, word),
    "nums": lambda rng: many(rng, lambda rng: rng.randint(-3, 12), 5),
    "mixed": lambda rng: many(rng, scalar),
    "users": lambda rng: many(rng, user),
    "any": anything,
    "pairs": lambda rng: many(rng, lambda rng: {"$tuple": [word(rng), rng.randint(0, 9)]}, 3),
    "tup": lambda rng: {"$tuple": many(rng, scalar, 3)},
    "d": lambda rng: {key: rng.randint(0, 9) for key in rng.sample(["a", "b", "C", "key", "z"], k=rng.randint(0, 4))},
    "cfg": lambda rng: {
        "a": {"b": [1, {"c": word(rng)}], "n": number(rng)},
        "list": many(rng, word, 2),
        "items": 3,
        "on": True,
    },
    "tree": lambda rng: [
        {"name": "r", "kids": [{"name": rng.choice(NAMES), "kids": []}, {"name": "q"}]},
        {"name": "s", "kids": None},
    ],
    "u": user,
}


def context(rng: random.Random, wild: bool) -> dict[str, Json]:
    return {name: make(rng) for name, make in VARIABLES.items() if not wild or rng.random() > 0.03}


def thing(fields: dict[str, Json]) -> typing.Any:
    """An object as {"$object": …} describes it."""
    base = (tuple,) if "items" in fields else (object,)
    methods = {"__module__": "builtins", "__str__": lambda self: fields["str"], "__repr__": lambda self: fields["repr"]}
    made = type(fields["class"], base, methods)
    it = made(python(fields["items"])) if "items" in fields else made()
    for key, value in fields.get("attrs", {}).items():
        setattr(it, key, python(value))
    return it


FORMS: dict[str, typing.Callable[[typing.Any], typing.Any]] = {
    "$tuple": lambda items: tuple(python(item) for item in items),
    "$markup": Markup,
    "$dict": lambda pairs: {python(key): python(value) for key, value in pairs},
    "$int": int,
    "$float": float,
    "$object": thing,
}


def python(value: Json) -> typing.Any:
    """What the JSON stands for."""
    if isinstance(value, list):
        return [python(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (key := next(iter(value))) in FORMS:
        return FORMS[key](value[key])
    return {key: python(item) for key, item in value.items()}
