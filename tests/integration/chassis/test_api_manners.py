"""What every service's API does alike, shown on the tiny desk."""

import base64
import json
import re
from typing import Any

import httpx
import pytest
import pytest_asyncio
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis.http.guards import SECURITY_HEADERS
from chassis.outbox.outgoing import new_id
from tests.harness.builders import JAMBUDIPA
from tests.harness.fixtures import Start
from tests.harness.service import RunningService
from tests.harness.tiny import DESK
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually


@pytest_asyncio.fixture
async def desk(start: Start) -> RunningService:
    # Kafka takes no part in these.
    return await start(DESK, kafka_bootstrap_servers="127.0.0.1:1", request_body_limit_bytes=10_000)


@pytest.fixture
def clerk(issuer: Issuer) -> dict[str, str]:
    return issuer.bearer("front_office", area=JAMBUDIPA)


def problem_of(answer: httpx.Response) -> str:
    """The problem's code, after checking that it is a proper one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"].endswith(".")
    return str(body["type"]).removeprefix("urn:puskesos:problem:")


def an_entry(**changes: str) -> dict[str, str]:
    return {"id": new_id(), "area": JAMBUDIPA, "title": "first", **changes}


async def record(
    desk: RunningService, clerk: dict[str, str], entry: dict[str, str], key: str = "one"
) -> httpx.Response:
    return await desk.api.post("/entries", json=entry, headers={**clerk, "Idempotency-Key": key})


async def test_without_a_token_with_a_bad_one_and_without_the_role(desk: RunningService, issuer: Issuer) -> None:
    nobody = await desk.api.get("/entries")
    assert (nobody.status_code, problem_of(nobody)) == (401, "sign-in-needed")
    assert nobody.headers["WWW-Authenticate"] == "Bearer"
    forged = await desk.api.get("/entries", headers={"Authorization": "Bearer x.y.z"})
    assert (forged.status_code, problem_of(forged)) == (401, "invalid-token")
    analyst = await desk.api.get("/entries", headers=issuer.bearer("analyst", area=JAMBUDIPA))
    assert (analyst.status_code, problem_of(analyst)) == (403, "role-needed")
    homeless = await desk.api.get("/entries", headers=issuer.bearer("front_office"))
    assert (homeless.status_code, problem_of(homeless)) == (403, "area-needed")


async def test_what_lies_in_another_area_is_not_found(
    desk: RunningService, clerk: dict[str, str], issuer: Issuer
) -> None:
    entry = an_entry()
    await record(desk, clerk, entry)
    elsewhere = issuer.bearer("front_office", area="32.03.02.2003")
    hidden = await desk.api.get(f"/entries/{entry['id']}", headers=elsewhere)
    absent = await desk.api.get(f"/entries/{new_id()}", headers=elsewhere)
    assert (hidden.status_code, problem_of(hidden)) == (404, "not-found")
    assert hidden.json()["detail"] == absent.json()["detail"]


async def test_a_creating_request_repeated_creates_nothing_twice(desk: RunningService, clerk: dict[str, str]) -> None:
    entry = an_entry()
    first, again = await record(desk, clerk, entry), await record(desk, clerk, entry)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert await desk.runtime.store.database["entries"].count_documents({}) == 1
    assert await desk.runtime.store.database["outbox"].count_documents({}) == 1


async def test_a_key_used_for_another_wish_is_refused(desk: RunningService, clerk: dict[str, str]) -> None:
    await record(desk, clerk, an_entry())
    reused = await record(desk, clerk, an_entry())
    assert (reused.status_code, problem_of(reused)) == (422, "idempotency-key-reused")


async def test_two_people_may_use_the_same_key(desk: RunningService, clerk: dict[str, str], issuer: Issuer) -> None:
    await record(desk, clerk, an_entry())
    colleague = issuer.bearer("front_office", area=JAMBUDIPA, subject="a colleague")
    assert (await record(desk, colleague, an_entry())).status_code == 201


async def test_a_creating_request_without_a_key_is_refused(desk: RunningService, clerk: dict[str, str]) -> None:
    keyless = await desk.api.post("/entries", json=an_entry(), headers=clerk)
    assert (keyless.status_code, problem_of(keyless)) == (400, "idempotency-key-needed")


async def test_the_same_id_under_another_key_is_refused(desk: RunningService, clerk: dict[str, str]) -> None:
    entry = an_entry()
    await record(desk, clerk, entry)
    doubled = await record(desk, clerk, entry, key="two")
    assert (doubled.status_code, problem_of(doubled)) == (409, "already-exists")


async def test_an_edit_needs_the_tag_last_read(desk: RunningService, clerk: dict[str, str]) -> None:
    entry = an_entry()
    tag = (await record(desk, clerk, entry)).headers["ETag"]
    path = f"/entries/{entry['id']}"
    blind = await desk.api.put(path, json=entry, headers=clerk)
    assert (blind.status_code, problem_of(blind)) == (428, "if-match-needed")
    assert (await desk.api.put(path, json=entry, headers={**clerk, "If-Match": tag})).status_code == 200
    stale = await desk.api.put(path, json=entry, headers={**clerk, "If-Match": tag})
    assert (stale.status_code, problem_of(stale)) == (412, "stale-edit")
    assert stale.headers["ETag"] == '"2"'
    for unread in ("abc", '"\u00b2"', "9" * 5000):
        header = [(b"if-match", unread.encode("latin-1")), *((k.encode(), v.encode()) for k, v in clerk.items())]
        nonsense = await desk.api.put(path, json=entry, headers=header)
        assert (nonsense.status_code, problem_of(nonsense)) == (412, "stale-edit")


async def test_lists_come_in_pages(desk: RunningService, clerk: dict[str, str]) -> None:
    for number in range(5):
        await record(desk, clerk, an_entry(title=str(number)), key=str(number))
    titles: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query: dict[str, Any] = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await desk.api.get("/entries", params=query, headers=clerk)).json()
        titles += [item["title"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert titles == ["0", "1", "2", "3", "4"]


HUGE_NUMBER = base64.urlsafe_b64encode(json.dumps([{"v": 10**30}, "a"]).encode()).decode()
LONE_SURROGATE = base64.urlsafe_b64encode(json.dumps([{"v": 1}, "\ud800"]).encode()).decode()


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "bnVsbA", "eyJhIjoxfQ", "//", "W3sidiI6eyIkZ3QiOiIifX0sImEiXQ", HUGE_NUMBER, LONE_SURROGATE]
)
async def test_a_made_up_cursor_is_refused(desk: RunningService, clerk: dict[str, str], cursor: str) -> None:
    refused = await desk.api.get("/entries", params={"cursor": cursor}, headers=clerk)
    assert (refused.status_code, problem_of(refused)) == (400, "bad-cursor")


async def test_wrong_fields_are_named_and_what_was_in_them_is_not_repeated(
    desk: RunningService, clerk: dict[str, str]
) -> None:
    wrong = await record(desk, clerk, {**an_entry(), "area": "Siti Aminah"})
    assert (wrong.status_code, problem_of(wrong)) == (422, "invalid-input")
    assert [fault["field"] for fault in wrong.json()["errors"]] == ["body.area"]
    assert "Siti" not in wrong.text


async def test_a_body_over_the_limit_is_refused_announced_or_not(desk: RunningService, clerk: dict[str, str]) -> None:
    large = await record(desk, clerk, an_entry(title="x" * 10_001))
    assert (large.status_code, problem_of(large)) == (413, "body-too-large")

    async def dripping() -> Any:
        for _ in range(20):
            yield b"x" * 1000

    dripped = await desk.api.post("/entries", content=dripping(), headers={**clerk, "Idempotency-Key": "one"})
    assert (dripped.status_code, problem_of(dripped)) == (413, "body-too-large")
    assert await desk.runtime.store.database["entries"].count_documents({}) == 0


async def test_an_unexpected_error_tells_nothing_of_itself(desk: RunningService) -> None:
    broken = await desk.api.get("/broken")
    assert (broken.status_code, problem_of(broken)) == (500, "internal-error")
    assert "Siti" not in broken.text


async def test_every_answer_carries_the_security_headers(desk: RunningService) -> None:
    for path in ("/health/live", "/entries", "/nowhere"):
        answer = await desk.api.get(path)
        assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    missing = await desk.api.get("/nowhere")
    assert (missing.status_code, problem_of(missing)) == (404, "not-found")


async def test_health_metrics_and_documentation_are_there(desk: RunningService) -> None:
    assert (await desk.api.get("/health/live")).json()["status"] == "live"
    assert (await desk.api.get("/health/ready")).json() == {"status": "ready", "consumer": "running"}

    async def metrics() -> str:
        return (await desk.api.get("/metrics")).text

    await eventually(metrics, lambda text: "puskesos_outbox_rows" in text)
    openapi = (await desk.api.get("/openapi.json")).json()
    assert openapi["paths"]["/entries"]["post"]["responses"]["default"]["content"]


async def test_the_documentation_needs_nothing_from_elsewhere(desk: RunningService) -> None:
    page = await desk.api.get("/docs")
    assert "http://" not in page.text.replace("http://intake.test", "")
    assert "https://" not in page.text
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert (await desk.api.get(address)).status_code == 200, address


async def test_no_span_repeats_the_query_of_an_address(desk: RunningService, clerk: dict[str, str]) -> None:
    spans = InMemorySpanExporter()
    desk.runtime.telemetry.tracer_provider.add_span_processor(SimpleSpanProcessor(spans))
    await desk.api.get("/entries?hub.verify_token=agreed-upon", headers=clerk)
    asked = [span for span in spans.get_finished_spans() if span.name == "GET /entries"]
    assert [str((span.attributes or {})["http.url"]).endswith("/entries") for span in asked] == [True]
    assert "agreed-upon" not in "".join(span.to_json() for span in spans.get_finished_spans())
