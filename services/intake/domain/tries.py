"""How often a code may be tried before whoever tries has to wait."""

from datetime import datetime

from services.intake.domain.errors import IntakeRefusal

OF_A_CASE = 20
OF_AN_ADDRESS = 30
"""Several families may share a telephone mast or the village's own line; right codes are not counted."""


class TooManyTries(IntakeRefusal):
    code = "too_many_tries"

    def __init__(self, again_at: datetime) -> None:
        super().__init__("too many wrong codes: wait a quarter of an hour, or ask at your village's window")
        self.again_at = again_at


class WrongCode(IntakeRefusal):
    """Number and code do not belong together; which of the two is wrong is not said."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__("number and code do not fit: read both from the receipt once more")
