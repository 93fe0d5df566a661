"""Law 1: rooms and floors import in order; no import hides in a function; the import knot is 0."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from tests.structure.reading import FLOORS, FREE_ROOMS, House, Module, none_of
from tracker import ROOMS

Build = Callable[[dict[str, str]], House]

# The two files that know every room, and who may know them.
ABOVE_ALL = {"tracker.app": {"wsgi", "tracker.commands"}, "tracker.commands": {"wsgi", "tracker.app"}}


def _is_above_all(name: str) -> bool:
    return name in ABOVE_ALL or name.startswith("tracker.commands.")


def refused_files(house: House) -> list[str]:
    """Files Python cannot read; the other laws see them as empty."""
    return [module.refused for module in (*house.modules, *house.migrations) if module.refused]


def strangers(house: House) -> list[str]:
    """Files of tracker/ that are no room, or that are no floor of their room."""
    found = []
    for module in house.modules:
        if module.room and module.room not in ROOMS:
            found.append(module.at(1, f"« {module.room} » is not in tracker.ROOMS"))
        elif module.floor and module.floor not in FLOORS:
            found.append(module.at(1, f"« {module.floor} » is not a floor ({' '.join(FLOORS)})"))
        elif module.name.startswith("tracker.") and not module.room and not _is_above_all(module.name):
            found.append(module.at(1, "only app.py and commands.py stand outside the rooms"))
    return found


def halls_that_import(house: House) -> list[str]:
    """A room's __init__ that imports: the room's rules could then no longer be imported alone."""
    halls = [module for module in house.modules if module.is_package and module.name.count(".") <= 1]
    return [
        module.at(line, "a room's __init__ only says what the room is; it imports nothing")
        for module in halls
        for line, base, _ in module.imports
        if base != "__future__"
    ]


def late_rooms(house: House) -> list[str]:
    """Imports of a room written later in ROOMS, or of the factory."""
    found = []
    for module in house.modules:
        for line, target in house.targets(module):
            wrong = _wrong_room(module, target)
            if wrong:
                found.append(module.at(line, wrong))
    return found


def _wrong_room(module: Module, target: str) -> str:
    steps = target.split(".")
    if steps[0] != "tracker" or len(steps) == 1:
        return ""
    if f"tracker.{steps[1]}" in ABOVE_ALL:
        allowed = module.name in ABOVE_ALL[f"tracker.{steps[1]}"] or module.name.startswith("tracker.commands.")
        return "" if allowed else f"imports {target}, which knows every room"
    if module.room not in ROOMS:
        return ""
    if steps[1] not in ROOMS:
        return f"imports {target}, which is no room"
    is_later = ROOMS.index(steps[1]) > ROOMS.index(module.room)
    return f"room « {module.room} » imports the later room « {steps[1]} »" if is_later else ""


def late_floors(house: House) -> list[str]:
    """Inside a room, imports of a floor to the right."""
    found = []
    for module in house.modules:
        for line, target in house.targets(module):
            floor = _floor_in(module.room, target)
            if floor in FLOORS and module.floor in FLOORS and FLOORS.index(floor) > FLOORS.index(module.floor):
                found.append(module.at(line, f"floor « {module.floor} » imports the later floor « {floor} »"))
    return found


def _floor_in(room: str | None, target: str) -> str:
    steps = target.split(".")
    is_here = room not in FREE_ROOMS and steps[:2] == ["tracker", room] and len(steps) > 2
    return steps[2] if is_here else ""


def hidden_imports(house: House) -> list[str]:
    """Imports written inside a function, or made by name at run time."""
    found = []
    for module in house.modules:
        for function in module.functions():
            inside = (node for node in ast.walk(function) if isinstance(node, (ast.Import, ast.ImportFrom)))
            found += [module.at(node, f"an import hides in {function.name}()") for node in inside]
        called = (call for call in module.calls() if ast.unparse(call.func).split(".")[-1] in HIDDEN_BY_NAME)
        found += [module.at(call, "imports by name at run time") for call in called]
    return sorted(set(found))


HIDDEN_BY_NAME = {"import_module", "__import__"}


def knots(house: House) -> list[str]:
    """The sets of modules that import one another, types included."""
    known = house.module_names
    graph = {
        module.name: {target for _, target in house.targets(module) if target in known and target != module.name}
        for module in house.modules
    }
    return [" ⇄ ".join(sorted(knot)) for knot in _strong_components(graph) if len(knot) > 1]


def _strong_components(graph: dict[str, set[str]]) -> list[list[str]]:
    """Tarjan's components, the house being shallow enough for a recursion."""
    rank: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_now: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        rank[name] = lowest[name] = len(rank)
        open_now.append(name)
        for target in sorted(graph[name]):
            if target not in rank:
                visit(target)
            if target in open_now:
                lowest[name] = min(lowest[name], lowest[target])
        if lowest[name] == rank[name]:
            start = open_now.index(name)
            found.append(open_now[start:])
            del open_now[start:]

    for name in sorted(graph):
        if name not in rank:
            visit(name)
    return found


LAWS = (refused_files, strangers, halls_that_import, late_rooms, late_floors, hidden_imports, knots)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_rooms_and_floors_import_in_order(law: Callable[[House], list[str]], house: House) -> None:
    none_of(law(house))


def test_the_reader_sees_the_rooms_that_exist(house: House) -> None:
    assert {module.room for module in house.modules} >= {"vocabulary"}
    assert len(house.modules) > 5


@pytest.mark.parametrize(
    ("law", "path", "text", "words"),
    [
        (refused_files, "tracker/hours/rules.py", "a = = 1", "invalid syntax"),
        (strangers, "tracker/kitchen/rules.py", "", "« kitchen » is not in tracker.ROOMS"),
        (strangers, "tracker/hours/utils.py", "", "« utils » is not a floor"),
        (strangers, "tracker/hours/services/lines.py", "", "« services » is not a floor"),
        (strangers, "tracker/tools.py", "", "outside the rooms"),
        (halls_that_import, "tracker/hours/__init__.py", "from tracker.hours import rules", "imports nothing"),
        (halls_that_import, "tracker/__init__.py", "import flask", "imports nothing"),
        (late_rooms, "tracker/contracts/queries.py", "from tracker.hours import queries", "later room « hours »"),
        (late_rooms, "tracker/contracts/rules.py", "from tracker.hours.rules import Line", "later room « hours »"),
        (late_rooms, "tracker/contracts/rules.py", "from ..hours.rules import Line", "later room « hours »"),
        (late_rooms, "tracker/contracts/rules.py", "from tracker import hours", "later room « hours »"),
        (late_rooms, "tracker/contracts/rules.py", "import tracker.hours.rules", "later room « hours »"),
        (late_rooms, "tracker/plumbing/web.py", "from tracker.accounts import doors", "later room « accounts »"),
        (late_rooms, "tracker/vocabulary/dates.py", "from tracker.plumbing import clock", "later room « plumbing »"),
        (late_rooms, "tracker/desk/views.py", "from tracker.app import create_app", "knows every room"),
        (late_floors, "tracker/hours/rules.py", "from tracker.hours import models", "later floor « models »"),
        (late_floors, "tracker/hours/queries.py", "from tracker.hours.actions import a", "later floor « actions »"),
        (late_floors, "tracker/hours/queries/lines.py", "from ..views.lines import a", "later floor « views »"),
        (late_floors, "tracker/hours/forms.py", "from . import doors", "later floor « doors »"),
        (hidden_imports, "tracker/hours/rules.py", "def a():\n    import re\n", "hides in a()"),
        (hidden_imports, "wsgi.py", "def a():\n    from re import match\n", "hides in a()"),
        (hidden_imports, "tracker/app.py", "from importlib import import_module\nimport_module('re')", "by name"),
    ],
)
def test_a_breach_of_order_is_seen(
    law: Callable[[House], list[str]], path: str, text: str, words: str, house_of: Build
) -> None:
    (breach,) = law(house_of({path: text}))
    assert breach.startswith(f"{path}:")
    assert words in breach


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tracker/hours/views.py", "from tracker.contracts.doors import clause_or_404"),
        ("tracker/hours/queries.py", "from tracker.hours import models, rules"),
        ("tracker/hours/queries.py", "from tracker.contracts import views"),
        ("tracker/app.py", "from tracker.desk import views\nfrom tracker import commands"),
        ("tracker/plumbing/forms.py", "from tracker.plumbing import web\nfrom tracker.vocabulary import words"),
        ("wsgi.py", "from tracker.app import create_app"),
    ],
)
def test_what_the_order_allows_is_let_through(path: str, text: str, house_of: Build) -> None:
    built = house_of({path: text})
    assert [breach for law in LAWS for breach in law(built)] == []


def test_a_knot_is_seen_even_through_types_only(house_of: Build) -> None:
    built = house_of(
        {
            "tracker/hours/rules/__init__.py": "",
            "tracker/hours/rules/lines.py": "from tracker.hours.rules import sums\n",
            "tracker/hours/rules/sums.py": "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from tracker.hours.rules.lines import Line\n",
        }
    )
    assert knots(built) == ["tracker.hours.rules.lines ⇄ tracker.hours.rules.sums"]


def test_a_long_ring_is_one_knot_and_a_line_is_none(house_of: Build) -> None:
    ring = {
        f"tracker/hours/rules/{name}.py": f"from tracker.hours.rules import {to}" for name, to in ("ab", "bc", "ca")
    }
    line = {"tracker/hours/queries/d.py": "from tracker.hours.rules import a", "tracker/hours/rules/__init__.py": ""}
    assert len(knots(house_of({**ring, **line}))) == 1
