"""One mechanism for every list: what is asked in the address, searched, filtered, ordered, cut in pages of 50.

A room declares its `Listing` beside its queries; the view reads the address with it, the query narrows and orders, the
page prints the same `Asked` back. An address that makes no sense gives the plain list, never an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Select, func, literal_column, or_, select, true
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.orm import InstrumentedAttribute

from tracker.plumbing.database import db
from tracker.vocabulary.hours import format_number
from tracker.vocabulary.words import plural, search_key

PAGE_LENGTH = 50
LONGEST_QUERY = 200
MOST_WORDS = 12
# An identifier typed in groups (« 812 456 789 00021 ») is searched as one word too.
SHORTEST_IDENTIFIER = 9
Row = TypeVar("Row")


@dataclass(frozen=True)
class Order:
    """One way to sort: the word of the address, what the page calls it, and its columns, the last one unique."""

    key: str
    label: str
    columns: tuple[ColumnExpressionArgument[Any], ...]


@dataclass(frozen=True)
class Listing:
    """What a list can be asked: the words of its filters, and its orders, the first being the usual one."""

    filters: tuple[str, ...]
    orders: tuple[Order, ...]

    def read(self, args: Mapping[str, str]) -> Asked:
        """What the address asks; a filter's value is kept as typed, and refused by `only_known` or by the query."""
        keys = {order.key for order in self.orders}
        chosen = {name: _tidy(args.get(name, "")) for name in self.filters}
        wanted = args.get("tri", "")
        return Asked(
            query=_tidy(args.get("q", "")),
            chosen={name: value for name, value in chosen.items() if value},
            order=wanted if wanted in keys else self.orders[0].key,
            page=page_number(args.get("page", "")),
            usual_order=self.orders[0].key,
        )

    def order_of(self, asked: Asked) -> Order:
        """How the rows are sorted."""
        return next(order for order in self.orders if order.key == asked.order)


@dataclass(frozen=True)
class Asked:
    """What is asked of a list, whatever the way it was typed."""

    query: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    page: int = 1
    usual_order: str = ""

    def only_known(self, options: Mapping[str, Iterable[str]]) -> Asked:
        """The same without the filters whose value is none of these."""
        known = {name: value for name, value in self.chosen.items() if value in set(options.get(name, (value,)))}
        return Asked(self.query, known, self.order, self.page, self.usual_order)

    def get(self, name: str) -> str:
        """The value of a filter, empty when it is not asked."""
        return self.chosen.get(name, "")

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is searched or filtered."""
        return bool(self.query or self.chosen)

    def address(self, **changes: Any) -> dict[str, Any]:
        """The arguments that ask the same again, with changes; what is usual is left out, and the page is the first."""
        order = changes.pop("tri", self.order)
        args = {"q": self.query, **self.chosen, "tri": order if order != self.usual_order else "", **changes}
        return {name: value for name, value in args.items() if value not in ("", None)}


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and where they stand in it."""

    rows: Sequence[Row]
    number: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page, 1 for an empty list."""
        return max(1, -(-self.total // PAGE_LENGTH))

    def said(self, one: str, many: str | None = None) -> str:
        """« 51 à 100 sur 1 618 marchés », « 12 marchés » on a single page, « aucun » left to the page."""
        if self.last == 1:
            return plural(self.total, one, many)
        first = (self.number - 1) * PAGE_LENGTH + 1
        last = first + len(self.rows) - 1
        return f"{format_number(first, 0)} à {format_number(last, 0)} sur {plural(self.total, one, many)}"


def page_of(narrowed: Select[Any], listing: Listing, asked: Asked) -> Page[Any]:
    """The page asked, or the last one when there are fewer; two statements whatever the number of rows.

    Rows come as `narrowed` gives them; what each needs beside is joined there, or asked for the whole page at once.
    """
    total = db.session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
    page: Page[Any] = Page((), 1, total)
    number = min(asked.page, page.last)
    ordered = narrowed.order_by(None).order_by(*listing.order_of(asked).columns)
    rows = db.session.execute(ordered.limit(PAGE_LENGTH).offset((number - 1) * PAGE_LENGTH)).all() if total else ()
    return Page(rows, number, total)


def matches(searched: ColumnElement[str] | InstrumentedAttribute[str], query: str) -> ColumnElement[bool]:
    """Whether every word of the query begins a word of this column, written by `search_key`.

    Needs the index `to_tsvector('simple', column)`. A query without any letter or digit finds everything.
    """
    vector = func.to_tsvector(_simple(), searched)
    ways = [vector.bool_op("@@")(func.to_tsquery(_simple(), words)) for words in _prefixes(query)]
    return or_(*ways) if ways else true()


def _prefixes(query: str) -> list[str]:
    words = search_key(query).split()[:MOST_WORDS]
    ways = [words] if words else []
    joined = "".join(words)
    if len(words) > 1 and joined.isdigit() and len(joined) >= SHORTEST_IDENTIFIER:
        ways.append([joined])
    # Only letters and digits are left: nothing here can be read as an operator.
    return [" & ".join(f"{word}:*" for word in way) for way in ways]


def _simple() -> ColumnElement[Any]:
    # Written out, not bound: the planner must see the expression of the index.
    return literal_column("'simple'", REGCONFIG)


def _tidy(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:LONGEST_QUERY]


def page_number(text: str) -> int:
    """The number of a page as an address says it; the first one when it is none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= 9  # noqa: PLR2004 - no list is longer
    return max(1, int(text)) if is_number else 1
