"""Counting cases into their ten minutes: what hearing an event, or erasing a case, adds and takes back."""

from datetime import datetime, timedelta

from chassis.bus import Increment
from chassis.store.documents import WITHIN, areas_around
from services.reporting.domain.case import ReportedCase
from services.reporting.domain.surges import Like
from services.reporting.store import STEPS_KEPT, SURGE_STEPS, tiers_of
from services.reporting.surges.windows import step_of

RECORDED = "recorded"


def moved_steps(before: ReportedCase, after: ReportedCase, area: str, now: datetime) -> tuple[Increment, ...]:
    """By how much the counts of ten minutes move. What is older than they are kept no longer moves any."""
    was, is_now = _step(before, area), _step(after, area)
    if was == is_now:
        return ()
    return tuple(
        _increment(step, like, count)
        for counted, count in ((was, -1), (is_now, 1))
        if counted is not None
        for step, like in [counted]
        if step > now - STEPS_KEPT + timedelta(hours=1)
    )


def _step(case: ReportedCase, area: str) -> tuple[datetime, Like] | None:
    """When the citizen came, not when the tablet found a signal: a day's visits sent at once are no surge."""
    if case.complaint is None:
        return None
    like = Like(area, case.complaint.kind.value, case.complaint.sector.value)
    return step_of(min(case.complaint.occurred_at, case.complaint.recorded_at)), like


def _increment(step: datetime, like: Like, count: int) -> Increment:
    identity = {
        WITHIN: list(areas_around(like.area)),
        "area": like.area,
        **tiers_of(like.area),
        "begins": step,
        "step": step.isoformat(timespec="minutes"),
        "kind": like.kind,
        "sector": like.sector,
    }
    key = "|".join((like.area, step.isoformat(timespec="minutes"), like.kind, like.sector))
    return Increment(SURGE_STEPS.name, key, identity, {RECORDED: count})
