"""The queue's own tables, as Procrastinate 3.10 makes them; a later version of it brings its own revision here."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    # By the driver's own cursor: the schema holds percent signs and many statements.
    op.get_bind().connection.cursor().execute(SchemaManager.get_schema())


def downgrade():
    op.execute("""
        DROP TABLE procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs, procrastinate_workers
        CASCADE
    """)
    op.execute("""
        DO $$ DECLARE one text; BEGIN
            FOR one IN SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'procrastinate%' LOOP
                EXECUTE 'DROP FUNCTION ' || one || ' CASCADE';
            END LOOP;
        END $$
    """)
    op.execute("DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status")
