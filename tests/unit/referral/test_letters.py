"""The letter of referral: its words, its file, its code and its state."""

import asyncio
import hashlib
from datetime import UTC, datetime

import pytest
import typst

from chassis.http.problems import Problem
from chassis.regions import KemendagriRegions
from contracts.vocabulary import ReferralStatus
from services.referral.domain.calendar import Zone
from services.referral.letters.letter import Letter, LetterReason, LetterState, as_code, code_of, spelled, state_of
from services.referral.letters.making import village_in_words
from services.referral.letters.press import FORM, Press
from services.referral.letters.wording import sheet_of

CODE = code_of(bytes(range(16)))
FORM_1 = "bc13a5c416b77ab3ca7cf8e6b87e0ee1f251092454c28654b34c5f6cfc7546c1"
"""The SHA-256 of `a_letter()` set by form 1."""


def a_letter(**changes: object) -> Letter:
    letter = Letter(
        number="32.03/2026/000017",
        made_out_at=datetime(2026, 11, 23, 2, 5, tzinfo=UTC),
        zone=Zone.WIB,
        regency="Kabupaten Cianjur",
        village="Desa Jambudipa, Kecamatan Warungkondang",
        agency="Dinas Pendidikan Kabupaten Cianjur",
        programme="Kartu Indonesia Pintar / Program Indonesia Pintar",
        case_number="3203022002-26-00017-4",
        reasons=(
            LetterReason(
                criterion="Peringkat kesejahteraan (desil)", explanation="Desil keluarga memenuhi batas program."
            ),
        ),
        thresholds_verified=False,
        issued_at=datetime(2026, 11, 23, 2, tzinfo=UTC),
        due_at=datetime(2026, 11, 26, 9, tzinfo=UTC),
        decided_at=datetime(2026, 11, 23, 2, tzinfo=UTC),
        code=CODE,
        confirmed_at=f"https://slrt.test/letters/{CODE}",
    )
    return letter.but(**changes)


async def test_a_letter_made_out_years_ago_is_set_as_it_was_then() -> None:
    """If this fails: a change of the form, its words or the typesetter would change letters that were sent. Keep what
    made them beside the new, and let a letter say which made it."""
    press = Press()
    assert hashlib.sha256(await press.pdf(a_letter())).hexdigest() == FORM_1
    await press.close()


async def test_the_file_is_the_same_whichever_process_sets_it_and_another_for_another_letter() -> None:
    first, second = Press(), Press()
    pdf = await first.pdf(a_letter())
    assert pdf.startswith(b"%PDF-")
    assert await second.pdf(a_letter()) == pdf
    other = code_of(bytes(16))
    assert await second.pdf(a_letter(code=other)) != pdf
    await asyncio.gather(first.close(), second.close())


async def test_a_letter_made_out_between_two_seconds_is_set() -> None:
    press = Press()
    made_out_at = datetime(2026, 11, 23, 2, 5, 0, 123_000, tzinfo=UTC)
    assert (await press.pdf(a_letter(made_out_at=made_out_at))).startswith(b"%PDF-")
    await press.close()


async def test_a_press_keeps_no_more_letters_than_it_is_told() -> None:
    press = Press(kept=2)
    codes = [code_of(number.to_bytes(16, "big")) for number in range(3)]
    for code in codes:
        await press.pdf(a_letter(code=code))
    assert list(press._kept) == codes[1:]
    await press.close()


async def test_more_letters_than_can_be_set_soon_are_refused_and_can_be_asked_for_again() -> None:
    press = Press(waiting=1)
    letters = [a_letter(code=code_of(number.to_bytes(16, "big"))) for number in range(3)]
    asked = await asyncio.gather(*(press.pdf(letter) for letter in letters), return_exceptions=True)
    (refused,) = [answer for answer in asked if isinstance(answer, Problem)]
    assert (refused.status, refused.code) == (503, "press-busy")
    assert refused.headers["Retry-After"]
    assert (await press.pdf(letters[2])).startswith(b"%PDF-")
    await press.close()


def test_every_text_of_the_letter_is_on_the_paper() -> None:
    form = FORM.read_text("utf-8")
    assert [name for name in sheet_of(a_letter()) if f"letter.{name}" not in form] == []


def test_text_is_never_read_as_a_command_of_the_typesetter() -> None:
    """What stands in a name of the reference data stays text."""
    sly = a_letter(agency='#panic("read") $x$ *bold* ]')
    assert '#panic("read")' in sheet_of(sly)["agency"]
    press = Press()
    try:
        assert press._set(sly).startswith(b"%PDF-")
    except typst.TypstError as read:
        pytest.fail(f"read as a command: {read}")


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (Zone.WIB, "26 November 2026 pukul 16.00 WIB"),
        (Zone.WITA, "26 November 2026 pukul 17.00 WITA"),
        (Zone.WIT, "26 November 2026 pukul 18.00 WIT"),
    ],
)
def test_the_due_date_is_in_the_districts_own_time(zone: Zone, shown: str) -> None:
    facts = {fact["label"]: fact["value"] for fact in sheet_of(a_letter(zone=zone))["facts"]}
    assert facts["Mohon jawaban sampai"] == shown


def test_a_threshold_that_no_regulation_sets_is_said_to_be_practice() -> None:
    assert "praktik" in sheet_of(a_letter())["caution"]
    assert sheet_of(a_letter(thresholds_verified=True))["caution"] == ""


def test_the_letter_says_how_the_agency_learns_who_the_family_is() -> None:
    identity = sheet_of(a_letter())["identity"]
    assert "Puskesos Desa Jambudipa" in identity
    assert "UU 27/2022" in identity


def test_a_code_is_128_bits_and_is_understood_however_it_is_typed() -> None:
    assert (len(CODE), CODE) == (26, "AAAQEAYEAUDAOCAJBIFQYDIOB4")
    assert spelled(CODE) == "AAAQ-EAYE-AUDA-OCAJ-BIFQ-YDIO-B4"
    for typed in (CODE, spelled(CODE), spelled(CODE).lower(), " aaaq eaye auda ocaj bifq ydio b4 "):
        assert as_code(typed) == CODE
    for typed in ("", "AAAQ", CODE + "A", CODE[:-1] + "0", CODE[:-1] + "é"):
        assert as_code(typed) is None, typed


@pytest.mark.parametrize(
    ("status", "open_", "state"),
    [
        (ReferralStatus.ISSUED, True, LetterState.VALID),
        (ReferralStatus.ISSUED, False, LetterState.WITHDRAWN),
        (ReferralStatus.EXPIRED, False, LetterState.WITHDRAWN),
        (ReferralStatus.ACCEPTED, True, LetterState.ANSWERED),
        (ReferralStatus.REJECTED, False, LetterState.ANSWERED),
        (ReferralStatus.COMPLETED, False, LetterState.ANSWERED),
    ],
)
def test_a_letter_stands_as_its_referral_does(status: ReferralStatus, open_: bool, state: LetterState) -> None:
    assert state_of(status, open_=open_) is state


def test_a_village_is_named_by_its_kind_and_by_its_code_where_it_has_no_name() -> None:
    regions = KemendagriRegions()
    assert village_in_words("32.03.02.2002", regions) == "Desa Jambudipa, Kecamatan Warungkondang"
    assert village_in_words("71.73.01.1007", regions) == "Kelurahan Lansot, Kecamatan Tomohon Selatan"
    assert village_in_words("99.99.99.2999", regions) == "99.99.99.2999"
