"""A holder declares that nobody worked for it in some months of a clause: « aucune heure » is a declaration."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from tracker.accounts.actions import write_journal
from tracker.hours.models import Declaration, HoursLine
from tracker.hours.queries.idle import idle_months_of
from tracker.hours.queries.months import is_one_of
from tracker.hours.rules.decisions import standing_of
from tracker.hours.rules.owed import objections_to_idle_months
from tracker.hours.rules.states import DeclarationState
from tracker.plumbing.database import db, new_public_id
from tracker.vocabulary.dates import Month
from tracker.vocabulary.objections import Stale, refuse_if_any

CHANGED = "Un de ces mois vient d’être transmis, ou quelqu’un y est maintenant à l’emploi."


def declare_idle_months(
    employer_id: int,
    ticked: Mapping[int, Collection[Month]],
    is_attested: bool,
    person_id: int | None,
    now: datetime,
    today: date,
) -> int:
    """Declares « aucune heure » for these months of each clause, and says how many there were.

    Nothing is left to decide: a declaration without any line is accepted as it stands. Refused when nothing is ticked
    or attested; Stale when one of the months is no longer owed without anybody in post.
    """
    refuse_if_any(objections_to_idle_months(ticked, is_attested))
    owed = {(one.clause_id, month) for one in idle_months_of(employer_id, today) for month in one.months}
    wanted = sorted((clause_id, month) for clause_id, months in ticked.items() for month in months)
    if not owed.issuperset(wanted):
        raise Stale(CHANGED)
    made = _declared(employer_id, wanted, person_id, now)
    _forget_drafts([declaration.id for declaration in made])
    for declaration in made:
        facts = {"month": str(declaration.month), "lines": 0, "corrected": 0, "hours": "0.00"}
        write_journal("declaration_submitted", "declaration", declaration.id, **facts)
    db.session.flush()
    return len(made)


def _declared(
    employer_id: int, wanted: Sequence[tuple[int, Month]], person_id: int | None, now: datetime
) -> Sequence[Declaration]:
    """One declaration a month, a draft of it becoming it; Stale when somebody else sent one at the same moment."""
    sent = {"state": standing_of([]), "attested": True, "submitted_at": now, "submitted_by_id": person_id}
    whose = {"employer_id": employer_id, "created_at": now}
    rows = [
        {**whose, **sent, "public_id": new_public_id(), "version_id": 1, "clause_id": clause_id, "month": month}
        for clause_id, month in wanted
    ]
    written = insert(Declaration).values(rows)
    written = written.on_conflict_do_update(
        index_elements=["employer_id", "clause_id", "month"],
        set_={**sent, "version_id": Declaration.version_id + 1},
        where=Declaration.state == DeclarationState.DRAFT,
    )
    ids = db.session.scalars(written.returning(Declaration.id)).all()
    if len(ids) < len(wanted):
        raise Stale(CHANGED)
    return db.session.scalars(select(Declaration).where(is_one_of(Declaration.id, ids)).order_by(Declaration.id)).all()


def _forget_drafts(declaration_ids: Sequence[int]) -> None:
    """Lines kept for somebody who was refused since are of no declaration."""
    kept = delete(HoursLine).where(is_one_of(HoursLine.declaration_id, declaration_ids), HoursLine.version == 0)
    db.session.execute(kept)
