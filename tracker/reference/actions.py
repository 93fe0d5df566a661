"""Lists are loaded: what they held before makes way in the same transaction."""

from sqlalchemy import delete

from tracker.plumbing.database import db
from tracker.reference.exchange import CommuneRow, read_communes
from tracker.reference.models import Commune

_COPY = f"COPY commune ({', '.join(CommuneRow._fields)}) FROM STDIN"


def load_communes() -> int:
    """Replaces the communes by those of the published list, through COPY, and says how many they are."""
    db.session.execute(delete(Commune))
    driver = db.session.connection().connection.driver_connection
    if driver is None:
        raise RuntimeError("the session lost its connection")
    count = 0
    with driver.cursor().copy(_COPY) as copy:
        for count, row in enumerate(read_communes(), start=1):  # noqa: B007 - the last number is the answer
            copy.write_row(row)
    return count
