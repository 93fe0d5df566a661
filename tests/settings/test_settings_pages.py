"""The table of settings: what is in force, since when, and who may read it."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from tests import builders as a
from tracker.plumbing.database import db
from tracker.settings.models import SettingChange
from tracker.settings.queries import settings_on
from tracker.vocabulary.objections import Level

PAGE = "/reglages"
FROM = date(2026, 3, 1)


def changed(key: str, value: str, in_force_from: date = FROM) -> None:
    db.session.add(SettingChange(key=key, in_force_from=in_force_from, value=value, recorded_at=a.NOW))
    db.session.commit()


@pytest.mark.parametrize(
    ("day", "months"),
    [(date(2026, 2, 28), 24), (FROM, 18), (date(2026, 12, 31), 18)],
    ids=["the day before: the default", "from that day", "and after"],
)
def test_a_change_holds_from_its_day_on(app, day, months):
    changed("window_months", "18")
    assert settings_on(day).number("window_months") == Decimal(months)


def test_the_latest_change_begun_wins(app):
    changed("fte_divisor", "1 600", FROM)
    changed("fte_divisor", "1607", date(2026, 4, 1))
    assert settings_on(date(2026, 3, 31)).number("fte_divisor") == Decimal(1600)
    assert settings_on(date(2026, 4, 1)).number("fte_divisor") == Decimal(1607)


def test_words_and_levels_are_read_as_the_checks_take_them(app):
    changed("rsa_word", "bénéficiaires du RSA")
    changed("level_late", Level.BLOCKS.value)
    found = settings_on(FROM)
    assert found.words("rsa_word") == "bénéficiaires du RSA"
    assert found.levels["late"] is Level.BLOCKS
    assert found.levels["tutor_missing"] is Level.WARNS


def test_a_setting_that_no_longer_exists_is_left_aside(app):
    changed("forgotten", "12")
    assert settings_on(FROM).rows


@time_machine.travel("2026-04-08 09:00+02:00", tick=False)
def test_the_page_says_each_value_its_source_and_since_when(client, cast):
    changed("window_months", "18")
    page = client.acting_for(cast.administrator).get(PAGE)
    assert page.status_code == 200
    assert "18\u00a0mois" in page.text
    assert "depuis le 01/03/2026" in page.text
    assert "à confirmer" in page.text
    assert "Bilan national des clauses" in page.text


@pytest.mark.parametrize(("persona", "status"), [("administrator", 200), ("claire", 403), ("sophie", 403)])
def test_settings_are_the_administrator_s(client, cast, persona, status):
    assert client.acting_for(getattr(cast, persona)).get(PAGE).status_code == status


def test_the_page_costs_the_same_whatever_was_changed(client, cast):
    client.acting_for(cast.administrator)
    before = client.get(PAGE).headers["X-Statements"]
    for month in range(1, 13):
        changed("fte_divisor", "1600", date(2025, month, 1))
    assert client.get(PAGE).headers["X-Statements"] == before
    assert int(before) <= 12
