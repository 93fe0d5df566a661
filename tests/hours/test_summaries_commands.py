"""The kept summaries from the terminal: what a recount finds, and the table made again."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from tests.hours.sheets import decided, declared
from tests.hours.test_summaries import assert_exact, kept
from tracker.plumbing.database import db

pytestmark = pytest.mark.usefixtures("april")
FALSE = "UPDATE year_summary SET counted_hours = counted_hours + 0.01"


@pytest.fixture
def worked(cast, amina):
    """Amina's March, decided and committed."""
    (declaration,) = declared(cast.guerin.id, {amina: "144"})
    decided(declaration)
    db.session.commit()
    return amina


@pytest.fixture
def falsify(server):
    """Writes as the role that owns the tables: nobody else can."""

    def write(statement: str) -> None:
        engine = create_engine(server.owner_url)
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    return write


def run(app, word: str):
    return app.test_cli_runner().invoke(args=["summaries", word])


def test_an_exact_summary_is_said_so(app, worked) -> None:
    done = run(app, "check")
    assert (done.exit_code, done.output) == (0, "aucune différence\n")


def test_a_hundredth_too_many_is_found_with_its_row_and_made_right(app, worked, falsify) -> None:
    falsify(FALSE)
    done = run(app, "check")
    assert done.exit_code == 1
    first, second, count = done.output.splitlines()
    assert first.startswith(f"gardé     year 2026, placement_id {worked.id}, ")
    assert "counted_hours 144.01" in first
    assert second.startswith("recompté  year 2026, ")
    assert "counted_hours 144.0," in f"{second},".replace("144.00", "144.0")
    assert count == "2\u00a0différences"
    assert run(app, "rebuild").output == "1\u00a0ligne écrite\n"
    assert run(app, "check").exit_code == 0
    assert_exact()


@pytest.mark.parametrize("change", ["DELETE FROM year_summary", "UPDATE year_summary SET year = 2025"])
def test_a_row_missing_or_misplaced_is_found(app, worked, falsify, change) -> None:
    before = kept()
    falsify(change)
    assert run(app, "check").exit_code == 1
    run(app, "rebuild")
    assert kept() == before


WRITES = (FALSE, "DELETE FROM year_summary", "INSERT INTO year_summary TABLE year_summary", "TRUNCATE year_summary")


@pytest.mark.parametrize("change", WRITES)
def test_the_application_writes_no_summary_by_hand(worked, change) -> None:
    with pytest.raises(ProgrammingError) as refused:
        db.session.execute(text(change))
    assert refused.value.orig.sqlstate == "42501"
