"""Published records for tests, as the open data write them, and files made of them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests import builders as a
from tracker.contracts.actions.imports import ImportReport, import_in_batches
from tracker.plumbing.database import db

REAL_FILES = Path(__file__).parents[2].parent / "shared" / "data" / "decp"
BUYER = "13000548100010"


def a_record(number: str = "2026-001", **changes: Any) -> dict[str, Any]:
    """A whole record of the second edition: one holder, 120 000 €, a social clause."""
    record = {
        "id": number,
        "acheteur": {"id": BUYER},
        "nature": "Marché",
        "objet": f"Entretien des espaces verts, secteur {number}",
        "codeCPV": "77310000",
        "procedure": "Procédure adaptée",
        "ccag": "Fournitures courantes et services",
        "lieuExecution": {"code": "37", "typeCode": "Code département"},
        "dureeMois": 24,
        "dateNotification": "2026-02-10",
        "datePublicationDonnees": "2026-02-20",
        "montant": 120000.0,
        "titulaires": [{"titulaire": {"id": a.a_siret(), "typeIdentifiant": "SIRET"}}],
        "considerationsSociales": {"considerationSociale": ["Clause sociale"]},
        "considerationsEnvironnementales": {"considerationEnvironnementale": ["Pas de considération environnementale"]},
    }
    return record | changes


def a_file(*records: Any) -> bytes:
    """A file of the second edition with these records."""
    return json.dumps({"marches": {"marche": list(records)}}, ensure_ascii=False).encode()


def take(content: bytes, **options: Any) -> ImportReport:
    """Imports a file, committed batch by batch as the command does."""
    report = ImportReport()
    for _ in import_in_batches(io.BytesIO(content), report, a.NOW, **options):
        db.session.commit()
    return report


def real_file(name: str) -> Path:
    """A real file, or an official example; the test is left out, aloud, where they are absent."""
    path = REAL_FILES / name
    if not path.exists():
        pytest.skip(f"../shared/data/decp/{name} is absent")
    return path
