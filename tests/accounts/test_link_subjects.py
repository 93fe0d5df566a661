"""A link is a restricted session: the acts of its purpose, on the one thing it was sent for."""

from dataclasses import dataclass, replace
from datetime import date

import pytest
from flask_security import hash_password
from sqlalchemy import delete, select

from tests import builders as a
from tracker.accounts import actions, queries
from tracker.accounts.models import AccessLink, Membership
from tracker.accounts.rules import ANYONE, GRANTS, OPENED_BY, Act, LinkPurpose, Role, Subject, may
from tracker.contracts.models import Clause
from tracker.contracts.queries.contracts import visible_contracts
from tracker.hours.models import Declaration
from tracker.hours.queries.months import open_month
from tracker.placements.models import Placement
from tracker.placements.queries import visible_placements
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

INVITATION = LinkPurpose.INVITATION
MARCH = "/declarations/2026-03"
LIMIT = "Entrée par lien&nbsp;:"
MORE = "Se connecter avec votre mot de passe"


@dataclass
class Two:
    """Sophie's firm works for two buyers: Amina on our clause, Téo on the one beside it."""

    amina: Placement
    teo: Placement
    beside: Clause


@pytest.fixture
def two(cast) -> Two:
    clock.stand_on(a.TODAY)
    contract = a.a_contract(cast.other_buyer.organisation, [cast.guerin], object="École de Vernay")
    beside = a.a_clause(contract, cast.structure)
    hired = []
    for pledge, name in ((cast.pledge, "Amina Diallo"), (a.a_pledge(beside, cast.guerin), "Téo Voisin")):
        person = a.a_participant(cast.structure, name)
        hired.append(a.a_placement(pledge, person, a.a_decision(person, cast.claire.person)))
    db.session.commit()
    return Two(*hired, beside)


def entered(client, membership: Membership, subject: Subject) -> int:
    """Lets somebody in by a link about this; gives the link's id."""
    secret = actions.make_link(membership, clock.now(), subject)
    db.session.commit()
    assert client.send(f"/lien/{secret}").status_code == 302
    return db.session.scalars(select(AccessLink.id).where(AccessLink.digest == queries.digest_of(secret))).one()


@pytest.fixture
def by_link(client, cast, two):
    """Sophie, let in by a link sent for our clause."""
    entered(client, cast.sophie, cast.pledge.subject)
    return client


@pytest.mark.parametrize("role", [None, *Role])
def test_a_link_never_gives_an_act_that_the_role_has_not(role):
    by_link = {act for act in Act if may(role, act, INVITATION)}
    assert by_link <= {act for act in Act if may(role, act)}
    assert by_link - ANYONE == {act for act in OPENED_BY[INVITATION] if role in GRANTS[act]}


@pytest.mark.parametrize(
    ("act", "is_open"),
    [
        (Act.DECLARE_HOURS, True),
        (Act.PROPOSE_PLACEMENT, True),
        (Act.SEE_CERTIFICATES, True),  # the holder is a certificate's reader
        (Act.SIGN_OUT, True),
        (Act.VERIFY_CERTIFICATE, True),  # as anybody
        (Act.CHOOSE_ORGANISATION, False),  # a link acts for one organisation
    ],
)
def test_an_invitation_opens_an_employer_s_work_and_no_other_organisation(act, is_open):
    assert may(Role.EMPLOYER, act)
    assert may(Role.EMPLOYER, act, INVITATION) == is_open


def test_every_purpose_says_what_it_opens():
    assert set(OPENED_BY) == set(LinkPurpose)


def test_an_officer_let_in_by_a_link_does_not_invite(client, cast, two):
    entered(client, cast.helene, cast.pledge.subject)
    address = f"/engagements/{cast.pledge.public_id}/inviter"
    assert client.get(f"/marches/{cast.contract.id}").status_code == 200
    assert client.get(address).status_code == 403
    assert client.application.test_client().acting_for(cast.helene).get(address).status_code == 200


def test_whoever_invites_for_one_contract_opens_nothing_of_another_buyer_s(client, cast, two):
    guest = {"email": "complice@exemple.fr", "given_name": "Une", "family_name": "Complice"}
    client.acting_for(cast.helene).send(f"/engagements/{cast.pledge.public_id}/inviter", guest)
    member = db.session.scalars(select(Membership).order_by(Membership.id.desc())).first()
    visitor = client.application.test_client()
    entered(visitor, member, db.session.scalars(select(AccessLink)).one().subject)
    assert visitor.get(f"/mises-a-l-emploi/{two.amina.public_id}").status_code == 200
    assert visitor.get(f"/mises-a-l-emploi/{two.teo.public_id}").status_code == 404
    assert visitor.get(f"/clauses/{two.beside.id}").status_code == 404
    for page in ("/", "/marches", "/mises-a-l-emploi", "/declarations", MARCH):
        shown = visitor.get(page).text
        assert "Voisin" not in shown, page
        assert "École de Vernay" not in shown, page


def test_each_link_opens_its_own_clause(client, cast, two):
    entered(client, cast.sophie, ("clause", two.beside.id))
    assert client.get(f"/mises-a-l-emploi/{two.amina.public_id}").status_code == 404
    assert "Téo Voisin" in client.get("/mises-a-l-emploi").text


def test_a_link_to_a_clause_that_is_not_the_employer_s_opens_nothing(client, cast, two):
    entered(client, cast.rival, cast.pledge.subject)
    assert client.get("/").status_code == 200
    assert client.get(f"/clauses/{cast.clause.id}").status_code == 404
    assert "Amina" not in client.get("/mises-a-l-emploi").text


def test_the_month_shows_that_clause_alone_and_sending_it_touches_no_other(by_link, cast, two):
    page = by_link.get(MARCH).text
    assert "Amina Diallo" in page
    assert "Voisin" not in page
    # A page written by hand, for both clauses.
    both = {
        f"hours-{two.amina.public_id}-0": "120",
        f"hours-{two.teo.public_id}-0": "110",
        f"honour-{cast.clause.id}": "y",
        f"honour-{two.beside.id}": "y",
    }
    assert by_link.send(MARCH, both | {"action": "save"}, key="kept").status_code == 302
    assert by_link.send(MARCH, both | {"action": "submit"}, key="sent").status_code == 302
    assert [one.clause_id for one in db.session.scalars(select(Declaration))] == [cast.clause.id]


def test_what_waits_is_what_waits_on_that_clause(by_link, client, cast, two):
    sophie = client.application.test_client().acting_for(cast.sophie)
    assert "École de Vernay" in sophie.get("/").text
    assert "sur 2\u00a0marchés" in sophie.get("/declarations").text
    assert "École de Vernay" not in by_link.get("/").text
    assert "sur 1\u00a0marché" in by_link.get("/declarations").text


def test_nobody_from_another_contract_is_offered_by_name(by_link, client, cast, two):
    address = f"/clauses/{cast.clause.id}/mises-a-l-emploi/nouvelle"
    shown = client.application.test_client().acting_for(cast.sophie).get(address).text
    assert two.teo.participant.public_id in shown
    assert two.amina.participant.public_id in shown
    by_link_shown = by_link.get(address).text
    assert two.amina.participant.public_id in by_link_shown
    assert two.teo.participant.public_id not in by_link_shown


def test_a_pledge_outside_any_contract_is_a_subject_too(cast, two):
    alone = a.a_pledge(cast.clause, cast.rival.organisation)
    alone.clause = None
    person = a.a_participant(cast.structure, "Inès Seule")
    outside = a.a_placement(alone, person, None, employer=cast.guerin)
    whole = queries.viewer_of(cast.sophie.person.fs_uniquifier, cast.sophie.id, a.TODAY)
    limited = replace(whole, purpose=INVITATION, subject=alone.subject)
    assert alone.subject == ("pledge", alone.id)
    assert set(db.session.scalars(visible_placements(whole))) == {two.amina, two.teo, outside}
    assert db.session.scalars(visible_placements(limited)).all() == [outside]
    assert db.session.scalars(visible_contracts(limited)).all() == []
    assert open_month(cast.guerin.id, Month(2026, 3), a.TODAY, alone.subject).clauses == ()


def test_a_session_that_names_somebody_else_s_link_is_nobody_s(by_link, client, cast, two):
    other = client.application.test_client()
    theirs = entered(other, cast.rival, cast.pledge.subject)
    assert by_link.get("/").status_code == 200
    with by_link.session_transaction() as session:
        session["link_id"] = theirs
    assert by_link.get("/").status_code == 401


@pytest.mark.parametrize("wrong", ["unspent", "unknown", "about nothing", "unnamed"])
def test_a_session_without_its_own_spent_link_is_nobody_s(by_link, cast, wrong):
    with by_link.session_transaction() as session:
        mine = session["link_id"]
        if wrong == "unnamed":  # as the sessions of an earlier version were
            del session["link_id"]
    link = db.session.get_one(AccessLink, mine)
    if wrong == "unspent":
        link.used_at = None
    elif wrong == "unknown":
        db.session.execute(delete(AccessLink))
    elif wrong == "about nothing":
        link.about_kind, link.about_id = "", None
    assert by_link.get("/").status_code == 401
    assert by_link.get(f"/clauses/{cast.clause.id}").status_code == 401


def test_a_link_s_session_ends_with_its_membership(by_link, cast):
    cast.sophie.ended_on = date(2026, 4, 7)
    assert by_link.get("/").status_code == 401


def test_the_masthead_says_what_a_link_is_limited_to(by_link, client, cast):
    shown = by_link.get("/").text
    assert f"{LIMIT} marché {cast.contract.number} seulement." in shown
    assert MORE not in shown, "nobody without a password is sent to ask for one"
    cast.sophie.person.password = hash_password("une-longue-phrase-2026")
    assert MORE in by_link.get("/").text
    assert LIMIT not in client.application.test_client().acting_for(cast.sophie).get("/").text


def test_a_password_opens_the_whole_again(by_link, cast, two):
    cast.sophie.person.password = hash_password("une-longue-phrase-2026")
    typed = {"email": cast.sophie.person.email, "password": "une-longue-phrase-2026"}
    assert by_link.send("/connexion", typed).status_code == 302
    assert by_link.get(f"/clauses/{two.beside.id}").status_code == 200
    assert LIMIT not in by_link.get("/").text


def test_a_password_of_one_s_own_does_not_open_what_an_invitation_made(client, cast, two):
    """Hélène's accomplice has an account elsewhere: invited for one contract, he reads nothing of the other."""
    cast.rival.person.password = hash_password("une-longue-phrase-2026")
    invited = actions.find_or_add_membership(cast.rival.person, cast.guerin, Role.EMPLOYER, a.TODAY)
    typed = {"email": cast.rival.person.email, "password": "une-longue-phrase-2026"}
    assert client.send("/connexion", typed).status_code == 302
    assert "Rival Bâtiment" in client.get("/").text
    assert client.get("/organismes").status_code == 404, "one organisation alone is his to choose"
    assert client.acting_for(invited).get("/").status_code == 401
    entered(client, invited, cast.pledge.subject)
    assert client.get(f"/clauses/{cast.clause.id}").status_code == 200
    assert client.get(f"/clauses/{two.beside.id}").status_code == 404


def test_who_was_invited_again_after_leaving_enters_by_links_alone(cast, two):
    cast.sophie.ended_on = date(2026, 4, 7)
    again = actions.find_or_add_membership(cast.sophie.person, cast.guerin, Role.EMPLOYER, a.TODAY)
    assert (again.id, again.ended_on, again.by_link_only) == (cast.sophie.id, None, True)


def test_an_invitation_takes_nothing_from_whoever_entered_by_a_password(cast, two):
    same = actions.find_or_add_membership(cast.sophie.person, cast.guerin, Role.EMPLOYER, a.TODAY)
    assert (same.id, same.by_link_only) == (cast.sophie.id, False)
