"""Words about a handling: the district's side of a case."""

from enum import StrEnum


class Tier(StrEnum):
    """The levels of administration, from the citizen upwards."""

    VILLAGE = "village"
    SUB_DISTRICT = "sub_district"
    DISTRICT = "district"
    PROVINCE = "province"
    MINISTRY = "ministry"


class HandlingStatus(StrEnum):
    """The district's side of a case."""

    OPENED = "opened"
    ASSESSED = "assessed"
    RECOMMENDED = "recommended"
    REVIEWED = "reviewed"
    DECIDED = "decided"
    RESOLVED = "resolved"
    ENDED_IN_VILLAGE = "ended_in_village"
    WITHDRAWN = "withdrawn"


class EscalationCause(StrEnum):
    DECISION = "decision"
    BREACHED_CLOCK = "breached_clock"
    NO_AGENCY_LEFT = "no_agency_left"


class Verdict(StrEnum):
    """How likely a family gets a programme; `unknown` when a criterion cannot be checked."""

    LIKELY = "likely"
    UNLIKELY = "unlikely"
    UNKNOWN = "unknown"


class CriterionMet(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Track(StrEnum):
    """The two ways a programme is got."""

    REFERRAL = "referral"
    PROPOSAL = "proposal"


class DecisionKind(StrEnum):
    """What the manager decided about one need."""

    REFER = "refer"
    PROPOSE = "propose"
    REFUSE = "refuse"


class ProposalStatus(StrEnum):
    DRAFTED = "drafted"
    DELIBERATED = "deliberated"
    ENTERED = "entered"
    RATIFIED = "ratified"
    RANKED = "ranked"
    GRANTED = "granted"
    NOT_GRANTED = "not_granted"
    NO_QUOTA = "no_quota"
    EXCLUDED = "excluded"


class NeedEnding(StrEnum):
    """How one need of a case ended: an agency's outcome, or why there is none."""

    GIVEN = "given"
    ENROLLED = "enrolled"
    WAITING_LIST = "waiting_list"
    NOT_ELIGIBLE = "not_eligible"
    NO_QUOTA = "no_quota"
    UNREACHABLE = "unreachable"
    DECEASED = "deceased"
    MOVED = "moved"
    PROPOSED = "proposed"  # handed to a period; the result comes with that period
    REFUSED = "refused"  # the manager decided against it
    EXHAUSTED = (
        "exhausted"  # no agency gave it: all rejected it or let it expire, none is suitable, or it was not decided on
    )


class CaseOutcome(StrEnum):
    """How a whole case ended, summed over its needs."""

    GIVEN = "given"  # every need given or enrolled
    PARTLY_GIVEN = "partly_given"  # at least one, not every
    AWAITING_RESULT = "awaiting_result"  # none yet, at least one proposed or on a waiting list
    NOT_GIVEN = "not_given"
