"""The list of contracts: searched, filtered, ordered, cut in pages, and exported whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, extract, func, select
from sqlalchemy.orm import aliased, contains_eager

from tracker.accounts.models import Organisation
from tracker.accounts.queries import Viewer
from tracker.contracts.models import Contract, ContractParty
from tracker.contracts.queries.contracts import HOLDING, holders_of, visible_contracts
from tracker.plumbing.database import db
from tracker.plumbing.lists import Asked, Listing, Order, Page, matches, page_of

EXPORT_CHUNK = 500
Options = list[tuple[str, str]]

ANNOUNCED = Contract.has_social_clause.is_(True)
WITH_OR_WITHOUT: dict[str, tuple[str, ColumnElement[bool]]] = {
    "avec": ("Clause enregistrée", Contract.bears_clause.is_(True)),
    "sans": ("Sans clause enregistrée", ~Contract.bears_clause),
    "annoncee": ("Clause publiée, à enregistrer", ANNOUNCED & ~Contract.bears_clause),
}
TO_REVIEW: dict[str, tuple[str, ColumnElement[bool]]] = {
    "doute": ("Doublon possible", Contract.doubt != ""),
    "montant": ("Montant aberrant", Contract.amount_text != ""),
    "date": ("Notification à compléter", Contract.notified_on.is_(None)),
}
CONTRACTS = Listing(
    filters=("acheteur", "annee", "clause", "revoir"),
    orders=(
        Order("recent", "Les plus récents", (Contract.notified_on.desc().nulls_last(), Contract.id.desc())),
        Order("ancien", "Les plus anciens", (Contract.notified_on.asc().nulls_last(), Contract.id)),
        Order("objet", "Par objet, de A à Z", (Contract.sort_key, Contract.id)),
        Order("montant", "Du plus cher au moins cher", (Contract.amount.desc().nulls_last(), Contract.id)),
        Order("petit-montant", "Du moins cher au plus cher", (Contract.amount.asc().nulls_last(), Contract.id)),
    ),
)


@dataclass(frozen=True)
class ContractRow:
    """A line of the list."""

    contract: Contract
    holders: Sequence[ContractParty]


@dataclass(frozen=True)
class ContractPage:
    """A page of the list, what was understood of the address, and what its filters offer: [(value, label)]."""

    page: Page[ContractRow]
    asked: Asked
    options: Mapping[str, Options]


def contracts_asked(viewer: Viewer, asked: Asked) -> ContractPage:
    """The page of contracts that the viewer asks for, in five statements whatever the number of rows."""
    options = _options(viewer)
    asked = asked.only_known({name: [value for value, _ in choices] for name, choices in options.items()})
    found = page_of(_narrowed(viewer, asked), CONTRACTS, asked)
    holders = holders_of(contract.id for (contract,) in found.rows)
    rows = [ContractRow(contract, holders[contract.id]) for (contract,) in found.rows]
    return ContractPage(replace(found, rows=rows), asked, options)


def _options(viewer: Viewer) -> dict[str, Options]:
    mine = visible_contracts(viewer).subquery()
    buyers = db.session.execute(
        select(Organisation.public_id, Organisation.name)
        .where(Organisation.id.in_(select(mine.c.buyer_id)))
        .order_by(Organisation.sort_key, Organisation.id)
    )
    year = extract("year", mine.c.notified_on)
    years = db.session.scalars(select(year).where(mine.c.notified_on.is_not(None)).distinct().order_by(year.desc()))
    return {
        "acheteur": [(public_id, name) for public_id, name in buyers],
        "annee": [(str(int(one)), str(int(one))) for one in years],
        "clause": [(value, label) for value, (label, _) in WITH_OR_WITHOUT.items()],
        "revoir": [(value, label) for value, (label, _) in TO_REVIEW.items()],
    }


def _narrowed(viewer: Viewer, asked: Asked) -> Select[Any]:
    found = (
        visible_contracts(viewer)
        .join(Contract.buyer)
        .options(contains_eager(Contract.buyer))
        .where(matches(Contract.search_text, asked.query))
    )
    return found.where(*(CONDITIONS[name](value) for name, value in asked.chosen.items()))


def _of_the_year(value: str) -> ColumnElement[bool]:
    # Two bounds rather than a year taken out of each date: the index serves.
    return Contract.notified_on.between(date(int(value), 1, 1), date(int(value), 12, 31))


def _one_of(table: Mapping[str, tuple[str, ColumnElement[bool]]]) -> Callable[[str], ColumnElement[bool]]:
    return lambda value: table[value][1]


# The values were checked against the options before: nothing else is asked here.
CONDITIONS: dict[str, Callable[[str], ColumnElement[bool]]] = {
    "acheteur": lambda value: Organisation.public_id == value,
    "annee": _of_the_year,
    "clause": _one_of(WITH_OR_WITHOUT),
    "revoir": _one_of(TO_REVIEW),
}


def contracts_to_export(viewer: Viewer, asked: Asked) -> Iterator[Sequence[Any]]:
    """Every contract asked for, on however many pages, in order: the columns of the spreadsheet, read as they go.

    number, lot, object, buyer, buyer's identifier, holders, holders' identifiers, notified, published, starts, months,
    amount, amount as published, CPV, place, has a clause, published clause, doubt, remarks.
    """
    asked = asked.only_known({name: [value for value, _ in choices] for name, choices in _options(viewer).items()})
    narrowed = _narrowed(viewer, asked).order_by(*CONTRACTS.order_of(asked).columns)
    shown = narrowed.with_only_columns(
        *(Contract.number, Contract.lot, Contract.object, Organisation.name, Organisation.identifier),
        *(_of_holders(Organisation.name), _of_holders(Organisation.identifier)),
        *(Contract.notified_on, Contract.published_on, Contract.starts_on, Contract.duration_months),
        *(Contract.amount, Contract.amount_text, Contract.cpv, Contract.place_code),
        *(Contract.bears_clause, Contract.has_social_clause, Contract.doubt, Contract.remarks),
        maintain_column_froms=True,
    )
    rows = db.session.execute(shown.options(), execution_options={"yield_per": EXPORT_CHUNK})
    yield from (_exported(row) for row in rows)


def _of_holders(column: Any) -> ColumnElement[str]:
    holder = aliased(Organisation)
    return (
        select(func.string_agg(getattr(holder, column.key), ", "))
        .join(ContractParty, ContractParty.organisation_id == holder.id)
        .where(ContractParty.contract_id == Contract.id, ContractParty.capacity.in_(HOLDING))
        .scalar_subquery()
    )


def _exported(row: Iterable[Any]) -> Sequence[Any]:
    *values, has_clause, is_published, doubt, remarks = row
    published = {True: "oui", False: "non", None: ""}[is_published]
    said = ", ".join(remark["text"] for remark in remarks)
    return *values, "oui" if has_clause else "non", published, doubt, said
