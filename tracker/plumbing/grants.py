"""What the application's role may do in a database that another role owns."""

from sqlalchemy import Connection, text

# Tables that bear the trigger `append_only`: the application adds rows there, and nothing else.
_APPEND_ONLY = text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'")
# The comment of a table that the owner's triggers write: the application reads there, and nothing else.
KEPT_BY_TRIGGERS = "kept by triggers"
_KEPT = text("SELECT oid::regclass::text FROM pg_class WHERE obj_description(oid, 'pg_class') = :comment")


def grant_application(connection: Connection, role: str) -> None:
    """Gives the application's role its rights on the owner's tables; nothing to do when it owns them itself."""
    if role == connection.execute(text("SELECT current_user")).scalar_one():
        return
    name = connection.dialect.identifier_preparer.quote(role)
    for right in (
        "USAGE ON SCHEMA public",
        "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public",
        "USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public",
        "EXECUTE ON ALL FUNCTIONS IN SCHEMA public",
    ):
        connection.execute(text(f"GRANT {right} TO {name}"))
    for table in connection.execute(_APPEND_ONLY).scalars().all():
        connection.execute(text(f"REVOKE UPDATE, DELETE ON {table} FROM {name}"))
    for table in connection.execute(_KEPT, {"comment": KEPT_BY_TRIGGERS}).scalars().all():
        connection.execute(text(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {name}"))
    # It reads which migration the database is at; only the owner says so.
    connection.execute(text(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}"))
