"""What PostgreSQL says a database is made of, as sets of sentences that two databases can be compared by."""

from sqlalchemy import Connection, text

COLUMNS = """
    SELECT format('column %s.%s %s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
        coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''),
        CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text
             WHEN a.attgenerated <> '' THEN ' generated ' || a.attgenerated::text ELSE '' END)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
"""
# Not null is said with the column; its own constraint bears a name that nobody chose.
CONSTRAINTS = """
    SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid <> 0 AND contype <> 'n' AND connamespace = 'public'::regnamespace
"""
INDEXES = """
    SELECT format('index %s', pg_get_indexdef(indexrelid)) FROM pg_index
    JOIN pg_class c ON c.oid = indexrelid WHERE c.relnamespace = 'public'::regnamespace
"""
TRIGGERS = """
    SELECT format('trigger %s.%s %s', tgrelid::regclass, tgname, pg_get_triggerdef(oid))
    FROM pg_trigger WHERE NOT tgisinternal
"""
FUNCTIONS = """
    SELECT format('function %s %s', oid::regprocedure, md5(pg_get_functiondef(oid)))
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
VIEWS = """
    SELECT format('view %s %s', oid::regclass, md5(pg_get_viewdef(oid))) FROM pg_class
    WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
"""
TYPES = """
    SELECT format('type %s %s', t.oid::regtype, coalesce(string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder), ''))
    FROM pg_type t LEFT JOIN pg_enum e ON e.enumtypid = t.oid
    WHERE t.typnamespace = 'public'::regnamespace AND t.typcategory <> 'A' GROUP BY t.oid
"""
SEQUENCES = """
    SELECT format('sequence %s %s', seqrelid::regclass, seqtypid::regtype) FROM pg_sequence
    JOIN pg_class c ON c.oid = seqrelid WHERE c.relnamespace = 'public'::regnamespace
"""
SHAPE = (COLUMNS, CONSTRAINTS, INDEXES, SEQUENCES)
WHOLE = (*SHAPE, TRIGGERS, FUNCTIONS, VIEWS, TYPES)
NOT_OURS = ("procrastinate_", "alembic_version")


def catalogue(connection: Connection, questions: tuple[str, ...] = WHOLE) -> frozenset[str]:
    """One sentence for each column, constraint, index… of the schema `public`."""
    return frozenset(line for question in questions for line in connection.execute(text(question)).scalars())


def ours(sentences: frozenset[str]) -> frozenset[str]:
    """Those that are neither Alembic's nor the queue's."""
    return frozenset(line for line in sentences if not any(name in line for name in NOT_OURS))


def difference(migrated: frozenset[str], modelled: frozenset[str]) -> str:
    """What one has and not the other, a line each, in order; empty when they agree."""
    lines = [f"only migrated: {line}" for line in sorted(migrated - modelled)]
    return "\n".join(lines + [f"only modelled: {line}" for line in sorted(modelled - migrated)])
