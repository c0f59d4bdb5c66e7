"""Keeping the people of a case: who is known is linked, who is new is added, and nobody is doubled."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.identity import Actor
from chassis.outbox.outgoing import new_id
from chassis.store import UnitOfWork, equals, one_of
from contracts.events import FamilyProfile
from services.intake.commands.desk import Desk
from services.intake.domain.consent import Basis, LegalBasis, NoLegalBasis, Purpose, UnsoundBasis, basis_for, note_basis
from services.intake.domain.errors import CardOfAnotherFamily
from services.intake.domain.local_day import local_day
from services.intake.domain.profile import profile_of
from services.intake.domain.recognising import all_different, recognise, with_checked_nik
from services.intake.store import FAMILIES, LARGEST_FAMILY, PERSONS, StoredFamily, StoredPerson, known_as
from services.intake.told import FamilyFacts, ToldFamily, ToldMember


@dataclass(frozen=True)
class KeptPeople:
    """The family after what was told; `named` are its named members' ids in the order they were named."""

    family_id: str
    profile: FamilyProfile
    named: tuple[str, ...]
    changed: bool


async def keep_new_people(unit: UnitOfWork, actor: Actor, desk: Desk, area: str, told: ToldFamily) -> KeptPeople:
    """The people of a new complaint, in a family that is known or begins here.

    Raises ImpossibleNik, OtherPerson, NamedTwice, UnsoundBasis.
    """
    people = await _people(unit, desk, area, told.members)
    family = await _family_of(unit, area, told, people)
    if family is None:
        family = StoredFamily(id=new_id(), area=area, known_as="", registry=told.registry)
    return await _keep(unit, actor, desk, family, named=people, told=told)


async def keep_corrected_people(
    unit: UnitOfWork, actor: Actor, desk: Desk, family_id: str, told: FamilyFacts
) -> KeptPeople:
    """What is different about the family of a case.

    Raises ImpossibleNik, OtherPerson, NamedTwice, UnsoundBasis, CardOfAnotherFamily.
    """
    family = await unit.of(FAMILIES).get(family_id)
    if told.card is not None:
        holder = await unit.of(FAMILIES).first(equals("known_as", known_as(family.area, told.card, family.id)))
        if holder is not None and holder.id != family.id:
            raise CardOfAnotherFamily
    people = await _people(unit, desk, family.area, told.members)
    return await _keep(unit, actor, desk, family, named=people, told=told)


async def _people(unit: UnitOfWork, desk: Desk, area: str, members: Sequence[ToldMember]) -> list[StoredPerson]:
    """Those told of, each as already kept here or new, in the order they were named."""
    today = local_day(area, unit.now)
    facts = [
        with_checked_nik(
            member, desk.regions, today=today, invented_people_allowed=desk.invented_people_allowed, member=place
        )
        for place, member in enumerate(members)
    ]
    by_nik = [known_as(area, one.nik, "") for one in facts if one.nik is not None]
    kept = {one.id: one for one in await unit.of(PERSONS).all(one_of("known_as", by_nik), limit=len(by_nik) or 1)}
    for member in members:
        found = None if member.person_id is None else await unit.of(PERSONS).find(member.person_id)
        if found is not None and found.area == area:
            kept[found.id] = found
    known = [one.person for one in kept.values()]
    people = [
        recognise(one, member.person_id, known, new_id=new_id()) for one, member in zip(facts, members, strict=True)
    ]
    all_different(people)
    return [
        kept[person.person_id].model_copy(update={"person": person, "known_as": name})
        if person.person_id in kept
        else StoredPerson(id=person.person_id, area=area, person=person, family_id=person.person_id, known_as=name)
        for person in people
        for name in [known_as(area, person.nik, person.person_id)]
    ]


async def _family_of(
    unit: UnitOfWork, area: str, told: ToldFamily, people: Sequence[StoredPerson]
) -> StoredFamily | None:
    """The known family meant: by its card, else the family of a known member unless that has another card."""
    families = unit.of(FAMILIES)
    if told.card is not None and (holder := await families.first(equals("known_as", known_as(area, told.card, "")))):
        return holder
    for person in people:
        if person.revision and (family := await families.find(person.family_id)):
            return family if None in (told.card, family.card) else None
    return None


async def _keep(
    unit: UnitOfWork,
    actor: Actor,
    desk: Desk,
    family: StoredFamily,
    *,
    named: Sequence[StoredPerson],
    told: FamilyFacts,
) -> KeptPeople:
    named = [one.model_copy(update={"family_id": family.id}) for one in named]
    named = _with_bases(unit, actor, named, told)
    card = told.card or family.card
    family_after = family.model_copy(
        update={
            "card": card,
            "known_as": known_as(family.area, card, family.id),
            "registry": told.registry or family.registry,
            "circumstances": family.circumstances if told.circumstances is None else told.circumstances,
        }
    )
    persons = unit.of(PERSONS)
    stored = {one.id: one for one in await persons.all(equals("family_id", family.id), limit=LARGEST_FAMILY)}
    changed = family_after != family
    if changed:
        await (unit.of(FAMILIES).save if family.revision else unit.of(FAMILIES).add)(family_after)
    for one in named:
        if one != stored.get(one.id):
            changed = True
            await (persons.save if one.revision else persons.add)(one)
    members = {**stored, **{one.id: one for one in named}}
    whole = family_after.with_members(tuple(one.person for one in members.values()))
    profile = profile_of(whole, desk.family_key_secret, local_day(family.area, unit.now))
    return KeptPeople(family.id, profile, tuple(one.id for one in named), changed)


def _with_bases(unit: UnitOfWork, actor: Actor, named: Sequence[StoredPerson], told: FamilyFacts) -> list[StoredPerson]:
    noted = [[*one.bases] for one in named]
    for basis in told.legal_bases:
        one = named[basis.member]
        note = note_basis(
            person_id=one.id,
            purpose=basis.purpose,
            basis=basis.basis,
            noted_by=actor.id,
            now=unit.now,
            today=local_day(one.area, unit.now),
            born=one.person.born,
            proof=basis.proof,
            expires_on=basis.expires_on,
            guardian_id=None if basis.guardian is None else named[basis.guardian].id,
        )
        noted[basis.member].append(note)
    for one, bases, member in zip(named, noted, told.members, strict=True):
        if not _has_basis(one, Purpose.HANDLE_CASE, bases, unit):
            bases.append(_public_duty(one, actor, unit))
        if member.contact is not None and not _has_basis(one, Purpose.NOTIFY, bases, unit):
            raise UnsoundBasis(
                "a contact was given, but not on which basis the person may be written to: note a legal basis for "
                "notify, or leave the contact out"
            )
    return [one.model_copy(update={"bases": tuple(bases)}) for one, bases in zip(named, noted, strict=True)]


def _has_basis(one: StoredPerson, purpose: Purpose, bases: Sequence[Basis], unit: UnitOfWork) -> bool:
    try:
        basis_for(purpose, one.id, tuple(bases), unit.now)
    except NoLegalBasis:
        return False
    return True


def _public_duty(one: StoredPerson, actor: Actor, unit: UnitOfWork) -> Basis:
    """Handling a complaint is the village's duty (Perpres 76/2013); it needs no consent."""
    return Basis(
        person_id=one.id,
        purpose=Purpose.HANDLE_CASE,
        basis=LegalBasis.PUBLIC_DUTY,
        noted_by=actor.id,
        noted_at=unit.now,
    )
