"""Spreadsheets and CSV files: values stay values, and nothing in them runs."""

import csv
import io
import tracemalloc
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from tracker.plumbing.sheets import Column, CsvFile, write_sheet

COLUMNS = (Column("Objet", 200), Column("Valeur"))


def read_back(rows) -> list[list]:
    with write_sheet("Feuille", COLUMNS, rows) as file:
        return CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_name("Feuille").to_python()


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("texte", "texte"),
        ("=1+1", "=1+1"),
        ("https://exemple.test", "https://exemple.test"),
        ("0123", "0123"),
        ("", ""),
        (None, ""),
        (12, 12.0),
        (Decimal("1234.56"), 1234.56),
        (Decimal("-0.01"), -0.01),
        (Decimal(10) ** 15, "1000000000000000"),
        (date(2026, 3, 12), date(2026, 3, 12)),
        (True, "True"),
        ("x" * 40_000, "x" * 32_767),
        ("a\x0bb & <c>", "a\x0bb & <c>"),
    ],
)
def test_a_value_is_read_back_as_it_was(value, read):
    assert read_back([("ligne", value)]) == [["Objet", "Valeur"], ["ligne", read]]


def test_a_sheet_without_rows_keeps_its_heading():
    assert read_back([]) == [["Objet", "Valeur"]]


def test_memory_does_not_grow_with_the_rows():
    def peak_for(count: int) -> int:
        tracemalloc.start()
        write_sheet("Feuille", COLUMNS, ((f"ligne {n}", Decimal(n)) for n in range(count))).close()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    small = peak_for(100)
    assert peak_for(5_000) < small + 2_000_000


@pytest.mark.parametrize(
    ("value", "written"),
    [("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"), ("a=1", "a=1"), (-1, "-1"), ("", "")],
)
def test_nothing_in_a_csv_file_is_taken_for_a_formula(value, written):
    file = io.StringIO(newline="")
    CsvFile(file, ["a", "b"]).write([value, "x"])
    assert list(csv.reader(io.StringIO(file.getvalue()))) == [["a", "b"], [written, "x"]]


def test_a_csv_file_for_french_spreadsheets_says_its_encoding():
    file = io.StringIO(newline="")
    CsvFile(file, ["Été", "b"], for_spreadsheets=True).write(["a;b", 2])
    assert file.getvalue() == '\ufeffÉté;b\r\n"a;b";2\r\n'
