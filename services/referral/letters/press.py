"""Sets letters as PDF: in threads, a few at once, and the last ones kept."""

import asyncio
import io
import json
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import segno
import typst

from chassis.http.problems import RETRY_AFTER_SECONDS, Problem
from services.referral.letters.letter import Letter
from services.referral.letters.wording import sheet_of

FORM = Path(__file__).parent / "letter.typ"


class Press:
    """Sets letters. The same letter gives the same bytes: its fonts, its time and its form are its own."""

    def __init__(self, *, at_once: int = 1, waiting: int = 20, kept: int = 50) -> None:
        self._form = FORM.read_bytes()
        self._fonts = typst.Fonts(include_system_fonts=False)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="press")
        self._places = at_once + waiting
        self._kept_limit = kept
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def pdf(self, letter: Letter) -> bytes:
        """The letter as PDF/A, tagged (PDF/UA). Raises Problem 503 when too many are being set already."""
        if (kept := self._kept.get(letter.code)) is not None:
            self._kept.move_to_end(letter.code)
            return kept
        if self._places == 0:
            raise Problem(
                503,
                "press-busy",
                "Many letters are being made at this moment. Try again in a few seconds.",
                headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
            )
        self._places -= 1
        try:
            pdf = await asyncio.get_running_loop().run_in_executor(self._threads, self._set, letter)
        finally:
            self._places += 1
        self._kept[letter.code] = pdf
        if len(self._kept) > self._kept_limit:
            self._kept.popitem(last=False)
        return pdf

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    def _set(self, letter: Letter) -> bytes:
        return typst.compile(
            self._form,
            font_paths=self._fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"letter": json.dumps(sheet_of(letter)), "code": _drawn(letter.confirmed_at)},
            pdf_standards=["a-2a", "ua-1"],
            # The typesetter refuses a moment with parts of a second.
            timestamp=int(letter.made_out_at.timestamp()),
        )


def _drawn(address: str) -> str:
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", border=2, omitsize=True, xmldecl=False, light="#fff"
    )
    return drawing.getvalue().decode()
