"""The village's own words: what is recorded, noted and answered at the window."""

from enum import StrEnum

from chassis.pages import lazy as _
from contracts.vocabulary import (
    Circumstance,
    ClosedBy,
    ComplaintKind,
    ComplaintStatus,
    IntakeChannel,
    MessageChannel,
    Sector,
    SubjectKind,
    WithdrawalReason,
)
from services.intake.answers import DeskAnswer
from services.intake.documents import Paper
from services.intake.domain.consent import ConsentProof
from services.intake.domain.contacting import ContactAnswer, ContactPurpose
from services.intake.domain.nik import NikAbsence
from services.intake.domain.people import Condition, Language, Relation, Sex
from services.intake.domain.suggestions import SuggestionCode
from services.intake.pages.labels.reading import Labels

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
PROGRAMME_NAMES: Labels = {"pkh": "PKH", "sembako": "Sembako", "pbi_jk": "PBI-JK", "kip": "KIP / PIP", "kur": "KUR"}
"""As people say them; the same in every language."""
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
