"""Demonstration and operations; the rooms' own command groups are registered here."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds the commands to `flask`."""
