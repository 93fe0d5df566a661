"""Files of every edition and in every state: each record at its place, and what breaks told without losing the rest."""

import gc
import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contracts.decp import SOUND, drafts_of, read_bytes, rejects_of, remarks_on
from tracker.contracts.exchange.decp import read_decp
from tracker.contracts.exchange.drafts import ContractDraft, ContractKind, Edition, Reject, RejectKind
from tracker.contracts.exchange.fields import GREATEST_AMOUNT

CONCESSION: dict[str, Any] = {
    "id": "DSP-1",
    "autoriteConcedante": {"id": "21990017200012"},
    "nature": "Délégation de service public",
    "objet": "Réseau de chaleur",
    "procedure": "Procédure négociée ouverte",
    "dureeMois": 240,
    "dateSignature": "2024-10-21",
    "datePublicationDonnees": "2024-11-25",
    "dateDebutExecution": "2025-01-01",
    "valeurGlobale": 8450000,
    "concessionnaires": [{"concessionnaire": {"typeIdentifiant": "SIRET", "id": "00001037100011"}}],
}
TWO = SOUND | {"considerationsSociales": {"considerationSociale": ["Clause sociale"]}}


def written(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def places(content: Any) -> list[tuple[int, str, str, str]]:
    return [(one.rank, one.path, one.kind.value, one.format.value) for one in drafts_of(read_bytes(written(content)))]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"marches": [SOUND]}, [(1, "marches[0]", "marché", "1.x")]),
        (
            {"$schema": "x", "marches": [TWO, SOUND]},
            [(1, "marches[0]", "marché", "2.x"), (2, "marches[1]", "marché", "1.x")],
        ),
        ({"marches": [CONCESSION]}, [(1, "marches[0]", "concession", "1.x")]),
        (
            {"marches": {"marche": [TWO], "contrat-concession": [CONCESSION]}},
            [(1, "marches.marche[0]", "marché", "2.x"), (2, "marches.contrat-concession[0]", "concession", "2.x")],
        ),
        ({"marches": {"marche": TWO}}, [(1, "marches.marche", "marché", "2.x")]),
        (
            {"marches": {"marche": None, "contrat-concession": [CONCESSION]}},
            [(1, "marches.contrat-concession[0]", "concession", "2.x")],
        ),
        ([SOUND], [(1, "[0]", "marché", "1.x")]),
        ([{"marche": TWO}], [(1, "[0].marche", "marché", "2.x")]),
        (SOUND, [(1, "", "marché", "1.x")]),
        ({"marche": TWO}, [(1, "marche", "marché", "2.x")]),
        ({"marches": []}, []),
    ],
)
def test_every_edition_is_read_and_each_record_has_its_place(content, expected):
    assert places(content) == expected
    assert rejects_of(read_bytes(written(content))) == []


def test_a_concession_is_read_by_its_own_names():
    (draft,) = drafts_of(read_bytes(written({"marches": {"contrat-concession": [CONCESSION]}})))
    assert (draft.kind, draft.format) == (ContractKind.CONCESSION, Edition.TWO)
    assert draft.buyer_identifier == "21990017200012"
    assert [str(day) for day in (draft.notified_on, draft.starts_on)] == ["2024-10-21", "2025-01-01"]
    assert str(draft.amount) == "8450000.00"
    assert draft.holders[0].identifier == "00001037100011"
    assert [remark.field for remark in draft.remarks] == ["social_considerations"]


def test_a_flattened_record_is_read_too():
    flat = {name: value for name, value in SOUND.items() if name != "acheteur"} | {"acheteur.id": "22990001400015"}
    (draft,) = drafts_of(read_bytes(written({"marches": [flat]})))
    assert draft.buyer_identifier == "22990001400015"


@pytest.mark.parametrize("intruder", [None, "un marché", 12, [1, 2]])
def test_what_is_no_record_is_rejected_and_the_others_go_on(intruder):
    read = read_bytes(written({"marches": {"marche": [SOUND, intruder, SOUND | {"id": "2"}]}}))
    assert [one.rank for one in drafts_of(read)] == [1, len(read)]
    assert all(one.kind is RejectKind.RECORD for one in rejects_of(read))
    assert len(rejects_of(read)) >= 1


@pytest.mark.parametrize(
    ("content", "kept", "reason"),
    [
        (b"", 0, "Fichier vide"),
        (b"<html>", 0, "Le fichier n’est pas du JSON valide (vers la ligne 1, octet 6)"),
        (b"{}", 0, "Ce fichier ne contient aucun marché"),
        (b'{"type": "FeatureCollection"}', 0, "Ce fichier ne contient aucun marché"),
        (b"12", 0, "Ce fichier ne contient aucun marché"),
        (b'{"marches": [%s' % written(SOUND), 1, "Le fichier s’arrête au milieu (vers la ligne 1, octet "),
        (b'{"marches": [%s, {"id": ' % written(SOUND), 1, "Le fichier s’arrête au milieu (vers la ligne 1, octet "),
        (b'{"marches": [%s, {"id": NaN}]}' % written(SOUND), 1, "Le fichier n’est pas du JSON valide (vers la ligne 1"),
        (b'{"marches": [%s]} et puis' % written(SOUND), 1, "Le fichier n’est pas du JSON valide (vers la ligne 1"),
        (b'{"marches": [%s, 1%s]}' % (written(SOUND), b"9" * 9000), 1, "Le fichier n’est pas du JSON valide"),
        (b'{"marches": [%s, 1e%s]}' % (written(SOUND), b"9" * 30), 1, "Le fichier n’est pas du JSON valide"),
        (b'{"marches": [%s, "\\udc00"]}' % written(SOUND), 1, "Le fichier n’est pas du JSON valide"),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, bytes) else None,
)
def test_a_file_that_breaks_keeps_what_came_before(content, kept, reason):
    *before, broken = read_bytes(content)
    assert len(before) == kept
    assert all(isinstance(one, ContractDraft) for one in before)
    assert isinstance(broken, Reject)
    assert (broken.rank, broken.kind) == (kept + 1, RejectKind.FILE)
    assert broken.reason.startswith(reason)


def test_a_break_says_its_line():
    record = json.dumps(SOUND, indent=1)
    lines = record.count("\n") + 1
    *_, broken = read_bytes(f'{{"marches": [\n{record},\n{record},\n}}'.encode())
    assert isinstance(broken, Reject)
    assert f"vers la ligne {2 * lines + 2}," in broken.reason
    assert broken.reason.endswith("2 enregistrements lus avant sont gardés")


def test_nesting_without_end_breaks_nothing():
    deep = b"[" * 3000 + b"]" * 3000
    content = b'{"marches": [%s, {"id": %s}, %s]}' % (deep, deep, written(SOUND))
    read = read_bytes(content)
    assert [type(one) for one in read] == [Reject, Reject, ContractDraft]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_the_mark_of_an_editor_is_dropped(mark):
    (draft,) = read_bytes(mark + written({"marches": [SOUND]}))
    assert isinstance(draft, ContractDraft)
    assert draft.remarks == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_read(encoding):
    text = ("" if encoding == "utf-16" else "\ufeff") + json.dumps({"marches": [SOUND]}, ensure_ascii=False)
    (draft,) = read_bytes(text.encode(encoding))
    assert isinstance(draft, ContractDraft)
    assert draft.object == SOUND["objet"]


@pytest.mark.parametrize("shift", [0, 1])
def test_a_letter_cut_between_two_pieces_is_one_letter(shift):
    padding = "x" * shift
    (draft,) = read_bytes(written({"titre": padding, "marches": [SOUND | {"objet": "é" * 3000}]}))
    assert isinstance(draft, ContractDraft)
    assert draft.object == "é" * 3000
    assert draft.remarks == ()


def test_a_windows_file_is_read_and_the_repair_is_said():
    old, new = SOUND | {"objet": "Fetes"}, SOUND | {"objet": "Rénovation d’été à l’œuvre", "id": "2"}
    content = json.dumps({"marches": [old] * 9 + [new] * 9}, ensure_ascii=False).encode("cp1252")
    drafts = drafts_of(read_bytes(content))
    assert [draft.object for draft in drafts[9:]] == ["Rénovation d’été à l’œuvre"] * 9
    (remark,) = remarks_on(drafts[-1], "file")
    assert remark.text == "Fichier en Windows-1252 lu comme tel (UTF-8 attendu)"


def test_utf_8_with_a_stray_byte_keeps_its_accents():
    content = written({"marches": [SOUND | {"objet": "Été, été"}]}).replace("Été,".encode(), "Été".encode() + b"\xe9,")
    (draft,) = read_bytes(content)
    assert isinstance(draft, ContractDraft)
    assert draft.object == "Étéé, été"


def test_a_line_end_inside_a_text_is_a_space():
    (draft,) = read_bytes(written({"marches": [SOUND]}).replace("du collège,".encode(), b"du\ncoll\x01ge,"))
    assert isinstance(draft, ContractDraft)
    assert draft.object.startswith("Réhabilitation du coll ge")


def test_the_digest_is_of_the_record_whatever_its_place_and_order():
    turned = dict(reversed(SOUND.items()))
    read = read_bytes(written({"marches": {"marche": [SOUND, turned, SOUND | {"montant": 1}]}}))
    one, two, other = drafts_of(read)
    assert one.digest == two.digest
    assert other.digest != one.digest
    assert len(one.digest) == 64


def test_decimal_numbers_are_kept_as_they_were_written():
    (draft,) = read_bytes(b'{"marches": [' + written(SOUND).replace(b"1486300", b"1486300.10") + b"]}")
    assert isinstance(draft, ContractDraft)
    assert draft.raw["montant"] == "1486300.10"
    assert draft.raw["dureeMois"] == 14


class Endless(io.RawIOBase):
    """A file of so many sound records, made as it is read."""

    def __init__(self, records: int) -> None:
        self._pieces = self._written(records)
        self._rest = b""

    @staticmethod
    def _written(records: int) -> Iterator[bytes]:
        yield b'{"marches": ['
        for rank in range(records):
            yield (b"," if rank else b"") + written(SOUND | {"id": str(rank)})
        yield b"]}"

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def peak_of_reading(records: int) -> int:
    """The greatest memory held while a file is read, in bytes; knots left to the collector are swept as we go."""
    tracemalloc.start()
    count = 0
    for count, _ in enumerate(read_decp(Endless(records)), 1):  # type: ignore[arg-type]  # it reads, and that is all ijson asks
        if count % 100 == 0:
            gc.collect()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == records
    return peak


def test_memory_does_not_grow_with_the_file():
    peak_of_reading(10)
    assert peak_of_reading(1000) < 1.5 * peak_of_reading(100)


NAMES = st.sampled_from(
    [
        *SOUND,
        *CONCESSION,
        "considerationsSociales",
        "modifications",
        "modification",
        "titulaire",
        "code",
        "typeCode",
        "nom",
    ]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(["NC", "2024-02-30", "1.0e17", "00001037100011", "Clause sociale", "\x00\ud83d", "٣٣٣٣٣٣٣٣", "²"]),
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=12).map(lambda some: SOUND | some), min_size=1, max_size=3))
def test_whatever_a_record_holds_it_is_a_draft_that_the_database_takes_or_a_reject(records):
    read = read_bytes(json.dumps({"marches": records}).encode())
    assert [one.rank for one in read] == list(range(1, len(read) + 1))
    for draft in drafts_of(read):
        stored = json.dumps([draft.raw, [remark.raw + remark.text for remark in draft.remarks]])
        assert "\\u0000" not in stored
        assert draft.amount is None or 1 <= draft.amount <= GREATEST_AMOUNT
        assert draft.cpv is None or (draft.cpv.isascii() and draft.cpv.isdigit() and len(draft.cpv) == 8)
        assert draft.buyer_identifier
        assert draft.number
        assert draft.object
        assert "\x00" not in f"{draft.number}{draft.object}{draft.nature}{draft.place_code}{draft.amount_text}"
        assert "\x00" not in "".join(f"{one.identifier}{one.name}{one.kind}" for one in draft.holders)
        assert repr(draft).encode()
