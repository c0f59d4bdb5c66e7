"""The line between a client and a server, disturbed in every way the fault tests use."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from tests.faults.rig.proxy import LOOPBACK, Proxy
from tests.harness.waiting import eventually

# Long enough for a chunk on the loopback interface, short enough to wait for one that must not come.
NEVER = 0.2
AT_ONCE = 5.0


class Echo:
    """A server that says back what it hears and remembers it."""

    def __init__(self) -> None:
        self.heard = b""
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._say_back, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def what_was_heard(self) -> bytes:
        return self.heard

    async def _say_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while said := await reader.read(1024):
                self.heard += said
                writer.write(said)
                await writer.drain()
        writer.close()


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    server = Echo()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def proxy(echo: Echo) -> AsyncIterator[Proxy]:
    between = Proxy(LOOPBACK, echo.port)
    await between.start()
    yield between
    await between.stop()


class Client:
    """One connection to the proxy."""

    def __init__(self, line: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        self._reader, self._writer = line

    @classmethod
    async def of(cls, proxy: Proxy) -> "Client":
        return cls(await asyncio.open_connection(LOOPBACK, proxy.port))

    def say(self, said: bytes) -> None:
        self._writer.write(said)

    async def hears(self, count: int) -> bytes:
        return await asyncio.wait_for(self._reader.readexactly(count), AT_ONCE)

    async def hears_nothing(self) -> bool:
        try:
            await asyncio.wait_for(self._reader.read(1), NEVER)
        except TimeoutError:
            return True
        return False

    async def was_closed(self) -> bool:
        try:
            return await asyncio.wait_for(self._reader.read(1), AT_ONCE) == b""
        except ConnectionError:
            return True


async def test_a_whole_line_carries_both_ways(proxy: Proxy) -> None:
    client = await Client.of(proxy)

    client.say(b"hello")

    assert await client.hears(5) == b"hello"


async def test_a_cut_line_closes_what_is_open_and_refuses_what_is_new(proxy: Proxy) -> None:
    client = await Client.of(proxy)
    client.say(b"a")
    await client.hears(1)

    await proxy.cut()

    assert await client.was_closed()
    assert proxy.connections == 0
    with pytest.raises(ConnectionRefusedError):
        await Client.of(proxy)


async def test_a_healed_cut_listens_where_it_listened_before(proxy: Proxy) -> None:
    before = proxy.port
    await proxy.cut()

    await proxy.heal()

    assert proxy.port == before
    client = await Client.of(proxy)
    client.say(b"again")
    assert await client.hears(5) == b"again"


async def test_a_half_open_line_swallows_both_ways_and_accepts_new_connections(proxy: Proxy, echo: Echo) -> None:
    old = await Client.of(proxy)
    old.say(b"a")
    await old.hears(1)

    proxy.half_open()
    new = await Client.of(proxy)
    old.say(b"lost")
    new.say(b"lost")

    assert await old.hears_nothing()
    assert await new.hears_nothing()
    assert echo.heard == b"a"


async def test_healing_closes_connections_that_lost_bytes_and_those_made_meanwhile(proxy: Proxy) -> None:
    lost = await Client.of(proxy)
    silent = await Client.of(proxy)
    for client in (lost, silent):
        client.say(b"a")
        await client.hears(1)
    proxy.half_open()
    new = await Client.of(proxy)
    lost.say(b"lost")
    assert await lost.hears_nothing()

    await proxy.heal()

    assert await lost.was_closed()
    assert await new.was_closed()
    silent.say(b"still here")
    assert await silent.hears(10) == b"still here"


async def test_dropped_answers_let_the_request_arrive(proxy: Proxy, echo: Echo) -> None:
    client = await Client.of(proxy)
    client.say(b"a")
    await client.hears(1)

    proxy.drop_answers()
    client.say(b"deed")

    await eventually(echo.what_was_heard, lambda heard: heard == b"adeed")
    assert await client.hears_nothing()


async def test_a_connection_whose_answer_was_dropped_is_closed_by_healing(proxy: Proxy, echo: Echo) -> None:
    proxy.drop_answers()
    client = await Client.of(proxy)
    client.say(b"deed")
    await eventually(echo.what_was_heard, lambda heard: heard == b"deed")
    assert await client.hears_nothing()

    await proxy.heal()

    assert await client.was_closed()


async def test_a_slow_line_holds_back_every_chunk_each_way(proxy: Proxy) -> None:
    client = await Client.of(proxy)
    client.say(b"a")
    await client.hears(1)
    loop = asyncio.get_running_loop()

    proxy.slow(0.1)
    began = loop.time()
    client.say(b"b")
    await client.hears(1)

    assert loop.time() - began >= 0.2


async def test_healing_lets_go_of_what_a_slow_line_holds(proxy: Proxy) -> None:
    client = await Client.of(proxy)
    proxy.slow(600)
    client.say(b"b")
    assert await client.hears_nothing()

    await proxy.heal()

    assert await client.hears(1) == b"b"


async def test_a_server_that_closes_closes_its_client(proxy: Proxy, echo: Echo) -> None:
    gone = Proxy(*proxy.target)
    await echo.stop()
    await gone.start()

    client = await Client.of(gone)

    assert await client.was_closed()
    await gone.stop()
