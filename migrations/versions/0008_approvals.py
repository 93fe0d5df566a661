"""Papers of prior approval: the facts that were printed and the very file, kept for good; numbers without a gap."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# « AP »: whoever gives a number waits for the one before, to the end of its transaction; what was committed meanwhile
# is then seen, each statement of a volatile function having a snapshot of its own.
NEXT_RANK = """
    CREATE FUNCTION next_approval_rank(asked integer) RETURNS integer LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(x'4150'::integer);
        RETURN (SELECT coalesce(max(rank), 0) + 1 FROM approval WHERE year = asked);
    END $$
"""


def upgrade():
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts_digest", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_approval_rank_begins_at_one")),
        sa.ForeignKeyConstraint(["file_digest"], ["stored_file.digest"], name=op.f("fk_approval_file_digest")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_approval_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_approval_placement_id")),
        sa.UniqueConstraint("year", "rank", name=op.f("uq_approval_year_rank")),
    )
    op.execute("""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """)
    op.execute(NEXT_RANK)


def downgrade():
    op.execute("DROP FUNCTION next_approval_rank(integer)")
    op.drop_table("approval")
