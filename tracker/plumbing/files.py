"""Files kept for good under their own fingerprint, on disk, each with its row."""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from flask import current_app
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from tracker.plumbing import clock
from tracker.plumbing.database import Base, Moment, db


class Altered(Exception):
    """The file on disk no longer has the fingerprint it was kept under."""


class StoredFile(Base):
    """A file's fingerprint (SHA-256, hexadecimal), size and type."""

    __tablename__ = "stored_file"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str]
    kept_at: Mapped[Moment]


def keep(content: bytes, media_type: str) -> str:
    """Keeps a file, written whole or not at all, and gives its fingerprint; the same content is kept once.

    Found altered on disk, it is written again. When the transaction is rolled back, the file stays without its row.
    """
    digest = _digest_of(content)
    path = _path_of(digest)
    if not _holds(path, digest):
        _write_whole(path, content)
    row = {"digest": digest, "size": len(content), "media_type": media_type, "kept_at": clock.now()}
    db.session.execute(insert(StoredFile).values(row).on_conflict_do_nothing())
    return digest


def content_of(digest: str) -> bytes:
    """The file kept under this fingerprint; FileNotFoundError, or Altered when the disk no longer tells the truth."""
    content = _path_of(digest).read_bytes()
    if _digest_of(content) != digest:
        raise Altered(digest)
    return content


def _digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _holds(path: Path, digest: str) -> bool:
    return path.exists() and _digest_of(path.read_bytes()) == digest


def _path_of(digest: str) -> Path:
    return Path(current_app.config["INSTANCE_PATH"]) / "files" / digest[:2] / digest


def _write_whole(path: Path, content: bytes) -> None:
    """Under a draft's name, then renamed: nobody ever reads half of it, even after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(draft)
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """The name itself reaches the disk; a system that opens no folder (Windows) does it by itself."""
    with suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
