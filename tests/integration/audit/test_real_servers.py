"""The audit on a real Kafka and real databases: the small house written there, whole and broken."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from pymongo import MongoClient
from pymongo.database import Database

from audit.__main__ import main
from audit.addresses import SERVICES, Addresses
from audit.evidence import Standing, Verdict
from audit.looking import look, look_until_at_rest
from tests.unit.audit.story import CASE
from tests.unit.audit.world import Published, World, a_house_at_rest

Databases = Mapping[str, Database[dict[str, Any]]]


@pytest.fixture
def where(kafka_bootstrap: str, mongodb_uri: str, unique: str) -> Addresses:
    server, _, options = mongodb_uri.partition("?")
    uris = {name: f"{server.rstrip('/')}/{unique}_{name}?{options}" for name in SERVICES}
    return Addresses(kafka_bootstrap, uris, f"{unique}.")


@pytest.fixture
def databases(where: Addresses, mongodb_uri: str) -> Iterator[Databases]:
    client: MongoClient[dict[str, Any]] = MongoClient(mongodb_uri)
    named = {name: client[uri.rpartition("/")[2].partition("?")[0]] for name, uri in where.mongodb.items()}
    yield named
    for database in named.values():
        client.drop_database(database)
    client.close()


async def build(house: World, where: Addresses, databases: Databases) -> None:
    """Write the house to the servers as it would be found there."""
    for service, collections in house.stored.items():
        for name, rows in collections.items():
            await asyncio.to_thread(databases[service][name].insert_many, rows)
    await publish(where, house.records)


async def publish(where: Addresses, records: list[Published], *, commit: bool = True) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=where.kafka, transactional_id=f"{where.topic_prefix}house", acks="all"
    )
    await producer.start()
    try:
        await producer.begin_transaction()
        for record in records:
            headers = [("traceparent", record.traceparent.encode())] if record.traceparent else []
            await producer.send_and_wait(
                where.topic_prefix + record.topic, record.value, key=record.key.encode(), headers=headers
            )
        await (producer.commit_transaction() if commit else producer.abort_transaction())
    finally:
        await producer.stop()


def words(where: Addresses, *more: str) -> list[str]:
    named = [word for name, uri in where.mongodb.items() for word in ("--mongodb", f"{name}={uri}")]
    return ["--kafka", where.kafka, "--topic-prefix", where.topic_prefix, *named, *more]


def broken(verdicts: tuple[Verdict, ...]) -> dict[str, list[str]]:
    return {
        verdict.law.name: verdict.findings.breaches
        for verdict in verdicts
        if verdict.findings.standing is Standing.BROKEN
    }


@pytest.mark.usefixtures("topics")
async def test_all_laws_hold_of_a_house_on_real_servers_and_the_command_ends_with_0(
    where: Addresses, databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await build(a_house_at_rest(), where, databases)
    told = tmp_path / "told.jsonl"
    told.write_text(json.dumps({"method": "POST", "path": "/v1/complaints", "status": 201, "resource_id": CASE}))
    code = await asyncio.to_thread(main, words(where, "--told", str(told)))
    said = capsys.readouterr()
    assert code == 0, said.out
    assert said.out.endswith("all laws hold\n")
    assert "19 effects" in said.out
    assert "topics: 9 records" in said.err


@pytest.mark.usefixtures("topics")
async def test_what_is_broken_in_a_real_database_ends_the_command_with_1(
    where: Addresses, databases: Databases, capsys: pytest.CaptureFixture[str]
) -> None:
    house = a_house_at_rest()
    house.row("referral", "handlings")["heard"]["entries"].clear()
    await build(house, where, databases)
    assert await asyncio.to_thread(main, words(where, "--json", "--quiet")) == 1
    said = capsys.readouterr()
    laws = {law["law"]: law for law in json.loads(said.out)["laws"]}
    assert [name for name, law in laws.items() if law["breaches"]] == ["effects"]
    assert len(laws["effects"]["breaches"]) == 2
    assert said.err == ""


@pytest.mark.usefixtures("topics")
async def test_what_was_never_committed_is_no_event(where: Addresses, databases: Databases) -> None:
    house = a_house_at_rest()
    await build(house, where, databases)
    zombie = a_house_at_rest().event("case.decided")
    zombie.value = zombie.value.replace(b"0000000002", b"0000000009")
    await publish(where, [zombie], commit=False)
    assert broken(await look(where, None, lambda _: None)) == {}
    await publish(where, [zombie])
    assert broken(await look(where, None, lambda _: None)).keys() >= {"deeds", "origins", "effects"}


@pytest.mark.usefixtures("topics")
async def test_it_looks_again_until_the_system_has_come_to_rest(where: Addresses, databases: Databases) -> None:
    house = a_house_at_rest()
    house.stored["intake"]["outbox"].append({"_id": "on its way"})
    await build(house, where, databases)
    said: list[str] = []

    def the_relay_comes(what: str) -> None:
        said.append(what)
        if what.startswith("not at rest yet"):
            databases["intake"]["outbox"].delete_many({})

    assert broken(await look_until_at_rest(where, None, 60.0, the_relay_comes)) == {}
    assert sum(what.startswith("not at rest yet (outboxes)") for what in said) == 1


@pytest.mark.usefixtures("topics")
async def test_what_is_no_row_of_the_house_is_said_without_showing_it(
    where: Addresses, databases: Databases, capsys: pytest.CaptureFixture[str]
) -> None:
    house = a_house_at_rest()
    house.row("intake", "complaints")["complaint"]["status"] = "Siti Aminah"
    await build(house, where, databases)
    assert await asyncio.to_thread(main, words(where, "--quiet")) == 2
    said = capsys.readouterr()
    assert "complaint.status" in said.err
    assert "Siti" not in said.out + said.err


async def test_servers_that_do_not_answer_or_hold_nothing_end_the_command_with_2(
    where: Addresses, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await asyncio.to_thread(main, words(where, "--quiet")) == 2
    assert "has no topic of the manifest" in capsys.readouterr().err
    deaf = Addresses("127.0.0.1:9", where.mongodb, where.topic_prefix)
    assert await asyncio.to_thread(main, words(deaf, "--quiet")) == 2
    assert "Kafka at 127.0.0.1:9 cannot be read" in capsys.readouterr().err
