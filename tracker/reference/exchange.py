"""The published list of communes, read as rows."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tracker.vocabulary.words import search_key

COMMUNES = Path(__file__).parent / "data" / "communes.csv"


class CommuneRow(NamedTuple):
    """One commune as the database keeps it; `epci_code` and `population` are None where the list has none."""

    code: str
    name: str
    department_code: str
    postal_codes: list[str]
    epci_code: str | None
    population: int | None
    search_key: str


def read_communes(path: Path = COMMUNES) -> Iterator[CommuneRow]:
    """Every commune of the list, in the order of the file; names bear the typographic apostrophe."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield CommuneRow(
                code=row["code"],
                name=row["nom"].replace("'", "’"),
                department_code=row["departement"],
                postal_codes=row["codes_postaux"].split(),
                epci_code=row["epci"] or None,
                population=int(row["population"]) if row["population"] else None,
                search_key=search_key(row["nom"]),
            )
