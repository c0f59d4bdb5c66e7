"""A TCP proxy whose line can be cut, slowed or left dangling: what a network does between a service and its servers."""

import asyncio
import enum
from contextlib import suppress

LOOPBACK = "127.0.0.1"
CHUNK_BYTES = 64 * 1024


class Line(enum.Enum):
    """What the line does with what is said on it."""

    WHOLE = "whole"
    CUT = "cut"
    HALF_OPEN = "half-open"
    ANSWERS_DROPPED = "answers dropped"


class Proxy:
    """Stands between the clients of one server and that server; whole until told otherwise.

    It listens on the loopback interface, on `port` after `start()`. Not thread-safe: everything is called in the loop
    that started it. A stream that lost bytes is never made whole again: `heal` closes such connections.
    """

    def __init__(self, target_host: str, target_port: int) -> None:
        self.target = (target_host, target_port)
        self.port = 0
        self._line = Line.WHOLE
        self._delay = 0.0
        self._at_full_speed = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()

    @property
    def address(self) -> str:
        """Where clients reach the server through this proxy: host:port."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def connections(self) -> int:
        """How many clients hold a connection now."""
        return len(self._connections)

    async def start(self) -> None:
        """Listen; after a `cut` on the same port as before."""
        self._server = await asyncio.start_server(self._accept, LOOPBACK, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close everything. A stopped proxy may be started again."""
        await self._stop_listening()
        await self._close(self._connections)

    async def cut(self) -> None:
        """Close all connections and refuse new ones."""
        self._line = Line.CUT
        await self.stop()

    def half_open(self) -> None:
        """Keep connections, accept new ones, let no byte through in either direction: a dead link nobody closed."""
        self._line = Line.HALF_OPEN

    def drop_answers(self) -> None:
        """Let requests through and swallow what is answered: the deed is done and its doer is never told."""
        self._line = Line.ANSWERS_DROPPED

    def slow(self, seconds: float) -> None:
        """Hold back every chunk (at most 64 KiB) for so long, in each direction."""
        self._delay = seconds
        self._at_full_speed.clear()

    async def heal(self) -> None:
        """Whole again, at full speed, listening. Connections that lost bytes, or were made meanwhile, are closed."""
        self._line = Line.WHOLE
        self._delay = 0.0
        self._at_full_speed.set()
        await self._close({connection for connection in self._connections if connection.broken})
        if self._server is None:
            await self.start()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(self, reader, writer)
        self._connections.add(connection)
        try:
            await connection.carry()
        finally:
            self._connections.discard(connection)

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _close(self, connections: "set[_Connection]") -> None:
        ending = list(connections)
        for connection in ending:
            connection.close()
        for connection in ending:
            await connection.ended.wait()

    def let_through(self, answer: bool) -> bool:
        """Whether what is said now arrives."""
        return self._line is Line.WHOLE or (self._line is Line.ANSWERS_DROPPED and not answer)

    async def hold_back(self) -> None:
        """Wait as long as a slow line does; no longer than until it is healed."""
        if self._delay:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._at_full_speed.wait(), self._delay)

    @property
    def line(self) -> Line:
        return self._line


class _Connection:
    """One client's connection, and the one behind it once the line let it through."""

    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._client = (reader, writer)
        self._writers = [writer]
        self._carrying = asyncio.current_task()
        self.broken = False
        self.ended = asyncio.Event()

    async def carry(self) -> None:
        try:
            with suppress(OSError):
                await self._carry()
        except asyncio.CancelledError:
            # close() ends a connection so; whoever cancels the proxy's loop wants the same.
            pass
        finally:
            for writer in self._writers:
                writer.transport.abort()
            self.ended.set()

    async def _carry(self) -> None:
        reader, writer = self._client
        if self._proxy.line is Line.CUT:
            return
        if self._proxy.line is Line.HALF_OPEN:
            self.broken = True
            await _swallow(reader)
            return
        target_reader, target_writer = await asyncio.open_connection(*self._proxy.target)
        self._writers.append(target_writer)
        pumps = [
            asyncio.create_task(self._pump(reader, target_writer, answer=False)),
            asyncio.create_task(self._pump(target_reader, writer, answer=True)),
        ]
        try:
            # Both directions end with the first: a half-closed connection is nothing Kafka or MongoDB speak.
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: bool) -> None:
        while chunk := await reader.read(CHUNK_BYTES):
            await self._proxy.hold_back()
            if (self.broken and answer) or not self._proxy.let_through(answer):
                self.broken = True
                continue
            writer.write(chunk)
            await writer.drain()

    def close(self) -> None:
        if self._carrying is not None:
            self._carrying.cancel()


async def _swallow(reader: asyncio.StreamReader) -> None:
    while await reader.read(CHUNK_BYTES):
        pass
