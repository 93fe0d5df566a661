"""The versions of each person's identity; not append-only, for they are erased when their time is over."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SEXES = ("female", "male", "other")
LEVELS = ("below", "3", "4", "5", "6", "7", "8")


def one_of(words, name):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade():
    op.create_table(
        "identity_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("sex", one_of(SEXES, "sex"), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("level", one_of(LEVELS, "educationlevel"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_identity_version_participant_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_identity_version_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_version")),
        sa.UniqueConstraint("participant_id", "number", name=op.f("uq_identity_version_participant_id_number")),
    )
    # Who stands in the files already stands as entered: by whom, nobody wrote down.
    op.execute("""
        INSERT INTO identity_version
            (participant_id, number, given_name, family_name, born_on, sex, commune_code, level, recorded_at)
        SELECT id, 1, given_name, family_name, born_on, sex, commune_code, level, created_at FROM participant
    """)


def downgrade():
    op.drop_table("identity_version")
