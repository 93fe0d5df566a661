"""Every command of the terminal."""

from flask import Flask

from tracker.commands import doctor, work


def register(app: Flask) -> None:
    """Adds the commands to `flask`."""
    doctor.register(app)
    work.register(app)
