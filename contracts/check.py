"""Everything a contract promises, checked: what `python -m contracts check` and the build run."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contracts.codec import Undecodable, decode, encode
from contracts.compatibility import compare
from contracts.envelope import ENVELOPE_VERSION, EventData
from contracts.events import EVENTS
from contracts.frozen import ENVELOPE, Shelf, Version
from contracts.manifest import Manifest, Party, Topic
from contracts.personal_data import personal_data_faults
from contracts.wire_schema import (
    Schema,
    contract_of,
    envelope_frozen_form,
    envelope_reader_form,
    frozen_form,
    reader_form,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken promise: of which topic, what, and what to do."""

    topic: str
    what: str
    remedy: str


def faults(manifest: Manifest, shelf: Shelf) -> tuple[Fault, ...]:
    """All broken promises; empty when the contracts may be released."""
    found: list[Fault] = [*_models_without_topic(manifest), *_envelope_faults(shelf)]
    for topic in manifest.topics:
        if topic.is_planned:
            continue
        model = topic.model
        if model is None:
            found.append(
                Fault(
                    topic.name,
                    f"version {topic.version} has no model",
                    "write it in contracts/events, or drop the version: the topic is then only planned",
                )
            )
            continue
        for check in _CHECKS:
            found += check(topic, model, shelf)
    return tuple(found)


def compatibility_faults(manifest: Manifest, shelf: Shelf) -> tuple[Fault, ...]:
    """Only what would break a released reader or a kept fact: asked before anything new is released."""
    return tuple(
        fault
        for topic in manifest.topics
        if (model := topic.model) is not None
        for fault in _compatibility_faults(topic, model, shelf)
    )


def _models_without_topic(manifest: Manifest) -> Iterator[Fault]:
    listed = {topic.model for topic in manifest.topics}
    for model in EVENTS:
        if model not in listed:
            yield Fault(model.topic, f"{model.__name__} is on no topic", "list its topic and version in topics.yaml")


def _version_faults(topic: Topic, model: type[EventData], shelf: Shelf) -> Iterator[Fault]:
    """The manifest and the model name the same version, and it is frozen as the model is."""
    version = Version.of(model)
    if str(version) != topic.version:
        yield Fault(
            topic.name,
            f"topics.yaml says {topic.version}, the model says {version}",
            "make them agree: the writer puts the model's version into dataschema",
        )
    if version not in shelf.versions(topic.family):
        yield Fault(topic.name, f"{version} has no frozen schema", "run `python -m contracts freeze`")
    elif contract_of(shelf.schema(topic.family, version)) != contract_of(frozen_form(topic, model)):
        yield Fault(
            topic.name,
            f"the model differs from the released {version}",
            "raise its minor in the model and in topics.yaml, then freeze; or undo the change",
        )


def _compatibility_faults(topic: Topic, model: type[EventData], shelf: Shelf) -> Iterator[Fault]:
    """Against every released minor of the major, because readers and kept facts of each are still there."""
    writer, reader = frozen_form(topic, model), reader_form(model)
    for version in shelf.versions(topic.family):
        if version.major == model.major:
            yield from _broken(topic.name, version, shelf.schema(topic.family, version), writer, reader)


def _broken(name: str, version: Version, released: Schema, writer: Schema, reader: Schema) -> Iterator[Fault]:
    comparison = compare(released, writer, reader)
    if comparison.breaks:
        yield Fault(
            name,
            f"{comparison.verdict} of {version}: {'; '.join(comparison.changes) or 'a shape changed'}",
            f"roll-out: {comparison.roll_out}",
        )


def _personal_data_faults(topic: Topic, model: type[EventData], shelf: Shelf) -> Iterator[Fault]:
    for fault in personal_data_faults(frozen_form(topic, model), topic.personal_data):
        yield Fault(topic.name, f"{model.__name__}.{fault}", "identity stays with its owner and is fetched there")


def _example_faults(topic: Topic, model: type[EventData], shelf: Shelf) -> Iterator[Fault]:
    """Each released version has an example; all of them are read, and the newest says nothing else."""
    for version in shelf.versions(topic.family):
        if version.major != model.major:
            continue
        example = shelf.example(topic.family, version)
        if example is None:
            path = f"examples/{topic.family}/{version.file_name}"
            yield Fault(topic.name, f"{version} has no example", f"write {path}: readers learn from it")
            continue
        try:
            event = decode(example)
        except Undecodable as error:
            yield Fault(topic.name, f"the example of {version} is not read: {error}", "mend it or the model")
            continue
        if version == Version.of(model) and not _says_the_same(topic, example, encode(event)):
            yield Fault(
                topic.name,
                f"the example of {version} is not what a writer of {version} writes",
                "compare it with `encode(decode(example))`: a field is missing, unknown or in another form",
            )


def _says_the_same(topic: Topic, example: bytes, written: bytes) -> bool:
    shown, ours = json.loads(example), json.loads(written)
    if topic.owner is Party.AGENCY:
        # Agencies may leave out what is null and write the sequence as a number.
        return bool(shown["data"].items() <= ours["data"].items())
    return bool(shown == ours)


def _envelope_faults(shelf: Shelf) -> Iterator[Fault]:
    current = Version.parse(ENVELOPE_VERSION)
    writer = envelope_frozen_form(ENVELOPE_VERSION)
    if current not in shelf.versions(ENVELOPE):
        yield Fault(ENVELOPE, f"{current} has no frozen schema", "run `python -m contracts freeze`")
    elif contract_of(shelf.schema(ENVELOPE, current)) != contract_of(writer):
        yield Fault(ENVELOPE, f"differs from the released {current}", "raise ENVELOPE_VERSION, then freeze")
    for version in shelf.versions(ENVELOPE):
        yield from _broken(ENVELOPE, version, shelf.schema(ENVELOPE, version), writer, envelope_reader_form())


_CHECKS: tuple[Callable[[Topic, type[EventData], Shelf], Iterator[Fault]], ...] = (
    _version_faults,
    _compatibility_faults,
    _personal_data_faults,
    _example_faults,
)
