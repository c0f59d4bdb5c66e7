"""Areas as the district's rules need them: Kemendagri codes from the country ("") down to the village."""

from contracts.vocabulary import Tier

TIERS = (Tier.MINISTRY, Tier.PROVINCE, Tier.DISTRICT, Tier.SUB_DISTRICT, Tier.VILLAGE)
"""By the number of parts of a code: "" is the country's, "32" a province's ..."""
ESCALATION = (Tier.VILLAGE, Tier.DISTRICT, Tier.PROVINCE, Tier.MINISTRY)
"""The way of a case that is passed up. A sub-district reviews cases and keeps none."""


def lies_in(area: str, region: str) -> bool:
    """Whether the area is the region or a part of it."""
    return region in ("", area) or area.startswith(f"{region}.")


def tier_of(area: str) -> Tier:
    return TIERS[len(area.split(".")) if area else 0]


def tier_above(tier: Tier) -> Tier:
    """The tier a case is passed up to; the ministry's stay where they are."""
    return ESCALATION[min(ESCALATION.index(tier) + 1, len(ESCALATION) - 1)]


def higher(one: Tier, other: Tier) -> Tier:
    return max(one, other, key=lambda tier: ESCALATION.index(tier) if tier in ESCALATION else 0)
