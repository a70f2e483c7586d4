#!/usr/bin/env python3
"""Templates with a mistake, which `hxx compile-templates` or the compiler must refuse with a message that begins with
the template's file, line and column and says what is wrong.

    mistakes.py --list                                   their names
    mistakes.py NAME HXX COMPILER SOURCES [--print]      one of them; SOURCES has hxx/
    mistakes.py right HXX COMPILER SOURCES               all of them mended: what is refused is the mistake
"""
import pathlib
import re
import subprocess
import sys
import tempfile

# What all contexts are made of.
CONTEXT = """#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>
namespace shop {
struct City { std::string name; int code; };
struct Address { std::string street; City city; };
struct User { std::string name, email; int age; bool admin; Address address; std::vector<std::string> tags; };
struct Part { std::string name; std::vector<Part> parts; };
struct Page {
    static constexpr auto template_name = "TEMPLATE";
    std::vector<User> users;
    User user;
    std::string title;
    int count;
    double price;
    bool open;
    std::optional<User> guest;
    std::map<std::string, User> by_name;
    std::vector<Part> parts;
};
}
"""

BASE = "<title>{% block title %}{{ title }}{% endblock %}</title>{% block body %}{% endblock %}\n"


class Mistake:
    """`page` with WRONG… is what is mended to RIGHT in the mended one: they stand as [[WRONG|RIGHT]]."""

    def __init__(self, page, place, what, others=None, context="page.html", generator=False, options=()):
        self.templates = {"page.html": page, **(others or {})}
        self.place = place  # file:line:column
        self.what = what  # a regular expression
        self.context = context
        self.generator = generator  # finds it, rather than the compiler
        self.options = options  # of `hxx compile-templates`
        self.rows = []

    def of(self, wrong):
        def choose(match):
            return match.group(1 if wrong else 2)

        return {name: re.sub(r"\[\[(.*?)\|\|(.*?)\]\]", choose, text, flags=re.S) for name, text in self.templates.items()}


def table(*rows, options=()):
    """Many mistakes, one a line of the page, each with its column and what is said of it."""
    (_, column, what) = rows[0]
    mistake = Mistake("\n".join(row[0] for row in rows) + "\n", f"page.html:1:{column}", what, options=options)
    mistake.rows = [(f"page.html:{i}:{column}", what) for i, (_, column, what) in enumerate(rows, 1)]
    return mistake


MISTAKES = {
    # ── A field that there is not ──────────────────────────────────────────────────────────────────────────────────
    "field_of_an_item": Mistake(
        "<ul>\n{% for user in users %}\n  <li>{{ user.[[nmae||name]] }}</li>\n{% endfor %}\n</ul>\n",
        "page.html:3:14", "there is no field 'nmae'"),
    "nested_field": Mistake(
        "<p>\n{{ user.address.city.[[zip||code]] }}</p>\n", "page.html:2:21", "there is no field 'zip'"),
    "field_of_a_name_in_utf8": Mistake(
        "{{ user.[[nämé||name]] }}{{ {'ä': 1}.ä }}{{ users|map(attribute='name')|join }}\n", "page.html:1:8", "there is no field 'nämé'"),
    "field_on_the_way": Mistake(
        "<p>\n\n{{ user.[[adress||address]].city.name }}</p>\n", "page.html:3:8", "there is no field 'adress'"),
    "field_in_a_block_of_a_child": Mistake(
        "{% extends 'base.html' %}\n{% block body %}\n{{ user.[[phone||email]] }}\n{% endblock %}\n",
        "page.html:3:8", "there is no field 'phone'", {"base.html": BASE}),
    "field_in_a_parent": Mistake(
        "{% extends 'base.html' %}\n{% block body %}{{ user.name }}{% endblock %}\n",
        "base.html:2:8", "there is no field 'titel'", {"base.html": "<i>\n{{ user.[[titel||email]] }}</i>\n" + BASE}),
    "field_in_an_included_partial": Mistake(
        "<p>{% for user in users %}{% include 'row.html' %}{% endfor %}\n",
        "row.html:2:16", "there is no field 'login'", {"row.html": "<tr>\n    <td>{{ user.[[login||email]] }}</td></tr>\n"}),
    "field_in_a_macro": Mistake(
        "{% macro row(user) %}\n<b>{{ user.[[ages||age]] }}</b>\n{% endmacro %}\n{{ row(user) }}\n",
        "page.html:2:11", "there is no field 'ages'"),
    "field_in_an_imported_macro": Mistake(
        "{% import 'macros.html' as m %}\n{{ m.row(user) }}\n",
        "macros.html:2:11", "there is no field 'ages'",
        {"macros.html": "{% macro row(user) %}\n<b>{{ user.[[ages||age]] }}</b>\n{% endmacro %}\n"}),
    "field_in_a_filters_argument": Mistake(
        "{{ title|default(\n  user.[[nick||name]]) }}\n", "page.html:2:7", "there is no field 'nick'"),
    "field_as_a_filters_subject": Mistake(
        "{{ user.[[nick||name]]|upper }}\n", "page.html:1:8", "there is no field 'nick'"),
    "field_in_a_condition": Mistake(
        "<p>\n{% if user.[[is_admin||admin]] %}yes{% endif %}\n", "page.html:2:11", "there is no field 'is_admin'"),
    "field_in_an_elif": Mistake(
        "<p>\n{% if open %}\n{% elif count and user.[[is_admin||admin]] %}yes{% endif %}\n",
        "page.html:3:23", "there is no field 'is_admin'"),
    "field_in_a_set": Mistake(
        "{% set nick =\n   user.[[nick||name]] %}\n{{ nick }}\n",
        "page.html:2:8", "there is no field 'nick'"),
    "field_of_what_was_set": Mistake(
        "{% set home = user.address %}\n{{ home.[[zip||street]] }}\n", "page.html:2:8", "there is no field 'zip'"),
    "field_in_a_with": Mistake(
        "{% with home = user.address %}\n{{ home.[[zip||street]] }}{% endwith %}\n", "page.html:2:8",
        "there is no field 'zip'"),
    "field_in_a_loops_filter": Mistake(
        "{% for user in users if user.[[active||admin]] %}{{ user.name }}{% endfor %}\n", "page.html:1:29",
        "there is no field 'active'"),
    "field_in_a_conditional_expression": Mistake(
        "{{ user.name if open else\nuser.[[nick||email]] }}\n", "page.html:2:5", "there is no field 'nick'"),
    "field_in_an_inner_loop": Mistake(
        "{% for user in users %}\n{% for tag in user.[[labels||tags]] %}{{ tag }}{% endfor %}{% endfor %}\n",
        "page.html:2:19", "there is no field 'labels'"),
    "field_of_the_context": Mistake(
        "<p>\n  {% for user in user.[[friends||tags]] %}{% endfor %}\n", "page.html:2:22", "there is no field 'friends'"),
    "field_in_a_recursive_loop": Mistake(
        "{% for part in parts recursive %}\n{{ part.[[nmae||name]] }}{{ loop(part.parts) }}{% endfor %}\n", "page.html:2:8",
        "there is no field 'nmae'"),
    "field_in_a_recursive_call": Mistake(
        "{% for part in parts if part.name recursive %}\n<p>{{ loop(part.[[prats||parts]]) }}</p>{% endfor %}\n",
        "page.html:2:16", "there is no field 'prats'"),
    "field_in_the_body_of_a_call": Mistake(
        "{% macro box() %}{{ caller() }}{% endmacro %}{% call box() %}\n{{ user.[[nmae||name]] }}{% endcall %}\n",
        "page.html:2:8", "there is no field 'nmae'"),
    "field_of_an_item_in_the_body_of_a_call": Mistake(
        "{% macro box() %}{{ caller(1) }}{% endmacro %}{% for user in users %}{% call(x) box() %}\n{{ x }}{{ loop.index }}"
        "{{ user.address.[[zip||street]] }}{% endcall %}{% endfor %}\n",
        "page.html:2:39", "there is no field 'zip'"),
    "field_in_a_macro_that_uses_the_context": Mistake(
        "{% macro row(x) %}\n{{ x }}{{ user.[[nmae||name]] }}{% endmacro %}{{ row(1) }}\n", "page.html:2:15",
        "there is no field 'nmae'"),
    "field_in_the_body_of_a_call_in_a_recursive_loop": Mistake(
        "{% macro box() %}{{ caller() }}{% endmacro %}{% for part in parts recursive %}{% call box() %}\n{{ part.[[nmae||name]] }}"
        "{{ loop(part.parts) }}{% endcall %}{% endfor %}\n", "page.html:2:8", "there is no field 'nmae'"),
    "field_in_the_body_of_a_call_in_a_partial": Mistake(
        "{% include 'row.html' %}\n", "row.html:2:8", "there is no field 'nmae'",
        {"row.html": "{% macro box() %}{{ caller() }}{% endmacro %}{% call box() %}\n{{ user.[[nmae||name]] }}{% endcall %}"}),
    "field_in_a_block_that_super_calls": Mistake(
        "{% extends 'base.html' %}\n{% block title %}{{ super() }}{% endblock %}\n", "base.html:1:28",
        "there is no field 'titel'", {"base.html": "<i>{% block title %}{{ user.[[titel||name]] }}{% endblock %}"}),
    # ── Loops ──────────────────────────────────────────────────────────────────────────────────────────────────────
    "loop_over_a_number": Mistake(
        "<p>\n{% for x in [[count||user.tags]] %}{{ x }}{% endfor %}\n", "page.html:2:13", "cannot be iterated over"),
    "loop_over_a_struct": Mistake(
        "{% for x in [[user||users]] %}{{ x.name }}{% endfor %}\n", "page.html:1:13", "cannot be iterated over"),
    "loop_over_a_bool": Mistake(
        "<p>{% for x in [[user.admin||user.tags]] %}{{ x }}{% endfor %}\n", "page.html:1:20", "cannot be iterated over"),
    "recursive_loop_over_a_number": Mistake(
        "<p>{% for x in [[count||user.tags]] recursive %}{{ x }}{% endfor %}\n", "page.html:1:16",
        "cannot be iterated over"),
    # ── Calls ──────────────────────────────────────────────────────────────────────────────────────────────────────
    "call_of_a_text": Mistake("<p>\n<b>{{ title[[()||]] }}</b>\n", "page.html:2:12", "is no function"),
    "call_of_a_number": Mistake("{{ count[[(1)||]] }}\n", "page.html:1:9", "is no function"),
    "call_of_a_struct": Mistake("{% set x = user[[()||]] %}\n", "page.html:1:16", "is no function"),
    "call_of_a_field": Mistake("<p>{{ user.name[[()||]] }}</p>\n", "page.html:1:16", "the field 'name' is no function"),
    # ── Operators ──────────────────────────────────────────────────────────────────────────────────────────────────
    "text_equals_number": Mistake(
        "{% if title == [[1||'1']] %}{% endif %}\n", "page.html:1:16", "a text is compared with a number"),
    "number_less_than_text": Mistake(
        "<p>\n{{ count < [['10'||10]] }}\n", "page.html:2:12", "a text is compared with a number"),
    "chain_of_comparisons": Mistake(
        "{{ 1 < count < [[title||5]] }}\n", "page.html:1:16", "a text is compared with a number"),
    "text_minus_number": Mistake("<p>{{ [[title||price]] - 1 }}\n", "page.html:1:7", "cannot be computed by -"),
    "text_times_text": Mistake("{{ title * [[user.name||count]] }}\n", "page.html:1:4", r"cannot be computed by \*"),
    "text_plus_number": Mistake("{{ title + [[count||user.name]] }}\n", "page.html:1:4", r"cannot be computed by \+"),
    "struct_plus_number": Mistake("{{ [[user||user.age]] + 1 }}\n", "page.html:1:4", r"cannot be computed by \+"),
    "number_modulo_text": Mistake("{{ count % [[title||2]] }}\n", "page.html:1:4", "cannot be computed by %"),
    "minus_a_text": Mistake("<p>{{ -[[title||count]] }}\n", "page.html:1:7", "cannot be computed by -"),
    # ── What filters and tests take ────────────────────────────────────────────────────────────────────────────────
    "arguments_of_filters": table(
        ("{{ title|truncate([[1, true, '', 4, 5||1, true, '', 4]]) }}", 10,
         r"the filter 'truncate' is given too many arguments; it is truncate\(\[length\], \[killwords\], \[end\], \[leeway\]\)"),
        ("{{ title|replace('a'[[||, 'b']]) }}", 10, r"the filter 'replace' lacks 'new'; it is replace\(old, new, \[count\]\)"),
        ("{{ price|round([[methd||method]]='floor') }}", 10, "the filter 'round' has no argument 'methd'; it is round"),
        ("{{ title|trim('a'[[, chars='b'||]]) }}", 10, "the filter 'trim' is given 'chars' twice"),
        ("{{ title|upper[[(1)||]] }}", 10, r"the filter 'upper' is given too many arguments; it is upper\(\)"),
        ("{% if count %}{{ users|groupby[[||('name')]] }}{% endif %}", 24, "the filter 'groupby' lacks 'attribute'"),
        ("{{ users|map[[||('upper')]]|list }}", 10, "the filter 'map' lacks a filter's name"),
        ("{{ users|map([[atribute||attribute]]='name')|list }}", 23, "the filter 'map' has no argument 'atribute'"),
        ("{{ users|selectattr[[||('admin')]]|list }}", 10, "the filter 'selectattr' lacks 'attribute'"),
        ("{{ '%s %s'|format(count, [[x=1||1]]) }}", 12, "the filter 'format' takes arguments by position or by name"),
        ("{% filter replace('a'[[||, 'b']]) %}text{% endfilter %}", 11, "the filter 'replace' lacks 'new'"),
        ("{% if count is divisibleby[[||(3)]] %}{% endif %}", 13, r"the test 'divisibleby' lacks 'num'; it is divisibleby\(num\)"),
        ("{% if count is odd[[(3)||]] %}{% endif %}", 13, "the test 'odd' is given too many arguments"),
        ("{% set x %}text{% endset %}{{ x|center(width=1[[, fill='x'||]]) }}", 33, "the filter 'center' has no argument 'fill'"),
    ),
    "types_of_filters_arguments": table(
        ("{{ title|truncate([['ten'||10]]) }}", 19, "the filter 'truncate' wants a whole number as 'length'"),
        ("{{ price|round([['a'||1]]) }}", 16, "the filter 'round' wants a whole number as 'precision'"),
        ("{{ price|round(method=[['flor'||'floor']]) }}", 23, "the filter 'round' wants 'common', 'ceil' or 'floor' as 'method'"),
        ("{{ title|truncate(count, end=[[count||title]]) }}", 30, "the filter 'truncate' wants a text as 'end'"),
        ("{{ title|center(width=[[price||count]]) }}", 23, "the filter 'center' wants a whole number as 'width'"),
        ("{{ by_name|dictsort(by=[['values'||'value']]) }}", 24, "the filter 'dictsort' wants 'key' or 'value' as 'by'"),
        ("{{ title|wordwrap([[none||60]]) }}", 19, "the filter 'wordwrap' wants a whole number as 'width'"),
        ("{{ title|urlize([[users||20]]) }}", 17, "the filter 'urlize' wants a whole number as 'trim_url_limit'"),
        ("{% if count is divisibleby([[title||3]]) %}{% endif %}", 28, "the test 'divisibleby' wants a number as 'num'"),
        ("{% if 'a' is in([[count||title]]) %}{% endif %}", 17, "the test 'in' wants what can be iterated over as 'seq'"),
        ("{% if title in [[count||title]] %}{% endif %}", 16, "this cannot contain what is looked for"),
        ("{% if [[count||'a']] not in title %}{% endif %}", 20, "this cannot contain what is looked for"),
    ),
    "what_filters_are_for": table(
        ("{{ [[user.name||user.age]]|round }}", 14, "the filter 'round' is for a number"),
        ("{{ [[user.age||user.name]]|length }}", 13, "the filter 'length' is for what has a length"),
        ("{{ [[user||users]]|count }}", 9, "the filter 'count' is for what has a length"),
        ("{{ [[user.age||user.tags]]|join(', ') }}", 13, "the filter 'join' is for what can be iterated over"),
        ("{{ [[count||title]]|first }}", 10, "the filter 'first' is for what can be iterated over"),
        ("{{ [[user||users]]|list }}", 9, "the filter 'list' is for what can be iterated over"),
        ("{{ [[users||by_name]]|dictsort }}", 10, "the filter 'dictsort' is for a mapping"),
        ("{{ [[title||by_name]]|xmlattr }}", 10, "the filter 'xmlattr' is for a mapping"),
        ("{{ users|sum[[||(attribute='age')]] }}", 10, "the filter 'sum' adds numbers"),
        ("{{ [[count||title]]|indent }}", 10, "the filter 'indent' is for a text"),
        ("{{ [[users||price]]|abs }}", 10, "the filter 'abs' is for a number"),
        ("{% if [[title||count]] is even %}{% endif %}", 13, "the test 'even' is for a number"),
    ),
    "what_a_filter_in_a_macro_is_for": Mistake(
        "{% macro m(x) %}{{ x|length }}{% endmacro %}\n{{ m([[count||title]]) }}\n", "page.html:1:22",
        "the filter 'length' is for what has a length"),
    "attributes_of_items": table(
        ("{{ users|map(attribute='[[nmae||name]]')|join }}", 24, "the items have no field 'nmae'"),
        ("{{ users|map(attribute='address.city.[[zip||code]]')|join }}", 24, "the items have no field 'address.city.zip'"),
        ("{{ users|sort(attribute='name,[[aeg||age]]')|list }}", 25, "the items have no field 'aeg'"),
        ("{{ users|selectattr('[[admn||admin]]')|list }}", 21, "the items have no field 'admn'"),
        ("{{ users|rejectattr('[[aeg||age]]', 'gt', 3)|list }}", 21, "the items have no field 'aeg'"),
        ("{% for a, b in users|groupby('[[adress||address]].city.name') %}{% endfor %}", 30, "the items have no field 'adress.city.name'"),
        ("{{ users|join(', ', '[[nick||name]]') }}", 21, "the items have no field 'nick'"),
        ("{{ users|sum('[[price||age]]') }}", 14, "the items have no field 'price'"),
        ("{{ (users|max(attribute='[[price||age]]')).name }}", 25, "the items have no field 'price'"),
        ("{{ users|unique(attribute='[[nick||name]]')|list }}", 27, "the items have no field 'nick'"),
    ),
    # ── Variables that nobody has ──────────────────────────────────────────────────────────────────────────────────
    "variables": table(
        ("{{ [[usres||users]]|length }}", 4, "there is no variable 'usres'"),
        ("{% for user in [[usres||users]] %}{{ user.name }}{% endfor %}", 16, "there is no variable 'usres'"),
        ("{% if open %}{% elif [[cuont||count]] %}{% endif %}", 22, "there is no variable 'cuont'"),
        ("{{ [[stie||site]] }} {{ request.path }} {{ range(3) }} {{ csrf_field() }}", 4, "there is no variable 'stie'"),
        ("{{ [[urlfor||url_for]]('x') }}", 4, "there is no variable 'urlfor'"),
        ("{% set a = count %}{% set b = [[aa||a]] %}{{ b }}", 31, "there is no variable 'aa'"),
        ("{{ title if [[titel||title]] else site }}", 13, "there is no variable 'titel'"),
        ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m([[titel||title]]) }}", 43, "there is no variable 'titel'"),
        ("{{ [[loop.index||loop|default('')]] }}", 4, "there is no variable 'loop'"),
        options=["--globals", "site,user_name"],
    ),
    "variable_without_globals_of_ones_own": Mistake(
        "<p>\n{{ [[site||title]] }} {{ htmx.is_htmx }}\n", "page.html:2:4", "there is no variable 'site'",
        options=["--globals", ""]),
    "variable_in_a_macro": Mistake(
        "{% macro row(x) %}{{ x }}\n{{ [[usr||user]].name }}{{ later }}{% endmacro %}{% set later = 1 %}{{ row(1) }}\n",
        "page.html:2:4", "there is no variable 'usr'", options=["--globals", ""]),
    "variable_in_an_included_partial": Mistake(
        "{% set size = 3 %}{% for user in users %}{% with mark = '+' %}{% include 'row.html' %}{% endwith %}{{ loop.last }}{% endfor %}\n",
        "row.html:2:20", "there is no variable 'usr'",
        {"row.html": "{{ user.name }}{{ mark }}{{ size }}{{ loop.index }}\n{{ note|d('') }}{{ [[usr||user]].name }}\n"},
        options=["--globals", ""]),
    "variable_in_a_partial_in_a_partial": Mistake(
        "{% for user in users %}{% include 'row.html' %}{% endfor %}\n", "name.html:1:8", "there is no variable 'usr'",
        {"row.html": "{% set x = 1 %}{% include 'name.html' %}", "name.html": "{{x}}{{[[usr||user]].name }}{{ title }}"},
        options=["--globals", ""]),
    "variable_in_a_block_of_a_child": Mistake(
        "{% extends 'base.html' %}\n{% set own = 1 %}{% block body %}{{ own }}{{ base }}{{ [[thing||title]] }}{% endblock %}\n",
        "page.html:2:56", "there is no variable 'thing'", {"base.html": "{% set base = 1 %}" + BASE}, options=["--globals", ""]),
    "variable_in_a_parent": Mistake(
        "{% extends 'base.html' %}\n{% set own = 1 %}{% block body %}{{ title }}{% endblock %}\n",
        "base.html:1:15", "there is no variable 'owm'", {"base.html": "<i>{{ own }}{{[[owm||own]] }}" + BASE},
        options=["--globals", ""]),
    "variable_of_a_loop_in_a_block_that_is_not_scoped": Mistake(
        "{% for item in users %}{% block row[[|| scoped]] %}\n{{ item.name }}{% endblock %}{% endfor %}\n", "page.html:2:4",
        "there is no variable 'item'", options=["--globals", ""]),
    "variable_of_a_parent_that_only_the_rendering_knows": Mistake(
        "{% extends [['base.html'||title]] %}{% block body %}\n{{ thing }}{% endblock %}\n", "page.html:2:4",
        "there is no variable 'thing'", {"base.html": BASE}, options=["--globals", ""]),
    "filter_that_nobody_has": Mistake(
        "<p>\n{{ title|money }}{{ title|[[uper||upper]] }}\n", "page.html:2:27", "TemplateAssertionError: No filter named 'uper'.",
        generator=True, options=["--filters", "money,even_day"]),
    "test_that_nobody_has": Mistake(
        "{{ title is even_day }}\n{{ count is [[evn||even]] }}\n", "page.html:2:10", "TemplateAssertionError: No test named 'evn'.",
        generator=True, options=["--filters", "money,even_day"]),
    # ── What the generator finds ───────────────────────────────────────────────────────────────────────────────────
    "context_without_a_template": Mistake(
        "{{ title }}\n", "context.hpp:12", "there is no template pgae.html in ", context="pgae.html", generator=True),
    "syntax_error": Mistake(
        "<p>\n{% if open [[}||%}{% endif %}]]\n", "page.html:2:12", "TemplateSyntaxError: unexpected '}'", generator=True),
    "block_that_is_not_closed": Mistake(
        "{% block a %}\n{{ title }}[[||{% endblock %}]]\n", "page.html:2:12",
        "TemplateSyntaxError: Unexpected end of template", generator=True),
}


def compile_case(mistake, wrong, arguments, sources_directory):
    """The status and messages of `hxx compile-templates` and the compiler."""
    hxx, compiler = arguments
    with tempfile.TemporaryDirectory() as temporary:
        root = pathlib.Path(temporary)
        (root / "templates").mkdir()
        for template, text in mistake.of(wrong).items():
            (root / "templates" / template).write_text(text)
        (root / "context.hpp").write_text(CONTEXT.replace("TEMPLATE", mistake.context if wrong else "page.html"))
        generated = subprocess.run(
            [hxx, "compile-templates", root / "templates", "--output", root / "out", "--contexts", root / "context.hpp",
             *mistake.options],
            text=True, capture_output=True, check=False)
        if generated.returncode != 0:
            return generated.returncode, generated.stderr
        command = [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror",
                   f"-I{sources_directory}", f"-I{root / 'out'}", root / "out" / "t_page_dhtml.cpp"]
        compiled = subprocess.run(command, text=True, capture_output=True, check=False,
                                  env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
        return compiled.returncode, compiled.stderr


def check(name, arguments, sources_directory, show=False):
    mistake = MISTAKES[name]
    status, messages = compile_case(mistake, True, arguments, sources_directory)
    lines = messages.splitlines()
    if show:
        print("\n".join(lines[:14]))
    if status == 0:
        return f"{name}: is not refused"
    place = "/" + re.escape(mistake.place) + ":"
    if mistake.generator:
        wanted = rf"{place} {mistake.what}"
        return None if lines and re.search(wanted, lines[0]) else f"{name}: {wanted} is wanted first in:\n{messages}"
    # How g++ came there is above its message.
    first = [line for line in lines if not re.search(
        r"^In file included from|^ +from |In (instantiation|substitution) of|required (from|by)|: note: in instantiation", line)][:4]
    wanted = rf"{place} error: .*{mistake.what}"
    if any(re.search(wanted, line) for line in first):
        return None if not mistake.rows else check_rows(name, mistake.rows, lines)
    return f"{name}: {wanted} is wanted in the first lines of:\n" + "\n".join(lines[:20])


def check_rows(name, rows, lines):
    """Is each of them said, and nothing else?"""
    # What is set at the top is looked at twice: for the page, and for a block of it alone.
    errors = sorted({line for line in lines if re.search(r"\berror: ", line)})
    missing = [f"{place}: {what}" for place, what in rows
               if not any(re.search(rf"/{place}: error: .*{what}", line) for line in errors)]
    if not missing and len(errors) == len(rows):
        return None
    return f"{name}: {len(rows)} errors are wanted, not {len(errors)}; these are missing:\n" + "\n".join(missing + ["in:"] + errors)


def main():
    if sys.argv[1:] == ["--list"]:
        print(";".join([*MISTAKES, "right"]), end="")
        return 0
    name, *arguments, sources_directory = [argument for argument in sys.argv[1:] if argument != "--print"]
    wrong = []
    if name == "right":
        for each, mistake in MISTAKES.items():
            status, messages = compile_case(mistake, False, arguments, sources_directory)
            if status != 0:
                wrong.append(f"{each}, mended, is refused:\n{messages[:3000]}")
    else:
        wrong = [check(each, arguments, sources_directory, "--print" in sys.argv)
                 for each in (MISTAKES if name == "all" else [name])]
    wrong = [message for message in wrong if message]
    for message in wrong:
        print(message)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
