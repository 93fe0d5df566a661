"""What a certificate of a clause would state that day: its hours, who and how, and what is still open."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, null, select, union_all

from tracker.accounts.models import Organisation
from tracker.certificates.models import Certificate, CertificateEnd
from tracker.certificates.queries.certificates import last_of_clause
from tracker.certificates.rules import IssueFacts, OpenMonth, Result, outcome
from tracker.contracts.models import Clause
from tracker.contracts.queries.clauses import events_of
from tracker.contracts.queries.contracts import holders_of
from tracker.contracts.rules.obligations import Event, EventKind
from tracker.hours.models import Declaration, HoursLine, LedgerEntry
from tracker.hours.queries.months import performance_on
from tracker.hours.queries.progress import progress_of
from tracker.hours.rules.owed import Post, months_owed
from tracker.hours.rules.progress import Progress
from tracker.hours.rules.states import DeclarationState
from tracker.placements.models import Placement
from tracker.placements.rules import Means
from tracker.pledges.models import Pledge
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month, Period
from tracker.vocabulary.hours import ZERO, total

SETTLED = (DeclarationState.ACCEPTED, DeclarationState.PARTLY_REFUSED)
UNDECIDED = (DeclarationState.SUBMITTED, DeclarationState.RETURNED)


@dataclass(frozen=True)
class MonthLeft:
    """A month that is still open, and the address of its declaration when one was sent."""

    open_month: OpenMonth
    declaration: str | None


@dataclass(frozen=True)
class Statement:
    """What a certificate of the clause would state that day, and the one it would come after."""

    clause: Clause
    holder: Organisation | None
    members: tuple[Organisation, ...]
    progress: Progress
    events: tuple[Event, ...]
    by_means: dict[Means, Decimal]
    participants: int
    declarations: int
    months_left: tuple[MonthLeft, ...]
    former: Certificate | None
    former_end: CertificateEnd | None

    @property
    def performance(self) -> Period | None:
        return performance_on(self.clause)

    @property
    def result(self) -> Result:
        return outcome(self.progress.due, self.progress.counted)

    @property
    def replaced(self) -> Certificate | None:
        """The certificate in force that a new one would replace."""
        return None if self.former_end else self.former

    @property
    def former_version(self) -> int:
        """The latest version issued, 0 before the first: what a page saw, to tell when it is stale."""
        return self.former.version if self.former else 0

    @property
    def counted_by_means(self) -> Decimal:
        """The sum of the means: the counted hours again, unless some were booked between two statements."""
        return total(self.by_means.values())

    @property
    def not_counted(self) -> Decimal:
        """Accepted, and outside what counts: before the approval, after the window, out of the contract."""
        return self.progress.accepted - self.progress.counted

    def issue_facts(self, today: date) -> IssueFacts:
        """What the rules look at."""
        performance = self.performance
        return IssueFacts(
            today=today,
            starts_on=performance.first if performance else None,
            ends_on=performance.last if performance else None,
            due=self.progress.due,
            counted=self.progress.counted,
            open_months=tuple(left.open_month for left in self.months_left),
            has_signatory=self.clause.facilitator_id is not None,
            has_holder=self.holder is not None,
        )


def statement_on(clause: Clause, today: date) -> Statement:
    """What a certificate of the clause would state that day; in eight statements whatever the number of people."""
    holders = _holders(clause)
    holder = holders[0] if holders else None
    events = tuple(events_of([clause.id])[clause.id])
    by_means, participants = _counted_on(clause.id)
    work = _work_on(clause.id)
    former = last_of_clause(clause.id, holder.id) if holder else None
    return Statement(
        clause=clause,
        holder=holder,
        members=holders,
        progress=progress_of([clause], today)[clause.id],
        events=tuple(event for event in events if event.occurs_on <= today and not event.is_cancelled),
        by_means=by_means,
        participants=participants,
        declarations=len(work.sent),
        months_left=tuple(_months_left(clause, holder, events, work, today)),
        former=former[0] if former else None,
        former_end=former[1] if former else None,
    )


def _holders(clause: Clause) -> tuple[Organisation, ...]:
    """The holders of the clause's contract, the one who answers for it first."""
    return tuple(party.organisation for party in holders_of([clause.contract_id])[clause.contract_id])


def _counted_on(clause_id: int) -> tuple[dict[Means, Decimal], int]:
    """Counted hours by means, in the order of the means, and how many people have some."""
    rows = db.session.execute(
        select(Placement.means, LedgerEntry.participant_id, func.sum(LedgerEntry.hours))
        .join(HoursLine, HoursLine.id == LedgerEntry.line_id)
        .join(Placement, Placement.id == HoursLine.placement_id)
        .where(LedgerEntry.clause_id == clause_id)
        .group_by(Placement.means, LedgerEntry.participant_id)
    ).all()
    by_person: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for _, person_id, hours in rows:
        by_person[person_id] += hours
    sums = {means: total(hours for its, _, hours in rows if its is means) for means in Means}
    return {means: hours for means, hours in sums.items() if hours}, sum(hours > 0 for hours in by_person.values())


@dataclass(frozen=True)
class _Sent:
    """A declaration sent on the clause."""

    state: DeclarationState
    address: str


@dataclass(frozen=True)
class _Work:
    """Who was in post on the clause and which months were sent, with the employers' names."""

    names: dict[int, str]
    posts: tuple[Post, ...]
    sent: dict[tuple[int, Month], _Sent]


def _work_on(clause_id: int) -> _Work:
    posts = (
        select(Placement.employer_id, Organisation.name, Placement.starts_on, Placement.ends_on, null(), null())
        .join(Placement.employer)
        .join(Placement.pledge)
        .where(Pledge.clause_id == clause_id, Placement.refused_at.is_(None))
    )
    declarations = (
        select(Declaration.employer_id, Organisation.name, Declaration.month, null())
        .add_columns(Declaration.state, Declaration.public_id)
        .join(Declaration.employer)
        .where(Declaration.clause_id == clause_id, Declaration.state != DeclarationState.DRAFT)
    )
    rows = db.session.execute(union_all(posts, declarations)).all()
    return _Work(
        names={row[0]: row[1] for row in rows},
        posts=tuple(Post(row[0], Period(row[2], row[3])) for row in rows if row[4] is None),
        sent={(row[0], Month.of(row[2])): _Sent(DeclarationState(row[4]), row[5]) for row in rows if row[4]},
    )


def _months_left(
    clause: Clause, holder: Organisation | None, events: Iterable[Event], work: _Work, today: date
) -> list[MonthLeft]:
    """The months owed that are not declared and decided, less those an opening balance covers, oldest first.

    The holder owes all of its contract's, every other employer those in which it had somebody in post.
    """
    performance = performance_on(clause)
    names = {**work.names, **({holder.id: holder.name} if holder else {})}
    posts = [*work.posts, *([Post(holder.id, performance)] if holder and performance else [])]
    owed = set(months_owed(posts, performance, today)) if performance else set()
    undecided = {key for key, one in work.sent.items() if one.state in UNDECIDED}
    taken_over = max((one.occurs_on for one in events if _takes_over(one)), default=date.min)
    left = [
        _month_left(names[employer_id], month, work.sent.get((employer_id, month)))
        for employer_id, month in owed | undecided
        if month.last_day >= taken_over and not _is_settled(work.sent.get((employer_id, month)))
    ]
    return sorted(left, key=lambda one: (one.open_month.month, one.open_month.employer))


def _takes_over(event: Event) -> bool:
    return event.kind is EventKind.OPENING_BALANCE and not event.is_cancelled


def _is_settled(sent: _Sent | None) -> bool:
    return sent is not None and sent.state in SETTLED


def _month_left(employer: str, month: Month, sent: _Sent | None) -> MonthLeft:
    waits = sent is not None and sent.state is DeclarationState.SUBMITTED
    return MonthLeft(OpenMonth(employer, month, is_declared=waits), sent.address if sent else None)
