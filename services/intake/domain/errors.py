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
        super().__init__(f"{area!r} is not a village of the Kemendagri list; give a code like 32.03.02.2002")
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
    """The complaint is not in a state in which this can be done; `possible` is what can be done instead."""

    code = "illegal_move"

    def __init__(self, move: str, because: str, possible: tuple[str, ...] = ()) -> None:
        instead = f"Possible now: {', '.join(possible)}" if possible else "Nothing more can be done with it"
        super().__init__(f"cannot {move}: {because}. {instead}")
        self.move = move
        self.possible = possible


class TooLateToReopen(IntakeRefusal):
    """The time to reopen has passed; a new complaint can refer to the old."""

    code = "too_late_to_reopen"

    def __init__(self) -> None:
        super().__init__("the time to reopen this case has passed: record a new complaint")


class AlreadyRated(IntakeRefusal):
    code = "already_rated"

    def __init__(self) -> None:
        super().__init__("this answer was rated already: thank you")


class NothingToCorrect(IntakeRefusal):
    code = "nothing_to_correct"

    def __init__(self) -> None:
        super().__init__("the correction changes nothing: leave it, or say what is different")


class OtherPerson(IntakeRefusal):
    """What was told joins two people who are known as two, or would make two of one."""

    code = "other_person"

    def __init__(self) -> None:
        super().__init__(
            "this person is known here with another NIK or another id: look the person up and use the id shown there"
        )


class NamedTwice(IntakeRefusal):
    """One person was named as two members of a family."""

    code = "person_named_twice"

    def __init__(self) -> None:
        super().__init__("a person is in the family twice: keep one")


class CardOfAnotherFamily(IntakeRefusal):
    """The family card already belongs to another family of the village."""

    code = "card_of_another_family"

    def __init__(self) -> None:
        super().__init__("another family here has this family card: read its number once more, or leave it out")


class UnknownCase(IntakeRefusal):
    """Another case was named that is not in the area."""

    code = "unknown_case"

    def __init__(self) -> None:
        super().__init__("the other case is not in your area: look it up by its case number and use its id")


class NotInTheCase(IntakeRefusal):
    code = "not_in_the_case"

    def __init__(self) -> None:
        super().__init__("this person is not in the case: use an id of the people shown with it")


class NoConsentToTakeBack(IntakeRefusal):
    """Nothing rested on this person's consent."""

    code = "no_consent_to_take_back"

    def __init__(self) -> None:
        super().__init__("nothing rests on this person's consent for these purposes: look at the legal bases noted")
