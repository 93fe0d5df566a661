"""Rows out of the house: spreadsheets written line by line in constant memory, and plain CSV files."""

import csv
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO, TextIO

import xlsxwriter

LONGEST_CELL = 32_767
LARGEST_EXACT = Decimal(10) ** 15
WIDEST = 60
# What a spreadsheet would take for a formula when it opens a CSV file.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A column's heading and its width in signs."""

    label: str
    width: int = 16


def write_sheet(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> BinaryIO:
    """An XLSX file of these rows, to be read from its beginning; the caller closes it, and it is gone.

    Days stay days, decimals and integers numbers, None an empty cell; every other value is text, never a formula.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed over, its reader closes it
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title)
        formats = {"head": book.add_format({"bold": True, "bottom": 1}), "money": book.add_format({"num_format": 4})}
        for place, column in enumerate(columns):
            sheet.set_column(place, place, min(column.width, WIDEST))
        sheet.freeze_panes(1, 0)
        _write_row(sheet, 0, [column.label for column in columns], formats["head"], formats["head"])
        rank = 0
        for rank, row in enumerate(rows, start=1):
            _write_row(sheet, rank, row, None, formats["money"])
        sheet.autofilter(0, 0, rank, len(columns) - 1)
    file.seek(0)
    return file


def _write_row(sheet: Any, rank: int, values: Sequence[Any], plain: Any, money: Any) -> None:
    for place, value in enumerate(values):
        if value is None or value == "":
            continue
        if isinstance(value, date):
            sheet.write_datetime(rank, place, value)
        elif isinstance(value, Decimal) and abs(value) < LARGEST_EXACT:
            sheet.write_number(rank, place, float(value), money)
        elif isinstance(value, int) and not isinstance(value, bool):
            sheet.write_number(rank, place, value)
        else:
            sheet.write_string(rank, place, str(value)[:LONGEST_CELL], plain)


class CsvFile:
    """A CSV file written row by row, nothing in it executed by the program that opens it.

    For spreadsheets: semicolons and a byte order mark, as the French ones expect; for programs: commas alone. The text
    file must have been opened with `newline=""`.
    """

    def __init__(self, file: TextIO, columns: Sequence[str], for_spreadsheets: bool = False) -> None:
        if for_spreadsheets:
            file.write("\ufeff")
        self._writer = csv.writer(file, delimiter=";" if for_spreadsheets else ",")
        self.write(columns)

    def write(self, row: Iterable[Any]) -> None:
        """Adds one row."""
        self._writer.writerow([_harmless(value) for value in row])


def _harmless(value: Any) -> Any:
    is_formula = isinstance(value, str) and value.startswith(FORMULA_SIGNS)
    return f"'{value}" if is_formula else value
