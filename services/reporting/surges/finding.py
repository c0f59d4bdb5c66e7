"""Finding surges: the counts of the last day or week, hour by hour, against what is usual."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from chassis.area import Scope, Tier, tier_of
from chassis.store import Condition, Store
from chassis.store.counters import sums
from chassis.store.generation import Generation
from chassis.store.generations import live_generation
from services.reporting.domain.days import local_day
from services.reporting.domain.publishing import SMALL_BELOW
from services.reporting.domain.surges import Like, Surge, SurgeRules, rounded, wider
from services.reporting.queries import reads_above_district
from services.reporting.store import CASE_FIGURES, SURGE_STEPS
from services.reporting.surges.counting import RECORDED
from services.reporting.surges.windows import HOUR, hours_around, runs

LOOKED_BACK = timedelta(days=7)
LOOKED_BACK_ABOVE = timedelta(days=1)
"""Above the district there is more to add up, and less that can still be done about what is over."""

_UPWARDS = (Tier.VILLAGE, Tier.SUB_DISTRICT, Tier.DISTRICT, Tier.PROVINCE)
_FIELDS = {Tier.VILLAGE: "area", Tier.SUB_DISTRICT: "sub_district", Tier.DISTRICT: "district"}
_DEPTHS = {Tier.COUNTRY: 0, Tier.PROVINCE: 1, Tier.DISTRICT: 2, Tier.SUB_DISTRICT: 3, Tier.VILLAGE: 4}

Steps = Mapping[datetime, int]


async def surges(store: Store, scope: Scope, area: str, rules: SurgeRules, now: datetime) -> tuple[Surge, ...]:
    """The surges in an area: those that last first, then the latest.

    Above the district only districts and provinces are told of, and rounded.
    """
    above = reads_above_district(scope)
    tiers = _tiers(area, above=above)
    live = await live_generation(store)
    counts = await _counts(store, live, area, tiers[0], now - (LOOKED_BACK_ABOVE if above else LOOKED_BACK))
    if not _may_hold_surges(counts):
        return ()
    usual = await _usual(store, live, area, tiers[0], rules=rules, today=local_day(now, area))
    found: list[Surge] = []
    for tier in tiers:
        if tier is not tiers[0]:
            around = {like.area: _around(like.area, tier) for like in (*counts, *usual)}
            counts, usual = wider(counts, found, around), _added_up(usual, around)
        for like, steps in counts.items():
            level = usual.get(like, 0.0)
            found += _of_like(like, steps, level, rules.threshold(tier.value, level), now)
    told = [rounded(surge) for surge in found] if above else found
    return tuple(sorted(told, key=lambda surge: (surge.until is not None, -surge.since.timestamp(), surge.like)))


def _tiers(area: str, *, above: bool) -> list[Tier]:
    """Which areas are looked at, the narrowest first: those within the one asked for, and it itself."""
    asked = _DEPTHS[tier_of(area)]
    reach = (Tier.DISTRICT, Tier.PROVINCE) if above else _UPWARDS
    return [tier for tier in reach if _DEPTHS[tier] >= asked]


def _around(area: str, tier: Tier) -> str:
    return ".".join(area.split(".")[: _DEPTHS[tier]])


def _may_hold_surges(counts: Mapping[Like, Steps]) -> bool:
    """Whether some kind and sector were told of often enough anywhere, so that what is usual has to be looked up."""
    totals: dict[tuple[str, str], int] = {}
    for like, steps in counts.items():
        totals[like.kind, like.sector] = totals.get((like.kind, like.sector), 0) + sum(steps.values())
    return any(total >= SMALL_BELOW for total in totals.values())


async def _counts(
    store: Store, live: Generation, area: str, tier: Tier, since: datetime
) -> dict[Like, dict[datetime, int]]:
    found = await sums(
        store,
        Scope(area),
        live.of(SURGE_STEPS),
        Condition("begins", "$gte", since),
        by=(_FIELDS[tier], "kind", "sector", "step"),
        counts=(RECORDED,),
    )
    counts: dict[Like, dict[datetime, int]] = {}
    for item in found:
        *like, step = item.group
        if item.counts[RECORDED]:
            counts.setdefault(Like(*like), {})[datetime.fromisoformat(step)] = item.counts[RECORDED]
    return counts


async def _usual(
    store: Store, live: Generation, area: str, tier: Tier, *, rules: SurgeRules, today: date
) -> dict[Like, float]:
    """Cases in an office hour, by the days before today."""
    found = await sums(
        store,
        Scope(area),
        live.of(CASE_FIGURES),
        Condition("day", "$gte", (today - timedelta(days=rules.usual_days)).isoformat()),
        Condition("day", "$lt", today.isoformat()),
        by=(_FIELDS[tier], "kind", "sector"),
        counts=(RECORDED,),
    )
    return {Like(*item.group): item.counts[RECORDED] / rules.office_hours for item in found}


def _added_up(usual: Mapping[Like, float], around: Mapping[str, str]) -> dict[Like, float]:
    summed: dict[Like, float] = {}
    for like, level in usual.items():
        wide = Like(around[like.area], like.kind, like.sector)
        summed[wide] = summed.get(wide, 0.0) + level
    return summed


def _of_like(like: Like, steps: Steps, usual: float, threshold: float, now: datetime) -> list[Surge]:
    hours: dict[datetime, int] = {}
    for step, count in steps.items():
        for begins in hours_around(step):
            hours[begins] = hours.get(begins, 0) + count
    full = [begins for begins, count in hours.items() if count >= threshold]
    found = []
    for first, last in runs(full):
        since = min(step for step in steps if first <= step)
        until = max(step for step in steps if step < last + HOUR)
        count = max(hours[begins] for begins in full if first <= begins <= last)
        found.append(Surge(like, since, None if last + HOUR > now else until, count, usual))
    return found
