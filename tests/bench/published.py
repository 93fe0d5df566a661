"""The published records that are taken in: the real files where they lie, else our example; and files made longer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "decp"
REAL_NAMES = ("e-marchespublics.json", "data.gouv.fr_pes.json")
EXAMPLE = ROOT / "docs" / "exemples" / "decp-2.0.3.json"
EXAMPLE_COPIES = 40


def sources() -> tuple[list[Path], int, str]:
    """The files to read, how many copies of each make the file ×1, and how to call them."""
    files = [REAL / name for name in REAL_NAMES]
    if all(path.exists() for path in files):
        return files, 1, "real"
    return [EXAMPLE], EXAMPLE_COPIES, "example"


def records_of(path: Path) -> list[dict[str, Any]]:
    """The records of a file, wherever its edition puts them."""
    marches = json.loads(path.read_bytes())["marches"]
    if isinstance(marches, dict):
        return [record for found in marches.values() for record in found]
    return marches


def write_longer(path: Path, files: Sequence[Path], copies: int) -> int:
    """Writes a file that holds each record so many times, under other numbers; how many records there are."""
    count = 0
    with path.open("w", encoding="utf-8") as written:
        written.write('{"marches": [')
        for record in _repeated(files, copies):
            written.write(f"{',' if count else ''}{json.dumps(record, ensure_ascii=False)}")
            count += 1
        written.write("]}")
    return count


def _repeated(files: Sequence[Path], copies: int) -> Iterator[dict[str, Any]]:
    read = [record for path in files for record in records_of(path)]
    for copy in range(copies):
        for record in read:
            yield {**record, "id": f"{record.get('id')}/{copy}"} if copy else record
