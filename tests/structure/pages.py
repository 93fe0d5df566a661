"""How the structural tests read the templates: what Jinja prints, apart from what it computes."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property, lru_cache

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, meta, nodes

from tests.structure.reading import House, Module

# Stands for whatever an expression prints.
PRINTED = "\ufffc"
TEMPLATE_NAME = re.compile(r"^[\w*.-]+(/[\w*.-]+)*\.(html|txt|svg|xml)$")


@dataclass(frozen=True)
class Template:
    """One template: its name as Flask knows it, its source, and its tree."""

    name: str
    source: str

    @cached_property
    def tree(self) -> nodes.Template:
        """Its tree; empty when Jinja refuses it, which `refused` then says."""
        return self._parsed[0]

    @property
    def refused(self) -> str:
        """Why Jinja refuses the template; empty when it does not."""
        return self._parsed[1]

    @cached_property
    def _parsed(self) -> tuple[nodes.Template, str]:
        try:
            return READER.parse(self.source, name=self.name), ""
        except TemplateSyntaxError as error:
            return READER.parse(""), self.at(error.lineno, str(error.message))

    @cached_property
    def _pieces(self) -> tuple[str, list[int], list[int]]:
        pieces, starts, lines, length = [], [], [], 0
        for line, kind, value in [] if self.refused else READER.lex(self.source, name=self.name):
            piece = {"data": value, "variable_begin": PRINTED}.get(kind, "")
            if piece:
                pieces.append(piece)
                starts.append(length)
                lines.append(line)
                length += len(piece)
        return "".join(pieces), starts, lines

    @property
    def printed(self) -> str:
        """The markup as written, each expression being one sign and each block of logic none."""
        return self._pieces[0]

    def line_of(self, offset: int) -> int:
        """The line, in the source, of a place in `printed`."""
        text, starts, lines = self._pieces
        rank = bisect_right(starts, offset) - 1
        return lines[rank] + text.count("\n", starts[rank], offset) if rank >= 0 else 1

    def at(self, line: int, wrong: str) -> str:
        return f"templates/{self.name}:{line}: {wrong}"

    def at_offset(self, offset: int, wrong: str) -> str:
        return self.at(self.line_of(offset), wrong)

    @cached_property
    def referenced(self) -> frozenset[str | None]:
        """The templates it extends, includes or imports; None stands for one computed at run time."""
        return frozenset(meta.find_referenced_templates(self.tree))

    @cached_property
    def macros(self) -> dict[str, nodes.Macro]:
        return {macro.name: macro for macro in self.tree.find_all(nodes.Macro)}

    @cached_property
    def imported_words(self) -> dict[str, tuple[str, str]]:
        """Local name → (template, macro), from `{% from "…" import a, b as c %}`."""
        found = {}
        for node in self.tree.find_all(nodes.FromImport):
            for name in node.names:
                word, local = name if isinstance(name, tuple) else (name, name)
                found[local] = (getattr(node.template, "value", ""), word)
        return found

    @cached_property
    def imported_files(self) -> dict[str, str]:
        """Local name → template, from `{% import "…" as forms %}`."""
        return {node.target: getattr(node.template, "value", "") for node in self.tree.find_all(nodes.Import)}

    def used_macros(self) -> set[tuple[str, str]]:
        """(template, macro) of every macro used here, its own ones when another part of the file uses them."""
        used = set()
        for name in self.tree.find_all(nodes.Name):
            if name.ctx == "load" and name.name in self.imported_words:
                used.add(self.imported_words[name.name])
        for part in self.tree.find_all(nodes.Getattr):
            if isinstance(part.node, nodes.Name) and part.node.name in self.imported_files:
                used.add((self.imported_files[part.node.name], part.attr))
        return used | {(self.name, name) for name in self.macros if self._is_used_at_home(name)}

    def _is_used_at_home(self, macro: str) -> bool:
        inside = {id(name) for name in self.macros[macro].find_all(nodes.Name)}
        names = (name for name in self.tree.find_all(nodes.Name) if name.ctx == "load" and name.name == macro)
        return any(id(name) not in inside for name in names)


def _reader() -> Environment:
    return Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True)


READER = _reader()


@lru_cache(maxsize=4)
def templates_of(house: House) -> tuple[Template, ...]:
    """Every template of the house, in order, each parsed once."""
    return tuple(Template(name, house.text(f"templates/{name}")) for name in house.templates)


def names_rendered(module: Module) -> set[str]:
    """The template names written in a Python file; « * » stands for what an f-string computes."""
    found = {text for _, text in module.strings}
    for node in module.nodes:
        if isinstance(node, ast.JoinedStr):
            found.add("".join(_part(part) for part in node.values))
    return {name for name in found if TEMPLATE_NAME.match(name)}


def _part(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "*"


def reachable(house: House) -> set[str]:
    """The templates rendered by tracker, and those that these extend, include or import."""
    asked = {name for module in house.modules for name in names_rendered(module)}
    by_name = {template.name: template for template in templates_of(house)}
    waiting = [name for name in by_name if any(fnmatch(name, pattern) for pattern in asked)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in seen:
            seen.add(name)
            waiting += [other for other in by_name[name].referenced if other]
    return seen
