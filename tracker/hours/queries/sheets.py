"""A declaration as employer and facilitator follow it: lines, versions, what counts and why."""

from dataclasses import dataclass
from decimal import Decimal

from tracker.hours.models import Declaration, HoursLine, HoursLineVersion
from tracker.hours.queries.declarations import lines_of, versions_of
from tracker.hours.queries.ledger import Counted, reasons_of
from tracker.hours.queries.months import job_of
from tracker.hours.rules.states import LineState
from tracker.vocabulary.dates import Period
from tracker.vocabulary.hours import ZERO, total


@dataclass(frozen=True)
class SheetLine:
    """One line: its person, its days, where it stands, what counts of it, and each version sent, newest first."""

    line: HoursLine
    person: str
    job: str
    days: Period
    counted: Counted
    versions: tuple[HoursLineVersion, ...]

    @property
    def declared(self) -> Decimal:
        """The hours of the line, none for a draft left empty."""
        return self.line.declared_hours or ZERO

    @property
    def uncounted(self) -> Decimal:
        """Accepted hours that do not count."""
        return self.line.accepted_hours - self.counted.hours

    @property
    def is_accepted(self) -> bool:
        return self.line.state is LineState.ACCEPTED


@dataclass(frozen=True)
class Sheet:
    """The lines of a declaration and their sums; what is only kept as a draft is not declared."""

    lines: tuple[SheetLine, ...]

    @property
    def declared(self) -> Decimal:
        return total(line.declared for line in self.lines if line.line.state is not LineState.DRAFT)

    @property
    def accepted(self) -> Decimal:
        return total(line.line.accepted_hours for line in self.lines)

    @property
    def counted(self) -> Decimal:
        return total(line.counted.hours for line in self.lines)

    @property
    def explained(self) -> tuple[SheetLine, ...]:
        """The lines that ask for a word: sent back, refused, accepted for a reason, or that do not count in full."""
        return tuple(
            line for line in self.lines if line.uncounted or any(_asks_for_a_word(one) for one in line.versions)
        )

    @property
    def counting(self) -> tuple[SheetLine, ...]:
        """The lines of which something counts."""
        return tuple(line for line in self.lines if line.counted.hours)


def _asks_for_a_word(version: HoursLineVersion) -> bool:
    return bool(version.reason) or version.outcome in (LineState.RETURNED, LineState.REFUSED)


def sheet_of(declaration: Declaration) -> Sheet:
    """Everything about the lines of a declaration, in three statements."""
    lines = [line for line, _ in lines_of(declaration.id)]
    ids = [line.id for line in lines]
    versions, reasons = versions_of(ids), reasons_of(ids)
    return Sheet(
        tuple(
            SheetLine(
                line,
                person=line.placement.participant.name,
                job=job_of(line.placement),
                days=Period(line.from_on, line.to_on),
                counted=reasons[line.id],
                versions=tuple(versions[line.id]),
            )
            for line in lines
        )
    )
