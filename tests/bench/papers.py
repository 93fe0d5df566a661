"""One warm certificate, beside WeasyPrint alone on the same HTML."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path

from sqlalchemy import select
from weasyprint import HTML

from tests.bench.pages import load_demonstration
from tests.bench.rows import Row, compared, milliseconds, raced
from tests.bench.site import Site, application
from tracker.certificates.documents.paper import draw, html_of
from tracker.certificates.models import Certificate
from tracker.plumbing import pdf
from tracker.plumbing.database import db

RUNS = 9


def rows(site: Site, _folder: Path) -> Iterator[Row]:
    """The whole drawing, from frozen facts to the file kept."""
    with site.clone("papers") as database, application(database) as app:
        load_demonstration(app)
        facts = db.session.scalars(select(Certificate.facts).order_by(Certificate.id.desc())).first()
        assert facts is not None
        html = html_of(facts)
        ours, bare, plain = raced([lambda: draw(facts), lambda: _alone(html, "pdf/ua-1"), lambda: _alone(html)], RUNS)
        size = f"{len(draw(facts)) / 1000:.0f} kB, PDF/UA-1, fonts cut by {_cutter()}"
    yield compared("a warm certificate", ours, bare, milliseconds, f"{size}; peer: WeasyPrint alone, tagged too")
    yield compared("a warm certificate", ours, plain, milliseconds, "peer: WeasyPrint alone, untagged")


def _cutter() -> str:
    """HarfBuzz when the system has it; fontTools, several times slower, otherwise."""
    return "HarfBuzz" if find_library("harfbuzz-subset") else "fontTools (libharfbuzz-subset0 is missing)"


def _alone(html: str, variant: str | None = None) -> bytes | None:
    """As WeasyPrint's manual says it, without anything of ours."""
    return HTML(string=html, base_url=pdf.BASE).write_pdf(pdf_variant=variant)
