"""Why the office refuses a need or returns a draft: closed lists.

What the office gives as a reason leaves the district in an event. Any word would pass as a code there, a name or
a number of a person too, so only these are taken.
"""

from enum import StrEnum


class RefusalReason(StrEnum):
    """Why a need is decided against. The citizen's letter has words for each (words.yaml of notification)."""

    ABOVE_THRESHOLD = "above_threshold"
    NOT_ELIGIBLE = "not_eligible"
    ALREADY_RECEIVING = "already_receiving"
    INCOMPLETE_DOCUMENTS = "incomplete_documents"
    NO_SUCH_PROGRAMME = "no_such_programme"


class ReturnReason(StrEnum):
    """Why a recommendation is sent back to whoever drafted it."""

    LETTER_MISSING = "letter_missing"
    INCOMPLETE_DOCUMENTS = "incomplete_documents"
    WRONG_PROGRAMME = "wrong_programme"
    REASON_UNSOUND = "reason_unsound"
    FACTS_TO_VERIFY = "facts_to_verify"
