"""Papers: HTML of ours to a tagged PDF (PDF/UA-1), from the files of static/ alone, never the network.

The same HTML gives the same bytes: no date is written but the page's own (`<meta name="dcterms.created">`), and the
file's identifier is made from its content. Fonts and stylesheets are read once for each process.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

import pikepdf
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

STATIC = Path(__file__).parents[2] / "static"
BASE = f"{STATIC.as_uri()}/"
STYLESHEET = re.compile(r'^\s*<link rel="stylesheet" href="(?P<path>[^"]+)">$', re.MULTILINE)
PRINTED = 4
# Without libharfbuzz-subset, fontTools writes the present second into each font: a fixed one, for the same bytes.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
# Pango's fonts are no business of two threads at once.
_drawing = Lock()


class NotOurs(FatalURLFetchingError):
    """A paper asks for something else than a file of static/ or a drawing it bears itself."""


class OurFiles(URLFetcher):
    """Gives files of static/ and `data:` addresses; anything else stops the drawing."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file, or NotOurs."""
        parts = urlsplit(url)
        is_data = parts.scheme == "data"
        if not is_data and not (parts.scheme == "file" and _is_static(parts.netloc, parts.path)):
            raise NotOurs(f"a paper may not ask for {url[:100]}")
        return super().fetch(url, headers)


def _is_static(host: str, path: str) -> bool:
    return not host and Path(unquote(path)).resolve().is_relative_to(STATIC.resolve())


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _stylesheet(path: str) -> CSS:
    return CSS(url=f"{BASE}{path}", url_fetcher=OurFiles(), font_config=_fonts())


def render(html: str) -> bytes:
    """The paper as PDF/UA-1. The page names its stylesheets as `layouts/document.html` does, from static/.

    Its language and title are the page's; NotOurs when it asks for anything outside static/.
    """
    with _drawing:
        sheets = [_stylesheet(found["path"]) for found in STYLESHEET.finditer(html)]
        page = HTML(string=STYLESHEET.sub("", html), base_url=BASE, url_fetcher=OurFiles())
        drawn = page.write_pdf(stylesheets=sheets, font_config=_fonts(), pdf_variant="pdf/ua-1")
    return _completed(drawn)


def _completed(drawn: bytes) -> bytes:
    """The same file with what PDF/UA asks for and WeasyPrint leaves out: what headers head, links that print too."""
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn)) as file:
        for header, is_column in _headers(file.Root.StructTreeRoot, in_head=False):
            header.A["/Scope"] = pikepdf.Name.Column if is_column else pikepdf.Name.Row
        for page in file.pages:
            for annotation in page.get("/Annots", []):
                annotation.F = int(annotation.get("/F", 0)) | PRINTED
        file.save(kept, deterministic_id=True)
    return kept.getvalue()


def _headers(element: Any, in_head: bool) -> Iterator[tuple[Any, bool]]:
    """Each header cell below a structure element, and whether it stands in a table's head."""
    kind = element.get("/S")
    if kind == pikepdf.Name.TH:
        yield element, in_head
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from _headers(child, in_head or kind == pikepdf.Name.THead)
