"""Taking published contracts in, beside a bare COPY of the rows it writes; its memory, for longer and longer files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from tests.bench.published import ROOT, sources, write_longer
from tests.bench.rows import Row, megabytes, timed
from tests.bench.site import Database, Site

RUNS = 5
LONGER = (10, 50)
# In the order of the keys that lead from one to another.
TABLES = ("organisation", "contract", "contract_party", "contract_publication", "journal_entry")

Measured = dict[str, Any]


def rows(site: Site, folder: Path) -> Iterator[Row]:
    """Records a second, and growth of memory."""
    files, copies, kind = sources()
    if copies > 1:
        files = [_longer(folder / "once.json", files, copies)]
    found, copied, written = _raced(site, files)
    speed, bare = found["read"] / found["seconds"], found["read"] / copied
    yield Row(
        f"import of {found['read']} {kind} records",
        f"{speed:,.0f} records/s",
        f"{bare:,.0f} records/s",
        f"{bare / speed:.1f} ×",
        f"read, repaired, matched, journalled; peer: COPY of the same {written:,} rows into the same tables",
    )
    yield Row(f"memory, import of {found['read']} records", megabytes(grown(found)), "40 MB", note="aim; growth of RSS")
    for times in LONGER:
        longer = _longer(folder / "longer.json", files, times)
        with site.clone("longer") as database:
            found = imported(database, [longer])
        note = f"growth of RSS; {found['read'] / found['seconds']:,.0f} records/s"
        yield Row(f"memory, import of {found['read']} records (×{times})", megabytes(grown(found)), "40 MB", note=note)


def _longer(path: Path, files: Sequence[Path], copies: int) -> Path:
    write_longer(path, files, copies)
    return path


def _raced(site: Site, files: Sequence[Path]) -> tuple[Measured, float, int]:
    """The import of median time, the median time of COPY, and how many rows both wrote; in turn, run by run."""
    imports, copies, written = [], [], 0
    for _ in range(RUNS):
        with site.clone("ours") as ours, site.clone("peer") as peer:
            imports.append(imported(ours, files))
            content = _content(ours)
            copies.append(timed(lambda into=peer, what=content: _copy(into, what)))
            written = _count(ours)
            assert written == _count(peer)
    imports.sort(key=lambda found: found["seconds"])
    return imports[len(imports) // 2], median(copies), written


def imported(database: Database, files: Sequence[Path]) -> Measured:
    """What `tests.bench.growth` says, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.growth", *map(str, files)]
    environment = {**os.environ, **database.environment}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def grown(found: Measured) -> int:
    """Bytes that the import added to the started process."""
    return found["highest"] - found["start"]


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _content(database: Database) -> list[tuple[str, bytes]]:
    """Each table as COPY writes it."""
    found = []
    with psycopg.connect(_plain(database.owner_url)) as connection:
        for table in TABLES:
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                found.append((table, b"".join(copy)))
    return found


def _copy(database: Database, content: list[tuple[str, bytes]]) -> None:
    with psycopg.connect(_plain(database.app_url)) as connection:
        for table, lines in content:
            with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(lines)


def _count(database: Database) -> int:
    with psycopg.connect(_plain(database.owner_url)) as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in TABLES]
    return sum(count for (count,) in counts if count is not None)
