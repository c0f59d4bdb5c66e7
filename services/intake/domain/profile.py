"""What of a family may leave the village: bands, components and a pseudonymous key; no name, number or birth date."""

import hmac
from base64 import urlsafe_b64encode
from datetime import date
from hashlib import sha256

from contracts.events import FamilyProfile
from contracts.vocabulary import Circumstance, Component, MembersBand
from services.intake.domain.ages import age_in_years
from services.intake.domain.people import Condition, Family, Person

YOUNG_CHILD_LAST_AGE = 6
ELDERLY_FROM_AGE = 60
"""UU 13/1998 on the welfare of the elderly."""
KEY_BYTES = 24
"""192 bits of the digest: nobody finds two families of one key."""
SHORTEST_SECRET_BYTES = 32


class WeakSecret(ValueError):
    """The pseudonym's secret could be guessed, and every family found by trying."""

    def __init__(self) -> None:
        super().__init__(f"the secret of pseudonyms needs at least {SHORTEST_SECRET_BYTES} random bytes")


def family_key(family_id: str, secret: bytes) -> str:
    """The family's pseudonym (HMAC-SHA256): always the same, and turned back by nobody without the secret.

    Made from our id and not from the family card, so that it stays when a missing card comes. Raises WeakSecret.
    """
    if len(secret) < SHORTEST_SECRET_BYTES:
        raise WeakSecret
    digest = hmac.new(secret, f"family:{family_id}".encode(), sha256).digest()
    return urlsafe_b64encode(digest[:KEY_BYTES]).decode("ascii")


def profile_of(family: Family, secret: bytes, today: date) -> FamilyProfile:
    """The family as the district sees it."""
    components = {component for member in family.members for component in _components(member, today)}
    circumstances = set(family.circumstances)
    if any(Condition.ILL_WITHOUT_ACTIVE_INSURANCE in member.conditions for member in family.members):
        circumstances.add(Circumstance.INSURANCE_INACTIVE)
    return FamilyProfile(
        family_key=family_key(family.family_id, secret),
        listed=family.registry.listed,
        decile=family.registry.decile,
        components=tuple(component for component in Component if component in components),
        flags=family.registry.flags,
        circumstances=tuple(one for one in Circumstance if one in circumstances),
        members_band=members_band(len(family.members)),
        registry_period=family.registry.period,
    )


def members_band(members: int) -> MembersBand:
    if members <= 1:
        return MembersBand.ONE
    if members <= 3:
        return MembersBand.TWO_OR_THREE
    return MembersBand.FOUR_TO_SIX if members <= 6 else MembersBand.SEVEN_OR_MORE


def _components(person: Person, today: date) -> set[Component]:
    noted = {
        Condition.PREGNANT: Component.PREGNANT,
        Condition.PUPIL: Component.PUPIL,
        Condition.SEVERE_DISABILITY: Component.SEVERE_DISABILITY,
    }
    components = {noted[condition] for condition in person.conditions if condition in noted}
    if person.born is not None:
        age = age_in_years(person.born, today)
        if 0 <= age <= YOUNG_CHILD_LAST_AGE:
            components.add(Component.CHILD_0_6)
        if age >= ELDERLY_FROM_AGE:
            components.add(Component.ELDERLY)
    return components
