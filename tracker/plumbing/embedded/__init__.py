"""The embedded PostgreSQL: a private server for the demonstration and the tests, without installing one.

    from tracker.plumbing import embedded
    server = embedded.ensure(instance_path)            # uses the live one, else starts it as our child
    server.app_url                                     # postgresql+psycopg://tracker_app@/tracker?host=…&port=5432
    server.owner_url                                   # the same as tracker_owner, who migrates
    server.stop()                                      # does nothing unless this process started it
    with embedded.throwaway() as server: …             # for tests: fast, its own, erased at the end

It listens on a Unix socket in a closed folder, never on TCP, and knows who connects from the system itself (peer).
It ends with the process that started it, even killed (Linux). Roles: `tracker_owner` owns the database and may make
others; `tracker_app` may connect and defines nothing, the owner grants it what it needs; `postgres` is superuser.
`python -m tracker.plumbing.embedded INSTANCE` stops the server and erases its data, wherever they are.
"""

from .errors import ServerError
from .server import Server, ensure, erase, start, throwaway

__all__ = ["Server", "ServerError", "ensure", "erase", "start", "throwaway"]
