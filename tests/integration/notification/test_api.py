"""The API: who may read what citizens were told, and what they see."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
import pytest_asyncio

from chassis.bus import Message
from chassis.outbox.outgoing import new_id
from contracts import encode
from tests.harness.builders import JAMBUDIPA
from tests.harness.tokens import Issuer
from tests.integration.notification.conftest import Notification, Notify
from tests.integration.notification.outside import Intake, MailServer
from tests.unit.notification.story import Teller, whole_story

READERS = ("front_office", "facilitator", "back_office", "supervisor", "manager", "operator", "auditor")
OTHERS = ("agency", "analyst", "coordinator", "siks_operator", "inspectorate", "service", "province_reviewer")

Ask = Callable[..., Awaitable[httpx.Response]]


@pytest_asyncio.fixture
async def heard(notify: Notify, teller: Teller) -> Notification:
    """A service that has heard a whole case and sends none of it within this test."""
    notification = await notify(Intake(), MailServer(), settle_seconds=3600)
    processor = notification.service.runtime.processor
    assert processor is not None
    await processor.process(
        [
            Message(event.data.topic, 0, offset, event.subject.encode(), encode(event), None)
            for offset, event in enumerate(whole_story(teller))
        ]
    )
    return notification


@pytest.fixture
def ask(heard: Notification, issuer: Issuer) -> Ask:
    """GET as someone with this role and area."""

    async def get(
        path: str, role: str = "front_office", area: str | None = JAMBUDIPA, **query: object
    ) -> httpx.Response:
        claims = {} if area is None else {"area": area}
        parameters = {name: str(value) for name, value in query.items()}
        return await heard.service.api.get(path, params=parameters, headers=issuer.bearer(role, **claims))

    return get


async def test_the_deliveries_of_a_case_are_listed_as_things_happened(ask: Ask, teller: Teller) -> None:
    answer = await ask("/v1/deliveries", case_id=teller.case)

    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert [item["template"] for item in items[:3]] == ["complaint_received", "complaint_waiting", "case_decided"]
    assert items[-1]["template"] == "case_closed"
    assert items[0]["status"] == "planned"
    assert items[0]["about_type"] == "puskesos.complaint.created.v1"
    assert items[0]["happened_at"].endswith("Z")
    assert sorted(item["happened_at"] for item in items) == [item["happened_at"] for item in items]
    assert answer.json()["next_cursor"] is None


async def test_pages_follow_each_other_without_gap_or_repetition(ask: Ask, teller: Teller) -> None:
    whole = [item["id"] for item in (await ask("/v1/deliveries", case_id=teller.case)).json()["items"]]
    paged: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await ask("/v1/deliveries", case_id=teller.case, limit=5, **cursor)).json()
        paged += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert len(whole) > 10
    assert paged == whole


async def test_a_foreign_cursor_is_refused_with_what_to_do(ask: Ask, teller: Teller) -> None:
    answer = await ask("/v1/deliveries", case_id=teller.case, cursor=new_id())

    assert (answer.status_code, answer.json()["type"]) == (400, "urn:puskesos:problem:bad-cursor")


async def test_one_delivery_is_read_by_its_id(ask: Ask, teller: Teller) -> None:
    listed = (await ask("/v1/deliveries", case_id=teller.case)).json()["items"][1]

    answer = await ask(f"/v1/deliveries/{listed['id']}")

    assert answer.status_code == 200
    assert answer.json() == listed
    assert answer.json()["case_id"] == teller.case


@pytest.mark.parametrize("area", ["75.01.24.2001", "32.03.02.2003", "32.04", "33"])
async def test_outside_the_area_neither_case_nor_delivery_exists(ask: Ask, teller: Teller, area: str) -> None:
    listed = (await ask("/v1/deliveries", case_id=teller.case)).json()["items"][0]

    of_case = await ask("/v1/deliveries", area=area, case_id=teller.case)
    of_nothing = await ask("/v1/deliveries", area=area, case_id=new_id())
    single = await ask(f"/v1/deliveries/{listed['id']}", area=area)

    assert [answer.status_code for answer in (of_case, of_nothing, single)] == [404, 404, 404]
    assert of_case.json()["detail"] == of_nothing.json()["detail"]


@pytest.mark.parametrize("area", [JAMBUDIPA, "32.03.02", "32.03", "32", ""])
async def test_every_area_around_the_village_sees_it(ask: Ask, teller: Teller, area: str) -> None:
    listed = await ask("/v1/deliveries", role="auditor", area=area, case_id=teller.case)

    assert listed.status_code == 200
    single = await ask(f"/v1/deliveries/{listed.json()['items'][0]['id']}", role="auditor", area=area)
    assert single.status_code == 200


@pytest.mark.parametrize("role", READERS)
async def test_who_serves_the_citizen_or_oversees_it_may_read(ask: Ask, teller: Teller, role: str) -> None:
    assert (await ask("/v1/deliveries", role=role, case_id=teller.case)).status_code == 200


@pytest.mark.parametrize("role", OTHERS)
async def test_any_other_role_is_refused_by_name(ask: Ask, teller: Teller, role: str) -> None:
    of_case = await ask("/v1/deliveries", role=role, case_id=teller.case)
    single = await ask(f"/v1/deliveries/{new_id()}", role=role)

    assert [(answer.status_code, answer.json()["type"]) for answer in (of_case, single)] == [
        (403, "urn:puskesos:problem:role-needed")
    ] * 2


async def test_an_account_without_an_area_sees_nothing(ask: Ask, teller: Teller) -> None:
    answer = await ask("/v1/deliveries", area=None, case_id=teller.case)

    assert (answer.status_code, answer.json()["type"]) == (403, "urn:puskesos:problem:area-needed")


async def test_without_a_token_one_is_asked_to_sign_in(heard: Notification, teller: Teller) -> None:
    answer = await heard.service.api.get("/v1/deliveries", params={"case_id": teller.case})

    assert (answer.status_code, answer.json()["type"]) == (401, "urn:puskesos:problem:sign-in-needed")


@pytest.mark.parametrize("path", ["/v1/deliveries", "/v1/deliveries?case_id=147", "/v1/deliveries/147"])
async def test_an_id_that_is_none_is_named(ask: Ask, path: str) -> None:
    address, _, query = path.partition("?case_id=")
    answer = await ask(address, **({"case_id": query} if query else {}))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] in ("query.case_id", "path.delivery_id")


async def test_a_delivery_nobody_planned_is_not_found(ask: Ask) -> None:
    answer = await ask(f"/v1/deliveries/{new_id()}")

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:puskesos:problem:not-found")


async def test_the_document_of_the_api_explains_every_field(heard: Notification) -> None:
    document = (await heard.service.api.get("/openapi.json")).json()

    operations = {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
        if "deliveries" in operation.get("tags", [])
    }
    assert set(operations) == {"listDeliveries", "readDelivery"}
    assert all(operation["summary"] for operation in operations.values())
    fields = document["components"]["schemas"]["DeliveryView"]["properties"]
    assert "email" not in fields
    assert all("description" in field or "examples" in field for field in fields.values())
