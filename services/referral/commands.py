"""What a person may do in the district, one function a deed. Each is run in one unit of work."""

from chassis.identity import Actor
from chassis.outbox.outgoing import new_id
from chassis.store import NotFound, StaleEdit, UnitOfWork
from contracts.events import NeedDecision
from contracts.vocabulary import AgencyAnswer, Outcome, RejectionReason
from services.referral import history
from services.referral.consequences import consequences, copies_of
from services.referral.domain.answering import answer_referral
from services.referral.domain.deciding import Ruling, decide, recommend, review
from services.referral.domain.moves import Moved
from services.referral.queries import visible_referral
from services.referral.reference import Reference
from services.referral.store import HANDLINGS, REFERRALS, Deed, StoredHandling, StoredReferral


async def recommend_handling(
    unit: UnitOfWork,
    actor: Actor,
    reference: Reference,
    case_id: str,
    decisions: tuple[NeedDecision, ...],
    *,
    expected: int,
) -> StoredHandling:
    """Draft what to do about every need. Raises NotFound, StaleEdit and what the domain refuses."""
    stored = await _read_for_change(unit, case_id, expected)
    rules = reference.rules_at(stored.area, unit.now)
    moved = recommend(stored.handling, actor.id, decisions, rules=rules, now=unit.now)
    return await keep(unit, stored, moved, history.recommended(by=actor.id, at=unit.now))


async def review_handling(
    unit: UnitOfWork, actor: Actor, case_id: str, ruling: Ruling, *, reason: str | None, expected: int
) -> StoredHandling:
    """Pass a recommendation on, or return it. Raises NotFound, StaleEdit and what the domain refuses."""
    stored = await unit.of(HANDLINGS).get(case_id)
    if stored.handling.recommendation is None:
        # A supervisor sees what was passed on to them, and only that.
        raise NotFound(HANDLINGS.name, case_id)
    _must_be(stored, expected)
    moved = review(stored.handling, actor.id, ruling, now=unit.now, reason=reason)
    return await keep(unit, stored, moved, history.reviewed(ruling, reason, by=actor.id, at=unit.now))


async def decide_handling(
    unit: UnitOfWork,
    actor: Actor,
    reference: Reference,
    case_id: str,
    ruling: Ruling,
    *,
    reason: str | None,
    expected: int,
) -> StoredHandling:
    """Make what was recommended happen, or return it. Raises NotFound, StaleEdit and what the domain refuses."""
    stored = await _read_for_change(unit, case_id, expected)
    rules = reference.rules_at(stored.area, unit.now)
    moved = decide(stored.handling, actor.id, ruling, rules=rules, now=unit.now, new_id=new_id, reason=reason)
    return await keep(unit, stored, moved, history.decided(ruling, reason, by=actor.id, at=unit.now))


async def answer_as_agency(
    unit: UnitOfWork,
    reference: Reference,
    referral_id: str,
    answer: AgencyAnswer,
    *,
    by: Actor,
    agency: str,
    reason: RejectionReason | None,
    outcome: Outcome | None,
) -> StoredReferral:
    """An agency's answer through the API. The same rules hold as for one that comes by Kafka.

    No edition is expected: the village amending the case changes nothing for the agency, and the first answer
    counts whoever was slower. Raises NotFound (also for another agency's referral), AnswerRefused.
    """
    copy = await visible_referral(unit.of(REFERRALS), agency, referral_id)
    stored = await unit.of(HANDLINGS).get(copy.case_id)
    moved = answer_referral(
        stored.handling,
        agency,
        referral_id,
        answer,
        rules=reference.rules_at(stored.area, unit.now),
        now=unit.now,
        new_id=new_id,
        reason=reason,
        outcome=outcome,
    )
    deed = history.answered(referral_id, answer, reason, outcome, by=by.id, at=unit.now)
    await keep(unit, stored, moved, deed)
    return next(copied for copied in copies_of(moved.handling) if copied.id == referral_id)


async def keep(unit: UnitOfWork, stored: StoredHandling, moved: Moved, *deeds: Deed) -> StoredHandling:
    """Store a move with everything that follows from it."""
    follows = consequences(stored.handling, moved)
    for work in follows.work:
        unit.schedule(work)
    for kind, key in follows.undo_work:
        unit.unschedule(kind, key)
    for copied in follows.copies:
        unit.keep_copy(copied)
    return await unit.of(HANDLINGS).save(stored.moved(moved.handling, *deeds), follows.events)


async def _read_for_change(unit: UnitOfWork, case_id: str, expected: int) -> StoredHandling:
    stored = await unit.of(HANDLINGS).get(case_id)
    _must_be(stored, expected)
    return stored


def _must_be(stored: StoredHandling, expected: int) -> None:
    # Before any rule: whoever decides on an old state must hear that, not which rule the new one breaks.
    if stored.edition != expected:
        raise StaleEdit(stored.edition)
