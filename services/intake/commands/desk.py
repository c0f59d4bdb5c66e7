"""What every deed at the desk goes by, and how a complaint that moved is kept."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from chassis.identity import Actor
from chassis.outbox.outgoing import Outgoing
from chassis.store import StaleEdit, UnitOfWork
from services.intake.domain.complaint import Moved
from services.intake.domain.nik import Nik
from services.intake.domain.regions import Regions
from services.intake.own_deeds import moved_on
from services.intake.store import COMPLAINTS, StoredComplaint


@dataclass(frozen=True)
class Desk:
    """The rules of this installation."""

    regions: Regions
    programmes: Container[str]
    family_key_secret: bytes
    invented_people_allowed: bool = False

    def nik(self, text: str, today: date) -> Nik:
        """The NIK that was typed. Raises ImpossibleNik."""
        return Nik.checked(text, self.regions, today=today, invented_people_allowed=self.invented_people_allowed)


async def complaint_for_edit(unit: UnitOfWork, case_id: str, expected: int) -> StoredComplaint:
    """The case as the caller last read it. Raises NotFound, StaleEdit."""
    stored = await unit.of(COMPLAINTS).get(case_id)
    # Before the rules of the domain: who decided on an old picture should look again, not be told of a rule.
    if stored.edition != expected:
        raise StaleEdit(stored.edition)
    return stored


async def keep_moved(
    unit: UnitOfWork, actor: Actor | None, stored: StoredComplaint, moved: Moved, *, untold: str | None = None
) -> StoredComplaint:
    """Save the case after a move, tell its facts and note them in the timeline.

    `untold` names a deed that nobody outside hears of.
    """
    after = moved_on(stored, moved, now=unit.now, actor=actor.id if actor else None, untold=untold)
    return await unit.of(COMPLAINTS).save(after, [Outgoing(fact) for fact in moved.facts])
