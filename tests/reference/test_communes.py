"""The list of communes: loaded whole, loaded again without a change, searched as people write."""

import pytest
from sqlalchemy import func, select

from tracker.plumbing.database import db
from tracker.reference import queries
from tracker.reference.models import Commune

IN_THE_LIST = 34_969

pytestmark = pytest.mark.usefixtures("communes", "app")


def _codes(text: str) -> list[str]:
    return [commune.code for commune in queries.find_communes(text)]


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Commune)) or 0


def test_the_whole_list_is_loaded(communes):
    assert communes == IN_THE_LIST == _count()


def test_the_command_may_be_given_again(app):
    said = app.test_cli_runner().invoke(args=["reference", "load"])
    assert (said.exit_code, said.output) == (0, "34\u00a0969\u00a0communes\n")
    assert _count() == IN_THE_LIST


def test_a_commune_says_what_the_list_says(communes):
    tours = db.session.get_one(Commune, "37261")
    assert (tours.said, tours.epci_code, "37200" in tours.postal_codes) == ("Tours (37)", "243700754", True)


NAMED = (
    ("37000 Tours", ["37261"]),
    ("tours", ["37261"]),
    ("37261", ["37261"]),
    ("2A004", ["2A004"]),
    ("l'hay les roses", ["94038"]),
    ("St Pierre des Corps", ["37233"]),
    ("Saint-Pierre-des-Co", ["37233"]),
    ("75015", ["75056"]),
    ("Saint-Aubin (47)", ["47230"]),
)


@pytest.mark.parametrize(("text", "codes"), NAMED, ids=[row[0] for row in NAMED])
def test_one_commune_answers_to_its_name_or_code(text, codes):
    assert _codes(text) == codes


def test_communes_of_one_name_all_come_with_their_departement():
    said = [commune.said for commune in queries.find_communes("Saint-Aubin")]
    assert len(said) == len(set(said)) == 10
    assert "Saint-Aubin (39)" in said


def test_a_name_in_full_wins_over_longer_ones():
    assert {commune.name for commune in queries.find_communes("Tours")} == {"Tours"}


@pytest.mark.parametrize("text", ["", "99999", "Tours 75000", "Nulle-Part-les-Bains", "To"])
def test_what_names_no_commune_finds_none(text):
    assert _codes(text) == []


def test_codes_are_said_by_name_and_unknown_ones_left_out():
    assert queries.commune_names(["37261", "00000"]) == {"37261": "Tours (37)"}
