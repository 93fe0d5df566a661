"""Files kept for good under their own fingerprint, on disk, each with its row."""

import hashlib
import os
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
    """Keeps a file, written whole or not at all, and gives its fingerprint; the same content is kept once."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.part")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    row = {"digest": digest, "size": len(content), "media_type": media_type, "kept_at": clock.now()}
    db.session.execute(insert(StoredFile).values(row).on_conflict_do_nothing())
    return digest


def content_of(digest: str) -> bytes:
    """The file kept under this fingerprint; FileNotFoundError, or Altered when the disk no longer tells the truth."""
    content = _path_of(digest).read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise Altered(digest)
    return content


def _path_of(digest: str) -> Path:
    return Path(current_app.config["INSTANCE_PATH"]) / "files" / digest[:2] / digest
