"""What a letter of referral says, frozen when it is made out: a later change of the case does not change the letter."""

import base64
import re
from enum import StrEnum

from contracts.fields import UtcTime
from contracts.vocabulary import ReferralStatus
from services.referral.domain.calendar import Zone
from services.referral.domain.value import Value

CODE_BYTES = 16
_CODE = re.compile(r"[A-Z2-7]{26}", re.ASCII)
_GROUPED_BY = re.compile(r"[\s-]")


class LetterReason(Value):
    """One criterion in words, and how the family stands to it."""

    criterion: str
    explanation: str


class Letter(Value):
    """Everything on the paper that is not the form's. No name, no NIK: the district knows neither."""

    number: str
    """Regency, year, serial: 32.03/2026/000017."""
    made_out_at: UtcTime
    zone: Zone
    regency: str
    village: str
    agency: str
    programme: str
    case_number: str
    reasons: tuple[LetterReason, ...]
    thresholds_verified: bool
    """False: a threshold of the programme follows practice, not a regulation."""
    issued_at: UtcTime
    due_at: UtcTime
    decided_at: UtcTime
    code: str
    confirmed_at: str
    """The address of the public page that says whether the letter is genuine."""


class LetterState(StrEnum):
    """What anybody who holds a letter may know of it."""

    VALID = "valid"
    """The agency is asked, and has not answered yet."""
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    """Nobody answered in time, or the case ended: an answer would not count any more."""


def state_of(status: ReferralStatus, *, open_: bool) -> LetterState:
    """The state of a letter by its referral. `open_`: whether an answer would still count."""
    match status:
        case ReferralStatus.ISSUED:
            return LetterState.VALID if open_ else LetterState.WITHDRAWN
        case ReferralStatus.EXPIRED:
            return LetterState.WITHDRAWN
        case ReferralStatus.ACCEPTED | ReferralStatus.REJECTED | ReferralStatus.COMPLETED:
            return LetterState.ANSWERED


def code_of(random: bytes) -> str:
    """A code of 128 random bits in letters and digits that are not mistaken for each other (base32)."""
    return base64.b32encode(random).decode().rstrip("=")


def spelled(code: str) -> str:
    """A code as people read it aloud: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def as_code(typed: str) -> str | None:
    """The code that somebody typed, however grouped and cased; None when it cannot be one."""
    code = _GROUPED_BY.sub("", typed).upper()
    return code if _CODE.fullmatch(code) else None
