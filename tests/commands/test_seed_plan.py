"""What a seed plans before it writes: published shares, quotas that sum, hours that close to the hundredth."""

import csv
import hashlib
import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tracker.commands.seed.block import block_of
from tracker.commands.seed.hours import Sheet
from tracker.commands.seed.loading import FEW_COMMUNES
from tracker.commands.seed.names import siret_of
from tracker.commands.seed.rows import rows_of
from tracker.commands.seed.scales import SCALES, Plan, Scale, quotas_of
from tracker.commands.seed.shares import AXES, BUYERS, CONTRACT_OF, HIRINGS, dealt, split
from tracker.commands.seed.tables import TABLES
from tracker.plumbing.database import Base
from tracker.vocabulary.identifiers import is_siret

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT.parent / "shared" / "data" / "stats" / "herault_2020_repartition.csv"
# Two structures, three years, and an employer with a crowd.
TINY = Scale(
    "tiny",
    "for tests",
    years=3,
    hours=61_234,
    people=150,
    contracts=101,
    buyers=11,
    firms=70,
    structures=2,
    facilitators=3,
    growth=0.05,
    crowd=8,
    first=(90, 60, 6, 40),
)
PLAN = Plan(SCALES["structure"], 1, 2025)


def digests(plan: Plan) -> dict[str, str]:
    """The rows of the first block, one digest for each table; every moment in them comes from the plan."""
    rows = rows_of(plan, quotas_of(plan)[0], FEW_COMMUNES, "a hash")
    return {table: hashlib.sha256(text).hexdigest() for table, text in rows.items()}


def test_the_same_seed_gives_the_same_rows_of_every_table():
    assert digests(PLAN) == digests(Plan(SCALES["structure"], 1, 2025))


def test_another_process_gives_the_same_rows():
    asked = "from tests.commands.test_seed_plan import PLAN, digests; print(sorted(digests(PLAN).items()))"
    env = {**os.environ, "PYTHONHASHSEED": "12345"}
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(sorted(digests(PLAN).items()))


def test_another_seed_gives_other_rows_in_every_table_but_who_acts_for_whom():
    one, other = digests(PLAN), digests(Plan(SCALES["structure"], 2, 2025))
    assert [table for table in TABLES if one[table] == other[table]] == ["membership"]


def test_every_column_of_a_seeded_table_is_written():
    for table, columns in TABLES.items():
        wanted = {column.name for column in Base.metadata.tables[table].columns}
        assert wanted - {"password"} <= set(columns) <= wanted, table


def test_the_shares_are_those_that_the_departement_published():
    if not PUBLISHED.exists():
        pytest.skip("../shared/data/stats/herault_2020_repartition.csv is absent")
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        rows = [{key: value.replace("'", "’") for key, value in row.items()} for row in csv.DictReader(file)]
    published = {(row["axe"], row["libelle"]): float(row["pourcentage"]) for row in rows}
    assert {(axis, name): share for axis, shares in AXES.items() for name, share in shares.items()} == published


@pytest.mark.parametrize(("axis", "name_of"), [("modalité d’embauche", "mode"), ("contrat", "contract_type")])
def test_the_ways_of_hiring_sum_to_both_published_tables(axis, name_of):
    sums: Counter[str] = Counter()
    for hiring, share in HIRINGS.items():
        key = getattr(hiring, name_of)
        sums[CONTRACT_OF.get(key, key)] += share
    for name, share in AXES[axis].items():
        assert sums[name] == pytest.approx(share, abs=0.21), name


@pytest.mark.parametrize("scale", [*SCALES.values(), TINY], ids=lambda scale: scale.name)
def test_the_parts_of_a_scale_sum_to_its_published_figures(scale):
    quotas = quotas_of(Plan(scale, 7, 2025))
    assert len(quotas) == scale.structures
    for figure in ("people", "contracts", "buyers", "firms", "facilitators"):
        assert sum(getattr(quota, figure) for quota in quotas) == getattr(scale, figure)
    assert sum(quota.hours[-1] for quota in quotas) == scale.hours * 100
    assert sum(quota.rsa_hours[-1] for quota in quotas) == scale.hours * scale.rsa_percent
    assert all(later.first_id > former.first_id for former, later in pairwise(quotas))


def test_the_national_scale_is_the_published_year():
    national = SCALES["national"]
    assert (national.hours, national.people) == (25_124_684, 57_231)
    assert (national.contracts, national.buyers) == (58_454, 3_576)


@pytest.fixture(scope="module")
def blocks():
    plan = Plan(TINY, 3, 2025)
    return [block_of(plan, quota, FEW_COMMUNES) for quota in quotas_of(plan)]


def counted(sheets: list[Sheet], year: int, what):
    lines = [(sheet, line) for sheet in sheets if sheet.month // 12 == year for line in sheet.lines if line.counts]
    return {what(sheet, line) for sheet, line in lines}, sum(line.cents for _, line in lines)


@pytest.mark.parametrize("year", [0, 1, 2])
def test_each_year_hits_its_hours_and_its_people_exactly(blocks, year):
    for block in blocks:
        people, cents = counted(block.sheets, year, lambda _, line: line.piece.worker)
        assert cents == block.quota.hours[year]
        assert len(people) == block.quota.people


def test_rsa_recipients_work_their_share_to_the_hundredth(blocks):
    for block in blocks:
        for year, wanted in enumerate(block.quota.rsa_hours):
            lines = [line for sheet in block.sheets if sheet.month // 12 == year for line in sheet.lines]
            assert sum(line.cents for line in lines if line.counts and line.piece.worker.is_rsa) == wanted


def test_the_last_year_has_every_contract_and_every_buyer(blocks):
    for block in blocks:
        contracts, _ = counted(block.sheets, 2, lambda sheet, _: sheet.contract)
        assert len(contracts) == block.quota.contracts
        assert {contract.buyer.id for contract in contracts} == {buyer.id for buyer in block.parties.buyers}


def test_one_employer_has_its_crowd_in_the_last_month_alone(blocks):
    etti = blocks[0].parties.by_mode["ETTI"][0]
    last = [sheet for sheet in blocks[0].sheets if sheet.month == 35 and sheet.employer is etti]
    assert sum(len(sheet.lines) for sheet in last) >= TINY.crowd


def test_no_two_lines_of_a_person_share_a_month_unless_the_approval_cut_it(blocks):
    for block in blocks:
        seen = Counter((line.piece.worker, sheet.month) for sheet in block.sheets for line in sheet.lines)
        cut = {
            (line.piece.worker, sheet.month)
            for sheet in block.sheets
            for line in sheet.lines
            if line.part and line.piece.approved_on > line.piece.starts_on
        }
        assert {key for key, count in seen.items() if count > 1} == cut


def test_identifiers_of_two_blocks_never_meet():
    plan = Plan(TINY, 3, 2025)
    ids: dict[str, Counter[bytes]] = {table: Counter() for table in TABLES}
    for quota in quotas_of(plan):
        for table, text in rows_of(plan, quota, FEW_COMMUNES, "a hash").items():
            ids[table].update(line.split(b"\t", 1)[0] for line in text.splitlines())
    assert {table: count.most_common(1)[0][1] for table, count in ids.items()} == dict.fromkeys(TABLES, 1)


@pytest.mark.parametrize("number", [1, 9, 10, 1234567, 9_999_999])
def test_invented_organisations_have_a_valid_number_of_an_unused_series(number):
    assert is_siret(siret_of(number))
    assert siret_of(number).startswith("0")


def test_cards_are_dealt_in_proportion():
    cards = Counter(dealt(BUYERS, 1012, Random(1)))
    assert all(abs(cards[kind] - share * 10) <= 1 for kind, share in BUYERS.items())


@pytest.mark.parametrize(
    ("total", "weights", "parts"), [(10, [1, 1, 1], [4, 3, 3]), (0, [1, 2], [0, 0]), (7, [5], [7])]
)
def test_a_split_sums_to_its_total(total, weights, parts):
    assert split(total, weights) == parts
