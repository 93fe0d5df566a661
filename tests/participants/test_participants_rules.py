"""Identity of a person, and the decision that says whether she counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tracker.participants.rules.decisions import DecisionFacts, Outcome, RsaStatus, objections_to_decision
from tracker.participants.rules.identity import (
    IDENTITY_FIELDS,
    EducationLevel,
    IdentityDraft,
    Sex,
    changed_fields,
    fields_in_french,
    objections_to_identity,
)
from tracker.publics.rules import DEFAULT_EDITION, Proof, edition
from tracker.vocabulary.objections import Objection

TODAY = date(2026, 3, 12)
EPEC = edition(DEFAULT_EDITION)
AMINA = IdentityDraft("Amina", "Diallo", date(1990, 5, 1), Sex.FEMALE, "37261", EducationLevel.LEVEL_3)


def codes(found: list[Objection]) -> list[str]:
    return [objection.code for objection in found]


def blocking(found: list[Objection]) -> list[str]:
    return [objection.code for objection in found if objection.blocks]


def test_a_whole_identity_meets_no_objection() -> None:
    assert objections_to_identity(AMINA, TODAY) == []


def test_all_that_is_missing_is_said_at_once_beside_its_field() -> None:
    found = objections_to_identity(IdentityDraft(), TODAY)
    assert [objection.field for objection in found] == [
        "given_name",
        "family_name",
        "born_on",
        "sex",
        "commune_code",
        "level",
    ]
    assert blocking(found) == ["name_missing", "name_missing", "birth_missing", "sex_missing"]


@pytest.mark.parametrize(
    ("change", "expected", "why"),
    [
        ({"born_on": date(2026, 3, 13)}, ["birth_in_future"], "born tomorrow"),
        ({"born_on": date(2026, 3, 12)}, ["too_young"], "born today"),
        ({"born_on": date(2012, 3, 13)}, ["too_young"], "13 years old"),
        ({"born_on": date(2012, 3, 12)}, ["under_16"], "14 today"),
        ({"born_on": date(2010, 3, 13)}, ["under_16"], "15 years old"),
        ({"born_on": date(2010, 3, 12)}, [], "16 today"),
        ({"born_on": date(1935, 3, 13)}, [], "90 years old"),
        ({"born_on": date(1935, 3, 12)}, ["too_old"], "91: a mistyped year"),
        ({"commune_code": "2A004"}, [], "Ajaccio"),
        ({"commune_code": "37000 Tours"}, ["commune_unreadable"], "not a code"),
        ({"commune_code": "3726"}, ["commune_unreadable"], "4 signs"),
        ({"commune_code": ""}, ["commune_missing"], "to complete"),
        ({"family_name": "Diallo 2 90 05 37 261 012 34"}, ["nir_typed"], "no NIR is kept"),
        ({"family_name": "X 1234567890123"}, ["nir_typed"], "13 digits, without the key"),
        ({"family_name": "X 123456789012"}, [], "12 digits are something else"),
        ({"given_name": "2 90 05 2A 004 012"}, ["nir_typed"], "born in Corsica, 12 digits and a letter"),
        ({"given_name": "2 90 05 2b 004 012 34"}, ["nir_typed"], "the same with its key, in small letters"),
        ({"given_name": "X 2 90 05 2A 004 01"}, [], "a digit short of it"),
        ({"given_name": "2.90.05.37.261.012.34"}, ["nir_typed"], "with dots"),
        ({"given_name": "٢٩٠٠٥٣٧٢٦١٠١٢"}, ["nir_typed"], "digits of another script"),
        ({"family_name": "12"}, ["name_without_letters"], "a name has letters"),
        ({"family_name": "’-"}, ["name_without_letters"], "signs alone"),
        ({"family_name": "ʻ"}, ["name_without_letters"], "an ʻokina alone"),
        ({"family_name": "Y"}, [], "one letter is a name"),
        ({"family_name": "O'Brien"}, [], "a straight apostrophe"),
        ({"family_name": "N’Diaye"}, [], "a printed apostrophe"),
        ({"given_name": "Kaʻahumanu"}, [], "the ʻokina"),
        ({"family_name": "N’Guyễn-Đặng"}, [], "names are not only French"),
        ({"family_name": "محمد"}, ["name_not_latin"], "Arabic script: neither searched nor compared"),
        ({"given_name": "小明"}, ["name_not_latin"], "Chinese script"),
        ({"given_name": "Amina أمينة"}, ["name_not_latin"], "both scripts at once"),
        ({"family_name": "é" * 200}, [], "as long as a name may be"),
        ({"family_name": "é" * 201}, ["name_too_long"], "a letter longer"),
        ({"family_name": "é" * 300}, ["name_too_long"], "a text that was pasted"),
        ({"level": None}, ["level_missing"], "to complete"),
    ],
)
def test_each_part_of_an_identity_is_looked_at(change: dict[str, Any], expected: list[str], why: str) -> None:
    assert codes(objections_to_identity(replace(AMINA, **change), TODAY)) == expected, why


def test_what_changed_is_said_by_its_names_in_the_order_of_the_page() -> None:
    other = replace(AMINA, level=None, family_name="Diallo-Ba", sex=Sex.OTHER)
    assert changed_fields(AMINA, other) == ("family_name", "sex", "level")
    assert changed_fields(AMINA, replace(AMINA)) == ()
    assert changed_fields(AMINA, replace(AMINA, given_name="  Amina ").tidied()) == ()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), ""),
        (("family_name",), "le nom"),
        (("given_name", "family_name"), "le prénom et le nom"),
        (IDENTITY_FIELDS[2:], "la date de naissance, le sexe, la commune du domicile et le niveau de diplôme"),
    ],
)
def test_changed_fields_make_a_french_list(names: tuple[str, ...], said: str) -> None:
    assert fields_in_french(names) == said


GRANTED = DecisionFacts(
    outcome=Outcome.GRANTED,
    born_on=date(1990, 5, 1),
    main_category="deld",
    proof_kind=Proof.DELD,
    proof_seen_on=TODAY,
    proof_seen_by="Claire Morin",
)
RSA = replace(GRANTED, main_category="rsa", rsa_status=RsaStatus.RECIPIENT, proof_kind=Proof.RSA)


@pytest.mark.parametrize("facts", [GRANTED, RSA, replace(RSA, other_categories=("deld", "qpv"))])
def test_a_right_decision_meets_no_objection(facts: DecisionFacts) -> None:
    assert objections_to_decision(facts, EPEC, TODAY) == []


@pytest.mark.parametrize(
    ("facts", "expected", "why"),
    [
        (replace(GRANTED, outcome=None), ["outcome_missing"], "neither granted nor refused"),
        (replace(GRANTED, main_category=None), ["category_missing"], "one main category"),
        (replace(GRANTED, main_category="astronaut"), ["category_unknown"], "not in the list"),
        (replace(GRANTED, other_categories=("astronaut",)), ["other_category_unknown"], "not in the list"),
        (replace(GRANTED, other_categories=("deld",)), ["category_twice"], "main and other"),
        (replace(GRANTED, other_categories=("qpv", "qpv")), ["category_twice"], "twice among others"),
        (replace(RSA, rsa_status=RsaStatus.NONE), ["rsa_status_missing"], "RSA, but how?"),
        (replace(GRANTED, rsa_status=RsaStatus.PARTNER), ["rsa_is_main"], "RSA is main when present"),
        (replace(GRANTED, other_categories=("rsa",)), ["rsa_is_main"], "RSA among others"),
        (replace(GRANTED, proof_kind=None), ["proof_missing"], "no paper"),
        (replace(GRANTED, proof_kind=Proof.RQTH), ["proof_not_accepted"], "a paper for another category"),
        (replace(GRANTED, proof_seen_by="  "), ["proof_seen_by_missing"], "seen by nobody"),
        (replace(GRANTED, proof_seen_on=None), ["proof_seen_on_missing"], "seen when?"),
        (replace(GRANTED, proof_seen_on=date(2026, 3, 13)), ["proof_seen_too_late"], "seen tomorrow"),
        (replace(GRANTED, proof_seen_on=date(2025, 12, 13)), [], "a day under 3 months"),
        (replace(GRANTED, proof_seen_on=date(2025, 12, 12)), ["proof_too_old"], "3 months"),
        (replace(GRANTED, proof_issued_on=date(2025, 12, 12)), ["proof_too_old"], "seen today, but an old paper"),
        (
            replace(GRANTED, proof_seen_on=date(2026, 3, 1), proof_issued_on=date(2026, 3, 2)),
            ["proof_issued_too_late"],
            "seen before it was made",
        ),
        (replace(GRANTED, decided_on=date(2026, 3, 13)), ["decided_in_future"], "a decision is not made tomorrow"),
        (replace(GRANTED, decided_on=date(2026, 3, 12)), [], "today, said"),
    ],
)
def test_a_decision_is_refused_for_what_is_wrong_in_it(facts: DecisionFacts, expected: list[str], why: str) -> None:
    assert codes(objections_to_decision(facts, EPEC, TODAY)) == expected, why


YOUTH = replace(GRANTED, main_category="youth", proof_kind=Proof.YOUTH_SCHEME)


@pytest.mark.parametrize(
    ("born_on", "is_waived", "expected", "why"),
    [
        (date(2000, 3, 13), False, [], "26 tomorrow"),
        (date(2000, 3, 12), False, ["age_outside_category"], "26 today"),
        (date(2000, 3, 12), True, [], "waived by the buyer"),
        (None, False, [], "birth date is asked elsewhere"),
    ],
)
def test_age_is_looked_at_on_the_day_of_the_decision(
    born_on: date | None, is_waived: bool, expected: list[str], why: str
) -> None:
    facts = replace(YOUTH, born_on=born_on, age_is_waived=is_waived)
    assert codes(objections_to_decision(facts, EPEC, TODAY)) == expected, why


def test_a_decision_of_an_earlier_day_is_taken_with_a_warning() -> None:
    facts = replace(YOUTH, born_on=date(2000, 3, 12), decided_on=date(2026, 3, 11), proof_seen_on=date(2026, 3, 11))
    (warning,) = objections_to_decision(facts, EPEC, TODAY)
    assert warning.code == "decided_in_past"
    assert not warning.blocks


def test_others_need_a_reasoned_opinion() -> None:
    facts = replace(GRANTED, main_category="opinion", proof_kind=Proof.OPINION)
    assert codes(objections_to_decision(facts, EPEC, TODAY)) == ["opinion_without_reason"]
    assert objections_to_decision(replace(facts, reason="Sortie de prison"), EPEC, TODAY) == []


def test_a_refusal_needs_its_reason_and_nothing_else() -> None:
    refusal = DecisionFacts(outcome=Outcome.REFUSED)
    assert codes(objections_to_decision(refusal, EPEC, TODAY)) == ["refusal_without_reason"]
    assert objections_to_decision(replace(refusal, reason="Déjà en CDI"), EPEC, TODAY) == []


def test_recipients_and_partners_make_the_headline() -> None:
    assert [status for status in RsaStatus if status.is_headline] == [RsaStatus.RECIPIENT, RsaStatus.PARTNER]


@pytest.mark.parametrize("words", [Sex, EducationLevel, RsaStatus, Outcome])
def test_every_word_has_its_french(words: Any) -> None:
    assert all(word.label for word in words)
    assert EducationLevel.LEVEL_3.label == "niveau 3 (CAP, BEP)"
