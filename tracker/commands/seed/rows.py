"""A block as rows of COPY, table by table."""

from __future__ import annotations

from tracker.commands.seed import rows_of_contracts, rows_of_hours, rows_of_people
from tracker.commands.seed.block import Communes, block_of
from tracker.commands.seed.scales import Plan, Quota
from tracker.commands.seed.tables import TABLES, Rows, joined


def rows_of(plan: Plan, quota: Quota, communes: Communes, password: str) -> dict[str, bytes]:
    """The rows of a block by table, ready for COPY; `password` is the hash that the sign-ins share."""
    block = block_of(plan, quota, communes)
    rng = plan.rng(f"rows {quota.index}")
    rows: Rows = {table: [] for table in TABLES}
    rows_of_contracts.write(rows, block, password, rng)
    rows_of_people.write(rows, block, rng)
    rows_of_hours.write(rows, block, rng)
    return {table: joined(table, lines) for table, lines in rows.items()}
