"""A clause is registered with a pledge for each holder; the employer who made a pledge is invited to keep it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tracker.accounts import actions as accounts
from tracker.accounts.exchange import Mail
from tracker.accounts.models import Membership
from tracker.accounts.queries import acts_for
from tracker.accounts.rules import Role
from tracker.contracts.actions.clauses import add_clause
from tracker.contracts.models import Clause, Contract, ContractParty
from tracker.contracts.queries.contracts import holders_of
from tracker.contracts.rules.clauses import ClauseDraft
from tracker.pledges.models import Pledge
from tracker.pledges.rules import equal_shares
from tracker.plumbing import outbox
from tracker.plumbing.database import db
from tracker.vocabulary.objections import Objection, Refused

ONE_S_OWN = (
    "Cette personne agit déjà pour votre organisme\u00a0: elle ne peut pas agir aussi pour l’employeur qu’il suit, dont"
    " elle lirait les noms. Écrivez l’adresse d’une personne de l’entreprise."
)

# Makes the message once its link's secret is known.
Letter = Callable[[str], Mail]


@dataclass(frozen=True)
class Guest:
    """Somebody to invite: an address and a name, as typed."""

    email: str
    given_name: str
    family_name: str


def register_clause(contract: Contract, draft: ClauseDraft, structure_id: int, now: datetime, today: date) -> Clause:
    """Registers the clause, and one pledge for each holder of its contract.

    `structure_id` carries the clause: that of the facilitator in charge, or of whoever registers it without one.
    Raises Refused with every objection at once.
    """
    clause = add_clause(contract, draft, structure_id, now)
    shares = _shares(draft.figures.hours, holders_of([contract.id])[contract.id])
    made_on = contract.notified_on or today
    for organisation_id, hours in shares.items():
        db.session.add(
            Pledge(
                structure_id=clause.structure_id,
                clause_id=clause.id,
                organisation_id=organisation_id,
                share_hours=hours,
                made_on=made_on,
                created_at=now,
            )
        )
    db.session.flush()
    accounts.write_journal("pledges_made", "clause", clause.id, pledges=len(shares))
    return clause


def _shares(due: Decimal | None, holders: Sequence[ContractParty]) -> dict[int, Decimal | None]:
    """Each holder's indicative hours, None when it stands alone or the hours due are not known.

    Published data rarely say whether a grouping is solidary: until somebody does, its members share as equals.
    """
    members = list(dict.fromkeys(holder.organisation_id for holder in holders))
    if due is None or len(members) < 2:  # noqa: PLR2004 - nobody to share with
        return dict.fromkeys(members)
    parts = equal_shares(due, [str(member) for member in members])
    return {member: part.hours for member, part in zip(members, parts, strict=True)}


def invite_employer(
    pledge: Pledge, guest: Guest, letter: Letter, inviter_id: int, now: datetime, today: date
) -> Membership:
    """Lets somebody act for the pledge's organisation, and sends the link that opens it; `inviter_id` is who invites.

    Somebody who has an account already keeps it as it is, and whoever invites learns nothing of it. Refused for
    somebody of the inviting organisation. The link opens that pledge alone: nothing of another buyer's contract.
    """
    if pledge.organisation_id != inviter_id and acts_for(inviter_id, guest.email, today):
        raise Refused([Objection("guest_of_one_s_own", ONE_S_OWN, "email")])
    person = accounts.find_or_add_person(guest.email, guest.given_name, guest.family_name, now)
    membership = accounts.find_or_add_membership(person, pledge.organisation, Role.EMPLOYER, today)
    send_link(pledge, membership, letter, now)
    return membership


def send_link(pledge: Pledge, membership: Membership, letter: Letter, now: datetime) -> None:
    """Sends a link to that pledge alone, the first or a new one, to somebody who may act for its organisation."""
    mail = letter(accounts.make_link(membership, now, pledge.subject))
    outbox.post(membership.person.email, mail.subject, mail.body, about=pledge.subject)
    about = ("clause", pledge.clause_id) if pledge.clause_id else ("organisation", pledge.organisation_id)
    accounts.write_journal("employer_invited", *about, organisation=pledge.organisation_id)
