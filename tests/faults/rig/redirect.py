"""Sends connections another way than the address says: a broker advertises its own address, not our proxy's.

asyncio's own loops only, which is what aiokafka and Faust connect with.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Address = tuple[str, int]

_connect = asyncio.BaseEventLoop.create_connection
_of_process: dict[Address, Address] = {}
_of_context: ContextVar[Mapping[Address, Address] | None] = ContextVar("redirected", default=None)


async def _connect_another_way(
    loop: asyncio.BaseEventLoop, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any
) -> Any:
    asked = (host, port)
    host, port = (_of_context.get() or {}).get(asked) or _of_process.get(asked) or asked
    return await _connect(loop, protocol_factory, host, port, **options)


def _install() -> None:
    # Wrapped on the class: Faust connects from a loop of its own, in a thread of its own.
    asyncio.BaseEventLoop.create_connection = _connect_another_way  # type: ignore[method-assign,assignment]


def address_of(text: str) -> Address:
    """`host:port` as connections name it."""
    host, _, port = text.rpartition(":")
    return host, int(port)


def redirect_process(ways: Mapping[Address, Address]) -> None:
    """From now on every connection of this process to an address in `ways` goes to the address it is mapped to."""
    _of_process.update(ways)
    _install()


@contextmanager
def redirected(ways: Mapping[Address, Address]) -> Iterator[None]:
    """The same for what is started within the block, and all tasks it starts later; not for threads."""
    _install()
    token = _of_context.set(ways)
    try:
        yield
    finally:
        _of_context.reset(token)
