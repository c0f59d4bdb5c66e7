"""Chooses what a run stands on: the environment's servers, containers, else the embedded stack."""

from typing import Protocol

from tests.backends.addresses import Addresses, addresses_of_environment
from tests.backends.containers import ContainerBackend, docker_is_usable
from tests.backends.embedded import EmbeddedBackend


class Backend(Protocol):
    """Servers for one run of tests. `start` is called once, in the main process."""

    @property
    def description(self) -> str: ...

    def start(self) -> Addresses: ...

    def stop(self) -> None: ...


class EnvironmentBackend:
    """Servers that somebody else runs; nothing is started or stopped."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses

    @property
    def description(self) -> str:
        shown = self._addresses.mongodb.rpartition("@")[2]  # a password does not belong in a report
        return f"addresses from the environment (Kafka {self._addresses.kafka}, MongoDB {shown})"

    def start(self) -> Addresses:
        return self._addresses

    def stop(self) -> None:
        return None


def choose_backend() -> Backend:
    """In the order of the house: environment, Docker, embedded."""
    named = addresses_of_environment()
    if named is not None:
        return EnvironmentBackend(named)
    if docker_is_usable():
        return ContainerBackend()
    return EmbeddedBackend()
