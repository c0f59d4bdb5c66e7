"""Released schemas and examples: schemas/<topic>/v<major>.<minor>.json, and the same under examples/.

<topic> is the topic without the agency, or `envelope`. A released file is a promise and is never rewritten.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from contracts.envelope import ENVELOPE_VERSION, EventData
from contracts.manifest import Manifest
from contracts.wire_schema import Schema, as_text, contract_of, envelope_frozen_form, frozen_form

ENVELOPE = "envelope"
_VERSION = re.compile(r"^v(?P<major>[1-9][0-9]*)[.](?P<minor>0|[1-9][0-9]*)[.]json$")


class AlreadyReleased(ValueError):
    """The file of this version exists and says something else. Raise the version instead of rewriting it."""


@dataclass(frozen=True, slots=True, order=True)
class Version:
    major: int
    minor: int

    @classmethod
    def of(cls, model: type[EventData]) -> Self:
        return cls(model.major, model.minor)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From "1.0"."""
        major, _, minor = text.partition(".")
        return cls(int(major), int(minor))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def file_name(self) -> str:
        return f"v{self}.json"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of released files; the one of this package unless a test brings its own."""

    root: Path

    @classmethod
    def of_package(cls) -> Self:
        return cls(Path(__file__).parent)

    def versions(self, name: str) -> tuple[Version, ...]:
        """The released versions of a topic (or of `envelope`), oldest first."""
        found = (_VERSION.match(path.name) for path in (self.root / "schemas" / name).glob("*.json"))
        return tuple(sorted(Version(int(m["major"]), int(m["minor"])) for m in found if m))

    def schema(self, name: str, version: Version) -> Schema:
        schema: Schema = json.loads(self._schema_path(name, version).read_text(encoding="utf-8"))
        return schema

    def example(self, name: str, version: Version) -> bytes | None:
        path = self.root / "examples" / name / version.file_name
        return path.read_bytes() if path.exists() else None

    def release(self, name: str, version: Version, schema: Schema) -> bool:
        """Writes the schema of a version; False when it was released before with the same contract.

        Raises AlreadyReleased when the released file binds its readers to something else.
        """
        path = self._schema_path(name, version)
        if path.exists():
            if contract_of(self.schema(name, version)) != contract_of(schema):
                raise AlreadyReleased(f"{name} {version} is released and differs; raise its minor, then freeze")
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_text(schema), encoding="utf-8")
        return True

    def _schema_path(self, name: str, version: Version) -> Path:
        return self.root / "schemas" / name / version.file_name


def release_all(manifest: Manifest, shelf: Shelf) -> tuple[str, ...]:
    """Freezes every version in use that is not released yet; returns what is new, "case.resolved 1.0".

    Raises AlreadyReleased at the first model that was changed without a new minor.
    """
    wanted = [(ENVELOPE, Version.parse(ENVELOPE_VERSION), envelope_frozen_form(ENVELOPE_VERSION))]
    wanted += [
        (topic.family, Version.of(model), frozen_form(topic, model))
        for topic in manifest.topics
        if (model := topic.model) is not None
    ]
    return tuple(f"{name} {version}" for name, version, schema in wanted if shelf.release(name, version, schema))
