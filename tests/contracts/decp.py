"""Published records as the tests write them, and what reading them gives."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tracker.contracts.exchange.decp import read_decp
from tracker.contracts.exchange.drafts import ContractDraft, Reject, Remark

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data" / "decp"
EXAMPLE = ROOT / "docs" / "exemples" / "decp-2.0.3.json"

SOUND: dict[str, Any] = {
    "id": "2025-BAT-014",
    "acheteur": {"id": "22990001400015", "nom": "Département de Loire-et-Vienne"},
    "nature": "Marché",
    "objet": "Réhabilitation du collège, lot 1 : gros œuvre",
    "codeCPV": "45262522",
    "procedure": "Appel d'offres ouvert",
    "lieuExecution": {"code": "99310", "typeCode": "Code postal"},
    "dureeMois": 14,
    "dateNotification": "2025-09-01",
    "datePublicationDonnees": "2025-10-06",
    "montant": 1486300,
    "titulaires": [{"typeIdentifiant": "SIRET", "id": "00001037100011", "denominationSociale": "Guérin Construction"}],
}


def shared(name: str) -> Path:
    """A real or official file; the test is skipped, and says so, on a machine that has none."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"no shared data: {name}")
    return path


def read_bytes(content: bytes) -> list[ContractDraft | Reject]:
    return list(read_decp(io.BytesIO(content)))


def read_path(path: Path) -> list[ContractDraft | Reject]:
    with path.open("rb") as stream:
        return list(read_decp(stream))


def read_one(**changes: Any) -> ContractDraft:
    """The draft of the sound record with these members changed."""
    (read,) = read_bytes(json.dumps({"marches": [SOUND | changes]}).encode())
    assert isinstance(read, ContractDraft), read
    return read


def remarks_on(draft: ContractDraft, field: str) -> list[Remark]:
    return [remark for remark in draft.remarks if remark.field == field]


def drafts_of(read: list[ContractDraft | Reject]) -> list[ContractDraft]:
    return [one for one in read if isinstance(one, ContractDraft)]


def rejects_of(read: list[ContractDraft | Reject]) -> list[Reject]:
    return [one for one in read if isinstance(one, Reject)]
