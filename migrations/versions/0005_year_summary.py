"""Years kept summed: one row for a placement's year, recounted in the transaction that changes what it is made of."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What a year is made of: the one definition that the triggers, the check and the rebuilding read. Asked for some
# placements, it reads their lines alone; asked for all, each table once.
RECOUNT = """
    CREATE VIEW year_recount AS
    SELECT found.year, found.placement_id, found.pledge_id, found.decision_id,
        p.participant_id, p.employer_id, p.contract_type, p.means, d.rsa_status, d.main_category, d.other_categories,
        CASE jsonb_typeof(d.frozen -> 'age') WHEN 'number' THEN (d.frozen ->> 'age')::smallint END AS age,
        d.frozen ->> 'level' AS level, d.frozen ->> 'commune' AS commune_code, d.frozen ->> 'qpv' AS qpv_code,
        found.declared_hours, found.accepted_hours, found.refused_hours, found.counted_hours
    FROM (
        SELECT year, placement_id, pledge_id, decision_id, sum(declared) AS declared_hours,
            sum(accepted) AS accepted_hours, sum(refused) AS refused_hours, sum(counted) AS counted_hours
        FROM (
            SELECT sent.year, sent.placement_id, p.pledge_id, p.decision_id,
                sent.declared, sent.accepted, sent.refused, 0 AS counted
            FROM (
                SELECT date_part('year', month)::smallint AS year, placement_id,
                    coalesce(sum(declared_hours), 0) AS declared, sum(accepted_hours) AS accepted,
                    coalesce(sum(declared_hours) FILTER (WHERE state = 'refused'), 0) AS refused
                FROM hours_line WHERE state <> 'draft' GROUP BY 1, 2
            ) sent
            JOIN placement p ON p.id = sent.placement_id
            UNION ALL
            SELECT date_part('year', e.month)::smallint, l.placement_id, e.pledge_id, e.decision_id,
                0, 0, 0, sum(e.hours)
            FROM ledger_entry e JOIN hours_line l ON l.id = e.line_id GROUP BY 1, 2, 3, 4
        ) source
        GROUP BY year, placement_id, pledge_id, decision_id
    ) found
    JOIN placement p ON p.id = found.placement_id
    LEFT JOIN eligibility_decision d ON d.id = found.decision_id
"""
# The placements are locked before anything is read, in one order for all; what others committed while we waited is then
# seen, each statement of a volatile function having a snapshot of its own. NO KEY: a line's foreign key holds its
# placement FOR KEY SHARE, and two sessions that both had one would wait for each other's for ever.
REFRESH = """
    CREATE FUNCTION refresh_year_summary(touched integer[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF cardinality(touched) = 0 THEN
            RETURN;
        END IF;
        PERFORM FROM placement WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
        DELETE FROM year_summary WHERE placement_id = ANY (touched);
        INSERT INTO year_summary SELECT * FROM year_recount WHERE placement_id = ANY (touched);
    END $$
"""
# Whoever writes hours meanwhile waits at the table, then recounts its own placements over what was rebuilt. Rows are
# laid down year by year, as they are read.
REBUILD = """
    CREATE FUNCTION rebuild_year_summary() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '256MB' AS $$
    DECLARE written bigint;
    BEGIN
        LOCK TABLE year_summary IN EXCLUSIVE MODE;
        DELETE FROM year_summary;
        INSERT INTO year_summary SELECT * FROM year_recount ORDER BY year, pledge_id;
        GET DIAGNOSTICS written = ROW_COUNT;
        RETURN written;
    END $$
"""
# A line's own hours are the placement's; those counted of it follow through the ledger.
KEEP = (
    """
        CREATE FUNCTION keep_year_of_lines() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                PERFORM refresh_year_summary(ARRAY(SELECT DISTINCT placement_id FROM new_rows));
            ELSIF TG_OP = 'DELETE' THEN
                PERFORM refresh_year_summary(ARRAY(SELECT DISTINCT placement_id FROM old_rows));
            ELSE
                PERFORM refresh_year_summary(ARRAY(
                    SELECT DISTINCT unnest(ARRAY[o.placement_id, n.placement_id])
                    FROM old_rows o JOIN new_rows n USING (id)
                    WHERE (o.placement_id, o.month, o.state, o.declared_hours, o.accepted_hours)
                        IS DISTINCT FROM (n.placement_id, n.month, n.state, n.declared_hours, n.accepted_hours)
                ));
            END IF;
            RETURN NULL;
        END $$
    """,
    """
        CREATE FUNCTION keep_year_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM refresh_year_summary(ARRAY(
                SELECT DISTINCT l.placement_id FROM new_rows n JOIN hours_line l ON l.id = n.line_id
            ));
            RETURN NULL;
        END $$
    """,
    """
        CREATE FUNCTION keep_year_of_placements() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM refresh_year_summary(ARRAY(
                SELECT o.id FROM old_rows o JOIN new_rows n USING (id)
                WHERE (o.pledge_id, o.decision_id, o.participant_id, o.employer_id, o.contract_type, o.means)
                    IS DISTINCT FROM
                    (n.pledge_id, n.decision_id, n.participant_id, n.employer_id, n.contract_type, n.means)
            ));
            RETURN NULL;
        END $$
    """,
)
ROW_BY_ROW = """
    CREATE OR REPLACE FUNCTION keep_imputed_hours() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE hours_line SET imputed_hours = imputed_hours + NEW.hours WHERE id = NEW.line_id;
            RETURN NULL;
        END $$
"""
AT_ONCE = """
    CREATE OR REPLACE FUNCTION keep_imputed_hours() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE hours_line l SET imputed_hours = l.imputed_hours + n.hours
            FROM (SELECT line_id, sum(hours) AS hours FROM new_rows GROUP BY line_id) n WHERE n.line_id = l.id;
            RETURN NULL;
        END $$
"""
SEEN = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}
TRIGGERS = (
    ("keep_year_of_added_lines", "INSERT", "hours_line", "keep_year_of_lines"),
    ("keep_year_of_changed_lines", "UPDATE", "hours_line", "keep_year_of_lines"),
    ("keep_year_of_dropped_lines", "DELETE", "hours_line", "keep_year_of_lines"),
    ("keep_year_of_ledger", "INSERT", "ledger_entry", "keep_year_of_ledger"),
    ("keep_year_of_placements", "UPDATE", "placement", "keep_year_of_placements"),
)


def watch(name, event, table, function):
    """Calls a function once for a statement, with the rows it wrote."""
    op.execute(f"""
        CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {SEEN[event]}
        FOR EACH STATEMENT EXECUTE FUNCTION {function}()
    """)


def upgrade():
    op.create_table(
        "year_summary",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer()),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("contract_type", sa.Text(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("rsa_status", sa.Text()),
        sa.Column("main_category", sa.Text()),
        sa.Column("other_categories", sa.ARRAY(sa.Text())),
        sa.Column("age", sa.SmallInteger()),
        sa.Column("level", sa.Text()),
        sa.Column("commune_code", sa.Text()),
        sa.Column("qpv_code", sa.Text()),
        sa.Column("declared_hours", sa.Numeric(14, 2), nullable=False),
        sa.Column("accepted_hours", sa.Numeric(14, 2), nullable=False),
        sa.Column("refused_hours", sa.Numeric(14, 2), nullable=False),
        sa.Column("counted_hours", sa.Numeric(14, 2), nullable=False),
        sa.UniqueConstraint(
            "placement_id",
            "year",
            "pledge_id",
            "decision_id",
            name=op.f("uq_year_summary_placement_id_year_pledge_id_decision_id"),
            postgresql_nulls_not_distinct=True,
        ),
        comment="kept by triggers",
    )
    op.create_index("ix_year_summary_year_pledge_id", "year_summary", ["year", "pledge_id"])
    op.create_index("ix_ledger_entry_line_id", "ledger_entry", ["line_id"])
    op.create_index(
        "ix_participant_same_as_id",
        "participant",
        ["same_as_id"],
        postgresql_where=sa.text("same_as_id IS NOT NULL"),
    )
    for definition in (RECOUNT, REFRESH, REBUILD, *KEEP):
        op.execute(definition)
    for trigger in TRIGGERS:
        watch(*trigger)
    op.execute("DROP TRIGGER keep_imputed_hours ON ledger_entry")
    op.execute(AT_ONCE)
    watch("keep_imputed_hours", "INSERT", "ledger_entry", "keep_imputed_hours")
    op.execute("SELECT rebuild_year_summary()")


def downgrade():
    op.execute("DROP TRIGGER keep_imputed_hours ON ledger_entry")
    op.execute(ROW_BY_ROW)
    op.execute("""
        CREATE TRIGGER keep_imputed_hours AFTER INSERT ON ledger_entry
        FOR EACH ROW EXECUTE FUNCTION keep_imputed_hours()
    """)
    for name, _, table, _ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in ("keep_year_of_lines", "keep_year_of_ledger", "keep_year_of_placements"):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP FUNCTION rebuild_year_summary(), refresh_year_summary(integer[])")
    op.execute("DROP VIEW year_recount")
    op.drop_index("ix_participant_same_as_id", table_name="participant")
    op.drop_index("ix_ledger_entry_line_id", table_name="ledger_entry")
    op.drop_table("year_summary")
