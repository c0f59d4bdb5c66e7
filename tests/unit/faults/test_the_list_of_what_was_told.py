"""What the load writes down of its requests: every writing one that was sent, with its answer or none."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from tests.faults.rig.calling import Account, Calls, Unanswered
from tests.faults.rig.places import PLACES
from tests.faults.rig.told import ToldList
from tests.faults.rig.wishes import draw_wish

CASE = "019a8c5e-7d31-7c4b-9b1f-2f6f0a1f7e11"
CLERK = Account("intake", "clerk", "front_office", "32.03.02.2002")


@asynccontextmanager
async def service(said: bytes) -> AsyncIterator[str]:
    """Says this to every request and hangs up."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1") as server:
        host, port = server.sockets[0].getsockname()[:2]
        yield f"http://{host}:{port}"


def calls(told: ToldList, where: Callable[[], str]) -> Calls:
    return Calls(lambda _: where(), lambda *_, **__: {}, told, requests_per_second=1000)


async def record(by: Calls) -> None:
    await by.create(CLERK, "/v1/complaints", {"case_id": CASE}, key="k", resource_id=CASE)


@pytest.fixture
def told(tmp_path: Path) -> ToldList:
    return ToldList(tmp_path / "told.jsonl")


async def test_an_answer_is_noted_in_memory_and_in_the_file(told: ToldList) -> None:
    async with service(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}") as where:
        by = calls(told, lambda: where)
        await record(by)
        await by.read(CLERK, f"/v1/complaints/{CASE}")
        await by.close()
    (line,) = told.all()
    assert (line.status, line.resource_id) == (201, CASE)
    assert ToldList(told.file).all() == told.all()


async def test_a_request_that_nobody_answered_is_noted_as_open(told: ToldList) -> None:
    async with service(b"") as where:
        by = calls(told, lambda: where)
        with pytest.raises(Unanswered):
            await record(by)
        await by.close()
    assert [line.status for line in told.all()] == [None]
    assert by.traffic.unanswered == 1


async def test_an_answer_cut_off_in_its_body_was_an_answer_all_the_same(told: ToldList) -> None:
    async with service(b"HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n{") as where:
        by = calls(told, lambda: where)
        with pytest.raises(Unanswered):
            await record(by)
        await by.close()
    assert [line.status for line in told.all()] == [201]


async def test_what_never_reached_a_service_was_not_asked(told: ToldList) -> None:
    async with service(b"") as where:
        pass
    by = calls(told, lambda: where)
    with pytest.raises(Unanswered):
        await record(by)
    await by.close()
    assert told.all() == ()


def test_the_same_seed_draws_the_same_wishes() -> None:
    def drawn() -> list[dict[str, object]]:
        chance = Random(7)  # noqa: S311
        return [draw_wish(chance, CASE, PLACES[0], None, invented_niks=True).complaint for _ in range(50)]

    assert drawn() == drawn()
    assert len({str(wish) for wish in drawn()}) > 40
