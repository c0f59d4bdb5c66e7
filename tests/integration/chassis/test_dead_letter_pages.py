"""The pages of dead letters, as operators use them."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import pytest_asyncio
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis import workers
from chassis.area import COUNTRY
from chassis.dead_letters import pages, replaying
from chassis.dead_letters.box import Choice, DeadLetterBox, NoSuchLetter
from chassis.dead_letters.letter import DeadLetter
from chassis.dead_letters.run import ReplayRun
from chassis.http.app import create_app
from chassis.outbox.outgoing import new_id
from chassis.service import Runtime
from chassis.settings import ServiceSettings
from contracts import Event
from tests.harness import tiny
from tests.harness.builders import an_event
from tests.harness.ledger import a_message, a_processor, account_of, messages_of
from tests.harness.service import RunningService
from tests.harness.signed_in import browsing
from tests.harness.tiny import ACCOUNTS, DESK, LEDGER, POISON_AREA
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually
from tests.integration.chassis.test_dead_letter_commands import everything_in

HOME = "/operation/dead-letters"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@asynccontextmanager
async def with_workers(runtime: Runtime[Any]) -> AsyncIterator[RunningService]:
    """A service with its workers and pages, that hears nothing of Kafka."""
    app = create_app(runtime)
    await runtime.open()
    await runtime.workers.start()
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://ledger.test") as api:
        yield RunningService(runtime, app, api)
    await runtime.workers.stop()
    await runtime.close()


@pytest_asyncio.fixture
async def ledger(
    settings_of: Callable[..., ServiceSettings], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[RunningService]:
    monkeypatch.setattr(workers, "SELDOM_SECONDS", 0.05)
    settings = settings_of(LEDGER, trace_page="http://traces.test/{trace}")
    async with with_workers(Runtime(LEDGER, settings)) as service:
        yield service


@pytest_asyncio.fixture
async def operator(ledger: RunningService, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    async with browsing(ledger, issuer, "operator", area="", subject="operator-1") as client:
        yield client


async def set_aside(ledger: RunningService, *events: Event[Any] | bytes) -> None:
    await a_processor(ledger.runtime.store).process(messages_of(*events))


def poison(count: int, **changes: Any) -> list[Event[Any]]:
    return [an_event(area=POISON_AREA, **changes) for _ in range(count)]


async def begin(operator: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await operator.post(f"{HOME}/replay", data={"idempotency_key": new_id(), **fields})


async def ended(ledger: RunningService) -> ReplayRun:
    """The latest replay, at its end."""
    assert ledger.runtime.replaying is not None
    found = await eventually(ledger.runtime.replaying.latest, lambda run: run is not None and not run.running)
    assert found is not None
    return found


async def confirmed(operator: httpx.AsyncClient, ledger: RunningService, **fields: str) -> ReplayRun:
    """Tries, confirms as the page offers it, and waits for the end."""
    assert (await begin(operator, **fields)).status_code == 303
    await ended(ledger)
    offered = dict(
        re.findall(r'name="(run|idempotency_key)" value="([^"]+)"', (await operator.get(f"{HOME}/replay")).text)
    )
    assert (await operator.post(f"{HOME}/replay/confirmation", data=offered)).status_code == 303
    return await ended(ledger)


@pytest.mark.parametrize("path", [HOME, f"{HOME}/complaint.created-0-0", f"{HOME}/replay"])
async def test_who_is_not_signed_in_is_led_to_sign_in_and_other_roles_are_refused(
    ledger: RunningService, issuer: Issuer, path: str
) -> None:
    await set_aside(ledger, b"x")
    async with browsing(ledger) as stranger:
        answer = await stranger.get(path)
        assert (answer.status_code, answer.headers["Location"].startswith("/sign-in")) == (303, True)
        assert (await stranger.get("/operation")).status_code == 200
    async with browsing(ledger, issuer, "manager", "auditor", area="") as manager:
        assert (await manager.get(path)).status_code == 403
        assert (await manager.post(f"{HOME}/replay")).status_code == 403
        assert (await manager.post(f"{HOME}/complaint.created-0-0/discard", data={"because": "x"})).status_code == 403


async def test_another_sites_page_does_nothing_here(ledger: RunningService, operator: httpx.AsyncClient) -> None:
    await set_aside(ledger, b"x")
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "http://elsewhere.test"}
    answer = await operator.post(f"{HOME}/complaint.created-0-0/discard", data={"because": "x"}, headers=headers)
    assert answer.status_code == 403
    assert (await DeadLetterBox(ledger.runtime.store).show("complaint.created-0-0")).value == b"x"


async def test_letters_are_counted_by_reason_and_topic_and_shown_a_page_at_a_time(
    ledger: RunningService, operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ON_A_PAGE", 2)
    await set_aside(ledger, *poison(3))
    await a_processor(ledger.runtime.store).process([a_message(b"Siti Aminah", 9, "case.closed")])
    first = (await operator.get(HOME)).text
    assert "Siti" not in first
    assert re.search(r'<code>handler_failed</code> <span class="count">3<', first)
    assert re.search(r'<code>case.closed</code> <span class="count">1<', first)
    narrowed = (await operator.get(f"{HOME}?reason=malformed_event")).text
    assert re.search(r'<code>case.closed</code> <span class="count">1<', narrowed)
    assert "<code>complaint.created</code>" not in narrowed
    shown: list[str] = []
    address: str | None = f"{HOME}?reason=handler_failed"
    while address:
        page = (await operator.get(address)).text
        shown += re.findall(r'scope="row"><a href="/operation/dead-letters/([^"]+)"', page)
        following = re.search(r'<a href="([^"]+)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else None
    assert sorted(shown) == [f"complaint.created-0-{offset}" for offset in range(3)]
    assert (
        "No dead letter is like this." in (await operator.get(f"{HOME}?reason=handler_failed&topic=case.closed")).text
    )
    assert (await operator.get(f"{HOME}?cursor=nonsense")).status_code == 400


async def test_a_letter_shows_the_envelope_and_its_trace_but_nothing_that_the_event_says(
    ledger: RunningService, operator: httpx.AsyncClient
) -> None:
    (event,) = poison(1, traceparent=f"00-{TRACE}-00f067aa0ba902b7-01")
    await set_aside(ledger, event, b'{"type": "puskesos.complaint.created.v1", "subject": "Siti Aminah"}')
    page = (await operator.get(f"{HOME}/complaint.created-0-0")).text
    for said in ("HandlerBroke", event.id, event.correlationid, event.source, f"http://traces.test/{TRACE}"):
        assert said in page
    for unsaid in ("3203022002-26-000147-8", "q7Zt0fXw2mJ5r9Lc8VbN1y", "pkh"):
        assert unsaid not in page
    broken = (await operator.get(f"{HOME}/complaint.created-0-1")).text
    assert "puskesos.complaint.created.v1" in broken
    assert "Siti" not in broken
    assert (await operator.get(f"{HOME}/complaint.created-0-7")).status_code == 404


async def test_a_trial_changes_nothing_and_says_what_would_be_handled(
    ledger: RunningService, operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_aside(ledger, *poison(1), b"not json")
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    before = await everything_in(ledger.runtime.store)
    answer = await begin(operator)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HOME}/replay")
    run = await ended(ledger)
    assert (run.rehearsing, run.handled, run.refused, run.waiting) == (True, 1, 1, 2)
    after = await everything_in(ledger.runtime.store)
    assert {name: rows for name, rows in after.items() if name not in {"replays", "idempotency_keys"}} == before
    page = (await operator.get(f"{HOME}/replay")).text
    assert "malformed_event" in page
    assert "Handle 1 letter again" in page
    assert "A trial waits for your decision" in (await operator.get(HOME)).text


async def test_what_is_confirmed_has_its_effect_once_however_often_it_is_sent(
    ledger: RunningService, operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, (event,) = ledger.runtime.store, poison(1)
    await set_aside(ledger, event, b"not json")
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    await begin(operator, reason="handler_failed")
    rehearsed = await ended(ledger)
    form = {"run": rehearsed.run, "idempotency_key": new_id()}
    answers = [await operator.post(f"{HOME}/replay/confirmation", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    run = await ended(ledger)
    assert (run.rehearsing, run.handled, run.refused, run.by) == (False, 1, 0, "operator-1")
    late = await operator.post(f"{HOME}/replay/confirmation", data={**form, "idempotency_key": new_id()})
    assert (late.status_code, "confirmed already" in late.text) == (409, True)
    assert (await account_of(store, event.correlationid)).heard_events == (event.id,)
    page = (await operator.get(f"{HOME}/complaint.created-0-0")).text
    assert "Was handled again" in page
    assert "operator-1" in page
    assert (await DeadLetterBox(store).show("complaint.created-0-1")).reason == "malformed_event"


async def test_what_dies_again_stays_and_says_why_when_and_by_whom_it_was_tried(
    ledger: RunningService, operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_aside(ledger, *poison(1), b"not json", b"nor this")
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    run = await confirmed(operator, ledger)
    assert (run.handled, run.refused) == (1, 2)
    ((reason, count),) = [(refusal.reason, refusal.count) for refusal in run.refusals]
    assert (reason, count) == ("malformed_event", 2)
    assert "died again" in (await operator.get(f"{HOME}/replay")).text
    letter = await DeadLetterBox(ledger.runtime.store).show("complaint.created-0-1")
    assert (letter.attempts, letter.tried_by) == (1, "operator-1")
    assert letter.tried_at is not None
    assert letter.tried_at >= letter.dead_at


async def test_one_letter_is_tried_and_handled_by_itself(
    ledger: RunningService, operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_aside(ledger, *poison(2))
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    run = await confirmed(operator, ledger, letter="complaint.created-0-1")
    assert (run.handled, run.waiting) == (1, 1)
    assert await DeadLetterBox(ledger.runtime.store).tally("reason", Choice()) == {"handler_failed": 1}


async def test_nothing_is_offered_where_nothing_would_be_handled(
    ledger: RunningService, operator: httpx.AsyncClient
) -> None:
    await set_aside(ledger, *poison(1))
    await begin(operator)
    run = await ended(ledger)
    page = (await operator.get(f"{HOME}/replay")).text
    assert "Nothing would be handled now" in page
    assert "/replay/confirmation" not in page
    answer = await operator.post(f"{HOME}/replay/confirmation", data={"run": run.run})
    assert answer.status_code == 409


async def test_a_second_replay_is_refused_while_one_runs(ledger: RunningService, operator: httpx.AsyncClient) -> None:
    await set_aside(ledger, *poison(1))
    await ledger.runtime.workers.stop()
    form = {"idempotency_key": new_id()}
    assert (await begin(operator, **form)).status_code == 303
    assert (await begin(operator, **form)).status_code == 303, "the same one, sent twice"
    second = await begin(operator)
    assert (second.status_code, "A replay is running" in second.text) == (409, True)
    page = (await operator.get(f"{HOME}/replay")).text
    assert "0 of 1 taken" in page
    assert 'hx-trigger="every 2s"' in page
    assert "A replay is running" in (await operator.get(HOME)).text


async def test_a_replay_that_is_cut_off_goes_on_and_handles_nothing_twice(
    ledger: RunningService, operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = new_id()
    events = [an_event(case=case, sequence=number, area=POISON_AREA) for number in range(1, 8)]
    await set_aside(ledger, *events)
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    monkeypatch.setattr(replaying, "SLICE_LETTERS", 3)
    monkeypatch.setattr(workers.Worker, "backoff", lambda *_: 0.05)
    taken, take = [], replaying.Replaying._take

    async def cut_off(self: replaying.Replaying, run: ReplayRun, letter: Any) -> ReplayRun:
        after = await take(self, run, letter)
        taken.append(letter.id)
        if not run.rehearsing and len(taken) == len(events) + 5:
            raise ConnectionError  # after the letter's effect, before the note of it
        return after

    monkeypatch.setattr(replaying.Replaying, "_take", cut_off)
    run = await confirmed(operator, ledger)
    assert (run.handled, run.refused, run.gone) == (len(events), 0, 0)
    assert (await account_of(ledger.runtime.store, case)).heard_events == tuple(event.id for event in events)


async def test_what_one_instance_began_another_goes_on_with(
    ledger: RunningService, operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_aside(ledger, *poison(2))
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    await ledger.runtime.workers.stop()
    await begin(operator)
    async with with_workers(Runtime(LEDGER, ledger.runtime.settings)) as other:
        assert (await ended(other)).handled == 2


async def test_discarding_keeps_why_and_who_and_forgets_the_content(
    ledger: RunningService, operator: httpx.AsyncClient
) -> None:
    await set_aside(ledger, b"Siti Aminah")
    address = f"{HOME}/complaint.created-0-0"
    empty = await operator.post(f"{address}/discard", data={"because": " ", "confirming": "discard"})
    assert (empty.status_code, "Fill this in." in empty.text) == (422, True)
    form = {"because": "A test message of the 3rd", "idempotency_key": new_id()}
    first = await operator.post(f"{address}/discard", data=form)
    assert (first.status_code, first.headers["Location"]) == (303, HOME)
    again = await operator.post(f"{address}/discard", data={**form, "because": "Another reason"})
    assert (again.status_code, again.headers["Location"]) == (303, address)
    page = (await operator.get(address)).text
    for said in ("Was discarded", "A test message of the 3rd", "operator-1", "malformed_event"):
        assert said in page
    kept = await ledger.runtime.store.database["discarded_letters"].find_one({})
    assert kept is not None
    assert not any("Siti" in str(value) for value in kept.values())


async def test_what_somebody_discards_in_the_middle_of_its_replay_has_no_effect(
    ledger: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, (event,) = ledger.runtime.store, poison(1)
    await set_aside(ledger, event)
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    box, show = DeadLetterBox(store), DeadLetterBox.show

    async def show_and_discard(self: DeadLetterBox, key: str) -> DeadLetter:
        letter = await show(self, key)
        await self.discard(key, because="It would harm", by="operator-2", now=store.clock.now())
        return letter

    monkeypatch.setattr(DeadLetterBox, "show", show_and_discard)
    with pytest.raises(NoSuchLetter):
        await box.replay("complaint.created-0-0", a_processor(store), by="operator-1")
    assert await store.reading(COUNTRY, ACCOUNTS).find(event.correlationid) is None
    assert (await box.settled("complaint.created-0-0")).discarded_by == "operator-2"


async def test_a_service_that_hears_nothing_has_an_empty_page_and_nothing_to_replay(
    settings_of: Callable[..., ServiceSettings], issuer: Issuer
) -> None:
    async with (
        with_workers(Runtime(DESK, settings_of(DESK))) as desk,
        browsing(desk, issuer, "operator", area="") as operator,
    ):
        assert "No dead letter waits" in (await operator.get(HOME)).text
        assert (await begin(operator)).status_code == 409


@pytest.mark.parametrize("lang", ["id", "en"])
async def test_the_ways_of_an_operator_lead_there_and_back(operator: httpx.AsyncClient, lang: str) -> None:
    page = (await operator.get(f"{HOME}?lang={lang}")).text
    assert re.search(r'<a href="/operation/dead-letters" aria-current="page">', page)
    assert '<a href="/operation">' in page
    first = await operator.get("/")
    assert (first.status_code, first.headers["Location"]) == (303, "/operation")


async def test_a_trial_leaves_no_trace_of_what_never_happened(
    ledger: RunningService, operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_aside(ledger, *poison(1, traceparent=f"00-{TRACE}-00f067aa0ba902b7-01"))
    monkeypatch.setattr(tiny, "POISON_AREA", "nowhere")
    spans = InMemorySpanExporter()
    ledger.runtime.telemetry.tracer_provider.add_span_processor(SimpleSpanProcessor(spans))
    processing = {"process batch", "process complaint.created"}
    await begin(operator)
    assert (await ended(ledger)).handled == 1
    assert not processing & {span.name for span in spans.get_finished_spans()}
    await confirmed(operator, ledger)
    assert processing <= {span.name for span in spans.get_finished_spans()}


async def test_before_the_database_was_prepared_only_what_needs_none_is_answered(
    settings_of: Callable[..., ServiceSettings],
) -> None:
    runtime = Runtime(LEDGER, settings_of(LEDGER))
    transport = httpx.ASGITransport(app=create_app(runtime), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://ledger.test") as early:
        assert [(await early.get(path)).status_code for path in ("/operation", "/operation.json", HOME)] == [
            200,
            200,
            503,
        ]
    await runtime.close()
