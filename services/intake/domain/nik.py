"""The NIK (national identity number): sixteen digits, or a stated reason why there is none.

Structure (domain.md section 8): six digits of the sub-district of first registration, the birth date as
DDMMYY (women: day + 40), four serial digits from 0001. Serial 0000 is never issued, so invented people
carry it. A well-formed number may still not be registered: only the civil registry can tell.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.intake.domain.errors import IntakeRefusal
from services.intake.domain.regions import Regions

SIXTEEN_DIGITS = re.compile(r"[0-9]{16}", re.ASCII)
DAY_OFFSET_OF_WOMEN = 40
SERIAL_OF_INVENTED_PEOPLE = "0000"


class NikAbsence(StrEnum):
    """Why a person has no NIK. People without one are the most excluded: they are served, with a reason
    noted.
    """

    NO_CARD_YET = "no_card_yet"
    NEVER_REGISTERED = "never_registered"
    CHILD_NOT_REGISTERED = "child_not_registered"
    DOCUMENT_LOST = "document_lost"
    NOT_AT_HAND = "not_at_hand"
    REFUSED = "refused"


class NikFault(StrEnum):
    """What is wrong with a number given as a NIK."""

    BLANK = "blank"
    NOT_SIXTEEN_DIGITS = "not_sixteen_digits"
    ALL_ZERO = "all_zero"
    UNKNOWN_REGION = "unknown_region"
    IMPOSSIBLE_DATE = "impossible_date"
    SERIAL_NEVER_ISSUED = "serial_never_issued"


WHAT_TO_DO = {
    NikFault.BLANK: "type the NIK, or leave it out and say why there is none",
    NikFault.NOT_SIXTEEN_DIGITS: "a NIK has exactly sixteen digits; read it from the card once more",
    NikFault.ALL_ZERO: "a row of zeros is no NIK; leave it out and say why there is none",
    NikFault.UNKNOWN_REGION: "the first six digits are no region; read them from the card once more",
    NikFault.IMPOSSIBLE_DATE: "digits 7 to 12 are no date (women: day + 40); read them once more",
    NikFault.SERIAL_NEVER_ISSUED: "a NIK never ends in 0000; read the last four digits once more",
}


class ImpossibleNik(IntakeRefusal):
    """The number cannot be a NIK. The message never repeats it. `member` is whose it is, counted from 0."""

    code = "impossible_nik"

    def __init__(self, fault: NikFault, member: int | None = None) -> None:
        super().__init__(WHAT_TO_DO[fault])
        self.fault = fault
        self.member = member


@dataclass(frozen=True)
class Nik:
    """A well-formed NIK. Make one with `Nik.checked`. Its repr hides the digits: objects land in logs."""

    digits: str

    @classmethod
    def checked(cls, text: str, regions: Regions, *, today: date, invented_people_allowed: bool) -> "Nik":
        """The NIK that `text` says (spaces, dots and hyphens between groups are read over).

        Raises ImpossibleNik with the first fault found.
        """
        digits = re.sub(r"[\s.\-]", "", text)
        if not digits:
            raise ImpossibleNik(NikFault.BLANK)
        if not SIXTEEN_DIGITS.fullmatch(digits):
            raise ImpossibleNik(NikFault.NOT_SIXTEEN_DIGITS)
        if set(digits) == {"0"}:
            raise ImpossibleNik(NikFault.ALL_ZERO)
        if not _plausible_region(digits, regions):
            raise ImpossibleNik(NikFault.UNKNOWN_REGION)
        nik = cls(digits)
        if nik._birth_date(today) is None:
            raise ImpossibleNik(NikFault.IMPOSSIBLE_DATE)
        if nik.of_invented_person and not invented_people_allowed:
            raise ImpossibleNik(NikFault.SERIAL_NEVER_ISSUED)
        return nik

    @property
    def of_invented_person(self) -> bool:
        return self.digits[12:] == SERIAL_OF_INVENTED_PEOPLE

    @property
    def of_woman(self) -> bool:
        return int(self.digits[6:8]) > DAY_OFFSET_OF_WOMEN

    def agrees_with(self, born: date) -> bool:
        """Whether the birth date is the one in the number (which has no century)."""
        day = int(self.digits[6:8]) % DAY_OFFSET_OF_WOMEN
        return (day, int(self.digits[8:10]), int(self.digits[10:12])) == (
            born.day,
            born.month,
            born.year % 100,
        )

    def _birth_date(self, today: date) -> date | None:
        day = int(self.digits[6:8])
        if day > DAY_OFFSET_OF_WOMEN:
            day -= DAY_OFFSET_OF_WOMEN
        year = 2000 + int(self.digits[10:12])
        for century in (year, year - 100):
            try:
                born = date(century, int(self.digits[8:10]), day)
            except ValueError:
                continue  # 29 February exists in one of the two centuries only
            if born <= today:
                return born
        return None

    def __repr__(self) -> str:
        return "Nik(****************)"


def _plausible_region(digits: str, regions: Regions) -> bool:
    # Districts and sub-districts split and renumber, and a NIK keeps the digits it was issued with: only the
    # province is compared with the list in force. A part 00 was never a district or a sub-district.
    return regions.name(digits[:2]) is not None and digits[2:4] != "00" and digits[4:6] != "00"
