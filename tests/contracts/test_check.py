"""The check finds what was broken on purpose, and nothing in what is released."""

import json
import shutil
from pathlib import Path
from typing import Any, ClassVar

import pytest

from contracts import EventData, decode, encode
from contracts.check import Fault, compatibility_faults, faults
from contracts.events import EVENTS, NotificationDelivered
from contracts.fields import Code, Id
from contracts.frozen import ENVELOPE, AlreadyReleased, Shelf, Version, release_all
from contracts.manifest import Manifest

FIRST = Version(1, 0)


class Trimmed(EventData):
    """notification.delivered with most of its fields gone."""

    topic: ClassVar[str] = "notification.delivered"
    delivery_id: Id


class Extended(NotificationDelivered):
    """A next minor, as it should be: one more field, with a default."""

    minor: ClassVar[int] = 1
    provider: Code | None = None


class Chatty(NotificationDelivered):
    minor: ClassVar[int] = 1
    note: str | None = None


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """The released files, to be bent."""
    for folder in ("schemas", "examples"):
        shutil.copytree(Shelf.of_package().root / folder, tmp_path / folder)
    return Shelf(tmp_path)


@pytest.fixture
def replace_model(monkeypatch: pytest.MonkeyPatch) -> Any:
    def replace(model: type[EventData]) -> None:
        events = tuple(model if old is NotificationDelivered else old for old in EVENTS)
        monkeypatch.setattr("contracts.manifest.EVENTS", events)
        monkeypatch.setattr("contracts.check.EVENTS", events)

    return replace


def at_version(version: str) -> Manifest:
    manifest = Manifest.load()
    topics = tuple(
        topic.model_copy(update={"version": version}) if topic.name == "notification.delivered" else topic
        for topic in manifest.topics
    )
    return Manifest(topics=topics)


def told(found: tuple[Fault, ...]) -> str:
    return "\n".join(f"{fault.topic}: {fault.what} -> {fault.remedy}" for fault in found)


def test_what_is_released_keeps_its_promises() -> None:
    assert faults(Manifest.load(), Shelf.of_package()) == ()


def test_a_field_that_went_is_found_and_the_order_of_roll_out_is_told(shelf: Shelf, replace_model: Any) -> None:
    replace_model(Trimmed)

    found = told(compatibility_faults(Manifest.load(), shelf))

    assert "notification.delivered: breaks_readers of 1.0" in found
    assert "data.template: the field is gone" in found
    assert "readers first" in found


def test_a_model_changed_without_a_new_minor_is_found(shelf: Shelf, replace_model: Any) -> None:
    replace_model(Trimmed)

    assert "the model differs from the released 1.0" in told(faults(Manifest.load(), shelf))


def test_a_new_minor_wants_a_schema_and_an_example_and_is_then_well(shelf: Shelf, replace_model: Any) -> None:
    replace_model(Extended)
    manifest = at_version("1.1")
    assert "1.1 has no frozen schema" in told(faults(manifest, shelf))

    assert release_all(manifest, shelf) == ("notification.delivered 1.1",)

    assert told(faults(manifest, shelf)).startswith("notification.delivered: 1.1 has no example")
    assert compatibility_faults(manifest, shelf) == ()


def test_a_minor_that_only_the_model_knows_is_found(shelf: Shelf, replace_model: Any) -> None:
    replace_model(Extended)

    assert "topics.yaml says 1.0, the model says 1.1" in told(faults(Manifest.load(), shelf))


def test_a_place_for_free_text_is_found(shelf: Shelf, replace_model: Any) -> None:
    replace_model(Chatty)

    found = told(faults(at_version("1.1"), shelf))

    assert "Chatty.data.note: the name tells of a person" in found
    assert "Chatty.data.note: text without a shape" in found


def test_a_version_without_a_model_is_found(shelf: Shelf) -> None:
    assert "version 2.0 has no model" in told(faults(at_version("2.0"), shelf))


def test_a_model_without_a_topic_is_found(shelf: Shelf) -> None:
    manifest = Manifest(topics=tuple(t for t in Manifest.load().topics if t.name != "case.closed"))

    assert "CaseClosed is on no topic" in told(faults(manifest, shelf))


def test_a_missing_schema_of_an_event_or_the_envelope_is_found(shelf: Shelf) -> None:
    (shelf.root / "schemas" / "case.closed" / "v1.0.json").unlink()
    (shelf.root / "schemas" / ENVELOPE / "v1.0.json").unlink()

    found = told(faults(Manifest.load(), shelf))

    assert "case.closed: 1.0 has no frozen schema" in found
    assert "envelope: 1.0 has no frozen schema" in found


@pytest.mark.parametrize(
    ("bend", "expected"),
    [
        (lambda wire: wire["data"].update(by="chance"), "is not read"),
        (lambda wire: wire["data"].update(weather="rain"), "is not what a writer of 1.0 writes"),
        (lambda wire: wire.pop("causationid"), "is not what a writer of 1.0 writes"),
    ],
)
def test_an_example_that_teaches_something_wrong_is_found(shelf: Shelf, bend: Any, expected: str) -> None:
    path = shelf.root / "examples" / "case.closed" / "v1.0.json"
    wire = json.loads(path.read_bytes())
    bend(wire)
    path.write_text(json.dumps(wire))

    assert expected in told(faults(Manifest.load(), shelf))


def test_a_released_schema_is_never_rewritten(shelf: Shelf, replace_model: Any) -> None:
    before = shelf.schema("notification.delivered", FIRST)
    replace_model(Trimmed)

    with pytest.raises(AlreadyReleased, match="raise its minor"):
        release_all(Manifest.load(), shelf)

    assert shelf.schema("notification.delivered", FIRST) == before


def test_releasing_twice_changes_nothing(shelf: Shelf) -> None:
    assert release_all(Manifest.load(), shelf) == ()


@pytest.mark.parametrize("model", EVENTS, ids=lambda model: model.topic)
def test_every_example_comes_back_as_it_was(model: type[EventData]) -> None:
    example = Shelf.of_package().example(model.topic, FIRST)
    assert example is not None

    event = decode(example)

    assert type(event.data) is model
    assert json.loads(encode(event)) == json.loads(example)
