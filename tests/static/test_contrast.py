"""The palette holds: contrasts recomputed from tokens.css as WCAG 2.2 defines them, for text, edges and marks."""

from pathlib import Path

import pytest

from tracker.plumbing.drawings import COLOUR

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
PALETTE = dict(COLOUR.findall(TOKENS.read_text(encoding="utf-8")))
TEXT, LARGE_OR_EDGE = 4.5, 3.0


def luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(PALETTE[one]), luminance(PALETTE[other])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_knows_black_on_white() -> None:
    assert luminance("#ffffff") == pytest.approx(1)
    assert luminance("#000000") == 0


# What the design states, ink on surface: a changed colour must come with a changed statement.
STATED = [
    ("ink", "white", 17.4),
    ("ink", "ecru", 15.5),
    ("ink-soft", "white", 8.0),
    ("ink-soft", "ecru", 7.1),
    ("blue", "white", 8.9),
    ("blue", "ecru", 7.9),
    ("blue", "blue-wash", 7.4),
    ("white", "blue-deep", 12.9),
    ("ochre", "white", 4.4),
    ("ochre", "ecru", 4.0),
    ("ochre", "ecru-deep", 3.5),
    ("ochre-ink", "white", 8.2),
    ("ochre-ink", "ochre-wash", 7.2),
    ("minium", "white", 6.6),
    ("minium", "minium-wash", 5.6),
    ("green", "white", 6.7),
    ("green", "green-wash", 5.8),
    ("edge", "white", 4.6),
    ("edge", "ecru", 4.1),
    ("edge", "ecru-deep", 3.6),
    ("chalk", "blue-deep", 9.0),
    ("ochre", "blue", 2.0),  # hence the halo around the mark on a bar
]


@pytest.mark.parametrize(("front", "back", "ratio"), STATED)
def test_each_contrast_is_the_one_the_design_states(front: str, back: str, ratio: float) -> None:
    assert contrast(front, back) == pytest.approx(ratio, abs=0.06)


TEXT_PAIRS = [
    ("ink", "white"),
    ("ink", "ecru"),
    ("ink", "blue-wash"),
    ("ink", "ochre-wash"),
    ("ink", "minium-wash"),
    ("ink", "green-wash"),
    ("ink", "chalk"),  # the skip link
    ("ink-soft", "white"),
    ("ink-soft", "ecru"),
    ("ink-soft", "minium-wash"),
    ("blue", "white"),
    ("blue", "ecru"),
    ("blue", "blue-wash"),
    ("blue-deep", "ecru"),  # the current page in the navigation
    ("blue-deep", "blue-wash"),
    ("blue-deep", "slate-blue"),  # the bars of a cover
    ("ochre-ink", "white"),
    ("ochre-ink", "ecru"),
    ("ochre-ink", "ochre-wash"),
    ("minium", "white"),
    ("minium", "ecru"),
    ("minium", "minium-wash"),
    ("green", "white"),
    ("green", "green-wash"),
    ("white", "blue"),
    ("white", "blue-deep"),
    ("white", "green"),
    ("white", "minium"),
    ("white", "ochre-ink"),
    ("white", "ink-soft"),
]


@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_is_readable_on_its_surface(front: str, back: str) -> None:
    assert contrast(front, back) >= TEXT


EDGE_PAIRS = [
    ("edge", "white"),  # borders of controls
    ("edge", "ecru"),
    ("edge", "ecru-deep"),  # ticks of the réglet
    ("ochre", "white"),
    ("ochre", "ecru"),
    ("ochre", "ecru-deep"),
    ("blue", "ecru-deep"),  # what is counted on its track
    ("minium", "ecru-deep"),  # the shortfall's dots
    ("stone", "white"),  # last year's bars
    ("ink", "blue-wash"),  # focus rings
    ("ink", "ecru"),
    ("chalk", "blue-deep"),
]


@pytest.mark.parametrize(("front", "back"), EDGE_PAIRS)
def test_edges_and_marks_stand_out_of_their_surface(front: str, back: str) -> None:
    assert contrast(front, back) >= LARGE_OR_EDGE


def test_ochre_is_never_a_colour_of_text() -> None:
    assert contrast("ochre", "white") < TEXT
    sheets = TOKENS.parent.rglob("*.css")
    wrong = [sheet.name for sheet in sheets for line in sheet.read_text().splitlines() if line.strip() == COLOURED]
    assert wrong == []


COLOURED = "color: var(--ochre);"
