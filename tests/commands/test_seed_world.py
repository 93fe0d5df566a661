"""A seeded structure obeys every rule, its pages agree with its figures, and the checker sees what is broken."""

import re
from datetime import date

import psycopg
import pytest
from sqlalchemy import select, text

from tests.pages.judge import JudgingClient
from tracker.accounts.models import Membership, Person
from tracker.accounts.rules import Role
from tracker.commands.seed.checking import faults_of
from tracker.commands.seed.command import owner_address
from tracker.commands.seed.parties import ADDRESSES
from tracker.commands.seed.sampling import faults_in
from tracker.plumbing import clock, sessions
from tracker.plumbing.database import db

NBSP = "\u00a0"
TODAY = date(2025, 12, 31)


@pytest.fixture(scope="module")
def seeded(whole_app, wipe):
    """The structure scale, written once for the module."""
    with whole_app.app_context():
        answer = whole_app.test_cli_runner().invoke(args=["seed", "--as-of", "2026-03-01"])
        assert answer.exit_code == 0
    yield whole_app
    wipe()


@pytest.fixture
def world(seeded):
    """The application over the seeded structure; nothing that a test changes stays."""
    sessions.set_actor(sessions.Actor("command"))
    clock.stand_on(TODAY)
    with seeded.app_context():
        yield seeded
        db.session.rollback()
        db.session.remove()
    clock.stand_on(None)
    sessions.set_actor(sessions.NOBODY)


@pytest.fixture
def acting(world):
    """Somebody's browser, by role."""

    def begin(role: Role) -> tuple[JudgingClient, Membership]:
        found = select(Membership).join(Person).where(Person.email == ADDRESSES[role])
        membership = db.session.scalars(found).one()
        return world.test_client().acting_for(membership), membership

    return begin


def test_the_checker_finds_nothing_to_say(world):
    answer = world.test_cli_runner().invoke(args=["seed", "check", "--sample", "25"])
    assert answer.output.splitlines() == [f"0{NBSP}défaut"]
    assert answer.exit_code == 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE hours_line SET imputed_hours = 0 WHERE id = 7", "heures imputées"),
        ("UPDATE ledger_entry SET hours = hours - 1 WHERE id = 7", "heures de l’année"),
        ("UPDATE hours_line SET accepted_hours = 0, imputed_hours = 0 WHERE id = 7", "selon l’état de la ligne"),
        ("UPDATE hours_line_version SET hours = hours + 1 WHERE id = 7", "dernière version"),
        ("UPDATE hours_line_version SET number = 3 WHERE id = 7", "sans trou"),
        ("DELETE FROM ledger_entry WHERE id = 7", "inscrite au registre"),
        ("UPDATE ledger_entry SET month = month - interval '1 month' WHERE id = 7", "registre fidèle"),
        ("UPDATE declaration SET month = month - interval '1 month' WHERE id = 7", "déclaration fidèle"),
        ("UPDATE declaration SET state = 'returned' WHERE id = 7", "état de la déclaration"),
        ("UPDATE hours_line SET to_on = to_on + 40 WHERE id = 7", "lignes dans le mois"),
        ("UPDATE placement SET approved_on = approved_on + 400 WHERE id = 7", "à partir de l’accord"),
        ("UPDATE eligibility_decision SET decided_on = decided_on + 400 WHERE id = 7", "décision favorable"),
        ("DELETE FROM participant_access", "peut lire le nom"),
        ("DELETE FROM clause_party", "voir la clause"),
        ("DELETE FROM pledge WHERE id = 7", "un engagement par titulaire"),
        ("UPDATE obligation_event SET hours = 0 WHERE clause_id = 7", "heures dues"),
        ("ALTER TABLE ledger_entry DISABLE TRIGGER keep_imputed_hours", "déclencheurs en service"),
        ("UPDATE contract SET buyer_id = (SELECT min(buyer_id) FROM contract)", "acheteurs"),
        ("UPDATE contract SET cpv = '45210000'", "secteur, Nettoyage"),
        ("UPDATE eligibility_decision SET rsa_status = 'none'", "allocataires du RSA"),
    ],
)
def test_a_broken_sum_is_found(world, server, statement, said):
    with psycopg.connect(server.url_for("postgres").replace("+psycopg", "")) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(statement)
        found = list(faults_of(connection))
        connection.rollback()
    assert [fault for fault in found if said in fault]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE organisation SET siret = '00000000000001'", "SIRET faux"),
        ("UPDATE contract SET search_text = ''", "texte de recherche"),
        ("UPDATE clause SET perimeter = ''", "Indiquez le périmètre"),
        ("UPDATE participant SET family_name = ' '", "Indiquez le nom"),
        ("UPDATE participant SET born_on = '2012-01-01'", "personne ne travaille avant"),
        ("UPDATE participant SET born_on = born_on - 4000", "âge figé"),
        ("UPDATE participant SET born_on = '1940-01-01'", "avant 26 ans"),
        ("UPDATE placement SET starts_on = '2011-01-01', ends_on = '2011-01-31'", "hors de l’exécution du marché"),
        ("UPDATE hours_line_version SET hours = 700", "dépassent ce que la loi permet"),
        ("UPDATE placement SET means = 'training'", "le registre dit autre chose que les règles"),
    ],
)
def test_a_broken_rule_is_found(world, statement, said):
    db.session.execute(text(statement))
    assert any(said in fault.replace(NBSP, " ") for fault in faults_in(40, TODAY))


def test_the_desk_says_the_published_hours_of_the_year(acting):
    client, _ = acting(Role.FACILITATOR)
    page = client.get("/")
    assert page.status_code == 200
    said = re.sub(r"\s+", " ", page.text.replace("&nbsp;", " ").replace(NBSP, " "))
    assert "89 508,00" in said
    assert "40,0 %" in said
    assert "227" in said


def test_the_desk_of_every_sign_in_opens(acting):
    for role in ADDRESSES:
        assert acting(role)[0].get("/").status_code == 200


def test_the_facilitator_opens_contract_clause_declaration_and_certificate(acting):
    client, membership = acting(Role.FACILITATOR)
    clause, contract = db.session.execute(
        text(
            "SELECT clause_id, contract_id FROM ledger_entry JOIN clause ON clause.id = clause_id GROUP BY 1, 2"
            " ORDER BY sum(hours) DESC LIMIT 1"
        )
    ).one()
    waiting = db.session.scalar(text("SELECT public_id FROM declaration WHERE state = 'submitted' ORDER BY id LIMIT 1"))
    person = db.session.scalar(text("SELECT public_id FROM participant ORDER BY id LIMIT 1"))
    for address in (
        f"/marches/{contract}",
        f"/clauses/{clause}",
        f"/clauses/{clause}/attestation",
        f"/declarations/a-valider/{waiting}",
        "/marches",
        "/mises-a-l-emploi",
        f"/participants/{person}",
    ):
        assert client.get(address).status_code == 200, address
    in_charge = text("SELECT count(*) FROM clause WHERE facilitator_id = :person")
    assert db.session.scalar(in_charge, {"person": membership.person_id}) == 275


def test_the_employer_opens_its_month(acting):
    client, membership = acting(Role.EMPLOYER)
    month = db.session.scalar(
        text(
            "SELECT month FROM declaration WHERE employer_id = :employer GROUP BY month ORDER BY count(*) DESC LIMIT 1"
        ),
        {"employer": membership.organisation_id},
    )
    assert client.get(f"/declarations/{month:%Y-%m}").status_code == 200


def test_a_sign_in_has_the_password_of_the_demonstration(world):
    with psycopg.connect(owner_address()) as connection:
        found = connection.execute("SELECT count(*) FROM person WHERE password LIKE '$argon2%'").fetchone()
    assert found == (5,)
