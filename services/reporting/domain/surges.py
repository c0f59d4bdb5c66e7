"""What a surge is: many like cases in an area within the hour, and many more than usual there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.reporting.domain.publishing import SMALL_BELOW


class Least(BaseModel):
    """From how many cases an hour on, by the tier of the area. Never a small cell."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    village: int = Field(ge=SMALL_BELOW)
    sub_district: int = Field(ge=SMALL_BELOW)
    district: int = Field(ge=SMALL_BELOW)
    province: int = Field(ge=SMALL_BELOW)


class SurgeRules(BaseModel):
    """From when on like cases are a surge."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_least: Least
    times_usual: float = Field(ge=1)
    usual_days: int = Field(ge=7, description="the days before today whose cases say what is usual")
    office_hours: int = Field(ge=1, description="how many office hours there are in those days")

    def threshold(self, tier: str, usual: float) -> float:
        """From how many cases an hour on an area of this tier has a surge, where `usual` are usual."""
        return max(float(getattr(self.at_least, tier)), self.times_usual * usual)


@dataclass(frozen=True, order=True)
class Like:
    """Cases that are alike: of one area, kind and sector."""

    area: str
    kind: str
    sector: str


@dataclass(frozen=True)
class Surge:
    """From its first ten minutes to its last. `until` None: the hour is not over, it is still one.

    `count` and `usual`: cases in its fullest hour, and in a usual office hour there. Above the district `rounded`: the
    count is at least that many, in steps of five, so that no figure minus a surge gives a small cell.
    """

    like: Like
    since: datetime
    until: datetime | None
    count: int
    usual: float
    rounded: bool = False


def wider(
    counts: Mapping[Like, Mapping[datetime, int]], surges: Sequence[Surge], area_around: Mapping[str, str]
) -> dict[Like, dict[datetime, int]]:
    """The counts of the areas around. A wider area does not count again what a surge within it explains."""
    explained = {surge.like for surge in surges}
    summed: dict[Like, dict[datetime, int]] = {}
    for like, steps in counts.items():
        if like in explained:
            continue
        into = summed.setdefault(Like(area_around[like.area], like.kind, like.sector), {})
        for step, count in steps.items():
            into[step] = into.get(step, 0) + count
    return summed


def rounded(surge: Surge) -> Surge:
    """As it may be told above the district."""
    return Surge(
        surge.like,
        surge.since,
        surge.until,
        surge.count // SMALL_BELOW * SMALL_BELOW,
        float(round(surge.usual)),
        rounded=True,
    )
