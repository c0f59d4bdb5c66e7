"""A port in use is replaced, and said so."""

import socket
from collections.abc import Iterator

import pytest

from deploy.embedded import system
from deploy.embedded.ports import LOOPBACK, NoFreePort, any_free_port, choose_port, port_is_free


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_free_port_is_kept() -> None:
    port = any_free_port()
    assert choose_port(port) == port


def test_a_port_in_use_is_replaced_by_one_above_it(taken_port: int) -> None:
    chosen = choose_port(taken_port)
    assert chosen > taken_port
    assert port_is_free(chosen)


def test_a_port_promised_to_another_part_is_not_given_twice() -> None:
    port = any_free_port()
    assert choose_port(port, taken={port}) != port


def test_no_free_port_is_an_error_that_says_where_it_looked() -> None:
    with pytest.raises(NoFreePort, match="between 40000 and 40199"):
        choose_port(40000, taken=range(40000, 40200))


def test_the_replacement_is_said_and_takes_nobody_elses_port(taken_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "PREFERRED_PORTS", {"home": taken_port, "intake": taken_port + 1})
    said: list[str] = []
    chosen = system.choose_ports(said.append)
    assert chosen["home"] not in (taken_port, taken_port + 1)
    assert f"port {taken_port} is in use: home is at {chosen['home']} this time" in said
