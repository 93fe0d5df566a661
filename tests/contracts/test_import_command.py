"""`flask contracts import-decp`: counts that add up, one JSON object alone, a status that tells what could be read."""

import csv
import json

import pytest
from sqlalchemy import func, select

from tests import builders as a
from tests.contracts.published import BUYER, a_file, a_record
from tracker.accounts.models import JournalEntry
from tracker.contracts.models import Contract, ContractImport
from tracker.plumbing import sessions
from tracker.plumbing.database import db

NAMES = ["read", "created", "updated", "unchanged", "rejected", "repaired", "with_social_clause"]


@pytest.fixture
def run(app):
    """Runs the command as a terminal does: nobody acting before."""
    db.session.rollback()
    sessions.set_actor(sessions.NOBODY)
    runner = app.test_cli_runner()
    return lambda *args: runner.invoke(args=["contracts", "import-decp", *map(str, args)])


@pytest.fixture
def two_files(tmp_path):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_bytes(a_file(a_record("1"), a_record("2"), "nothing"))
    second.write_bytes(a_file(a_record("3", considerationsSociales={"considerationSociale": ["Critère social"]})))
    return first, second


def test_json_is_one_object_for_all_files_and_nothing_else(run, two_files):
    found = run("--json", *two_files)
    assert found.exit_code == 0
    counts = json.loads(found.stdout)
    assert list(counts) == NAMES
    assert counts == {
        "read": 4, "created": 3, "updated": 0, "unchanged": 0, "rejected": 1, "repaired": 0, "with_social_clause": 2,
    }  # fmt: skip
    again = json.loads(run("--json", *two_files).stdout)
    assert again == counts | {"created": 0, "unchanged": 3}


def test_each_file_is_said_in_words_without_json(run, two_files):
    found = run(*two_files)
    assert len(found.stdout.splitlines()) == 2
    assert "3 read, 2 created" in found.stdout


def test_the_journal_names_the_way_in(run, two_files):
    run(*two_files)
    assert db.session.execute(select(JournalEntry.way_in, func.count()).group_by(JournalEntry.way_in)).all() == [
        ("import", 3)
    ]
    assert db.session.scalar(select(func.count()).select_from(ContractImport)) == 2


@pytest.mark.parametrize(
    ("buyer", "created"), [(BUYER, 1), ("130 005 481 00051", 1), (a.a_siret(), 0)], ids=["same", "same entity", "other"]
)
def test_one_buyer_may_be_chosen_the_others_are_rejected(run, tmp_path, buyer, created):
    path, report = tmp_path / "a.json", tmp_path / "rejects.csv"
    path.write_bytes(a_file(a_record("1"), a_record("2", acheteur={"id": "20005478100014"})))
    counts = json.loads(run("--json", "--buyer", buyer, "--report", report, path).stdout)
    assert (counts["created"], counts["rejected"], counts["read"]) == (created, 2 - created, 2)
    with report.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 - created
    assert rows[-1] == {
        "file": str(path),
        "rank": "2",
        "path": "marches.marche[1]",
        "path_in_record": "acheteur.id",
        "reason": "Ce marché est celui d’un autre acheteur (SIRET 200\u00a0054\u00a0781\u00a000014)",
        "published": "20005478100014",
    }


def test_a_file_that_cannot_be_read_at_all_ends_in_1_and_the_others_are_taken(run, tmp_path, two_files):
    broken = tmp_path / "broken.json"
    broken.write_text("<html>")
    found = run("--json", broken, tmp_path / "absent.json", *two_files)
    assert found.exit_code == 1
    assert json.loads(found.stdout)["created"] == 3
    assert "Le fichier n’est pas du JSON valide" in found.stderr
    assert "absent.json" in found.stderr
    assert db.session.scalar(select(func.count()).select_from(Contract)) == 3


def test_a_file_cut_in_the_middle_was_read(run, tmp_path):
    path = tmp_path / "cut.json"
    path.write_bytes(a_file(a_record("1"), a_record("2"))[:-300])
    found = run("--json", path)
    counts = json.loads(found.stdout)
    assert found.exit_code == 0
    assert counts["created"] + counts["updated"] + counts["unchanged"] + counts["rejected"] == counts["read"] == 2


@pytest.mark.parametrize("args", [("--buyer", "123", "x.json"), ()])
def test_a_wrong_use_is_said(run, args):
    assert run(*args).exit_code == 2
