"""The case number that a citizen can read over the phone: area, year, serial, check digit; never the NIK.

The ten digits of the village, two of the year, a serial within both, and a check digit:
3203022002-26-00017-4.

The check digit is Damm's: it finds every single wrong digit and every swap of two neighbours, the two
mistakes people make when they read digits aloud. Luhn misses 09/90; ISO 7064's one-digit schemes miss some
swaps or need the letter X.
"""

import re
from dataclasses import dataclass

from services.intake.domain.errors import IntakeRefusal

DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""A totally anti-symmetric quasigroup of order 10 (Damm, 2004)."""

AREA_DIGITS = 10
SERIAL_DIGITS = 5
MAX_SERIAL = 10**SERIAL_DIGITS - 1
"""A village window sees 5 to 10 people a day (domain.md section 9): under 4,000 cases a year."""
DIGITS = AREA_DIGITS + 2 + SERIAL_DIGITS + 1


class WrongCaseNumber(IntakeRefusal):
    """What was typed or said is no case number."""

    code = "wrong_case_number"

    def __init__(self) -> None:
        super().__init__("this is no case number: ask for it again, digit by digit (18 digits)")


class SerialsExhausted(IntakeRefusal):
    """The village has used every serial of the year."""

    code = "case_numbers_exhausted"

    def __init__(self) -> None:
        super().__init__(f"the village has recorded {MAX_SERIAL} cases this year; call the operator")


@dataclass(frozen=True)
class CaseNumber:
    area: str
    """The village, dotted: "32.03.02.2002"."""
    year: int
    serial: int

    def __post_init__(self) -> None:
        if not 1 <= self.serial <= MAX_SERIAL:
            raise SerialsExhausted

    def __str__(self) -> str:
        """As it is printed and said: in groups, "3203022002-26-00017-4"."""
        area, year, serial = self._groups()
        return f"{area}-{year}-{serial}-{_check_digit(area + year + serial)}"

    def _groups(self) -> tuple[str, str, str]:
        return self.area.replace(".", ""), f"{self.year % 100:02d}", f"{self.serial:0{SERIAL_DIGITS}d}"

    @classmethod
    def parse(cls, text: str) -> "CaseNumber":
        """The number that `text` says; spaces, dots and hyphens are read over. Raises WrongCaseNumber."""
        digits = re.sub(r"[\s.\-]", "", text)
        if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits, re.ASCII) or _check_digit(digits) != 0:
            raise WrongCaseNumber
        area = f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:10]}"
        serial = int(digits[12:17])
        if serial == 0:
            raise WrongCaseNumber
        return cls(area=area, year=2000 + int(digits[10:12]), serial=serial)


def _check_digit(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = DAMM[interim][int(digit)]
    return interim
