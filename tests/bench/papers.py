"""One warm certificate, beside WeasyPrint alone on the same HTML, and the same words set by ReportLab and by Typst."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path

import typst
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table
from sqlalchemy import select
from weasyprint import HTML

from tests.bench.pages import load_demonstration
from tests.bench.rows import Row, compared, milliseconds, raced
from tests.bench.site import Site, application
from tracker.certificates.documents.paper import Paper, draw, html_of, paper_of
from tracker.certificates.models import Certificate
from tracker.plumbing import pdf
from tracker.plumbing.database import db

RUNS = 9
WHAT = "a warm certificate"
PLAIN = "the same words on a plain page, without tags, mark nor drawing"
# Typst's own data file: the text is never read as markup.
TYPST = b"""
#let words = json("words.json")
#set page(paper: "a4")
#set text(size: 10pt)
= #words.title
#words.head.join("\\n")
#for rows in words.tables { table(columns: rows.at(0).len(), ..rows.flatten()) }
"""


def rows(site: Site, folder: Path) -> Iterator[Row]:
    """The whole drawing, from frozen facts to the file kept."""
    with site.clone("papers") as database, application(database) as app:
        load_demonstration(app)
        facts = db.session.scalars(select(Certificate.facts).order_by(Certificate.id.desc())).first()
        assert facts is not None
        html, paper = html_of(facts), paper_of(facts, "https://clauses.example")
        words = json.dumps({"title": paper.title, "head": _head(paper), "tables": _tables(paper)})
        (folder / "words.json").write_text(words, encoding="utf-8")
        ours, tagged, untagged, reportlab, typeset = raced(
            [
                lambda: draw(facts),
                lambda: _alone(html, "pdf/ua-1"),
                lambda: _alone(html),
                lambda: _by_reportlab(paper),
                lambda: _by_typst(folder),
            ],
            RUNS,
        )
        size = f"{len(draw(facts)) / 1000:.0f} kB, PDF/UA-1, fonts cut by {_cutter()}"
    yield compared(WHAT, ours, tagged, milliseconds, f"{size}; peer: WeasyPrint alone, tagged too")
    yield compared(WHAT, ours, untagged, milliseconds, "peer: WeasyPrint alone, untagged")
    yield compared(WHAT, ours, reportlab, milliseconds, f"peer: ReportLab, {PLAIN}")
    yield compared(WHAT, ours, typeset, milliseconds, f"peer: Typst, {PLAIN}")


def _cutter() -> str:
    """HarfBuzz when the system has it; fontTools, several times slower, otherwise."""
    return "HarfBuzz" if find_library("harfbuzz-subset") else "fontTools (libharfbuzz-subset0 is missing)"


def _alone(html: str, variant: str | None = None) -> bytes | None:
    """As WeasyPrint's manual says it, without anything of ours."""
    return HTML(string=html, base_url=pdf.BASE).write_pdf(pdf_variant=variant)


def _head(paper: Paper) -> list[str]:
    return [
        paper.issuer_line,
        f"{paper.number}, {paper.version}",
        paper.hours,
        paper.beside,
        paper.basis,
        paper.check_code,
    ]


def _tables(paper: Paper) -> list[list[list[str]]]:
    facts = [[label, value, note] for label, value, note in paper.facts]
    return [facts, *([[str(cell) for cell in row["cells"]] for row in found] for found in (paper.steps, paper.means))]


def _by_reportlab(paper: Paper) -> bytes:
    style, file = getSampleStyleSheet(), io.BytesIO()
    story = [Paragraph(paper.title, style["Title"]), *(Paragraph(line, style["Normal"]) for line in _head(paper))]
    for cells in _tables(paper):
        story += [Spacer(1, 12), Table(cells)]
    SimpleDocTemplate(file, pagesize=A4).build(story)
    return file.getvalue()


def _by_typst(folder: Path) -> bytes:
    return typst.compile(TYPST, root=folder)
