"""Lines to the run's own servers that a test can disturb, whatever address those servers were given by."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.faults.rig.proxy import Proxy
from tests.faults.rig.redirect import Address, address_of, redirected

MONGODB_PORT = 27017


@asynccontextmanager
async def line_to(address: Address) -> AsyncIterator[Proxy]:
    """A proxy before this server; whole again and gone at the end."""
    line = Proxy(*address)
    await line.start()
    try:
        yield line
    finally:
        await line.stop()


def address_of_database(uri: str) -> Address:
    """Of its first server."""
    host, _, port = urlsplit(uri).netloc.rpartition("@")[2].split(",")[0].partition(":")
    return host, int(port or MONGODB_PORT)


def uri_through(line: Proxy, uri: str) -> str:
    """The same database, reached through the line alone: a replica set would tell its own address."""
    parts = urlsplit(uri)
    user, at, _ = parts.netloc.rpartition("@")
    options = {name: value for name, value in parse_qsl(parts.query) if name != "replicaSet"}
    options["directConnection"] = "true"
    return parts._replace(netloc=f"{user}{at}{line.address}", query=urlencode(options)).geturl()


def ways_through(line: Proxy, bootstrap_servers: str) -> Mapping[Address, Address]:
    """For `redirected`: the broker's address, as it advertises it, leads through the line."""
    return {address_of(bootstrap_servers): address_of(line.address)}


@contextmanager
def kafka_through(line: Proxy, bootstrap_servers: str) -> Iterator[None]:
    """Services started within the block reach Kafka through the line."""
    with redirected(ways_through(line, bootstrap_servers)):
        yield
