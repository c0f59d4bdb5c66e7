"""Criteria of programmes: each judges a family's profile and says why, as a code that the reader puts into
words.
"""

from typing import Annotated, Literal

from pydantic import Field

from contracts.events import CriterionReason, FamilyProfile
from contracts.vocabulary import Circumstance, Component, CriterionMet, ExclusionFlag
from services.referral.domain.value import Value


class DecileCriterion(Value):
    """The family's rank in the registry, 1 the poorest."""

    kind: Literal["decile"] = "decile"
    at_most: int = Field(ge=1, le=10)
    by_assessment_up_to: int | None = Field(default=None, ge=1, le=10)
    """Up to this decile a family may still get it, after somebody assessed it."""

    def judge(self, family: FamilyProfile | None) -> CriterionReason:
        if family is None:
            return _reason(self.kind, CriterionMet.UNKNOWN, "no_family_profile")
        if not family.listed:
            return _reason(self.kind, CriterionMet.UNKNOWN, "not_in_registry")
        if family.decile is None:
            return _reason(self.kind, CriterionMet.UNKNOWN, "not_ranked_yet")
        if family.decile <= self.at_most:
            return _reason(self.kind, CriterionMet.YES, "decile_within_limit")
        if self.by_assessment_up_to is not None and family.decile <= self.by_assessment_up_to:
            return _reason(self.kind, CriterionMet.UNKNOWN, "decile_needs_assessment")
        return _reason(self.kind, CriterionMet.NO, "decile_above_limit")


class ComponentCriterion(Value):
    """A member who makes the family eligible. `perhaps`: members who may, which a profile cannot tell."""

    kind: Literal["component"] = "component"
    any_of: tuple[Component, ...] = Field(min_length=1)
    perhaps: tuple[Component, ...] = ()

    def judge(self, family: FamilyProfile | None) -> CriterionReason:
        if family is None:
            return _reason(self.kind, CriterionMet.UNKNOWN, "no_family_profile")
        if set(self.any_of) & set(family.components):
            return _reason(self.kind, CriterionMet.YES, "component_present")
        if set(self.perhaps) & set(family.components):
            return _reason(self.kind, CriterionMet.UNKNOWN, "component_to_verify")
        return _reason(self.kind, CriterionMet.NO, "component_absent")


class NoFlagCriterion(Value):
    """Nothing counts against the family beside its decile."""

    kind: Literal["no_flag"] = "no_flag"
    flags: tuple[ExclusionFlag, ...] = Field(min_length=1)

    def judge(self, family: FamilyProfile | None) -> CriterionReason:
        if family is None:
            return _reason(self.kind, CriterionMet.UNKNOWN, "no_family_profile")
        if set(self.flags) & set(family.flags):
            return _reason(self.kind, CriterionMet.NO, "exclusion_flag_present")
        if not family.listed:
            return _reason(self.kind, CriterionMet.UNKNOWN, "not_in_registry")
        return _reason(self.kind, CriterionMet.YES, "no_exclusion_flag")


class CircumstanceCriterion(Value):
    """Something the village saw and noted. Not noted is not so: the village can amend the complaint."""

    kind: Literal["circumstance"] = "circumstance"
    circumstance: Circumstance

    def judge(self, family: FamilyProfile | None) -> CriterionReason:
        if family is None:
            return _reason(self.circumstance.value, CriterionMet.UNKNOWN, "no_family_profile")
        if self.circumstance in family.circumstances:
            return _reason(self.circumstance.value, CriterionMet.YES, "circumstance_noted")
        return _reason(self.circumstance.value, CriterionMet.NO, "circumstance_not_noted")


Criterion = Annotated[
    DecileCriterion | ComponentCriterion | NoFlagCriterion | CircumstanceCriterion,
    Field(discriminator="kind"),
]


def _reason(criterion: str, met: CriterionMet, explanation: str) -> CriterionReason:
    return CriterionReason(criterion=criterion, met=met, explanation=explanation)
