"""The words of the operator's pages, in each language one file: words/<language>.yaml."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from chassis.operation.judgement import Judged
from chassis.operation.situation import Concern, State
from chassis.pages.language import Language

FOLDER = Path(__file__).with_name("words")


Text = Annotated[Template, BeforeValidator(lambda text: Template(text) if isinstance(text, str) else text)]


def _complete(texts: dict[Concern, Template]) -> dict[Concern, Template]:
    if missing := set(Concern) - set(texts):
        raise ValueError(f"no sentence for {', '.join(sorted(missing))}")
    return texts


class Units(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: str
    minutes: str
    hours: str
    days: str


class Words(BaseModel):
    """One language. `findings` may name $count, $duration, $names and $command."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    language: Language
    thousands: str
    units: Units
    states: dict[State, str]
    findings: Annotated[dict[Concern, Text], AfterValidator(_complete)]
    page: dict[str, str]
    """Headings and labels, by the name the templates call them; a missing one is an error, never an empty place."""

    def says(self, judged: Judged, command: str) -> str:
        return self.findings[judged.concern].substitute(
            count=self.number(judged.count),
            duration=self.duration(judged.seconds),
            names=", ".join(judged.names),
            command=command,
        )

    def number(self, number: int) -> str:
        return f"{number:,}".replace(",", self.thousands)

    def duration(self, seconds: float) -> str:
        """In the two largest units: 3 min 20 s."""
        whole = round(seconds)
        steps = ((86400, self.units.days), (3600, self.units.hours), (60, self.units.minutes), (1, self.units.seconds))
        parts: list[str] = []
        for size, unit in steps:
            count, whole = divmod(whole, size)
            if count or (size == 1 and not parts):
                parts.append(f"{count} {unit}")
        return " ".join(parts[:2])

    def moment(self, moment: datetime) -> str:
        return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


@cache
def words_of(language: Language) -> Words:
    """Raises ValueError when the file is incomplete: a test reads all of them."""
    content: Mapping[str, Any] = yaml.safe_load((FOLDER / f"{language.value}.yaml").read_text("utf-8"))
    return Words.model_validate({"language": language, **content})
