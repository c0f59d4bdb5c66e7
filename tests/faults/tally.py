"""The record of a campaign: a line of JSON for everything done and everything judged, kept over many runs."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

RECOVERY_LIMIT_SECONDS = 30.0


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int


class Disturbed(_Line):
    """One disturbance. `fired` false: its step was not reached, so nothing was done. Not recovered within the limit:
    `stuck` says what was left to do."""

    line: Literal["disturbance"] = "disturbance"
    number: int
    name: str
    where: str
    step: str | None
    fired: bool
    kills: int
    recovery_seconds: float | None
    stuck: str = ""

    @property
    def recovered(self) -> bool:
        return not self.stuck and (self.recovery_seconds or 0.0) < RECOVERY_LIMIT_SECONDS


class Judged(_Line):
    """One audit, after the disturbance of that number. `evidence`: the folder where a broken law's traces are kept."""

    line: Literal["audit"] = "audit"
    after: int
    events: int
    requests: int
    letters: int
    letters_repeated: int
    lost: int
    doubled: int
    other: int
    evidence: str = ""


Line = Annotated[Disturbed | Judged, Field(discriminator="line")]
_LINE: TypeAdapter[Disturbed | Judged] = TypeAdapter(Line)


class TallyUnreadable(Exception):
    """The file is no tally; name another one."""


class Tally:
    """Lines in a file, each written whole before the next thing is done, so that a campaign cut off goes on there."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.lines: list[Disturbed | Judged] = []
        if file.exists():
            self.lines = [_read(file, number, text) for number, text in enumerate(_whole_lines(file), start=1)]

    def add(self, line: Disturbed | Judged) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as out:
            out.write(line.model_dump_json() + "\n")
        self.lines.append(line)

    def of(self, seed: int) -> "Sum":
        return Sum.of(line for line in self.lines if line.seed == seed)

    def whole(self) -> "Sum":
        return Sum.of(self.lines)


def _whole_lines(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8")
    if text and not text.endswith("\n"):
        # Cut off in the middle of a line: that disturbance was not counted, and is done again.
        text = text[: text.rfind("\n") + 1]
        file.write_text(text, encoding="utf-8")
    return text.splitlines()


def _read(file: Path, number: int, text: str) -> Disturbed | Judged:
    try:
        return _LINE.validate_json(text)
    except ValidationError as error:
        raise TallyUnreadable(f"{file}, line {number} is no line of a tally: name another file") from error


@dataclass(frozen=True)
class Sum:
    """What lines come to."""

    seeds: frozenset[int]
    last: int
    kills: int
    kills_at: dict[tuple[str, str], int]
    """(where, step) -> kills."""
    others: dict[str, int]
    """Disturbances by name, besides kills at steps."""
    recoveries: tuple[float, ...]
    stuck: int
    audits: int
    lost: int
    doubled: int
    other: int
    letters_repeated: int

    @staticmethod
    def of(lines: Iterable[Disturbed | Judged]) -> "Sum":
        kept = list(lines)
        done = [line for line in kept if isinstance(line, Disturbed) and line.fired]
        audits = [line for line in kept if isinstance(line, Judged)]
        kills_at: dict[tuple[str, str], int] = defaultdict(int)
        for line in done:
            if line.kills:
                kills_at[line.where, line.step or line.name] += line.kills
        latest = {line.seed: line for line in audits}
        return Sum(
            seeds=frozenset(line.seed for line in kept),
            last=max((line.number for line in kept if isinstance(line, Disturbed)), default=0),
            kills=sum(line.kills for line in done),
            kills_at=dict(kills_at),
            others=dict(Counter(line.name for line in done)),
            recoveries=tuple(line.recovery_seconds for line in done if line.recovery_seconds is not None),
            stuck=sum(not line.recovered for line in done),
            audits=len(audits),
            lost=sum(line.lost for line in audits),
            doubled=sum(line.doubled for line in audits),
            other=sum(line.other for line in audits),
            letters_repeated=sum(line.letters_repeated for line in latest.values()),
        )

    @property
    def holds(self) -> bool:
        """Nothing lost, doubled or stuck, every recovery within its limit, and an audit that says so."""
        return self.audits > 0 and not (self.lost or self.doubled or self.other or self.stuck)

    @property
    def recovery_median(self) -> float:
        return median(self.recoveries) if self.recoveries else 0.0

    @property
    def recovery_longest(self) -> float:
        return max(self.recoveries, default=0.0)
