"""« D’où viennent nos règles »: every figure of law and every source the rules hold is printed there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date
from enum import Enum
from html import unescape

import pytest

import tracker
from tracker.desk.documents import FIGURES, law_figures
from tracker.vocabulary.law import InForce, Source

N = "\u00a0"
PAGE = "/regles"


def rules_modules() -> Iterator[object]:
    for found in pkgutil.walk_packages(tracker.__path__, "tracker."):
        steps = found.name.split(".")
        if "rules" in steps[2:3] or steps[1] == "vocabulary":
            yield importlib.import_module(found.name)


def held_by(value: object, kind: type) -> Iterator[object]:
    """What of this kind a module's constant holds, in itself, in its rows or in its words."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from held_by(one, kind)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from held_by(one, kind)
    elif isinstance(value, type) and issubclass(value, Enum):
        for one in value:
            yield from held_by(getattr(one, "source", None), kind)


def everything(kind: type) -> list[object]:
    return [one for module in rules_modules() for value in vars(module).values() for one in held_by(value, kind)]


@pytest.fixture
def text(client) -> str:
    page = client.get(PAGE)
    assert page.status_code == 200
    return unescape(page.text)


def test_no_figure_of_law_is_left_out():
    assert {figure.name for figure in everything(InForce)} == {figure.name for figure in FIGURES}


def test_every_source_of_the_rules_is_printed(text):
    sources = everything(Source)
    assert len(sources) > 30
    assert {source.text for source in sources if source.text not in text} == set()


def test_every_value_of_a_figure_is_printed_with_the_day_it_begins(text):
    assert f"12,02{N}€ par heure" in text
    assert f"5{N}404{N}000{N}€ HT" in text
    assert f"5{N}538{N}000{N}€ HT" in text
    assert "depuis le 01/01/2026" in text
    assert f"60{N}h par semaine" in text


def test_what_nobody_has_read_is_to_be_confirmed(text):
    unread = sum(1 for figure in law_figures() if not figure.source.is_confirmed)
    assert unread > 0
    assert text.count("à confirmer") > unread
    assert "lu le 01/11/2026" in text


def test_figures_come_newest_first():
    days = [
        figure.since for figure in law_figures() if figure.name.startswith("Seuil européen") and "État" in figure.name
    ]
    assert days == [f"depuis le {day:%d/%m/%Y}" for day in (date(2026, 1, 1), date(2024, 1, 1))]


def test_the_page_asks_nothing_of_the_database(client):
    assert client.get(PAGE).headers["X-Statements"] == "0"
