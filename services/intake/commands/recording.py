"""Recording a complaint: people, case number and fact in one transaction."""

from chassis.identity import Actor
from chassis.outbox.outgoing import Outgoing
from chassis.store import UnitOfWork
from services.intake.commands.desk import Desk
from services.intake.commands.people import keep_new_people
from services.intake.domain.case_number import CaseNumber
from services.intake.domain.local_day import local_day
from services.intake.domain.recording import Narrative, refuse_conduct
from services.intake.domain.recording import record_complaint as record
from services.intake.domain.regions import known_village
from services.intake.domain.timeline import Details
from services.intake.own_deeds import own_entry
from services.intake.store import CASE_COUNTERS, COMPLAINTS, CaseCounter, StoredComplaint
from services.intake.told import ToldComplaint

ALONGSIDE = Narrative.model_fields.keys() & ToldComplaint.model_fields.keys()


async def record_complaint(unit: UnitOfWork, actor: Actor, desk: Desk, told: ToldComplaint) -> StoredComplaint:
    """The case enters the village's book with its people and its number. Tells complaint.created.

    Raises ConductNeedsProtection, UnknownArea, UnknownNeed, IncompleteComplaint, ImpossibleMoment, ImpossibleNik,
    OtherPerson, NamedTwice, UnsoundBasis, AlreadyExists.
    """
    refuse_conduct(told.kind)
    area = known_village(told.area, desk.regions)
    people = None if told.family is None else await keep_new_people(unit, actor, desk, area, told.family)
    named = people.named if people else ()
    narrative = Narrative(
        **{name: getattr(told, name) for name in ALONGSIDE}
        | {
            "occurred_at": told.occurred_at or unit.now,
            "family_id": people.family_id if people else None,
            "reporter_id": None if told.reporter is None else named[told.reporter],
        }
    )
    moved = record(
        narrative,
        case_id=told.case_id,
        case_number=await _next_case_number(unit, area),
        family=people.profile if people else None,
        recorded_by=actor.id,
        now=unit.now,
        regions=desk.regions,
        programmes=desk.programmes,
    )
    new = StoredComplaint(id=told.case_id, area=area, complaint=moved.complaint)
    recorded = new.model_copy(
        update={
            "timeline": tuple(
                own_entry(new, fact.topic, Details(), now=unit.now, actor=actor.id) for fact in moved.facts
            )
        }
    )
    return await unit.of(COMPLAINTS).add(recorded, [Outgoing(fact) for fact in moved.facts])


async def _next_case_number(unit: UnitOfWork, area: str) -> CaseNumber:
    year = local_day(area, unit.now).year
    counters = unit.of(CASE_COUNTERS)
    counter = await counters.find(f"{area}-{year}")
    if counter is None:
        counter = await counters.add(CaseCounter(id=f"{area}-{year}", area=area, serial=1))
    else:
        counter = await counters.save(counter.model_copy(update={"serial": counter.serial + 1}))
    return CaseNumber(area=area, year=year, serial=counter.serial)
