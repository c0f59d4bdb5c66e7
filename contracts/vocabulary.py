"""The words that every part of the system shares.

Two sorts, and the difference is a promise to readers:

* An *enumeration* is closed. Readers branch on it, so a new value is an incompatible change (a new major).
* A *code* (`Code`) is open. What offices keep lists of - programmes, agencies, criteria, clocks, templates -
  grows without a release; a reader must show or count a code it has never seen, and never refuse it.
"""

from enum import StrEnum


class ComplaintKind(StrEnum):
    """What a citizen comes for."""

    ENQUIRY = "enquiry"
    SUGGESTION = "suggestion"
    GRIEVANCE = "grievance"
    PARTICIPATION = "participation"
    DATA_CORRECTION = "data_correction"
    CONDUCT = "conduct"


class Sector(StrEnum):
    SOCIAL_ASSISTANCE = "social_assistance"
    HEALTH = "health"
    EDUCATION = "education"
    CIVIL_REGISTRATION = "civil_registration"
    FOOD = "food"
    ENERGY = "energy"
    HOUSING = "housing"
    LIVELIHOOD = "livelihood"
    SOCIAL_REHABILITATION = "social_rehabilitation"


class SubjectKind(StrEnum):
    """Whom a case is about."""

    PERSON = "person"
    FAMILY = "family"
    GROUP = "group"
    COMMUNITY = "community"


class IntakeChannel(StrEnum):
    """How a complaint reached the village."""

    DESK = "desk"
    HOME_VISIT = "home_visit"
    TELEPHONE = "telephone"
    MESSAGE = "message"
    WEB = "web"


class MessageChannel(StrEnum):
    """How a message reaches a citizen."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    WEBHOOK = "webhook"


class Tier(StrEnum):
    """The levels of administration, from the citizen upwards."""

    VILLAGE = "village"
    SUB_DISTRICT = "sub_district"
    DISTRICT = "district"
    PROVINCE = "province"
    MINISTRY = "ministry"


class ComplaintStatus(StrEnum):
    """The village's side of a case."""

    OPEN = "open"
    WAITING_FOR_CITIZEN = "waiting_for_citizen"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Amendment(StrEnum):
    """What changed in a complaint after it was recorded."""

    DOCUMENTS_COMPLETED = "documents_completed"
    FACTS_CORRECTED = "facts_corrected"
    WAITING_FOR_CITIZEN = "waiting_for_citizen"
    NO_LONGER_WAITING = "no_longer_waiting"


class WithdrawalReason(StrEnum):
    TAKEN_BACK = "taken_back"
    DUPLICATE = "duplicate"


class ClosedBy(StrEnum):
    """Only `confirmation` counts as solved; silence is counted apart."""

    CONFIRMATION = "confirmation"
    SILENCE = "silence"


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


class MembersBand(StrEnum):
    """Size of a family, in bands coarse enough that a village's one big family is not found by it."""

    ONE = "1"
    TWO_OR_THREE = "2-3"
    FOUR_TO_SIX = "4-6"
    SEVEN_OR_MORE = "7+"


class Component(StrEnum):
    """A member who makes a family eligible for PKH."""

    PREGNANT = "pregnant"
    CHILD_0_6 = "child_0_6"
    PUPIL = "pupil"
    ELDERLY = "elderly"
    SEVERE_DISABILITY = "severe_disability"


class ExclusionFlag(StrEnum):
    """What counts against a family beside its decile."""

    CIVIL_SERVANT = "civil_servant"
    MILITARY_POLICE = "military_police"
    STATE_COMPANY_EMPLOYEE = "state_company_employee"
    LEGISLATOR = "legislator"
    STATE_PENSIONER = "state_pensioner"
    VILLAGE_OFFICIAL = "village_official"


class Circumstance(StrEnum):
    """What the village saw that the registry does not say."""

    INSURANCE_INACTIVE = "insurance_inactive"  # an ill member whose health insurance is not active
    PKH_GRADUATED = "pkh_graduated"
    RUNS_BUSINESS = "runs_business"


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
    ESCALATED = "escalated"


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
    EXHAUSTED = "exhausted"  # every suitable agency rejected it or let it expire


class CaseOutcome(StrEnum):
    """How a whole case ended, summed over its needs."""

    GIVEN = "given"  # every need given or enrolled
    PARTLY_GIVEN = "partly_given"  # at least one, not every
    AWAITING_RESULT = "awaiting_result"  # none yet, at least one proposed or on a waiting list
    NOT_GIVEN = "not_given"


class DeliveryFailure(StrEnum):
    """Why a message did not reach a citizen."""

    NO_CONTACT = "no_contact"
    CONTACT_REFUSED = "contact_refused"
    NO_CHANNEL = "no_channel"
    REJECTED_BY_PROVIDER = "rejected_by_provider"
    GAVE_UP = "gave_up"
