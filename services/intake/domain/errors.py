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


class ConductNeedsProtection(IntakeRefusal):
    """A complaint about an officer may not enter the village's queue, where that officer could read it."""

    code = "conduct_needs_protection"

    def __init__(self) -> None:
        super().__init__("a complaint about an officer is not recorded here: take it to the district inspectorate")


class UnknownNeed(IntakeRefusal):
    code = "unknown_programme"

    def __init__(self, programme: str) -> None:
        super().__init__(f"{programme!r} is no programme of the catalogue: choose one of the list")
        self.programme = programme


class IncompleteComplaint(IntakeRefusal):
    """Something this kind of complaint cannot be handled without is missing."""

    code = "incomplete_complaint"


class ImpossibleMoment(IntakeRefusal):
    """A deed was said to have happened after it was recorded."""

    code = "impossible_moment"

    def __init__(self) -> None:
        super().__init__("the complaint is said to have happened in the future: set the tablet's clock right")


class IllegalMove(IntakeRefusal):
    """The complaint is not in a state in which this can be done."""

    code = "illegal_move"

    def __init__(self, move: str, because: str) -> None:
        super().__init__(f"cannot {move}: {because}. Load the case anew")
        self.move = move


class TooLateToReopen(IntakeRefusal):
    """The time to reopen has passed; a new complaint can refer to the old."""

    code = "too_late_to_reopen"

    def __init__(self) -> None:
        super().__init__("the time to reopen this case has passed: record a new complaint")


class NothingToCorrect(IntakeRefusal):
    code = "nothing_to_correct"

    def __init__(self) -> None:
        super().__init__("the correction changes nothing: leave it, or say what is different")
