"""The story's months: each employer declares, the facilitator decides."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from tracker.accounts.models import Membership
from tracker.commands.stage import World
from tracker.commands.story import FIRMS, HIRES, LATE, REFUSED, RETURNED, UNCONFIRMED, WAITING, Hire
from tracker.hours.actions.decisions import decide_declaration
from tracker.hours.actions.declarations import submit_month
from tracker.hours.actions.idle import declare_idle_months
from tracker.hours.models import Declaration
from tracker.hours.queries.idle import idle_months_of
from tracker.hours.queries.months import open_month
from tracker.hours.queries.reviews import ReviewLine, review_of
from tracker.hours.rules.decisions import LineDecision, Motive, Ruling
from tracker.hours.rules.months import Answer, OpenMonth, Row, SentMonth
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month


def months_until(today: date) -> Iterator[Month]:
    month = Month.of(min(hire.starts_on for hire in HIRES))
    while month < Month.of(today):
        yield month
        month += 1


def declare_everywhere(world: World, month: Month, today: date) -> None:
    last = Month.of(today) - 1
    for firm in FIRMS:
        late = LATE.get(firm.name, 0)
        if month <= last - late:
            _declare(world, world.members[firm.name], month)
            if firm.name not in UNCONFIRMED:
                _confirm_idle_months(world, world.members[firm.name], month)
    for firm in FIRMS:
        is_last = month == last
        if not (is_last and firm.name in WAITING):
            _decide_month(world, world.members[firm.name], month, RETURNED.get(firm.name, "") if is_last else "")


def _declare(world: World, member: Membership, month: Month) -> None:
    day = (month + 1).first_day + timedelta(days=1)
    with world.acting(member, day) as viewer:
        opened = open_month(viewer.organisation_id, month, day)
        if opened.open_clauses:
            submit_month(opened, _answers(opened), viewer.person_id, clock.now(), day)


def _confirm_idle_months(world: World, member: Membership, month: Month) -> None:
    day = (month + 1).first_day + timedelta(days=1)
    with world.acting(member, day) as viewer:
        idle = {one.clause_id: one.months for one in idle_months_of(viewer.organisation_id, day)}
        if idle:
            declare_idle_months(viewer.organisation_id, idle, True, viewer.person_id, clock.now(), day)


def _answers(opened: OpenMonth) -> SentMonth:
    rows = {cell.key: (row, cell.days.days) for row in opened.open_rows for cell in row.open_cells}
    return SentMonth(
        answers={key: _answer(row, opened.month, days) for key, (row, days) in rows.items()},
        attested=frozenset(clause.clause_id for clause in opened.open_clauses),
        seen={clause.clause_id: clause.token for clause in opened.clauses},
    )


def _answer(row: Row, month: Month, days: int) -> Answer:
    hire = next((one for one in HIRES if one.name == row.person and not one.refusal), None)
    hours = _hours(hire, month, days) if hire else Decimal(0)
    return Answer(hours) if hours else Answer(None, no_hours=True)


def _hours(hire: Hire, month: Month, days: int) -> Decimal:
    """The story's figure for a month, or for the days of it that a bound leaves."""
    if (hire.name, str(month)) in REFUSED:
        return Decimal(REFUSED[hire.name, str(month)])
    if hire.is_total:
        return _part_of_total(hire, month)
    usual = Decimal(hire.hours) + Decimal(month.number * 7 % 12 - 6) / 2
    share = (usual * days / month.period.days).quantize(Decimal(1))
    return share if days < month.period.days else usual


def _part_of_total(hire: Hire, month: Month) -> Decimal:
    months = [one for one in _months_of(hire) if (hire.name, str(one)) not in REFUSED]
    usual = (Decimal(hire.hours) / len(months)).quantize(Decimal(1))
    return Decimal(hire.hours) - usual * (len(months) - 1) if month == months[-1] else usual


def _months_of(hire: Hire) -> list[Month]:
    last = Month.of(hire.ends_on or hire.starts_on)
    month, found = Month.of(hire.starts_on), []
    while month <= last:
        found.append(month)
        month += 1
    return found


def _decide_month(world: World, member: Membership, month: Month, returned: str) -> None:
    waiting = select(Declaration).where(
        Declaration.employer_id == member.organisation_id, Declaration.month == month, Declaration.state == "submitted"
    )
    for declaration in db.session.scalars(waiting.order_by(Declaration.id)).all():
        with world.acting(world.facilitator, (month + 1).first_day + timedelta(days=7)) as viewer:
            review = review_of(declaration)
            decisions = {line.key: _ruling(line, month, returned) for line in review.lines}
            address = f"{world.head.address}/declarations"
            decide_declaration(review, decisions, review.version, viewer.person_id, clock.now(), address)


def _ruling(line: ReviewLine, month: Month, returned: str) -> LineDecision:
    if (line.person, str(month)) in REFUSED:
        return LineDecision(Ruling.REFUSE, Motive.OTHER_CONTRACT, "Ces heures ont été faites chez un client privé.")
    if returned and line.person in returned:
        return LineDecision(Ruling.RETURN, Motive.PAPER_MISSING, returned)
    message = "Heures gardées pour mémoire." if line.is_blocked else ""
    return LineDecision(Ruling.ACCEPT, Motive.OTHER if message else None, message)
