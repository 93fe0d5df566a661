"""A year's figures by each dimension: those of plain SQL, and for whom."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event, text

from tests import builders as a
from tests.hours.sheets import decided, declared
from tracker.accounts.queries import Viewer, viewer_of
from tracker.contracts.rules.levers import Lever
from tracker.hours.queries.years import Figures, Scope, YearBreakdowns, counted_of_year, year_breakdowns
from tracker.hours.rules.decisions import LineDecision, Ruling
from tracker.hours.rules.years import Dimension
from tracker.participants.rules.decisions import RsaStatus
from tracker.participants.rules.identity import Sex
from tracker.placements.models import Placement
from tracker.placements.rules import ContractType, Means
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

pytestmark = pytest.mark.usefixtures("april")
TODAY = date(2026, 4, 8)
NO = LineDecision(Ruling.REFUSE, message="Hors du marché.")


def seen_by(member) -> Viewer:
    viewer = viewer_of(member.person.fs_uniquifier, member.id, TODAY)
    assert viewer is not None
    return viewer


@pytest.fixture
def people(cast) -> list[Placement]:
    """Four ages around the bounds, two clauses of two buyers and two structures; the last person is the first again."""
    contract = a.a_contract(cast.other_buyer.organisation, [cast.guerin])
    other = a.a_clause(contract, cast.other_facilitator.organisation, lever=Lever.AWARD_CRITERION)
    pledges = (cast.pledge, cast.pledge, cast.pledge, a.a_pledge(other, cast.guerin))
    facts = (
        (25, "female", "rsa", ["qpv"], RsaStatus.RECIPIENT, "QP037001"),
        (26, "male", "rsa", [], RsaStatus.DEPENDANT, None),
        (40, "male", "deld", ["qpv", "rqth"], RsaStatus.NONE, "QP037001"),
        (51, "female", "rsa", [], RsaStatus.PARTNER, None),
    )
    found = []
    for pledge, (age, sex, main, others, status, qpv) in zip(pledges, facts, strict=True):
        person = a.a_participant(cast.structure, f"Personne Âge{age}", sex=Sex(sex))
        frozen = {"age": age, "commune": f"370{age}", "qpv": qpv, "level": "3" if age < 40 else None}
        known = {"main_category": main, "other_categories": others, "rsa_status": status, "frozen": frozen}
        means = Means.HIRING_OUT if age > 26 else Means.DIRECT_HIRE
        kind = ContractType.TEMPORARY_INSERTION if age > 26 else ContractType.CDD
        decision = a.a_decision(person, cast.claire.person, **known)
        found.append(a.a_placement(pledge, person, decision, means=means, contract_type=kind))
    found[3].participant.same_as_id = found[0].participant_id
    for number, refused in ((2, "Âge26"), (3, "")):
        hours = {one: f"{100 + rank}.{number}0" for rank, one in enumerate(found)}
        for declaration in declared(cast.guerin.id, hours, Month(2026, number)):
            decided(declaration, cast.claire.person_id, **({refused: NO} if refused else {}))
    db.session.commit()
    return found


SQL = text("""
    SELECT sum(n.declared_hours), sum(n.accepted_hours), sum(n.declared_hours) FILTER (WHERE n.state = 'refused'),
        coalesce((SELECT sum(e.hours) FROM ledger_entry e JOIN hours_line l ON l.id = e.line_id
                  WHERE l.placement_id = ANY (:ids)), 0)
    FROM hours_line n WHERE n.placement_id = ANY (:ids)
""")


def in_sql(people: int, *placements: Placement) -> Figures:
    """The figures of these placements, by plain SQL; how many people is for the test to say."""
    row = db.session.execute(SQL, {"ids": [one.id for one in placements]}).one()
    return Figures(*(hours or Decimal("0.00") for hours in row), people)


def test_the_year_by_each_dimension(cast, people) -> None:
    one, two, three, four = people
    year = year_breakdowns(2026, Scope(seen_by(cast.administrator)))
    assert year.figures == in_sql(3, *people)
    assert year.figures.refused == Decimal("101.20")
    assert year.rsa == in_sql(1, one, four).counted
    cast_ids = {name: str(getattr(cast, name).id) for name in ("structure", "buyer", "guerin")}
    assert year.by == {
        Dimension.SEX: {"female": in_sql(1, one, four), "male": in_sql(2, two, three)},
        Dimension.AGE: {"0": in_sql(1, one), "1": in_sql(2, two, three), "3": in_sql(1, four)},
        Dimension.LEVEL: {"3": in_sql(2, one, two), None: in_sql(2, three, four)},
        Dimension.MAIN_CATEGORY: {"rsa": in_sql(2, one, two, four), "deld": in_sql(1, three)},
        Dimension.CATEGORY: {
            "rsa": in_sql(2, one, two, four),
            "qpv": in_sql(2, one, three),
            "deld": in_sql(1, three),
            "rqth": in_sql(1, three),
        },
        Dimension.RSA: {
            "recipient": in_sql(1, one),
            "dependant": in_sql(1, two),
            "none": in_sql(1, three),
            "partner": in_sql(1, four),
        },
        Dimension.COMMUNE: {f"370{age}": in_sql(1, who) for age, who in zip((25, 26, 40, 51), people, strict=True)},
        Dimension.QPV: {"QP037001": in_sql(2, one, three), None: in_sql(2, two, four)},
        Dimension.CONTRACT_TYPE: {"cdd": in_sql(2, one, two), "temporary_insertion": in_sql(2, three, four)},
        Dimension.MEANS: {"direct_hire": in_sql(2, one, two), "hiring_out": in_sql(2, three, four)},
        Dimension.EMPLOYER: {cast_ids["guerin"]: in_sql(3, *people)},
        Dimension.STRUCTURE: {
            cast_ids["structure"]: in_sql(3, one, two, three),
            str(cast.other_facilitator.organisation_id): in_sql(1, four),
        },
        Dimension.BUYER: {
            cast_ids["buyer"]: in_sql(3, one, two, three),
            str(cast.other_buyer.organisation_id): in_sql(1, four),
        },
        Dimension.LEVER: {"execution_condition": in_sql(3, one, two, three), "award_criterion": in_sql(1, four)},
    }


def test_a_scope_is_what_the_viewer_sees_narrowed_to_whom_is_named(cast, people) -> None:
    *ours, theirs = people
    whole, elsewhere = seen_by(cast.observer), cast.other_facilitator.organisation_id
    for scope, placements in (
        (Scope(seen_by(cast.claire)), ours),
        (Scope(seen_by(cast.helene)), ours),
        (Scope(seen_by(cast.sophie)), people),
        (Scope(seen_by(cast.other_facilitator)), [theirs]),
        (Scope(whole, structure_ids=[elsewhere]), [theirs]),
        (Scope(whole, buyer_ids=[cast.buyer.id]), ours),
        (Scope(whole, buyer_ids=[cast.buyer.id, cast.other_buyer.organisation_id]), people),
    ):
        counted = len({one.participant.same_as_id or one.participant_id for one in placements})
        assert year_breakdowns(2026, scope).figures == in_sql(counted, *placements), scope
    for scope in (
        Scope(seen_by(cast.rival)),
        Scope(seen_by(cast.prescriber)),
        Scope(seen_by(cast.claire), structure_ids=[elsewhere]),
        Scope(whole, structure_ids=[elsewhere], buyer_ids=[cast.buyer.id]),
    ):
        assert year_breakdowns(2026, scope).figures == Figures(), scope


@pytest.mark.parametrize("name", ["helene", "sophie", "observer"])
def test_who_is_not_in_charge_reads_no_category(cast, people, name) -> None:
    year = year_breakdowns(2026, Scope(seen_by(getattr(cast, name))))
    assert year.rsa is None
    assert not {one for one in year.by if one.tells_why}
    assert year.by[Dimension.SEX]


def test_what_changed_since_is_read_as_it_stands(cast, people) -> None:
    """A sex put right, a double parted, a clause given to another structure, a means corrected: at once."""
    one, *_, four = people
    four.participant.same_as_id, four.participant.sex = None, Sex.MALE
    cast.clause.structure = cast.other_facilitator.organisation
    one.means = Means.CONTRACTING
    db.session.flush()
    year = year_breakdowns(2026, Scope(seen_by(cast.administrator)))
    assert year.figures == in_sql(4, *people)
    assert year.by[Dimension.SEX]["female"] == in_sql(1, one)
    assert set(year.by[Dimension.STRUCTURE]) == {str(cast.other_facilitator.organisation_id)}
    assert year.by[Dimension.MEANS]["contracting"] == in_sql(1, one)


def test_the_desk_counts_somebody_entered_twice_once(cast, people) -> None:
    year = counted_of_year(2026, seen_by(cast.administrator))
    assert (year.counted, year.participants) == (in_sql(0, *people).counted, 3)
    assert counted_of_year(2025, seen_by(cast.administrator)).participants == 0


def test_a_year_without_hours_has_no_figures(cast) -> None:
    nothing = year_breakdowns(2026, Scope(seen_by(cast.claire)))
    assert (nothing.figures, nothing.rsa) == (Figures(), Decimal("0.00"))
    assert nothing == YearBreakdowns(2026, by={one: {} for one in Dimension})


def test_two_statements_whatever_the_number_of_dimensions(cast, people) -> None:
    viewer, asked = seen_by(cast.administrator), []
    keep = lambda *words: asked.append(words[2])  # noqa: E731 - a listener to take away again
    event.listen(db.engine, "before_cursor_execute", keep)
    year_breakdowns(2026, Scope(viewer))
    event.remove(db.engine, "before_cursor_execute", keep)
    assert len(asked) == 2
    assert not any("hours_line" in one or "ledger_entry" in one for one in asked)
