"""The demonstration Département: invented people and firms, made through the same actions that the pages call."""

from tracker.accounts.rules import Role

PASSWORD = "demonstration-2026"
ACCOUNTS = {
    Role.OFFICER: "acheteuse@demo.example",
    Role.EMPLOYER: "employeur@demo.example",
    Role.FACILITATOR: "facilitatrice@demo.example",
    Role.PRESCRIBER: "prescripteur@demo.example",
    Role.ADMINISTRATOR: "administration@demo.example",
    Role.OBSERVER: "observation@demo.example",
}


def load() -> None:
    """Loads everything; the caller's actor is written in the journal."""
