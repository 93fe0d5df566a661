"""A membership that an invitation made is opened by links alone: no password of somebody's own reaches it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("membership", sa.Column("by_link_only", sa.Boolean(), server_default=sa.false(), nullable=False))
    # Whoever has no password entered by links until now, and goes on as before.
    op.execute("""
        UPDATE membership SET by_link_only = true FROM person
        WHERE person.id = membership.person_id AND person.password IS NULL AND membership.role = 'employer'
    """)


def downgrade():
    op.drop_column("membership", "by_link_only")
