"""Criteria of programmes: each judges a family's profile and says why, as a code that the reader puts into
words.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from contracts.events import CriterionReason, FamilyProfile
from contracts.vocabulary import Circumstance, Component, CriterionMet, ExclusionFlag
from services.referral.domain.value import Value


class Explanation(StrEnum):
    """Why a criterion is met, is not, or cannot be told: codes, put into words by data/explanations.yaml."""

    NO_FAMILY_PROFILE = "no_family_profile"
    NOT_IN_REGISTRY = "not_in_registry"
    NOT_RANKED_YET = "not_ranked_yet"
    DECILE_WITHIN_LIMIT = "decile_within_limit"
    DECILE_NEEDS_ASSESSMENT = "decile_needs_assessment"
    DECILE_ABOVE_LIMIT = "decile_above_limit"
    COMPONENT_PRESENT = "component_present"
    COMPONENT_TO_VERIFY = "component_to_verify"
    COMPONENT_ABSENT = "component_absent"
    EXCLUSION_FLAG_PRESENT = "exclusion_flag_present"
    NO_EXCLUSION_FLAG = "no_exclusion_flag"
    CIRCUMSTANCE_NOTED = "circumstance_noted"
    CIRCUMSTANCE_NOT_NOTED = "circumstance_not_noted"
    PROGRAMME_NOT_IN_CATALOGUE = "programme_not_in_catalogue"


class DecileCriterion(Value):
    """The family's rank in the registry, 1 the poorest."""

    kind: Literal["decile"] = "decile"
    at_most: int = Field(ge=1, le=10)
    by_assessment_up_to: int | None = Field(default=None, ge=1, le=10)
    """Up to this decile a family may still get it, after somebody assessed it."""

    def judge(self, family: FamilyProfile | None) -> CriterionReason:
        if family is None:
            return _reason(self.kind, CriterionMet.UNKNOWN, Explanation.NO_FAMILY_PROFILE)
        if not family.listed:
            return _reason(self.kind, CriterionMet.UNKNOWN, Explanation.NOT_IN_REGISTRY)
        if family.decile is None:
            return _reason(self.kind, CriterionMet.UNKNOWN, Explanation.NOT_RANKED_YET)
        if family.decile <= self.at_most:
            return _reason(self.kind, CriterionMet.YES, Explanation.DECILE_WITHIN_LIMIT)
        if self.by_assessment_up_to is not None and family.decile <= self.by_assessment_up_to:
            return _reason(self.kind, CriterionMet.UNKNOWN, Explanation.DECILE_NEEDS_ASSESSMENT)
        return _reason(self.kind, CriterionMet.NO, Explanation.DECILE_ABOVE_LIMIT)


class ComponentCriterion(Value):
    """A member who makes the family eligible. `perhaps`: members who may, which a profile cannot tell."""

    kind: Literal["component"] = "component"
    any_of: tuple[Component, ...] = Field(min_length=1)
    perhaps: tuple[Component, ...] = ()

    def judge(self, family: FamilyProfile | None) -> CriterionReason:
        if family is None:
            return _reason(self.kind, CriterionMet.UNKNOWN, Explanation.NO_FAMILY_PROFILE)
        if set(self.any_of) & set(family.components):
            return _reason(self.kind, CriterionMet.YES, Explanation.COMPONENT_PRESENT)
        if set(self.perhaps) & set(family.components):
            return _reason(self.kind, CriterionMet.UNKNOWN, Explanation.COMPONENT_TO_VERIFY)
        return _reason(self.kind, CriterionMet.NO, Explanation.COMPONENT_ABSENT)


class NoFlagCriterion(Value):
    """Nothing counts against the family beside its decile."""

    kind: Literal["no_flag"] = "no_flag"
    flags: tuple[ExclusionFlag, ...] = Field(min_length=1)

    def judge(self, family: FamilyProfile | None) -> CriterionReason:
        if family is None:
            return _reason(self.kind, CriterionMet.UNKNOWN, Explanation.NO_FAMILY_PROFILE)
        if set(self.flags) & set(family.flags):
            return _reason(self.kind, CriterionMet.NO, Explanation.EXCLUSION_FLAG_PRESENT)
        if not family.listed:
            return _reason(self.kind, CriterionMet.UNKNOWN, Explanation.NOT_IN_REGISTRY)
        return _reason(self.kind, CriterionMet.YES, Explanation.NO_EXCLUSION_FLAG)


class CircumstanceCriterion(Value):
    """Something the village saw and noted. Not noted is not so: the village can amend the complaint."""

    kind: Literal["circumstance"] = "circumstance"
    circumstance: Circumstance

    def judge(self, family: FamilyProfile | None) -> CriterionReason:
        if family is None:
            return _reason(self.circumstance.value, CriterionMet.UNKNOWN, Explanation.NO_FAMILY_PROFILE)
        if self.circumstance in family.circumstances:
            return _reason(self.circumstance.value, CriterionMet.YES, Explanation.CIRCUMSTANCE_NOTED)
        return _reason(self.circumstance.value, CriterionMet.NO, Explanation.CIRCUMSTANCE_NOT_NOTED)


Criterion = Annotated[
    DecileCriterion | ComponentCriterion | NoFlagCriterion | CircumstanceCriterion,
    Field(discriminator="kind"),
]


def _reason(criterion: str, met: CriterionMet, explanation: Explanation) -> CriterionReason:
    return CriterionReason(criterion=criterion, met=met, explanation=explanation.value)
