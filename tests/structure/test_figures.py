"""Law 5: a figure of law is an `InForce` with its sources, and is written once."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

import pytest

from tests.structure.reading import House, Module, last_word, none_of

Build = Callable[[dict[str, str]], House]

# Figures that nobody writes by chance: SMIC, monthly hours of a full time, its yearly hours.
UNMISTAKABLE = {Decimal("12.02"), Decimal("151.67"), Decimal("1607")}
ROUND = 100


def in_force(module: Module) -> list[ast.Call]:
    return [call for call in module.calls() if last_word(call.func) == "InForce"]


def figures_without_source(house: House) -> list[str]:
    """`InForce` whose values are not each a pair (value, Source), or that has none, or whose name is taken."""
    found = []
    for module in house.modules:
        for call in in_force(module):
            rows = _rows(call)
            if not rows:
                found.append(module.at(call, "this InForce has no dated values written out"))
            found += [module.at(row, "this value has no Source") for row in rows if not _has_source(row, module)]
    return found


def _argument(call: ast.Call, rank: int, name: str) -> ast.expr | None:
    by_name = [keyword.value for keyword in call.keywords if keyword.arg == name]
    return next(iter(by_name), call.args[rank] if len(call.args) > rank else None)


def _rows(call: ast.Call) -> list[ast.expr]:
    values = _argument(call, 2, "values")
    return [row for node in ast.walk(values) if isinstance(node, ast.Dict) for row in node.values] if values else []


def _has_source(row: ast.expr, module: Module) -> bool:
    """The second of the pair is a Source, written there or held by a constant of the house."""
    if not isinstance(row, ast.Tuple) or len(row.elts) != 2:
        return False
    source = row.elts[1]
    if isinstance(source, ast.Call):
        return last_word(source.func) in {"Source", "replace"} | _makers_of_sources(module)
    return last_word(source).isupper()


def _makers_of_sources(module: Module) -> set[str]:
    """Small functions of the file that are said to return a Source."""
    return {function.name for function in module.functions() if last_word(function.returns) == "Source"}


def figures_named_twice(house: House) -> list[str]:
    """Two `InForce` of one French name: two truths."""
    names = Counter(
        str(name.value)
        for module in house.modules
        for call in in_force(module)
        if isinstance(name := _argument(call, 0, "name"), ast.Constant)
    )
    return [f"« {name} » is defined {count} times" for name, count in names.items() if count > 1]


def bare_figures(house: House) -> list[str]:
    """A figure of law written a second time; or once, but not as a constant of the rules or of the vocabulary."""
    in_law = {
        figure
        for module in house.modules
        for call in in_force(module)
        for row in _rows(call)
        for _, figure in _numbers(row.elts[0] if isinstance(row, ast.Tuple) and row.elts else row)
        if _is_unmistakable(figure)
    }
    written = [
        (module, node, figure)
        for module in house.modules
        for node, figure in _numbers_outside(module)
        if figure in in_law | UNMISTAKABLE
    ]
    times = Counter(figure for _, _, figure in written)
    return [
        module.at(node, f"{figure} is a figure of law: write it once, ask its InForce")
        for module, node, figure in written
        if figure in in_law or times[figure] > 1 or not _is_constant(module, node)
    ]


def _is_constant(module: Module, node: ast.AST) -> bool:
    """Whether it is the whole value of a CONSTANT of a rules file or of the vocabulary."""
    if module.room != "vocabulary" and module.floor != "rules":
        return False
    assigned = [statement for statement in module.tree.body if isinstance(statement, (ast.Assign, ast.AnnAssign))]
    return any(statement.value is node for statement in assigned)


def _is_unmistakable(figure: Decimal) -> bool:
    """With decimals, or long and not round: 48, 60 or 1 000 may mean anything."""
    return figure != int(figure) or (abs(figure) > ROUND and figure % ROUND != 0)


def _numbers(tree: ast.AST) -> Iterator[tuple[ast.AST, Decimal]]:
    """Numbers written out: 1607, 151.67, and Decimal("151.67")."""
    for node in ast.walk(tree):
        figure = _number(node)
        if figure is not None:
            yield node, figure


def _number(node: ast.AST) -> Decimal | None:
    in_decimal = isinstance(node, ast.Call) and last_word(node.func) == "Decimal" and bool(node.args)
    written = node.args[0] if isinstance(node, ast.Call) and in_decimal else node
    value = written.value if isinstance(written, ast.Constant) else None
    if value is None or isinstance(value, bool) or (isinstance(value, str) and not in_decimal):
        return None
    try:
        figure = Decimal(str(value))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() else None


def _numbers_outside(module: Module) -> list[tuple[ast.AST, Decimal]]:
    inside = {id(node) for call in in_force(module) for node in ast.walk(call)}
    inside |= {
        id(node.args[0])
        for node in module.nodes
        if isinstance(node, ast.Call) and last_word(node.func) == "Decimal" and node.args
    }
    return [(node, figure) for node, figure in _numbers(module.tree) if id(node) not in inside]


LAWS = (figures_without_source, figures_named_twice, bare_figures)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_figure_of_law_is_written_once_with_its_source(law: Callable[[House], list[str]], house: House) -> None:
    none_of(law(house))


def test_the_house_holds_figures_of_law(house: House) -> None:
    assert any(in_force(module) for module in house.on_floor("rules"))


SMIC = 'SMIC = InForce("SMIC", "€/h", {date(2026, 1, 1): (Decimal("12.02"), DECREE)})\n'


@pytest.mark.parametrize(
    ("law", "text", "words"),
    [
        (figures_without_source, 'A = InForce("a", "h", {})', "no dated values"),
        (figures_without_source, 'A = InForce("a", "h", {date(2026, 1, 1): Decimal(7)})', "no Source"),
        (figures_without_source, 'A = InForce("a", "h", {date(2026, 1, 1): (Decimal(7), None)})', "no Source"),
        (figures_without_source, 'A = InForce("a", "h", {date(2026, 1, 1): (Decimal(7), "L3121-20")})', "no Source"),
        (figures_named_twice, SMIC + SMIC, "« SMIC » is defined 2 times"),
        (bare_figures, 'A = 2 * Decimal("12.02")', "12.02"),
        (bare_figures, "a = months * 151.67", "151.67"),
        (bare_figures, "a = hours / 1607", "1607"),
        (bare_figures, 'A = InForce("a", "h", {d: (Decimal("9.31"), S)})\nB = Decimal("9.31")', ":2: 9.31"),
    ],
)
def test_a_figure_badly_written_is_seen(
    law: Callable[[House], list[str]], text: str, words: str, house_of: Build
) -> None:
    (breach,) = law(house_of({"tracker/hours/rules.py": text}))
    assert words in breach


def test_a_figure_written_in_two_rooms_is_seen_in_both(house_of: Build) -> None:
    once = 'MONTH = Decimal("151.67")\n'
    built = house_of({"tracker/hours/rules.py": once, "tracker/statements/rules.py": once})
    assert len(bare_figures(built)) == 2


@pytest.mark.parametrize(
    "text",
    [
        SMIC,
        'MONTH = Decimal("151.67")',
        'A = InForce(name="a", unit="h", values={date(2026, 1, 1): (48, Source("L3121-20"))})\nB = 48',
        'A = InForce("a", "h", {date(2026, 1, 1): (1000, rules.DECREE)})\nB = 1000',
    ],
)
def test_a_figure_well_written_is_let_through(text: str, house_of: Build) -> None:
    built = house_of({"tracker/hours/rules.py": text})
    assert [breach for law in LAWS for breach in law(built)] == []
