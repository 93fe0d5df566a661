"""`python -m tests.bench [--write] [--only imports|pages|months|papers|summaries|scales]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import imports, months, pages, papers, scales, summaries
from tests.bench.rows import Row, machine, table
from tests.bench.site import Site, site

FAMILIES: dict[str, Callable[[Site, Path], Iterator[Row]]] = {
    "imports": imports.rows,
    "pages": pages.rows,
    "months": months.rows,
    "papers": papers.rows,
    "summaries": summaries.rows,
    "scales": scales.rows,
}
KEPT = Path(__file__).parents[2] / "docs" / "performance.md"
OPEN, CLOSE = "<!-- bench -->", "<!-- /bench -->"


def main() -> None:
    """Measures, prints the table, and keeps it when asked to."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the table in docs/performance.md")
    parser.add_argument("--only", choices=FAMILIES, action="append", help="measure one family")
    asked = parser.parse_args()
    measured = f"{machine()}.\n\n{table(measure(asked.only or list(FAMILIES)))}"
    print(measured)  # noqa: T201 - its answer
    if asked.write:
        keep(measured)


def measure(families: list[str]) -> list[Row]:
    """The rows of these families, in their order."""
    with tempfile.TemporaryDirectory() as name, site() as ours:
        return [_told(row) for family in families for row in FAMILIES[family](ours, Path(name))]


def _told(row: Row) -> Row:
    """The row, said as soon as it is measured: the whole table takes minutes."""
    print(" | ".join(row.cells), file=sys.stderr)  # noqa: T201 - its progress
    return row


def keep(measured: str) -> None:
    """Puts the table between its marks."""
    page = KEPT.read_text(encoding="utf-8")
    before, rest = page.split(OPEN)
    _, after = rest.split(CLOSE)
    KEPT.write_text(f"{before}{OPEN}\n{measured}\n{CLOSE}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
