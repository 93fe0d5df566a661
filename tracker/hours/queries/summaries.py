"""What the kept summaries say beside a full recount, row by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from tracker.plumbing.database import db

# One statement, hence one snapshot: what others write meanwhile is in both or in neither.
_DIFFERENCES = text("""
    WITH kept AS (TABLE year_summary EXCEPT ALL TABLE year_recount),
        recounted AS (TABLE year_recount EXCEPT ALL TABLE year_summary)
    SELECT 'kept' AS side, to_jsonb(kept) AS row, year, placement_id FROM kept
    UNION ALL SELECT 'recounted', to_jsonb(recounted), year, placement_id FROM recounted
    ORDER BY year, placement_id, side
""")


@dataclass(frozen=True)
class Difference:
    """A row that only one side has: `kept` in the table, or recounted from the lines and the ledger."""

    is_kept: bool
    row: dict[str, Any]


def differences() -> Iterator[Difference]:
    """Every row kept that a recount does not give, and every row recounted that is not kept; none when all is exact."""
    for side, row, *_ in db.session.execute(_DIFFERENCES):
        yield Difference(side == "kept", row)
