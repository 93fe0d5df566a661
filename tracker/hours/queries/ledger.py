"""The ledger of counted hours: sums by clause, month, placement and year; and why hours count or not."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, case, func, select

from tracker.accounts.queries import Viewer, within
from tracker.accounts.rules import IN_CHARGE
from tracker.contracts.models import Clause
from tracker.contracts.queries.clauses import visible_clauses
from tracker.hours.models import HoursLine, LedgerEntry
from tracker.hours.queries.months import is_one_of
from tracker.hours.rules.counting import ReasonJson
from tracker.participants.models import EligibilityDecision
from tracker.participants.rules.decisions import RsaStatus
from tracker.placements.models import Placement
from tracker.placements.rules import Means
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month
from tracker.vocabulary.hours import ZERO, total

HEADLINE = tuple(status for status in RsaStatus if status.is_headline)


def counted_by_month(clause_ids: Collection[int]) -> dict[int, dict[Month, Decimal]]:
    """Hours counted on each clause by month of work, as the ledger has them; {} for a clause without any."""
    found: dict[int, dict[Month, Decimal]] = {clause_id: {} for clause_id in clause_ids}
    rows = db.session.execute(
        select(LedgerEntry.clause_id, LedgerEntry.month, func.sum(LedgerEntry.hours))
        .where(is_one_of(LedgerEntry.clause_id, found))
        .group_by(LedgerEntry.clause_id, LedgerEntry.month)
        .order_by(LedgerEntry.month)
    )
    for clause_id, month, hours in rows:
        if clause_id is not None:
            found[clause_id][month] = hours
    return found


def counted_by_placement(placement_ids: Collection[int]) -> dict[int, Decimal]:
    """Hours counted of each placement, 0.00 for one without any."""
    found = dict.fromkeys(placement_ids, ZERO)
    rows = db.session.execute(
        select(HoursLine.placement_id, func.sum(LedgerEntry.hours))
        .join(LedgerEntry, LedgerEntry.line_id == HoursLine.id)
        .where(is_one_of(HoursLine.placement_id, found))
        .group_by(HoursLine.placement_id)
    )
    return found | {placement_id: hours for placement_id, hours in rows}  # noqa: C416 - dict() takes no rows


def training_counted(clause_id: int) -> Decimal:
    """Training hours already counted on a clause, against its cap."""
    counted = db.session.scalar(
        select(func.sum(LedgerEntry.hours))
        .join(HoursLine, HoursLine.id == LedgerEntry.line_id)
        .join(HoursLine.placement)
        .where(LedgerEntry.clause_id == clause_id, Placement.means == Means.TRAINING)
    )
    return counted or ZERO


@dataclass(frozen=True)
class Counted:
    """What of a line counts, and every reason, also those that hold."""

    hours: Decimal
    reasons: tuple[ReasonJson, ...]

    @property
    def against(self) -> tuple[ReasonJson, ...]:
        """Why some hours, or all, do not count; the uniqueness of an hour is no reproach when nothing was declared."""
        return tuple(reason for reason in self.reasons if not reason["holds"])


NOTHING_COUNTED = Counted(ZERO, ())


def why(line_id: int) -> Counted:
    """What of a line counts, and why: the reasons of its entries in the ledger, none before it is accepted."""
    return reasons_of([line_id])[line_id]


def reasons_of(line_ids: Collection[int]) -> dict[int, Counted]:
    """What of each line counts, and why, in one statement."""
    entries: dict[int, list[LedgerEntry]] = {line_id: [] for line_id in line_ids}
    for entry in db.session.scalars(
        select(LedgerEntry).where(is_one_of(LedgerEntry.line_id, entries)).order_by(LedgerEntry.id)
    ):
        entries[entry.line_id].append(entry)
    return {
        line_id: Counted(total(one.hours for one in its), tuple(reason for one in its for reason in one.reasons))  # type: ignore[misc]  # JSON as the ledger wrote it
        for line_id, its in entries.items()
    }


@dataclass(frozen=True)
class YearTotals:
    """A civil year of counted hours in a viewer's scope; `rsa` is None for who may not read totals by category."""

    year: int
    counted: Decimal
    participants: int
    rsa: Decimal | None = None

    @property
    def rsa_share(self) -> Decimal | None:
        """Hours of RSA recipients and partners ÷ counted hours; None when unknown or when nothing is counted."""
        return self.rsa / self.counted if self.rsa is not None and self.counted else None


def counted_of_year(year: int, viewer: Viewer) -> YearTotals:
    """Hours counted for work of that year, people with at least one counted hour, RSA headline; in one statement.

    The status is the one frozen by the decision each hour rests on. Those in charge alone read a category
    (`domain.md` §11).
    """
    months = LedgerEntry.month.between(Month(year, 1), Month(year, 12))
    person = (
        select(
            LedgerEntry.participant_id,
            func.sum(LedgerEntry.hours).label("hours"),
            func.sum(case((EligibilityDecision.rsa_status.in_(HEADLINE), LedgerEntry.hours), else_=ZERO)).label("rsa"),
        )
        .outerjoin(EligibilityDecision, EligibilityDecision.id == LedgerEntry.decision_id)
        .where(months, _in_scope(viewer))
        .group_by(LedgerEntry.participant_id)
        .subquery()
    )
    counted, rsa, people = db.session.execute(
        select(func.sum(person.c.hours), func.sum(person.c.rsa), func.count().filter(person.c.hours > 0))
    ).one()
    may_read = viewer.role in IN_CHARGE
    return YearTotals(year, counted or ZERO, people, (rsa or ZERO) if may_read else None)


def _in_scope(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.sees_everything:
        return within(viewer.subject, clause=LedgerEntry.clause_id)
    return LedgerEntry.clause_id.in_(visible_clauses(viewer).with_only_columns(Clause.id))
