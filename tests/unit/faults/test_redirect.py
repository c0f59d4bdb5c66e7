"""Connections go where they are sent instead of where they were meant to go."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.faults.rig.redirect import Address, address_of, redirected

LOOPBACK = "127.0.0.1"
NOWHERE: Address = ("broker.invalid", 9092)


@pytest.fixture
async def greeter() -> AsyncIterator[Address]:
    """A server that says "here" to whoever connects."""

    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"here")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, LOOPBACK, 0)
    yield server.sockets[0].getsockname()[:2]
    server.close()


async def greeting(address: Address) -> bytes:
    reader, writer = await asyncio.open_connection(*address)
    said = await reader.read()
    writer.close()
    return said


async def test_a_connection_goes_where_it_is_sent(greeter: Address) -> None:
    with redirected({NOWHERE: greeter}):
        assert await greeting(NOWHERE) == b"here"


async def test_a_task_started_within_is_redirected_for_its_whole_life(greeter: Address) -> None:
    go = asyncio.Event()

    async def later() -> bytes:
        await go.wait()
        return await greeting(NOWHERE)

    with redirected({NOWHERE: greeter}):
        task = asyncio.create_task(later())
    go.set()
    assert await task == b"here"


async def test_outside_the_block_an_address_means_itself(greeter: Address) -> None:
    with redirected({greeter: ("broker.invalid", 1)}):
        pass
    assert await greeting(greeter) == b"here"


def test_an_address_is_read_from_text() -> None:
    assert address_of("127.0.0.1:9092") == (LOOPBACK, 9092)
