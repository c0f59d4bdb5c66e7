"""A family as the district knows it."""

from pydantic import BaseModel, Field

from contracts.events import FamilyProfile
from contracts.vocabulary import Circumstance, Component, ExclusionFlag, MembersBand


class FamilyView(BaseModel):
    """Bands and a pseudonym: who the family is stays in the village."""

    family_key: str = Field(description="The family's pseudonym; only its village can turn it back")
    listed: bool = Field(description="Whether the national registry (DTSEN) lists it")
    decile: int | None = Field(description="1 the poorest; null when not listed or not ranked yet", examples=[2])
    components: tuple[Component, ...]
    flags: tuple[ExclusionFlag, ...]
    circumstances: tuple[Circumstance, ...]
    members_band: MembersBand
    registry_period: str = Field(examples=["2026-Q4"])

    @classmethod
    def of(cls, family: FamilyProfile | None) -> "FamilyView | None":
        return None if family is None else cls.model_validate(dict(family))
