"""Words about a family: only bands and marks that cannot name it."""

from enum import StrEnum


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
