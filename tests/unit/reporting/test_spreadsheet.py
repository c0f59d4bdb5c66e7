"""Downloads: nothing in them is run by a spreadsheet, and numbers stay numbers."""

import csv
import io

import pytest

from services.reporting.pages.spreadsheet import BOM, csv_text, safe


@pytest.mark.parametrize("text", ["=1+1", "+62", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("x")'])
def test_a_text_that_would_start_a_formula_is_shown_as_text(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_numbers_stay_numbers_and_what_is_not_told_is_empty() -> None:
    assert [safe(-12), safe(6.0), safe(6.5), safe(None), safe("Cianjur")] == [-12, 6, 6.5, "", "Cianjur"]


def test_rows_are_read_again_as_they_were_written() -> None:
    text = csv_text(["Area", "Recorded"], [['Kab. "A", B', 5], ["=x", None]], bom=False)
    assert list(csv.reader(io.StringIO(text))) == [["Area", "Recorded"], ['Kab. "A", B', "5"], ["'=x", ""]]


def test_excel_is_told_by_a_mark_that_it_is_utf_8() -> None:
    assert csv_text(["A"], [], bom=True).startswith(BOM)
