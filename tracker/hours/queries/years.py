"""A civil year's hours and people, from the kept summaries: no line is read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    SmallInteger,
    SQLColumnExpression,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from tracker.accounts.queries import Viewer, within
from tracker.accounts.rules import IN_CHARGE
from tracker.contracts.models import Clause, Contract
from tracker.contracts.queries.clauses import visible_clauses
from tracker.hours.models import YearSummary
from tracker.hours.rules.years import AGE_BOUNDS, Dimension, dimensions_for
from tracker.participants.models import Participant
from tracker.participants.rules.decisions import RsaStatus
from tracker.pledges.models import Pledge
from tracker.plumbing.database import db
from tracker.vocabulary.hours import ZERO, total

HOURS = ("declared_hours", "accepted_hours", "refused_hours", "counted_hours")
HEADLINE = tuple(status for status in RsaStatus if status.is_headline)
# Somebody entered twice is one person: few have a double, and a partial index finds them.
_Double = aliased(Participant)


_IS_DOUBLE = (_Double.id == YearSummary.participant_id) & _Double.same_as_id.is_not(None)
_PERSON = func.coalesce(_Double.same_as_id, YearSummary.participant_id)
# Distinct people with at least one counted hour.
_PEOPLE = func.count(_PERSON.distinct()).filter(YearSummary.counted_hours > 0)


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
    counted = func.sum(YearSummary.counted_hours)
    hours, rsa, people = db.session.execute(
        select(counted, counted.filter(YearSummary.rsa_status.in_(HEADLINE)), _PEOPLE)
        .select_from(YearSummary)
        .outerjoin(_Double, _IS_DOUBLE)
        .where(YearSummary.year == year, _is_seen(viewer))
    ).one()
    return YearTotals(year, hours or ZERO, people, (rsa or ZERO) if viewer.role in IN_CHARGE else None)


def _is_seen(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.sees_everything:
        return within(viewer.subject)
    clauses = visible_clauses(viewer).with_only_columns(Clause.id)
    return YearSummary.pledge_id.in_(select(Pledge.id).where(Pledge.clause_id.in_(clauses)))


@dataclass(frozen=True)
class Scope:
    """Whose year: the clauses a viewer may see, of these structures or buyers alone when some are named."""

    viewer: Viewer
    structure_ids: Collection[int] = ()
    buyer_ids: Collection[int] = ()

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What the viewer may read the year by."""
        return dimensions_for(self.viewer.role in IN_CHARGE)

    @property
    def holds(self) -> ColumnElement[bool]:
        """Whether a row of the summaries is inside."""
        if not self.structure_ids and not self.buyer_ids:
            return _is_seen(self.viewer)
        named = select(Pledge.id).join(Pledge.clause).join(Clause.contract)
        if self.structure_ids:
            named = named.where(Clause.structure_id.in_(self.structure_ids))
        if self.buyer_ids:
            named = named.where(Contract.buyer_id.in_(self.buyer_ids))
        return _is_seen(self.viewer) & YearSummary.pledge_id.in_(named)


@dataclass(frozen=True)
class Figures:
    """Hours of a year, and distinct people with at least one counted hour: people never add up across groups."""

    declared: Decimal = ZERO
    accepted: Decimal = ZERO
    refused: Decimal = ZERO
    counted: Decimal = ZERO
    people: int = 0


NOTHING = Figures()


@dataclass(frozen=True)
class YearBreakdowns:
    """A year in a scope: its figures, and those of each group of each dimension that the viewer may read.

    A group's key is the word, code or identifier the rows bear, as text; None for what is not known. An age's is the
    rank of its band.
    """

    year: int
    figures: Figures = NOTHING
    by: Mapping[Dimension, Mapping[str | None, Figures]] = field(default_factory=dict)

    @property
    def rsa(self) -> Decimal | None:
        """Counted hours of RSA recipients and partners; None for who may not read totals by category."""
        groups = self.by.get(Dimension.RSA)
        return total(groups[one].counted for one in HEADLINE if one in groups) if groups is not None else None


def year_breakdowns(year: int, scope: Scope) -> YearBreakdowns:
    """The year's figures, whole and by each dimension, in one statement; by any category too, in a second one."""
    dimensions = scope.dimensions
    found: dict[Dimension | None, dict[str | None, Figures]] = {one: {} for one in (None, *dimensions)}
    statements: list[CompoundSelect[Any] | Select[Any]] = [
        _by_dimensions(year, scope, [one for one in dimensions if one.adds_up])
    ]
    statements += [_by_category(year, scope)] if Dimension.CATEGORY in dimensions else []
    for statement in statements:
        for dimension, value, *sums in db.session.execute(statement):
            found[Dimension(dimension) if dimension else None][value] = Figures(*sums)
    whole = found.pop(None).get(None, NOTHING)
    return YearBreakdowns(year, whole, {one: groups for one, groups in found.items() if one})


def _by_dimensions(year: int, scope: Scope, dimensions: Sequence[Dimension]) -> CompoundSelect[Any]:
    """Rows (dimension, group, hours, people); the whole year under no dimension.

    The scope's rows are found first, by the index, with all that groups them: each dimension then sums them by person,
    and the people by group. Two sums by hashing cost a fraction of what counting distinct people by sorting does.
    """
    mine = _mine(year, scope, dimensions)
    return union_all(_summed(mine, None), *(_summed(mine, one) for one in dimensions))


def _mine(year: int, scope: Scope, dimensions: Sequence[Dimension]) -> CTE:
    hours = (getattr(YearSummary, name) for name in HOURS)
    return (
        select(_PERSON.label("person"), *hours, *(_group(one).label(one.value) for one in dimensions))
        .select_from(YearSummary)
        .join(Participant, Participant.id == YearSummary.participant_id)
        .outerjoin(_Double, _IS_DOUBLE)
        .outerjoin(Pledge, Pledge.id == YearSummary.pledge_id)
        .outerjoin(Clause, Clause.id == Pledge.clause_id)
        .outerjoin(Contract, Contract.id == Clause.contract_id)
        .where(YearSummary.year == year, scope.holds)
        .cte("mine")
        .prefix_with("MATERIALIZED")
    )


def _summed(mine: CTE, dimension: Dimension | None) -> Select[Any]:
    """One dimension's groups; the whole year for none."""
    group = mine.c[dimension.value] if dimension else null()
    hours = (func.sum(mine.c[name]).label(name) for name in HOURS)
    has_counted = func.bool_or(mine.c.counted_hours > 0).label("has_counted")
    keys = [mine.c.person, group] if dimension else [mine.c.person]
    person = select(group.label("value"), *hours, has_counted).group_by(*keys).subquery()
    sums = (func.sum(person.c[name]) for name in HOURS)
    name = literal(dimension.value if dimension else None, Text)
    value = cast(person.c.value, Text)
    columns: list[Any] = [name, value, *sums, func.count().filter(person.c.has_counted)]
    return select(*columns).group_by(person.c.value)


def _by_category(year: int, scope: Scope) -> Select[Any]:
    """Rows (« category », category, hours, people): somebody of two categories is in both."""
    every = func.array_append(YearSummary.other_categories, YearSummary.main_category)
    categories = func.unnest(every).table_valued("code", name="category").render_derived()
    category = categories.c.code
    sums = (func.sum(getattr(YearSummary, name)) for name in HOURS)
    return (
        select(literal(Dimension.CATEGORY.value), category, *sums, _PEOPLE)
        .select_from(YearSummary)
        .outerjoin(_Double, _IS_DOUBLE)
        .join(categories, true())
        .where(YearSummary.year == year, scope.holds)
        .group_by(category)
    )


def _group(dimension: Dimension) -> ColumnElement[str | None]:
    """What groups a row; what may have changed since is read where it stands."""
    found: Mapping[Dimension, SQLColumnExpression[Any]] = {
        Dimension.SEX: Participant.sex,
        Dimension.AGE: func.width_bucket(YearSummary.age, literal(list(AGE_BOUNDS), ARRAY(SmallInteger))),
        Dimension.LEVEL: YearSummary.level,
        Dimension.MAIN_CATEGORY: YearSummary.main_category,
        Dimension.RSA: YearSummary.rsa_status,
        Dimension.COMMUNE: YearSummary.commune_code,
        Dimension.QPV: YearSummary.qpv_code,
        Dimension.CONTRACT_TYPE: YearSummary.contract_type,
        Dimension.MEANS: YearSummary.means,
        Dimension.EMPLOYER: YearSummary.employer_id,
        Dimension.STRUCTURE: Clause.structure_id,
        Dimension.BUYER: Contract.buyer_id,
        Dimension.LEVER: Clause.lever,
    }
    return cast(found[dimension], Text)
