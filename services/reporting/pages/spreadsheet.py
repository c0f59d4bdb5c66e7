"""Tables as CSV, for spreadsheets: numbers as numbers, and no text that a spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Sequence

from starlette.responses import Response

BOM = "\ufeff"
"""By it Excel knows UTF-8."""
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(value: str | float | None) -> str | float:
    """A text that would start a formula gets an apostrophe in front; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_STARTS_A_FORMULA) else value
    return int(value) if float(value).is_integer() else value


def csv_text(headings: Sequence[str], rows: Sequence[Sequence[str | float | None]], *, bom: bool) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(heading) for heading in headings])
    writer.writerows([[safe(value) for value in row] for row in rows])
    return (BOM if bom else "") + out.getvalue()


def download(name: str, text: str) -> Response:
    """An answer that browsers save as a file; `name` is of letters, digits and dashes."""
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
