"""What the district refuses. Each error has a stable `code`, and its message says what to do."""

from collections.abc import Iterable
from typing import ClassVar

from contracts.vocabulary import AnswerRefusal, HandlingStatus


class HandlingRefusal(Exception):
    """A deed that the rules do not allow. `code` is stable; messages hold codes only, nothing about a
    person.
    """

    code: ClassVar[str] = "refused"


class IllegalMove(HandlingRefusal):
    """The handling is not in a state in which this can be done."""

    code = "illegal_move"

    def __init__(self, move: str, status: HandlingStatus, allowed: Iterable[HandlingStatus]) -> None:
        states = ", ".join(sorted(allowed))
        super().__init__(f"cannot {move} a case that is {status.value}; it must be one of: {states}. Load it anew")
        self.move = move
        self.status = status


class OwnDraft(HandlingRefusal):
    """Nobody approves their own draft (domain.md section 5.6)."""

    code = "own_draft"

    def __init__(self) -> None:
        super().__init__("you drafted this recommendation: somebody else must review and decide it")


class ReasonNeeded(HandlingRefusal):
    """A return or a refusal without a reason would leave the other side guessing."""

    code = "reason_needed"

    def __init__(self, what: str) -> None:
        super().__init__(f"give a reason code for {what}")


class UnsoundRecommendation(HandlingRefusal):
    """The drafted decisions do not fit the case."""

    code = "unsound_recommendation"


class UnknownProgramme(HandlingRefusal):
    """A need names no programme in force."""

    code = "unknown_programme"

    def __init__(self, programme: str, known: Iterable[str]) -> None:
        super().__init__(f"programme {programme!r} is not in force; one of: {', '.join(sorted(known))}")
        self.programme = programme


class NoPeriod(HandlingRefusal):
    """No calendar of periods is known for a programme that is got by proposal."""

    code = "no_period"

    def __init__(self, programme: str) -> None:
        super().__init__(f"no period is known for {programme!r}: enter its cut-off and result days (periods.yaml)")
        self.programme = programme


class ConductNotHandledHere(HandlingRefusal):
    """A complaint about an officer came to the social office's queue."""

    code = "conduct_not_handled_here"

    def __init__(self) -> None:
        super().__init__("complaints about an officer belong to the district inspectorate and never to this queue")


class NotYetDue(HandlingRefusal):
    """A deadline was said to have passed that has not, or that no longer runs."""

    code = "not_yet_due"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} has not passed its deadline or no longer runs: nothing to do")


class UnknownClock(HandlingRefusal):
    code = "unknown_clock"

    def __init__(self, name: str) -> None:
        super().__init__(f"the case has no clock {name!r} in this round")


WHAT_AN_AGENCY_CAN_DO = {
    AnswerRefusal.UNKNOWN_REFERRAL: "no such referral: check the id",
    AnswerRefusal.OTHER_AGENCY: "this referral was not sent to you",
    AnswerRefusal.ALREADY_ANSWERED: "this referral has been answered; the first answer counts",
    AnswerRefusal.NOT_ACCEPTED_YET: "accept the referral before completing it",
    AnswerRefusal.EXPIRED: "the time to answer has passed and the case went on; nothing to do",
    AnswerRefusal.CASE_ENDED: "the case has ended; nothing to do",
    AnswerRefusal.REASON_MISSING: "a rejection needs a reason code",
    AnswerRefusal.OUTCOME_MISSING: "a completion needs an outcome code",
}


class AnswerRefused(HandlingRefusal):
    """An agency's answer does not count; `reason` goes back to the agency in partner.answer.refused."""

    code = "answer_refused"

    def __init__(self, reason: AnswerRefusal) -> None:
        super().__init__(WHAT_AN_AGENCY_CAN_DO[reason])
        self.reason = reason
