"""Words about a referral and what its agency says."""

from enum import StrEnum


class ReferralStatus(StrEnum):
    ISSUED = "issued"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    COMPLETED = "completed"


class AgencyAnswer(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    COMPLETED = "completed"


class RejectionReason(StrEnum):
    """Why an agency does not take a referral."""

    NOT_OUR_AREA = "not_our_area"
    NOT_OUR_SERVICE = "not_our_service"
    INCOMPLETE_DOCUMENTS = "incomplete_documents"
    NO_CAPACITY = "no_capacity"
    NOT_ELIGIBLE = "not_eligible"


class Outcome(StrEnum):
    """What an agency reports when a referral is completed."""

    GIVEN = "given"
    ENROLLED = "enrolled"
    WAITING_LIST = "waiting_list"
    NOT_ELIGIBLE = "not_eligible"
    NO_QUOTA = "no_quota"
    UNREACHABLE = "unreachable"
    DECEASED = "deceased"
    MOVED = "moved"


class ExpiryFollow(StrEnum):
    """What happens to a need whose referral nobody answered."""

    REROUTED = "rerouted"
    ESCALATED = "escalated"  # no other agency is left: passed up a tier, unless that resolved the case


class AnswerRefusal(StrEnum):
    """Why an agency's answer did not count."""

    UNKNOWN_REFERRAL = "unknown_referral"
    OTHER_AGENCY = "other_agency"
    ALREADY_ANSWERED = "already_answered"
    NOT_ACCEPTED_YET = "not_accepted_yet"
    EXPIRED = "expired"
    CASE_ENDED = "case_ended"
    REASON_MISSING = "reason_missing"
    OUTCOME_MISSING = "outcome_missing"
