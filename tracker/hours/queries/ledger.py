"""The ledger of counted hours: sums by clause, month and placement; and why hours count or not."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from tracker.hours.models import HoursLine, LedgerEntry
from tracker.hours.queries.months import is_one_of
from tracker.hours.rules.counting import ReasonJson
from tracker.placements.models import Placement
from tracker.placements.rules import Means
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month
from tracker.vocabulary.hours import ZERO, total


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
