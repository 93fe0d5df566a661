"""What the database itself refuses: changing what is append-only, counting an hour twice."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "journal_entry",
    "reading",
    "contract_publication",
    "obligation_event",
    "eligibility_decision",
    "ledger_entry",
    "certificate",
    "certificate_end",
)


def upgrade():
    op.execute("""
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """)
    for table in APPEND_ONLY:
        op.execute(f"""
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
        """)
    op.execute("""
        CREATE FUNCTION keep_imputed_hours() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE hours_line SET imputed_hours = imputed_hours + NEW.hours WHERE id = NEW.line_id;
            RETURN NULL;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER keep_imputed_hours AFTER INSERT ON ledger_entry
        FOR EACH ROW EXECUTE FUNCTION keep_imputed_hours()
    """)


def downgrade():
    op.execute("DROP TRIGGER keep_imputed_hours ON ledger_entry")
    op.execute("DROP FUNCTION keep_imputed_hours()")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER append_only ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
