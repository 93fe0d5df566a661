"""The drawings of papers, as SVG images in data: addresses; their colours are read from static/css/tokens.css.

WeasyPrint does not apply the page's styles inside an SVG, and a paper bears no style attribute: hence images, each
with its words beside it (`alt`). Lengths are millimetres.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from html import escape
from pathlib import Path

from tracker.plumbing.charts import GaugeGeometry
from tracker.vocabulary.hours import format_number

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
COLOUR = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})")
# The réglet fills the band of the conclusion (css/components/document.css), its due line and last label included.
LENGTH = Decimal(158)
TRACK = Decimal(152)
HEIGHT = Decimal("12.5")
# Half of « 15 000 h dues »: nearer to an end, the label would leave the drawing.
LABEL_HALF = Decimal(10)
MIDDLE, START, END = "middle", "start", "end"


@cache
def palette() -> dict[str, str]:
    """The colours by their names, without the dashes: `ink`, `green-wash`…"""
    return dict(COLOUR.findall(TOKENS.read_text(encoding="utf-8")))


def gauge_image(geometry: GaugeGeometry, due_label: str, tone: str = "green") -> str:
    """The réglet of a certificate: what is counted, past the due line too, over a numbered rule.

    `due_label` stands under the due line (« 1 500 h dues »); `tone` is a colour's name, green when the clause is kept.
    """
    return _as_address(f'<g font-family="Source Sans 3">{"".join(_gauge_parts(geometry, due_label, tone))}</g>')


def _gauge_parts(geometry: GaugeGeometry, due_label: str, tone: str) -> Iterator[str]:
    due, counted = _place(geometry.due_x), _place(geometry.counted_width)
    yield _box(Decimal(0), Decimal(1), due, Decimal("4.6"), "white")
    yield _box(Decimal(0), Decimal(1), counted, Decimal("4.6"), tone)
    if geometry.surplus_width:
        yield _frame(due, _place(geometry.surplus_width), tone)
    for mark in geometry.marks:
        x = _place(mark.x)
        yield _box(x, Decimal("6.1"), Decimal("0.2"), Decimal("1.2" if mark.hours is None else "2.1"), "ink-soft")
        if mark.hours is not None and mark.is_clear:
            yield _text(x, format_number(mark.hours, 0), 400, MIDDLE if x else START)
    yield _box(due - Decimal("0.4"), Decimal(0), Decimal("0.8"), Decimal("8.4"), "ink")
    yield _due_text(due, due_label)


def _place(percentage: str) -> Decimal:
    return Decimal(percentage.removesuffix("%")) * TRACK / 100


def _box(x: Decimal, y: Decimal, width: Decimal, height: Decimal, colour: str) -> str:
    return f'<rect x="{x:.2f}" y="{y}" width="{width:.2f}" height="{height}" fill="{palette()[colour]}"/>'


def _frame(x: Decimal, width: Decimal, colour: str) -> str:
    return (
        f'<rect x="{x:.2f}" y="1.25" width="{width - Decimal("0.25"):.2f}" height="4.1" fill="{palette()["white"]}"'
        f' stroke="{palette()[colour]}" stroke-width="0.5"/>'
    )


def _text(x: Decimal, text: str, weight: int, anchor: str) -> str:
    return (
        f'<text x="{x:.2f}" y="11.2" font-size="2.83" font-weight="{weight}" text-anchor="{anchor}"'
        f' fill="{palette()["ink"]}">{escape(text)}</text>'
    )


def _due_text(due: Decimal, label: str) -> str:
    if due < LABEL_HALF:
        return _text(Decimal(0), label, 600, START)
    if due > LENGTH - LABEL_HALF:
        return _text(LENGTH, label, 600, END)
    return _text(due, label, 600, MIDDLE)


def _as_address(drawing: str) -> str:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LENGTH}mm" height="{HEIGHT}mm"'
        f' viewBox="0 0 {LENGTH} {HEIGHT}">{drawing}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
