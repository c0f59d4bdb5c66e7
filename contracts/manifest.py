"""topics.yaml, typed: who publishes a topic, who reads it, what its key is, how it is kept.

Needs PyYAML (`puskesos-contracts[tools]`); reading and writing events does not.
Names here are without an installation's prefix: `chassis` puts it in front.
"""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from importlib.resources import files
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.envelope import EventData
from contracts.events import EVENTS

AGENCY_SLOT = "<agency>"
_AGENCY_CODE = r"[a-z0-9][a-z0-9_-]{0,63}"
_RETENTION_FOR_EVER_MS = -1  # Kafka's retention.ms without a limit


class ManifestError(ValueError):
    """topics.yaml breaks one of its own rules, or was asked for a topic it does not list."""


class Party(StrEnum):
    """Who may own or read a topic."""

    INTAKE = "intake"
    REFERRAL = "referral"
    NOTIFICATION = "notification"
    REPORTING = "reporting"
    AGENCY = "agency"


class PersonalDataPolicy(StrEnum):
    NONE = "none"
    PSEUDONYMOUS = "pseudonymous"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Partitions(_Strict):
    embedded: int = Field(ge=1)
    production: int = Field(ge=1)


class Topic(_Strict):
    """One line of the list. `name` of a partner topic is a template with `<agency>` in it."""

    name: str = Field(pattern=r"^[a-z]+([.](<agency>|[a-z]+)){1,3}$")
    owner: Party
    readers: tuple[Party, ...] = Field(min_length=1)
    subject: Literal["case", "family", "referral", "answer", "delivery"]
    partitions: Partitions
    retention: Literal["unlimited"]
    personal_data: PersonalDataPolicy
    compatibility: Literal["closed_writer_open_reader"]
    version: str | None = Field(default=None, pattern=r"^[1-9][0-9]*[.](0|[1-9][0-9]*)$")
    says: str

    @model_validator(mode="after")
    def _nobody_reads_their_own_facts(self) -> Self:
        if self.owner in self.readers:
            raise ValueError(f"{self.name}: {self.owner} both owns and reads it; a reader is somebody else")
        return self

    @property
    def is_template(self) -> bool:
        return AGENCY_SLOT in self.name

    @property
    def family(self) -> str:
        """The name without the agency: what the event's type and the frozen schemas are called by."""
        return self.name.replace(f"{AGENCY_SLOT}.", "")

    @property
    def model(self) -> type[EventData] | None:
        """The event on this topic; None while the topic is only planned."""
        if self.version is None:
            return None
        major = int(self.version.partition(".")[0])
        return next((data for data in EVENTS if data.topic == self.family and data.major == major), None)

    @property
    def is_planned(self) -> bool:
        return self.version is None

    @property
    def retention_ms(self) -> int:
        return _RETENTION_FOR_EVER_MS

    @property
    def pattern(self) -> str:
        """A regular expression for the concrete names, to subscribe by; group `agency` on templates."""
        return "^" + re.escape(self.name).replace(re.escape(AGENCY_SLOT), f"(?P<agency>{_AGENCY_CODE})") + "$"

    def name_for(self, agency: str | None = None) -> str:
        """The concrete name. A template needs an agency's code, any other topic must not get one."""
        if self.is_template != (agency is not None):
            raise ManifestError(
                f"{self.name}: {'name the agency' if self.is_template else 'takes no agency'} to get its name"
            )
        if agency is None:
            return self.name
        if not re.fullmatch(_AGENCY_CODE, agency):
            raise ManifestError(f"{self.name}: an agency's code is {_AGENCY_CODE}")
        return self.name.replace(AGENCY_SLOT, agency)


class Manifest(_Strict):
    """All topics. Every name is listed once, so every topic has exactly one owner."""

    topics: tuple[Topic, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_line_a_topic(self) -> Self:
        twice = sorted(name for name, lines in Counter(t.family for t in self.topics).items() if lines > 1)
        if twice:
            raise ValueError(f"listed more than once, so more than one owner: {', '.join(twice)}")
        return self

    @classmethod
    def load(cls) -> Self:
        """The list that comes with this package."""
        return cls.parse((files("contracts") / "topics.yaml").read_text(encoding="utf-8"))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a list in YAML. Raises ManifestError saying which line breaks which rule."""
        try:
            import yaml  # noqa: PLC0415 - an extra: reading events must not need it
        except ModuleNotFoundError as error:
            raise ManifestError("the manifest needs PyYAML: install puskesos-contracts[tools]") from error
        try:
            raw: Any = yaml.safe_load(text)
            return cls.model_validate({"topics": [{**raw["defaults"], **topic} for topic in raw["topics"]]})
        except (yaml.YAMLError, KeyError, TypeError, ValidationError) as error:
            raise ManifestError(f"topics.yaml cannot be read: {error}") from error

    def topic(self, name: str) -> Topic:
        """The topic of this concrete or template name."""
        for topic in self.topics:
            if topic.name == name or re.match(topic.pattern, name):
                return topic
        raise ManifestError(f"no topic {name!r} in topics.yaml; `python -m contracts list` shows all")

    def topic_of(self, model: type[EventData]) -> Topic:
        """The topic that carries this event."""
        for topic in self.topics:
            if topic.model is model:
                return topic
        raise ManifestError(f"{model.__name__} is on no topic of topics.yaml")

    def name_of(self, model: type[EventData], agency: str | None = None) -> str:
        """The concrete name of the topic that carries this event; an agency's code for partner events."""
        return self.topic_of(model).name_for(agency)

    def read_by(self, party: str) -> tuple[Topic, ...]:
        """What a service (or `agency`) hears today; planned topics are left out."""
        return tuple(t for t in self.topics if not t.is_planned and Party(party) in t.readers)

    def published_by(self, party: str) -> tuple[Topic, ...]:
        """What a service (or `agency`) says today; planned topics are left out."""
        return tuple(t for t in self.topics if not t.is_planned and t.owner is Party(party))

    def names(self, agencies: Iterable[str] = ()) -> tuple[str, ...]:
        """Every concrete topic in use, a set of partner topics for each agency: what has to exist."""
        codes = tuple(agencies)
        return tuple(
            topic.name_for(agency)
            for topic in self.topics
            if not topic.is_planned
            for agency in (codes if topic.is_template else (None,))
        )
