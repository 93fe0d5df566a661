"""A year's figures from the kept summaries, beside PostgreSQL and DuckDB on the very lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import func, select, text

from tests.bench.rows import Row, compared, milliseconds, raced
from tracker.accounts.models import Organisation
from tracker.accounts.queries import Viewer
from tracker.accounts.rules import OrganisationKind, Role
from tracker.contracts.models import Clause, Contract
from tracker.hours.queries.years import Scope, counted_of_year, year_breakdowns
from tracker.plumbing.database import db

RUNS = 5
EXPORT = """
    COPY (
        SELECT e.month, e.participant_id, e.hours, d.rsa_status, d.main_category, (d.frozen ->> 'age')::int,
            d.frozen ->> 'level', d.frozen ->> 'commune', person.sex, p.contract_type, p.means, p.employer_id,
            clause.structure_id, contract.buyer_id, clause.lever
        FROM ledger_entry e
        JOIN hours_line l ON l.id = e.line_id JOIN placement p ON p.id = l.placement_id
        JOIN participant person ON person.id = e.participant_id
        JOIN clause ON clause.id = e.clause_id JOIN contract ON contract.id = clause.contract_id
        LEFT JOIN eligibility_decision d ON d.id = e.decision_id
    ) TO STDOUT (FORMAT csv)
"""
LINE = """
    CREATE TABLE line (
        month DATE, participant_id INT, hours DECIMAL(9,2), rsa TEXT, category TEXT, age INT, level TEXT, commune TEXT,
        sex TEXT, contract_type TEXT, means TEXT, employer_id INT, structure_id INT, buyer_id INT, lever TEXT
    )
"""
AGE = "CASE WHEN age < 26 THEN 0 WHEN age < 41 THEN 1 WHEN age < 51 THEN 2 ELSE 3 END"
DIMENSIONS = (
    AGE,
    "rsa",
    "category",
    "level",
    "commune",
    "sex",
    "contract_type",
    "means",
    "employer_id",
    "structure_id",
)
DIMENSIONS += ("buyer_id", "lever")
SETS = ", ".join(f"({one})" for one in ("", *DIMENSIONS))
BY_DUCKDB = f"""
    SELECT {", ".join(DIMENSIONS)}, sum(hours), count(DISTINCT participant_id) FILTER (WHERE hours > 0)
    FROM line WHERE month BETWEEN ? AND ? AND {{}} GROUP BY GROUPING SETS ({SETS})
"""
ON_LINES = """
    SELECT sum(e.hours), sum(e.hours) FILTER (WHERE d.rsa_status IN ('recipient', 'partner')),
        count(DISTINCT e.participant_id) FILTER (WHERE e.hours > 0)
    FROM ledger_entry e JOIN clause ON clause.id = e.clause_id JOIN contract ON contract.id = clause.contract_id
    LEFT JOIN eligibility_decision d ON d.id = e.decision_id
    WHERE e.month BETWEEN :first AND :last AND {}
"""


@dataclass(frozen=True)
class Place:
    """Whose year: its name, who reads it, and the same condition on lines."""

    name: str
    viewer: Viewer
    condition: str


def year_rows(scale: str, year: int, folder: Path) -> Iterator[Row]:
    """The desk's year and the whole year in its breakdowns, for the nation, a structure and a buyer."""
    with duckdb.connect() as lines:
        _copy_lines(lines, folder / "lines.csv")
        for place in _places():
            yield from _rows_of(lines, f"{place.name}, {scale}", year, place)


def _copy_lines(lines: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Every entry of the ledger with what a year is told by."""
    raw: Any = db.engine.raw_connection()
    with raw.cursor() as cursor, cursor.copy(EXPORT) as pieces, path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    raw.close()
    lines.execute(LINE)
    lines.execute(f"COPY line FROM '{path}' (FORMAT csv)")
    path.unlink()


def _places() -> list[Place]:
    structure = _fullest(Clause.structure_id)
    buyer = _fullest(Contract.buyer_id)
    return [
        Place("everywhere", _viewer(Role.ADMINISTRATOR, structure), "true"),
        Place("a structure", _viewer(Role.FACILITATOR, structure), f"structure_id = {structure}"),
        Place("a buyer", _viewer(Role.OFFICER, buyer), f"buyer_id = {buyer}"),
    ]


def _fullest(owner: Any) -> int:
    """The one with most clauses."""
    found = select(owner).select_from(Clause).join(Clause.contract).group_by(owner).order_by(func.count().desc(), owner)
    return db.session.scalars(found.limit(1)).one()


def _viewer(role: Role, organisation_id: int) -> Viewer:
    kind = db.session.get_one(Organisation, organisation_id).kind
    return Viewer(1, "Claire Morvan", 1, organisation_id, "Organisme", OrganisationKind(kind), role)


def _rows_of(lines: duckdb.DuckDBPyConnection, what: str, year: int, place: Place) -> Iterator[Row]:
    bounds = (date(year, 1, 1), date(year, 12, 1))
    on_lines = text(ON_LINES.format(place.condition))
    asked = {"first": bounds[0], "last": bounds[1]}
    desk, full, recount, by_duckdb = raced(
        [
            lambda: counted_of_year(year, place.viewer),
            lambda: year_breakdowns(year, Scope(place.viewer)),
            lambda: db.session.execute(on_lines, asked).all(),
            lambda: lines.execute(BY_DUCKDB.format(place.condition), bounds).fetchall(),
        ],
        RUNS,
        warm=1,
    )
    breakdowns = len(Scope(place.viewer).dimensions)
    yield compared(f"a year on the desk, {what}", desk, recount, milliseconds, "peer: PostgreSQL on the lines")
    yield compared(
        f"a year in {breakdowns} breakdowns, {what}", full, by_duckdb, milliseconds, "peer: DuckDB on the lines"
    )
