"""The file from the terminal."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.certificates.world import PAPER, an_issue, as_drawn
from tracker.plumbing import files


def run(app, *words: object):
    return app.test_cli_runner().invoke(args=["certificates", "print", *map(str, words)])


def test_the_file_is_written_as_it_was_issued(app, cast: Cast, tmp_path) -> None:
    as_drawn(cast)
    certificate = an_issue(cast)
    output = tmp_path / "attestation.pdf"
    done = run(app, certificate.code, "--output", output)
    assert (done.exit_code, output.read_bytes()) == (0, PAPER + certificate.code.encode())
    assert "AR-2026-0001, version 1" in done.output


def test_a_number_gives_its_latest_version(app, cast: Cast, tmp_path) -> None:
    as_drawn(cast)
    an_issue(cast)
    second = an_issue(cast, seen_version=1, reason="Avenant")
    output = tmp_path / "attestation.pdf"
    assert run(app, "AR-2026-0001", "--output", output).exit_code == 0
    assert output.read_bytes() == PAPER + second.code.encode()


@pytest.mark.parametrize("code", ["AR-2026-0009", "abcdefghijklmnopqrstuvwxyz", ""])
def test_an_unknown_code_writes_nothing(app, cast: Cast, tmp_path, code: str) -> None:
    output = tmp_path / "attestation.pdf"
    done = run(app, code, "--output", output)
    assert (done.exit_code, output.exists()) == (1, False)
    assert "aucune attestation" in done.output


def test_a_file_that_was_altered_is_never_given(app, cast: Cast, tmp_path) -> None:
    as_drawn(cast)
    certificate = an_issue(cast)
    (kept,) = (app.config["INSTANCE_PATH"] / "files").glob(f"*/{certificate.file_digest}")
    whole = kept.read_bytes()
    output = tmp_path / "attestation.pdf"
    kept.write_bytes(b"another")
    altered = run(app, certificate.code, "--output", output)
    kept.unlink()
    missing = run(app, certificate.code, "--output", output)
    kept.write_bytes(whole)
    assert (altered.exit_code, missing.exit_code, output.exists()) == (1, 1, False)
    assert "altéré" in altered.output
    assert "introuvable" in missing.output
    assert files.content_of(certificate.file_digest) == whole


def test_a_folder_that_does_not_exist_is_said(app, cast: Cast, tmp_path) -> None:
    as_drawn(cast)
    done = run(app, an_issue(cast).code, "--output", tmp_path / "nulle-part" / "attestation.pdf")
    assert done.exit_code == 1
    assert "impossible d’écrire" in done.output
