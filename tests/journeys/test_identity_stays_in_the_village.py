"""A marked person is recorded, handled and written to; then all outside the village is searched for the marks."""

import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pymongo import MongoClient

from contracts.manifest import Manifest
from deploy.demo.facts import Facts
from deploy.demo.people import Person
from deploy.demo.told import client
from deploy.embedded.endpoints import Endpoints
from deploy.embedded.services import SERVICES
from services.referral.reference import Reference
from tests.harness.kafka import read_topics
from tests.harness.system import RunningSystem
from tests.harness.waiting import eventually

pytestmark = pytest.mark.timeout(600)

NAME = "Zubaidah Penandawati"
NIK = "3203024109770000"
CARD = "3203020909990077"
PHONE = "+6281299887766"
EMAIL = "zubaidah.penandawati@rekaan.example"
STORY = "kalimat penanda yang tidak boleh keluar"
MARKS = (NAME, "Zubaidah", "Penandawati", NIK, CARD, PHONE, PHONE[3:], EMAIL, STORY)
CASE = "019a8c5e-7d31-7c4b-9b1f-2f6f0a1f7e11"

VILLAGE = "32.03.02.2002"


def found_in(text: str) -> list[str]:
    return [mark for mark in MARKS if mark.lower() in text.lower()]


def complaint() -> dict[str, Any]:
    member = {
        "name": NAME,
        "nik": NIK,
        "born": date(1977, 9, 1).isoformat(),
        "sex": "female",
        "relation": "head",
        "contact": {"preferred": "email", "email": EMAIL, "phone": PHONE, "language": "id"},
    }
    return {
        "case_id": CASE,
        "area": VILLAGE,
        "kind": "participation",
        "sector": "education",
        "subject_kind": "family",
        "needs": ["kip"],
        "channel": "desk",
        "story": STORY,
        "family": {
            "card": CARD,
            "members": [member],
            "registry": {"listed": True, "decile": 2, "period": "2026-Q3"},
            "legal_bases": [{"member": 0, "purpose": "notify", "basis": "consent", "proof": "spoken_before_witness"}],
        },
        "reporter": 0,
    }


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def marked(running: RunningSystem, told: Path) -> None:
    """The marked person's case, recorded, refused in every way that could print it, decided, and told to her."""
    async with client(running.endpoints().apis, told) as http:
        await record_and_decide(running.endpoints(), http)


async def record_and_decide(endpoints: Endpoints, http: httpx.AsyncClient) -> None:
    clerk = Person("front-office.jambudipa", endpoints, http)
    facts = Facts()
    async with facts.watching(endpoints.kafka.bootstrap_servers):
        await clerk.create("intake", "/v1/complaints", complaint())
        await facts.expect(CASE, "complaint.created", "case.assessed", "notification.delivered")
        path = f"/v1/handlings/{CASE}"
        for name, move, body in (
            ("back-office.cianjur", "recommendation", {"decisions": [{"programme": "kip", "decision": "refer"}]}),
            ("supervisor.warungkondang", "review", {"ruling": "approve"}),
            ("manager.cianjur", "decision", {"ruling": "approve"}),
        ):
            officer = Person(name, endpoints, http)
            await officer.move("referral", f"{path}/{move}", body, resting_on=await officer.read("referral", path))
        await facts.expect(CASE, "case.decided", "referral.issued", "notification.delivered")
    await refusals_that_could_print_it(clerk, endpoints.apis["intake"], http)


async def refusals_that_could_print_it(clerk: Person, intake: str, http: httpx.AsyncClient) -> None:
    """Bad input with the marks in it: whatever is logged of a refusal must not repeat it."""
    headers = {"Authorization": f"Bearer {await clerk._sign_in()}", "Idempotency-Key": "marked"}
    wrong = complaint()
    for spoil in (
        {"area": NAME},
        {"needs": [NAME]},
        {"channel": STORY},
        {"family": {**wrong["family"], "members": [{**wrong["family"]["members"][0], "nik": NIK[:15]}]}},
        {"family": {**wrong["family"], "members": [{**wrong["family"]["members"][0], "born": NIK}]}},
    ):
        answer = await http.post(f"{intake}/v1/complaints", json={**wrong, **spoil}, headers=headers)
        assert answer.status_code == 422, answer.text
        assert found_in(answer.text) == []
    broken = await http.post(f"{intake}/v1/complaints", content=f'{{"story": "{STORY}"', headers=headers)
    assert broken.status_code == 422
    assert found_in(broken.text) == []


def written_out(value: object) -> str:
    """A stored value as text, bytes too: an event in an outbox or a dead letter must not hide behind base64."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, dict):
        return "\n".join(f"{key} {written_out(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "\n".join(written_out(item) for item in value)
    return str(value)


def everything_in(uri: str, database: str) -> str:
    client: MongoClient[dict[str, Any]] = MongoClient(uri, serverSelectionTimeoutMS=10_000)
    try:
        kept = client[database]
        return "\n".join(written_out(list(kept[name].find())) for name in kept.list_collection_names())
    finally:
        client.close()


@pytest.mark.usefixtures("marked")
async def test_no_topic_log_span_or_foreign_database_knows_who_she_is(
    running: RunningSystem, http: httpx.AsyncClient
) -> None:
    endpoints = running.endpoints()
    # The search itself is shown to work: where she belongs, all of her is found.
    village = everything_in(endpoints.mongodb["intake"], "intake")
    assert set(found_in(village)) >= {NAME, NIK, CARD, PHONE, EMAIL, STORY}
    assert CASE in village

    for service in ("referral", "notification", "reporting"):
        foreign = everything_in(endpoints.mongodb[service], service)
        assert CASE in foreign
        assert found_in(foreign) == [], f"the database of {service}"

    agencies = [agency.code for agency in Reference.load().directory.agencies]
    records = await read_topics(endpoints.kafka.bootstrap_servers, Manifest.load().names(agencies))
    said = "\n".join(f"{record.key!r} {record.value.decode()} {record.headers}" for record in records)
    assert CASE in said
    assert found_in(said) == [], "a topic"

    logs = {file.name: file.read_text(errors="replace") for file in logs_of(running)}
    assert any("kafka" in name for name in logs)
    assert {name: found_in(text) for name, text in logs.items() if found_in(text)} == {}

    for kind in SERVICES:
        metrics = await http.get(f"{endpoints.apis[kind.name]}/metrics")
        assert found_in(metrics.raise_for_status().text) == [], f"the metrics of {kind.name}"

    async def spans_of(service: str) -> str:
        # All of a service's traces, those of refused requests too, not only the ones that name the case.
        base = endpoints.pages.traces.rstrip("/").removesuffix("/zipkin")
        query = {"serviceName": service, "limit": "10000", "lookback": "86400000"}
        return json.dumps((await http.get(f"{base}/api/v2/traces", params=query)).json())

    for kind in SERVICES:
        seen = await eventually(partial(spans_of, kind.name), lambda text: CASE in text)
        assert found_in(seen) == [], f"a span of {kind.name}"


def logs_of(running: RunningSystem) -> list[Path]:
    return [file for file in running.places.log.iterdir() if file.is_file()]


@pytest.mark.usefixtures("marked")
async def test_she_was_written_to_by_name_and_the_village_sees_who_asked_for_her_contact(
    running: RunningSystem, http: httpx.AsyncClient
) -> None:
    endpoints = running.endpoints()

    async def mails() -> list[Any]:
        answer = await http.get(f"{endpoints.pages.home.rstrip('/')}/mail", params={"to": EMAIL})
        return list(answer.json())

    assert NAME in (await eventually(mails))[0]["text"]
    clerk = Person("front-office.jambudipa", endpoints, http)
    accesses = await clerk.read("intake", f"/v1/complaints/{CASE}/accesses")
    assert {access["purpose"] for access in accesses.body["items"]} == {"inform_citizen"}
