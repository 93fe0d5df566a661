"""The sizes of the house: limits, not aims. A good reason beats a number: it is written in the table below."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from tests.structure.reading import FUNCTIONS, House, Module, docstring_of, is_view, none_of

Build = Callable[[dict[str, str]], House]
Function = ast.FunctionDef | ast.AsyncFunctionDef

FUNCTION_LINES = 40
VIEW_LINES = 25
FILE_LINES = 300
TEMPLATE_LINES = 100
DEPTH = 3

# « path » or « path::function » → why it may be longer. An exception that is no longer needed fails too.
EXCEPTIONS: dict[str, str] = {}

NESTING = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def long_files(house: House) -> dict[str, str]:
    """Python, CSS and JavaScript files, and templates, over their limit."""
    found = {}
    for path in house.files:
        limit = _limit_of(path)
        lines = house.text(path).count("\n") if limit else 0
        if limit and lines > limit:
            found[path] = f"{path}: {lines} lines, {limit} at most"
    return found


def _limit_of(path: str) -> int:
    """0 for what is not measured: tests, migrations, data, prose."""
    if path.startswith("templates/"):
        return TEMPLATE_LINES
    is_measured = path.startswith(("tracker/", "static/")) or "/" not in path
    return FILE_LINES if is_measured and path.endswith((".py", ".css", ".js")) else 0


def long_functions(house: House) -> dict[str, str]:
    """Functions over 40 lines, views over 25; decorators and docstrings are not counted."""
    found = {}
    for module in house.modules:
        for function in module.functions():
            limit = VIEW_LINES if is_view(function) else FUNCTION_LINES
            lines = _lines_of(function)
            if lines > limit:
                found[f"{module.path}::{function.name}"] = module.at(
                    function, f"{function.name}() has {lines} lines, {limit} at most"
                )
    return found


def _lines_of(function: Function) -> int:
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    said = docstring_of(function)
    return lines - ((said.end_lineno or said.lineno) - said.lineno + 1 if said else 0)


def deep_functions(house: House) -> dict[str, str]:
    """Functions with more than three statements one inside the other."""
    return {
        f"{module.path}::{function.name}": module.at(function, f"{function.name}() nests {depth} deep")
        for module in house.modules
        for function in module.functions()
        if (depth := _depth(function)) > DEPTH
    }


def _depth(node: ast.AST) -> int:
    """How deep statements nest; « elif » stays at its « if », an inner function is measured by itself."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTIONS):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        deepest = max(deepest, _depth(child) + (isinstance(child, NESTING) and not is_elif))
    return deepest


LAWS = (long_files, long_functions, deep_functions)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_nothing_outgrows_its_size(law: Callable[[House], dict[str, str]], house: House) -> None:
    none_of([breach for place, breach in law(house).items() if place not in EXCEPTIONS])


def test_each_exception_has_a_reason_and_is_still_needed(house: House) -> None:
    needed = {place for law in LAWS for place in law(house)}
    assert set(EXCEPTIONS) <= needed
    assert all(len(reason.split()) > 3 for reason in EXCEPTIONS.values())


def test_the_limits_are_those_of_the_house() -> None:
    assert (FUNCTION_LINES, VIEW_LINES, FILE_LINES, TEMPLATE_LINES, DEPTH) == (40, 25, 300, 100, 3)


def _function(lines: int, decorator: str = "") -> str:
    return f"{decorator}def a():\n    '''Says\n\n    three lines.'''\n" + "    b = 1\n" * (lines - 1)


@pytest.mark.parametrize(
    ("law", "path", "text", "words"),
    [
        (long_files, "tracker/hours/rules.py", "a = 1\n" * 301, "301 lines, 300 at most"),
        (long_files, "static/css/base.css", "\n" * 301, "301 lines, 300 at most"),
        (long_files, "templates/hours/a.html", "<p>\n" * 101, "101 lines, 100 at most"),
        (long_functions, "tracker/hours/rules.py", _function(41), "a() has 41 lines, 40 at most"),
        (long_functions, "tracker/hours/views.py", _function(26, "@b.get('/')\n"), "a() has 26 lines, 25 at most"),
        (
            deep_functions,
            "tracker/hours/rules.py",
            "def a():\n for b in c:\n  if b:\n   with d:\n    try:\n     pass\n    finally:\n     pass\n",
            "nests 4 deep",
        ),
    ],
)
def test_what_outgrows_its_size_is_seen(
    law: Callable[[House], dict[str, str]], path: str, text: str, words: str, house_of: Build
) -> None:
    (breach,) = law(house_of({path: text})).values()
    assert breach.startswith(path)
    assert words in breach


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tracker/hours/rules.py", "a = 1\n" * 300),
        ("templates/hours/a.html", "<p>\n" * 100),
        ("tracker/hours/rules.py", _function(40)),
        ("tracker/hours/views.py", _function(25, "@b.get('/')\n@allowed(Act.SEE)\n")),
        (
            "tracker/hours/rules.py",
            "def a():\n for b in c:\n  if b:\n   if d:\n    e\n   elif f:\n    g\n   elif h:\n    i\n",
        ),
        ("migrations/versions/0001_a.py", "a = 1\n" * 400),
        ("tests/hours/test_rules.py", "a = 1\n" * 400),
        ("static/vendor/axe.js", "a = 1\n" * 400),
    ],
)
def test_what_fits_is_let_through(path: str, text: str, house_of: Build) -> None:
    built = house_of({path: text})
    assert [breach for law in LAWS for breach in law(built).values()] == []


def test_two_functions_of_one_name_in_one_file_are_both_measured(house_of: Build) -> None:
    module = Module("tracker/hours/rules.py", _function(41) + "class B:\n    def a(self): ...\n")
    assert [_lines_of(function) for function in module.functions()] == [41, 1]
    assert len(long_functions(house_of({module.path: module.text}))) == 1
