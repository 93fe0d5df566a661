"""Law 2: rules and vocabulary are pure; the clock is asked in one file, in Python alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from tests.structure.reading import House, Module, dotted, none_of

Build = Callable[[dict[str, str]], House]

PURE = {
    "__future__",
    "abc",
    "base64",
    "bisect",
    "calendar",
    "collections",
    "collections.abc",
    "contextlib",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "itertools",
    "json",
    "math",
    "numbers",
    "operator",
    "re",
    "statistics",
    "string",
    "textwrap",
    "types",
    "typing",
    "unicodedata",
    "urllib.parse",
}
# Outside the standard library: identifiers are judged by the library that knows them.
PURE_LIBRARIES = ("stdnum",)
# What a file that reads outside formats may never reach, even through others.
DATABASE_OR_WEB = {"flask", "sqlalchemy", "psycopg", "flask_sqlalchemy", "procrastinate"}
THE_CLOCK = "tracker/plumbing/clock.py"
CLOCKS = {
    "datetime.date.today",
    "datetime.datetime.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
SQL_CLOCKS = {"now", "current_date", "current_timestamp", "localtimestamp", "clock_timestamp", "statement_timestamp"}
SQL_CLOCK_TEXT = re.compile(r"\b(now\(\)|current_date\b|current_timestamp\b|clock_timestamp\(\))", re.IGNORECASE)


def impure_rules(house: House) -> list[str]:
    """Imports of rules and vocabulary that are neither the short list, nor vocabulary, nor rules."""
    pure_ones = [*house.on_floor("rules"), *house.in_room("vocabulary")]
    return [
        module.at(line, f"a pure file imports {target}")
        for module in pure_ones
        for line, target in house.targets(module)
        if not _is_pure(target)
    ]


def _is_pure(target: str) -> bool:
    steps = target.split(".")
    if steps[0] == "tracker":
        return len(steps) > 1 and (steps[1] == "vocabulary" or steps[2:3] == ["rules"])
    return target in PURE or steps[0] in PURE_LIBRARIES


def exchanges_that_reach_the_database(house: House) -> list[str]:
    """Exchange files from which the database or the web can be reached, by whatever road."""
    by_name = {module.name: module for module in house.modules}
    return [
        module.at(1, f"reads an outside format, yet reaches {' → '.join(road)}")
        for module in house.on_floor("exchange")
        for road in [_road_to_machinery(house, by_name, module)]
        if road
    ]


def _road_to_machinery(house: House, by_name: dict[str, Module], start: Module) -> list[str]:
    roads = [[start.name]]
    seen = {start.name}
    while roads:
        road = roads.pop()
        for _, target in house.targets(by_name[road[-1]]):
            if target.split(".")[0] in DATABASE_OR_WEB:
                return [*road[1:], target]
            if target in by_name and target not in seen:
                seen.add(target)
                roads.append([*road, target])
    return []


def clocks(house: House) -> list[str]:
    """Every place that asks the time elsewhere than in the one file that may."""
    asked = (module for module in house.modules if module.path != THE_CLOCK)
    return [breach for module in asked for breach in [*_python_clocks(module), *_sql_clocks(module)]]


def _python_clocks(module: Module) -> Iterator[str]:
    called = {word or base: f"{base}.{word}" if word else base for _, base, word in module.imports}
    called |= _renamed(module)
    for node in module.nodes:
        chain = dotted(node) if isinstance(node, (ast.Attribute, ast.Name)) else ""
        first, _, rest = chain.partition(".")
        meant = ".".join(filter(None, [called.get(first, first), rest]))
        if meant in CLOCKS:
            yield module.at(node, f"asks {meant}; only {THE_CLOCK} does")


def _renamed(module: Module) -> dict[str, str]:
    renamed: dict[str, str] = {}
    for node in module.nodes:
        if isinstance(node, ast.Import):
            renamed |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            renamed |= {alias.asname: f"{node.module}.{alias.name}" for alias in node.names if alias.asname}
    return renamed


def _sql_clocks(module: Module) -> Iterator[str]:
    """The machinery (queue, ticks) may compare with the database's clock; a room may not."""
    if module.room == "plumbing":
        return
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and dotted(node.value) in {"func", "db.func"} and node.attr in SQL_CLOCKS:
            yield module.at(node, f"asks the database's clock (func.{node.attr})")
    for node, text in module.strings:
        if SQL_CLOCK_TEXT.search(text):
            yield module.at(node, "asks the database's clock in SQL")


def floats_in_rules(house: House) -> list[str]:
    """Hours and money are Decimal: a literal float, or float(), in rules, models or actions."""
    counted = [*house.on_floor("rules", "models", "actions"), *house.in_room("vocabulary")]
    return [
        module.at(node, "a float where hours and money are Decimal")
        for module in counted
        for node in module.nodes
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and dotted(node.func) == "float")
    ]


LAWS = (impure_rules, exchanges_that_reach_the_database, clocks, floats_in_rules)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_rules_are_pure_and_the_clock_is_one(law: Callable[[House], list[str]], house: House) -> None:
    none_of(law(house))


@pytest.mark.parametrize(
    ("law", "path", "text", "words"),
    [
        (impure_rules, "tracker/hours/rules.py", "import random", "imports random"),
        (impure_rules, "tracker/hours/rules.py", "import os.path", "imports os.path"),
        (impure_rules, "tracker/hours/rules.py", "from time import time", "imports time"),
        (impure_rules, "tracker/hours/rules.py", "from flask import g", "imports flask"),
        (impure_rules, "tracker/hours/rules/sums.py", "from sqlalchemy import Numeric", "imports sqlalchemy"),
        (impure_rules, "tracker/hours/rules.py", "from tracker.plumbing import clock", "tracker.plumbing"),
        (impure_rules, "tracker/hours/rules.py", "from tracker.contracts.queries import a", "contracts.queries"),
        (impure_rules, "tracker/hours/rules.py", "from tracker.contracts import exchange", "contracts.exchange"),
        (impure_rules, "tracker/vocabulary/dates.py", "import holidays", "imports holidays"),
        (clocks, "tracker/hours/rules.py", "from datetime import date\ndate.today()", "datetime.date.today"),
        (clocks, "tracker/hours/models.py", "from datetime import datetime\na = datetime.now", "datetime.now"),
        (clocks, "tracker/hours/models.py", "import datetime as dt\ndt.datetime.now(dt.UTC)", "datetime.now"),
        (clocks, "tracker/plumbing/queue.py", "import time\ntime.time()", "time.time"),
        (clocks, "tracker/plumbing/queue.py", "from time import time as a\na()", "time.time"),
        (clocks, "tracker/hours/models.py", "from sqlalchemy import func\nfunc.now()", "func.now"),
        (clocks, "tracker/hours/queries.py", "a = 'WHERE due_on < CURRENT_DATE'", "clock in SQL"),
        (floats_in_rules, "tracker/hours/rules.py", "A = 0.1", "a float"),
        (floats_in_rules, "tracker/hours/rules.py", "a = float('1')", "a float"),
    ],
)
def test_a_breach_of_purity_is_seen(
    law: Callable[[House], list[str]], path: str, text: str, words: str, house_of: Build
) -> None:
    (breach,) = law(house_of({path: text}))
    assert breach.startswith(f"{path}:")
    assert words in breach


def test_an_exchange_that_reaches_the_database_through_another_file_is_seen(house_of: Build) -> None:
    built = house_of(
        {
            "tracker/contracts/exchange.py": "from tracker.plumbing import sheets\n",
            "tracker/plumbing/sheets.py": "from tracker.plumbing import database\n",
            "tracker/plumbing/database.py": "import sqlalchemy\n",
        }
    )
    (breach,) = exchanges_that_reach_the_database(built)
    assert "tracker.plumbing.sheets → tracker.plumbing.database → sqlalchemy" in breach


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tracker/hours/rules.py", "from stdnum.fr import siret\nfrom tracker.contracts.rules import Lever"),
        ("tracker/hours/rules.py", "from datetime import date\ndef f(day: date): return day.today"),
        ("tracker/hours/views.py", "from tracker.plumbing import clock\nclock.today()\nclock.now()"),
        ("tracker/plumbing/clock.py", "from datetime import datetime\ndatetime.now()"),
        ("tracker/hours/actions.py", "import time\ntime.monotonic()"),
        ("tracker/contracts/exchange.py", "import ijson"),
    ],
)
def test_what_purity_allows_is_let_through(path: str, text: str, house_of: Build) -> None:
    built = house_of({path: text})
    assert [breach for law in LAWS for breach in law(built)] == []
