"""What the village's window refuses. Each error has a stable `code` and says what to do."""

from typing import ClassVar


class IntakeRefusal(Exception):
    """A deed the rules do not allow. `code` is stable (problem types are made from it); the message says what
    to do and never repeats a name, a NIK or another value of a person."""

    code: ClassVar[str] = "refused"


class UnknownArea(IntakeRefusal):
    """The code is no village of the Kemendagri list."""

    code = "unknown_area"

    def __init__(self, area: str) -> None:
        super().__init__(f"{area!r} is not a village of the Kemendagri list; give a code like 32.03.02.2002 ")
        self.area = area
