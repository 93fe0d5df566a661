"""A declaration as a facilitator reviews it: each line with its anomalies, last month, and work elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.hours.models import Declaration, HoursLine, HoursLineVersion
from tracker.hours.queries.declarations import OtherWork, lines_of, work_of
from tracker.hours.queries.months import due_on, job_of, performance_on
from tracker.hours.rules.checks import anomalies_of
from tracker.hours.rules.decisions import counts_in_french
from tracker.hours.rules.lines import LineFacts
from tracker.hours.rules.notes import days_in_french, elsewhere_of, last_month_of, until_when
from tracker.hours.rules.states import LineState
from tracker.hours.rules.submissions import MAJORITY
from tracker.placements.models import Placement
from tracker.placements.queries import windows_of
from tracker.placements.rules import Means, counts_until
from tracker.plumbing.database import db
from tracker.plumbing.formats import day_of, french_moment
from tracker.settings.queries import settings_on
from tracker.vocabulary.dates import Period, age_on
from tracker.vocabulary.hours import ZERO, total
from tracker.vocabulary.objections import Level, Objection


@dataclass(frozen=True)
class ReviewLine:
    """One line sent, and all that a facilitator weighs. `elsewhere`: (employer, hours) of the person's other work."""

    key: str
    line: HoursLine
    version: HoursLineVersion
    placement: Placement
    person: str
    job: str
    days: Period
    is_cut: bool
    hours: Decimal
    window: Period | None
    counts_until: date | None
    last_month_hours: Decimal | None
    elsewhere: tuple[tuple[str, Decimal], ...]
    flaws: tuple[Objection, ...] = ()

    @property
    def detail(self) -> str:
        """What stands under the person's name: the job, until when hours count, last month, work elsewhere."""
        parts = (
            self.job,
            days_in_french(self.days).capitalize() if self.is_cut else "",
            until_when(self.counts_until if self.placement.approved_on else None).capitalize(),
            last_month_of(self.line.month, self.last_month_hours),
            elsewhere_of(self.elsewhere),
        )
        return ". ".join(part for part in parts if part)

    @property
    def is_blocked(self) -> bool:
        """Whether accepting it asks for a reason."""
        return any(flaw.blocks for flaw in self.flaws)


@dataclass(frozen=True)
class Review:
    """A declaration to decide: `lines` wait, worst first; `decided` stand. `version` is what this reading saw."""

    declaration: Declaration
    version: int
    performance: Period | None
    lines: tuple[ReviewLine, ...]
    decided: tuple[ReviewLine, ...]
    flaws: tuple[Objection, ...]

    @property
    def blocked(self) -> frozenset[str]:
        """The keys of the lines that bear a blocking anomaly."""
        return frozenset(line.key for line in self.lines if line.is_blocked)

    @property
    def clean(self) -> tuple[ReviewLine, ...]:
        """The lines without any anomaly."""
        return tuple(line for line in self.lines if not line.flaws)


def review_of(declaration: Declaration) -> Review:
    """What was sent and how it looks, in four statements."""
    sent = [(line, version) for line, version in lines_of(declaration.id) if version is not None]
    placements = {line.placement_id: line.placement for line, _ in sent}
    windows = windows_of(placements.values())
    work = work_of({one.participant_id for one in placements.values()}, declaration.month)
    performance = performance_on(declaration.clause)
    levels = settings_on(day_of(declaration.submitted_at or declaration.created_at)).levels
    lines, about_month = [], []
    for line, version in sent:
        seen = _line(declaration, line, version, windows[line.placement_id], work[line.placement.participant_id])
        found = anomalies_of(_facts(seen, declaration, work[line.placement.participant_id], levels))
        about_month += [flaw for flaw in found if not flaw.field]
        lines.append(replace(seen, flaws=tuple(flaw for flaw in found if flaw.field)))
    return Review(
        declaration,
        declaration.version_id,
        performance,
        lines=tuple(sorted((one for one in lines if one.line.state is LineState.SUBMITTED), key=_badness)),
        decided=tuple(one for one in lines if one.line.state is not LineState.SUBMITTED),
        flaws=tuple(dict.fromkeys(about_month)),
    )


def _badness(line: ReviewLine) -> tuple[bool, bool, bool]:
    return (not line.is_blocked, not line.flaws, not line.hours)


def _line(
    declaration: Declaration,
    line: HoursLine,
    version: HoursLineVersion,
    window: Period | None,
    work: Sequence[OtherWork],
) -> ReviewLine:
    placement, days = line.placement, Period(line.from_on, line.to_on)
    in_post = declaration.month.period.meets(Period(placement.starts_on, placement.ends_on))
    last = [one.hours for one in work if one.placement_id == placement.id and one.month == declaration.month - 1]
    return ReviewLine(
        f"{placement.public_id}-{line.part}",
        line,
        version,
        placement,
        person=placement.participant.name,
        job=job_of(placement),
        days=days,
        is_cut=days != in_post,
        hours=version.hours,
        window=window,
        counts_until=counts_until(window, performance_on(declaration.clause), placement.ends_on),
        last_month_hours=total(hours or ZERO for hours in last) if last else None,
        elsewhere=_elsewhere(work, placement.id, declaration),
    )


def _elsewhere(
    work: Iterable[OtherWork], placement_id: int, declaration: Declaration
) -> tuple[tuple[str, Decimal], ...]:
    sums: dict[str, Decimal] = {}
    for one in work:
        if one.placement_id != placement_id and one.month == declaration.month and one.hours:
            sums[one.employer] = sums.get(one.employer, ZERO) + one.hours
    return tuple(sums.items())


def _facts(
    seen: ReviewLine, declaration: Declaration, work: Sequence[OtherWork], levels: Mapping[str, Level]
) -> LineFacts:
    """The line as the checks look at it, on the day it was sent: a later decision makes nothing late."""
    placement, sent_on = seen.placement, day_of(seen.version.submitted_at)
    others = [one for one in work if one.placement_id != placement.id]
    rest = [one.hours or ZERO for one in work if one.month == declaration.month and one.line_id != seen.line.id]
    return LineFacts(
        key=seen.key,
        month=declaration.month,
        cell=seen.days,
        today=sent_on,
        placement=Period(placement.starts_on, placement.ends_on),
        performance=performance_on(declaration.clause),
        hours=seen.hours,
        no_hours=not seen.hours,
        is_minor=age_on(placement.participant.born_on, seen.days.first) < MAJORITY,
        weekly_hours=placement.weekly_hours,
        approved_on=placement.approved_on,
        window=seen.window,
        last_month_hours=seen.last_month_hours,
        tutor=placement.tutor,
        tutor_is_wanted=placement.means is Means.DIRECT_HIRE,
        site=placement.site,
        other_employers_hours=total(rest),
        overlaps=any(one.days.meets(seen.days) for one in others),
        deposit_due_on=due_on(declaration.clause, declaration.month),
        levels=levels,
    )


def last_decision_on(declaration_id: int) -> str:
    """Who decided last, when and what, as a French sentence; empty when nobody has."""
    versions = db.session.scalars(
        select(HoursLineVersion)
        .join(HoursLineVersion.line)
        .options(joinedload(HoursLineVersion.decided_by))
        .where(HoursLine.declaration_id == declaration_id, HoursLineVersion.decided_at.is_not(None))
        .order_by(HoursLineVersion.decided_at.desc(), HoursLineVersion.id)
        .execution_options(populate_existing=True)
    ).all()
    if not versions or versions[0].decided_at is None:
        return ""
    latest = [one for one in versions if one.decided_at == versions[0].decided_at]
    who = versions[0].decided_by.name if versions[0].decided_by else "Une autre personne"
    what = counts_in_french(one.outcome for one in latest if one.outcome)
    return f"{who} a décidé le {french_moment(versions[0].decided_at)} : {what}."
