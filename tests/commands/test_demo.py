"""What `flask demo --json` prints: one object, with the sign-ins by role and a certificate's code."""

import json

import pytest

from tests import builders as a
from tracker.accounts.rules import OrganisationKind, Role
from tracker.commands.world import ACCOUNTS, PASSWORD
from tracker.plumbing.database import db


def printed(app, *arguments):
    answer = app.test_cli_runner().invoke(args=["demo", *arguments])
    assert answer.exit_code == 0
    return answer.output


def test_an_empty_database_has_nobody_to_sign_in_and_no_certificate(app):
    assert json.loads(printed(app, "--json")) == {"accounts": {}, "certificate": None}


@pytest.fixture
def everybody(app):
    """One person of each role."""
    structure = a.an_organisation("Département", OrganisationKind.CARRYING_STRUCTURE)
    for role in ACCOUNTS:
        a.a_membership(role, structure)
    db.session.commit()


def test_each_role_has_its_address_and_password(app, everybody):
    shown = json.loads(printed(app, "--json"))
    assert set(shown) == {"accounts", "certificate"}
    assert set(shown["accounts"]) == {role.value for role in Role}
    for role, account in shown["accounts"].items():
        assert account == {"email": ACCOUNTS[Role(role)], "password": PASSWORD}


def test_nothing_but_the_object_is_printed(app, everybody):
    assert printed(app, "--json").count("\n") == 1


def test_a_person_reads_the_same_in_words(app, everybody):
    said = printed(app)
    assert all(email in said for email in ACCOUNTS.values())
    assert app.config["BASE_URL"] in said
