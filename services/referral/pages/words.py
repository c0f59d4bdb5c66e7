"""What the district's codes are called on a page: English here, Indonesian in locale/id.po."""

from collections.abc import Mapping
from enum import StrEnum

from chassis.pages import lazy as _
from contracts.vocabulary import (
    CaseOutcome,
    Circumstance,
    ComplaintKind,
    ComplaintStatus,
    Component,
    CriterionMet,
    DecisionKind,
    ExclusionFlag,
    HandlingStatus,
    NeedEnding,
    Outcome,
    ProposalStatus,
    ReferralStatus,
    RejectionReason,
    Sector,
    Tier,
    Track,
    Verdict,
)
from services.referral.domain.clocks import ClockName
from services.referral.domain.reasons import RefusalReason, ReturnReason
from services.referral.queues import Queue

_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    Queue: {
        Queue.NEW: _("New"),
        Queue.REOPENED: _("Reopened"),
        Queue.RETURNED: _("Returned"),
        Queue.REVIEW: _("To review"),
        Queue.DECISION: _("To decide"),
        Queue.AGENCIES: _("With agencies"),
        Queue.ENDED: _("Ended"),
    },
    HandlingStatus: {
        HandlingStatus.OPENED: _("Arrived"),
        HandlingStatus.ASSESSED: _("To be drafted"),
        HandlingStatus.RECOMMENDED: _("Waits for the review"),
        HandlingStatus.REVIEWED: _("Waits for the decision"),
        HandlingStatus.DECIDED: _("With agencies"),
        HandlingStatus.RESOLVED: _("Resolved"),
        HandlingStatus.ENDED_IN_VILLAGE: _("Ended in the village"),
        HandlingStatus.WITHDRAWN: _("Withdrawn"),
    },
    ComplaintStatus: {
        ComplaintStatus.OPEN: _("Open"),
        ComplaintStatus.WAITING_FOR_CITIZEN: _("Waiting for the citizen"),
        ComplaintStatus.ANSWERED: _("Answered at the desk"),
        ComplaintStatus.WITHDRAWN: _("Withdrawn"),
        ComplaintStatus.CLOSED: _("Closed"),
    },
    ComplaintKind: {
        ComplaintKind.ENQUIRY: _("Enquiry"),
        ComplaintKind.SUGGESTION: _("Suggestion"),
        ComplaintKind.GRIEVANCE: _("Grievance"),
        ComplaintKind.PARTICIPATION: _("Wants to join a programme"),
        ComplaintKind.DATA_CORRECTION: _("Data correction"),
        ComplaintKind.CONDUCT: _("Conduct of an officer"),
    },
    Sector: {
        Sector.SOCIAL_ASSISTANCE: _("Social assistance"),
        Sector.HEALTH: _("Health"),
        Sector.EDUCATION: _("Education"),
        Sector.CIVIL_REGISTRATION: _("Civil registration"),
        Sector.FOOD: _("Food"),
        Sector.ENERGY: _("Energy"),
        Sector.HOUSING: _("Housing"),
        Sector.LIVELIHOOD: _("Livelihood"),
        Sector.SOCIAL_REHABILITATION: _("Social rehabilitation"),
    },
    Tier: {
        Tier.VILLAGE: _("Village"),
        Tier.SUB_DISTRICT: _("Sub-district"),
        Tier.DISTRICT: _("District"),
        Tier.PROVINCE: _("Province"),
        Tier.MINISTRY: _("Ministry"),
    },
    ClockName: {
        ClockName.FIRST_RESPONSE: _("First response"),
        ClockName.HANDLING: _("Handling"),
        ClockName.ENQUIRY: _("Answer to the enquiry"),
        ClockName.VERIFICATION: _("Review and decision"),
    },
    Verdict: {
        Verdict.LIKELY: _("Likely eligible"),
        Verdict.UNLIKELY: _("Likely not eligible"),
        Verdict.UNKNOWN: _("To be verified"),
    },
    CriterionMet: {
        CriterionMet.YES: _("Met"),
        CriterionMet.NO: _("Not met"),
        CriterionMet.UNKNOWN: _("Not known"),
    },
    Track: {
        Track.REFERRAL: _("By referral to an agency"),
        Track.PROPOSAL: _("By proposal for a period"),
    },
    DecisionKind: {
        DecisionKind.REFER: _("Refer to an agency"),
        DecisionKind.PROPOSE: _("Propose for the next period"),
        DecisionKind.REFUSE: _("Refuse, with a reason"),
    },
    ReferralStatus: {
        ReferralStatus.ISSUED: _("Asked"),
        ReferralStatus.ACCEPTED: _("Accepted"),
        ReferralStatus.REJECTED: _("Rejected"),
        ReferralStatus.EXPIRED: _("Not answered in time"),
        ReferralStatus.COMPLETED: _("Completed"),
    },
    RejectionReason: {
        RejectionReason.NOT_OUR_AREA: _("Not the agency's area"),
        RejectionReason.NOT_OUR_SERVICE: _("Not the agency's service"),
        RejectionReason.INCOMPLETE_DOCUMENTS: _("Documents are missing"),
        RejectionReason.NO_CAPACITY: _("No capacity"),
        RejectionReason.NOT_ELIGIBLE: _("Not eligible"),
    },
    Outcome: {
        Outcome.GIVEN: _("Given"),
        Outcome.ENROLLED: _("Enrolled"),
        Outcome.WAITING_LIST: _("On the waiting list"),
        Outcome.NOT_ELIGIBLE: _("Not eligible"),
        Outcome.NO_QUOTA: _("No quota"),
        Outcome.UNREACHABLE: _("Could not be reached"),
        Outcome.DECEASED: _("Deceased"),
        Outcome.MOVED: _("Moved away"),
    },
    ProposalStatus: {
        ProposalStatus.DRAFTED: _("Drafted"),
        ProposalStatus.DELIBERATED: _("Deliberated in the village"),
        ProposalStatus.ENTERED: _("Entered in SIKS-NG"),
        ProposalStatus.RATIFIED: _("Ratified by the district"),
        ProposalStatus.RANKED: _("Ranked"),
        ProposalStatus.GRANTED: _("Granted"),
        ProposalStatus.NOT_GRANTED: _("Not granted"),
        ProposalStatus.NO_QUOTA: _("No quota"),
        ProposalStatus.EXCLUDED: _("Excluded"),
    },
    NeedEnding: {
        NeedEnding.GIVEN: _("Given"),
        NeedEnding.ENROLLED: _("Enrolled"),
        NeedEnding.WAITING_LIST: _("On the waiting list"),
        NeedEnding.NOT_ELIGIBLE: _("Not eligible"),
        NeedEnding.NO_QUOTA: _("No quota"),
        NeedEnding.UNREACHABLE: _("Could not be reached"),
        NeedEnding.DECEASED: _("Deceased"),
        NeedEnding.MOVED: _("Moved away"),
        NeedEnding.PROPOSED: _("Proposed; the result comes with its period"),
        NeedEnding.REFUSED: _("Refused"),
        NeedEnding.EXHAUSTED: _("No agency is left"),
    },
    CaseOutcome: {
        CaseOutcome.GIVEN: _("Everything was given"),
        CaseOutcome.PARTLY_GIVEN: _("A part was given"),
        CaseOutcome.AWAITING_RESULT: _("A result is awaited"),
        CaseOutcome.NOT_GIVEN: _("Nothing was given"),
    },
    RefusalReason: {
        RefusalReason.ABOVE_THRESHOLD: _("Above the programme's limit"),
        RefusalReason.NOT_ELIGIBLE: _("Not eligible"),
        RefusalReason.ALREADY_RECEIVING: _("Receives it already"),
        RefusalReason.INCOMPLETE_DOCUMENTS: _("Documents are missing"),
        RefusalReason.NO_SUCH_PROGRAMME: _("No such programme here"),
    },
    ReturnReason: {
        ReturnReason.LETTER_MISSING: _("A letter is missing"),
        ReturnReason.INCOMPLETE_DOCUMENTS: _("Documents are missing"),
        ReturnReason.WRONG_PROGRAMME: _("Wrong programme"),
        ReturnReason.REASON_UNSOUND: _("The reason does not hold"),
        ReturnReason.FACTS_TO_VERIFY: _("Facts have to be verified"),
    },
    Component: {
        Component.PREGNANT: _("Pregnant"),
        Component.CHILD_0_6: _("Child up to 6 years"),
        Component.PUPIL: _("Pupil"),
        Component.ELDERLY: _("Elderly"),
        Component.SEVERE_DISABILITY: _("Severe disability"),
    },
    ExclusionFlag: {
        ExclusionFlag.CIVIL_SERVANT: _("Civil servant"),
        ExclusionFlag.MILITARY_POLICE: _("Military or police"),
        ExclusionFlag.STATE_COMPANY_EMPLOYEE: _("Employee of a state company"),
        ExclusionFlag.LEGISLATOR: _("Member of a parliament or council"),
        ExclusionFlag.STATE_PENSIONER: _("State pensioner"),
        ExclusionFlag.VILLAGE_OFFICIAL: _("Village official"),
    },
    Circumstance: {
        Circumstance.INSURANCE_INACTIVE: _("Ill, and health insurance not active"),
        Circumstance.PKH_GRADUATED: _("Left PKH as graduated"),
        Circumstance.RUNS_BUSINESS: _("Runs a business"),
    },
}


def word(code: StrEnum) -> str:
    """The text of a code, for `_()` in a template."""
    return _WORDS[type(code)][code]


def reason_word(kind: type[StrEnum], code: str | None) -> str:
    """The text of a stored reason, empty for none. A code that the list no longer has is shown as it is."""
    if code is None:
        return ""
    return _WORDS[kind][kind(code)] if code in set(kind) else code
