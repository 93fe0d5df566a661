"""Every command of the terminal."""

from flask import Flask

from tracker.certificates import commands as certificates_commands
from tracker.commands import demo, doctor, work
from tracker.commands.seed import command as seed
from tracker.contracts import commands as contracts_commands
from tracker.hours import commands as hours_commands
from tracker.reference import commands as reference_commands


def register(app: Flask) -> None:
    """Adds the commands to `flask`."""
    demo.register(app)
    doctor.register(app)
    seed.register(app)
    work.register(app)
    app.cli.add_command(reference_commands.reference)
    app.cli.add_command(contracts_commands.contracts)
    app.cli.add_command(certificates_commands.certificates)
    app.cli.add_command(hours_commands.summaries)
