"""Texts in which somebody names a commune."""

import pytest

from tracker.reference.rules import CommuneWanted, read_commune

TEXTS = (
    ("37000 Tours", CommuneWanted("tours", "37000")),
    ("Tours 37000", CommuneWanted("tours", "37000")),
    ("  tours ", CommuneWanted("tours")),
    ("37261", CommuneWanted(code="37261")),
    ("2a004", CommuneWanted(code="2A004")),
    ("Saint-Aubin (35)", CommuneWanted("saint aubin", department="35")),
    ("St Aubin", CommuneWanted("saint aubin")),
    ("Ste-Colombe", CommuneWanted("sainte colombe")),
    ("Bastia (2B)", CommuneWanted("bastia", department="2B")),
    ("Le Gosier (971)", CommuneWanted("le gosier", department="971")),
    ("37000 TOURS CEDEX 1", CommuneWanted("tours", "37000")),
    ("L’Haÿ-les-Roses", CommuneWanted("l hay les roses")),
)


@pytest.mark.parametrize(("text", "wanted"), TEXTS, ids=[row[0] for row in TEXTS])
def test_a_commune_is_read_as_people_write_it(text, wanted):
    assert read_commune(text) == wanted


@pytest.mark.parametrize("text", ["", "   ", "(35)", "…", "cedex"])
def test_a_text_without_name_or_code_says_nothing(text):
    assert read_commune(text).says_nothing
