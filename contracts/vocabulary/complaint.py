"""Words about a complaint: the village's side of a case."""

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
