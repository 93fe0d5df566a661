"""What a national base showed missing: indexes for windows and open declarations, contracts nobody has taken yet."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEEP = """
    CREATE FUNCTION keep_bears_clause() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE contract SET bears_clause = true WHERE id = NEW.contract_id AND NOT bears_clause;
        RETURN NULL;
    END $$
"""


def upgrade():
    op.create_index(
        "ix_placement_decision_id", "placement", ["decision_id"], postgresql_where=sa.text("decision_id IS NOT NULL")
    )
    op.create_index(
        "ix_declaration_open",
        "declaration",
        ["clause_id"],
        postgresql_where=sa.text("state = 'submitted' OR state = 'returned'"),
    )
    op.create_index("ix_declaration_employer_id_month", "declaration", ["employer_id", "month"])
    op.add_column("contract", sa.Column("bears_clause", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE contract SET bears_clause = true WHERE id IN (SELECT contract_id FROM clause)")
    op.create_index("ix_contract_unclaimed", "contract", ["id"], postgresql_where=sa.text("NOT bears_clause"))
    op.execute(KEEP)
    op.execute("""
        CREATE TRIGGER keep_bears_clause AFTER INSERT ON clause
        FOR EACH ROW EXECUTE FUNCTION keep_bears_clause()
    """)


def downgrade():
    op.execute("DROP TRIGGER keep_bears_clause ON clause")
    op.execute("DROP FUNCTION keep_bears_clause()")
    op.drop_index("ix_contract_unclaimed", table_name="contract")
    op.drop_column("contract", "bears_clause")
    op.drop_index("ix_declaration_employer_id_month", table_name="declaration")
    op.drop_index("ix_declaration_open", table_name="declaration")
    op.drop_index("ix_placement_decision_id", table_name="placement")
