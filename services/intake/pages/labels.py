"""What the village's words are called on pages. Texts are marked here and translated where they are shown."""

from collections.abc import Mapping
from enum import StrEnum

from chassis.pages import lazy as _
from contracts.vocabulary import (
    AgencyAnswer,
    CaseOutcome,
    Circumstance,
    ClosedBy,
    ComplaintKind,
    ComplaintStatus,
    DecisionKind,
    DeliveryFailure,
    ExpiryFollow,
    IntakeChannel,
    MessageChannel,
    NeedEnding,
    ProposalStatus,
    ReferralStatus,
    RejectionReason,
    Sector,
    SubjectKind,
    Tier,
    Verdict,
    WithdrawalReason,
)
from services.intake.answers import DeskAnswer
from services.intake.documents import Paper
from services.intake.domain.consent import ConsentProof, LegalBasis, Purpose
from services.intake.domain.contacting import ContactAnswer, ContactPurpose
from services.intake.domain.nik import NikAbsence
from services.intake.domain.people import Condition, Language, Relation, Sex
from services.intake.domain.suggestions import SuggestionCode

Labels = Mapping[str, str]

KINDS: Labels = {
    ComplaintKind.PARTICIPATION: _("Wants to take part in a programme"),
    ComplaintKind.ENQUIRY: _("Asks something"),
    ComplaintKind.GRIEVANCE: _("Complains about a service or an aid"),
    ComplaintKind.DATA_CORRECTION: _("Wants data corrected"),
    ComplaintKind.SUGGESTION: _("Suggests something"),
    ComplaintKind.CONDUCT: _("About an officer's conduct"),
}
SECTORS: Labels = {
    Sector.SOCIAL_ASSISTANCE: _("Social assistance"),
    Sector.HEALTH: _("Health"),
    Sector.EDUCATION: _("Education"),
    Sector.CIVIL_REGISTRATION: _("Civil registration"),
    Sector.FOOD: _("Food"),
    Sector.ENERGY: _("Energy"),
    Sector.HOUSING: _("Housing"),
    Sector.LIVELIHOOD: _("Livelihood"),
    Sector.SOCIAL_REHABILITATION: _("Social rehabilitation"),
}
SUBJECTS: Labels = {
    SubjectKind.FAMILY: _("A family"),
    SubjectKind.PERSON: _("One person"),
    SubjectKind.GROUP: _("A group"),
    SubjectKind.COMMUNITY: _("The community"),
}
CHANNELS: Labels = {
    IntakeChannel.DESK: _("At the window"),
    IntakeChannel.HOME_VISIT: _("During a home visit"),
    IntakeChannel.TELEPHONE: _("By telephone"),
    IntakeChannel.MESSAGE: _("By message"),
    IntakeChannel.WEB: _("Online"),
}
STATUSES: Labels = {
    ComplaintStatus.OPEN: _("Being handled"),
    ComplaintStatus.WAITING_FOR_CITIZEN: _("Waiting for the citizen"),
    ComplaintStatus.ANSWERED: _("Answered at the window"),
    ComplaintStatus.WITHDRAWN: _("Withdrawn"),
    ComplaintStatus.CLOSED: _("Closed"),
}
STATUS_KINDS: Labels = {
    ComplaintStatus.OPEN: "info",
    ComplaintStatus.WAITING_FOR_CITIZEN: "waiting",
    ComplaintStatus.ANSWERED: "ok",
    ComplaintStatus.WITHDRAWN: "quiet",
    ComplaintStatus.CLOSED: "ok",
}
PROGRAMMES: Labels = {
    "pkh": _("PKH (Family Hope Programme)"),
    "sembako": _("Sembako (basic food)"),
    "pbi_jk": _("PBI-JK (health insurance paid by the state)"),
    "kip": _("KIP / PIP (Smart Indonesia, for pupils)"),
    "kur": _("KUR (micro credit, for families that left PKH)"),
}
PAPERS: Labels = {
    Paper.FAMILY_CARD: _("Family card (KK)"),
    Paper.ID_CARD: _("Identity card (KTP)"),
    Paper.BIRTH_CERTIFICATE: _("Birth certificate"),
    Paper.SCHOOL_LETTER: _("Letter from the school"),
    Paper.HEALTH_LETTER: _("Letter from the clinic or hospital"),
    Paper.POVERTY_LETTER: _("Letter of need from the village (SKTM)"),
    Paper.BUSINESS_LETTER: _("Letter about the business"),
}
ABSENCES: Labels = {
    NikAbsence.NOT_AT_HAND: _("Not at hand today"),
    NikAbsence.NO_CARD_YET: _("Has no card yet"),
    NikAbsence.NEVER_REGISTERED: _("Was never registered"),
    NikAbsence.CHILD_NOT_REGISTERED: _("Child who is not registered"),
    NikAbsence.DOCUMENT_LOST: _("Document lost"),
    NikAbsence.REFUSED: _("Does not want to say"),
}
SEXES: Labels = {Sex.FEMALE: _("Woman"), Sex.MALE: _("Man")}
RELATIONS: Labels = {
    Relation.HEAD: _("Head of the family"),
    Relation.SPOUSE: _("Spouse"),
    Relation.CHILD: _("Child"),
    Relation.GRANDCHILD: _("Grandchild"),
    Relation.PARENT: _("Parent"),
    Relation.OTHER: _("Other"),
}
CONDITIONS: Labels = {
    Condition.PUPIL: _("Goes to school"),
    Condition.PREGNANT: _("Is pregnant"),
    Condition.SEVERE_DISABILITY: _("Has a severe disability"),
    Condition.ILL_WITHOUT_ACTIVE_INSURANCE: _("Is ill, and the health insurance is not active"),
}
CIRCUMSTANCES: Labels = {
    Circumstance.PKH_GRADUATED: _("Left PKH because the family is better off"),
    Circumstance.RUNS_BUSINESS: _("Runs a business"),
    Circumstance.INSURANCE_INACTIVE: _("Health insurance is not active"),
}
MESSAGES: Labels = {
    MessageChannel.WHATSAPP: _("WhatsApp"),
    MessageChannel.SMS: _("SMS"),
    MessageChannel.EMAIL: _("E-mail"),
    MessageChannel.WEBHOOK: _("System message"),
}
LANGUAGES: Labels = {Language.INDONESIAN: _("Indonesian"), Language.ENGLISH: _("English")}
PROOFS: Labels = {
    ConsentProof.SIGNED_FORM: _("Signed the form"),
    ConsentProof.THUMBPRINT: _("Thumbprint on the form"),
    ConsentProof.SPOKEN_BEFORE_WITNESS: _("Said so before a witness"),
    ConsentProof.RECORDED_VOICE: _("Said so on a recording"),
    ConsentProof.ONLINE_TICK: _("Ticked online"),
}
PURPOSES: Labels = {
    Purpose.HANDLE_CASE: _("Handling the case"),
    Purpose.NOTIFY: _("Writing to the citizen"),
    Purpose.SHARE_WITH_AGENCY: _("Passing on to an agency"),
    Purpose.UPDATE_REGISTRY: _("Updating the registry"),
    Purpose.PUBLISH_STORY: _("Publishing the story"),
}
BASES: Labels = {
    LegalBasis.PUBLIC_DUTY: _("public duty"),
    LegalBasis.CONSENT: _("consent"),
    LegalBasis.VITAL_INTEREST: _("vital interest"),
}


class FastTrackCause(StrEnum):
    """Why a case takes the fast track. Stays in the village."""

    DANGER = "danger"
    VIOLENCE = "violence"
    HUNGER = "hunger"
    NEGLECTED = "neglected"
    ILL = "ill"


FAST_TRACK_CAUSES: Labels = {
    FastTrackCause.DANGER: _("Life or health is in danger"),
    FastTrackCause.VIOLENCE: _("Violence at home or nearby"),
    FastTrackCause.HUNGER: _("Nothing to eat"),
    FastTrackCause.NEGLECTED: _("A neglected child, elderly or disabled person"),
    FastTrackCause.ILL: _("Seriously ill and without treatment"),
}
DESK_ANSWERS: Labels = {
    DeskAnswer.EXPLAINED_REQUIREMENTS: _("Explained what is required"),
    DeskAnswer.EXPLAINED_SCHEDULE: _("Explained when something is paid or handed out"),
    DeskAnswer.TOLD_STATUS: _("Told how things stand"),
    DeskAnswer.SHOWED_WHERE_TO_GO: _("Showed where to go"),
    DeskAnswer.DOCUMENT_ISSUED: _("Issued a document"),
    DeskAnswer.NOTED_SUGGESTION: _("Noted the suggestion"),
    DeskAnswer.NOT_ELIGIBLE: _("Explained why it is not possible"),
    DeskAnswer.OTHER: _("Something else"),
}
WITHDRAWALS: Labels = {
    WithdrawalReason.TAKEN_BACK: _("The citizen takes it back"),
    WithdrawalReason.DUPLICATE: _("It repeats another case"),
}
CLOSINGS: Labels = {
    ClosedBy.CONFIRMATION: _("The citizen confirmed that it is solved"),
    ClosedBy.SILENCE: _("The time to reopen passed without a word"),
}
OUTCOMES: Labels = {
    CaseOutcome.GIVEN: _("What was asked for was given"),
    CaseOutcome.PARTLY_GIVEN: _("A part of what was asked for was given"),
    CaseOutcome.AWAITING_RESULT: _("Proposed or on a waiting list; the result comes later"),
    CaseOutcome.NOT_GIVEN: _("It could not be given"),
}
ENDINGS: Labels = {
    NeedEnding.GIVEN: _("given"),
    NeedEnding.ENROLLED: _("enrolled"),
    NeedEnding.WAITING_LIST: _("on the waiting list"),
    NeedEnding.NOT_ELIGIBLE: _("not entitled"),
    NeedEnding.NO_QUOTA: _("no places left"),
    NeedEnding.UNREACHABLE: _("the family could not be reached"),
    NeedEnding.DECEASED: _("the person has died"),
    NeedEnding.MOVED: _("the family has moved"),
    NeedEnding.PROPOSED: _("proposed; the result comes with the period"),
    NeedEnding.REFUSED: _("refused by the district"),
    NeedEnding.EXHAUSTED: _("no agency could give it"),
}
REFERRALS: Labels = {
    ReferralStatus.ISSUED: _("asked, no answer yet"),
    ReferralStatus.ACCEPTED: _("accepted, in progress"),
    ReferralStatus.REJECTED: _("rejected"),
    ReferralStatus.EXPIRED: _("did not answer in time"),
    ReferralStatus.COMPLETED: _("completed"),
}
REJECTIONS: Labels = {
    RejectionReason.NOT_OUR_AREA: _("not its area"),
    RejectionReason.NOT_OUR_SERVICE: _("not its service"),
    RejectionReason.INCOMPLETE_DOCUMENTS: _("documents are incomplete"),
    RejectionReason.NO_CAPACITY: _("no capacity"),
    RejectionReason.NOT_ELIGIBLE: _("not entitled"),
}
PROPOSALS: Labels = {
    ProposalStatus.DRAFTED: _("drafted"),
    ProposalStatus.DELIBERATED: _("deliberated in the village"),
    ProposalStatus.ENTERED: _("entered in SIKS-NG"),
    ProposalStatus.RATIFIED: _("ratified by the district"),
    ProposalStatus.RANKED: _("ranked"),
    ProposalStatus.GRANTED: _("granted"),
    ProposalStatus.NOT_GRANTED: _("not granted"),
    ProposalStatus.NO_QUOTA: _("no places left"),
    ProposalStatus.EXCLUDED: _("excluded"),
}
DECISIONS: Labels = {
    DecisionKind.REFER: _("goes to an agency"),
    DecisionKind.PROPOSE: _("is proposed for the next period"),
    DecisionKind.REFUSE: _("is refused"),
}
VERDICTS: Labels = {
    Verdict.LIKELY: _("likely"),
    Verdict.UNLIKELY: _("unlikely"),
    Verdict.UNKNOWN: _("cannot be said yet"),
}
AGENCY_ANSWERS: Labels = {
    AgencyAnswer.ACCEPTED: _("accepted"),
    AgencyAnswer.REJECTED: _("rejected"),
    AgencyAnswer.COMPLETED: _("completed"),
}
FOLLOWS: Labels = {
    ExpiryFollow.REROUTED: _("another agency is asked"),
    ExpiryFollow.ESCALATED: _("it was passed up"),
}
TIERS: Labels = {
    Tier.VILLAGE: _("the village"),
    Tier.SUB_DISTRICT: _("the sub-district"),
    Tier.DISTRICT: _("the district"),
    Tier.PROVINCE: _("the province"),
    Tier.MINISTRY: _("the ministry"),
}
FAILURES: Labels = {
    DeliveryFailure.NO_CONTACT: _("there is no contact"),
    DeliveryFailure.CONTACT_REFUSED: _("the citizen does not want messages"),
    DeliveryFailure.NO_CHANNEL: _("no way to reach the citizen is set up"),
    DeliveryFailure.REJECTED_BY_PROVIDER: _("the number or address was not accepted"),
    DeliveryFailure.GAVE_UP: _("it did not get through for too long"),
}
CONTACT_PURPOSES: Labels = {ContactPurpose.INFORM_CITIZEN: _("to tell the citizen how it goes")}
CONTACT_ANSWERS: Labels = {
    ContactAnswer.GIVEN: _("given"),
    ContactAnswer.NO_CONTACT: _("there was no contact"),
    ContactAnswer.WITHHELD: _("withheld: no consent"),
}
SUGGESTIONS: Labels = {
    SuggestionCode.CIVIL_REGISTRATION_REFERRAL: _("has no NIK: help with civil registration (Dukcapil)"),
    SuggestionCode.ASK_FOR_NIK: _("has a NIK that was not told: ask for it at the next visit"),
    SuggestionCode.COMPARE_WITH_CARD: _("NIK and birth date or sex do not agree: compare with the card"),
}
STARS: Labels = {
    "5": _("Very satisfied"),
    "4": _("Satisfied"),
    "3": _("Neither satisfied nor dissatisfied"),
    "2": _("Dissatisfied"),
    "1": _("Very dissatisfied"),
}


def of_code(labels: Labels, code: str | None) -> str:
    """The label of a word; a code that is not in the list is shown in plain letters."""
    if code is None:
        return ""
    return labels.get(code) or code.replace("_", " ").replace("-", " ").capitalize()


def agency_name(code: str | None) -> str:
    """The directory of agencies is the district's; the village makes its codes readable."""
    return " ".join(word.capitalize() for word in (code or "").replace("_", "-").split("-"))
