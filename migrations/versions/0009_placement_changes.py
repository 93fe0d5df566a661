"""How the end of a placement moved: brought forward for a reason, or put off by a renewal; append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KINDS = ("ended_early", "renewed")
REASONS = ("departure", "employer_decision", "lasting_hire", "training", "end_of_works", "other")
MOVES = """
    CASE kind WHEN 'renewed' THEN from_ends_on IS NOT NULL AND to_ends_on > from_ends_on
    ELSE from_ends_on IS NULL OR to_ends_on < from_ends_on END
"""


def one_of(words, name):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade():
    op.create_table(
        "placement_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of(KINDS, "changekind"), nullable=False),
        sa.Column("from_ends_on", sa.Date(), nullable=True),
        sa.Column("to_ends_on", sa.Date(), nullable=False),
        sa.Column("reason", one_of(REASONS, "endreason"), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'ended_early') = (reason IS NOT NULL)", name=op.f("ck_placement_change_ended_for_a_reason")
        ),
        sa.CheckConstraint(MOVES, name=op.f("ck_placement_change_moves_as_its_kind")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_placement_change_placement_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_placement_change_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_change")),
    )
    op.create_index("ix_placement_change_placement_id", "placement_change", ["placement_id"])
    op.execute("""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON placement_change
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """)


def downgrade():
    op.drop_table("placement_change")
