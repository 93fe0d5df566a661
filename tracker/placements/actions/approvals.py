"""The paper of an approval: its facts are frozen on the day, numbered, drawn, and kept for good."""

from datetime import date

from sqlalchemy import func, select

from tracker.accounts.models import Organisation
from tracker.contracts.models import Clause
from tracker.placements.actions.sitting import Facts, Sitting
from tracker.placements.models import Approval, Placement
from tracker.placements.rules.approvals import approval_number
from tracker.plumbing import files
from tracker.plumbing.database import db
from tracker.vocabulary.frozen import fingerprint, frozen

PDF = "application/pdf"
SCHEMA = 1


def give_paper(placement: Placement, until: date | None, sitting: Sitting) -> Approval:
    """Numbers, draws and keeps the paper of a placement approved today; `until` is the last day that counts.

    Numbers are given one after the other: whoever approves next waits for the end of this transaction.
    """
    year = sitting.today.year
    rank = db.session.scalars(select(func.next_approval_rank(year))).one()
    facts = frozen(_facts(placement, until, sitting, approval_number(year, rank)))
    paper = Approval(
        placement_id=placement.id,
        year=year,
        rank=rank,
        facts=facts,
        facts_digest=fingerprint(facts),
        file_digest=files.keep(sitting.draw(facts), PDF),
        approved_on=sitting.today,
        issued_at=sitting.now,
    )
    db.session.add(paper)
    return paper


def _facts(placement: Placement, until: date | None, sitting: Sitting, number: str) -> Facts:
    """What the employer knows already, and the approval: never the decision, nor anything that it rests on."""
    person, clause = placement.participant, placement.pledge.clause
    return {
        "schema": SCHEMA,
        "number": number,
        "approved_on": sitting.today,
        "issued_at": sitting.now.isoformat(timespec="seconds"),
        "department": sitting.head.department,
        "structure": placement.pledge.structure.name,
        "facilitator": sitting.person_name,
        "employer": _party(placement.employer),
        "person": {"name": person.name, "born_on": person.born_on},
        "contract": _contract(clause) if clause else None,
        "work": _work(placement),
        "counts_from": max(sitting.today, placement.starts_on),
        "counts_until": until,
    }


def _party(organisation: Organisation) -> Facts:
    return {"name": organisation.name, "siret": organisation.siret, "identifier": organisation.identifier}


def _contract(clause: Clause) -> Facts:
    contract = clause.contract
    return {"number": contract.number, "object": contract.title, "buyer": _party(contract.buyer)}


def _work(placement: Placement) -> Facts:
    return {
        "contract_type": placement.contract_type.label,
        "means": placement.means.label,
        "job": placement.job,
        "weekly_hours": placement.weekly_hours,
        "site": placement.site,
        "tutor": placement.tutor,
        "starts_on": placement.starts_on,
        "ends_on": placement.ends_on,
    }
