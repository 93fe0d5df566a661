"""Law 6, its static half: migrations are numbered, one after the other, with one head, and know nothing of tracker."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.structure.reading import House, Module, last_word, none_of

Build = Callable[[dict[str, str]], House]

NUMBERED = re.compile(r"^migrations/versions/(\d{4})_[a-z0-9_]+\.py$")


def misnumbered(house: House) -> list[str]:
    """Files not named 0001_….py one after the other from 0001, each number once."""
    found = [module.at(1, "not named NNNN_what.py") for module in house.migrations if not NUMBERED.match(module.path)]
    numbers = [int(match[1]) for module in house.migrations if (match := NUMBERED.match(module.path))]
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(f"migrations/versions: numbers {numbers} are not 1, 2, 3…")
    return found


def broken_chain(house: House) -> list[str]:
    """A migration that is not built on the one numbered before it: two heads, or none."""
    found = []
    before: object = None
    for module in house.migrations:
        words = _constants(module)
        if words.get("down_revision", "absent") != before:
            found.append(module.at(1, f"down_revision is {words.get('down_revision')!r}, not {before!r}"))
        number = module.path.split("/")[-1][:4]
        if not str(words.get("revision", "")).startswith(number):
            found.append(module.at(1, f"revision {words.get('revision')!r} does not bear its number {number}"))
        before = words.get("revision")
    return found


def _constants(module: Module) -> dict[str, object]:
    """The values written at the head of a migration; a list of parents stays as it is, and differs."""
    found: dict[str, object] = {}
    for node in module.tree.body:
        target = getattr(node, "target", None) or next(iter(getattr(node, "targets", [])), None)
        if last_word(target) in {"revision", "down_revision"}:
            value = getattr(node, "value", None)
            found[last_word(target)] = getattr(value, "value", value)
    return found


def migrations_that_import_tracker(house: House) -> list[str]:
    return [
        module.at(line, f"a migration imports {base}: it would change when the house does")
        for module in house.migrations
        for line, base, _ in module.imports
        if base.split(".")[0] in {"tracker", "config", "tests"}
    ]


LAWS = (misnumbered, broken_chain, migrations_that_import_tracker)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_migrations_are_one_numbered_line(law: Callable[[House], list[str]], house: House) -> None:
    none_of(law(house))


def test_the_house_has_migrations(house: House) -> None:
    assert house.migrations, "migrations/versions/ holds no migration"


FIRST = 'revision = "0001"\ndown_revision = None\n'
SECOND = 'revision: str = "0002"\ndown_revision: str | None = "0001"\n'


@pytest.mark.parametrize(
    ("law", "files", "words"),
    [
        (misnumbered, {"0001_first.py": FIRST, "add_column.py": SECOND}, "not named NNNN"),
        (misnumbered, {"0001_first.py": FIRST, "0003_third.py": SECOND}, "[1, 3]"),
        (misnumbered, {"0001_first.py": FIRST, "0001_other.py": SECOND}, "[1, 1]"),
        (broken_chain, {"0001_first.py": FIRST, "0002_b.py": SECOND.replace('"0001"', "None")}, "None, not '0001'"),
        (
            broken_chain,
            {"0001_first.py": FIRST, "0002_b.py": SECOND.replace('"0001"', "('0001', 'a')")},
            "not '0001'",
        ),
        (broken_chain, {"0001_first.py": FIRST.replace('"0001"', '"a5f0"')}, "does not bear its number 0001"),
        (migrations_that_import_tracker, {"0001_a.py": FIRST + "from tracker.hours import models\n"}, "tracker.hours"),
        (migrations_that_import_tracker, {"0001_a.py": FIRST + "import tracker\n"}, "imports tracker"),
    ],
)
def test_a_migration_out_of_line_is_seen(
    law: Callable[[House], list[str]], files: dict[str, str], words: str, house_of: Build
) -> None:
    (breach,) = law(house_of({f"migrations/versions/{name}": text for name, text in files.items()}))
    assert words in breach


def test_a_numbered_line_is_let_through(house_of: Build) -> None:
    built = house_of({"migrations/versions/0001_first.py": FIRST, "migrations/versions/0002_second.py": SECOND})
    assert [breach for law in LAWS for breach in law(built)] == []
