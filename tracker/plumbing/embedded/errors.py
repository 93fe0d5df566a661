"""What goes wrong with the embedded server."""


class ServerError(Exception):
    """The embedded PostgreSQL cannot serve; the message says why and, when known, what to do."""
