"""Collections of reporting: a document a case, and counters; and which cases were erased.

Cases and counters are read models (chassis.store.generations): `cases` is generation 1, `cases.g2` the second; the
live one is named by `{"_id": "live", "number": n}` in `generations`. An erased case stays in `cases` as a tombstone:
`erased` says when and why, `heard` goes on noting what is heard of it, `case` is empty, what it added to the counters
was taken back, and `within` is empty, so that no reader of any area ever finds it.
"""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from chassis.bus import CounterValue, Increment
from chassis.store import Collection, Document, Index
from chassis.store.documents import WITHIN, areas_around
from chassis.store.generation import ReadModels
from contracts.fields import Area, Code
from services.reporting.domain.case import ReportedCase
from services.reporting.domain.figures import FigureKey, Subject
from services.reporting.domain.standing import Standing
from services.reporting.domain.view import EscalatedTo

CodeOrEmpty = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,64}$")]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Erased(BaseModel):
    """When a case was erased here, and the code of the reason."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    reason: Code


class StoredCase(Document):
    """One case, and beside it what lists are filtered and sorted by; all of it follows from `case`."""

    case: ReportedCase
    standing: Standing
    escalated_to: EscalatedTo | None
    overdue: bool = False
    day: Day | None = None
    """The local day of recording, 2026-11-16; None while the village was not heard yet."""
    kind: CodeOrEmpty = ""
    sector: CodeOrEmpty = ""
    outcome: CodeOrEmpty = ""
    programmes: tuple[Code, ...] = ()
    """All that it concerns: asked for, matched or decided."""
    recorded_at: datetime
    """Of the first event heard while the village was not heard yet; of a tombstone, when it was erased."""
    erased: Erased | None = None

    @property
    def within(self) -> tuple[str, ...]:
        return () if self.erased else super().within

    @classmethod
    def holding(cls, case: ReportedCase, before: "StoredCase | None", *, key: str, area: str) -> "StoredCase":
        """The document of a case as it is now; `before` keeps what the chassis counts."""
        seen = case.seen_from(area)
        fields = {
            "case": case,
            "standing": seen.standing,
            "escalated_to": seen.escalated_to,
            "overdue": seen.overdue,
            "day": seen.recorded_on.isoformat() if seen.recorded_on else None,
            "kind": seen.kind.value if seen.kind else "",
            "sector": seen.sector.value if seen.sector else "",
            "outcome": seen.outcome,
            "programmes": tuple(need.programme for need in seen.needs),
            "recorded_at": case.complaint.recorded_at if case.complaint else case.timeline[0].time,
        }
        if before is not None:
            return before.model_copy(update=fields)
        return cls.model_validate({"id": key, "area": area, **fields})

    @classmethod
    def tombstone(cls, erasure: "Erasure", before: "StoredCase | None") -> "StoredCase":
        """What is left of an erased case: that it was, and what has been heard of it."""
        empty = ReportedCase()
        fields = {
            "case": empty,
            "standing": empty.seen_from(erasure.area).standing,
            "escalated_to": None,
            "overdue": False,
            "day": None,
            "kind": "",
            "sector": "",
            "outcome": "",
            "programmes": (),
            "recorded_at": erasure.erased_at,
            "erased": Erased(at=erasure.erased_at, reason=erasure.reason),
        }
        if before is not None:
            return before.model_copy(update=fields)
        return cls.model_validate({"id": erasure.id, "area": erasure.area, **fields})


class Erasure(Document):
    """A case that was to be forgotten: what a rebuild, which hears everything again, forgets from the start."""

    erased_at: datetime
    reason: Code


ERASURES = Collection("erasures", Erasure, (Index.on("within", "erased_at"),))

CASES = Collection(
    "cases",
    StoredCase,
    (
        Index.on("within", "-recorded_at"),
        Index.on("within", "standing", "-recorded_at"),
        Index.on("within", "escalated_to", "-recorded_at"),
    ),
)


class Counter(Document):
    """What a counter is identified by. Its counts are read by `chassis.store.counters.sums` only."""

    period: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}$")]
    """The month of recording, 2026-11."""
    day: Day
    province: Area
    district: Area
    sub_district: Area
    kind: CodeOrEmpty
    sector: CodeOrEmpty
    programme: CodeOrEmpty
    outcome: CodeOrEmpty


_INDEXES = (Index.on("within", "day"),)

CASE_FIGURES = Collection("case_figures", Counter, _INDEXES)
PROGRAMME_FIGURES = Collection("programme_figures", Counter, _INDEXES)
FIGURES = {Subject.CASES: CASE_FIGURES, Subject.PROGRAMMES: PROGRAMME_FIGURES}

STEPS_KEPT = timedelta(days=8)


class SurgeStep(Document):
    """How many like cases there were in ten minutes of one village. Kept for a week: surges are of now."""

    begins: datetime
    step: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}\+00:00$")]
    """`begins` as text, for grouping."""
    province: Area
    district: Area
    sub_district: Area
    kind: Code
    sector: Code


SURGE_STEPS = Collection(
    "surge_steps", SurgeStep, (Index.on("within", "begins"), Index.on("begins", expire_after=STEPS_KEPT))
)

READ_MODELS = ReadModels((CASES, CASE_FIGURES, PROGRAMME_FIGURES, SURGE_STEPS), recipe=3)
"""Recipe 2: each referral ends in one state, and overdue and escalated speak of cases in hand. Recipe 3: cases are
found by day, kind, sector, outcome, programme and whether they are overdue."""


def tiers_of(area: str) -> dict[str, CounterValue]:
    """The areas around a village, by tier; an area above the villages stands for its own lower tiers."""
    around = (*areas_around(area), *([area] * 4))
    return {"province": around[1], "district": around[2], "sub_district": around[3]}


def increment(key: FigureKey, area: str, counts: dict[str, int]) -> Increment:
    """Adds to the counter of one village, one day of recording and one combination of the rest."""
    identity: dict[str, CounterValue] = {
        WITHIN: list(areas_around(area)),
        "area": area,
        **tiers_of(area),
        "period": key.day[:7],
        "day": key.day,
        "outcome": key.outcome,
        "kind": key.kind,
        "sector": key.sector,
        "programme": key.programme,
    }
    parts = (area, key.day, key.kind, key.sector, key.programme, key.outcome)
    return Increment(FIGURES[key.subject].name, "|".join(parts), identity, counts)
