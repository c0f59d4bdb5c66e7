"""The words of one language: names of codes, and the phrases that fill a letter. Data files: templates/<language>/."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from string import Template
from typing import Annotated, Self, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from contracts.vocabulary import (
    CaseOutcome,
    ClosedBy,
    NeedEnding,
    Outcome,
    RejectionReason,
    Tier,
    WithdrawalReason,
)
from services.notification.domain.moments import Calendar


class BadWords(Exception):
    """A file of texts is missing, broken or incomplete. Mend it: the service does not start with half a letter."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file.parent.name}/{file.name}: {why}")


class Language(StrEnum):
    """The languages there are letters in."""

    INDONESIAN = "id"
    ENGLISH = "en"

    @classmethod
    def spoken(cls, code: str) -> "Language":
        """The language of a citizen; Indonesian for one we have no letters in."""
        return cls(code) if code in {language.value for language in cls} else cls.INDONESIAN


K = TypeVar("K", bound=StrEnum)


def _complete(names: dict[K, str]) -> dict[K, str]:
    missing = {member.value for member in type(next(iter(names)))} - {name.value for name in names}
    if missing:
        raise ValueError(f"no words for {', '.join(sorted(missing))}")
    return names


Names = Annotated[dict[K, str], Field(min_length=1), AfterValidator(_complete)]
"""Words for every code of a closed list."""

Text = Annotated[Template, BeforeValidator(lambda text: Template(text) if isinstance(text, str) else text)]


class Phrases(BaseModel):
    """Sentences that letters choose from; each is a text with $placeholders."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    answer_enquiry: Text
    answer_normal: Text
    answer_fast: Text
    need_referred: Text
    need_referred_later: Text
    need_proposed: Text
    need_refused: Text
    need_refused_plain: Text
    need_ended: Text
    nothing_decided: Text
    nothing_ended: Text
    because: Text
    next_asked: Text
    next_none: Text
    result_unknown: Text


class Words(BaseModel):
    """One language. `programmes`, `agencies`, `refusal_reasons` are open lists: districts add to them."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    weekdays: tuple[str, ...] = Field(min_length=7, max_length=7)
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    day: Text
    moment: Text
    programmes: dict[str, str]
    agencies: dict[str, str]
    refusal_reasons: dict[str, str]
    rejection_reasons: Names[RejectionReason]
    outcomes: Names[Outcome]
    endings: Names[NeedEnding]
    case_outcomes: Names[CaseOutcome]
    tiers: Names[Tier]
    withdrawals: Names[WithdrawalReason]
    closings: Names[ClosedBy]
    phrases: Phrases

    @classmethod
    def load(cls, file: Path) -> Self:
        """Raises BadWords."""
        try:
            return cls.model_validate(yaml.safe_load(file.read_text("utf-8")))
        except ValidationError as fault:
            places = (f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in fault.errors())
            raise BadWords(file, "; ".join(places)) from fault
        except (OSError, yaml.YAMLError) as fault:
            raise BadWords(file, str(fault)) from fault

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.weekdays, self.months, self.day, self.moment)

    def programme(self, code: str) -> str:
        return _named(self.programmes, code)

    def agency(self, code: str) -> str:
        return _named(self.agencies, code)


def _named(names: Mapping[str, str], code: str) -> str:
    """An unlisted code is shown readably: a letter with an unusual word is better than none."""
    return names.get(code) or code.replace("_", " ").replace("-", " ").upper()
