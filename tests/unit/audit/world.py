"""A small house in which every law holds: one case, as topics and databases hold it. Tests break one thing of it."""

from dataclasses import dataclass
from typing import Any

from audit.addresses import SERVICES
from audit.evidence import Evidence, Findings, Verdict, judge
from audit.facts import Facts, Place, Record
from audit.holdings import Holdings, holdings_of
from audit.laws import LAWS
from audit.told import Told
from contracts import Event, EventData, encode
from contracts.manifest import Manifest
from tests.unit.audit import rows, story

Row = dict[str, Any]
MANIFEST = Manifest.load()


@dataclass
class Published:
    """One record, before it is sent."""

    topic: str
    key: str
    value: bytes
    traceparent: str | None


@dataclass
class World:
    """Records in the order of their offsets, and rows by service and collection."""

    records: list[Published]
    stored: dict[str, dict[str, list[Row]]]
    told: list[Told] | None = None

    def row(self, service: str, collection: str, place: int = 0) -> Row:
        return self.stored[service][collection][place]

    def publish(self, event: Event[EventData], *, agency: str | None = None, **changes: Any) -> None:
        self.records.append(published(event, agency, **changes))

    def drop(self, topic: str) -> None:
        """Take every record of a topic away, as if it had never been published."""
        self.records = [record for record in self.records if record.topic != topic]

    def event(self, topic: str) -> Published:
        return next(record for record in self.records if record.topic == topic)

    def facts(self) -> Facts:
        facts = Facts()
        for offset, record in enumerate(self.records):
            line = MANIFEST.topic(record.topic)
            place = Place(record.topic, 0, offset)
            facts.add(Record(line, place, record.key, record.value, record.traceparent))
        return facts

    def place_of(self, topic: str) -> str:
        """What a dead letter of the first record of a topic is called."""
        return f"{topic}-0-{self.records.index(self.event(topic))}"

    def holdings(self) -> Holdings:
        return holdings_of({service: rows.InMemory(self.stored[service]) for service in SERVICES})

    def findings(self) -> dict[str, Findings]:
        return {verdict.law.name: verdict.findings for verdict in verdicts_of(self)}

    def broken(self) -> set[str]:
        return {law for law, findings in self.findings().items() if findings.breaches}


def verdicts_of(world: World) -> tuple[Verdict, ...]:
    told = None if world.told is None else tuple(world.told)
    return judge(Evidence(world.facts(), world.holdings(), told), LAWS)


def published(event: Event[EventData], agency: str | None = None, **changes: Any) -> Published:
    fields: dict[str, Any] = {
        "topic": MANIFEST.name_of(type(event.data), agency),
        "key": event.subject,
        "value": encode(event),
        "traceparent": event.traceparent,
    }
    return Published(**{**fields, **changes})


def a_house_at_rest() -> World:
    """All laws hold here."""
    told = story.events()
    world = World([published(event, agency) for event, agency in told], rows.empty())
    rows.fill(world.stored, [event for event, _ in told])
    return world
