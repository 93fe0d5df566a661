"""A file is kept under its own fingerprint, whole, and says so when it was altered."""

import hashlib
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from tracker.plumbing import files, sessions
from tracker.plumbing.database import db
from tracker.plumbing.files import StoredFile

PAPER = b"%PDF-1.7 une attestation"


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    """Where this test's files are kept."""
    monkeypatch.setitem(app.config, "INSTANCE_PATH", tmp_path)
    return tmp_path / "files"


def names_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_found_again_under_its_fingerprint(folder):
    digest = files.keep(PAPER, "application/pdf")
    assert digest == hashlib.sha256(PAPER).hexdigest()
    assert files.content_of(digest) == PAPER
    kept = db.session.scalars(select(StoredFile)).one()
    assert (kept.digest, kept.size, kept.media_type) == (digest, len(PAPER), "application/pdf")


def test_the_same_content_is_kept_once(folder):
    assert files.keep(PAPER, "application/pdf") == files.keep(PAPER, "application/pdf")
    files.keep(PAPER + b".", "application/pdf")
    assert len(names_in(folder)) == 2
    assert len(db.session.scalars(select(StoredFile)).all()) == 2


def test_an_altered_file_is_not_given(folder):
    digest = files.keep(PAPER, "application/pdf")
    (folder / digest[:2] / digest).write_bytes(PAPER.replace(b"une", b"UNE"))
    with pytest.raises(files.Altered):
        files.content_of(digest)


def test_an_altered_file_kept_again_is_whole_again(folder):
    digest = files.keep(PAPER, "application/pdf")
    (folder / digest[:2] / digest).write_bytes(PAPER[:-1])
    files.keep(PAPER, "application/pdf")
    assert files.content_of(digest) == PAPER


def test_a_file_never_kept_is_missing(folder):
    with pytest.raises(FileNotFoundError):
        files.content_of("0" * 64)


def test_a_full_disk_leaves_nothing_half_written(folder, monkeypatch):
    def fail(_descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        files.keep(PAPER, "application/pdf")
    assert names_in(folder) == []
    assert db.session.scalars(select(StoredFile)).all() == []


def test_eight_at_once_keep_one_file(app, folder):
    together, found = Barrier(8), []

    def keep():
        with app.app_context(), sessions.acting_as(sessions.Actor("command")):
            together.wait()
            found.append(files.keep(PAPER * 10_000, "application/pdf"))
            db.session.commit()

    threads = [Thread(target=keep) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert names_in(folder) == [f"{found[0][:2]}/{found[0]}"]
    assert files.content_of(found[0]) == PAPER * 10_000


def test_nobody_else_may_read_what_is_kept(folder):
    digest = files.keep(PAPER, "application/pdf")
    assert (folder / digest[:2] / digest).stat().st_mode & 0o077 == 0
