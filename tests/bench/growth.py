"""Takes files in and says what it cost: `python -m tests.bench.growth FILE…` prints one JSON object.

A process of its own, so that the memory measured is the import's: resident memory once the application stands and has
spoken to its database, then at its highest.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import text

from tracker.app import create_app
from tracker.contracts.actions.imports import ImportReport, import_in_batches
from tracker.plumbing import clock, sessions
from tracker.plumbing.database import db
from tracker.plumbing.sessions import Actor

KIB = 1024
STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def measure(files: list[Path]) -> dict[str, object]:
    """What was read and created, the seconds it took, resident bytes at the start and at the highest."""
    report = ImportReport()
    _forget_the_highest()
    start, begun = _resident("VmRSS"), time.perf_counter()
    for path in files:
        with path.open("rb") as stream:
            for _ in import_in_batches(stream, report, clock.now()):
                db.session.commit()
    seconds = time.perf_counter() - begun
    return {**asdict(report.counts), "seconds": seconds, "start": start, "highest": _resident("VmHWM")}


def _forget_the_highest() -> None:
    """Linux counts the highest anew."""
    if FORGET.exists():
        FORGET.write_text("5")


def _resident(name: str) -> int:
    """Bytes; elsewhere than on Linux, the highest so far, which is close at the start."""
    if not STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(found.split()[1]) * KIB


def main() -> None:
    app = create_app()
    with app.app_context(), sessions.acting_as(Actor("import")):
        db.session.execute(text("SELECT 1"))
        print(json.dumps(measure([Path(name) for name in sys.argv[1:]])))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
