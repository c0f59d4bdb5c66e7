"""One trace a deed: from the request through Kafka to what another service made of it, read back from Zipkin."""

from typing import Any

import httpx

from chassis.outbox.outgoing import new_id
from chassis.settings import TracesExporter
from tests.harness.builders import JAMBUDIPA
from tests.harness.fixtures import Start
from tests.harness.tiny import DESK, LEDGER
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually

SPAN = "b7ad6b7169203331"


async def test_a_deed_and_its_effect_elsewhere_are_one_trace(start: Start, issuer: Issuer, zipkin_url: str) -> None:
    tracing: dict[str, Any] = {
        "traces_exporter": TracesExporter.ZIPKIN,
        "traces_endpoint": f"{zipkin_url}/api/v2/spans",
    }
    desk, _ = await start(DESK, **tracing), await start(LEDGER, **tracing)
    trace = new_id().replace("-", "")
    answer = await desk.api.post(
        "/entries",
        json={"id": new_id(), "area": JAMBUDIPA, "title": "first"},
        headers={
            **issuer.bearer("front_office", area=JAMBUDIPA),
            "Idempotency-Key": "one",
            "traceparent": f"00-{trace}-{SPAN}-01",
        },
    )
    assert answer.status_code == 201

    async def spans() -> list[dict[str, Any]]:
        async with httpx.AsyncClient(trust_env=False) as client:
            found = await client.get(f"{zipkin_url}/api/v2/trace/{trace}")
            return list(found.json()) if found.status_code == 200 else []

    def complete(seen: list[dict[str, Any]]) -> bool:
        return {"post /entries", "create complaint.created", "process complaint.created"} <= {s["name"] for s in seen}

    seen = await eventually(spans, complete)
    by_name = {span["name"]: span for span in seen}
    created, processed = by_name["create complaint.created"], by_name["process complaint.created"]
    assert created["localEndpoint"]["serviceName"] == "intake"
    assert processed["localEndpoint"]["serviceName"] == "referral"
    assert processed["parentId"] == created["id"]
    assert (created["kind"], processed["kind"]) == ("PRODUCER", "CONSUMER")
    assert processed["tags"]["messaging.operation.type"] == "process"
    assert "link.0" in processed["tags"]
