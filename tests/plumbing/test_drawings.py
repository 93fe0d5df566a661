"""The réglet of a paper: an image whose colours are the tokens'."""

import base64
import re
from decimal import Decimal as D  # noqa: N817 - tables of figures read better

import pytest

from tracker.plumbing.charts import gauge_geometry
from tracker.plumbing.drawings import gauge_image, palette


def drawn(due: str, counted: str, tone: str = "green") -> str:
    address = gauge_image(gauge_geometry(D(due), D(counted)), f"{due} h dues", tone)
    kind, _, body = address.partition(",")
    assert kind == "data:image/svg+xml;base64"
    return base64.b64decode(body).decode()


def test_every_colour_of_a_drawing_is_a_token() -> None:
    assert set(re.findall(r"#[0-9a-f]{6}", drawn("1500", "1607.50"))) <= set(palette().values())


@pytest.mark.parametrize(("counted", "frames"), [("1500.00", 0), ("1500.01", 1)])
def test_what_passes_the_due_hours_is_outlined_past_the_line(counted: str, frames: int) -> None:
    assert drawn("1500", counted).count("stroke-width") == frames


def test_the_tone_says_whether_the_clause_is_kept() -> None:
    assert palette()["green"] in drawn("1500", "1500", "green")
    assert palette()["green"] not in drawn("1500", "700", "blue")


@pytest.mark.parametrize(
    ("due", "counted", "anchor"),
    [("1500", "700", "end"), ("1500", "3000", "middle"), ("10", "3000", "start")],
)
def test_the_due_label_never_leaves_the_drawing(due: str, counted: str, anchor: str) -> None:
    assert re.search(rf'font-weight="600" text-anchor="{anchor}"', drawn(due, counted))


def test_the_label_is_text_and_never_markup() -> None:
    address = gauge_image(gauge_geometry(D(10), D(5)), "<b>10 h</b>")
    assert "&lt;b&gt;" in base64.b64decode(address.partition(",")[2]).decode()
