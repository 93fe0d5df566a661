"""Law 4: every view names its act below its address, and one table says who may."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from tests.structure.reading import House, Module, is_route, is_view, last_word, none_of

Build = Callable[[dict[str, str]], House]
View = ast.FunctionDef | ast.AsyncFunctionDef


def acts(house: House) -> set[str]:
    """The names of the enum `Act`, read in accounts' rules."""
    return {
        word.id
        for module in _grants_files(house)
        for node in module.nodes
        if isinstance(node, ast.ClassDef) and node.name == "Act"
        for assign in node.body
        if isinstance(assign, ast.Assign)
        for word in assign.targets
        if isinstance(word, ast.Name)
    }


def granted(house: House) -> dict[str, list[str]]:
    """The acts written in `GRANTS` (its keys) and in `ANYONE`, each table as a list, so that a doublet shows."""
    tables: dict[str, list[str]] = {"GRANTS": [], "ANYONE": []}
    for module in _grants_files(house):
        for name, value in _assigned(module):
            if name == "GRANTS":
                keys = [key for node in ast.walk(value) if isinstance(node, ast.Dict) for key in node.keys]
                tables[name] += [last_word(key) for key in keys]
            elif name == "ANYONE":
                tables[name] += [_act_of(node) for node in ast.walk(value) if _act_of(node)]
    return tables


def _grants_files(house: House) -> list[Module]:
    return [module for module in house.in_room("accounts") if module.floor == "rules"]


def _assigned(module: Module) -> list[tuple[str, ast.expr]]:
    found = []
    for node in module.tree.body:
        if isinstance(node, ast.AnnAssign) and node.value:
            found.append((last_word(node.target), node.value))
        elif isinstance(node, ast.Assign):
            found += [(last_word(target), node.value) for target in node.targets]
    return found


def _act_of(node: ast.AST | None) -> str:
    """`SIGN_IN` of `Act.SIGN_IN` or `rules.Act.SIGN_IN`; empty otherwise."""
    is_act = isinstance(node, ast.Attribute) and last_word(node.value) == "Act"
    return node.attr if is_act and isinstance(node, ast.Attribute) else ""


def acts_without_a_verdict(house: House) -> list[str]:
    """Acts missing from the tables, twice in them, or in them without existing."""
    known, tables = acts(house), granted(house)
    written = [*tables["GRANTS"], *tables["ANYONE"]]
    return [
        *(f"Act.{act} stands neither in GRANTS nor in ANYONE" for act in sorted(known - set(written))),
        *(f"Act.{act} is granted twice" for act in sorted({act for act in written if written.count(act) > 1})),
        *(f"Act.{act} is granted, and does not exist" for act in sorted(set(written) - known)),
    ]


def open_views(house: House) -> list[str]:
    """Views that do not name an existing act with `@allowed(Act.…)` below all their addresses."""
    verdicts = {act for table in granted(house).values() for act in table}
    return [
        module.at(view, f"{view.name}(): {wrong}")
        for module in house.modules
        for view in module.functions()
        if is_view(view)
        for wrong in _wrong_door(view, verdicts)
    ]


def _wrong_door(view: View, verdicts: set[str]) -> list[str]:
    doors = [(rank, node) for rank, node in enumerate(view.decorator_list) if _is_allowed(node)]
    if not doors:
        return ["no @allowed(Act.…)"]
    if len(doors) > 1:
        return ["two @allowed: one view, one act"]
    rank, door = doors[0]
    if any(is_route(node) for node in view.decorator_list[rank:]):
        return ["@allowed stands above the address, where Flask never meets it"]
    named = [_act_of(argument) for argument in getattr(door, "args", [])]
    if not named or not all(named):
        return ["@allowed names no Act.… written out"]
    return [f"Act.{act} has no verdict in GRANTS" for act in named if act not in verdicts]


def _is_allowed(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and last_word(node.func) == "allowed"


def back_doors(house: House) -> list[str]:
    """Addresses opened elsewhere than on a view of a views floor."""
    found = []
    for module in house.modules:
        called = [call for call in module.calls() if last_word(call.func) == "add_url_rule"]
        found += [module.at(call, "add_url_rule opens an address beside the doors") for call in called]
        if module.floor != "views":
            views = [view for view in module.functions() if is_view(view)]
            found += [module.at(view, f"{view.name}() is a view outside a views floor") for view in views]
    return found


def test_every_act_has_one_verdict(house: House) -> None:
    assert acts(house), "tracker/accounts/rules.py has no class Act"
    none_of(acts_without_a_verdict(house))


def test_every_view_names_its_act(house: House) -> None:
    none_of(open_views(house))


def test_no_address_opens_beside_the_doors(house: House) -> None:
    none_of(back_doors(house))


GRANTS = """
class Act(StrEnum):
    SEE = "see"
    SIGN_IN = "sign_in"
ANYONE = frozenset({Act.SIGN_IN})
GRANTS: dict[Act, frozenset[Role]] = {Act.SEE: frozenset(Role)}
"""


@pytest.mark.parametrize(
    ("decorators", "words"),
    [
        ("@pages.get('/a')", "no @allowed"),
        ("@pages.route('/a', methods=['POST'])\n@login_required", "no @allowed"),
        ("@allowed(Act.SEE)\n@pages.get('/a')", "above the address"),
        ("@pages.get('/a')\n@allowed(Act.SEE)\n@pages.post('/a')", "above the address"),
        ("@pages.get('/a')\n@allowed", "no @allowed"),
        ("@pages.get('/a')\n@allowed()", "no Act"),
        ("@pages.get('/a')\n@allowed('see')", "no Act"),
        ("@pages.get('/a')\n@allowed(Act.FLY)", "Act.FLY has no verdict"),
        ("@pages.get('/a')\n@allowed(Act.SEE)\n@allowed(Act.SIGN_IN)", "two @allowed"),
    ],
)
def test_a_view_without_its_door_is_seen(decorators: str, words: str, house_of: Build) -> None:
    built = house_of({"tracker/accounts/rules.py": GRANTS, "tracker/hours/views.py": f"{decorators}\ndef a(): ...\n"})
    (breach,) = open_views(built)
    assert breach.startswith("tracker/hours/views.py:")
    assert words in breach


@pytest.mark.parametrize(
    "decorators",
    [
        "@pages.get('/a')\n@allowed(Act.SEE)",
        "@pages.get('/a')\n@pages.post('/b')\n@allowed(Act.SIGN_IN)\n@cached",
        "@pages.route('/a', methods=['GET', 'POST'])\n@doors.allowed(rules.Act.SEE)",
        "@property",
    ],
)
def test_a_view_behind_its_door_is_let_through(decorators: str, house_of: Build) -> None:
    built = house_of({"tracker/accounts/rules.py": GRANTS, "tracker/hours/views.py": f"{decorators}\ndef a(): ...\n"})
    assert open_views(built) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("ANYONE = frozenset({Act.SIGN_IN})", "", "Act.SIGN_IN stands neither"),
        ("{Act.SIGN_IN}", "{Act.SIGN_IN, Act.SEE}", "Act.SEE is granted twice"),
        ("{Act.SEE:", "{Act.FLY: EVERY, Act.SEE:", "Act.FLY is granted, and does not exist"),
    ],
)
def test_an_act_without_a_verdict_is_seen(old: str, new: str, words: str, house_of: Build) -> None:
    (breach,) = acts_without_a_verdict(house_of({"tracker/accounts/rules.py": GRANTS.replace(old, new)}))
    assert words in breach


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tracker/app.py", "@app.route('/health')\ndef health(): ...\n"),
        ("tracker/plumbing/web.py", "@app.get('/health')\ndef health(): ...\n"),
        ("tracker/hours/doors.py", "@pages.get('/a')\n@allowed(Act.SEE)\ndef a(): ...\n"),
        ("tracker/hours/views.py", "pages.add_url_rule('/a', view_func=a)\n"),
    ],
)
def test_a_back_door_is_seen(path: str, text: str, house_of: Build) -> None:
    (breach,) = back_doors(house_of({path: text}))
    assert breach.startswith(f"{path}:")
