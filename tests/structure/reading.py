"""How the structural tests read the house: every file once, as text and as a syntax tree.

A checker takes a `House` and returns its breaches, « path:line: what is wrong ». Each is run twice: on the real house,
where it must find nothing, and on a small house built by the `house_of` fixture, where it must name the breach.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import pytest

from tracker import ROOMS

ROOT = Path(__file__).parents[2]
FLOORS = (
    "rules",
    "exchange",
    "models",
    "queries",
    "actions",
    "documents",
    "forms",
    "doors",
    "views",
    "jobs",
    "commands",
)
# Rooms whose files are named by their subject, not by a floor.
# Packages of tracker/ that are no room: they know every room, and no room knows them.
OUTSIDE = ("commands",)
FREE_ROOMS = ("vocabulary", "plumbing")
NOT_OURS = {".git", ".venv", "instance", "build", "vendor", "node_modules", "__pycache__", "fonts"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
ROUTING = {"route", "get", "post", "put", "patch", "delete"}


@dataclass(frozen=True)
class Module:
    """One Python file of the house; `path` is relative to the root, with forward slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree; empty when Python refuses the file, which `refused` then says."""
        return self._parsed[0]

    @property
    def refused(self) -> str:
        """Why Python refuses the file; empty when it does not."""
        return self._parsed[1]

    @cached_property
    def _parsed(self) -> tuple[ast.Module, str]:
        try:
            return ast.parse(self.text, filename=self.path), ""
        except SyntaxError as error:
            return ast.Module([], []), self.at(error.lineno or 1, error.msg)

    @property
    def is_package(self) -> bool:
        return self.path.endswith("__init__.py")

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def room(self) -> str | None:
        """The room it stands in; None for the factory, the commands and what stands outside tracker/."""
        steps = self.path.split("/")
        is_inside = steps[0] == "tracker" and len(steps) > 2 and steps[1] not in OUTSIDE
        return steps[1] if is_inside else None

    @property
    def floor(self) -> str | None:
        """Its floor, known or not; None in the rooms without floors and for a room's own __init__."""
        steps = self.name.split(".")
        return steps[2] if self.room and self.room not in FREE_ROOMS and len(steps) > 2 else None

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in self.nodes if isinstance(node, FUNCTIONS))

    @cached_property
    def imports(self) -> tuple[tuple[int, str, str], ...]:
        """(line, module, word) of every import, wherever it stands; word is empty for « import module »."""
        found: list[tuple[int, str, str]] = []
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name, "") for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(node.lineno, self._absolute(node), alias.name) for alias in node.names]
        return tuple(found)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        steps = self.name.split(".")
        kept = steps[: len(steps) - node.level + self.is_package]
        return ".".join([*kept, *([node.module] if node.module else [])])

    @cached_property
    def docstrings(self) -> frozenset[int]:
        """The identities of the constants that are docstrings."""
        owners = (node for node in self.nodes if isinstance(node, (ast.Module, ast.ClassDef, *FUNCTIONS)))
        return frozenset(id(first.value) for node in owners if (first := docstring_of(node)))

    @cached_property
    def strings(self) -> tuple[tuple[ast.Constant, str], ...]:
        """(node, value) of every literal text but the docstrings; the parts of an f-string one by one."""
        return tuple(
            (node, node.value)
            for node in self.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in self.docstrings
        )

    def at(self, node: ast.AST | int, wrong: str) -> str:
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return f"{self.path}:{line}: {wrong}"


class House:
    """The files under one root, read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[str, str] = {}

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Every file that is ours, relative to the root, in order."""
        found: list[str] = []
        for folder, inside, names in os.walk(self.root):
            inside[:] = [name for name in inside if name not in NOT_OURS and not name.endswith("_cache")]
            found += [Path(folder, name).relative_to(self.root).as_posix() for name in names]
        return tuple(sorted(found))

    def text(self, path: str) -> str:
        """A file's text, read once."""
        if path not in self._read:
            self._read[path] = (self.root / path).read_text(encoding="utf-8")
        return self._read[path]

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """Every Python file of tracker/, and the entry points beside it."""
        ours = [path for path in self.files if path.endswith(".py")]
        kept = [path for path in ours if path.startswith("tracker/") or "/" not in path]
        return tuple(Module(path, self.text(path)) for path in kept)

    @cached_property
    def migrations(self) -> tuple[Module, ...]:
        kept = [path for path in self.files if path.startswith("migrations/versions/") and path.endswith(".py")]
        return tuple(Module(path, self.text(path)) for path in kept)

    @cached_property
    def templates(self) -> tuple[str, ...]:
        """Template names as Flask knows them: without « templates/ »."""
        return tuple(path.removeprefix("templates/") for path in self.files if path.startswith("templates/"))

    @cached_property
    def module_names(self) -> frozenset[str]:
        return frozenset(module.name for module in self.modules)

    def on_floor(self, *floors: str) -> list[Module]:
        return [module for module in self.modules if module.floor in floors]

    def in_room(self, *rooms: str) -> list[Module]:
        return [module for module in self.modules if module.room in rooms]

    def targets(self, module: Module) -> list[tuple[int, str]]:
        """(line, dotted name) of what it imports: « from tracker.hours import rules » aims at tracker.hours.rules."""
        found = []
        for line, base, word in module.imports:
            longer = f"{base}.{word}"
            found.append((line, longer if word and self._is_module(longer) else base))
        return found

    def _is_module(self, name: str) -> bool:
        steps = name.split(".")
        in_a_room_order = len(steps) == 2 and steps[0] == "tracker" and steps[1] in ROOMS
        in_a_room = len(steps) == 3 and steps[0] == "tracker" and steps[2] in FLOORS
        return name in self.module_names or in_a_room_order or in_a_room


def docstring_of(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> ast.Expr | None:
    """The statement that is its docstring; None when it has none."""
    first = node.body[0] if node.body else None
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
        return None
    return first if isinstance(first.value.value, str) else None


def is_route(decorator: ast.expr) -> bool:
    """Whether a decorator opens an address: @bp.route("…"), @bp.get("…"), @bp.post("…")."""
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in ROUTING
        and bool(decorator.args)
    )


def is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(is_route(decorator) for decorator in function.decorator_list)


def last_word(node: ast.expr | None) -> str:
    """`session` of `db.session`, `commit` of `db.session.commit`, the name of a plain name; empty otherwise."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def dotted(node: ast.expr | None) -> str:
    """`db.session.commit` as text; empty when it is not a chain of names."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


@lru_cache(maxsize=1)
def real_house() -> House:
    return House(ROOT)


def none_of(breaches: list[str]) -> None:
    """Fails with every breach, one a line."""
    if breaches:
        pytest.fail("\n".join([f"{len(breaches)} breach(es):", *breaches]), pytrace=False)
