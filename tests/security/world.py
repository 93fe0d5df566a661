"""A world richer than the cast: for each kind of page, one thing that is ours and one that is somebody else's.

Guérin holds our contract, and one of another buyer's beside it; Relais lends somebody to ours; Rival works elsewhere,
for another buyer and structure.
"""

from collections.abc import Callable, Mapping
from contextvars import Context
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests import builders as a
from tests.cast import Cast
from tests.certificates.world import PAPER, a_month, an_issue
from tests.pages.judge import JudgingClient
from tracker.accounts import actions as accounts
from tracker.accounts.models import Membership
from tracker.accounts.rules import OrganisationKind, Role
from tracker.certificates.rules import Kind
from tracker.contracts.models import Clause, ClauseParty, ContractImport
from tracker.contracts.rules.levers import Capacity
from tracker.hours.models import HoursLine
from tracker.hours.rules.states import DeclarationState
from tracker.participants.models import IdentityVersion, ParticipantAccess
from tracker.participants.rules.identity import IDENTITY_FIELDS
from tracker.placements.actions.approvals import give_paper
from tracker.placements.actions.sitting import Sitting
from tracker.placements.documents import draw_approval
from tracker.placements.exchange import Letterhead
from tracker.placements.models import Placement
from tracker.placements.rules import Means
from tracker.pledges.models import Pledge
from tracker.plumbing import clock, outbox
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

JANUARY, FEBRUARY, MARCH = (Month(2026, number) for number in (1, 2, 3))
REJECT = {"rank": 3, "path": "marches[2]", "path_in_record": "montant", "reason": "Montant illisible", "raw": "=1+1"}
COUNTS = {
    "read": 1,
    "created": 0,
    "updated": 0,
    "unchanged": 0,
    "rejected": 1,
    "repaired": 0,
    "with_social_clause": 0,
}
Subjects = dict[str, dict[str, Any]]
Draw = Callable[[Mapping[str, Any]], bytes] | None
# Family names that no page holds by chance.
NAMES = {
    "amina": "Amina Zadiallo",
    "lucas": "Lucas Zapetit",
    "karim": "Karim Zabenali",
    "bilal": "Bilal Zacherif",
    "nadia": "Nadia Zalointain",
    "teo": "Téo Zavoisin",
}
# Who was approved since approvals leave a paper; the others were before.
WITH_PAPER = ("amina", "nadia")
# Two memberships at once, and the one acted for is the weaker.
BOTH = "both"


@dataclass
class World:
    """Who may come (`personas`), what the addresses name (`subjects`), and the things themselves."""

    cast: Cast
    personas: dict[str, Membership]
    subjects: Subjects
    placements: dict[str, Placement]
    app: Flask
    let_in_by_link: dict[str, Any]

    def visitor(self, persona: str) -> "Visitor":
        """The browser of this persona: signed in by a session, by a link that was really spent, or not at all."""
        client = Visitor(self.app, response_wrapper=self.app.response_class)
        if persona == "link":
            return client.carrying(self.let_in_by_link)
        if persona != "nobody":
            client.acting_for(self.personas[persona])
        return client.carrying({"can_switch": True}) if persona == BOTH else client


class Visitor(JudgingClient):
    """A browser that looks at answers alone: its pages are judged where they are tested."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return Context().run(super(JudgingClient, self).open, *args, **kwargs)

    def carrying(self, more: dict[str, Any]) -> "Visitor":
        """The same, with more in its session."""
        with self.session_transaction() as session:
            session.update(more)
        return self


@pytest.fixture
def drawn() -> Draw:
    """How a certificate is drawn: for nothing, unless a test reads it."""
    return None


@pytest.fixture
def world(app, cast, drawn) -> World:
    """Everything committed, on 8 April 2026."""
    clock.stand_on(a.TODAY)
    placements = {**_ours(cast), **_beside(cast), **_theirs(cast)}
    personas = _personas(cast, placements)
    secrets = {
        name: accounts.make_link(cast.sophie, clock.now(), cast.pledge.subject) for name in ("entry", "fresh", "spent")
    }
    accounts.spend_link(secrets["spent"], clock.now())
    outbox.post("sophie@exemple.test", "Votre accès", "Bonjour", ("organisation", cast.guerin.id))
    db.session.commit()
    subjects = _subjects(cast, placements, secrets, drawn)
    for name in WITH_PAPER:
        _give_paper(placements[name], cast, drawn)
    db.session.commit()
    return World(cast, personas, subjects, placements, app, _let_in(app, secrets["entry"]))


def _give_paper(placement: Placement, cast: Cast, draw: Draw) -> None:
    head = Letterhead("Suivi des clauses d’insertion", "Département de Loire-et-Vienne", "http://clauses.test")
    who, paints = cast.claire.person, draw_approval if draw else lambda _: PAPER
    give_paper(placement, date(2026, 10, 31), Sitting(who.id, who.name, a.NOW, a.TODAY, 1, head, paints))


def _let_in(app: Flask, secret: str) -> dict[str, Any]:
    """What the session holds once a link was spent."""
    client = Visitor(app, response_wrapper=app.response_class)
    assert client.send(f"/lien/{secret}").status_code == 302
    with client.session_transaction() as session:
        return dict(session)


def _ours(cast: Cast) -> dict[str, Placement]:
    people = {name: a.a_participant(cast.structure, NAMES[name]) for name in ("amina", "lucas", "karim")}
    decision = a.a_decision(people["amina"], cast.claire.person, **why("amina"))
    approved = a.a_placement(cast.pledge, people["amina"], decision)
    a_month(approved, JANUARY, "140.00")
    a_month(approved, FEBRUARY, "130.00", state=DeclarationState.SUBMITTED)
    _draft(approved, MARCH)
    return {
        "amina": _renamed(approved, "amina"),
        "lucas": a.a_placement(cast.pledge, people["lucas"], None, starts_on=date(2026, 4, 1)),
        "karim": a.a_placement(
            cast.pledge,
            people["karim"],
            None,
            refused_at=a.NOW,
            refusal_reason="Contrat signé avant toute proposition.",
        ),
        "bilal": _lent(cast),
    }


def why(name: str) -> dict[str, Any]:
    """Why this person counts, each ground marked with the name it belongs to."""
    return {
        "other_categories": ["rqth", f"zacategorie-{name}"],
        "proof_seen_by": f"Zatemoin-{name}",
        "reason": f"Zaavis-{name}",
        "frozen": {"age": 35, "commune": "37261", "qpv": f"zaquartier-{name}", "level": "3"},
    }


def _renamed(placement: Placement, name: str) -> Placement:
    """The same, for somebody whose family name was another until a correction."""
    person = placement.participant
    db.session.query(IdentityVersion).filter_by(participant_id=person.id).update({"family_name": f"Zaancien-{name}"})
    now = {field: getattr(person, field) for field in IDENTITY_FIELDS}
    db.session.add(IdentityVersion(participant_id=person.id, number=2, recorded_at=a.NOW, **now))
    return placement


def _draft(placement: Placement, month: Month) -> None:
    declaration = a_month(placement, month, "20.00", state=DeclarationState.SUBMITTED)
    declaration.state, declaration.submitted_at, declaration.attested = DeclarationState.DRAFT, None, False
    db.session.query(HoursLine).filter_by(declaration_id=declaration.id).update({"state": "draft"})


def _lent(cast: Cast) -> Placement:
    relais = a.an_organisation("Relais Intérim", OrganisationKind.INSERTION_STRUCTURE)
    bilal = a.a_participant(cast.structure, NAMES["bilal"])
    decision = a.a_decision(bilal, cast.claire.person, **why("bilal"))
    placement = a.a_placement(cast.pledge, bilal, decision, employer=relais, means=Means.HIRING_OUT)
    _join(cast.clause, relais.id)
    a_month(placement, JANUARY, "70.00")
    return _renamed(placement, "bilal")


def _join(clause: Clause, organisation_id: int) -> None:
    db.session.add(ClauseParty(clause_id=clause.id, organisation_id=organisation_id, capacity=Capacity.EMPLOYER))


def _beside(cast: Cast) -> dict[str, Placement]:
    """The same employer, under the same facilitator, works for another buyer too."""
    contract = a.a_contract(cast.other_buyer.organisation, [cast.guerin], object="École de Vernay")
    teo = a.a_participant(cast.structure, NAMES["teo"])
    decision = a.a_decision(teo, cast.claire.person, **why("teo"))
    clause = a.a_clause(contract, cast.structure, facilitator=cast.claire.person)
    placement = a.a_placement(a.a_pledge(clause, cast.guerin), teo, decision)
    a_month(placement, FEBRUARY, "110.00", state=DeclarationState.SUBMITTED)
    return {"teo": placement}


def _theirs(cast: Cast) -> dict[str, Placement]:
    structure, rival = cast.other_facilitator.organisation, cast.rival.organisation
    clause = a.a_clause(a.a_contract(cast.other_buyer.organisation, [rival], object="Crèche de Vernay"), structure)
    nadia = a.a_participant(structure, NAMES["nadia"])
    decision = a.a_decision(nadia, cast.other_facilitator.person, **why("nadia"))
    placement = a.a_placement(a.a_pledge(clause, rival), nadia, decision)
    a_month(placement, FEBRUARY, "90.00", state=DeclarationState.SUBMITTED)
    return {"nadia": _renamed(placement, "nadia")}


def _personas(cast: Cast, placements: dict[str, Placement]) -> dict[str, Membership]:
    lender = a.a_membership(Role.EMPLOYER, placements["bilal"].employer, a.a_person("Rose", "Relais"))
    gone = a.a_membership(Role.ADMINISTRATOR, cast.structure, a.a_person("Gaspard", "Parti"), ended_on=date(2026, 4, 7))
    double = a.a_person("Diane", "Double")
    a.a_membership(Role.ADMINISTRATOR, cast.structure, double)
    both = a.a_membership(Role.OBSERVER, cast.structure, double)
    sent = {"participant_id": placements["amina"].participant_id, "organisation_id": cast.prescriber.organisation_id}
    db.session.add(ParticipantAccess(**sent))
    known = ("sophie", "rival", "helene", "other_buyer", "claire", "other_facilitator", "prescriber")
    return {
        **{name: getattr(cast, name) for name in (*known, "administrator", "observer")},
        "lender": lender,
        "ended": gone,
        BOTH: both,
    }


def _subjects(cast: Cast, placements: dict[str, Placement], secrets: dict[str, str], draw: Draw) -> Subjects:
    elsewhere, beside = placements["nadia"].pledge, placements["teo"].pledge
    unclaimed = a.a_contract(cast.buyer, [cast.guerin], object="Marché sans clause")
    taken = ContractImport(
        file_name="marches.json", organisation_id=cast.buyer.id, counts=COUNTS, rejects=[REJECT], at=a.NOW
    )
    db.session.add(taken)
    db.session.flush()
    return {
        "-": {},
        "ours": _named(cast.pledge),
        "beside": _named(beside),
        "theirs": _named(elsewhere),
        "unclaimed": {"contract_id": unclaimed.id},
        "import": {"import_id": taken.id},
        "guest": {"public_id": cast.pledge.public_id, "membership_id": cast.sophie.id},
        "stranger": {"public_id": cast.pledge.public_id, "membership_id": cast.rival.id},
        "month": {"month": "2026-03"},
        **{name: {"public_id": one.public_id} for name, one in placements.items()},
        **{f"{name}-file": {"public_id": one.participant.public_id} for name, one in placements.items()},
        **_declared(placements),
        **_certified(cast, beside.clause, draw),
        **{f"{name}-link": {"secret": secret} for name, secret in secrets.items()},
        "no-link": {"secret": "n" * 43},
        "stylesheet": {"filename": "css/base.css"},
    }


def _named(pledge: Pledge) -> dict[str, Any]:
    return {"contract_id": pledge.clause.contract_id, "clause_id": pledge.clause_id, "public_id": pledge.public_id}


def _declared(placements: dict[str, Placement]) -> Subjects:
    wanted = {
        "sent": ("amina", FEBRUARY),
        "accepted": ("amina", JANUARY),
        "draft": ("amina", MARCH),
        "lent": ("bilal", JANUARY),
        "sent-beside": ("teo", FEBRUARY),
        "sent-elsewhere": ("nadia", FEBRUARY),
    }
    return {
        name: {"public_id": _line(placements[who], month).declaration.public_id}
        for name, (who, month) in wanted.items()
    }


def _line(placement: Placement, month: Month) -> HoursLine:
    return db.session.query(HoursLine).filter_by(placement_id=placement.id, month=month).one()


def _certified(cast: Cast, beside: Clause, draw: Draw) -> Subjects:
    issued = an_issue(cast, kind=Kind.INTERIM, draw=draw)
    neighbour = an_issue(cast, beside, kind=Kind.INTERIM, draw=draw)
    return {
        "certificate-beside": {"number": neighbour.number},
        "paper-beside": {"number": neighbour.number, "version": neighbour.version},
        "certificate": {"number": issued.number},
        "paper": {"number": issued.number, "version": issued.version},
        "code": {"code": issued.code},
        "no-code": {"code": "z" * len(issued.code)},
    }
