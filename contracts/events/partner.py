"""An agency's own feed, and its answers (topics partner.<agency>...).

The agency's code is in the topic's name, not in the type: one model serves every agency.
"""

from typing import ClassVar

from pydantic import Field

from contracts.envelope import EventData
from contracts.events.complaint_state import FamilyProfile
from contracts.fields import Code, Id, UtcTime
from contracts.vocabulary import AgencyAnswer, AnswerRefusal, Outcome, RejectionReason


class PartnerReferralIssued(EventData):
    """A referral for this agency. Subject: the referral."""

    topic: ClassVar[str] = "partner.referral.issued"
    referral_id: Id
    agency: Code
    programme: Code
    attempt: int = Field(ge=1)
    issued_at: UtcTime
    due_at: UtcTime
    family: FamilyProfile | None = None


class PartnerReferralAnswered(EventData):
    """The agency's answer. Subject: the referral. A rejection needs a reason, a completion an outcome.

    Not checked here: an answer without them is refused by name, on the agency's own feed; a dead letter would
    leave the agency in the dark.
    """

    topic: ClassVar[str] = "partner.referral.answered"
    referral_id: Id
    answer: AgencyAnswer
    reason: RejectionReason | None = None
    outcome: Outcome | None = None


class PartnerAnswerRefused(EventData):
    """The answer did not count, and why. Subject: the id of the agency's event."""

    topic: ClassVar[str] = "partner.answer.refused"
    answer_id: Id
    referral_id: Id
    reason: AnswerRefusal
