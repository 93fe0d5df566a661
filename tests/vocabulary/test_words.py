"""Words as they print."""

import pytest

from tracker.vocabulary import words


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Collège, lot 1 : gros œuvre", "Collège, lot 1\u00a0: gros œuvre"),
        ("Où ? Ici ; là !", "Où\u00a0? Ici\u00a0; là\u00a0!"),
        ("« Les Tilleuls »", "«\u00a0Les Tilleuls\u00a0»"),
        ("à 10 :30", "à 10 :30"),  # no sentence's colon
        ("", ""),
    ],
)
def test_a_published_text_prints_with_french_spaces(typed, printed):
    assert words.french_spaces(typed) == printed


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Amina Diallo", "d’Amina Diallo"),
        ("Élodie", "d’Élodie"),
        ("Œil", "d’Œil"),
        ("Karim", "de Karim"),
        ("Hugo", "de Hugo"),
        ("Yves", "d’Yves"),
        ("Yasmine", "de Yasmine"),
        ("octobre 2026", "d’octobre 2026"),
        ("mars", "de mars"),
        ("李明", "de 李明"),
    ],
)
def test_a_name_elides_as_it_is_heard(name, said):
    assert words.of(name) == said
