"""What a visitor reads on a page: forms as a browser sends them, links, tables. Standard library only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

Attributes = dict[str, str | None]
TICKED = frozenset({"checkbox", "radio"})


@dataclass
class Form:
    """A form: `sent` is what a browser sends of it untouched, `names` all that may be filled in."""

    id: str
    sent: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def keys(self, prefix: str) -> list[str]:
        """What follows the prefix in the names that begin with it, once each, in their order."""
        return list(dict.fromkeys(name.removeprefix(prefix) for name in self.names if name.startswith(prefix)))


class Page(HTMLParser):
    """A page read once."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self._form: Form | None = None
        self._select: str = ""
        self._textarea: str = ""
        self._cell = False
        self.feed(html)

    def form(self, name: str) -> Form | None:
        """The form of that id, or None."""
        return next((form for form in self.forms if form.id == name), None)

    def main_form(self) -> Form:
        """The form that a page of one question holds: the last with a submission key."""
        return [form for form in self.forms if "submission_key" in form.sent][-1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._form = Form(found.get("id") or "")
            self.forms.append(self._form)
        elif tag == "a":
            self.links.append(found.get("href") or "")
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._cell = True
        elif self._form is not None:
            self._take_field(tag, found, self._form)

    handle_startendtag = handle_starttag

    def _take_field(self, tag: str, found: Attributes, form: Form) -> None:
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "option" and self._select and ("selected" in found or self._select not in form.sent):
            form.sent[self._select] = value
        if not name or tag == "button":
            return
        form.names.append(name)
        if tag == "input" and (found.get("type") not in TICKED or "checked" in found):
            form.sent[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea, form.sent[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form is not None:
            self._form.sent[self._textarea] += data
        if self._cell:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data}".strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
        elif tag in ("td", "th"):
            self._cell = False


MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def month_named(html: str) -> str:
    """The month of a declaration's title, « Déclaration de mars 2026 », as « 2026-03 »."""
    found = re.search(r"Déclaration (?:de |d’)(\w+)\s(\d{4})", unescape(html))
    return f"{found[2]}-{MONTHS.index(found[1]) + 1:02}" if found else ""


def typed(hours: str) -> str:
    """Hours as somebody types them: « 120.50 » → « 120,50 »."""
    return hours.replace(".", ",")


def read_hours(text: str) -> str:
    """Hours as a page shows them, « 1 234,50 h », as the book writes them; empty for a cell that holds none."""
    found = re.search(r"[\d\s]*\d,\d\d", text)
    return re.sub(r"\s", "", found[0]).replace(",", ".") if found else ""
