"""A civil year's hours and people, from the kept summaries: no line is read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SmallInteger,
    SQLColumnExpression,
    Text,
    case,
    cast,
    func,
    literal,
    select,
    true,
    tuple_,
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

# The table itself, or some of its rows found first.
Rows = type[YearSummary]
HEADLINE = tuple(status for status in RsaStatus if status.is_headline)
# Somebody entered twice is one person: few have a double, and a partial index finds them.
_Double = aliased(Participant)


def _is_double(rows: Rows) -> ColumnElement[bool]:
    return (_Double.id == rows.participant_id) & _Double.same_as_id.is_not(None)


def _people(rows: Rows) -> ColumnElement[int]:
    """Distinct people with at least one counted hour."""
    person = func.coalesce(_Double.same_as_id, rows.participant_id)
    return func.count(person.distinct()).filter(rows.counted_hours > 0)


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
        select(counted, counted.filter(YearSummary.rsa_status.in_(HEADLINE)), _people(YearSummary))
        .select_from(YearSummary)
        .outerjoin(_Double, _is_double(YearSummary))
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
    statements = [_by_dimensions(year, scope, [one for one in dimensions if one.adds_up])]
    statements += [_by_category(year, scope)] if Dimension.CATEGORY in dimensions else []
    for statement in statements:
        for dimension, value, *sums in db.session.execute(statement):
            found[Dimension(dimension) if dimension else None][value] = Figures(*sums)
    whole = found.pop(None).get(None, NOTHING)
    return YearBreakdowns(year, whole, {one: groups for one, groups in found.items() if one})


def _by_dimensions(year: int, scope: Scope, dimensions: Sequence[Dimension]) -> Select[Any]:
    """Rows (dimension, group, hours, people); the whole year under no dimension.

    The scope's rows are found first, by the index: joined at once, the planner reads the year of everybody.
    """
    mine = select(YearSummary).where(YearSummary.year == year, scope.holds).cte("mine").prefix_with("MATERIALIZED")
    rows = aliased(YearSummary, mine)
    groups = [_group(rows, one) for one in dimensions]
    # GROUPING writes a bit for each dimension, the first one highest: 0 for the one grouped by.
    every = 2 ** len(groups) - 1
    names = {every - 2 ** (len(groups) - rank): one.value for rank, one in enumerate(dimensions, start=1)}
    sets = func.grouping_sets(tuple_(), *(tuple_(group) for group in groups))
    return (
        select(case(names, value=func.grouping(*groups)), func.coalesce(*groups), *_sums(rows))
        .select_from(rows)
        .join(Participant, Participant.id == rows.participant_id)
        .outerjoin(_Double, _is_double(rows))
        .outerjoin(Pledge, Pledge.id == rows.pledge_id)
        .outerjoin(Clause, Clause.id == Pledge.clause_id)
        .outerjoin(Contract, Contract.id == Clause.contract_id)
        .group_by(sets)
    )


def _by_category(year: int, scope: Scope) -> Select[Any]:
    """Rows (« category », category, hours, people): somebody of two categories is in both."""
    every = func.array_append(YearSummary.other_categories, YearSummary.main_category)
    categories = func.unnest(every).table_valued("code", name="category").render_derived()
    category = categories.c.code
    return (
        select(literal(Dimension.CATEGORY.value), category, *_sums(YearSummary))
        .select_from(YearSummary)
        .outerjoin(_Double, _is_double(YearSummary))
        .join(categories, true())
        .where(YearSummary.year == year, scope.holds)
        .group_by(category)
    )


def _group(rows: Rows, dimension: Dimension) -> ColumnElement[str | None]:
    """What groups a row; what may have changed since is read where it stands."""
    found: Mapping[Dimension, SQLColumnExpression[Any]] = {
        Dimension.SEX: Participant.sex,
        Dimension.AGE: func.width_bucket(rows.age, literal(list(AGE_BOUNDS), ARRAY(SmallInteger))),
        Dimension.LEVEL: rows.level,
        Dimension.MAIN_CATEGORY: rows.main_category,
        Dimension.RSA: rows.rsa_status,
        Dimension.COMMUNE: rows.commune_code,
        Dimension.QPV: rows.qpv_code,
        Dimension.CONTRACT_TYPE: rows.contract_type,
        Dimension.MEANS: rows.means,
        Dimension.EMPLOYER: rows.employer_id,
        Dimension.STRUCTURE: Clause.structure_id,
        Dimension.BUYER: Contract.buyer_id,
        Dimension.LEVER: Clause.lever,
    }
    return cast(found[dimension], Text)


def _sums(rows: Rows) -> tuple[ColumnElement[Any], ...]:
    """The columns of `Figures`, in their order; zeros for the whole of a year without rows."""
    hours = (rows.declared_hours, rows.accepted_hours, rows.refused_hours, rows.counted_hours)
    return *(func.coalesce(func.sum(one), ZERO) for one in hours), _people(rows)
